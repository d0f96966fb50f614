"""SQL that writes records and their history; every value is a parameter, every column name comes from the tables."""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from saasdesk.fields import ObjectKind, quote
from saasdesk.records.changes import Cause, ChangeKind, RecordEdit
from saasdesk.store import Connection

_SYSTEM_COLUMNS = frozenset(
    {
        "id",
        "owner_integration",
        "created_by",
        "created_at",
        "updated_at",
        "deactivated",
        "deactivated_at",
        "deactivated_reason",
        "deactivated_session",
        "archived",
    }
)


@dataclass(frozen=True, slots=True)
class RecordColumns:
    """The columns of a record table: what fields fill, and which of them have copies of themselves beside them.

    `keyed` have a folded one, `<name>__key`; `ordered` one in the order of readers, `<name>__order`.
    """

    values: tuple[str, ...]
    keyed: frozenset[str]
    ordered: frozenset[str]
    unique: frozenset[str]
    without_history: frozenset[str]

    def key_columns(self) -> tuple[str, ...]:
        """The `__key` columns, in the order of their fields."""
        return tuple(f"{name}__key" for name in self.values if name in self.keyed)


def columns_of(db: Connection, kind: ObjectKind) -> RecordColumns:
    """What the table of this kind of record looks like now."""
    names = [row[1] for row in db.execute_sql(f"PRAGMA main.table_info({quote(kind.table)})")]
    keyed = frozenset(name.removesuffix("__key") for name in names if name.endswith("__key"))
    ordered = frozenset(name.removesuffix("__order") for name in names if name.endswith("__order"))
    beside = frozenset((*(f"{name}__key" for name in keyed), *(f"{name}__order" for name in ordered)))
    flags = db.execute_sql(
        "SELECT external_id, is_unique, history FROM main.field WHERE object = ?", (kind.value,)
    ).fetchall()
    return RecordColumns(
        values=tuple(name for name in names if name not in _SYSTEM_COLUMNS | beside),
        keyed=keyed,
        ordered=ordered,
        unique=frozenset(name for name, unique, _ in flags if unique) & keyed,
        without_history=frozenset(name for name, _, history in flags if not history),
    )


def kinds_of_changes(db: Connection, schema: str, kind: ObjectKind) -> frozenset[ChangeKind]:
    """What happens to records of this kind at all: most runs create nobody, and need not look for whom."""
    kinds = db.execute_sql(
        f"SELECT DISTINCT kind FROM {schema}.plan_record WHERE object = ? AND NOT held", (kind.value,)
    )
    return frozenset(ChangeKind(name) for (name,) in kinds) - {ChangeKind.SKIP, ChangeKind.ERROR}


def changed_columns(db: Connection, schema: str, kind: ObjectKind, columns: RecordColumns) -> list[str]:
    """The columns to write; a change may also tell of what is kept elsewhere, such as whose a licence is."""
    rows = db.execute_sql(
        f"""
        SELECT DISTINCT f.field
        FROM {schema}.plan_record r JOIN {schema}.plan_field f ON f.seq = r.seq
        WHERE r.object = ? AND r.kind = 'update' AND NOT r.held
        """,
        (kind.value,),
    )
    return [name for (name,) in rows if name in columns.values]


def clear_unique_values(
    db: Connection, schema: str, kind: ObjectKind, columns: RecordColumns, changed: Sequence[str]
) -> None:
    """Take every unique value that is about to change away from its record."""
    for name in changed:
        if name in columns.unique:
            db.execute_sql(
                f"""
                UPDATE main.{quote(kind.table)} SET {quote(name)} = NULL, {quote(name + "__key")} = NULL
                WHERE id IN (
                    SELECT r.record FROM {schema}.plan_record r JOIN {schema}.plan_field f ON f.seq = r.seq
                    WHERE r.object = ? AND r.kind = 'update' AND NOT r.held AND f.field = ?
                )
                """,
                (kind.value, name),
            )


