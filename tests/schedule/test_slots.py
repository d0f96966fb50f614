"""Slots: wall times in the admin's zone, through spring and autumn."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from saasdesk.schedule import Schedule, latest_slot, next_slot, slot_key

ZONES = ("Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
EVERY = ("15 minutes", "hour", "6 hours", "day", "week", "month")
schedules = st.builds(
    lambda every, hour, zone: Schedule(every=every, at=f"{hour:02}:30", timezone=zone),
    st.sampled_from(EVERY),
    st.integers(0, 23),
    st.sampled_from(ZONES),
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda m: m.replace(tzinfo=UTC))  # noqa: DTZ001


@given(schedules, moments)
def test_p15_that_the_next_slot_lies_ahead_and_the_latest_behind(schedule: Schedule, moment: datetime) -> None:
    following, before = next_slot(schedule, moment), latest_slot(schedule, moment)

    assert following > moment
    assert before is not None
    assert before <= moment
    assert next_slot(schedule, before) == following


@given(schedules, moments)
def test_p15_that_neighbouring_slots_have_keys_of_their_own(schedule: Schedule, moment: datetime) -> None:
    first = next_slot(schedule, moment)
    second = next_slot(schedule, first)

    assert slot_key(schedule, first) != slot_key(schedule, second)
    assert slot_key(schedule, first) == slot_key(schedule, first.astimezone(ZoneInfo("Asia/Tokyo")))


def test_p15_that_a_time_the_clocks_skip_runs_at_the_first_moment_after() -> None:
    schedule = Schedule(at="01:30", timezone="Europe/Dublin")

    slot = next_slot(schedule, datetime(2026, 3, 28, 12, tzinfo=UTC))

    assert slot.astimezone(ZoneInfo("Europe/Dublin")).isoformat() == "2026-03-29T02:00:00+01:00"


def test_p15_that_a_time_that_comes_twice_runs_the_first_time_only() -> None:
    schedule = Schedule(at="01:30", timezone="Europe/Dublin")

    slot = next_slot(schedule, datetime(2026, 10, 24, 12, tzinfo=UTC))

    assert slot == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_slot(schedule, slot) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_p15_that_a_short_day_loses_no_slot() -> None:
    schedule = Schedule(every="6 hours", timezone="Europe/Dublin")
    moment = datetime(2026, 3, 28, 12, tzinfo=UTC)

    gaps = []
    for _ in range(8):
        following = next_slot(schedule, moment)
        gaps.append(following - moment)
        moment = following

    assert max(gaps[1:]) <= timedelta(hours=6)


@pytest.mark.parametrize(
    "values",
    [
        {"every": "5 minutes"},
        {"every": "7 hours"},
        {"every": "2 days"},
        {"every": "often"},
        {"at": "24:00"},
        {"timezone": "Mars/Olympus"},
        {"days": ("Freitag",)},
    ],
)
def test_that_an_odd_schedule_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Schedule.model_validate(values)


def test_that_a_week_and_a_month_know_their_days() -> None:
    week = Schedule(every="week", at="06:00", days=("monday", "thursday"), timezone="UTC")
    month = Schedule(every="month", at="06:00", day_of_month=31, timezone="UTC")

    assert next_slot(week, datetime(2026, 3, 17, tzinfo=UTC)) == datetime(2026, 3, 19, 6, tzinfo=UTC)
    assert next_slot(month, datetime(2026, 2, 2, tzinfo=UTC)) == datetime(2026, 2, 28, 6, tzinfo=UTC)
