"""One field of many records given one value by a person's hand: what would change, what is written, the way back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind, Stored
from saasdesk.records.changes import ChangeKind, FieldEdit, RecordEdit
from saasdesk.records.editing import rows as sql
from saasdesk.records.editing.editing import FieldProblems, checked_values, editable_fields, write_edits
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record as note

_NOUNS = {ObjectKind.PEOPLE: "people", ObjectKind.ASSETS: "assets"}
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One record whose value would change, with the value that it has."""

    record: int
    name: str
    before: Stored


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What an edit of many records would write: every line gets the same value. Some have it already."""

    kind: ObjectKind
    field: Field
    after: Stored
    lines: tuple[BulkLine, ...]
    unchanged: int = 0


def fields_for_many(store: Store, kind: ObjectKind, count: int) -> tuple[Field, ...]:
    """The fields that this many records can be given at once; a UserError when they are more than the limit."""
    limit = store.settings().bulk_edit_limit
    if count > limit:
        raise UserError(
            f"{count:,} {_NOUNS[kind]} are selected, and at most {limit:,} are edited at once. "
            "Select fewer, or raise “Records edited at once” in the settings."
        )
    with store.reading() as db:
        return editable_fields(db, kind)


def plan_bulk(store: Store, kind: ObjectKind, field: str, text: str, records: Sequence[int]) -> BulkPlan:
    """What would change if these records got this value; FieldProblems says why they cannot get it."""
    fields_for_many(store, kind, len(records))
    with store.reading(snapshot=True) as db:
        known = {each.external_id: each for each in editable_fields(db, kind)}
        wanted = known.get(field)
        if wanted is not None and wanted.unique and text.strip() and len(records) > 1:
            raise FieldProblems({field: f"{wanted.label} is unique: only one record can have a value. Edit it alone."})
        # A record of its own number is not in its own way where the value must be unique.
        after = checked_values(db, kind, {field: text}, records[0] if records else -1)[field]
        values = sql.field_of_many(db, kind, known[field], records)
    changed = tuple(BulkLine(*each) for each in values if each[2] != after)
    return BulkPlan(kind, known[field], after, changed, len(values) - len(changed))


def apply_bulk(store: Store, plan: BulkPlan, left_out: Collection[int] = ()) -> BulkPlan:
    """Write a plan without these records, whole or not at all; returns what was written, to be taken back by."""
    lines = tuple(line for line in plan.lines if line.record not in left_out)
    done = BulkPlan(plan.kind, plan.field, plan.after, lines)
    edits = [_edit(done, line, line.before, done.after, "edited by hand, with others") for line in lines]
    store.write(lambda db: _write(db, done, edits, "records.edited"))
    return done


def take_back_bulk(store: Store, done: BulkPlan) -> None:
    """Give every record the value that it had; refused where somebody has changed one of them since."""
    edits = [_edit(done, line, done.after, line.before, "edit of many taken back") for line in done.lines]
    store.write(lambda db: _write(db, done, edits, "records.edit_taken_back"))


def _edit(plan: BulkPlan, line: BulkLine, before: Stored, after: Stored, why: str) -> RecordEdit:
    change = FieldEdit(plan.field.external_id, before, after)
    return RecordEdit(ChangeKind.UPDATE, line.record, line.name, why, (change,))


def _write(db: Connection, plan: BulkPlan, edits: Sequence[RecordEdit], action: str) -> None:
    if edits:
        write_edits(db, plan.kind, edits)
        detail = {
            "object": plan.kind.value,
            "field": plan.field.external_id,
            "value": plan.after,
            "count": len(edits),
            "names": [edit.label for edit in edits[:_MOST_NAMES]],
        }
        note(db, action, plan.field.label, detail)