def write_updates(
    db: Connection, schema: str, kind: ObjectKind, columns: RecordColumns, changed: Sequence[str], at: str
) -> None:
    """Set every changed value, one statement a field."""
    for name in changed:
        key = f", {quote(name + '__key')} = fold(f.after)" if name in columns.keyed else ""
        order = f", {quote(name + '__order')} = sort_key(f.after)" if name in columns.ordered else ""
        db.execute_sql(
            f"""
            UPDATE main.{quote(kind.table)} AS t SET {quote(name)} = f.after{key}{order}, updated_at = ?
            FROM {schema}.plan_record r JOIN {schema}.plan_field f ON f.seq = r.seq
            WHERE r.object = ? AND r.kind = 'update' AND NOT r.held AND f.field = ? AND t.id = r.record
            """,
            (at, kind.value, name),
        )


def remember_feeders(db: Connection, schema: str, kind: ObjectKind, cause: Cause) -> None:
    """Note who feeds a value from now on, where that is not the one who fed it so far."""
    db.execute_sql(
        f"""
        INSERT OR REPLACE INTO main.value_owner (object, record, field, integration)
        SELECT ?1, r.record, f.field, ?2
        FROM {schema}.plan_record r
        JOIN {schema}.plan_field f ON f.seq = r.seq
        JOIN main.{quote(kind.table)} t ON t.id = r.record
        LEFT JOIN main.value_owner o ON o.object = ?1 AND o.record = r.record AND o.field = f.field
        WHERE r.object = ?1 AND r.kind = 'update' AND NOT r.held
          AND coalesce(o.integration, t.owner_integration, -1) <> ?2
        """,
        (kind.value, cause.integration),
    )


def create_records(
    db: Connection, schema: str, kind: ObjectKind, columns: RecordColumns, cause: Cause, at: str
) -> None:
    """Insert the new records from their wide table and write their ids back into the plan."""
    table = quote(kind.table)
    (highest,) = db.execute_sql(f"SELECT coalesce(max(id), 0) FROM main.{table}").fetchone()
    db.execute_sql(
        f"""
        UPDATE {schema}.plan_record SET record = ?1 + 1 + seq - (
            SELECT min(seq) FROM {schema}.plan_record WHERE object = ?2 AND kind = 'create' AND NOT held
        )
        WHERE object = ?2 AND kind = 'create' AND NOT held
        """,
        (highest, kind.value),
    )
    offered = {row[1] for row in db.execute_sql(f"PRAGMA {schema}.table_info({quote('new_' + kind.table)})")}
    filled = [name for name in (*columns.values, *columns.key_columns()) if name in offered]
    ordered = sorted(columns.ordered & offered)
    names = "".join(f", {quote(name)}" for name in (*filled, *(f"{name}__order" for name in ordered)))
    values = "".join(f", n.{quote(name)}" for name in filled) + "".join(
        f", sort_key(n.{quote(name)})" for name in ordered
    )
    db.execute_sql(
        f"""
        INSERT INTO main.{table} (
            id, created_at, updated_at, created_by, owner_integration,
            deactivated, deactivated_at, deactivated_reason, deactivated_session{names}
        )
        SELECT r.record, ?1, ?1, ?2, nullif(?3, 0),
            n.inactive, iif(n.inactive, ?1, NULL), iif(n.inactive, 'inactive at the vendor', NULL),
            iif(n.inactive, ?4, NULL){values}
        FROM {schema}.plan_record r JOIN {schema}.{quote("new_" + kind.table)} n ON n.vendor_id = r.vendor_id
        WHERE r.object = ?5 AND r.kind = 'create' AND NOT r.held
        ORDER BY r.seq
        """,
        (at, cause.who, cause.integration, cause.session, kind.value),
    )


