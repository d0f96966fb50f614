import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from saasdesk.definitions import to_toml
from saasdesk.schedule import OddSlot, Schedule, latest_slot, next_slot, odd_slots, slot_key
from saasdesk.sync.integration import IntegrationDocument, parse_document

DUBLIN = "Europe/Dublin"
ZONES = [
    None,
    "UTC",
    DUBLIN,
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
    "Antarctica/Troll",
]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def schedules() -> st.SearchStrategy[Schedule]:
    at = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
    zone = st.sampled_from(ZONES)
    days = st.lists(st.sampled_from(DAYS), max_size=3).map(tuple)
    by_interval = st.sampled_from(["15 minutes", "30 minutes", "90 minutes", "hour", "6 hours", "12 hours", "24 hours"])
    return st.one_of(
        st.builds(Schedule, every=by_interval | st.sampled_from(["day", "week"]), at=at, timezone=zone, days=days),
        st.builds(Schedule, every=st.just("month"), at=at, timezone=zone, day_of_month=st.integers(1, 31)),
    )


def moments() -> st.SearchStrategy[datetime]:
    anywhere = st.datetimes(
        min_value=utc("1995-01-01T00:00").replace(tzinfo=None), max_value=utc("2035-01-01T00:00").replace(tzinfo=None)
    )
    # Where clocks change: Dublin, São Paulo at midnight, Lord Howe by half an hour, Samoa by a day.
    changes = st.sampled_from(
        ["2026-03-29T01:00", "2026-10-25T01:00", "2018-11-04T03:00", "2018-02-18T02:00", "2026-04-04T15:00",
         "2026-10-03T15:30", "2011-12-30T10:00", "2026-03-29T00:00", "2026-10-25T00:00"]
    )  # fmt: skip
    near = st.builds(lambda text, minutes: utc(text) + timedelta(minutes=minutes), changes, st.integers(-1600, 1600))
    return anywhere.map(lambda moment: moment.replace(tzinfo=UTC)) | near


@pytest.fixture
def in_dublin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = DUBLIN
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


# ----- the ordinary year


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        (Schedule(every="day", at="02:30", timezone="UTC"), "2026-03-10T02:29:59", "2026-03-10T02:30"),
        (Schedule(every="day", at="02:30", timezone="UTC"), "2026-03-10T02:30", "2026-03-11T02:30"),
        (Schedule(every="day", at="02:30", timezone="America/New_York"), "2026-01-10T08:00", "2026-01-11T07:30"),
        (Schedule(every="day", at="00:10", timezone="Pacific/Kiritimati"), "2026-01-10T10:00", "2026-01-10T10:10"),
        (Schedule(timezone="UTC"), "2026-03-10T08:00", "2026-03-10T09:00"),
        (Schedule(every="week", timezone="UTC"), "2026-03-10T08:00", "2026-03-16T09:00"),
        (Schedule(every="week", days=("friday", "sunday"), timezone="UTC"), "2026-03-10T08:00", "2026-03-13T09:00"),
        (Schedule(every="week", days=("friday", "sunday"), timezone="UTC"), "2026-03-13T09:00", "2026-03-15T09:00"),
        (Schedule(every="day", days=("monday", "friday"), timezone="UTC"), "2026-03-13T10:00", "2026-03-16T09:00"),
        (Schedule(every="month", timezone="UTC"), "2026-03-10T08:00", "2026-04-01T09:00"),
        (Schedule(every="month", day_of_month=31, timezone="UTC"), "2026-01-31T09:00", "2026-02-28T09:00"),
        (Schedule(every="month", day_of_month=30, timezone="UTC"), "2028-02-01T00:00", "2028-02-29T09:00"),
        (Schedule(every="hour", timezone="UTC"), "2026-03-10T08:00", "2026-03-10T09:00"),
        (Schedule(every="15 minutes", timezone="UTC"), "2026-03-10T08:50", "2026-03-10T09:00"),
        (Schedule(every="6 hours", timezone="Asia/Kathmandu"), "2026-03-10T00:00", "2026-03-10T00:15"),
        (Schedule(every="hour", days=("monday",), timezone="UTC"), "2026-03-10T08:00", "2026-03-16T00:00"),
    ],
)
def test_that_the_next_slot_is_the_first_one_after_a_moment(schedule: Schedule, after: str, expected: str) -> None:
    assert next_slot(schedule, utc(after)) == utc(expected)


