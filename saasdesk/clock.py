"""The present moment, as it is kept: ISO 8601 text in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def now_text() -> str:
    """The present moment as text, to the second: 2026-03-01T08:15:00Z."""
    return as_text(now())


def as_text(moment: datetime) -> str:
    """A moment as text in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    """The moment that a stored text means."""
    return datetime.fromisoformat(text)
