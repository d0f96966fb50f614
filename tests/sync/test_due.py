"""A computer that looks every few minutes what is due, through clock changes, sleep and clocks that are set."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Vault
from saasdesk.notices import NoticeKind, list_notices
from saasdesk.profile import open_profile
from saasdesk.schedule import Schedule
from saasdesk.schedule.rows import take_slot
from saasdesk.store import Store
from saasdesk.sync import integrations, rows, sessions
from saasdesk.sync.due import due_integrations, take_due
from saasdesk.sync.events import BY_SCHEDULE
from saasdesk.sync.integration import IntegrationDocument, with_default_mapping
from saasdesk.sync.watchdog import watch

PAGERDUTY = CONNECTORS["pagerduty"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Computer:
    """Has one launched integration, and looks at the moments that its clock is made to show."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(open_profile(folder, demo=True))
        vault = Vault(self.store)
        vault.set("pd key", PAGERDUTY, "u+abcdefghijklmnop")
        document = IntegrationDocument(name="PagerDuty users", connector="pagerduty", credential="pd key")
        self._saved = integrations.save_integration(self.store, with_default_mapping(document, PAGERDUTY))
        integrations.launch(self.store, self._saved, vault.known())

    def keeps(self, schedule: Schedule, since: datetime) -> None:
        """Give the integration this schedule; nothing before `since` counts."""
        document = self._saved.document.model_copy(update={"schedule": schedule})
        integrations.save_integration(self.store, document)
        at = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.store.write(lambda db: db.execute_sql("UPDATE integration SET launched_at = ?1, updated_at = ?1", (at,)))
        self.store.write(lambda db: db.execute_sql("DELETE FROM slot"))

    def looks_at(self, moments: Iterable[datetime]) -> list[datetime]:
        """The moments of these at which a run began."""
        return [moment for moment in moments if self._begins_at(moment)]

    def dies_in_a_run(self, began: datetime, started_by: str = BY_SCHEDULE) -> None:
        """The program ends in the middle of a run, and is started again."""
        (integration,) = integrations.list_integrations(self.store)
        at = began.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.store.write(lambda db: rows.begin_session(db, integration, "run", started_by, at))
        sessions.recover(self.store)

    def _begins_at(self, moment: datetime) -> bool:
        due = due_integrations(self.store, moment)
        return any(take_due(self.store, integration, moment) for integration in due)


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    made = Computer(tmp_path / "profile")
    yield made
    made.store.close()


def every(step: timedelta, begin: datetime, end: datetime) -> Iterator[datetime]:
    moment = begin
    while moment < end:
        yield moment
        moment += step


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(moments: Iterable[datetime], zone: str) -> list[str]:
    return [f"{moment.astimezone(ZoneInfo(zone)):%d %H:%M}" for moment in moments]


# ----- both ways of changing the clocks