def remember_hand(db: Connection, schema: str, kind: ObjectKind, columns: RecordColumns) -> None:
    """What a person wrote into a new record is theirs; no integration owns the record, so each value says so."""
    for name in columns.values:
        db.execute_sql(
            f"""
            INSERT OR REPLACE INTO main.value_owner (object, record, field, integration)
            SELECT r.object, r.record, ?2, 0
            FROM {schema}.plan_record r JOIN main.{quote(kind.table)} t ON t.id = r.record
            WHERE r.object = ?1 AND r.kind = 'create' AND NOT r.held AND t.{quote(name)} IS NOT NULL
            """,
            (kind.value, name),
        )


def set_activity(
    db: Connection, schema: str, kind: ObjectKind, happening: Container[ChangeKind], cause: Cause, at: str
) -> None:
    """Deactivate and reactivate, archive and restore: a flag with its reason and run, never a deleted row."""
    if ChangeKind.DEACTIVATE in happening:
        _deactivate(db, schema, kind, cause, at)
    if ChangeKind.REACTIVATE in happening:
        _reactivate(db, schema, kind, cause, at)
    # Some of those who were to be reactivated had only been archived.
    if any(name in happening for name in (ChangeKind.ARCHIVE, ChangeKind.RESTORE, ChangeKind.REACTIVATE)):
        db.execute_sql(
            f"""
            UPDATE main.{quote(kind.table)} AS t SET archived = r.kind = 'archive', updated_at = ?
            FROM {schema}.plan_record r
            WHERE r.object = ? AND r.kind IN ('archive', 'restore') AND NOT r.held AND t.id = r.record
            """,
            (at, kind.value),
        )


def _deactivate(db: Connection, schema: str, kind: ObjectKind, cause: Cause, at: str) -> None:
    db.execute_sql(
        f"""
        UPDATE main.{quote(kind.table)} AS t
        SET deactivated = 1, deactivated_at = ?, deactivated_reason = r.reason, deactivated_session = ?, updated_at = ?
        FROM {schema}.plan_record r
        WHERE r.object = ? AND r.kind = 'deactivate' AND NOT r.held AND t.id = r.record
        """,
        (at, cause.session, at, kind.value),
    )


def _reactivate(db: Connection, schema: str, kind: ObjectKind, cause: Cause, at: str) -> None:
    # Whoever becomes active again is no longer archived either, and the history says so; some were only archived.
    db.execute_sql(
        f"""
        UPDATE {schema}.plan_record SET kind = 'restore'
        WHERE object = ? AND kind = 'reactivate' AND NOT held
          AND record IN (SELECT id FROM main.{quote(kind.table)} WHERE archived AND NOT deactivated)
        """,
        (kind.value,),
    )
    db.execute_sql(
        f"""
        INSERT INTO main.change (session, cause, at, object, record, kind, reason)
        SELECT ?1, ?2, ?3, r.object, r.record, 'restore', r.reason
        FROM {schema}.plan_record r JOIN main.{quote(kind.table)} t ON t.id = r.record
        WHERE r.object = ?4 AND r.kind = 'reactivate' AND NOT r.held AND t.archived ORDER BY r.seq
        """,
        (cause.session, cause.text, at, kind.value),
    )
    db.execute_sql(
        f"""
        UPDATE main.{quote(kind.table)} AS t
        SET archived = 0, deactivated = 0, deactivated_at = NULL, deactivated_reason = NULL, deactivated_session = NULL,
            updated_at = ?
        FROM {schema}.plan_record r
        WHERE r.object = ? AND r.kind = 'reactivate' AND NOT r.held AND t.id = r.record
        """,
        (at, kind.value),
    )


