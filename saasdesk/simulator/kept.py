"""What a vendor works out from everything that it has, and need not work out again before any of it changes."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

Worked = TypeVar("Worked")


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
