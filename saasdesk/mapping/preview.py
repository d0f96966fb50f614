"""A mapping tried on records at hand, line by line: what each would give, where it fails, and what a sync key meets."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from saasdesk.connectors import CONNECTOR_SYNC_TIME, VendorField
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import Field, ObjectKind, Stored, fold_key, longest_plain, to_stored
from saasdesk.mapping.mapping import MapRow, Source, compile_source
from saasdesk.mapping.paths import compile_columns
from saasdesk.mapping.transforms import compile_step, compile_step_over

_MOST_EXAMPLES = 5
_LOOK_UP_EVERY = 100

Record = dict[str, Any]
Context = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one line gives for one record: a value, or the sentence that says why none."""

    value: Stored = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TracedStep:
    """One step of a line on one record; the first has no name, it is the source itself."""

    step: str
    before: Any
    after: Any
    problem: str = ""


@dataclass(slots=True)
class LineReport:
    """One line over many records. For a sync key also how many are blank, and how many share a value."""

    filled: int = 0
    blank: int = 0
    failed: int = 0
    # A few records that failed, with the sentence for each.
    problems: list[tuple[int, str]] = field(default_factory=list)
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class MappingReport:
    """How a mapping does on the records at hand: one report a line, in the order of the lines."""

    records: int
    lines: tuple[LineReport, ...]


