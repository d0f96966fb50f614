"""SQL for a look at assets; every value is a parameter, every column name comes from the fields."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from saasdesk.fields import Field, quote
from saasdesk.store import Connection


class AssetRow(NamedTuple):
    """An asset with every field that has a value, its owner aside."""

    name: str
    owner: int | None
    owner_name: str
    is_deactivated: bool
    deactivated_at: str | None
    deactivated_reason: str
    is_archived: bool
    fed_by: str
    created_at: str
    values: tuple[tuple[Field, Any], ...]


class DeviceFacts(NamedTuple):
    """One device of a person."""

    id: int
    name: str
    model: str
    operating_system: str
    serial_number: str
    last_contact: str | None
    is_deactivated: bool


def asset(db: Connection, number: int, fields: Sequence[Field]) -> AssetRow | None:
    """One asset; None when the row is gone."""
    known = [field for field in fields if field.external_id != "person"]
    names = "".join(f", t.{quote(field.external_id)}" for field in known)
    row = db.execute_sql(
        f"""
        SELECT coalesce(t.name, t.hostname, t.serial_number, ''), t.person, coalesce(p.name, p.username, ''),
            t.deactivated, t.deactivated_at, coalesce(t.deactivated_reason, ''), t.archived,
            coalesce(i.name, ''), t.created_at{names}
        FROM asset t LEFT JOIN person p ON p.id = t.person LEFT JOIN integration i ON i.id = t.owner_integration
        WHERE t.id = ?
        """,
        (number,),
    ).fetchone()
    if row is None:
        return None
    values = tuple((field, value) for field, value in zip(known, row[9:], strict=True) if value not in (None, ""))
    return AssetRow._make((*row[:3], bool(row[3]), *row[4:6], bool(row[6]), *row[7:9], values))


def assets_of_person(db: Connection, person: int) -> tuple[DeviceFacts, ...]:
    """The devices of a person: those in use first, then by name."""
    rows = db.execute_sql(
        """
        SELECT id, coalesce(name, hostname, serial_number, ''), coalesce(model, ''), coalesce(operating_system, ''),
            coalesce(serial_number, ''), last_contact, deactivated OR archived
        FROM asset WHERE person = ? ORDER BY deactivated OR archived, name COLLATE NOCASE, id
        """,
        (person,),
    )
    return tuple(DeviceFacts._make((*row[:6], bool(row[6]))) for row in rows)
