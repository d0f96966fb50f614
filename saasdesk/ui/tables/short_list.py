"""A list short enough to be held whole, shown in the same table as the long ones."""

import threading
from array import array
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

from saasdesk.errors import Cancelled
from saasdesk.records.listing import Column, ListQuery, Row, Value
from saasdesk.rules import to_predicate, to_sentence
from saasdesk.ui.tables.filter_words import stored_type

Records = Mapping[int, Mapping[str, Value]]


class ShortList:
    """`read` gives every record by its id, with a value for each column; it is called in worker threads.

    `about` says in words which ones they are, where the noun does not say it. `kept` gives the values behind the texts
    that are read, where they are not the same: they make the order, and an export has them.
    """

    def __init__(
        self,
        noun: str,
        columns: Sequence[Column],
        read: Callable[[], Records],
        about: Callable[[], str] = str,
        *,
        kept: Callable[[], Records] | None = None,
    ) -> None:
        self._noun = noun
        self._about = about
        self._columns = tuple(columns)
        self._read = read
        self._kept = kept or read

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return self._noun

    def columns(self) -> tuple[Column, ...]:
        """What can be shown."""
        return self._columns

    def is_first_page_quick(self, query: ListQuery) -> bool:
        """There is no quicker way than all of it."""
        del query
        return False

    def first_ids(self, query: ListQuery, limit: int = 200, stop: threading.Event | None = None) -> "array[int]":
        """The first ids in their order."""
        return self.ids(query, stop)[:limit]

    def ids(self, query: ListQuery, stop: threading.Event | None = None) -> "array[int]":
        """All ids in their order; what has no value comes last, whichever way it is sorted."""
        if stop is not None and stop.is_set():
            raise Cancelled
        records = self._read()
        fits = None
        if query.rule is not None:
            fits = to_predicate(query.rule, {column.key: stored_type(column) for column in self._columns})
        words = [word.casefold() for word in query.words]
        texts = [column.key for column in self._columns if column.is_text]
        found = [
            number
            for number, record in records.items()
            if (fits is None or fits(record)) and _contains(record, texts, words)
        ]
        kept = self._kept()
        for key, descending in reversed(query.sort):
            found.sort(key=lambda number: _sort_key(kept[number].get(key)), reverse=descending)
            found.sort(key=lambda number: kept[number].get(key) is None)
        return array("q", found)

    def count(self, query: ListQuery, stop: threading.Event | None = None) -> int:
        """How many there are."""
        return len(self.ids(query, stop))

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        """The values of some rows for some columns."""
        del stop
        return _values(self._read(), ids, keys)

    def iterate(
        self,
        query: ListQuery,
        keys: Sequence[str],
        stop: threading.Event | None = None,
        only: Iterable[int] | None = None,
    ) -> Generator[Row, None, None]:
        """All rows one after the other, for an export."""
        chosen = None if only is None else set(only)
        wanted = [number for number in self.ids(query, stop) if chosen is None or number in chosen]
        yield from _values(self._kept(), wanted, keys).values()

    def sentence(self, query: ListQuery) -> str:
        """The question in words."""
        titles = {column.key: column.title for column in self._columns}
        where = "" if query.rule is None else f" where {to_sentence(query.rule, titles)}"
        words = "".join(f', containing "{word}"' for word in query.words)
        levels = [
            titles[key] + (" (descending)" if descending else "") for key, descending in query.sort if key in titles
        ]
        about = self._about()
        about = f" {about}" if about else ""
        return f"All {self._noun}{about}{where}{words}" + (f", sorted by {', '.join(levels)}" if levels else "")


def _values(records: Records, ids: Sequence[int], keys: Sequence[str]) -> dict[int, Row]:
    return {number: tuple(records[number].get(key) for key in keys) for number in ids if number in records}


def _contains(record: Mapping[str, Value], texts: Sequence[str], words: Sequence[str]) -> bool:
    everything = " ".join(str(record.get(key) or "") for key in texts).casefold()
    return all(word in everything for word in words)


def _sort_key(value: Value) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value or "").casefold())
