"""SQL for the support bundle: how the database is built, and how much lies in it."""

from collections.abc import Iterable

import orjson

from saasdesk.fields import quote
from saasdesk.store import Connection


def schema(db: Connection) -> list[tuple[str, str]]:
    """The name of each table, index and trigger with the statement that makes it."""
    found = db.execute_sql("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name")
    return [(str(name), str(sql)) for name, sql in found.fetchall()]


def counts(db: Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = db.execute_sql(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {
        str(table): int(db.execute_sql(f"SELECT count(*) FROM {quote(table)}").fetchone()[0]) for (table,) in tables
    }


def names_among(db: Connection, candidates: Iterable[str]) -> set[str]:
    """Which of these folded words are names or usernames of people or accounts."""
    wanted = orjson.dumps(sorted(candidates)).decode()
    found = db.execute_sql(
        """
        WITH wanted AS MATERIALIZED (SELECT value FROM json_each(?1))
        SELECT fold(name) FROM person WHERE fold(name) IN (SELECT value FROM wanted)
        UNION SELECT username__key FROM person WHERE username__key IN (SELECT value FROM wanted)
        UNION SELECT fold(name) FROM saas_user WHERE fold(name) IN (SELECT value FROM wanted)
        """,
        (wanted,),
    ).fetchall()
    return {str(name) for (name,) in found}
