"""SQL for approved lists and exemptions."""

from collections.abc import Sequence
from typing import Any

import orjson

from saasdesk.licences.seats.rows import FINDINGS_ONLY, Yardstick, relation
from saasdesk.store import Connection

# What was approved was there then: gone within the same second is gone afterwards.
# Only a run takes a record away that a complete listing does not have any more; a person's own hand proves nothing.
_GIVEN = """CASE
    WHEN coalesce(c.deactivated, u.deactivated) AND coalesce(c.deactivated_session, u.deactivated_session) IS NOT NULL
         AND coalesce(c.deactivated_at, u.deactivated_at) >= m.approved_at THEN 'Realised'
    WHEN c.id IS NOT NULL AND c.saas_user IS NULL AND s.finding <> 'Unassigned' THEN 'Free, still paid for'
    ELSE 'Still held'
END"""
_LISTED = f"""
    SELECT s.*, m.name, m.currency, m.approved_at, m.approved_by, {_GIVEN} AS given,
           coalesce(c.deactivated_at, u.deactivated_at) AS since
    FROM reclaim_list m JOIN reclaim_seat s ON s.list = m.id
    LEFT JOIN licence c ON s.seat % 2 = 0 AND c.id = s.seat / 2
    LEFT JOIN saas_user u ON s.seat % 2 = 1 AND u.id = s.seat / 2
"""


def add_list(db: Connection, name: str, currency: str, at: str, who: str) -> int:
    """Begin a list."""
    cursor = db.execute_sql(
        "INSERT INTO reclaim_list (name, currency, approved_at, approved_by) VALUES (?, ?, ?, ?)",
        (name, currency, at, who),
    )
    return int(cursor.lastrowid or 0)


def add_seats(db: Connection, number: int, yardstick: Yardstick, seats: Sequence[int]) -> int:
    """Put the seats on a list that may be given back just now; returns how many these are."""
    table, parameters = relation(yardstick, FINDINGS_ONLY, seats)
    cursor = db.execute_sql(
        f"""
        INSERT INTO reclaim_seat (seat, list, holder, application, product, finding, why, minor, computed)
        SELECT r.id, {int(number)}, coalesce(r.holder, ''), r.application_name, coalesce(r.product, ''),
               r.finding, r.why, r.minor, r.computed
        FROM {table} r WHERE r.lane IN ('Ready', 'Needs review')
        """,
        parameters,
    )
    return int(cursor.rowcount)


def lists(db: Connection) -> list[tuple[Any, ...]]:
    """All lists with their two sums, the newest first."""
    return db.execute_sql(
        f"""
        SELECT list, name, approved_at, approved_by, currency,
               count(*) FILTER (WHERE given <> 'Realised'),
               coalesce(sum(minor) FILTER (WHERE given <> 'Realised'), 0),
               count(*) FILTER (WHERE given = 'Realised'),
               coalesce(sum(minor) FILTER (WHERE given = 'Realised'), 0)
        FROM ({_LISTED}) GROUP BY list ORDER BY list DESC
        """
    ).fetchall()


def seats_of(db: Connection, number: int) -> list[tuple[Any, ...]]:
    """The seats of one list."""
    return db.execute_sql(
        f"""
        SELECT seat, holder, application, product, finding, why, minor, computed, currency, given,
               CASE given WHEN 'Realised' THEN since END
        FROM ({_LISTED} WHERE s.list = ?)
        ORDER BY given = 'Realised', application COLLATE NOCASE, product COLLATE NOCASE, holder COLLATE NOCASE
        """,
        (number,),
    ).fetchall()


def release(db: Connection, number: int) -> int:
    """Take what is not realised off a list, and the list away when nothing is left on it."""
    cursor = db.execute_sql(
        f"""
        DELETE FROM reclaim_seat
        WHERE seat IN (SELECT seat FROM ({_LISTED} WHERE s.list = ?) WHERE given <> 'Realised')
        """,
        (number,),
    )
    db.execute_sql(
        "DELETE FROM reclaim_list WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM reclaim_seat WHERE list = ?1)", (number,)
    )
    return int(cursor.rowcount)


def accounts_of(db: Connection, seats: Sequence[int]) -> list[int]:
    """The SaaS users who hold these seats."""
    licences = orjson.dumps([seat // 2 for seat in seats if seat % 2 == 0]).decode()
    accounts = orjson.dumps([seat // 2 for seat in seats if seat % 2]).decode()
    found = db.execute_sql(
        """
        SELECT saas_user FROM licence WHERE id IN (SELECT value FROM json_each(?)) AND saas_user IS NOT NULL
        UNION SELECT value FROM json_each(?)
        """,
        (licences, accounts),
    )
    return [number for (number,) in found.fetchall()]


def place_of(db: Connection, seat: int) -> tuple[int | None, int | None, int | None]:
    """The person, the account and the application of a seat."""
    of_licence = """
        SELECT u.person, u.id, l.saas_application
        FROM licence l LEFT JOIN saas_user u ON u.id = l.saas_user WHERE l.id = ?
    """
    of_account = "SELECT person, id, saas_application FROM saas_user WHERE id = ?"
    row = db.execute_sql(of_account if seat % 2 else of_licence, (seat // 2,)).fetchone()
    return (None, None, None) if row is None else (row[0], row[1], row[2])


def what_to_exempt(
    db: Connection, yardstick: Yardstick, seats: Sequence[int], scope: str
) -> list[tuple[int, int | None, str, str, str]]:
    """Application, seat, scope, name and label of the exemptions that would leave these seats alone."""
    table, parameters = relation(yardstick, FINDINGS_ONLY, seats)
    if scope == "seat":
        label = "r.application_name || ' · ' || coalesce(r.holder, r.licence_id, 'a free seat')"
        what = f"r.application, r.id, 'seat', '', {label}"
        which = "1"
    elif scope == "application":
        what, which = "r.application, NULL, 'application', '', r.application_name", "1"
    else:
        column = {"product": "r.product", "role": "r.role", "team": "r.team"}[scope]
        what = f"r.application, NULL, '{scope}', {column}, r.application_name || ' · ' || {column}"
        which = f"{column} <> ''"
    return db.execute_sql(f"SELECT DISTINCT {what} FROM {table} r WHERE {which}", parameters).fetchall()


def add_exemptions(db: Connection, values: Sequence[tuple[Any, ...]]) -> None:
    """Keep exemptions, over earlier ones of the same seats."""
    for application, seat, scope, name, *_ in values:
        db.execute_sql(
            "DELETE FROM exemption WHERE application = ? AND seat IS ? AND scope = ? AND name = ?",
            (application, seat, scope, name),
        )
    db.connection().executemany(
        """
        INSERT INTO exemption (application, seat, scope, name, label, reason, until, made_at, made_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        values,
    )


def exemptions(db: Connection, today: str) -> list[tuple[Any, ...]]:
    """Exemptions that still count."""
    return db.execute_sql(
        """
        SELECT e.id, a.name, e.scope, e.label, e.reason, e.until, e.made_by
        FROM exemption e JOIN saas_application a ON a.id = e.application
        WHERE e.until IS NULL OR e.until >= ?
        ORDER BY a.name COLLATE NOCASE, e.label COLLATE NOCASE
        """,
        (today,),
    ).fetchall()


def delete_exemption(db: Connection, number: int) -> bool:
    """Delete an exemption; False where there is none."""
    return int(db.execute_sql("DELETE FROM exemption WHERE id = ?", (number,)).rowcount) > 0
