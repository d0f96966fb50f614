"""How fast one credential may ask: a share of the vendor's limit, used by all its threads together."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from saasdesk.errors import Cancelled
from saasdesk.web.waiting import asked_wait

# A refusal slows us by a tenth, a success gives a thousandth back: one 429 in about a hundred calls at worst.
_SLOWER = 1.1
_FASTER = 0.999
_SLOWEST = 16.0


class Rate(Protocol):
    """What a connector declares of its vendor's limit."""

    @property
    def per_minute(self) -> float:
        """Calls a minute."""

    @property
    def burst(self) -> int:
        """Calls that may come at once."""


class Budget:
    """Hands out turns: a burst at first, then one every so often; pauses when the vendor says so."""

    def __init__(self, per_minute: float, burst: int) -> None:
        self.per_minute = per_minute
        self.burst = burst
        self._interval = 60 / per_minute
        self._slowness = 1.0
        self._lock = threading.Lock()
        # When the next turn would be due if turns were never saved up, and how far back saved ones reach.
        self._next_turn = 0.0
        self._saved_seconds = self._burst_seconds()
        self._paused_until = 0.0

    def take(self, stop: threading.Event, on_wait: Callable[[float], None] | None = None) -> float:
        """Wait for a turn and return the seconds it took; `on_wait` hears of the wait before it begins."""
        if stop.is_set():
            raise Cancelled
        start = time.monotonic()
        turn = self._reserve(start)
        if on_wait is not None and turn > start:
            on_wait(turn - start)
        while (left := max(turn, self._paused_until) - time.monotonic()) > 0:
            if stop.wait(left):
                raise Cancelled
        return max(0.0, time.monotonic() - start)

    def pause(self, seconds: float) -> None:
        """Nobody gets a turn for this long: the vendor refused one of us for asking too often."""
        with self._lock:
            now = time.monotonic()
            if self._paused_until <= now:
                # Calls under way at the same time are refused together; that is one lesson, not four.
                self._slowness = min(self._slowness * _SLOWER, _SLOWEST)
            self._paused_until = max(self._paused_until, now + seconds)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take from a good answer what it says of the limit: with none left, stop before being refused."""
        with self._lock:
            if self._slowness > 1.0:
                self._slowness = max(1.0, self._slowness * _FASTER)
        remaining = headers.get("RateLimit-Remaining", headers.get("X-RateLimit-Remaining"))
        if remaining is None or remaining.strip() != "0":
            return
        seconds = asked_wait(headers, datetime.now(UTC))
        # A window of more than a minute is a quota of another kind: go on until it refuses.
        if seconds is None or seconds > 60:
            return
        with self._lock:
            now = time.monotonic()
            self._paused_until = max(self._paused_until, now + seconds)
            # The vendor hands out a fresh share then, so the turns missed meanwhile are not lost.
            self._saved_seconds = max(self._saved_seconds, seconds + self._burst_seconds())

    def _reserve(self, now: float) -> float:
        with self._lock:
            interval = self._interval * self._slowness
            self._next_turn = max(self._next_turn, now - self._saved_seconds)
            turn = max(self._next_turn, self._paused_until, now)
            if self._paused_until <= now and self._next_turn >= now - self._burst_seconds():
                self._saved_seconds = self._burst_seconds()
            self._next_turn += interval
            return turn

    def _burst_seconds(self) -> float:
        return max(self.burst - 1, 0) * self._interval


_budgets: dict[str, Budget] = {}
_budgets_lock = threading.Lock()


def budget_for(key: str, limit: Rate) -> Budget:
    """The one budget of a credential, shared by every session of this process that uses it."""
    with _budgets_lock:
        budget = _budgets.get(key)
        if budget is None or (budget.per_minute, budget.burst) != (limit.per_minute, limit.burst):
            budget = _budgets[key] = Budget(limit.per_minute, limit.burst)
        return budget
