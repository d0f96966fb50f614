"""What is edited: the lines of a mapping, the fields on both sides, records to try them on, and how to undo."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from saasdesk.connectors import CONNECTOR_SYNC_TIME, FieldSource, FieldType
from saasdesk.errors import UserError
from saasdesk.fields import Field, Lookup, ObjectKind, external_id
from saasdesk.mapping import MapRow, Policy, compile_path, editing, warnings_for_launch
from saasdesk.mapping.editing import Place, Rows
from saasdesk.mapping.mapping import CONNECT, compile_source
from saasdesk.mapping.preview import Cell, MappingPreview, MappingReport, TracedStep
from saasdesk.mapping.problems import Problem, Severity, find_problems
from saasdesk.mapping.samples import FieldSample, example_of, sample_field

Record = dict[str, Any]
_UNDO_DEPTH = 500


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One line of the source pane; `is_custom` for a path or template that an admin added."""

    id: str
    label: str
    type: FieldType
    help: str = ""
    is_custom: bool = False


@dataclass(frozen=True, slots=True)
class BoardState:
    """Everything that an edit changes; undo goes back to the one before."""

    rows: Rows
    new_fields: tuple[Field, ...] = ()
    custom: tuple[SourceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an edit does not change: the vendor, the fields that exist, variables, and what a run would know."""

    connector: FieldSource
    targets: tuple[Field, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    with_saas_users: bool = True
    main_kind: ObjectKind = ObjectKind.PEOPLE
    lookups: tuple[Lookup, ...] = ()


class _Edit(QUndoCommand):
    """One edit, kept as the state before and after."""

    def __init__(self, text: str, board: "MappingBoard", before: BoardState, after: BoardState) -> None:
        super().__init__(text)
        self._board, self._before, self._after = board, before, after

    def redo(self) -> None:
        self._board.take_over(self._after)

    def undo(self) -> None:
        self._board.take_over(self._before)


class MappingBoard(QObject):
    """The document of the editor. `changed` comes after every edit, undo and redo; `record_changed` when another sample
    record is looked at; `report_changed` when a look at many records has ended."""

    changed = Signal()
    record_changed = Signal()
    samples_changed = Signal()
    report_changed = Signal()
    undo_changed = Signal()

    def __init__(self, surroundings: Surroundings, state: BoardState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._around = surroundings
        self._state = state
        self._saved = state
        self._records: tuple[Record, ...] = ()
        self._at = 0
        self._samples: dict[str, FieldSample] = {}
        self._report: MappingReport | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_UNDO_DEPTH)
        # By way of the board: the stack still speaks when it is taken apart, and others may be gone by then.
        self.undo_stack.indexChanged.connect(self._on_index_changed)
        self._work_out()

    # What there is

    @property
    def state(self) -> BoardState:
        """The lines, and the fields that they need."""
        return self._state

    @property
    def rows(self) -> Rows:
        """The lines."""
        return self._state.rows

    @property
    def connector(self) -> FieldSource:
        """The vendor, or the file."""
        return self._around.connector

    @property
    def sources(self) -> tuple[SourceItem, ...]:
        """Everything that can be mapped from."""
        return self._sources

    @property
    def targets(self) -> tuple[Field, ...]:
        """Every field that can be filled: people first, then SaaS users."""
        return self._targets

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to save."""
        return self._state != self._saved

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong now, blockers first."""
        return self._problems

    @property
    def blockers(self) -> int:
        """How many things keep it from being launched."""
        return sum(1 for problem in self._problems if problem.severity is Severity.BLOCKER)

    @property
    def report(self) -> MappingReport | None:
        """What a look at many records found; None until there was one, and after an edit."""
        return self._report

    @property
    def records(self) -> tuple[Record, ...]:
        """The records to try the mapping on."""
        return self._records

    @property
    def at(self) -> int:
        """Which of them is looked at, from 0."""
        return self._at

    @property
    def record(self) -> Record | None:
        """The record that the preview shows."""
        return self._records[self._at] if self._records else None

    @property
    def around(self) -> Surroundings:
        """What an edit does not change."""
        return self._around

    def preview(self) -> MappingPreview:
        """The mapping, ready to be tried in a worker."""
        return self._preview

    def row_of(self, place: Place) -> MapRow | None:
        """The line that fills a field."""
        return self._by_place.get(place)

    def cell_of(self, place: Place) -> Cell | None:
        """What the line gives for the record that is looked at; None without a line or a record."""
        return self._cells.get(place)

    def sample(self, source: str) -> FieldSample | None:
        """What the records at hand tell of a source."""
        return self._samples.get(source)

    def find_source(self, name: str) -> SourceItem | None:
        """The source of this id."""
        return self._source_by_id.get(name)

    def source_label(self, name: str) -> str:
        """What people call a source: its label, or the path itself."""
        found = self._source_by_id.get(name)
        return found.label if found is not None else name

    def places_of(self, source: str) -> list[Place]:
        """The fields that a source fills."""
        return [Place(row.object, row.target) for row in self._state.rows if row.source == source]

    def field_at(self, place: Place) -> Field | None:
        """The field of a place."""
        return self._field_by_place.get(place)

    def label_at(self, place: Place) -> str:
        """What people call the field of a place; its External ID where there is none."""
        field = self.field_at(place)
        return field.label if field is not None else place.target

    def problem_at(self, place: Place) -> Problem | None:
        """The gravest problem of a line."""
        return next((problem for problem in self._problems if problem.place == place), None)

    def failures_of(self, place: Place) -> tuple[int, int]:
        """In how many records a line failed, and of how many, by the last look at all of them."""
        row = self._by_place.get(place)
        if self._report is None or row is None:
            return 0, 0
        return self._report.lines[self.rows.index(row)].failed, self._report.records

    def is_broken(self, place: Place) -> bool:
        """Whether the line of a field cannot be worked at all: its source or a step says nothing that could be read."""
        return place in self._broken

    def trace(self, place: Place) -> list[TracedStep]:
        """Every step of a line on the record that is looked at."""
        row = self._by_place.get(place)
        if row is None or self.record is None:
            return []
        line = self._preview.lines[self._state.rows.index(row)]
        return line.trace(self.record, self._around.context)

    def try_source(self, text: str) -> tuple[object, str]:
        """What a path or template gives on the record that is looked at, and the sentence if it fails."""
        try:
            row = MapRow(source=text, target="value")
            get = compile_source(row, self.connector.all_fields(), self._around.variables).of
            return (None if self.record is None else get(self.record, self._around.context)), ""
        except (UserError, ValueError) as problem:
            return None, _first_sentence(problem)

    def finds_something(self, text: str) -> bool:
        """Whether a path or template gives a value on any of the records that are at hand."""
        try:
            row = MapRow(source=text, target="value")
            get = compile_source(row, self.connector.all_fields(), self._around.variables).of
        except (UserError, ValueError):
            return False
        for record in self._records:
            with suppress(UserError, ValueError):
                if get(record, self._around.context) not in (None, ""):
                    return True
        return False

    # Edits, each one step to undo

    def map(self, place: Place, source: str) -> None:
        """Fill a field from a source."""
        target = self._label_of(place)
        self._edit(
            self.tr("Map {0} to {1}").format(self.source_label(source), target),
            editing.map_source(self.rows, place, source),
        )

    def map_all(self, pairs: Sequence[tuple[Place, str]], text: str) -> None:
        """Fill several fields in one step."""
        rows = self.rows
        for place, source in pairs:
            rows = editing.map_source(rows, place, source)
        self._edit(text, rows)

    def use_constant(self, place: Place, value: str) -> None:
        """Fill a field with the same value for everybody."""
        text = self.tr("Set {0} to “{1}”").format(self._label_of(place), value)
        self._edit(text, editing.use_constant(self.rows, place, value))

    def combine(self, place: Place, template: str) -> None:
        """Fill a field from several sources; where one of them is empty no space is left over."""
        row = self.row_of(place)
        steps = row.transform if row is not None else ()
        rows = editing.map_source(self.rows, place, template)
        if "trim" not in steps:
            rows = editing.set_steps(rows, place, ("trim", *steps))
        self._edit(self.tr("Combine sources for {0}").format(self._label_of(place)), rows)

    def unmap(self, place: Place) -> None:
        """Fill a field no more."""
        if place in self._by_place:
            self._edit(self.tr("Unmap {0}").format(self._label_of(place)), editing.unmap(self.rows, place))

    def toggle_sync_key(self, place: Place) -> None:
        """Make a line a sync key, or no longer one."""
        text = self.tr("Change the sync key {0}").format(self._label_of(place))
        self._edit(text, editing.toggle_sync_key(self.rows, place))

    def move_sync_key(self, place: Place, by: int) -> None:
        """Move a sync key in the order."""
        text = self.tr("Move the sync key {0}").format(self._label_of(place))
        self._edit(text, editing.move_sync_key(self.rows, place, by))

    def set_update_key(self, place: Place, *, update: bool) -> None:
        """Whether a secondary key is also written."""
        text = self.tr("Update sync key {0}").format(self._label_of(place))
        self._edit(text, editing.set_update_key(self.rows, place, update=update))

    def set_steps(self, place: Place, steps: Sequence[str]) -> None:
        """Change the value on its way."""
        text = self.tr("Transform {0}").format(self._label_of(place))
        self._edit(text, editing.set_steps(self.rows, place, steps))

    def set_policy(self, place: Place, policy: Policy) -> None:
        """When the value may replace one that is there."""
        text = self.tr("Change when {0} is written").format(self._label_of(place))
        self._edit(text, editing.set_policy(self.rows, place, policy))

    def reroute(self, before: Place, after: Place) -> None:
        """Let the source of one field fill another instead, with its steps."""
        row = self.row_of(before)
        if row is None or row.source is None or before == after:
            return
        rows = editing.map_source(editing.unmap(self.rows, before), after, row.source)
        rows = editing.set_steps(rows, after, row.transform)
        self._edit(self.tr("Move the link to {0}").format(self._label_of(after)), rows)

    def replace_all(self, text: str, state: BoardState) -> None:
        """Put another state in the place of this one, in one step."""
        self._push(text, state)

    def add_field(
        self,
        label: str,
        kind: FieldType,
        *,
        unique: bool,
        object_kind: ObjectKind,
        lookup: Lookup | None = None,
        source: str = "",
    ) -> Place:
        """Add a field of our own, to be made when the mapping is saved; fill it at once if a source is named."""
        taken = {known.external_id for known in self._targets if known.object is object_kind}
        made = Field(
            object_kind, external_id(label, taken), label, kind, unique=unique, lookup=lookup, position=len(taken)
        )
        place = Place.of(made)
        rows = editing.map_source(self.rows, place, source) if source else self.rows
        after = replace(self._state, rows=rows, new_fields=(*self._state.new_fields, made))
        self._push(self.tr("Add the field {0}").format(label), after)
        return place

    def add_custom(self, label: str, path: str) -> str:
        """Add a source of the admin's own: a path or a template. Returns its id."""
        item = SourceItem(path, label or path, FieldType.SHORT_TEXT, is_custom=True)
        if path not in self._source_by_id:
            self._push(self.tr("Add {0}").format(item.label), replace(self._state, custom=(*self._state.custom, item)))
        return path

    def change_custom(self, name: str, label: str, path: str) -> None:
        """Give a source of the admin's own another name or path; what it fills is filled from the new one."""
        item = SourceItem(path, label or path, FieldType.SHORT_TEXT, is_custom=True)
        others = [known for known in self._state.custom if known.id not in (name, path)]
        rows = self.rows
        for place in self.places_of(name):
            rows = editing.map_source(rows, place, path)
        after = replace(self._state, rows=rows, custom=(*others, item))
        self._push(self.tr("Change {0}").format(item.label), after)

    def remove_custom(self, name: str) -> None:
        """Forget a source of the admin's own that fills nothing."""
        left = tuple(item for item in self._state.custom if item.id != name)
        self._push(self.tr("Remove {0}").format(self.source_label(name)), replace(self._state, custom=left))

    def _on_index_changed(self, _index: int) -> None:
        self.undo_changed.emit()

    def _edit(self, text: str, rows: Rows) -> None:
        self._push(text, replace(self._state, rows=rows))

    def _push(self, text: str, after: BoardState) -> None:
        if after != self._state:
            self.undo_stack.push(_Edit(text, self, self._state, after))

    def take_over(self, state: BoardState) -> None:
        """Stand as this state says; undo and redo come here."""
        self._state = state
        self._report = None
        self._work_out()
        self.changed.emit()

    def note_saved(self, state: BoardState) -> None:
        """This is what is saved now; edits that were made meanwhile are still to be saved."""
        self._saved = state
        self.changed.emit()

    # Records

    def set_records(self, records: Sequence[Record]) -> None:
        """Try the mapping on these from now on."""
        self._records = tuple(records)
        self._at = min(self._at, max(0, len(self._records) - 1))
        self._sample_all()
        self._fill_cells()
        self._problems = self._find_problems()
        self.samples_changed.emit()
        self.record_changed.emit()

    def step(self, by: int) -> None:
        """Look at another record."""
        self.look_at(self._at + by)

    def look_at(self, number: int) -> None:
        """Look at the record of this number, from 0."""
        if self._records and number != self._at and 0 <= number < len(self._records):
            self._at = number
            self._fill_cells()
            self.record_changed.emit()

    def take_report(self, preview: MappingPreview, report: MappingReport) -> None:
        """A look at many records has ended; it counts if nothing was edited meanwhile."""
        if preview is self._preview:
            self._report = report
            self._problems = self._find_problems()
            self.report_changed.emit()

    # Working out

    def _work_out(self) -> None:
        declared = [SourceItem(known.id, known.label, known.type, known.help) for known in self.connector.all_fields()]
        known = {item.id for item in declared}
        extra = [item for item in self._state.custom if item.id not in known]
        named = known | {item.id for item in extra}
        used = dict.fromkeys(
            row.source for row in self._state.rows if row.source is not None and row.source not in named
        )
        typed = [SourceItem(path, path, FieldType.SHORT_TEXT, is_custom=True) for path in used]
        self._sources = (*declared, *extra, *typed)
        self._source_by_id = {item.id: item for item in self._sources}
        main = self._around.main_kind
        kinds = (main, ObjectKind.SAAS_USERS) if self._around.with_saas_users else (main,)
        everything = (*self._around.targets, *self._state.new_fields)
        self._targets = tuple(target for kind in kinds for target in everything if target.object is kind)
        self._field_by_place = {Place.of(target): target for target in self._targets}
        self._by_place = {Place(row.object, row.target): row for row in self._state.rows}
        targets = {kind: [t for t in self._targets if t.object is kind] for kind in kinds}
        self._preview = MappingPreview(self.rows, self.connector.all_fields(), targets, self._around.variables)
        self._broken = {
            Place(row.object, row.target)
            for row, line in zip(self.rows, self._preview.lines, strict=True)
            if line.broken
        }
        self._problems = self._find_problems()
        self._sample_new()
        self._fill_cells()

    def _find_problems(self) -> list[Problem]:
        warnings = warnings_for_launch(self.rows, self.connector)
        keys = self._preview.look_at_keys(self._records, self._around.context)
        return find_problems(
            self.rows,
            self._field_by_place,
            self._preview,
            self._report,
            warnings,
            keys=keys,
            sampled=len(self._records),
        )

    def _sample_all(self) -> None:
        self._samples = {}
        self._sample_new()

    def _sample_new(self) -> None:
        if not self._records:
            return
        for item in self._sources:
            if item.id not in self._samples:
                self._samples[item.id] = sample_field(self._getter(item), self._records)

    def _getter(self, item: SourceItem) -> Callable[[Record], Any]:
        if item.id == CONNECTOR_SYNC_TIME or item.id.startswith(CONNECT):
            value = self._around.context.get(item.id)
            return lambda _record: value
        known = self.connector.find_field(item.id)
        if known is not None:
            return compile_path(known.path) if known.path else lambda _record: None
        try:
            get = compile_source(
                MapRow(source=item.id, target="value"), self.connector.all_fields(), self._around.variables
            ).of
        except (UserError, ValueError):
            return lambda _record: None
        return lambda record: get(record, self._around.context)

    def _fill_cells(self) -> None:
        if self.record is None:
            self._cells: dict[Place, Cell] = {}
            return
        cells = self._preview.cells(self.record, self._around.context)
        self._cells = {Place(row.object, row.target): cell for row, cell in zip(self.rows, cells, strict=True)}

    def value_in_record(self, source: str) -> str:
        """What a source has in the record that is looked at, in a few words."""
        item = self._source_by_id.get(source)
        if item is None or self.record is None:
            return ""
        try:
            value = self._getter(item)(self.record)
        except ValueError:
            return ""
        return "" if value in (None, "") else example_of(value)

    def _label_of(self, place: Place) -> str:
        found = self._field_by_place.get(place)
        return found.label if found is not None else place.target


def _first_sentence(problem: Exception) -> str:
    errors = getattr(problem, "errors", None)
    if callable(errors):
        return str(errors()[0]["msg"]).removeprefix("Value error, ")
    return str(problem)
