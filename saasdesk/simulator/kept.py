"""What a vendor works out from what it has, and need not work out again before any of that changes."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

Worked = TypeVar("Worked")
From = TypeVar("From")

# Of a company with more people nothing is kept of each: it would take too much memory.
_MOST_KEPT = 2_000


class Changing(Protocol):
    """What changes now and then."""

    @property
    def revision(self) -> tuple[int, int]:
        """Another one whenever anything has changed."""
        ...  # pragma: no cover - a Protocol


class Kept(Generic[Worked]):
    """The result of some work; kept until what it was made from changes."""

    def __init__(self, made_from: Changing, work: Callable[[], Worked]) -> None:
        self._made_from = made_from
        self._work = work
        self._latest: tuple[tuple[int, int], Worked] | None = None

    def __call__(self) -> Worked:
        """What it is now."""
        revision = self._made_from.revision
        if self._latest is None or self._latest[0] != revision:
            self._latest = (revision, self._work())
        return self._latest[1]


class KeptEach(Generic[From, Worked]):
    """The same of one after the other, by number; `work` hears what each is made from."""

    def __init__(self, work: Callable[[int, From], Worked]) -> None:
        self._work = work
        self._known: dict[int, tuple[From, Worked]] = {}

    def __call__(self, number: int, made_from: From) -> Worked:
        """What it is now."""
        known = self._known.get(number)
        if known is not None and known[0] == made_from:
            return known[1]
        worked = self._work(number, made_from)
        if known is not None or len(self._known) < _MOST_KEPT:
            self._known[number] = (made_from, worked)
        return worked
