"""SQL that finds the seats: who holds each, how it is used, what it costs, and why it could be given back.

A seat is a licence; of an application without licences it is an account. Everything is one relation, so that a sum and
the rows behind it never come from two places. Amounts are whole numbers of the smallest unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.records.listing.rows import Expression, Searched, Shape
from saasdesk.store import Connection


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What seats are judged by: days, names and prices, as they are just now."""

    today: str
    grace_since: str
    usual_days: int
    usual_cutoff: str
    # (application, days, cutoff) where an application has a threshold of its own
    own_days: Sequence[tuple[int, int, str]]
    # Applications whose licences say themselves when they were used.
    tells_use: Sequence[int]
    # Applications in which a suspended account means that the person is suspended.
    directories: Sequence[int]
    protected: Sequence[str]
    # (application, scope, name, minor, how it was computed), in the order of the tariff
    tariff: Sequence[tuple[int, str, str, int | None, str]]
    unit: int


_IS_HELD = "l.saas_user IS NOT NULL OR coalesce(l.held_by, 'unassigned') <> 'unassigned'"

_SEATS = f"""
    SELECT l.id * 2 AS id, l.saas_application AS application, l.saas_user AS account, u.person AS person,
           l.product AS product, l.team AS team, u.role AS role, l.assigned_at AS assigned,
           l.valid_until AS valid_until,
           CASE WHEN l.saas_application IN (SELECT value FROM json_each(?6))
                THEN l.last_used ELSE u.last_activity END AS used,
           NOT ({_IS_HELD}) AS is_free,
           l.saas_user IS NULL AND ({_IS_HELD}) AS is_no_persons,
           coalesce(u.deactivated OR u.archived, 0) AS is_account_gone,
           coalesce(u.email, u.name, u.saas_user_id, nullif(l.held_by, 'unassigned')) AS known_as,
           u.email__key AS account_key, u.saas_user_id AS vendor_id, u.name AS account_name,
           l.licence_id AS licence_id, 'licence' AS kind
    FROM licence l LEFT JOIN saas_user u ON u.id = l.saas_user
    WHERE l.deactivated = 0 AND l.archived = 0 {{licences}}
    UNION ALL
    SELECT u.id * 2 + 1, u.saas_application, u.id, u.person, NULL, NULL, u.role, NULL, NULL, u.last_activity, 0, 0, 0,
           coalesce(u.email, u.name, u.saas_user_id), u.email__key, u.saas_user_id, u.name, NULL, 'account'
    FROM saas_user u
    WHERE u.deactivated = 0 AND u.archived = 0 {{accounts}}
      AND u.saas_application NOT IN (
          SELECT a.id FROM saas_application a WHERE EXISTS (
              SELECT 1 FROM licence l WHERE l.saas_application = a.id AND l.deactivated = 0 AND l.archived = 0))
"""

# Another active licence of the same product in the same hands that was used later, or is the older one of two.
_HAS_BETTER = """EXISTS (
    SELECT 1 FROM licence o
    WHERE o.saas_user = s.account AND o.product = s.product AND o.id * 2 <> s.id
      AND o.saas_application = s.application AND o.deactivated = 0 AND o.archived = 0
      AND (coalesce(o.last_used, ''), -o.id) > (
          SELECT coalesce(mine.last_used, ''), -mine.id FROM licence mine WHERE mine.id = s.id / 2)
)"""

_FINDING = f"""CASE
    WHEN s.is_free THEN 'Unassigned'
    WHEN s.is_no_persons THEN NULL
    WHEN s.is_account_gone OR p.deactivated OR p.archived THEN 'Leaver'
    WHEN s.person IN (SELECT person FROM suspended)
         AND s.application NOT IN (SELECT value FROM json_each(?7)) THEN 'Suspended elsewhere'
    WHEN s.valid_until < ?1 THEN 'Expired'
    WHEN s.kind = 'licence' AND {_HAS_BETTER} THEN 'Second licence'
    WHEN s.used < coalesce(w.cutoff, ?4) AND coalesce(s.assigned, '') < ?2 THEN 'Idle'
    WHEN s.person IS NULL THEN 'Without a person'
END"""

