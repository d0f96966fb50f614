"""Quiet hours: every day, here, and over midnight."""

from datetime import datetime

import pytest

from saasdesk.errors import UserError
from saasdesk.notices.quiet import is_quiet
from saasdesk.settings import parse_setting


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute).astimezone()


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        ("22:00-07:00", (at(22), at(23, 59), at(0), at(6, 59)), (at(7), at(12), at(21, 59))),
        ("12:30-13:15", (at(12, 30), at(13, 14)), (at(12, 29), at(13, 15), at(0))),
        (None, (), (at(0), at(12))),
    ],
)
def test_that_hours_may_go_over_midnight(
    hours: str | None, quiet: tuple[datetime, ...], loud: tuple[datetime, ...]
) -> None:
    assert [is_quiet(hours, moment) for moment in (*quiet, *loud)] == [True] * len(quiet) + [False] * len(loud)


@pytest.mark.parametrize(
    ("typed", "kept"), [("22:00-07:00", "22:00-07:00"), (" 9:05 \u2013 17:00 ", "09:05-17:00"), ("", None)]
)
def test_that_hours_are_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert parse_setting("quiet_hours", typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("at night", "it looks like 22:00-07:00"),
        ("25:00-07:00", "a day has hours from 00:00 to 23:59"),
        ("08:00-8:00", "it begins and ends at the same time"),
    ],
)
def test_that_what_are_no_hours_is_refused_with_what_they_look_like(typed: str, reason: str) -> None:
    with pytest.raises(UserError, match=f"The setting quiet_hours cannot be '{typed}': {reason}"):
        parse_setting("quiet_hours", typed)