class LinePreview:
    """One line, ready to be tried; `broken` says why it cannot be, and then it gives nothing."""

    def __init__(
        self,
        row: MapRow,
        target: Field | None,
        vendor_fields: Sequence[VendorField],
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.row = row
        self.broken = ""
        self._target = target
        self._source = Source(lambda _record, _context: None)
        self._steps: list[tuple[str, Callable[[Any], Any]]] = []
        self._steps_over: list[Callable[[Sequence[Any]], list[Any]]] = []
        if target is None:
            self.broken = f"There is no field “{row.target}”."
            return
        try:
            self._source = compile_source(row, vendor_fields, variables)
            self._steps = [(step, compile_step(step)) for step in row.transform]
            self._steps_over = [compile_step_over(step) for step in row.transform]
        except (UserError, ValueError) as problem:
            self.broken = str(problem)

    def cell(self, record: Record, context: Context) -> Cell:
        """What it gives for one record."""
        if self.broken or self._target is None:
            return Cell(problem=self.broken)
        if self.row.source == CONNECTOR_SYNC_TIME:
            return Cell(context.get(CONNECTOR_SYNC_TIME))
        try:
            value = self._source.of(record, context)
            for _, step in self._steps:
                value = step(value)
        except ValueError as problem:
            return Cell(problem=str(problem))
        return self._cell_of(value, self._target)

    @property
    def path(self) -> tuple[str | int, ...] | None:
        """Where the records have what it reads, if it reads just that."""
        return self._source.path

    def note_all(
        self,
        records: Sequence[Record],
        column: Sequence[Any] | None,
        context: Context,
        report: LineReport,
        seen: Counter[str],
        first: int,
    ) -> None:
        """Note what it gives for each of these records, the first of which has this number.

        `column` is what they have at its path, if it has one. The same as asking for one cell after the other, in a
        fraction of the time.
        """
        target = self._target
        if self.broken or target is None or self.row.source == CONNECTOR_SYNC_TIME:
            for number, record in enumerate(records, start=first):
                _note(self, self.cell(record, context), report, seen, number)
            return
        try:
            values = [self._source.of(record, context) for record in records] if column is None else column
            for step_over in self._steps_over:
                values = step_over(values)
        except ValueError:
            # One of them fails: each says for itself how it does.
            for number, record in enumerate(records, start=first):
                _note(self, self.cell(record, context), report, seen, number)
            return
        unlike = _not_plain(values, longest_plain(target), first)
        report.filled += len(values) - len(unlike)
        if self.row.sync_key is not None:
            others = {number for number, _ in unlike}
            plain = (value for number, value in enumerate(values, start=first) if number not in others)
            seen.update(key for value in plain if (key := fold_key(value)) is not None)
        for number, value in unlike:
            _note(self, self._cell_of(value, target), report, seen, number)

    @staticmethod
    def _cell_of(value: Any, target: Field) -> Cell:
        """What the target keeps of a value, or of its default where there is none."""
        try:
            stored = to_stored(value, target)
            return Cell(to_stored(target.default, target) if stored is None else stored)
        except ValueError as problem:
            return Cell(problem=str(problem))

    def trace(self, record: Record, context: Context) -> list[TracedStep]:
        """Every step on one record, until one fails."""
        if self.broken:
            return []
        try:
            value = self._source.of(record, context)
        except ValueError as problem:
            return [TracedStep("", None, None, str(problem))]
        traced = [TracedStep("", None, value)]
        for name, step in self._steps:
            try:
                after = step(value)
            except ValueError as problem:
                traced.append(TracedStep(name, value, None, str(problem)))
                break
            traced.append(TracedStep(name, value, after))
            value = after
        return traced


class MappingPreview:
    """A whole mapping, ready to be tried on one record or on many."""

    def __init__(
        self,
        rows: Sequence[MapRow],
        vendor_fields: Sequence[VendorField],
        target_fields: Mapping[ObjectKind, Sequence[Field]],
        variables: Mapping[str, str] | None = None,
    ) -> None:
        known = {(kind, target.external_id): target for kind, each in target_fields.items() for target in each}
        self.lines = tuple(
            LinePreview(row, known.get((row.object, row.target)), vendor_fields, variables) for row in rows
        )
        paths = {number: line.path for number, line in enumerate(self.lines) if line.path is not None}
        self._read_columns = compile_columns(paths)

    def cells(self, record: Record, context: Context) -> list[Cell]:
        """What every line gives for one record."""
        return [line.cell(record, context) for line in self.lines]

    def look_at_keys(self, records: Sequence[Record], context: Context) -> dict[int, LineReport]:
        """What the sync keys meet in a few records, by the number of their line."""
        found: dict[int, LineReport] = {}
        for number, line in enumerate(self.lines):
            if line.row.sync_key is None:
                continue
            report, seen = LineReport(), Counter[str]()
            for count, record in enumerate(records, start=1):
                _note(line, line.cell(record, context), report, seen, count)
            report.duplicates = sum(times for times in seen.values() if times > 1)
            found[number] = report
        return found

    def check(
        self,
        records: Iterable[Record],
        context: Context,
        stop: threading.Event,
        tell: Callable[[int], None] = lambda _count: None,
    ) -> MappingReport:
        """Try every line on every record; takes less than 1 µs a line and record, so it belongs into a worker."""
        reports = [LineReport() for _ in self.lines]
        keys = [Counter[str]() for _ in self.lines]
        count = 0
        waiting = iter(records)
        while some := list(islice(waiting, _LOOK_UP_EVERY)):
            if count:
                if stop.is_set():
                    raise Cancelled
                tell(count)
            columns = self._read_columns(some)
            for number, (line, report, seen) in enumerate(zip(self.lines, reports, keys, strict=True)):
                line.note_all(some, columns.get(number), context, report, seen, count + 1)
            count += len(some)
        for report, seen in zip(reports, keys, strict=True):
            report.duplicates = sum(times for times in seen.values() if times > 1)
        return MappingReport(count, tuple(reports))


def _not_plain(values: Sequence[Any], longest: int, first: int) -> list[tuple[int, Any]]:
    """The values in which there is something to convert, numbered; nearly every value is a short plain text."""
    # Asked of the whole column at once: the values of one field are mostly all alike.
    if _are_plain(values, longest):
        return []
    return [
        (number, value)
        for number, value in enumerate(values, start=first)
        if not (value.__class__ is str and 0 < len(value) <= longest and value.isprintable())
    ]


def _are_plain(values: Sequence[Any], longest: int) -> bool:
    try:
        together = "".join(values)
    except TypeError:
        return False
    return all(values) and max(map(len, values), default=0) <= longest and together.isprintable()


def _note(line: LinePreview, cell: Cell, report: LineReport, seen: Counter[str], number: int) -> None:
    if cell.problem:
        report.failed += 1
        if len(report.problems) < _MOST_EXAMPLES:
            report.problems.append((number, cell.problem))
    elif cell.value is None:
        report.blank += 1
    else:
        report.filled += 1
        if line.row.sync_key is not None:
            key = fold_key(cell.value)
            if key is not None:
                seen[key] += 1
