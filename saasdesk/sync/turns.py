"""Who runs now and who waits: one run at a time for each key and each organisation, and not too many at once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from saasdesk.errors import Cancelled

# Four vendors fit side by side; each run has connections and a cache of its own, so more would only take memory.
MOST_AT_ONCE = 4

_SECONDS_BETWEEN_LOOKS = 0.1


class Shared(Enum):
    """What two runs must not use at the same time, and what the one that waits says."""

    INTEGRATION = "Waiting for the run of “{0}” that began before"
    CREDENTIAL = "Waiting for “{0}”, which uses the same key"
    ORGANISATION = "Waiting for “{0}”, which reads the same organisation"
    RECORDS = "Waiting until “{0}” has saved its changes"


@dataclass(frozen=True, slots=True)
class Claim:
    """One such thing; `key` tells it from others of its kind."""

    shared: Shared
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    name: str
    claims: tuple[Claim, ...]
    takes_place: bool


class Turns:
    """Gives each run its turn, in the order in which they asked.

    Nobody waits in a circle: a run asks for integration and key first, then for the organisation, at last for the
    records, and whoever has the records waits for nobody.
    """

    def __init__(self, most_at_once: int = MOST_AT_ONCE) -> None:
        self._most_at_once = most_at_once
        self._changed = threading.Condition()
        self._holders: dict[Claim, str] = {}
        self._waiting: list[_Ticket] = []
        self._places_taken = 0

    @contextmanager
    def turn(
        self,
        name: str,
        claims: Sequence[Claim],
        stop: threading.Event,
        on_wait: Callable[[str], None],
        *,
        takes_place: bool = False,
    ) -> Iterator[None]:
        """Wait until all of this is free, then have it; `on_wait` hears what is waited for, whenever that changes."""
        ticket = _Ticket(name, tuple(claims), takes_place)
        self._wait(ticket, stop, on_wait)
        try:
            yield
        finally:
            with self._changed:
                for claim in ticket.claims:
                    del self._holders[claim]
                self._places_taken -= int(takes_place)
                self._changed.notify_all()

    def _wait(self, ticket: _Ticket, stop: threading.Event, on_wait: Callable[[str], None]) -> None:
        told: str | None = None
        with self._changed:
            self._waiting.append(ticket)
        try:
            while True:
                with self._changed:
                    why = self._why_wait(ticket)
                    if why is None and not stop.is_set():
                        self._take(ticket)
                        return
                    if why == told:
                        self._changed.wait(_SECONDS_BETWEEN_LOOKS)
                if stop.is_set():
                    raise Cancelled
                if why is not None and why != told:
                    told = why
                    on_wait(why)
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _take(self, ticket: _Ticket) -> None:
        self._holders.update(dict.fromkeys(ticket.claims, ticket.name))
        self._places_taken += int(ticket.takes_place)

    def _why_wait(self, ticket: _Ticket) -> str | None:
        claimed = self._claimed_by_others(ticket)
        if claimed is not None or not ticket.takes_place:
            return claimed
        # Whoever asked before and can go goes first.
        ahead = [other for other in self._before(ticket) if other.takes_place and not self._claimed_by_others(other)]
        if self._places_taken + len(ahead) >= self._most_at_once:
            return f"Waiting for one of {self._most_at_once} other runs to end"
        return None

    def _claimed_by_others(self, ticket: _Ticket) -> str | None:
        before = self._before(ticket)
        for claim in ticket.claims:
            holder = self._holders.get(claim) or next((other.name for other in before if claim in other.claims), None)
            if holder is not None:
                return claim.shared.value.format(holder)
        return None

    def _before(self, ticket: _Ticket) -> list[_Ticket]:
        return self._waiting[: self._waiting.index(ticket)]


TURNS = Turns()
"""The turns of this process: a profile is open in one process only, and a key belongs to one profile."""