def write_history(db: Connection, schema: str, kind: ObjectKind, cause: Cause, at: str) -> None:
    """One row a changed field; a created record needs one only, because its first values follow from later rows."""
    db.execute_sql(
        f"""
        INSERT INTO main.change (session, cause, at, object, record, kind, field, before, after, reason)
        SELECT ?1, ?2, ?3, r.object, r.record, r.kind, f.field, f.before, f.after, r.reason
        FROM {schema}.plan_record r
        LEFT JOIN {schema}.plan_field f ON f.seq = r.seq AND r.kind = 'update'
        LEFT JOIN main.field d ON d.object = r.object AND d.external_id = f.field
        WHERE r.object = ?4 AND NOT r.held
          AND r.kind IN ('create', 'update', 'deactivate', 'reactivate', 'archive', 'restore')
          AND coalesce(d.history, 1)
        ORDER BY r.seq, f.field
        """,
        (cause.session, cause.text, at, kind.value),
    )


def write_triggers(db: Connection, schema: str, kind: ObjectKind, cause: Cause, at: str) -> None:
    """One row a record event, for the workflows that wait for it."""
    db.execute_sql(
        f"""
        INSERT INTO main.trigger (at, session, cause, object, record, event, fields)
        SELECT ?1, ?2, ?3, r.object, r.record,
            CASE r.kind
                WHEN 'create' THEN 'created' WHEN 'update' THEN 'edited' WHEN 'restore' THEN 'reactivated'
                ELSE r.kind || 'd'
            END,
            CASE r.kind WHEN 'update' THEN (
                SELECT json_group_array(f.field) FROM {schema}.plan_field f
                LEFT JOIN main.field d ON d.object = r.object AND d.external_id = f.field
                WHERE f.seq = r.seq AND coalesce(d.history, 1)
            ) END
        FROM {schema}.plan_record r
        WHERE r.object = ?4 AND NOT r.held AND (
            r.kind IN ('create', 'update', 'deactivate', 'reactivate')
            OR (r.kind = 'restore' AND r.record IN (SELECT id FROM main.{quote(kind.table)} WHERE NOT deactivated))
        )
        ORDER BY r.seq
        """,
        (at, cause.session, cause.text, kind.value),
    )


def has_moved(db: Connection, kind: ObjectKind, edit: RecordEdit) -> bool:
    """Whether the record no longer looks as the person saw it when they decided."""
    row = db.execute_sql(
        f"SELECT deactivated, archived FROM main.{quote(kind.table)} WHERE id = ?",
        (edit.record,),
    ).fetchone()
    if row is None:
        return True
    is_deactivated, is_archived = map(bool, row)
    is_done = {
        ChangeKind.DEACTIVATE: is_deactivated,
        ChangeKind.REACTIVATE: not is_deactivated,
        ChangeKind.ARCHIVE: is_archived,
        ChangeKind.RESTORE: not is_archived,
    }
    if is_done.get(edit.kind, False):
        return True
    return any(_value(db, kind, edit.record, change.field) != change.before for change in edit.fields)


def _value(db: Connection, kind: ObjectKind, record: int, field: str) -> object:
    sql = f"SELECT {quote(field)} FROM main.{quote(kind.table)} WHERE id = ?"
    (value,) = db.execute_sql(sql, (record,)).fetchone()
    return value


CHANGE_TABLES = (
    """CREATE {temporary} TABLE {schema}plan_record (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, object TEXT NOT NULL, record INTEGER, vendor_id TEXT,
        label TEXT NOT NULL, reason TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE {temporary} TABLE {schema}plan_field (
        seq INTEGER NOT NULL, field TEXT NOT NULL, before, after, PRIMARY KEY (seq, field)
    ) WITHOUT ROWID""",
)


@contextmanager
def small_change_tables(db: Connection, kind: ObjectKind, edits: Sequence[RecordEdit]) -> Iterator[str]:
    """Temporary change tables holding these edits, gone afterwards."""
    for statement in CHANGE_TABLES:
        db.execute_sql(statement.format(temporary="TEMPORARY", schema=""))
    db.execute_sql(f"CREATE TEMPORARY TABLE {quote('new_' + kind.table)} (vendor_id TEXT, inactive INTEGER)")
    for seq, edit in enumerate(edits, start=1):
        db.execute_sql(
            "INSERT INTO temp.plan_record (seq, kind, object, record, label, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (seq, edit.kind.value, kind.value, edit.record, edit.label, edit.reason),
        )
        for change in edit.fields:
            db.execute_sql(
                "INSERT INTO temp.plan_field (seq, field, before, after) VALUES (?, ?, ?, ?)",
                (seq, change.field, change.before, change.after),
            )
    try:
        yield "temp"
    finally:
        for name in ("plan_record", "plan_field", "new_" + kind.table):
            db.execute_sql(f"DROP TABLE temp.{quote(name)}")


