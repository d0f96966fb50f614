"""How long to wait before asking a vendor again: what it says, or else a back-off of our own."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# Beyond a day a "wait" is a mistake of somebody's clock or unit.
_LONGEST_SENSIBLE_SECONDS = 86_400
_NUMBER = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?")
_TO_THE_MINUTE = re.compile(r"T\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})?$")
_A_MINUTE = 60
_FIRST_EPOCH_SECONDS = 1_000_000_000
_FIRST_EPOCH_MILLISECONDS = 1_000_000_000_000

# A shorter wait is not worth a word.
WORTH_TELLING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wait began; told so that nobody takes it for a hang."""

    host: str
    seconds: float
    until: datetime
    reason: str


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the vendor asks us to wait; None where it says nothing usable (negative, past, absurd)."""
    # Instants are compared with the vendor's own clock where it shows it: ours may be wrong.
    vendor_now = _instant(headers.get("Date", "")) or now
    for name in ("Retry-After", "RateLimit-Reset", "X-RateLimit-Reset"):
        seconds = _seconds(headers.get(name, "").strip(), vendor_now)
        if seconds is not None and 0 < seconds <= _LONGEST_SENSIBLE_SECONDS:
            return seconds
    return None


def back_off(longest_seconds: float) -> float:
    """A pause drawn between nothing and the longest, so that many clients do not come back together."""
    return random.uniform(0, longest_seconds)  # noqa: S311 - spreads load, guards nothing


def _seconds(value: str, now: datetime) -> float | None:
    if _NUMBER.fullmatch(value):
        number = float(value)
        if number >= _FIRST_EPOCH_MILLISECONDS:
            return number / 1000 - now.timestamp()
        if number >= _FIRST_EPOCH_SECONDS:
            return number - now.timestamp()
        return number
    instant = _instant(value)
    if instant is None:
        return None
    seconds = (instant - now).total_seconds()
    # An instant to the minute lost its seconds: while that minute lasts, the moment meant may be its last.
    return seconds + _A_MINUTE if _TO_THE_MINUTE.search(value) and -_A_MINUTE < seconds <= 0 else seconds


def _instant(value: str) -> datetime | None:
    if len(value) < len("2026-01-01"):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            instant = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
