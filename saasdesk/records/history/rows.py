"""SQL for the story of one record; every value is a parameter, every column name comes from the fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from saasdesk.fields import Field, ObjectKind, quote
from saasdesk.records.listing import AccountState, account_state
from saasdesk.store import Connection

HAND, GONE = "by hand", "a deleted integration"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with every field that has a value; `owner` is the integration that made the record, if it is there."""

    name: str
    is_deactivated: bool
    deactivated_at: str | None
    deactivated_reason: str
    is_archived: bool
    created_by: str
    created_at: str
    owner: str
    values: tuple[tuple[Field, str | int | float], ...]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account of a person as its card shows it; `read_at` is when its integration last read the vendor whole."""

    id: int
    application: int
    application_name: str
    vendor_id: str
    name: str
    email: str
    state: AccountState
    status: str
    role: str
    last_activity: str | None
    deactivated_at: str | None
    deactivated_reason: str
    integration: str
    read_at: str | None


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """One licence of a person, and the account that holds it."""

    id: int
    account: int
    application: int
    application_name: str
    product: str
    licence_id: str
    team: str
    assigned_at: str | None
    last_used: str | None
    valid_until: str | None
    has_ended: bool


class ReadingGap(NamedTuple):
    """A run that could not read what it should, of an integration that knows the person."""

    at: str
    session: int
    integration: str
    status: str
    message: str


class RecordChange(NamedTuple):
    """One change of one record; `session` is the sync session that made it, where it still exists."""

    at: str
    session: int | None
    integration: str
    session_kind: str
    cause: str
    object: str
    application: str
    kind: str
    field: str
    label: str
    before: Any
    after: Any
    reason: str
    # What the field holds; empty where the field was deleted.
    type: str = ""


def person(db: Connection, number: int, fields: Sequence[Field]) -> PersonRow | None:
    """One person; None when the row is gone."""
    columns = {row[1] for row in db.execute_sql("PRAGMA table_info(person)")}
    known = [field for field in fields if field.external_id in columns]
    names = "".join(f", {quote(field.external_id)}" for field in known)
    row = db.execute_sql(
        f"""
        SELECT coalesce(name, email, username, ''), deactivated, deactivated_at, coalesce(deactivated_reason, ''),
            archived, created_by, created_at,
            coalesce((SELECT i.name FROM integration i WHERE i.id = owner_integration), ''){names}
        FROM person WHERE id = ?
        """,
        (number,),
    ).fetchone()
    if row is None:
        return None
    values = tuple(
        (field, value) for field, value in zip(known, row[8:], strict=True) if value is not None and value != ""
    )
    return PersonRow(row[0], bool(row[1]), row[2], row[3], bool(row[4]), row[5], row[6], row[7], values)


def feeders_of(db: Connection, number: int) -> tuple[str, ...]:
    """The integrations that list this person now."""
    rows = db.execute_sql(
        """
        SELECT DISTINCT i.name
        FROM source_link l JOIN integration i ON i.id = l.integration
        WHERE l.person = ? AND l.gone <> 1 ORDER BY i.name COLLATE NOCASE
        """,
        (number,),
    )
    return tuple(name for (name,) in rows)


def accounts_of(db: Connection, number: int) -> tuple[AccountFacts, ...]:
    """The accounts of a person, by the names of their applications."""
    rows = db.execute_sql(
        """
        SELECT u.id, a.id, a.name, coalesce(u.status, ''), u.deactivated OR u.archived, coalesce(u.role, ''),
            u.last_activity, u.deactivated_at, coalesce(u.deactivated_reason, ''), coalesce(i.name, ''),
            (
                SELECT max(s.finished_at) FROM sync_session s
                WHERE s.integration = u.owner_integration AND s.kind = 'run'
                  AND s.status IN ('completed', 'completed_with_errors', 'stopped_by_safeguard', 'empty')
            ),
            coalesce(u.saas_user_id, ''), coalesce(u.name, ''), coalesce(u.email, '')
        FROM saas_user u
        JOIN saas_application a ON a.id = u.saas_application
        LEFT JOIN integration i ON i.id = u.owner_integration
        WHERE u.person = ?
        ORDER BY a.name__key, u.deactivated, u.id
        """,
        (number,),
    )
    return tuple(
        AccountFacts(
            id=row[0],
            application=row[1],
            application_name=row[2],
            status=row[3],
            state=account_state(row[3], bool(row[4])),
            role=row[5],
            last_activity=row[6],
            deactivated_at=row[7],
            deactivated_reason=row[8],
            integration=row[9],
            read_at=row[10],
            vendor_id=row[11],
            name=row[12],
            email=row[13],
        )
        for row in rows
    )


def feeders_of_values(db: Connection, number: int) -> dict[str, str]:
    """Field → who feeds it, where that is not the integration that made the record."""
    rows = db.execute_sql(
        """
        SELECT o.field, CASE o.integration WHEN 0 THEN ?2 ELSE coalesce(i.name, ?3) END
        FROM value_owner o LEFT JOIN integration i ON i.id = o.integration
        WHERE o.object = 'people' AND o.record = ?1
        """,
        (number, HAND, GONE),
    )
    return dict(rows)


def gaps_of(db: Connection, number: int, most: int) -> tuple[ReadingGap, ...]:
    """The latest runs of the person's integrations that failed or came to no end, newest first."""
    rows = db.execute_sql(
        """
        SELECT s.started_at, s.id, s.integration_name, s.status, s.message
        FROM (SELECT DISTINCT integration FROM source_link WHERE person = ?1) l
        CROSS JOIN sync_session s ON s.integration = l.integration
        WHERE s.kind = 'run' AND s.status IN ('failed', 'incomplete', 'interrupted')
          AND s.started_at >= (SELECT created_at FROM person WHERE id = ?1)
        ORDER BY s.id DESC LIMIT ?2
        """,
        (number, most),
    )
    return tuple(map(ReadingGap._make, rows))