_WHY = """CASE finding
    WHEN 'Unassigned' THEN 'Nobody has it'
    WHEN 'Leaver' THEN CASE
        WHEN is_account_gone THEN 'The account is deactivated, the licence is still given out'
        ELSE 'The person is deactivated, the account is still active' END
    WHEN 'Suspended elsewhere' THEN 'Suspended in ' || (
        SELECT a.name FROM saas_user d JOIN saas_application a ON a.id = d.saas_application
        WHERE d.person = judged.person AND d.saas_application IN (SELECT value FROM json_each(?7)) LIMIT 1
    ) || ', still active here'
    WHEN 'Expired' THEN 'The subscription ended on ' || substr(valid_until, 1, 10)
    WHEN 'Second licence' THEN 'Has another licence of ' || product || ' that is used no less'
    WHEN 'Idle' THEN 'Last used on ' || substr(used, 1, 10) || ', more than ' || days || ' days ago'
    WHEN 'Without a person' THEN 'No person is known to own the account'
END"""

_USE = """CASE
    WHEN s.is_free THEN 'unassigned'
    WHEN s.is_no_persons THEN 'no person''s'
    WHEN coalesce(s.assigned, '') >= ?2 THEN 'new'
    WHEN s.used IS NULL THEN 'unknown'
    WHEN s.used < coalesce(w.cutoff, ?4) THEN 'idle'
    ELSE 'active'
END"""

# The protected, then what somebody exempted, then what is approved already; only then it is a finding to act on.
_LANE = """CASE
    WHEN finding IS NULL THEN NULL
    WHEN is_protected OR exempt IS NOT NULL THEN 'Protected'
    WHEN id IN (SELECT seat FROM reclaim_seat) THEN 'Approved'
    WHEN finding IN ('Unassigned', 'Leaver', 'Idle') THEN 'Ready'
    ELSE 'Needs review'
END"""

_RELATION = f"""(
    WITH
    tariff AS MATERIALIZED (
        SELECT key AS place, value ->> 0 AS application, value ->> 1 AS scope, value ->> 2 AS name,
               value ->> 3 AS minor,
               value ->> 4 AS computed
        FROM json_each(?9)
    ),
    own_days AS MATERIALIZED (
        SELECT value ->> 0 AS application, value ->> 1 AS days, value ->> 2 AS cutoff FROM json_each(?5)
    ),
    suspended AS MATERIALIZED (
        SELECT d.person FROM saas_user d
        WHERE d.saas_application IN (SELECT value FROM json_each(?7)) AND d.person IS NOT NULL
          AND d.status LIKE 'suspended%'
    ),
    seat AS ({_SEATS}),
    judged AS (
        SELECT s.*, coalesce(p.username, s.known_as) AS holder, {_FINDING} AS finding, {_USE} AS use,
               coalesce(w.days, ?3) AS days,
               coalesce(
                   p.username__key IN (SELECT value FROM json_each(?8))
                   OR p.email__key IN (SELECT value FROM json_each(?8))
                   OR s.account_key IN (SELECT value FROM json_each(?8))
                   OR lower(s.account_name) IN (SELECT value FROM json_each(?8))
                   OR lower(s.vendor_id) IN (SELECT value FROM json_each(?8)), 0) AS is_protected,
               (SELECT e.reason FROM exemption e
                WHERE (e.seat = s.id OR e.seat IS NULL AND e.application = s.application
                           AND e.name = CASE e.scope WHEN 'product' THEN s.product WHEN 'role' THEN s.role
                                                     WHEN 'team' THEN s.team ELSE e.name END)
                  AND (e.until IS NULL OR e.until >= ?1) LIMIT 1) AS exempt,
               coalesce(tp.place, tr.place, tcp.place, tc.place, ta.place) AS line
        FROM seat s
        LEFT JOIN person p ON p.id = s.person
        LEFT JOIN own_days w ON w.application = s.application
        LEFT JOIN tariff tp ON tp.application = s.application AND tp.scope = 'product'
                           AND tp.name = s.product COLLATE NOCASE
        LEFT JOIN tariff tr ON tr.application = s.application AND tr.scope = 'role' AND tr.name = s.role COLLATE NOCASE
        LEFT JOIN tariff tcp ON tcp.application = s.application AND tcp.scope = 'contract_product'
                            AND tcp.name = s.product COLLATE NOCASE
        LEFT JOIN tariff tc ON tc.application = s.application AND tc.scope = 'contract'
        LEFT JOIN tariff ta ON ta.application = s.application AND ta.scope = 'application'
    ),
    laned AS (SELECT judged.*, {_LANE} AS lane, {_WHY} AS why FROM judged WHERE {{which}})
    SELECT laned.*, t.minor AS minor, t.minor / CAST(?10 AS REAL) AS monthly,
           coalesce(t.computed, 'Not priced: nobody entered what such a seat costs') AS computed,
           a.name AS application_name,
           CASE WHEN exempt IS NOT NULL THEN 'Exempt: ' || exempt WHEN is_protected THEN 'Protected in the settings' END
               AS kept_because
    FROM laned JOIN saas_application a ON a.id = laned.application LEFT JOIN tariff t ON t.place = laned.line
)"""

