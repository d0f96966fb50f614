"""SQL that finds the seats: who holds each, how it is used, what it costs, and why it could be given back.

A seat is a licence; of an application without licences it is an account. Everything is one relation, so that a sum and
the rows behind it never come from two places. Amounts are whole numbers of the smallest unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.licences.prices.tariff import SCOPES
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
    has_exemptions: bool
    # (application, scope, name, minor, how it was computed), in the order of the tariff
    tariff: Sequence[tuple[int, str, str, int | None, str]]
    unit: int


_IS_HELD = "l.saas_user IS NOT NULL OR coalesce(l.held_by, 'unassigned') <> 'unassigned'"

# As narrow as it can be: with millions of seats each column costs, and most seats are no finding.
_SEATS = f"""
    SELECT l.id * 2 AS id, l.saas_application AS application, l.saas_user AS account, u.person AS person,
           l.product AS product, u.role AS role, l.assigned_at AS assigned, l.valid_until AS valid_until,
           CASE WHEN l.saas_application IN (SELECT value FROM json_each(?6))
                THEN l.last_used ELSE u.last_activity END AS used,
           NOT ({_IS_HELD}) AS is_free,
           l.saas_user IS NULL AND ({_IS_HELD}) AS is_no_persons,
           coalesce(u.deactivated OR u.archived, 0) AS is_account_gone
    FROM licence l LEFT JOIN saas_user u ON u.id = l.saas_user
    WHERE l.deactivated = 0 AND l.archived = 0 {{licences}}
    UNION ALL
    SELECT u.id * 2 + 1, u.saas_application, u.id, u.person, NULL, u.role, NULL, NULL, u.last_activity, 0, 0, 0
    FROM saas_user u
    WHERE u.deactivated = 0 AND u.archived = 0 {{accounts}}
      AND u.saas_application NOT IN (
          SELECT a.id FROM saas_application a WHERE EXISTS (
              SELECT 1 FROM licence l WHERE l.saas_application = a.id AND l.deactivated = 0 AND l.archived = 0))
"""

# Another active licence of the same product in the same hands that was used later, or is the older one of two.
_HAS_BETTER = """s.account IN (SELECT account FROM several) AND EXISTS (
    SELECT 1 FROM licence o
    WHERE o.saas_user = s.account AND o.product = s.product AND o.id * 2 <> s.id
      AND o.saas_application = s.application AND o.deactivated = 0 AND o.archived = 0
      AND (coalesce(o.last_used, ''), -o.id) > (
          SELECT coalesce(mine.last_used, ''), -mine.id FROM licence mine WHERE mine.id = s.id / 2)
)"""

_FINDING = f"""CASE
    WHEN s.is_free THEN 'Unassigned'
    WHEN s.is_no_persons THEN NULL
    WHEN s.is_account_gone OR s.person IN (SELECT person FROM left_us) THEN 'Leaver'
    WHEN s.person IN (SELECT person FROM suspended)
         AND s.application NOT IN (SELECT value FROM json_each(?7)) THEN 'Suspended elsewhere'
    WHEN s.valid_until < ?1 THEN 'Expired'
    WHEN s.id % 2 = 0 AND {_HAS_BETTER} THEN 'Second licence'
    WHEN s.used < coalesce(w.cutoff, ?4) AND coalesce(s.assigned, '') < ?2 THEN 'Idle'
    WHEN s.person IS NULL THEN 'Without a person'
END"""

_WHY = """CASE finding
    WHEN 'Unassigned' THEN 'Nobody has it'
    WHEN 'Leaver' THEN CASE
        WHEN is_account_gone THEN 'The account is deactivated, the licence is still given out'
        ELSE 'The person has left, the account is still active' END
    WHEN 'Suspended elsewhere' THEN 'Suspended in ' || (
        SELECT a.name FROM saas_user d JOIN saas_application a ON a.id = d.saas_application
        WHERE d.person = judged.person AND d.saas_application IN (SELECT value FROM json_each(?7)) LIMIT 1
    ) || ', still active here'
    WHEN 'Expired' THEN 'The subscription ended on ' || substr(judged.valid_until, 1, 10)
    WHEN 'Second licence' THEN 'Has another licence of ' || judged.product || ' that is used no less'
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

