"""When something is due: wall times in the admin's zone, through spring and autumn. Says when, starts nothing."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator, model_validator

_EVERY = re.compile(r"(?:(\d{1,4}) )?(minute|hour|day|week|month)s?")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_SHORTEST_MINUTES = 15
# By unit, in minutes; an interval is at most a day.
_UNITS = {"minute": 1, "hour": 60}
_DAY_MINUTES = 24 * 60
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Far enough to meet the 31st of a month, or a Monday once a week.
_MOST_DAYS_AHEAD = 70
_DAYS_OF_A_YEAR = 366
# A few islands once skipped a whole day to be on the other side of the date line.
_LONGEST_GAP_MINUTES = 24 * 60 + 1


class Schedule(BaseModel):
    """How often, and at what wall time: `every = "day"`, `at = "02:30"`, `timezone = "Europe/Dublin"`.

    Without `at`, slots of a day begin at 09:00: whoever is on then runs at the first opportunity. Minutes and hours, as
    many as one likes, are counted from midnight instead, every day anew. `days` keeps to some days of the week; a week
    without any means Monday.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    every: str = "day"
    at: str = "09:00"
    timezone: str | None = None
    days: tuple[str, ...] = ()
    day_of_month: StrictInt = Field(default=1, ge=1, le=31)
    # No slot begins from the first time on until the second; past midnight if the second is the earlier one.
    not_between: tuple[str, str] | None = None

    @field_validator("every")
    @classmethod
    def _known_interval(cls, text: str) -> str:
        interval = " ".join(text.lower().split())
        found = _EVERY.fullmatch(interval)
        if found is None:
            raise ValueError("write “15 minutes”, “hour”, “6 hours”, “day”, “week” or “month”")
        count, unit = int(found[1] or 1), found[2]
        if count < 1 or (unit == "minute" and count < _SHORTEST_MINUTES):
            raise ValueError("the shortest interval is 15 minutes")
        if unit not in _UNITS and count != 1:
            raise ValueError(f"“{text}”: days, weeks and months come one at a time")
        if count * _UNITS.get(unit, 0) > _DAY_MINUTES:
            raise ValueError(
                "the longest interval is a day, which is 24 hours or 1440 minutes; then come weeks and months"
            )
        # One way to write it, by which everything else goes.
        return unit if count == 1 else f"{count} {unit}s"

    @field_validator("at")
    @classmethod
    def _wall_time(cls, text: str) -> str:
        if not _TIME.fullmatch(text):
            raise ValueError("a time is written as HH:MM, from 00:00 to 23:59")
        return text

    @field_validator("not_between")
    @classmethod
    def _quiet_times(cls, times: tuple[str, str] | None) -> tuple[str, str] | None:
        if times is not None:
            if not all(_TIME.fullmatch(time) for time in times):
                raise ValueError("two times are written as HH:MM, from 00:00 to 23:59")
            if times[0] == times[1]:
                raise ValueError("the quiet time ends where it begins")
        return times

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(f"“{name}” is not a time zone such as Europe/Dublin") from None
        return name

    @field_validator("days")
    @classmethod
    def _known_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for day in days:
            if day.strip().lower() not in _DAYS:
                raise ValueError(f"“{day}” is not a day of the week in English, such as monday")
        named = {day.strip().lower() for day in days}
        return tuple(day for day in _DAYS if day in named)

    @model_validator(mode="after")
    def _days_or_day_of_month(self) -> Self:
        if self.days and self.every == "month":
            raise ValueError("a month goes by its day_of_month, not by days of the week")
        if self.minutes is None and self.is_quiet(self.at):
            raise ValueError("the time lies in the quiet time (not_between), so it would never run")
        starts = range(0, 24 * 60, self.minutes or 24 * 60)
        if self.minutes is not None and all(self.is_quiet(f"{start // 60:02}:{start % 60:02}") for start in starts):
            raise ValueError("every start lies in the quiet time (not_between), so it would never run")
        return self

    @property
    def minutes(self) -> int | None:
        """The interval in minutes, or None when it goes by days."""
        found = _EVERY.fullmatch(self.every)
        if found is None or found[2] not in {"minute", "hour"}:
            return None
        return int(found[1] or 1) * (60 if found[2] == "hour" else 1)

    @property
    def zone(self) -> tzinfo | None:
        """The zone of its wall times; None means that of this computer."""
        return None if self.timezone is None else ZoneInfo(self.timezone)

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week on which it is due at all, Monday being 0."""
        named = self.days or (("monday",) if self.every == "week" else _DAYS)
        return frozenset(_DAYS.index(day) for day in named)

    def is_quiet(self, wall_time: str) -> bool:
        """Whether nothing begins at this wall time, written as HH:MM."""
        if self.not_between is None:
            return False
        begin, end = self.not_between
        return begin <= wall_time < end if begin < end else wall_time >= begin or wall_time < end

    def in_words(self) -> str:
        """The schedule as a tile shows it: 'Daily at 02:30'."""
        zone = f" ({self.timezone})" if self.timezone else ""
        if self.not_between is not None and self.minutes is not None:
            zone = f", not from {self.not_between[0]} to {self.not_between[1]}{zone}"
        days = _listed(day.capitalize() for day in self.days)
        if self.minutes is not None:
            return f"Every {self.every}" + (f" on {days}" if days else "") + zone
        if self.every == "month":
            return f"Monthly on day {self.day_of_month} at {self.at}{zone}"
        if self.every == "week" or days:
            return f"Every {days or 'Monday'} at {self.at}{zone}"
        return f"Daily at {self.at}{zone}"


def _listed(names: Iterable[str]) -> str:
    *first, last = [*names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True, slots=True)
class OddSlot:
    """A day on which the clocks change just then: its wall time is skipped, or comes twice."""

    day: date
    moment: datetime
    is_skipped: bool


def next_slot(schedule: Schedule, after: datetime) -> datetime:
    """The first moment after `after` at which the schedule is due, in UTC.

    Times are kept in the admin's zone. A time that the clocks skip in spring runs at the first moment that exists; one
    that happens twice in autumn runs the first time.
    """
    day = after.astimezone(schedule.zone).date() - timedelta(days=1)
    for offset in range(_MOST_DAYS_AHEAD):
        for slot in _slots_of(schedule, day + timedelta(days=offset)):
            if slot > after:
                return slot
    raise AssertionError(schedule)


def latest_slot(schedule: Schedule, not_after: datetime) -> datetime | None:
    """The last moment up to `not_after` at which the schedule was due, in UTC."""
    day = not_after.astimezone(schedule.zone).date() + timedelta(days=1)
    for offset in range(_MOST_DAYS_AHEAD):
        due = [slot for slot in _slots_of(schedule, day - timedelta(days=offset)) if slot <= not_after]
        if due:
            return due[-1]
    return None


def odd_slots(schedule: Schedule, after: datetime) -> list[OddSlot]:
    """The slots of the year after `after` whose wall time the clocks skip, or show twice.

    Minutes and hours have none: they count real time.
    """
    if schedule.minutes is not None:
        return []
    first = after.astimezone(schedule.zone).date()
    found = []
    for offset in range(_DAYS_OF_A_YEAR):
        day = first + timedelta(days=offset)
        for slot in _slots_of(schedule, day):
            wanted = datetime.combine(day, time.fromisoformat(schedule.at))
            is_skipped = slot.astimezone(schedule.zone).replace(tzinfo=None) != wanted
            is_twice = _local(wanted, schedule.zone, fold=1).astimezone(UTC) > slot
            if slot > after and (is_skipped or is_twice):
                found.append(OddSlot(day, slot, is_skipped=is_skipped))
    return found


def slot_key(schedule: Schedule, moment: datetime) -> str:
    """The name of a slot, the same however often it is asked for: local date and time, which run at most once."""
    if schedule.minutes is not None:
        # Of an hour that happens twice, both have slots of their own.
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    day = moment.astimezone(schedule.zone).date()
    before = day - timedelta(days=1)
    # Where the clocks skip midnight, the slot of one day may begin on the next.
    if moment not in _slots_of(schedule, day) and moment in _slots_of(schedule, before):
        day = before
    return f"{day.isoformat()}T{schedule.at}"


def _slots_of(schedule: Schedule, day: date) -> list[datetime]:
    """Every slot that belongs to this day of the schedule's zone, in order, in UTC."""
    if day.weekday() not in schedule.weekdays:
        return []
    minutes = schedule.minutes
    if minutes is not None:
        return _slots_through(schedule, day, timedelta(minutes=minutes))
    if schedule.every == "month" and day.day != min(schedule.day_of_month, monthrange(day.year, day.month)[1]):
        return []
    hour, minute = (int(part) for part in schedule.at.split(":"))
    return [_at(schedule, day, time(hour, minute))]


def _slots_through(schedule: Schedule, day: date, interval: timedelta) -> list[datetime]:
    """Slots from midnight to midnight, which is an hour more or less when the clocks change."""
    slot, end = _at(schedule, day, time(0)), _at(schedule, day + timedelta(days=1), time(0))
    slots = []
    while slot < end:
        if not schedule.is_quiet(f"{slot.astimezone(schedule.zone):%H:%M}"):
            slots.append(slot)
        slot += interval
    return slots


def _at(schedule: Schedule, day: date, wall: time) -> datetime:
    """A wall time in UTC: the first of two, or where the clocks skip it, the moment to which they jump."""
    naive = datetime.combine(day, wall)
    for minutes in range(_LONGEST_GAP_MINUTES):
        candidate = naive + timedelta(minutes=minutes)
        moment = _local(candidate, schedule.zone).astimezone(UTC)
        if moment.astimezone(schedule.zone).replace(tzinfo=None) == candidate:
            return moment
    raise AssertionError(naive)


def _local(naive: datetime, zone: tzinfo | None, fold: int = 0) -> datetime:
    naive = naive.replace(fold=fold)
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