@pytest.mark.parametrize(
    ("schedule", "now", "expected"),
    [
        (Schedule(every="day", at="02:30", timezone="UTC"), "2026-03-10T02:30", "2026-03-10T02:30"),
        (Schedule(every="day", at="02:30", timezone="UTC"), "2026-03-10T02:29", "2026-03-09T02:30"),
        (Schedule(every="month", day_of_month=31, timezone="UTC"), "2026-03-30T00:00", "2026-02-28T09:00"),
        (Schedule(every="30 minutes", timezone="UTC"), "2026-03-10T00:10", "2026-03-10T00:00"),
    ],
)
def test_that_the_latest_slot_is_the_last_one_up_to_a_moment(schedule: Schedule, now: str, expected: str) -> None:
    assert latest_slot(schedule, utc(now)) == utc(expected)


# ----- when the clocks change


def slots_between(schedule: Schedule, begin: str, end: str) -> list[str]:
    found, moment = [], utc(begin) - timedelta(seconds=1)
    while (moment := next_slot(schedule, moment)) < utc(end):
        found.append(f"{moment:%m-%dT%H:%M}")
    return found


def test_p15_that_a_time_that_the_clocks_skip_runs_at_the_first_moment_after() -> None:
    schedule = Schedule(every="day", at="01:30", timezone=DUBLIN)

    assert slots_between(schedule, "2026-03-28T00:00", "2026-03-31T00:00") == [
        "03-28T01:30",
        "03-29T01:00",
        "03-30T00:30",
    ]


def test_p15_that_a_time_that_happens_twice_runs_the_first_time_only() -> None:
    schedule = Schedule(every="day", at="01:30", timezone=DUBLIN)

    assert slots_between(schedule, "2026-10-24T00:00", "2026-10-27T00:00") == [
        "10-24T00:30",
        "10-25T00:30",
        "10-26T01:30",
    ]


def test_p15_that_a_midnight_that_is_skipped_is_a_slot_of_its_own_day() -> None:
    schedule = Schedule(every="day", at="00:30", timezone="America/Sao_Paulo")

    slots = slots_between(schedule, "2018-11-03T00:00", "2018-11-06T00:00")

    assert slots == ["11-03T03:30", "11-04T03:00", "11-05T02:30"]


def test_p15_that_a_whole_day_that_is_skipped_takes_nothing_from_the_next() -> None:
    schedule = Schedule(every="day", at="09:00", timezone="Pacific/Apia")

    slots = slots_between(schedule, "2011-12-29T00:00", "2012-01-01T00:00")
    keys = [slot_key(schedule, utc(f"2011-{slot}")) for slot in slots]

    assert slots == ["12-29T19:00", "12-30T10:00", "12-30T19:00", "12-31T19:00"]
    assert keys == ["2011-12-29T09:00", "2011-12-30T09:00", "2011-12-31T09:00", "2012-01-01T09:00"]


@pytest.mark.parametrize(("day", "count"), [("2026-03-28", 4), ("2026-03-29", 4), ("2026-10-25", 5)])
def test_that_no_hour_of_a_day_is_without_its_slot_however_long_the_day(day: str, count: int) -> None:
    schedule = Schedule(every="6 hours", timezone=DUBLIN)
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(DUBLIN))
    end = (midnight + timedelta(days=1)).astimezone(UTC)

    slots, moment = [], midnight.astimezone(UTC) - timedelta(seconds=1)
    while (moment := next_slot(schedule, moment)) < end:
        slots.append(moment)

    assert len(slots) == count
    assert max(b - a for a, b in zip(slots, [*slots[1:], end], strict=True)) <= timedelta(hours=6)


def test_that_an_interval_that_does_not_divide_a_day_begins_anew_at_midnight() -> None:
    schedule = Schedule(every="7 hours", timezone="Europe/Dublin")
    slot, found = datetime(2026, 1, 14, 23, 59, tzinfo=UTC), []
    for _ in range(6):
        slot = next_slot(schedule, slot)
        found.append(f"{slot.astimezone(schedule.zone):%d %H:%M}")

    assert found == ["15 00:00", "15 07:00", "15 14:00", "15 21:00", "16 00:00", "16 07:00"]


def test_p15_that_both_hours_of_an_hour_that_happens_twice_have_slots_of_their_own() -> None:
    schedule = Schedule(every="hour", timezone=DUBLIN)
    slots = [utc("2026-10-25T00:00"), utc("2026-10-25T01:00")]

    assert next_slot(schedule, slots[0]) == slots[1]
    assert slot_key(schedule, slots[0]) != slot_key(schedule, slots[1])