_IS_PROTECTED = """coalesce(
    p.username__key IN (SELECT value FROM json_each(?8)) OR p.email__key IN (SELECT value FROM json_each(?8))
    OR u.email__key IN (SELECT value FROM json_each(?8)) OR lower(u.name) IN (SELECT value FROM json_each(?8))
    OR lower(u.saas_user_id) IN (SELECT value FROM json_each(?8)), 0)"""

# One is enough, that of the seat itself first.
_EXEMPT = """coalesce(
    (SELECT e.reason FROM exemption e WHERE e.seat = judged.id AND (e.until IS NULL OR e.until >= ?1) LIMIT 1),
    (SELECT e.reason FROM exemption e
     WHERE e.application = judged.application AND e.seat IS NULL AND (e.until IS NULL OR e.until >= ?1)
       AND e.name = CASE e.scope WHEN 'product' THEN judged.product WHEN 'role' THEN judged.role
                                 WHEN 'team' THEN l.team ELSE e.name END LIMIT 1))"""

# The protected, then what is approved already; only then it is a finding to act on.
_LANE = """CASE
    WHEN finding IS NULL THEN NULL
    WHEN is_protected OR exempt IS NOT NULL THEN 'Protected'
    WHEN told.id IN (SELECT seat FROM reclaim_seat) THEN 'Approved'
    WHEN finding IN ('Unassigned', 'Leaver', 'Idle') THEN 'Ready'
    ELSE 'Needs review'
END"""

_WORDS = f"""{_WHY} AS why, l.team AS team, l.licence_id AS licence_id, p.department AS department,
    coalesce(p.username, u.email, u.name, u.saas_user_id, nullif(l.held_by, 'unassigned')) AS holder"""
_NO_WORDS = "NULL AS why, NULL AS team, NULL AS licence_id, NULL AS department, NULL AS holder"
_RECORDS = """
    LEFT JOIN licence l ON l.id = CASE judged.id % 2 WHEN 0 THEN judged.id / 2 END
    LEFT JOIN saas_user u ON u.id = judged.account
    LEFT JOIN person p ON p.id = judged.person"""

# A LIMIT keeps SQLite from putting one query into the other: each expression is then computed once for each seat, and
# not again wherever its name stands. What is judged to be no finding is kept nowhere.
_RELATION = f"""(
    WITH
    tariff AS MATERIALIZED (
        SELECT key AS place, value ->> 0 AS application, value ->> 1 AS scope, value ->> 2 AS name,
               value ->> 3 AS minor, value ->> 4 AS computed
        FROM json_each(?9)
    ),
    own_days AS MATERIALIZED (
        SELECT value ->> 0 AS application, value ->> 1 AS days, value ->> 2 AS cutoff FROM json_each(?5)
    ),
    suspended AS MATERIALIZED (
        SELECT d.person FROM saas_user d
        WHERE d.saas_application IN (SELECT value FROM json_each(?7)) AND d.person IS NOT NULL
          AND d.status >= 'suspended' AND d.status < 'suspendee'
    ),
    left_us AS MATERIALIZED (SELECT id AS person FROM person WHERE deactivated OR archived),
    several AS MATERIALIZED (
        SELECT saas_user AS account FROM licence WHERE saas_user IS NOT NULL GROUP BY saas_user HAVING count(*) > 1
    ),
    seat AS ({_SEATS}),
    judged AS (
        SELECT * FROM (
            SELECT s.*, {{finding}} AS finding, {{use}} AS use, coalesce(w.days, ?3) AS days
            FROM seat s LEFT JOIN own_days w ON w.application = s.application
            LIMIT -1
        ) WHERE {{which}} LIMIT -1
    ),
    told AS (
        SELECT judged.*, {{line}} AS line, {{is_protected}} AS is_protected, {{exempt}} AS exempt,
               {{words}}
        FROM judged {{records}}
        {{prices}}
    )
    SELECT told.*, {_LANE} AS lane, t.minor AS minor, t.minor / CAST(?10 AS REAL) AS monthly,
           coalesce(t.computed, 'Not priced: nobody entered what such a seat costs') AS computed,
           a.name AS application_name, a.name__key AS application_key,
           CASE WHEN exempt IS NOT NULL THEN 'Exempt: ' || exempt WHEN is_protected THEN 'Protected in the settings' END
               AS kept_because
    FROM told JOIN saas_application a ON a.id = told.application LEFT JOIN tariff t ON t.place = told.line
)"""

