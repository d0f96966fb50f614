"""Many records through blocks that do everything here: one transaction for all of them instead of several for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from saasdesk.clock import now_text
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import ChangeKind, FieldEdit, RecordEdit
from saasdesk.records.listing import RecordList
from saasdesk.store import Connection
from saasdesk.workflows.blocks.kind import Done, FieldChange, Visit
from saasdesk.workflows.graph import FAILURE
from saasdesk.workflows.passing import MOVED, NO_FIT, Passing, step_row
from saasdesk.workflows.planning import Way, way_of
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.records import matching_query, read_records
from saasdesk.workflows.results import Ended, RunState
from saasdesk.workflows.rows import run_rows

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Passed:
    """A record that is ready to be written down; without a way it does not fit any more."""

    record: RecordView
    way: Way | None

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        return () if self.way is None else self.way.changes


def send_together(passing: Passing, ways: Sequence[Way]) -> tuple[list[Ended], list[Way]]:
    """Send records through whose ways stay here; those that must go alone after all are given back."""
    ids = [way.record for way in ways]
    fresh = {record.id: record for record in read_records(passing.store, passing.kind, ids, passing.stop)}
    query = matching_query(passing.drawing.settings(passing.drawing.begin))
    let_in = set(RecordList(passing.store, passing.kind).ids(query, passing.stop, only=ids))
    ready: list[_Passed] = []
    alone: list[Way] = []
    for way in ways:
        record = fresh.get(way.record)
        if record is None:
            continue
        new = way_of(passing.drawing, passing.world, record) if record.id in let_in else None
        # A field that two blocks write has two rows in its history: one after the other.
        if new is not None and not (new.is_local and len(new.changed_fields) == len(set(new.changed_fields))):
            alone.append(way)
        else:
            ready.append(_Passed(record, new))
    return passing.store.write(lambda db: _write(db, passing, ready)), alone


def _write(db: Connection, passing: Passing, ready: Sequence[_Passed]) -> list[Ended]:
    at = now_text()
    begun: list[tuple[int, _Passed]] = []
    for each in ready:
        run = run_rows.begin_run(db, passing.workflow, each.record, passing.event_of(each.record.id), at)
        if run is not None:
            begun.append((run, each))
    edits = [_edit(each) for _, each in begun if each.changes]
    moved = {edit.record for edit in apply_edits(db, passing.kind, edits, passing.cause, at)} if edits else set()
    return [_note(db, passing, run, each, at, has_moved=each.record.id in moved) for run, each in begun]


def _edit(each: _Passed) -> RecordEdit:
    fields = tuple(FieldEdit(change.field, change.before, change.after) for change in each.changes)
    return RecordEdit(ChangeKind.UPDATE, each.record.id, each.record.label, "Update record", fields)


def _note(db: Connection, passing: Passing, run: int, each: _Passed, at: str, *, has_moved: bool) -> Ended:
    """Write down how one record came through."""
    state, message = RunState.COMPLETED, ""
    if each.way is None or has_moved:
        state, message = RunState.FAILED, MOVED if has_moved else NO_FIT
    else:
        steps = _steps(passing, each.record, each.way)
        run_rows.add_steps(db, run, 0, steps)
        failed = next((step for step in reversed(steps) if step.outlet == FAILURE), None)
        if failed is not None:
            state, message = RunState.FAILED, failed.message
    run_rows.finish_run(db, run, state.value, message, at)
    return Ended(run, each.record.id, each.record.label, state, message)


def _steps(passing: Passing, record: RecordView, way: Way) -> list[run_rows.StepRow]:
    values: dict[str, Value] = {}
    variables: dict[str, Value] = {}
    found = []
    for step in way.steps:
        foreseen = step.foreseen
        visit = Visit(record, passing.world, dict(values), dict(variables))
        done = Done(
            foreseen.outlet, foreseen.problem or foreseen.message, foreseen.changes, variables=foreseen.variables
        )
        found.append(step_row(passing.drawing, passing.drawing.blocks[step.block], visit, done, 0))
        values.update({change.field: change.after for change in foreseen.changes})
        variables.update(foreseen.variables)
    return found
