"""Pieces of work that several tests hand to a store."""

from collections.abc import Callable

from saasdesk.store import Connection, Store

# Counts for minutes: long enough to be stopped in the middle.
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT count(*) FROM n"


def add_variable(key: str, value: str = "value") -> Callable[[Connection], None]:
    def work(db: Connection) -> None:
        db.execute_sql("INSERT INTO variable (key, value) VALUES (?, ?)", (key, value))

    return work


def add_changes(session: int, count: int, value: object = "value") -> Callable[[Connection], None]:
    def work(db: Connection) -> None:
        db.connection().executemany(
            "INSERT INTO change (session, cause, at, object, record, kind, field, before, after)"
            " VALUES (?, 'sync', '2026-01-01T00:00:00Z', 'people', ?, 'update', 'email', NULL, ?)",
            ((session, record, value) for record in range(count)),
        )

    return work


def variables(store: Store) -> list[str]:
    with store.reading() as db:
        return [key for (key,) in db.execute_sql("SELECT key FROM variable ORDER BY key")]
