"""SQL for the data model: making a field is adding a column."""

from collections.abc import Collection

import orjson

from saasdesk.connectors import FieldType
from saasdesk.errors import UserError
from saasdesk.fields.custom_objects.rows import read_lookups
from saasdesk.fields.field import Field, ObjectKind
from saasdesk.fields.values import quote
from saasdesk.store import Connection
from saasdesk.text import visible_text

_AFFINITY = {FieldType.NUMBER: "INTEGER", FieldType.FLAG: "INTEGER", FieldType.DECIMAL: "REAL"}
_LONGEST_EXAMPLE = 60


def list_fields(db: Connection, kind: ObjectKind) -> list[Field]:
    """The fields of one kind of record, in the order in which they are shown."""
    rows = db.execute_sql(
        """
        SELECT external_id, label, type, is_unique, mandatory, options, default_value, help, history, builtin, position,
            editable, custom_object
        FROM field WHERE object = ? ORDER BY builtin DESC, position, id
        """,
        (kind.value,),
    ).fetchall()
    lookups = read_lookups(db, {row[12] for row in rows if row[12]})
    return [
        Field(
            object=kind,
            external_id=row[0],
            label=row[1],
            type=FieldType(row[2]),
            unique=bool(row[3]),
            mandatory=bool(row[4]),
            options=tuple(orjson.loads(row[5])) if row[5] else (),
            default=row[6],
            help=row[7],
            history=bool(row[8]),
            builtin=bool(row[9]),
            position=row[10],
            editable=bool(row[11]),
            lookup=lookups.get(row[12]),
        )
        for row in rows
    ]


def refuse_hand(db: Connection, kind: ObjectKind, names: Collection[str]) -> None:
    """Raise a UserError where somebody's hand would change a field that is not editable."""
    for field in list_fields(db, kind):
        if field.external_id in names and not field.editable:
            raise UserError(
                f"{field.label} is not editable: only integrations and workflows write it. "
                "Whether it is can be changed in Configuration, Data Model, Field Configuration."
            )


def add_field(db: Connection, field: Field) -> None:
    """Make a field: its definition, its column and, when it is Unique, the folded key that keeps it so.

    A UserError where there is one of this External ID.
    """
    if field.external_id in _columns(db, field.object):
        raise UserError(f"There is already a field “{field.external_id}” among {field.object.value}.")
    db.execute_sql(
        """
        INSERT INTO field (object, external_id, label, type, is_unique, mandatory, options, default_value, help,
            history, builtin, position, editable, custom_object)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            field.object.value,
            field.external_id,
            field.label,
            field.type.value,
            field.unique,
            field.mandatory,
            orjson.dumps(field.options).decode() if field.options else None,
            field.default,
            field.help,
            field.history,
            field.builtin,
            field.position,
            field.editable,
            None if field.lookup is None else field.lookup.custom_object,
        ),
    )
    affinity = _AFFINITY.get(field.type, "TEXT")
    db.execute_sql(f"ALTER TABLE {quote(field.object.table)} ADD COLUMN {quote(field.external_id)} {affinity}")
    if field.unique:
        _add_key(db, field)


def update_field(db: Connection, field: Field) -> None:
    """Keep what is said of a field; its column stays as it is."""
    db.execute_sql(
        """
        UPDATE field SET label = ?, is_unique = ?, mandatory = ?, options = ?, default_value = ?, help = ?,
            history = ?, position = ?, editable = ?
        WHERE object = ? AND external_id = ?
        """,
        (
            field.label,
            field.unique,
            field.mandatory,
            orjson.dumps(field.options).decode() if field.options else None,
            field.default,
            field.help,
            field.history,
            field.position,
            field.editable,
            field.object.value,
            field.external_id,
        ),
    )


def drop_unique(db: Connection, field: Field) -> None:
    """Let records share values of a field from now on."""
    db.execute_sql(f"DROP INDEX IF EXISTS {quote(_key_index(field))}")
    if _key_column(field) in _columns(db, field.object):
        db.execute_sql(f"ALTER TABLE {quote(field.object.table)} DROP COLUMN {quote(_key_column(field))}")


def make_unique(db: Connection, field: Field) -> None:
    """Make an existing field Unique; refused, with examples, while two records share a value."""
    table, column = quote(field.object.table), quote(field.external_id)
    shared = db.execute_sql(
        f"""SELECT min({column}), count(*) FROM {table} WHERE fold({column}) IS NOT NULL
            GROUP BY fold({column}) HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 3""",
    ).fetchall()
    if shared:
        examples = ", ".join(f"“{visible_text(str(value)[:_LONGEST_EXAMPLE])}” ({count})" for value, count in shared)
        raise UserError(f"{field.label} cannot be Unique: records share values, such as {examples}.")
    db.execute_sql(
        "UPDATE field SET is_unique = 1 WHERE object = ? AND external_id = ?", (field.object.value, field.external_id)
    )
    _add_key(db, field)


def _add_key(db: Connection, field: Field) -> None:
    table, key = quote(field.object.table), quote(_key_column(field))
    if _key_column(field) not in _columns(db, field.object):
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {key} TEXT")
    db.execute_sql(f"UPDATE {table} SET {key} = fold({quote(field.external_id)})")
    index = quote(_key_index(field))
    db.execute_sql(f"CREATE UNIQUE INDEX IF NOT EXISTS {index} ON {table} ({key}) WHERE {key} IS NOT NULL")


def delete_field(db: Connection, field: Field) -> None:
    """Remove a field with its values. A UserError where it is built in, and stays."""
    if field.builtin:
        raise UserError(f"{field.label} is built in and cannot be deleted.")
    table = quote(field.object.table)
    columns = _columns(db, field.object)
    db.execute_sql(f"DROP INDEX IF EXISTS {quote(_key_index(field))}")
    for name in (_key_column(field), field.external_id):
        if name in columns:
            db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {quote(name)}")
    for statement in (
        "DELETE FROM field WHERE object = ? AND external_id = ?",
        "DELETE FROM value_owner WHERE object = ? AND field = ?",
        "DELETE FROM sync_time_field WHERE object = ? AND field = ?",
        "DELETE FROM feeder_order WHERE ? = 'people' AND field = ?",
    ):
        db.execute_sql(statement, (field.object.value, field.external_id))


def _columns(db: Connection, kind: ObjectKind) -> set[str]:
    return {row[1] for row in db.execute_sql(f"PRAGMA table_info({quote(kind.table)})")}


def _key_column(field: Field) -> str:
    return f"{field.external_id}__key"


def _key_index(field: Field) -> str:
    # No other index ends like this: one named after the field alone could be one of the table's own.
    return f"{field.object.table}_{_key_column(field)}"
