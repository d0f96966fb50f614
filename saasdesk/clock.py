"""The present moment, as it is kept: ISO 8601 text in UTC."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta


class _Hands:
    """How far the clock of this process is set back."""

    behind = timedelta()


_AS_KEPT = re.compile(r"(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC) - _Hands.behind


@contextmanager
def set_back(by: timedelta) -> Iterator[None]:
    """Live in the past for a while, the whole process: how the demo comes by its history."""
    before, _Hands.behind = _Hands.behind, by
    try:
        yield
    finally:
        _Hands.behind = before


def now_text() -> str:
    """The present moment as text, to the second: 2026-03-01T08:15:00Z."""
    return as_text(now())


def as_text(moment: datetime) -> str:
    """A moment as text in UTC, to the second."""
    # Not strftime: it is slow, and writes early years with fewer digits.
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def is_as_kept(text: str) -> bool:
    """Whether a text is a moment exactly as `as_text` writes it; then there is nothing to convert."""
    found = _AS_KEPT.fullmatch(text)
    if found is None:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def from_text(text: str) -> datetime:
    """The moment that a stored text means."""
    return datetime.fromisoformat(text)
