"""SQL of the plans that are kept, and of their lines."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection


class PlanRow(NamedTuple):
    """A plan that is kept: a preview, or deactivations that wait for a person. An import has integration 0."""

    id: int
    session: int
    integration: int
    integration_name: str
    kind: str
    state: str
    reason: str
    list_hash: str
    deactivations: int
    created_at: str
    first_held_at: str | None
    decided_at: str | None
    decided_by: str | None
    counts: dict[str, Any]

    @property
    def is_import(self) -> bool:
        """Whether it is of a file, and so of no integration."""
        return not self.integration


_PLAN = """
    SELECT p.id, p.session, coalesce(p.integration, 0), coalesce(i.name, s.integration_name), p.kind, p.state,
        p.reason, p.list_hash, p.deactivations, p.created_at, p.first_held_at, p.decided_at, p.decided_by, p.counts
    FROM plan p JOIN sync_session s ON s.id = p.session LEFT JOIN integration i ON i.id = p.integration
"""


def _plan(row: Sequence[Any]) -> PlanRow:
    return PlanRow._make((*row[:-1], orjson.loads(row[-1])))


def _new_id(cursor: Any) -> int:
    return int(cursor.lastrowid)


def insert_plan(
    db: Connection,
    *,
    session: int,
    integration: int,
    kind: str,
    state: str,
    reason: str,
    list_hash: str,
    deactivations: int,
    first_held_at: str | None,
    counts: dict[str, Any],
    at: str,
    number: int | None = None,
) -> int:
    """Keep a plan and return its number; `number` is that of the plan it replaces."""
    cursor = db.execute_sql(
        """INSERT INTO plan (id, session, integration, kind, state, reason, list_hash, deactivations, created_at,
            first_held_at, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            number,
            session,
            integration or None,
            kind,
            state,
            reason,
            list_hash,
            deactivations,
            at,
            first_held_at,
            orjson.dumps(counts).decode(),
        ),
    )
    return _new_id(cursor)


def plans(db: Connection, *, kind: str | None = None, state: str | None = None) -> list[PlanRow]:
    """Kept plans, newest first."""
    conditions = [f"p.{name} = ?" for name, value in (("kind", kind), ("state", state)) if value]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = db.execute_sql(f"{_PLAN} {where} ORDER BY p.id DESC", tuple(value for value in (kind, state) if value))
    return [_plan(row) for row in rows]


def plan_by_id(db: Connection, plan: int) -> PlanRow | None:
    """One plan."""
    row = db.execute_sql(f"{_PLAN} WHERE p.id = ?", (plan,)).fetchone()
    return None if row is None else _plan(row)


def held_plan_of(db: Connection, integration: int) -> PlanRow | None:
    """The plan of this integration that waits for a person, if there is one."""
    row = db.execute_sql(
        f"{_PLAN} WHERE p.integration = ? AND p.kind = 'held' AND p.state = 'held'", (integration,)
    ).fetchone()
    return None if row is None else _plan(row)


def delete_plans(db: Connection, integration: int, kind: str) -> None:
    """Drop plans that a newer one replaces; of held ones, those that nobody decided about."""
    db.execute_sql(
        "DELETE FROM plan WHERE coalesce(integration, 0) = ? AND kind = ? AND state IN ('held', 'preview', 'applied')",
        (integration, kind),
    )


def decide_plan(db: Connection, plan: int, state: str, who: str, at: str) -> None:
    """Note what a person decided about a held plan."""
    db.execute_sql("UPDATE plan SET state = ?, decided_at = ?, decided_by = ? WHERE id = ?", (state, at, who, plan))


class PlanLine(NamedTuple):
    """One line of a plan: a record, and where fields change, the field with before and after."""

    seq: int
    kind: str
    object: str
    record: int | None
    vendor_id: str | None
    label: str
    reason: str
    held: bool
    field: str
    before: Any
    after: Any


def plan_lines(db: Connection, plan: int) -> list[PlanLine]:
    """Every line of a kept plan: held ones first, then in the order of the plan."""
    rows = db.execute_sql(
        """
        SELECT r.seq, r.kind, r.object, r.record, r.vendor_id, r.label, r.reason, r.held,
            coalesce(f.field, ''), f.before, f.after
        FROM plan_record r LEFT JOIN plan_field f ON f.plan = r.plan AND f.seq = r.seq
        WHERE r.plan = ? ORDER BY r.held DESC, r.seq, f.field
        """,
        (plan,),
    )
    return [PlanLine._make((*row[:7], bool(row[7]), *row[8:])) for row in rows]


def planned_deactivations(db: Connection, plan: int, kind: str) -> list[int]:
    """The numbers, in the plan, of what it would deactivate of one kind, held or not."""
    found = db.execute_sql(
        "SELECT seq FROM plan_record WHERE plan = ? AND kind = 'deactivate' AND object = ?", (plan, kind)
    )
    return [seq for (seq,) in found]


class Leaving(NamedTuple):
    """Somebody, or something, that a plan would deactivate."""

    label: str
    address: str
    reason: str


def leaving_by_name(db: Connection, plan: int, kind: ObjectKind, most: int) -> list[Leaving]:
    """The first of those of one kind that a plan would deactivate, with their addresses where they have any."""
    has_address = kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS)
    found = db.execute_sql(
        f"""
        SELECT r.label, coalesce({"t.email" if has_address else "r.vendor_id"}, ''), r.reason
        FROM plan_record r LEFT JOIN {quote(kind.table)} t ON t.id = r.record
        WHERE r.plan = ? AND r.kind = 'deactivate' AND r.object = ? ORDER BY r.seq LIMIT ?
        """,
        (plan, kind.value, most),
    )
    return [Leaving._make(row) for row in found]


# What several integrations may list: it goes only when none does any more.
_OF_SEVERAL = (ObjectKind.PEOPLE, ObjectKind.ASSETS)


def still_to_deactivate(db: Connection, plan: int, integration: int) -> list[tuple[str, int, str, str]]:
    """(object, record, label, reason) of a held plan's lines that still hold: active, and still the integration's."""
    found: list[tuple[str, int, str, str]] = []
    for kind in (ObjectKind.SAAS_USERS, ObjectKind.LICENCES, ObjectKind.PEOPLE, ObjectKind.ASSETS):
        listed_elsewhere = f"""AND NOT EXISTS (
            SELECT 1 FROM source_link l
            WHERE l.{kind.table} = t.id AND l.integration <> ?3 AND (l.gone = 0 OR l.by_hand))"""
        rows = db.execute_sql(
            f"""
            SELECT r.record, r.label, r.reason FROM plan_record r JOIN {quote(kind.table)} t ON t.id = r.record
            WHERE r.plan = ?1 AND r.object = ?2 AND r.held AND t.owner_integration = ?3
              AND NOT t.deactivated AND NOT t.archived {listed_elsewhere if kind in _OF_SEVERAL else ""}
            ORDER BY r.seq
            """,
            (plan, kind.value, integration),
        )
        found.extend((kind.value, record, label, reason) for record, label, reason in rows)
    return found


def mark_gone(db: Connection, plan: int, integration: int) -> None:
    """The approved absentees are gone as far as this integration is concerned."""
    db.execute_sql(
        """UPDATE source_link SET gone = 1 WHERE integration = ? AND gone = 0 AND vendor_id IN (
            SELECT vendor_id FROM plan_record
            WHERE plan = ? AND object IN ('saas_users', 'assets') AND reason LIKE 'absent%')""",
        (integration, plan),
    )
