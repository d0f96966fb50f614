"""SQL for records edited by hand; every value is a parameter, every column name comes from the fields."""

from collections.abc import Sequence

import orjson

from saasdesk.fields import Field, ObjectKind, Stored, quote
from saasdesk.store import Connection

_NAMES = {
    ObjectKind.PEOPLE: "coalesce(name, email, username, '')",
    ObjectKind.SAAS_USERS: "coalesce(name, email, saas_user_id, '')",
    ObjectKind.LICENCES: "coalesce(product, licence_id, '')",
    ObjectKind.SAAS_APPLICATIONS: "name",
    ObjectKind.ASSETS: "coalesce(name, serial_number, '')",
}


def values_of(db: Connection, kind: ObjectKind, record: int, fields: Sequence[Field]) -> dict[str, Stored] | None:
    """What a record holds in these fields; None when it is gone."""
    names = ", ".join(quote(field.external_id) for field in fields)
    row = db.execute_sql(f"SELECT {names} FROM {kind.table} WHERE id = ?", (record,)).fetchone()
    return None if row is None else {field.external_id: value for field, value in zip(fields, row, strict=True)}


def field_of_many(
    db: Connection, kind: ObjectKind, field: Field, records: Sequence[int]
) -> list[tuple[int, str, Stored]]:
    """(record, its name, its value of one field) of those that are there, in this order."""
    found = db.execute_sql(
        f"""
        SELECT r.id, {_NAMES[kind]}, r.{quote(field.external_id)}
        FROM json_each(?) wanted JOIN {kind.table} r ON r.id = wanted.value ORDER BY wanted.key
        """,
        (orjson.dumps(list(records)).decode(),),
    )
    return [(int(row[0]), str(row[1]), row[2]) for row in found.fetchall()]


def name_of(db: Connection, kind: ObjectKind, record: int) -> str:
    """How a record is called; empty when it is gone."""
    row = db.execute_sql(f"SELECT {_NAMES[kind]} FROM {kind.table} WHERE id = ?", (record,)).fetchone()
    return "" if row is None else str(row[0])


def owner_of_value(db: Connection, kind: ObjectKind, field: Field, key: str, besides: int) -> str | None:
    """Who holds this value of a unique field already, by name; None when nobody else does."""
    row = db.execute_sql(
        f"SELECT id FROM {kind.table} WHERE {quote(field.external_id + '__key')} = ? AND id <> ?", (key, besides)
    ).fetchone()
    return None if row is None else name_of(db, kind, int(row[0]))


def columns_of(db: Connection, kind: ObjectKind) -> frozenset[str]:
    """The columns of the table of records."""
    return frozenset(row[1] for row in db.execute_sql(f"PRAGMA table_info({quote(kind.table)})"))


def archived_of(db: Connection, kind: ObjectKind, records: Sequence[int]) -> list[tuple[int, str, bool]]:
    """(record, its name, whether it is archived) of those that are there."""
    found = db.execute_sql(
        f"""
        SELECT id, {_NAMES[kind]}, archived FROM {kind.table} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (orjson.dumps(list(records)).decode(),),
    )
    return [(int(row[0]), str(row[1]), bool(row[2])) for row in found.fetchall()]


def newest(db: Connection, kind: ObjectKind) -> int:
    """The record that was made last."""
    (number,) = db.execute_sql(f"SELECT max(id) FROM {kind.table}").fetchone()
    return int(number)