@pytest.mark.parametrize(
    ("zone", "at", "begin", "expected"),
    [
        # 02:30 does not happen: it runs when the clocks have jumped.
        ("Europe/Berlin", "02:30", "2026-03-28", ["28 02:30", "29 03:00", "30 02:30"]),
        ("America/New_York", "02:30", "2026-03-07", ["07 02:30", "08 03:00", "09 02:30"]),
        ("Australia/Lord_Howe", "02:15", "2026-10-03", ["03 02:15", "04 02:30", "05 02:15"]),
        ("Africa/Cairo", "00:30", "2026-04-23", ["23 00:30", "24 01:00", "25 00:30"]),
        # 02:30 (01:30) happens twice: it runs the first time.
        ("Europe/Berlin", "02:30", "2026-10-24", ["24 02:30", "25 02:30", "26 02:30"]),
        ("America/New_York", "01:30", "2026-10-31", ["31 01:30", "01 01:30", "02 01:30"]),
        ("Australia/Lord_Howe", "01:45", "2026-04-04", ["04 01:45", "05 01:45", "06 01:45"]),
        # Nothing happens here.
        ("Asia/Kathmandu", "02:30", "2026-03-28", ["28 02:30", "29 02:30", "30 02:30"]),
    ],
)
def test_p15_that_a_daily_run_happens_once_a_day_whatever_the_clocks_do(
    computer: Computer, zone: str, at: str, begin: str, expected: list[str]
) -> None:
    start = datetime.fromisoformat(begin).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    computer.keeps(Schedule(every="day", at=at, timezone=zone), start)

    began = computer.looks_at(every(15 * MINUTE, start, start + 3 * DAY - HOUR))

    assert wall(began, zone) == expected


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_p15_that_an_hourly_run_misses_no_hour_and_repeats_none(computer: Computer, day: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin = datetime.fromisoformat(day).replace(tzinfo=zone)
    end = (begin + DAY).astimezone(UTC)
    begin = begin.astimezone(UTC)
    computer.keeps(Schedule(every="hour", timezone="Europe/Berlin"), begin)

    began = computer.looks_at(every(15 * MINUTE, begin, end))

    assert began == [begin + number * HOUR for number in range(hours)]


# ----- sleep, and days off


def test_p15_that_a_night_slept_through_is_caught_up_once_in_the_morning(computer: Computer) -> None:
    computer.keeps(Schedule(every="hour", timezone="UTC"), utc("2026-03-02T18:30"))

    evening = computer.looks_at(every(5 * MINUTE, utc("2026-03-02T18:30"), utc("2026-03-02T20:10")))
    morning = computer.looks_at(every(5 * MINUTE, utc("2026-03-03T07:12"), utc("2026-03-03T08:30")))

    assert evening == [utc("2026-03-02T19:00"), utc("2026-03-02T20:00")]
    assert morning == [utc("2026-03-03T07:12"), utc("2026-03-03T08:02")]


def test_p15_that_a_missed_day_is_caught_up_once_and_told(computer: Computer) -> None:
    computer.keeps(Schedule(every="day", at="02:30", timezone="UTC"), utc("2026-03-02T00:00"))
    assert computer.looks_at([utc("2026-03-02T02:31")]) == [utc("2026-03-02T02:31")]

    # The third and the fourth are slept through.
    thursday = utc("2026-03-05T08:00")
    watch(computer.store, thursday)
    began = computer.looks_at(every(5 * MINUTE, thursday, thursday + 18 * HOUR))

    assert began == [thursday]
    (notice,) = list_notices(computer.store)
    assert notice.kind is NoticeKind.SLOT_MISSED
    assert "2026-03-03 at 02:30" in notice.body


def test_p15_that_a_computer_that_is_on_for_an_hour_a_day_runs_once_a_day(computer: Computer) -> None:
    computer.keeps(Schedule(timezone="UTC"), utc("2026-03-01T12:00"))
    days = (
        every(5 * MINUTE, morning, morning + HOUR) for morning in every(DAY, utc("2026-03-02T14:00"), utc("2026-03-06"))
    )

    began = [moment for day in days for moment in computer.looks_at(day)]

    assert began == list(every(DAY, utc("2026-03-02T14:00"), utc("2026-03-06")))


# ----- a clock that is set


def test_p15_that_what_ran_does_not_run_again_when_the_clock_is_set_back(computer: Computer) -> None:
    computer.keeps(Schedule(every="hour", timezone="UTC"), utc("2026-03-02T07:59"))
    before = computer.looks_at(every(5 * MINUTE, utc("2026-03-02T08:00"), utc("2026-03-02T11:00")))

    again = computer.looks_at(every(5 * MINUTE, utc("2026-03-02T08:00"), utc("2026-03-02T11:30")))

    assert len(before) == 3
    assert again == [utc("2026-03-02T11:00")]


def test_p15_that_a_clock_that_was_wrong_by_a_year_for_a_moment_costs_one_run(computer: Computer) -> None:
    computer.keeps(Schedule(every="day", at="02:30", timezone="UTC"), utc("2026-03-02T00:00"))
    ahead = computer.looks_at([utc("2027-03-02T08:00")])

    back = computer.looks_at(every(HOUR, utc("2026-03-02T08:00"), utc("2026-03-04T08:00")))

    assert ahead == [utc("2027-03-02T08:00")]
    assert back == [utc("2026-03-02T08:00"), utc("2026-03-03T03:00"), utc("2026-03-04T03:00")]


def test_that_a_clock_that_was_set_back_by_more_than_a_day_is_told_until_it_is_right(computer: Computer) -> None:
    at = "2026-03-05T08:00:00Z"
    store = computer.store
    store.write(lambda db: take_slot(db, "integration", 1, "2026-03-05T08:00Z", at))
    watch(store, utc("2026-03-04T08:01"))
    assert list_notices(store) == []

    watch(store, utc("2026-03-02T08:00"))
    watch(store, utc("2026-03-02T08:01"))
    (notice,) = list_notices(store)
    assert (notice.kind, notice.count, notice.is_unread) == (NoticeKind.CLOCK, 1, True)

    watch(store, utc("2026-03-05T08:01"))
    assert list_notices(store)[0].solved_at is not None


def test_p15_that_a_zone_that_is_changed_starts_no_second_run_of_the_same_wall_time(computer: Computer) -> None:
    computer.keeps(Schedule(every="day", at="02:30", timezone="Asia/Tokyo"), utc("2026-03-01T00:00"))
    assert computer.looks_at([utc("2026-03-01T17:31")]) == [utc("2026-03-01T17:31")]

    found = integrations.find_integration(computer.store, "PagerDuty users")
    moved = found.document.model_copy(update={"schedule": Schedule(every="day", at="02:30", timezone="Europe/Berlin")})
    integrations.save_integration(computer.store, moved)

    # 02:30 of the second has run in Tokyo.
    assert computer.looks_at([utc("2026-03-02T01:31")]) == []
    assert computer.looks_at([utc("2026-03-03T01:31")]) == [utc("2026-03-03T01:31")]


def test_p15_that_a_scheduled_run_that_was_cut_off_is_run_once_more_and_never_a_third_time(computer: Computer) -> None:
    computer.keeps(Schedule(every="day", at="02:30", timezone="UTC"), since=utc("2026-01-14T12:00"))
    begin = utc("2026-01-15T02:30")
    assert computer.looks_at([begin]) == [begin]
    assert computer.looks_at([begin + HOUR]) == []

    computer.dies_in_a_run(begin)

    (notice,) = list_notices(computer.store)
    assert notice.body.endswith("It is run once more by itself.")
    again = begin + 2 * HOUR
    assert computer.looks_at(every(HOUR, begin + HOUR, begin + 6 * HOUR))[:1] == [begin + HOUR]
    assert computer.looks_at([again]) == []

    computer.dies_in_a_run(begin + HOUR)

    assert computer.looks_at(every(HOUR, again, begin + 12 * HOUR)) == []
    assert list_notices(computer.store)[0].body.endswith("Run it again.")
    # The next slot is another one.
    assert computer.looks_at([begin + DAY]) == [begin + DAY]


def test_p15_that_a_run_that_somebody_began_gives_no_slot_back_when_it_is_cut_off(computer: Computer) -> None:
    computer.keeps(Schedule(every="day", at="02:30", timezone="UTC"), since=utc("2026-01-14T12:00"))
    begin = utc("2026-01-15T02:30")
    assert computer.looks_at([begin]) == [begin]

    computer.dies_in_a_run(begin + HOUR, started_by="by hand")

    assert computer.looks_at([begin + 2 * HOUR]) == []


def test_p15_that_a_newer_slot_stands_in_for_the_one_that_was_cut_off(computer: Computer) -> None:
    computer.keeps(Schedule(every="hour", timezone="UTC"), since=utc("2026-01-15T00:30"))
    begin = utc("2026-01-15T01:00")
    assert computer.looks_at([begin]) == [begin]
    computer.dies_in_a_run(begin)

    assert computer.looks_at(every(15 * MINUTE, begin + HOUR, begin + 2 * HOUR)) == [begin + HOUR]
