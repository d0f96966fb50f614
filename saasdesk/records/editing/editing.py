"""One record made or changed by a person's hand: what was typed, what is wrong with it, and what is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind, Stored, fold_key, to_stored
from saasdesk.fields.rows import list_fields
from saasdesk.records import rows as written
from saasdesk.records.apply import apply, apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.records.editing import rows as sql
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user
from saasdesk.store.audit import record as note

# Accounts and licences are what a vendor says; who would type them would contradict it at the next run.
EDITED_KINDS = (ObjectKind.PEOPLE, ObjectKind.ASSETS)

_ONE = {ObjectKind.PEOPLE: "person", ObjectKind.ASSETS: "asset"}
_MOST_NAMES = 20
# These hold the number of another record, which nobody types.
_REFERENCES = frozenset({"person", "saas_application", "saas_user"})


class FieldProblems(UserError):
    """What is wrong with what was typed: a sentence for each field, by External ID."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class FormRecord:
    """A record as a form shows it: its fields that a hand may change, each with its text. A new one has no number."""

    kind: ObjectKind
    record: int | None
    name: str
    fields: tuple[Field, ...]
    values: Mapping[str, Stored]

    def text(self, field: Field) -> str:
        """What the form shows of a field at first."""
        value = self.values.get(field.external_id)
        return "" if value is None else str(value)


def empty_form(store: Store, kind: ObjectKind) -> FormRecord:
    """A form for a new record, with the defaults of its fields."""
    with store.reading() as db:
        fields = editable_fields(db, kind)
    return FormRecord(kind, None, "", fields, {field.external_id: field.default for field in fields})


def form_of(store: Store, kind: ObjectKind, record: int) -> FormRecord:
    """A form on a record as it is now; a UserError when it is gone."""
    with store.reading(snapshot=True) as db:
        fields = editable_fields(db, kind)
        values = sql.values_of(db, kind, record, fields)
        if values is None:
            raise UserError(f"This {_ONE[kind]} is gone.")
        return FormRecord(kind, record, sql.name_of(db, kind, record), fields, values)


def add_record(store: Store, kind: ObjectKind, texts: Mapping[str, str]) -> int:
    """Make a record of what was typed, by External ID; FieldProblems says what is wrong. Returns its number."""

    def work(db: Connection) -> int:
        values = checked_values(db, kind, texts, 0)
        label = str(values.get("name") or values.get("username") or "")
        with written.one_new_record(db, kind, values, label, "added by hand") as schema:
            apply(db, schema, kind, _hand(), now_text())
        number = sql.newest(db, kind)
        note(db, "record.added", sql.name_of(db, kind, number), {"object": kind.value, "record": number})
        return number

    return store.write(work)


def edit_record(store: Store, form: FormRecord, texts: Mapping[str, str]) -> tuple[FieldEdit, ...]:
    """Write what was typed into a form; returns what that changed, nothing where all is as it was.

    FieldProblems says what is wrong, a UserError that somebody changed the record since the form was opened.
    """
    kind, record = form.kind, form.record
    if record is None:
        raise ValueError("a new record is added, not edited")

    def work(db: Connection) -> tuple[FieldEdit, ...]:
        changed = {field.external_id for field in form.fields if texts.get(field.external_id, "") != form.text(field)}
        wanted = {name: text for name, text in texts.items() if name in changed}
        values = checked_values(db, kind, wanted, record)
        changes = tuple(
            FieldEdit(name, form.values.get(name), value)
            for name, value in values.items()
            if value != form.values.get(name)
        )
        if changes:
            _write_edit(db, form, changes, "edited by hand")
        return changes

    return store.write(work)


def take_back(store: Store, form: FormRecord, changes: Sequence[FieldEdit]) -> None:
    """Undo an edit, unless somebody has changed the record since."""
    back = tuple(FieldEdit(change.field, change.after, change.before) for change in changes)
    store.write(lambda db: _write_edit(db, form, back, "edit taken back"))


def set_archived(store: Store, kind: ObjectKind, records: Sequence[int], why: str, *, archived: bool) -> list[int]:
    """Archive these records, or take them out of the archive; returns those that were not so already."""
    state = ChangeKind.ARCHIVE if archived else ChangeKind.RESTORE

    def work(db: Connection) -> list[int]:
        known = sql.archived_of(db, kind, records)
        wanted = [RecordEdit(state, number, name, why) for number, name, is_so in known if is_so is not archived]
        if wanted:
            write_edits(db, kind, wanted)
            names = [edit.label for edit in wanted[:_MOST_NAMES]]
            note(db, f"records.{state.value}d", why, {"object": kind.value, "count": len(wanted), "names": names})
        return [edit.record for edit in wanted]

    return store.write(work)


def _write_edit(db: Connection, form: FormRecord, changes: tuple[FieldEdit, ...], why: str) -> None:
    if form.record is None:
        raise ValueError("a new record is added, not edited")
    write_edits(db, form.kind, [RecordEdit(ChangeKind.UPDATE, form.record, form.name, why, changes)])
    changed = {change.field: [change.before, change.after] for change in changes}
    note(
        db,
        "record.edited",
        form.name,
        {"object": form.kind.value, "record": form.record, "changed": changed, "why": why},
    )


def _hand() -> Cause:
    return Cause("by hand", operating_system_user())


def write_edits(db: Connection, kind: ObjectKind, edits: Sequence[RecordEdit]) -> None:
    """Write what a hand decided, all of it or, with a UserError, nothing."""
    refused = apply_edits(db, kind, edits, _hand(), now_text())
    if refused:
        raise UserError(
            f"“{refused[0].label}” was changed meanwhile, and nothing was written. Look at it again, then decide."
        )


def editable_fields(db: Connection, kind: ObjectKind) -> tuple[Field, ...]:
    """The fields that a hand may change: those that come first in the data model come first."""
    columns = sql.columns_of(db, kind)
    return tuple(
        field.given_by_hand()
        for field in list_fields(db, kind)
        if field.editable and field.external_id in columns and not _is_reference(kind, field)
    )


def _is_reference(kind: ObjectKind, field: Field) -> bool:
    return kind is not ObjectKind.PEOPLE and field.builtin and field.external_id in _REFERENCES


def checked_values(db: Connection, kind: ObjectKind, texts: Mapping[str, str], record: int) -> dict[str, Stored]:
    """The values as the columns keep them; FieldProblems where one cannot be kept, is missing, or is another's."""
    known = {field.external_id: field for field in editable_fields(db, kind)}
    values: dict[str, Stored] = {}
    problems: dict[str, str] = {}
    for name, text in texts.items():
        field = known.get(name)
        if field is None:
            problems[name] = f"There is no field “{name}” that can be edited."
            continue
        try:
            values[name] = to_stored(text.strip(), field)
        except ValueError as problem:
            problems[name] = f"{problem}."
            continue
        wrong = _problem_of(db, kind, field, values[name], record)
        if wrong:
            problems[name] = wrong
    if not record:
        for field in known.values():
            if field.mandatory and values.get(field.external_id) is None and field.external_id not in problems:
                problems[field.external_id] = f"{field.label} is mandatory."
    if problems:
        raise FieldProblems(problems)
    return values


def _problem_of(db: Connection, kind: ObjectKind, field: Field, value: Stored, record: int) -> str:
    if value is None:
        return f"{field.label} is mandatory." if field.mandatory else ""
    if field.unique and (key := fold_key(value)) is not None:
        owner = sql.owner_of_value(db, kind, field, key, record)
        if owner is not None:
            return f"{field.label} is unique, and “{owner}” has this value."
    return ""