FINDINGS_ONLY = "finding IS NOT NULL"
EVERY_SEAT = "1"


def relation(
    yardstick: Yardstick,
    which: str,
    seats: Sequence[int] | None = None,
    application: int | None = None,
    *,
    in_words: bool = True,
    is_judged: bool = True,
) -> tuple[str, tuple[Any, ...]]:
    """The relation of seats, ready to stand behind FROM, and its parameters.

    `seats` reads only these, `application` only those of this one. Whoever only counts needs no words, and whoever asks
    for prices no judgement.

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
    scopes = dict.fromkeys(
        scope for _, scope, *_ in sorted(yardstick.tariff, key=lambda line: list(SCOPES).index(line[1]))
    )
    # What nobody uses just now costs nothing: with millions of seats each of these is felt.
    parts = {
        "words": _WORDS if in_words else _NO_WORDS,
        "records": _RECORDS if in_words or yardstick.protected or yardstick.has_exemptions else "",
        "finding": _FINDING if is_judged else "NULL",
        "use": _USE if which == EVERY_SEAT and is_judged else "NULL",
        "line": f"coalesce({', '.join(['NULL', 'NULL', *(f'{scope}_price.place' for scope in scopes)])})",
        "is_protected": _IS_PROTECTED if yardstick.protected else "0",
        "exempt": _EXEMPT if yardstick.has_exemptions else "NULL",
        "prices": "\n".join(map(_price_join, scopes)),
    }
    return _RELATION.format(which=which, **parts, **narrow), tuple(values)


def _price_join(scope: str) -> str:
    named = SCOPES[scope]
    by_name = f" AND {scope}_price.name = judged.{named} COLLATE NOCASE" if named else ""
    return (
        f"LEFT JOIN tariff {scope}_price ON {scope}_price.application = judged.application "
        f"AND {scope}_price.scope = '{scope}'{by_name}"
    )


# Words of ours are plain, so SQL folds them itself: among millions much quicker than to ask Python for each.
_COLUMNS = {
    "finding": Expression("r.finding", FieldType.SHORT_TEXT, folded="lower(r.finding)"),
    "holder": Expression("r.holder", FieldType.SHORT_TEXT),
    "saas_application": Expression("r.application_name", FieldType.SHORT_TEXT, folded="r.application_key"),
    "product": Expression("r.product", FieldType.SHORT_TEXT),
    "monthly": Expression("r.monthly", FieldType.DECIMAL),
    "why": Expression("r.why", FieldType.SHORT_TEXT),
    "last_used": Expression("CASE WHEN r.is_free THEN '' ELSE r.used END", FieldType.DATETIME, sorted_by="r.used"),
    "lane": Expression("r.lane", FieldType.SHORT_TEXT, folded="lower(r.lane)"),
    "computed": Expression("r.computed", FieldType.SHORT_TEXT),
    "kept_because": Expression("r.kept_because", FieldType.SHORT_TEXT),
    "team": Expression("r.team", FieldType.SHORT_TEXT),
    "role": Expression("r.role", FieldType.SHORT_TEXT),
    "assigned": Expression("r.assigned", FieldType.DATETIME),
    "valid_until": Expression("r.valid_until", FieldType.DATE),
    "licence_id": Expression("r.licence_id", FieldType.SHORT_TEXT),
    "use": Expression("r.use", FieldType.SHORT_TEXT, folded="lower(r.use)"),
    "department": Expression("r.department", FieldType.SHORT_TEXT),
}
_SEARCHED = ("finding", "holder", "saas_application", "product", "why", "team", "licence_id")


def shape(
    db: Connection, yardstick: Yardstick, seats: Sequence[int] | None = None, which: str = FINDINGS_ONLY
) -> Shape:
    """The findings, or every seat, as a list of records sees them."""
    table, parameters = relation(yardstick, which, seats)
    searched = tuple(Searched(_COLUMNS[key].shown) for key in _SEARCHED)
    names = tuple(name for (name,) in db.execute_sql("SELECT name FROM saas_application ORDER BY name COLLATE NOCASE"))
    return Shape(ObjectKind.LICENCES, table, (), _COLUMNS, searched, names, parameters)


def count_findings(db: Connection, yardstick: Yardstick, application: int | None = None) -> list[tuple[Any, ...]]:
    """Lane, finding, application and product, with seats, priced seats and what these cost a month."""
    table, parameters = relation(yardstick, FINDINGS_ONLY, application=application, in_words=False)
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
    table, parameters = relation(yardstick, EVERY_SEAT, application=application, in_words=False)
    return db.execute_sql(
        f"""
        SELECT r.application, r.application_name, r.use, count(*), count(r.minor), coalesce(sum(r.minor), 0)
        FROM {table} r GROUP BY 1, 3 ORDER BY 2, 3
        """,
        parameters,
    ).fetchall()


def seats_of_person(db: Connection, person: int) -> list[int]:
    """Every seat that one of the person's accounts has, or is."""
    rows = db.execute_sql(
        """
        SELECT l.id * 2 FROM licence l JOIN saas_user u ON u.id = l.saas_user WHERE u.person = ?1
        UNION ALL SELECT u.id * 2 + 1 FROM saas_user u WHERE u.person = ?1
        """,
        (person,),
    )
    return [seat for (seat,) in rows.fetchall()]