@pytest.mark.usefixtures("in_dublin")
def test_p15_that_the_zone_of_this_computer_has_the_same_springs_and_autumns() -> None:
    here, named = Schedule(every="day", at="01:30"), Schedule(every="day", at="01:30", timezone=DUBLIN)
    by_hour = Schedule(every="hour")

    for begin, end in (("2026-03-27T00:00", "2026-04-01T00:00"), ("2026-10-23T00:00", "2026-10-28T00:00")):
        assert slots_between(here, begin, end) == slots_between(named, begin, end)
    assert slot_key(by_hour, utc("2026-10-25T00:00")) != slot_key(by_hour, utc("2026-10-25T01:00"))


# ----- always


@given(schedules(), moments())
@example(Schedule(every="day", at="00:00", timezone="Pacific/Apia"), utc("2011-12-30T09:59:59"))
@example(Schedule(every="month", at="23:59", day_of_month=30, timezone="Pacific/Apia"), utc("2011-12-30T10:00"))
def test_p15_that_now_lies_between_the_latest_slot_and_the_next(schedule: Schedule, now: datetime) -> None:
    latest, following = latest_slot(schedule, now), next_slot(schedule, now)

    assert latest is not None
    assert latest <= now < following
    assert latest_slot(schedule, following - timedelta(microseconds=1)) == latest
    assert next_slot(schedule, latest) == following
    assert latest_slot(schedule, following) == following


@given(schedules(), moments())
def test_p15_that_slots_have_keys_of_their_own_that_stay(schedule: Schedule, now: datetime) -> None:
    slots = [now]
    for _ in range(6):
        slots.append(next_slot(schedule, slots[-1]))
    keys = [slot_key(schedule, slot) for slot in slots[1:]]

    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)
    assert [slot_key(schedule, slot.astimezone(ZoneInfo("Asia/Tokyo"))) for slot in slots[1:]] == keys


@given(schedules(), moments(), st.lists(st.integers(1, 5_000), max_size=6))
def test_p15_that_whatever_was_missed_meanwhile_is_one_slot(
    schedule: Schedule, last_looked: datetime, minutes_off: list[int]
) -> None:
    taken: set[str] = set()
    now = last_looked
    for minutes in [0, *minutes_off]:
        now += timedelta(minutes=minutes)
        before = len(taken)
        slot = latest_slot(schedule, now)
        assert slot is not None
        taken.add(slot_key(schedule, slot))
        # Looking again at once, or a little later before the next slot, finds the same one.
        again = latest_slot(schedule, max(now, next_slot(schedule, now) - timedelta(seconds=1)))
        assert again == slot
        assert len(taken) <= before + 1


def test_p15_that_a_clock_that_is_set_back_finds_only_slots_that_were_taken() -> None:
    schedule = Schedule(every="15 minutes", timezone="UTC")
    taken = {slot_key(schedule, utc(f"2026-03-10T08:{minute}")) for minute in ("00", "15", "30")}

    slot = latest_slot(schedule, utc("2026-03-10T08:20"))

    assert slot is not None
    assert slot_key(schedule, slot) in taken


# ----- how it is written


