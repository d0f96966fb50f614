"""When something is due: wall times in the admin's zone, through spring and autumn. Says when, starts nothing."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_EVERY = re.compile(r"(?:(\d{1,3}) )?(minute|hour|day|week|month)s?")
_SHORTEST_MINUTES = 15
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Far enough to meet the 31st of a month, or a Monday once a week.
_MOST_DAYS_AHEAD = 70


class Schedule(BaseModel):
    """How often, and at what wall time: `every = "day"`, `at = "02:30"`, `timezone = "Europe/Dublin"`.

    Without `at`, slots of a day begin at 09:00: whoever is on then runs at the first opportunity.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    every: str = "day"
    at: str = "09:00"
    timezone: str | None = None
    days: tuple[str, ...] = ()
    day_of_month: int = Field(default=1, ge=1, le=31)

    @field_validator("every")
    @classmethod
    def _known_interval(cls, text: str) -> str:
        found = _EVERY.fullmatch(text.strip().lower())
        if found is None:
            raise ValueError("write “15 minutes”, “hour”, “6 hours”, “day”, “week” or “month”")
        count, unit = int(found[1] or 1), found[2]
        if count < 1 or (unit == "minute" and count < _SHORTEST_MINUTES):
            raise ValueError("the shortest interval is 15 minutes")
        if unit in {"day", "week", "month"} and count != 1:
            raise ValueError(f"“{text}”: days, weeks and months come one at a time")
        if (unit == "minute" and 1440 % count) or (unit == "hour" and 24 % count):
            raise ValueError(f"“{text}” does not divide a day evenly")
        return text.strip().lower()

    @field_validator("at")
    @classmethod
    def _wall_time(cls, text: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
            raise ValueError("a time is written as HH:MM, from 00:00 to 23:59")
        return text

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(f"“{name}” is not a time zone such as Europe/Dublin") from None
        return name

    @model_validator(mode="after")
    def _known_days(self) -> Self:
        for day in self.days:
            if day.lower() not in _DAYS:
                raise ValueError(f"“{day}” is not a day of the week in English, such as monday")
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

    def in_words(self) -> str:
        """The schedule as a tile shows it: 'Daily at 02:30'."""
        zone = f" ({self.timezone})" if self.timezone else ""
        if self.minutes is not None:
            return f"Every {self.every}"
        if self.every == "week":
            return f"Every {', '.join(day.capitalize() for day in self.days or ('monday',))} at {self.at}{zone}"
        if self.every == "month":
            return f"Monthly on day {self.day_of_month} at {self.at}{zone}"
        return f"Daily at {self.at}{zone}"


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


def slot_key(schedule: Schedule, moment: datetime) -> str:
    """The name of a slot, the same however often it is asked for: local date and time, which run at most once."""
    local = moment.astimezone(schedule.zone)
    if schedule.minutes is not None:
        # Of an hour that happens twice, both are slots of their own.
        return f"{local:%Y-%m-%dT%H:%M}{'+' if local.fold else ''}"
    return f"{local:%Y-%m-%d}T{schedule.at}"


def _slots_of(schedule: Schedule, day: date) -> list[datetime]:
    """Every slot that begins on this day of the schedule's zone, in order, in UTC."""
    minutes = schedule.minutes
    if minutes is not None:
        begin = _at(schedule, day, time(0))
        end = _at(schedule, day + timedelta(days=1), time(0))
        # A day of 23 or 25 hours has as many slots as fit.
        count = -(-int((end - begin).total_seconds()) // (60 * minutes))
        return [begin + timedelta(minutes=minutes * number) for number in range(count)]
    if schedule.every == "week":
        wanted = {_DAYS.index(name.lower()) for name in schedule.days} or {0}
        if day.weekday() not in wanted:
            return []
    if schedule.every == "month":
        next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        last = (next_month - timedelta(days=1)).day
        if day.day != min(schedule.day_of_month, last):
            return []
    hour, minute = (int(part) for part in schedule.at.split(":"))
    return [_at(schedule, day, time(hour, minute))]


def _at(schedule: Schedule, day: date, wall: time) -> datetime:
    naive = datetime.combine(day, wall)
    zone = schedule.zone
    local = naive.astimezone() if zone is None else naive.replace(tzinfo=zone, fold=0)
    moment = local.astimezone(UTC)
    back = moment.astimezone(zone).replace(tzinfo=None)
    if back == naive:
        return moment
    # The clocks skip this time: the first moment that exists is where they jump to.
    for minutes in range(24 * 60):
        candidate = naive + timedelta(minutes=minutes)
        aware = candidate.astimezone() if zone is None else candidate.replace(tzinfo=zone, fold=0)
        if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == candidate:
            return aware.astimezone(UTC)
    raise AssertionError(naive)
