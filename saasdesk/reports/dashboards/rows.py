"""SQL for dashboards: what was changed since a moment."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from saasdesk.fields import ObjectKind
from saasdesk.store import Connection

_LIFECYCLE = ("deactivate", "reactivate", "archive", "restore")


class PastChange(NamedTuple):
    """One change of one record, as far as a question looks at it."""

    record: int
    at: str
    kind: str
    field: str | None
    before: Any


def fields_with_history(db: Connection, kind: ObjectKind) -> set[str]:
    """The fields of which every change is kept."""
    found = db.execute_sql("SELECT external_id FROM field WHERE object = ? AND history", (kind.value,))
    return {name for (name,) in found}


def first_change_at(db: Connection) -> str | None:
    """When the first thing happened that is remembered; None before anything has."""
    row = db.execute_sql("SELECT at FROM change ORDER BY id LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def changes_since(db: Connection, kind: ObjectKind, fields: Sequence[str], at: str) -> list[PastChange]:
    """What happened to these fields, and to whether a record is active, after a moment; the newest first."""
    marks = ", ".join("?" * len(fields))
    kinds = ", ".join("?" * len(_LIFECYCLE))
    found = db.execute_sql(
        f"""
        SELECT record, at, kind, field, before FROM change
        WHERE id > coalesce((SELECT id FROM change WHERE at <= ? ORDER BY id DESC LIMIT 1), 0) AND object = ?
          AND (kind IN ({kinds}) OR field IN ({marks}))
        ORDER BY id DESC
        """,
        (at, kind.value, *_LIFECYCLE, *fields),
    )
    return [PastChange._make(row) for row in found]
