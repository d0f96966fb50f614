"""Asks a source in threads and brings the answers to the window's: stale ones are dropped."""

import logging
import threading
from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Ended, Job, Said
from saasdesk.records.listing import Column, ListQuery
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.grouping import Grouping, GroupKey, Lines, heads_of
from saasdesk.ui.tables.model import ReadRows, make_texts
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.source import GroupedSource, TableSource
from saasdesk.ui.tables.times import shown_now

FIRST_IDS = 200
_ROWS_OF_FIRST_PAGE = 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """Ids in their order, the values of the first of them, and where the ids stand that were looked out for."""

    ids: "array[int]"
    rows: ReadRows
    found: tuple[int, ...]
    is_all: bool
    lines: Lines | None = None


class Loading(QObject):
    """One table's questions: its columns, its list, how many there are without the filter, and single rows.

    A new question to the list makes the one before it stale, whatever becomes of it.
    """

    columns_read = Signal(object)
    listed = Signal(object)
    counted = Signal(int)
    rows_read = Signal(object)
    failed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, source: TableSource, readers: TableReaders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._readers = readers
        self._texts = CellTexts()
        self._columns: tuple[Column, ...] = ()
        self._jobs: dict[str, Job] = {}
        readers.answered.connect(self._on_answered)

    @property
    def is_busy(self) -> bool:
        """Whether the list that is shown is not the one that was asked for."""
        return bool(self._jobs.keys() & {"columns", "first", "all"})

    @property
    def is_listing(self) -> bool:
        """Whether a list is on its way."""
        return bool(self._jobs.keys() & {"first", "all"})

    @property
    def is_counting(self) -> bool:
        """Whether the number of all records is on its way."""
        return "total" in self._jobs

    @property
    def is_reading_rows(self) -> bool:
        """Whether rows are on their way."""
        return "rows" in self._jobs

    def read_columns(self) -> None:
        """Ask what can be shown."""
        self._start("columns", lambda _stop: self._source.columns())

    def use_source(self, source: TableSource) -> None:
        """Ask another source from now on."""
        self.stop()
        self._source = source

    def use_columns(self, columns: Sequence[Column]) -> None:
        """The columns that the coming answers are about."""
        self._columns = tuple(columns)

    def read_list(
        self,
        query: ListQuery,
        keys: Sequence[str],
        look_out_for: Collection[int] = (),
        closed: Collection[GroupKey] = (),
        *,
        at_once: bool = True,
    ) -> None:
        """Ask for a list; with `at_once` its first page comes as soon as it is known, and the whole after it.

        Of a list in groups those that are `closed` show their head only.
        """
        self._stop("first", "all", "total", "rows")
        wanted = frozenset(look_out_for)
        keys = tuple(keys)
        hidden = frozenset(closed)

        def read_first(stop: threading.Event) -> Listed | None:
            # Sorting everything twice, side by side, would only make the whole list later.
            if query.group_by or not self._source.is_first_page_quick(query):
                return None
            ids = self._source.first_ids(query, FIRST_IDS, stop)
            return self._listed(ids, keys, wanted, stop, is_all=len(ids) < FIRST_IDS)

        def read_all(stop: threading.Event) -> Listed:
            source = self._source
            if query.group_by and isinstance(source, GroupedSource):
                lines = self._group(source, query, keys, stop).lines(hidden)
                return replace(self._listed(lines.ids, keys, wanted, stop, is_all=True), lines=lines)
            return self._listed(source.ids(query, stop), keys, wanted, stop, is_all=True)

        if at_once:
            self._start("first", read_first)
        self._start("all", read_all)

    def count(self, query: ListQuery) -> None:
        """Ask how many there are."""
        self._start("total", lambda stop: self._source.count(query, stop))

    def read_rows(self, ids: Sequence[int], keys: Sequence[str]) -> None:
        """Ask for the values of some rows."""
        keys = tuple(keys)
        self._start("rows", lambda stop: self._read(ids, keys, stop))

    def stop_listing(self) -> None:
        """Nobody waits for the list any more."""
        self._stop("first", "all")
        self.busy_changed.emit(self.is_busy)

    def stop(self) -> None:
        """Nobody waits for anything any more."""
        self._stop(*self._jobs)

    def _listed(
        self, ids: "array[int]", keys: tuple[str, ...], wanted: frozenset[int], stop: threading.Event, *, is_all: bool
    ) -> Listed:
        first = [number for number in ids[:_ROWS_OF_FIRST_PAGE] if number >= 0]
        rows = self._read(first, keys, stop)
        found = tuple(row for row, number in enumerate(ids) if number in wanted) if wanted else ()
        return Listed(ids, rows, found, is_all)

    def _group(self, source: GroupedSource, query: ListQuery, keys: tuple[str, ...], stop: threading.Event) -> Grouping:
        columns = {column.key: column for column in self._columns}
        sums = [key for key in keys if columns[key].is_number]
        ids, groups = source.grouped(query, sums, stop)
        return Grouping(ids, heads_of(self._texts, columns[query.group_by], groups, columns))

    def _read(self, ids: Sequence[int], keys: tuple[str, ...], stop: threading.Event) -> ReadRows:
        rows = self._source.rows(ids, keys, stop)
        # A record that has gone since the list was read is an empty row, and is not asked for again and again.
        nothing = (None,) * len(keys)
        complete = {number: rows.get(number, nothing) for number in ids}
        return make_texts(self._texts, self._columns, keys, complete, shown_now())

    def _start(self, kind: str, question: Callable[[threading.Event], object]) -> None:
        self._stop(kind)
        self._jobs[kind] = self._readers.start(lambda _tell, stop: question(stop), f"table-{kind}")
        if self.is_busy:
            self.busy_changed.emit(self.is_busy)

    def _stop(self, *kinds: str) -> None:
        for kind in kinds:
            job = self._jobs.pop(kind, None)
            if job is not None:
                self._readers.stop(job)

    def _on_answered(self, message: Said | Ended) -> None:
        kind = next((kind for kind, job in self._jobs.items() if job == message.job), None)
        if kind is None or not isinstance(message, Ended):
            return
        del self._jobs[kind]
        if message.error is not None:
            self._on_failed(kind, message.error)
            return
        match kind, message.result:
            case "columns", tuple() as columns:
                self.columns_read.emit(columns)
            case "first", None:
                pass
            case "first" | "all", Listed() as listed:
                if listed.is_all:
                    self._stop("first", "all")
                self.listed.emit(listed)
            case "total", int() as total:
                self.counted.emit(total)
            case "rows", ReadRows() as rows:
                self.rows_read.emit(rows)
            case _:
                raise TypeError(f"a question for {kind} was answered with {message.result!r}")
        if kind in {"columns", "first", "all"} and not self.is_busy:
            self.busy_changed.emit(self.is_busy)

    def _on_failed(self, kind: str, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, UserError):
            _log.error("a table could not read its %s", kind, exc_info=error)
        self.stop()
        self.busy_changed.emit(self.is_busy)
        self.failed.emit(error)
