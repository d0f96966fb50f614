"""The rows of a table as Qt asks for them: all ids, and the values of the rows near those that are seen."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from saasdesk.records.listing import Column, Row, Value
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.grouping import Head, Lines
from saasdesk.ui.visible_text import visible_text

# Looking up an enum costs more than everything else in `data`: compare plain numbers.
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_ASKED_FOR_TEXT = frozenset({DISPLAY, ACCESSIBLE})
_TO_THE_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_TO_THE_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

_KEPT_ROWS = 6_000
_KEPT_AROUND = 2_000

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and its text."""

    column: Column
    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows that were read, with the texts made in the same thread."""

    keys: tuple[str, ...]
    rows: dict[int, tuple[Row, tuple[str, ...]]]


def make_texts(
    texts: CellTexts, columns: Sequence[Column], keys: Sequence[str], rows: Mapping[int, Row], now: datetime
) -> ReadRows:
    """Give every value its text; done in the worker, so that painting only looks it up."""
    by_key = {column.key: column for column in columns}
    shown = [by_key[key] for key in keys]
    ready = {
        number: (row, tuple(texts.shown(column, value, now) for column, value in zip(shown, row, strict=True)))
        for number, row in rows.items()
    }
    return ReadRows(tuple(keys), ready)


class RecordModel(QAbstractTableModel):
    """Knows every id and the rows near the visible ones; `missing` says that somebody looks at another one."""

    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._ids: array[int] = array("q")
        # Of a list in groups: which of the ids are heads.
        self._lines: Lines | None = None
        self._keys: tuple[str, ...] = ()
        self._places: list[int] = []
        self._rows: dict[int, tuple[Row, tuple[str, ...]]] = {}
        # What was known before a refresh is shown until the new values are there.
        self._stale: dict[int, tuple[Row, tuple[str, ...]]] = {}
        self._missed: set[int] = set()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, seen or hidden."""
        return self._columns

    @property
    def ids(self) -> "array[int]":
        """Every id in its order, with negative numbers for the heads of groups; not to be changed."""
        return self._ids

    @property
    def lines(self) -> Lines | None:
        """The heads and the records of a list in groups."""
        return self._lines

    @property
    def record_count(self) -> int:
        """How many records are in the list, those of closed groups among them."""
        return len(self._ids) if self._lines is None else len(self._lines.grouping.ids)

    @property
    def record_ids(self) -> "array[int]":
        """Every record in its order, without heads; not to be changed."""
        return self._ids if self._lines is None else self._lines.grouping.ids

    def head_at(self, row: int) -> Head | None:
        """The head of a group, if one stands in this row."""
        return None if self._lines is None else self._lines.head_at(row)

    def count_records(self, rows: Sequence[range]) -> int:
        """How many records stand in these rows."""
        return sum(map(len, rows)) if self._lines is None else self._lines.count_records(rows)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns whose values are read."""
        return self._keys

    def set_columns(self, columns: Sequence[Column], keys: Sequence[str]) -> None:
        """Show other columns, of which only those named by the keys are read."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self._rows.clear()
        self._stale.clear()
        self._read_only(keys)
        self.endResetModel()

    def set_keys(self, keys: Sequence[str]) -> None:
        """Read other columns from now on; what was read without them is read again."""
        if tuple(keys) != self._keys:
            self._rows.clear()
            self._stale.clear()
            self._read_only(keys)
            self._repaint(0, len(self._ids) - 1)

    def set_ids(self, ids: "array[int]", lines: Lines | None = None) -> bool:
        """Show these rows; says whether the rows seen so far stayed where they were."""
        known = len(self._ids)
        was_grouped, self._lines = self._lines is not None, lines
        if ids == self._ids:
            if was_grouped or lines is not None:
                self._repaint(0, known - 1)
            return True
        if 0 < known < len(ids) and ids[:known] == self._ids:
            self.beginInsertRows(QModelIndex(), known, len(ids) - 1)
            self._ids = ids
            self.endInsertRows()
            return True
        self.beginResetModel()
        self._ids = ids
        self._missed.clear()
        self.endResetModel()
        return False

    def take_rows(self, read: ReadRows) -> None:
        """Keep rows that were read, unless other columns have been asked for since."""
        if read.keys != self._keys:
            return
        self._rows.update(read.rows)
        for number in read.rows:
            self._stale.pop(number, None)
        if self._missed:
            missed, self._missed = self._missed, set()
            self._repaint(min(missed), min(max(missed), len(self._ids) - 1))

    def forget_rows(self) -> None:
        """The values may have changed: read them again, and show the old ones until then."""
        self._stale.update(self._rows)
        self._rows.clear()
        self._missed.clear()
        self._repaint(0, len(self._ids) - 1)

    def unread(self, first: int, last: int) -> list[int]:
        """The ids from row `first` to row `last` whose values are not there."""
        wanted = self._ids[max(0, first) : max(0, last + 1)]
        return [number for number in wanted if number not in self._rows and not self._is_head(number)]

    def has(self, number: int) -> bool:
        """Whether the values of this row are here."""
        return number in self._rows

    def take_missed(self) -> list[int]:
        """The ids of the rows that somebody looked at in vain, each told once."""
        missed, self._missed = self._missed, set()
        return [number for row in sorted(missed) if (number := self.id_at(row)) is not None]

    def drop_far_rows(self, first: int, last: int) -> None:
        """Let rows go that are far from the visible ones."""
        if len(self._rows) > _KEPT_ROWS:
            near = self._ids[max(0, first - _KEPT_AROUND) : last + _KEPT_AROUND]
            self._rows = {number: self._rows[number] for number in near if number in self._rows}
            self._stale.clear()

    def id_at(self, row: int) -> int | None:
        """Whose row this is; nobody's where the head of a group stands."""
        number = self._ids[row] if 0 <= row < len(self._ids) else None
        return None if number is None or self._is_head(number) else number

    def ids_of(self, rows: Iterable[range]) -> "array[int]":
        """The ids of ranges of rows."""
        chosen = array("q")
        for some in rows:
            chosen.extend(self._ids[some.start : some.stop])
        return chosen if self._lines is None else array("q", (number for number in chosen if number >= 0))

    def cell(self, row: int, column: int) -> Cell | None:
        """What stands in a cell; None while it is being read."""
        known = self._row(row)
        place = self._places[column]
        if known is None or place < 0:
            return None
        return Cell(self._columns[column], known[0][place], known[1][place])

    def values(self, ids: Iterable[int], keys: Sequence[str]) -> list[Row] | None:
        """The values of these rows, if all of them are here."""
        if not set(keys) <= set(self._keys):
            return None
        places = [self._keys.index(key) for key in keys]
        found = []
        for number in ids:
            known = self._rows.get(number)
            if known is None:
                return None
            found.append(tuple(known[0][place] for place in places))
        return found

    def tell_times_again(self, texts: CellTexts, now: datetime) -> None:
        """A day has passed: yesterday is another day now."""
        by_key = {column.key: column for column in self._columns}
        rows = {number: row for number, (row, _) in self._rows.items()}
        self._rows = make_texts(texts, tuple(by_key.values()), self._keys, rows, now).rows
        self._repaint(0, len(self._ids) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role == ALIGNMENT:
            return _TO_THE_RIGHT if self._columns[index.column()].align_right else _TO_THE_LEFT
        if role not in _ASKED_FOR_TEXT:
            return None
        if (head := self.head_at(index.row())) is not None:
            column = self._columns[index.column()]
            return head.sums.get(column.key, "") if column.is_number else head.spoken
        known = self._row(index.row())
        place = self._places[index.column()]
        return known[1][place] if known is not None and place >= 0 else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self._lines is not None and self.head_at(index.row()) is not None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if role in _ASKED_FOR_TEXT and orientation == Qt.Orientation.Horizontal and section < len(self._columns):
            return visible_text(self._columns[section].title)
        return None

    def _row(self, row: int) -> tuple[Row, tuple[str, ...]] | None:
        if row >= len(self._ids):
            return None
        number = self._ids[row]
        known = self._rows.get(number)
        if known is None and self._is_head(number):
            return None
        if known is None:
            if not self._missed:
                self.missing.emit()
            self._missed.add(row)
            return self._stale.get(number)
        return known

    def _is_head(self, number: int) -> bool:
        return number < 0 and self._lines is not None

    def _read_only(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._places = [self._keys.index(column.key) if column.key in self._keys else -1 for column in self._columns]

    def _repaint(self, first: int, last: int) -> None:
        if self._columns and 0 <= first <= last < len(self._ids):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
