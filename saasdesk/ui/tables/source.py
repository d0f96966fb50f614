"""What a table shows: anything that can be listed by ids, and read row by row."""

import threading
from array import array
from collections.abc import Generator, Iterable, Sequence
from typing import Protocol, runtime_checkable

from saasdesk.records.listing import Column, Group, ListQuery, Row


class TableSource(Protocol):
    """A list of any length. All of it is called in worker threads; `stop` ends a question early, as Cancelled."""

    @property
    def noun(self) -> str:
        """What one speaks of in the plural: "people"."""
        ...  # pragma: no cover - a Protocol

    def columns(self) -> tuple[Column, ...]:
        """What can be shown, in the order in which it is shown at first."""
        ...  # pragma: no cover - a Protocol

    def is_first_page_quick(self, query: ListQuery) -> bool:
        """Whether the first ids are known long before all of them."""
        ...  # pragma: no cover - a Protocol

    def first_ids(self, query: ListQuery, limit: int = 200, stop: threading.Event | None = None) -> "array[int]":
        """The first ids in their order."""
        ...  # pragma: no cover - a Protocol

    def ids(self, query: ListQuery, stop: threading.Event | None = None) -> "array[int]":
        """All ids in their order."""
        ...  # pragma: no cover - a Protocol

    def count(self, query: ListQuery, stop: threading.Event | None = None) -> int:
        """How many there are."""
        ...  # pragma: no cover - a Protocol

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        """The values of some rows for some columns."""
        ...  # pragma: no cover - a Protocol

    def iterate(
        self,
        query: ListQuery,
        keys: Sequence[str],
        stop: threading.Event | None = None,
        only: Iterable[int] | None = None,
    ) -> Generator[Row, None, None]:
        """All rows one after the other, for an export."""
        ...  # pragma: no cover - a Protocol

    def sentence(self, query: ListQuery) -> str:
        """The question in words."""
        ...  # pragma: no cover - a Protocol


@runtime_checkable
class GroupedSource(Protocol):
    """A list whose records can be put together by any of its columns."""

    def grouped(
        self, query: ListQuery, sums: Sequence[str], stop: threading.Event | None = None
    ) -> tuple["array[int]", list[Group]]:
        """All ids group by group, and the groups in the same order, each with sums of these columns."""
        ...  # pragma: no cover - a Protocol