@pytest.mark.parametrize(
    ("every", "kept", "minutes"),
    [
        ("day", "day", None),
        ("1 day", "day", None),
        (" Week ", "week", None),
        ("months", "month", None),
        ("hour", "hour", 60),
        ("1 hour", "hour", 60),
        ("6  Hours", "6 hours", 360),
        ("15 minutes", "15 minutes", 15),
        ("090 minute", "90 minutes", 90),
        ("24 hours", "24 hours", 1440),
        ("7 hours", "7 hours", 420),
        ("1440 minutes", "1440 minutes", 1440),
    ],
)
def test_that_an_interval_is_kept_in_one_way_of_writing_it(every: str, kept: str, minutes: int | None) -> None:
    schedule = Schedule(every=every)

    assert (schedule.every, schedule.minutes) == (kept, minutes)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"every": ""}, "write “15 minutes”, “hour”"),
        ({"every": "fortnight"}, "write “15 minutes”, “hour”"),
        ({"every": "-1 hour"}, "write “15 minutes”, “hour”"),
        ({"every": "0 hours"}, "the shortest interval is 15 minutes"),
        ({"every": "14 minutes"}, "the shortest interval is 15 minutes"),
        ({"every": "minute"}, "the shortest interval is 15 minutes"),
        ({"every": "2 days"}, "days, weeks and months come one at a time"),
        ({"every": "25 hours"}, "the longest interval is a day"),
        ({"every": "1441 minutes"}, "the longest interval is a day"),
        ({"every": "10000 minutes"}, "write “15 minutes”, “hour”"),
        ({"at": "24:00"}, "a time is written as HH:MM"),
        ({"at": "9:00"}, "a time is written as HH:MM"),
        ({"at": "09:00\n"}, "a time is written as HH:MM"),
        ({"at": "0٩:00"}, "a time is written as HH:MM"),
        ({"timezone": ""}, "“” is not a time zone"),
        ({"timezone": "Europe"}, "“Europe” is not a time zone"),
        ({"timezone": "../../etc/passwd"}, "is not a time zone"),
        ({"timezone": "/etc/passwd"}, "is not a time zone"),
        ({"timezone": "Europe/Dublin\0"}, "is not a time zone"),
        ({"timezone": "x" * 5000}, "is not a time zone"),
        ({"days": ["Montag"]}, "“Montag” is not a day of the week in English, such as monday"),
        ({"every": "month", "days": ["monday"]}, "a month goes by its day_of_month"),
        ({"day_of_month": 0}, "greater than or equal to 1"),
        ({"day_of_month": 32}, "less than or equal to 31"),
        ({"colour": "blue"}, "Extra inputs are not permitted"),
    ],
)
def test_that_a_schedule_that_makes_no_sense_is_refused(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Schedule.model_validate(values)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(), "Daily at 09:00"),
        (Schedule(at="02:30", timezone=DUBLIN), "Daily at 02:30 (Europe/Dublin)"),
        (Schedule(days=("friday", "Monday")), "Every Monday and Friday at 09:00"),
        (Schedule(every="week"), "Every Monday at 09:00"),
        (Schedule(every="week", days=("sunday", "friday", "monday")), "Every Monday, Friday and Sunday at 09:00"),
        (Schedule(every="month", day_of_month=31), "Monthly on day 31 at 09:00"),
        (Schedule(every="hour"), "Every hour"),
        (Schedule(every="15 minutes"), "Every 15 minutes"),
        (Schedule(every="6 hours", days=("saturday",), timezone="UTC"), "Every 6 hours on Saturday (UTC)"),
    ],
)
def test_that_a_schedule_is_said_in_words(schedule: Schedule, words: str) -> None:
    assert schedule.in_words() == words


@given(schedules())
def test_that_what_a_file_says_of_a_schedule_is_read_back_the_same(schedule: Schedule) -> None:
    document = IntegrationDocument(name="PagerDuty", connector="pagerduty", schedule=schedule)

    assert parse_document(to_toml(document)).schedule == schedule


def test_that_a_file_without_a_schedule_runs_daily_from_nine() -> None:
    document = parse_document('name = "PagerDuty"\nconnector = "pagerduty"\n')

    assert document.schedule == Schedule(every="day", at="09:00", timezone=None)


def test_that_nothing_begins_in_the_quiet_time() -> None:
    schedule = Schedule(every="hour", timezone="UTC", not_between=("08:00", "18:00"))

    assert next_slot(schedule, utc("2026-11-21T06:30")) == utc("2026-11-21T07:00")
    assert next_slot(schedule, utc("2026-11-21T07:00")) == utc("2026-11-21T18:00")
    assert latest_slot(schedule, utc("2026-11-21T17:59")) == utc("2026-11-21T07:00")


def test_that_a_quiet_time_may_go_past_midnight() -> None:
    schedule = Schedule(every="6 hours", timezone="UTC", not_between=("22:00", "06:00"))
    slots = [next_slot(schedule, utc("2026-11-21T05:00"))]
    while len(slots) < 4:
        slots.append(next_slot(schedule, slots[-1]))

    assert [f"{slot:%d %H}" for slot in slots] == ["21 06", "21 12", "21 18", "22 06"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"not_between": ["25:00", "01:00"]}, "HH:MM"),
        ({"not_between": ["08:00", "08:00"]}, "ends where it begins"),
        ({"at": "09:00", "not_between": ["08:00", "18:00"]}, "would never run"),
        ({"every": "12 hours", "not_between": ["11:00", "01:00"]}, "would never run"),
    ],
)
def test_that_a_quiet_time_that_makes_no_sense_is_refused(values: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Schedule.model_validate(values)


def test_that_the_days_on_which_the_clocks_change_just_then_are_foreseen() -> None:
    after = utc("2027-01-01T00:00")

    assert odd_slots(Schedule(at="01:30", timezone=DUBLIN), after) == [
        OddSlot(date(2027, 3, 28), utc("2027-03-28T01:00"), is_skipped=True),
        OddSlot(date(2027, 10, 31), utc("2027-10-31T00:30"), is_skipped=False),
    ]
    assert odd_slots(Schedule(at="04:30", timezone=DUBLIN), after) == []
    assert odd_slots(Schedule(at="01:30", timezone=DUBLIN, every="week", days=("friday",)), after) == []
    assert odd_slots(Schedule(every="hour", timezone=DUBLIN), after) == []