FINDINGS_ONLY = "finding IS NOT NULL"
EVERY_SEAT = "1"


def relation(
    yardstick: Yardstick, which: str, seats: Sequence[int] | None = None, application: int | None = None
) -> tuple[str, tuple[Any, ...]]:
    """The relation of seats, ready to stand behind FROM, and its parameters.

    `seats` reads only these, `application` only those of this one.

    Its parameters are numbered, so that plain question marks may follow it in a statement.
    """
    narrow = {"licences": "", "accounts": ""}
    values: list[Any] = [
        yardstick.today,
        yardstick.grace_since,
        yardstick.usual_days,
        yardstick.usual_cutoff,
        _json(yardstick.own_days),
        _json(yardstick.tells_use),
        _json(yardstick.directories),
        _json(yardstick.protected),
        _json(yardstick.tariff),
        yardstick.unit,
    ]
    if application is not None:
        narrow = {"licences": "AND l.saas_application = ?11", "accounts": "AND u.saas_application = ?11"}
        values.append(application)
    elif seats is not None:
        narrow = {
            "licences": "AND l.id IN (SELECT value FROM json_each(?11))",
            "accounts": "AND u.id IN (SELECT value FROM json_each(?12))",
        }
        values.append(_json([seat // 2 for seat in seats if seat % 2 == 0]))
        values.append(_json([seat // 2 for seat in seats if seat % 2]))
    return _RELATION.format(which=which, **narrow), tuple(values)


_COLUMNS = {
    "finding": Expression("r.finding", FieldType.SHORT_TEXT),
    "holder": Expression("r.holder", FieldType.SHORT_TEXT),
    "saas_application": Expression("r.application_name", FieldType.SHORT_TEXT),
    "product": Expression("r.product", FieldType.SHORT_TEXT),
    "monthly": Expression("r.monthly", FieldType.DECIMAL),
    "why": Expression("r.why", FieldType.SHORT_TEXT),
    "last_used": Expression("CASE WHEN r.is_free THEN '' ELSE r.used END", FieldType.DATETIME, sorted_by="r.used"),
    "lane": Expression("r.lane", FieldType.SHORT_TEXT),
    "computed": Expression("r.computed", FieldType.SHORT_TEXT),
    "kept_because": Expression("r.kept_because", FieldType.SHORT_TEXT),
    "team": Expression("r.team", FieldType.SHORT_TEXT),
    "role": Expression("r.role", FieldType.SHORT_TEXT),
    "assigned": Expression("r.assigned", FieldType.DATETIME),
    "valid_until": Expression("r.valid_until", FieldType.DATE),
    "licence_id": Expression("r.licence_id", FieldType.SHORT_TEXT),
}
_SEARCHED = ("holder", "saas_application", "product", "why", "team", "licence_id")


def shape(db: Connection, yardstick: Yardstick, seats: Sequence[int] | None = None) -> Shape:
    """The findings as a list of records sees them."""
    table, parameters = relation(yardstick, FINDINGS_ONLY, seats)
    searched = tuple(Searched(_COLUMNS[key].shown) for key in _SEARCHED)
    names = tuple(name for (name,) in db.execute_sql("SELECT name FROM saas_application ORDER BY name COLLATE NOCASE"))
    return Shape(ObjectKind.LICENCES, table, (), _COLUMNS, searched, names, parameters)


def count_findings(db: Connection, yardstick: Yardstick, application: int | None = None) -> list[tuple[Any, ...]]:
    """Lane, finding, application and product, with seats, priced seats and what these cost a month."""
    table, parameters = relation(yardstick, FINDINGS_ONLY, application=application)
    return db.execute_sql(
        f"""
        SELECT r.lane, r.finding, r.application, r.application_name, r.product, count(*), count(r.minor),
               coalesce(sum(r.minor), 0)
        FROM {table} r GROUP BY 1, 2, 3, 5 ORDER BY 4, 5
        """,
        parameters,
    ).fetchall()


def count_seats(db: Connection, yardstick: Yardstick, application: int | None = None) -> list[tuple[Any, ...]]:
    """Application and use, with seats, priced seats and what these cost a month."""
    table, parameters = relation(yardstick, EVERY_SEAT, application=application)
    return db.execute_sql(
        f"""
        SELECT r.application, r.application_name, r.use, count(*), count(r.minor), coalesce(sum(r.minor), 0)
        FROM {table} r GROUP BY 1, 3 ORDER BY 2, 3
        """,
        parameters,
    ).fetchall()


def names_in(db: Connection, application: int) -> tuple[list[str], list[str]]:
    """The products and the SaaS roles that an application's seats have, by which prices may go."""
    products = db.execute_sql(
        "SELECT DISTINCT product FROM licence WHERE saas_application = ? AND deactivated = 0 AND product <> '' "
        "ORDER BY product COLLATE NOCASE LIMIT 500",
        (application,),
    )
    roles = db.execute_sql(
        "SELECT DISTINCT role FROM saas_user WHERE saas_application = ? AND deactivated = 0 AND role <> '' "
        "ORDER BY role COLLATE NOCASE LIMIT 500",
        (application,),
    )
    return [name for (name,) in products.fetchall()], [name for (name,) in roles.fetchall()]


def tells_use(db: Connection) -> list[int]:
    """The applications whose licences say themselves when they were used."""
    rows = db.execute_sql(
        """
        SELECT a.id FROM saas_application a WHERE EXISTS (
            SELECT 1 FROM licence l WHERE l.saas_application = a.id AND l.deactivated = 0 AND l.last_used IS NOT NULL)
        """
    )
    return [number for (number,) in rows.fetchall()]


def applications_fed_by(db: Connection, connectors: Sequence[str]) -> list[int]:
    """The applications whose accounts come from one of these connectors."""
    rows = db.execute_sql(
        """
        SELECT DISTINCT a.id FROM saas_application a, integration i
        WHERE i.document ->> 'connector' IN (SELECT value FROM json_each(?))
          AND EXISTS (SELECT 1 FROM saas_user u
                      WHERE u.saas_application = a.id AND u.deactivated IN (0, 1) AND u.owner_integration = i.id)
        """,
        (_json(connectors),),
    )
    return [number for (number,) in rows.fetchall()]


def own_days(db: Connection) -> dict[int, int]:
    """Which application has an idle threshold of its own."""
    return dict(db.execute_sql("SELECT application, days FROM idle_threshold").fetchall())


def keep_own_days(db: Connection, application: int, days: int | None) -> None:
    """Give an application a threshold of its own, or the usual one again."""
    db.execute_sql("DELETE FROM idle_threshold WHERE application = ?", (application,))
    if days is not None:
        db.execute_sql("INSERT INTO idle_threshold (application, days) VALUES (?, ?)", (application, days))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