def person_called(db: Connection, name: str) -> int | None:
    """The one person of this username, e-mail address or name; None when there is none, or more than one."""
    by_key = """
        SELECT id FROM person WHERE username__key = fold(?1)
        UNION SELECT id FROM person WHERE email__key = fold(?1)
    """
    for sql in (by_key, "SELECT id FROM person WHERE name = ?1 AND NOT archived LIMIT 2"):
        found = db.execute_sql(sql, (name,)).fetchall()
        if found:
            return int(found[0][0]) if len(found) == 1 else None
    return None


def licences_of(db: Connection, number: int) -> tuple[LicenceFacts, ...]:
    """The licences of a person by application and product, those that ended last."""
    rows = db.execute_sql(
        """
        SELECT l.id, u.id, a.id, a.name, coalesce(l.product, ''), coalesce(l.licence_id, ''), coalesce(l.team, ''),
            l.assigned_at, l.last_used, l.valid_until, l.deactivated OR l.archived
        FROM saas_user u JOIN licence l ON l.saas_user = u.id JOIN saas_application a ON a.id = l.saas_application
        WHERE u.person = ?
        ORDER BY l.deactivated OR l.archived, a.name__key, l.product, l.id
        """,
        (number,),
    )
    return tuple(LicenceFacts(*(*row[:10], bool(row[10]))) for row in rows)


_CHANGE = """
    SELECT c.at, s.id,
        coalesce(s.integration_name, (SELECT i.name FROM integration i WHERE c.cause = 'integration ' || i.id), ''),
        coalesce(s.kind, ''), c.cause, c.object,
        CASE c.object
            WHEN 'saas_users' THEN (
                SELECT a.name FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
                WHERE u.id = c.record)
            WHEN 'licences' THEN (
                SELECT a.name FROM licence l JOIN saas_application a ON a.id = l.saas_application
                WHERE l.id = c.record)
        END,
        c.kind, coalesce(c.field, ''), coalesce(f.label, c.field, ''),
        CASE c.field
            WHEN 'person' THEN (SELECT coalesce(name, username) FROM person WHERE id = c.before)
            WHEN 'saas_application' THEN (SELECT name FROM saas_application WHERE id = c.before)
            ELSE c.before
        END,
        CASE c.field
            WHEN 'person' THEN (SELECT coalesce(name, username) FROM person WHERE id = c.after)
            WHEN 'saas_application' THEN (SELECT name FROM saas_application WHERE id = c.after)
            ELSE c.after
        END,
        coalesce(c.reason, ''), coalesce(f.type, '')
    FROM change c
    LEFT JOIN sync_session s ON s.id = c.session
    LEFT JOIN field f ON f.object = c.object AND f.external_id = c.field
"""


def changes_of(db: Connection, kind: ObjectKind, record: int, most: int) -> tuple[RecordChange, ...]:
    """The latest changes of one record, newest first."""
    rows = db.execute_sql(
        f"{_CHANGE} WHERE c.object = ? AND c.record = ? ORDER BY c.id DESC LIMIT ?",
        (kind.value, record, most),
    )
    return tuple(map(_change, rows))


# A run that finds somebody active once more: true, and of no weight beside what else happens to a person.
_ONLY_WAS_THERE = """
    h.kind = 'update' AND h.session IS NOT NULL
    AND (h.object, h.field) IN (SELECT f.object, f.external_id FROM field f WHERE f.type = 'datetime')
"""


def changes_of_person(
    db: Connection, number: int, most: int, *, with_every_sight: bool = True
) -> tuple[RecordChange, ...]:
    """The latest changes of a person, of their accounts and of their licences, newest first.

    Without every sight of them, moments that a run found to have moved on are left out: last activity, last use.
    """
    weighty = "" if with_every_sight else f"WHERE NOT ({_ONLY_WAS_THERE})"
    rows = db.execute_sql(
        f"""
        WITH theirs(object, record) AS (
            SELECT 'people', ?1
            UNION ALL SELECT 'saas_users', u.id FROM saas_user u WHERE u.person = ?1
            UNION ALL SELECT 'licences', l.id
                FROM saas_user u JOIN licence l ON l.saas_user = u.id WHERE u.person = ?1
        )
        {_CHANGE}
        WHERE c.id IN (
            -- CROSS keeps the order of the join: few records first, then their changes by the index.
            SELECT h.id FROM theirs t CROSS JOIN change h ON h.object = t.object AND h.record = t.record
            {weighty}
            ORDER BY h.id DESC LIMIT ?2
        )
        ORDER BY c.id DESC
        """,
        (number, most),
    )
    return tuple(map(_change, rows))


def person_of_saas_user(db: Connection, saas_user: int) -> int | None:
    """The person that an account belongs to."""
    row = db.execute_sql("SELECT person FROM saas_user WHERE id = ?", (saas_user,)).fetchone()
    return None if row is None else row[0]


def person_of_licence(db: Connection, licence: int) -> int | None:
    """The person whose account has a licence."""
    row = db.execute_sql(
        "SELECT u.person FROM licence l JOIN saas_user u ON u.id = l.saas_user WHERE l.id = ?", (licence,)
    ).fetchone()
    return None if row is None else row[0]


def _change(row: Sequence[Any]) -> RecordChange:
    return RecordChange._make((*row[:6], row[6] or "", *row[7:]))
