"""Two people made one: which record stays, which value of each field, and everything that hangs on the other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind, Stored
from saasdesk.fields.rows import list_fields
from saasdesk.records import rows as written
from saasdesk.records.apply import Cause, ChangeKind, FieldEdit, RecordEdit, apply_edits
from saasdesk.records.editing import rows as records
from saasdesk.records.merging import rows as sql
from saasdesk.records.merging.rows import FeederRow, LinkRow, MergeRow
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user, record

_KIND = ObjectKind.PEOPLE


@dataclass(frozen=True, slots=True)
class Moves:
    """What goes over to the person who stays."""

    accounts: int
    licences: int
    assets: int
    runs: int


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do, as it was looked at: `kept` stays, `gone` is archived.

    `values` has for each field (of the one who stays, of the other) where either has any.
    """

    kept: int
    gone: int
    kept_name: str
    gone_name: str
    fields: tuple[Field, ...]
    values: Mapping[str, tuple[Stored, Stored]]
    moves: Moves

    @property
    def conflicts(self) -> tuple[Field, ...]:
        """The fields in which both have a value, and not the same: somebody has to choose."""
        return tuple(field for field in self.fields if self._is_conflict(*self.values[field.external_id]))

    @property
    def filled(self) -> tuple[Field, ...]:
        """The fields that only the one who goes has: they are taken over."""
        return tuple(
            field
            for field in self.fields
            if _is_blank((v := self.values[field.external_id])[0]) and not _is_blank(v[1])
        )

    @staticmethod
    def _is_conflict(mine: Stored, theirs: Stored) -> bool:
        return not _is_blank(mine) and not _is_blank(theirs) and mine != theirs


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was made."""

    number: int
    kept: int
    kept_name: str
    gone_name: str


def plan_merge(store: Store, kept: int, gone: int) -> MergePlan:
    """Look at both; a UserError says why they cannot be merged."""
    with store.reading(snapshot=True) as db:
        return _plan(db, kept, gone)


def _plan(db: Connection, kept: int, gone: int) -> MergePlan:
    if kept == gone:
        raise UserError("A person cannot be merged with themselves. Choose two people.")
    for person in (kept, gone):
        if sql.is_archived(db, person) is not False:
            name = records.name_of(db, _KIND, person) or "This person"
            raise UserError(f"{name} is in the archive or gone, and cannot be merged. Restore the person first.")
    columns = records.columns_of(db, _KIND)
    fields = [field for field in list_fields(db, _KIND) if field.external_id in columns]
    mine = records.values_of(db, _KIND, kept, fields) or {}
    theirs = records.values_of(db, _KIND, gone, fields) or {}
    known = [f for f in fields if not (_is_blank(mine[f.external_id]) and _is_blank(theirs[f.external_id]))]
    return MergePlan(
        kept,
        gone,
        records.name_of(db, _KIND, kept),
        records.name_of(db, _KIND, gone),
        tuple(known),
        {f.external_id: (mine[f.external_id], theirs[f.external_id]) for f in known},
        Moves(
            len(sql.held_by(db, "saas_user", gone)),
            sql.count_licences(db, gone),
            len(sql.held_by(db, "asset", gone)),
            len(sql.runs_of(db, gone)),
        ),
    )


def merge(store: Store, plan: MergePlan, theirs: Collection[str] = ()) -> Merged:
    """Carry the plan out in one transaction; of the fields in `theirs` the value of the one who goes is kept.

    A UserError says that somebody changed one of them since the plan was made.
    """

    def work(db: Connection) -> Merged:
        if _plan(db, plan.kept, plan.gone) != plan:
            raise UserError("One of the two was changed meanwhile, and nothing was merged. Look at them again.")
        at, who = now_text(), operating_system_user()
        return _merge(db, plan, {*theirs, *(field.external_id for field in plan.filled)}, at, who)

    return store.write(work)


def _merge(db: Connection, plan: MergePlan, taken: set[str], at: str, who: str) -> Merged:
    kept, gone = plan.kept, plan.gone
    cause = Cause("merge", who)
    why = f"merged with {plan.gone_name}"
    unique = written.columns_of(db, _KIND).unique
    feeders = sql.feeders_of(db, (kept, gone))
    gained = tuple(
        FieldEdit(name, mine, other) for name, (mine, other) in plan.values.items() if name in taken and mine != other
    )
    # Whoever goes keeps no unique value: at the next run it would stand against the one who stays.
    given = tuple(
        FieldEdit(name, other, None)
        for name, (_, other) in plan.values.items()
        if name in unique and not _is_blank(other)
    )
    edits = [
        RecordEdit(ChangeKind.UPDATE, kept, plan.kept_name, why, gained),
        RecordEdit(ChangeKind.UPDATE, gone, plan.gone_name, f"merged into {plan.kept_name}", given),
    ]
    _apply(db, [edit for edit in edits if edit.fields], cause, at)
    owner = sql.owner_of(db, gone)
    fed = {row.field: row.integration for row in feeders if row.record == gone}
    for edit in gained:
        # Who fed a value there goes on feeding it here.
        sql.set_feeder(db, kept, edit.field, fed.get(edit.field, owner if owner is not None else 0))
    moved = {table: sql.held_by(db, table, gone) for _, table in sql.MOVED}
    for kind, table in sql.MOVED:
        reassigned = [
            RecordEdit(ChangeKind.UPDATE, number, name, why, (FieldEdit("person", gone, kept),))
            for number, name in moved[table]
        ]
        _hand_over(db, kind, reassigned, cause, at)
    links, known = sql.links_of(db, gone), {link.integration for link in sql.links_of(db, kept)}
    for link in links:
        # Of two records of one vendor the second adds what is lacking, and does not take turns with the first.
        sql.move_link(db, link._replace(by_hand=link.by_hand or link.integration in known), gone, kept)
        known.add(link.integration)
    runs = sql.runs_of(db, gone)
    sql.move_runs(db, runs, kept)
    archived = RecordEdit(ChangeKind.ARCHIVE, gone, plan.gone_name, f"merged into {plan.kept_name}")
    _apply(db, [archived], cause, at)
    document = {
        "kept_name": plan.kept_name,
        "gone_name": plan.gone_name,
        "gained": [(edit.field, edit.before, edit.after) for edit in gained],
        "given": [(edit.field, edit.before) for edit in given],
        "feeders": [tuple(row) for row in feeders],
        "moved": moved,
        "links": [tuple(link) for link in links],
        "runs": runs,
    }
    number = sql.insert_merge(db, kept, gone, at, who, document)
    sql.hand_keys_on(db, gone, kept)
    sql.keep_keys(db, number, kept, {edit.field: edit.before for edit in given if edit.field not in taken})
    detail = {"kept": kept, "gone": gone, "fields": sorted(edit.field for edit in gained), "merge": number}
    record(db, "people.merged", plan.kept_name, {**detail, "with": plan.gone_name})
    return Merged(number, kept, plan.kept_name, plan.gone_name)


def merges_of(store: Store, person: int) -> list[MergeRow]:
    """The merges of a person that can be undone, newest first."""
    with store.reading() as db:
        return sql.merges_of(db, person)


def undo_merge(store: Store, number: int) -> Merged:
    """Make two of one again, each with what was theirs; what was changed since stays with the one who stayed.

    A UserError where it was undone already, or the one who stayed was merged again since.
    """

    def work(db: Connection) -> Merged:
        found = sql.read_merge(db, number)
        if found is None or found[3] is not None:
            raise UserError("This merge was undone already.")
        kept, gone, document, _ = found
        later = [each for each in sql.merges_of(db, kept) if each.id > number]
        if later:
            raise UserError(
                f"{document['kept_name']} was merged with {later[0].gone_name} since. Undo that merge first."
            )
        at = now_text()
        _take_apart(db, kept, gone, document, Cause("merge undone", operating_system_user()), at)
        sql.end_merge(db, number, at)
        record(db, "people.merge_undone", document["kept_name"], {"kept": kept, "gone": gone, "merge": number})
        return Merged(number, kept, document["kept_name"], document["gone_name"])

    return store.write(work)


def _take_apart(db: Connection, kept: int, gone: int, document: Mapping[str, Any], cause: Cause, at: str) -> None:
    why = f"merge with {document['gone_name']} undone"
    now = _values(db, kept, [field for field, _, _ in document["gained"]])
    back = tuple(
        FieldEdit(field, after, before) for field, before, after in document["gained"] if now.get(field) == after
    )
    returned = {edit.field for edit in back}
    lost = {field for field, _, _ in document["gained"]} - returned
    free = tuple(
        FieldEdit(field, None, value)
        for field, value in document["given"]
        if field not in lost and _is_free(db, field, value, kept, may_be_kepts=field in returned)
    )
    _apply(db, [RecordEdit(ChangeKind.RESTORE, gone, document["gone_name"], why)], cause, at)
    edits = [
        RecordEdit(ChangeKind.UPDATE, kept, document["kept_name"], why, back),
        RecordEdit(ChangeKind.UPDATE, gone, document["gone_name"], why, free),
    ]
    _apply(db, [edit for edit in edits if edit.fields], cause, at)
    feeders = [FeederRow(*row) for row in document["feeders"]]
    sql.put_feeders_back(db, kept, returned, feeders)
    sql.put_feeders_back(db, gone, [edit.field for edit in free], feeders)
    for kind, table in sql.MOVED:
        there = {number for number, _ in sql.held_by(db, table, kept)}
        edits = [
            RecordEdit(ChangeKind.UPDATE, number, name, why, (FieldEdit("person", kept, gone),))
            for number, name in document["moved"][table]
            if number in there
        ]
        _hand_over(db, kind, edits, cause, at)
    for row in document["links"]:
        sql.move_link(db, LinkRow(*row), kept, gone)
    sql.move_runs(db, document["runs"], gone)


def _hand_over(db: Connection, kind: ObjectKind, edits: list[RecordEdit], cause: Cause, at: str) -> None:
    """Give accounts or assets to the other; whoever said whose they are goes on saying it."""
    theirs = [edit.record for edit in edits]
    feeders = sql.feeders_of_owners(db, kind, theirs)
    apply_edits(db, kind, edits, cause, at)
    sql.put_feeders_of_owners_back(db, kind, theirs, feeders)


def _values(db: Connection, person: int, names: list[str]) -> dict[str, Stored]:
    there = records.columns_of(db, _KIND)
    fields = [field for field in list_fields(db, _KIND) if field.external_id in names and field.external_id in there]
    return (records.values_of(db, _KIND, person, fields) or {}) if fields else {}


def _is_free(db: Connection, name: str, value: Stored, kept: int, *, may_be_kepts: bool) -> bool:
    """Whether a unique value can go back: nobody has it, or only the one who gives it back in the same step."""
    field = next((each for each in list_fields(db, _KIND) if each.external_id == name), None)
    return field is not None and sql.holder_of(db, name, value) in ({None, kept} if may_be_kepts else {None})


def _apply(db: Connection, edits: list[RecordEdit], cause: Cause, at: str) -> None:
    refused = apply_edits(db, _KIND, edits, cause, at)
    if refused:
        raise UserError(f"“{refused[0].label}” was changed meanwhile, and nothing was merged. Look at them again.")


def _is_blank(value: Stored) -> bool:
    return value is None or value == ""
