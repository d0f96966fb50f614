"""SQL of the records that go through workflows, and of how many there are."""

from collections.abc import Sequence

import orjson

from saasdesk.fields import Field, ObjectKind, quote
from saasdesk.fields.rows import list_fields
from saasdesk.store import Connection
from saasdesk.workflows.record import RecordView

_LABELS = {
    ObjectKind.PEOPLE: "coalesce(r.name, r.email, r.username, 'person ' || r.id)",
    ObjectKind.SAAS_USERS: "coalesce(r.name, r.email, r.saas_user_id, 'SaaS user ' || r.id)",
    ObjectKind.ASSETS: "coalesce(r.name, 'asset ' || r.id)",
}
# Fields whose column holds the number of another record: what a template means is its name.
_NAMED = {
    "saas_application": "(SELECT a.name FROM saas_application a WHERE a.id = r.saas_application)",
    "person": "(SELECT p.username FROM person p WHERE p.id = r.person)",
}
_OWNER = (
    "(SELECT o.username FROM person o WHERE o.id = r.person)",
    "(SELECT o.email FROM person o WHERE o.id = r.person)",
)
_NAMES = {
    ObjectKind.PEOPLE: ("r.username", "r.email"),
    ObjectKind.SAAS_USERS: ("r.email", "r.name", "r.saas_user_id", *_OWNER),
    ObjectKind.ASSETS: _OWNER,
}
_CALLED = {
    ObjectKind.PEOPLE: "username__key = fold(?1) OR email__key = fold(?1)",
    ObjectKind.SAAS_USERS: "saas_user_id = ?1 OR email__key = fold(?1)",
    ObjectKind.ASSETS: "name = ?1 OR serial_number = ?1",
}


def accounts_of(db: Connection, person: int) -> list[int]:
    """The active SaaS users of a person, by application."""
    found = db.execute_sql(
        """
        SELECT u.id FROM saas_user u LEFT JOIN saas_application a ON a.id = u.saas_application
        WHERE u.person = ? AND NOT u.deactivated AND NOT u.archived ORDER BY a.name COLLATE NOCASE, u.id
        """,
        (person,),
    ).fetchall()
    return [int(number) for (number,) in found]


def record_called(db: Connection, kind: ObjectKind, key: str) -> int | None:
    """The one record of this name; None when there is none, or more than one."""
    sql = f"SELECT id FROM {kind.table} WHERE NOT archived AND ({_CALLED[kind]}) LIMIT 2"
    found = db.execute_sql(sql, (key,)).fetchall()
    return int(found[0][0]) if len(found) == 1 else None


def record_views(db: Connection, kind: ObjectKind, ids: Sequence[int]) -> dict[int, RecordView]:
    """What workflows see of these records."""
    fields = list_fields(db, kind)
    own = [(field.external_id, _NAMED.get(field.external_id) or f"r.{quote(field.external_id)}") for field in fields]
    join, theirs = _of_the_person(db, kind, fields)
    columns = ", ".join(sql for _, sql in (*own, *theirs))
    names = [name for name, _ in (*own, *theirs)]
    found = db.execute_sql(
        f"""
        SELECT r.id, {_LABELS[kind]}, r.deactivated OR r.archived, json_array({", ".join(_NAMES[kind])}), {columns}
        FROM {kind.table} r {join} WHERE r.id IN (SELECT value FROM json_each(?))
        """,
        (orjson.dumps(list(ids)).decode(),),
    ).fetchall()
    return {
        row[0]: RecordView(
            kind,
            row[0],
            row[1],
            dict(zip(names, row[4:], strict=True)),
            is_active=not row[2],
            names=frozenset(str(name).casefold() for name in orjson.loads(row[3]) if name),
        )
        for row in found
    }


def _of_the_person(db: Connection, kind: ObjectKind, fields: Sequence[Field]) -> tuple[str, list[tuple[str, str]]]:
    """A SaaS user also has what is known of the person behind it, where it has no field of that name itself."""
    if kind is not ObjectKind.SAAS_USERS:
        return "", []
    own = {field.external_id for field in fields}
    theirs = [field.external_id for field in list_fields(db, ObjectKind.PEOPLE) if field.external_id not in own]
    return "LEFT JOIN person q ON q.id = r.person", [(name, f"q.{quote(name)}") for name in theirs]


def active_accounts_of(db: Connection, person: int) -> list[tuple[int, str, str]]:
    """The active SaaS users of a person: number, application, and by which name people know them."""
    found = db.execute_sql(
        f"""
        SELECT r.id, {_NAMED["saas_application"]}, {_LABELS[ObjectKind.SAAS_USERS]}
        FROM saas_user r WHERE r.person = ? AND NOT r.deactivated AND NOT r.archived ORDER BY 2, 3
        """,
        (person,),
    ).fetchall()
    return [(int(number), str(application or ""), str(label)) for number, application, label in found]


def application_of(db: Connection, saas_user: int) -> int | None:
    """The SaaS application that a SaaS user belongs to."""
    row = db.execute_sql("SELECT saas_application FROM saas_user WHERE id = ?", (saas_user,)).fetchone()
    return None if row is None else int(row[0])


def active_accounts_at(db: Connection, connector: str) -> int:
    """How many active accounts of this vendor are known."""
    row = db.execute_sql(
        """
        SELECT count(*) FROM saas_user u JOIN integration i ON i.id = u.owner_integration
        WHERE json_extract(i.document, '$.connector') = ? AND NOT u.deactivated AND NOT u.archived
        """,
        (connector,),
    ).fetchone()
    return int(row[0])


def active_beside(db: Connection, kind: ObjectKind, records: Sequence[int]) -> int:
    """How many active records there are of the same application as these, or in all where they belong to none."""
    ids = orjson.dumps(list(records)).decode()
    if kind is ObjectKind.SAAS_USERS:
        where = """saas_application IN (
            SELECT saas_application FROM saas_user WHERE id IN (SELECT value FROM json_each(?)))"""
        parameters: tuple[str, ...] = (ids,)
    else:
        where, parameters = "1", ()
    row = db.execute_sql(
        f"SELECT count(*) FROM {kind.table} WHERE NOT deactivated AND NOT archived AND {where}", parameters
    ).fetchone()
    return int(row[0])
