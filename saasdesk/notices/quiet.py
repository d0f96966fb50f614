"""When nobody is told: the quiet hours of every day."""

from datetime import datetime


def is_quiet(hours: str | None, moment: datetime) -> bool:
    """Whether a moment lies within these hours of this computer's time; they may go on over midnight."""
    if hours is None:
        return False
    begin, _, end = hours.partition("-")
    now = f"{moment.astimezone():%H:%M}"
    return begin <= now < end if begin < end else now >= begin or now < end
