"""SQL for the lists of objects, and for the records whose values stand on them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import orjson

from saasdesk.fields.field import Lookup, ObjectKind
from saasdesk.fields.values import quote
from saasdesk.store import Connection
from saasdesk.text import fold_text


@dataclass(frozen=True, slots=True)
class ObjectItem:
    """One object on a list: its name, what else integrations call it, and what a person should know of it."""

    name: str
    also: tuple[str, ...] = ()
    note: str = ""
    id: int = 0

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that means this object."""
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class FieldOfObject:
    """A field that looks its values up in a list."""

    kind: ObjectKind
    external_id: str
    label: str
    default: str | None = None


def read_lookups(db: Connection, objects: Collection[str]) -> dict[str, Lookup]:
    """The lists of these External IDs as fields look values up in them."""
    found: dict[str, Lookup] = {}
    for wanted in objects:
        for external_id, label, only_these in db.execute_sql(
            "SELECT external_id, label, only_these FROM custom_object WHERE external_id = ?", (wanted,)
        ).fetchall():
            names = {
                folded: item.name
                for item in list_items(db, external_id)
                for spelling in item.spellings
                if (folded := fold_text(spelling))
            }
            found[wanted] = Lookup(external_id, label, bool(only_these), names)
    return found


def list_objects(db: Connection) -> list[tuple[str, str, bool]]:
    """External ID, label and whether only listed values are accepted; locations first, then in the order of making."""
    rows = db.execute_sql("SELECT external_id, label, only_these FROM custom_object ORDER BY id")
    return [(external_id, label, bool(only_these)) for external_id, label, only_these in rows]


def add_object(db: Connection, external_id: str, label: str, *, only_these: bool) -> None:
    """Make a list with nothing on it."""
    sql = "INSERT INTO custom_object (external_id, label, only_these) VALUES (?, ?, ?)"
    db.execute_sql(sql, (external_id, label, only_these))


def update_object(db: Connection, external_id: str, label: str, *, only_these: bool) -> None:
    """Keep what is said of a list."""
    sql = "UPDATE custom_object SET label = ?, only_these = ? WHERE external_id = ?"
    db.execute_sql(sql, (label, only_these, external_id))


def delete_object(db: Connection, external_id: str) -> None:
    """Remove a list with what stands on it."""
    db.execute_sql("DELETE FROM custom_object_item WHERE custom_object = ?", (external_id,))
    db.execute_sql("DELETE FROM custom_object WHERE external_id = ?", (external_id,))


def list_items(db: Connection, external_id: str) -> list[ObjectItem]:
    """What stands on a list, by name."""
    rows = db.execute_sql(
        "SELECT name, also, note, id FROM custom_object_item WHERE custom_object = ? ORDER BY name COLLATE NOCASE, id",
        (external_id,),
    )
    return [ObjectItem(name, tuple(orjson.loads(also)), note, number) for name, also, note, number in rows]


def keep_item(db: Connection, external_id: str, item: ObjectItem) -> None:
    """Put an object on a list, or keep what was changed of it."""
    values = (item.name, orjson.dumps(item.also).decode(), item.note)
    if item.id:
        sql = "UPDATE custom_object_item SET name = ?, also = ?, note = ? WHERE id = ? AND custom_object = ?"
        db.execute_sql(sql, (*values, item.id, external_id))
    else:
        sql = "INSERT INTO custom_object_item (name, also, note, custom_object) VALUES (?, ?, ?, ?)"
        db.execute_sql(sql, (*values, external_id))


def delete_item(db: Connection, item: int) -> None:
    """Take an object off its list; records keep its name."""
    db.execute_sql("DELETE FROM custom_object_item WHERE id = ?", (item,))


def fields_of(db: Connection, external_id: str) -> list[FieldOfObject]:
    """The fields that look their values up in a list."""
    rows = db.execute_sql(
        """SELECT object, external_id, label, default_value FROM field
           WHERE custom_object = ? ORDER BY object, position""",
        (external_id,),
    )
    return [FieldOfObject(ObjectKind(kind), name, label, default) for kind, name, label, default in rows]


def count_values(db: Connection, field: FieldOfObject) -> Iterator[tuple[str, int]]:
    """Every value of a field as it is spelt, and how many records have it."""
    column, table = quote(field.external_id), quote(field.kind.table)
    sql = f"SELECT {column}, count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY {column}"
    for value, count in db.execute_sql(sql):
        yield str(value), int(count)


def records_with(db: Connection, field: FieldOfObject, value: str) -> list[tuple[int, int]]:
    """The records that have this value, each with who feeds it: an integration, 0 a hand, -1 nobody any more."""
    rows = db.execute_sql(
        f"""
        SELECT t.id, coalesce(o.integration, t.owner_integration, -1)
        FROM {quote(field.kind.table)} t
        LEFT JOIN value_owner o ON o.object = ? AND o.record = t.id AND o.field = ?
        WHERE t.{quote(field.external_id)} = ?
        """,
        (field.kind.value, field.external_id, value),
    )
    return [(int(record), int(feeder)) for record, feeder in rows]
