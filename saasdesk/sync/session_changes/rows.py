"""SQL of the changes of a sync session."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection


class ChangeRow(NamedTuple):
    """One changed field (or one created, deactivated, reactivated record), with the record's name for people."""

    at: str
    session: int | None
    cause: str
    object: str
    record: int
    label: str
    kind: str
    field: str
    before: Any
    after: Any
    reason: str


_LABELS = {
    "people": "SELECT coalesce(email, username, name, '') FROM person WHERE id = c.record",
    "saas_users": "SELECT coalesce(email, name, saas_user_id, '') FROM saas_user WHERE id = c.record",
    "licences": "SELECT coalesce(product, licence_id, '') FROM licence WHERE id = c.record",
    "saas_applications": "SELECT name FROM saas_application WHERE id = c.record",
    "assets": "SELECT coalesce(name, hostname, serial_number, '') FROM asset WHERE id = c.record",
}
_LABEL = "CASE c.object " + " ".join(f"WHEN '{kind}' THEN ({sql})" for kind, sql in _LABELS.items()) + " ELSE '' END"


def changes(db: Connection, session: int | None = None) -> Iterator[ChangeRow]:
    """Every change, oldest first: field by field, also the first values of created records."""
    condition = "" if session is None else "WHERE c.session = ?"
    values = () if session is None else (session,)
    rows = db.execute_sql(
        f"""SELECT c.at, c.session, c.cause, c.object, c.record, {_LABEL}, c.kind, coalesce(c.field, ''),
                c.before, c.after, coalesce(c.reason, ''), c.id
            FROM change c {condition} ORDER BY c.id""",
        values,
    )
    fields: dict[str, list[str]] = {}
    for row in rows:
        change = ChangeRow._make(row[:11])
        if change.kind == "create":
            # Asked once an object, not once a record.
            if change.object not in fields:
                fields[change.object] = _fields_of(db, ObjectKind(change.object))
            yield from _first_values(db, change, row[11], fields[change.object])
        elif change.field in _REFERENCES:
            before, after = (_shown(db, change.field, value) for value in (change.before, change.after))
            yield change._replace(before=before, after=after)
        else:
            yield change


# Fields that point at a record: shown by its name.
_REFERENCES = {
    "person": "SELECT coalesce(username, name) FROM person WHERE id = ?",
    "saas_application": "SELECT name FROM saas_application WHERE id = ?",
}


def _shown(db: Connection, field: str, value: Any) -> Any:
    if value is None or field not in _REFERENCES:
        return value
    row = db.execute_sql(_REFERENCES[field], (value,)).fetchone()
    return None if row is None else row[0]


def _fields_of(db: Connection, kind: ObjectKind) -> list[str]:
    """The fields that have a column, in their order."""
    names = db.execute_sql(
        "SELECT external_id FROM field WHERE object = ? ORDER BY builtin DESC, position, id", (kind.value,)
    )
    columns = {row[1] for row in db.execute_sql(f"PRAGMA table_info({quote(kind.table)})")}
    return [name for (name,) in names if name in columns]


def _first_values(db: Connection, change: ChangeRow, change_id: int, fields: list[str]) -> Iterator[ChangeRow]:
    """A created record's values: what it has now, or had before the first later change of that field."""
    names = ", ".join(quote(name) for name in fields)
    table = quote(ObjectKind(change.object).table)
    now = db.execute_sql(f"SELECT {names} FROM {table} WHERE id = ?", (change.record,)).fetchone()
    if now is None:
        yield change
        return
    values: dict[str, Any] = dict(zip(fields, now, strict=True))
    later = db.execute_sql(
        """SELECT field, before FROM change
           WHERE object = ? AND record = ? AND id > ? AND field IS NOT NULL ORDER BY id DESC""",
        (change.object, change.record, change_id),
    )
    values.update(later)
    for name, value in values.items():
        if value is None or value == "":
            continue
        shown = _shown(db, name, value)
        yield change._replace(field=name, before=None, after=shown)


def deactivated_by(db: Connection, session: int) -> list[tuple[str, int, str]]:
    """(object, record, label) of everything that this session deactivated and that is still deactivated."""
    found: list[tuple[str, int, str]] = []
    for kind, label in (
        (ObjectKind.PEOPLE, "coalesce(name, email, username, '')"),
        (ObjectKind.SAAS_USERS, "coalesce(name, email, saas_user_id, '')"),
        (ObjectKind.LICENCES, "coalesce(product, licence_id, '')"),
        (ObjectKind.ASSETS, "coalesce(name, hostname, serial_number, '')"),
    ):
        rows = db.execute_sql(
            f"""SELECT id, {label} FROM {quote(kind.table)}
                WHERE deactivated AND NOT archived AND deactivated_session = ? ORDER BY id""",
            (session,),
        )
        found.extend((kind.value, record, name) for record, name in rows)
    return found


def fates_of_deactivated(db: Connection, session: int) -> Iterator[tuple[str, str, int]]:
    """(object, fate, how many) of all that a session deactivated; still "deactivated", or what became of it since."""
    for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.LICENCES, ObjectKind.ASSETS):
        rows = db.execute_sql(
            f"""
            SELECT CASE WHEN t.id IS NULL THEN 'removed' WHEN t.archived THEN 'archived'
                    WHEN NOT t.deactivated THEN 'active' WHEN t.deactivated_session IS NOT ?1 THEN 'later'
                    ELSE 'deactivated' END AS fate, count(DISTINCT c.record)
            FROM change c LEFT JOIN {quote(kind.table)} t ON t.id = c.record
            WHERE c.session = ?1 AND c.object = ?2 AND c.kind = 'deactivate' GROUP BY fate
            """,
            (session, kind.value),
        )
        for fate, count in rows:
            yield kind.value, fate, count


def set_undone(db: Connection, session: int, at: str) -> None:
    """Note that the deactivations of a session were taken back."""
    db.execute_sql("UPDATE sync_session SET undone_at = ? WHERE id = ?", (at, session))