def look_again(db: Connection, kind: ObjectKind, records: Sequence[int]) -> None:
    """Let the next run compare these records with the vendor again, even if the vendor's side has not changed."""
    if kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS):
        for record in records:
            sql = f"UPDATE main.source_link SET raw_hash = NULL WHERE {kind.table} = ?"
            db.execute_sql(sql, (record,))


def application_names(db: Connection) -> list[str]:
    """The names of the SaaS applications, in order."""
    rows = db.execute_sql("SELECT name FROM saas_application WHERE archived = 0 ORDER BY name COLLATE NOCASE")
    return [row[0] for row in rows]


def application_named(db: Connection, name: str) -> tuple[int, str] | None:
    """The SaaS application of this name, and how it is written there."""
    row = db.execute_sql("SELECT id, name FROM main.saas_application WHERE name__key = fold(?)", (name,)).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def delete_empty_application(db: Connection, name: str, integration: int) -> bool:
    """Forget a SaaS application, with its history, that this integration made and nobody has an account in."""
    row = db.execute_sql(
        """
        SELECT a.id FROM main.saas_application a
        WHERE a.name__key = fold(?) AND a.owner_integration = ?
          AND NOT EXISTS (SELECT 1 FROM main.saas_user u WHERE u.saas_application = a.id)
          AND NOT EXISTS (SELECT 1 FROM main.licence l WHERE l.saas_application = a.id)
        """,
        (name, integration),
    ).fetchone()
    if row is None:
        return False
    db.execute_sql("DELETE FROM main.change WHERE object = 'saas_applications' AND record = ?", row)
    db.execute_sql("DELETE FROM main.value_owner WHERE object = 'saas_applications' AND record = ?", row)
    db.execute_sql("DELETE FROM main.saas_application WHERE id = ?", row)
    return True


def application_by_id(db: Connection, application: int) -> tuple[str, str, str, str] | None:
    """Name, vendor, category and catalogue entry of a SaaS application."""
    row = db.execute_sql(
        """
        SELECT name, coalesce(vendor, ''), coalesce(category, ''), coalesce(catalogue_entry, '')
        FROM main.saas_application WHERE id = ?
        """,
        (application,),
    ).fetchone()
    return None if row is None else (str(row[0]), str(row[1]), str(row[2]), str(row[3]))


@contextmanager
def one_new_record(
    db: Connection, kind: ObjectKind, values: Mapping[str, object], label: str, reason: str
) -> Iterator[str]:
    """Temporary change tables that make one record with these values, by column."""
    table = f"temp.{quote('new_' + kind.table)}"
    keyed = columns_of(db, kind).keyed
    with small_change_tables(db, kind, ()) as schema:
        names, places, filled = [], [], []
        for column, value in values.items():
            names.append(column)
            places.append("?")
            filled.append(value)
            if column in keyed:
                names.append(f"{column}__key")
                places.append("fold(?)")
                filled.append(value)
        for name in names:
            # Without a type every value stays what it is.
            db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {quote(name)}")
        columns = "".join(f", {quote(name)}" for name in names)
        db.execute_sql(
            f"INSERT INTO {table} (vendor_id, inactive{columns}) VALUES ('1', 0{''.join(f', {p}' for p in places)})",
            filled,
        )
        db.execute_sql(
            """INSERT INTO temp.plan_record (kind, object, vendor_id, label, reason)
               VALUES ('create', ?, '1', ?, ?)""",
            (kind.value, label, reason),
        )
        yield schema
