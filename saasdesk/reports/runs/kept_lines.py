"""The lines of a run, kept to compare a later one with; and what differs between two."""

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from saasdesk.records.listing import Column, Value
from saasdesk.reports.report.document import ReportDocument
from saasdesk.text import fold_text

# More lines than anybody reads one by one; the figures of so long a report say more than its differences.
MOST_COMPARED = 100_000
_QUICK = 1

Line = tuple[Value, ...]


class Change(StrEnum):
    """How a line differs from the run before."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that differs: the record it leads to, what it was and what it is, by column."""

    change: Change
    record: int
    before: dict[str, Value]
    after: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Kept:
    """The lines of an earlier run, by the key of each."""

    question: str
    columns: tuple[str, ...]
    lines: dict[str, tuple[int, Line]]


def question_of(document: ReportDocument) -> str:
    """What makes lines comparable: the same records, or the same groups."""
    return json.dumps([document.object.value, *document.group_by])


def key_of(document: ReportDocument, columns: Sequence[str], record: int, line: Line) -> str:
    """What makes two lines the same one: the record, or the values of the group however they are spelled."""
    if not document.group_by:
        return str(record)
    values = dict(zip(columns, line, strict=True))
    return json.dumps([fold_text(values[key]) for key in document.group_by])


class KeptLines:
    """Keeps lines as they come. Too many of them, or a disk that takes none, cost the comparison, nothing more."""

    def __init__(self, file: Path, document: ReportDocument, columns: Sequence[Column]) -> None:
        self._path, self._document = file, document
        self._keys = tuple(column.key for column in columns)
        self._file: gzip.GzipFile | None = None
        self._lines = 0

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._file = gzip.open(self._path, "wb", compresslevel=_QUICK)
            self._write([question_of(self._document), self._keys])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        if kind is not None or self._file is None:
            self._give_up()

    @property
    def name(self) -> str:
        """The name of the file; empty where nothing is kept."""
        return self._path.name if self._file is not None else ""

    def keep(self, record: int, line: Line) -> None:
        """Keep one more line."""
        if self._file is None:
            return
        self._lines += 1
        try:
            if self._lines > MOST_COMPARED:
                self._give_up()
            else:
                self._write([key_of(self._document, self._keys, record, line), record, line])
        except OSError:
            self._give_up()

    def _write(self, what: object) -> None:
        if self._file is not None:
            self._file.write(orjson.dumps(what, option=orjson.OPT_APPEND_NEWLINE))

    def _give_up(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._file = None
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def read_kept(file: Path) -> Kept | None:
    """The lines of an earlier run; None where they are gone or cannot be read."""
    try:
        with gzip.open(file, "rb") as opened:
            question, columns = orjson.loads(opened.readline())
            lines = {key: (record, tuple(line)) for key, record, line in map(orjson.loads, opened)}
    except (OSError, EOFError, ValueError):
        return None
    return Kept(question, tuple(columns), lines)


@dataclass(slots=True)
class Comparison:
    """Compares lines with those of an earlier run as they come; what is left over at the end was removed."""

    document: ReportDocument
    columns: tuple[str, ...]
    before: Kept
    added: int = 0
    changed: int = 0
    _left: dict[str, tuple[int, Line]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._left = dict(self.before.lines)

    @property
    def removed(self) -> int:
        """How many lines did not come again."""
        return len(self._left)

    def see(self, record: int, line: Line) -> LineChange | None:
        """One line of now; what differs in it."""
        known = self._left.pop(key_of(self.document, self.columns, record, line), None)
        after = dict(zip(self.columns, line, strict=True))
        if known is None:
            self.added += 1
            return LineChange(Change.ADDED, record, {}, after)
        earlier = dict(zip(self.before.columns, known[1], strict=True))
        # A column that only one of them has says nothing of the record.
        if all(earlier[key] == _as_kept(after[key]) for key in self.columns if key in earlier):
            return None
        self.changed += 1
        return LineChange(Change.CHANGED, record, earlier, after)

    def left(self) -> Iterator[LineChange]:
        """What was removed."""
        for record, line in self._left.values():
            yield LineChange(Change.REMOVED, record, dict(zip(self.before.columns, line, strict=True)), {})


def comparison_with(file: Path, document: ReportDocument, columns: Sequence[str]) -> Comparison | None:
    """What compares with the lines kept in this file; None where they are gone, or of another question."""
    before = read_kept(file)
    if before is None or before.question != question_of(document):
        return None
    return Comparison(document, tuple(columns), before)


def _as_kept(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
