"""The one way to write records: values, history, feeders and triggers land together or not at all."""

from collections.abc import Sequence

from saasdesk.fields import ObjectKind
from saasdesk.records import rows
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.records.search import note_changes
from saasdesk.store import Connection

__all__ = ["Cause", "ChangeKind", "FieldEdit", "RecordEdit", "apply", "apply_edits"]


def apply(db: Connection, schema: str, kind: ObjectKind, cause: Cause, at: str) -> None:
    """Carry out what `schema`'s change tables say about one kind of record, inside the caller's transaction.

    Unique values are taken away from all who lose them before anybody gets one, so two people can swap theirs.
    What is marked `held` is left alone. New records get their ids here, written back to `plan_record.record`.
    """
    happening = rows.kinds_of_changes(db, schema, kind)
    if not happening:
        return
    columns = rows.columns_of(db, kind)
    if ChangeKind.UPDATE in happening:
        changed = rows.changed_columns(db, schema, kind, columns)
        rows.clear_unique_values(db, schema, kind, columns, changed)
        rows.remember_feeders(db, schema, kind, cause)
        rows.write_updates(db, schema, kind, columns, changed, at)
    if ChangeKind.CREATE in happening:
        rows.create_records(db, schema, kind, columns, cause, at)
        if not cause.integration:
            rows.remember_hand(db, schema, kind, columns)
    rows.set_activity(db, schema, kind, happening, cause, at)
    note_changes(db, schema, kind)
    rows.write_history(db, schema, kind, cause, at)
    if kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS):
        rows.write_triggers(db, schema, kind, cause, at)


def apply_edits(
    db: Connection, kind: ObjectKind, edits: Sequence[RecordEdit], cause: Cause, at: str
) -> list[RecordEdit]:
    """Carry out a person's edits and return those refused because the record had moved on meanwhile."""
    refused = [edit for edit in edits if rows.has_moved(db, kind, edit)]
    wanted = [edit for edit in edits if edit not in refused]
    with rows.small_change_tables(db, kind, wanted) as schema:
        apply(db, schema, kind, cause, at)
    rows.look_again(db, kind, [edit.record for edit in wanted])
    return refused