def price_seats(db: Connection, yardstick: Yardstick, seats: Sequence[int]) -> list[tuple[Any, ...]]:
    """Application and its name, product, price a month and how it was computed, of those of these that are active."""
    table, parameters = relation(yardstick, EVERY_SEAT, seats, in_words=False, is_judged=False)
    return db.execute_sql(
        f"""
        SELECT r.application, r.application_name, r.product, r.minor, r.computed FROM {table} r
        ORDER BY r.minor DESC NULLS LAST, r.application_name COLLATE NOCASE, r.product COLLATE NOCASE
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
        SELECT DISTINCT (SELECT u.saas_application FROM saas_user u WHERE u.owner_integration = i.id LIMIT 1)
        FROM integration i WHERE i.document ->> 'connector' IN (SELECT value FROM json_each(?))
        """,
        (_json(connectors),),
    )
    return [number for (number,) in rows.fetchall() if number is not None]


def has_exemptions(db: Connection) -> bool:
    """Whether anything is exempt at all."""
    return db.execute_sql("SELECT 1 FROM exemption LIMIT 1").fetchone() is not None


def own_days(db: Connection) -> dict[int, int]:
    """Which application has an idle threshold of its own."""
    return dict(db.execute_sql("SELECT application, days FROM idle_threshold").fetchall())


def applications_with_own_days(db: Connection) -> list[tuple[int, str, int]]:
    """The same with the names of the applications, by name."""
    return list(
        db.execute_sql(
            "SELECT a.id, a.name, t.days FROM idle_threshold t JOIN saas_application a ON a.id = t.application "
            "ORDER BY a.name COLLATE NOCASE"
        ).fetchall()
    )


def keep_own_days(db: Connection, application: int, days: int | None) -> None:
    """Give an application a threshold of its own, or the usual one again."""
    db.execute_sql("DELETE FROM idle_threshold WHERE application = ?", (application,))
    if days is not None:
        db.execute_sql("INSERT INTO idle_threshold (application, days) VALUES (?, ?)", (application, days))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
