"""One record table in SQLite, as the store would make it, and the same records as Python sees them."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from saasdesk.fields import FieldType, fold_key, quote
from saasdesk.rules import Rule, SqlColumn, to_predicate, to_sql

NOW = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
TYPES = {
    "role": FieldType.SHORT_TEXT,
    "email": FieldType.SHORT_TEXT,
    "bio": FieldType.LONG_TEXT,
    "teams": FieldType.LIST,
    "seats": FieldType.NUMBER,
    "score": FieldType.DECIMAL,
    "hired": FieldType.DATE,
    "seen": FieldType.DATETIME,
    "active": FieldType.FLAG,
}
_AFFINITY = {FieldType.NUMBER: "INTEGER", FieldType.FLAG: "INTEGER", FieldType.DECIMAL: "REAL"}
# One with a kept folded copy, one that is computed, the others plain columns.
COLUMNS = {
    **{name: SqlColumn(f"r.{quote(name)}", kind) for name, kind in TYPES.items()},
    "email": SqlColumn("r.email", FieldType.SHORT_TEXT, "r.email__key"),
    "bio": SqlColumn("(SELECT x.bio FROM record x WHERE x.id = r.id)", FieldType.LONG_TEXT),
}


@contextmanager
def table(records: Sequence[Mapping[str, Any]]) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:")
    try:
        db.create_function("fold", 1, fold_key, deterministic=True)
        columns = ", ".join(f"{quote(name)} {_AFFINITY.get(kind, 'TEXT')}" for name, kind in TYPES.items())
        db.execute(f"CREATE TABLE record (id INTEGER PRIMARY KEY, {columns}, email__key TEXT)")
        marks = ", ".join("?" * (len(TYPES) + 2))
        db.executemany(
            f"INSERT INTO record VALUES ({marks})",
            [
                (number, *(record.get(name) for name in TYPES), fold_key(record.get("email")))
                for number, record in enumerate(records)
            ],
        )
        yield db
    finally:
        db.close()


def by_sql(db: sqlite3.Connection, rule: Rule, now: datetime = NOW) -> list[int]:
    """The numbers of the records that meet the rule; NOT of the condition must be the rest."""
    fragment = to_sql(rule, COLUMNS, now)
    query = f"SELECT r.id FROM record r WHERE ({fragment.text}) ORDER BY r.id"
    met = [number for (number,) in db.execute(query, fragment.params)]
    unmet = [
        number for (number,) in db.execute(f"SELECT r.id FROM record r WHERE NOT ({fragment.text})", fragment.params)
    ]
    (count,) = db.execute("SELECT count(*) FROM record").fetchone()
    if len(met) + len(unmet) != count:
        raise AssertionError(f"{fragment.text} is NULL for some record")
    return met


def by_python(records: Sequence[Mapping[str, Any]], rule: Rule, now: datetime = NOW) -> list[int]:
    predicate = to_predicate(rule, TYPES, now)
    return [number for number, record in enumerate(records) if predicate(record)]


def found(records: Sequence[Mapping[str, Any]], rule: Rule, now: datetime = NOW) -> list[int]:
    """The numbers of the records that meet the rule, when both ways agree."""
    with table(records) as db:
        numbers = by_sql(db, rule, now)
    if numbers != by_python(records, rule, now):
        raise AssertionError(f"SQL says {numbers}, Python {by_python(records, rule, now)}: {rule!r}")
    return numbers
