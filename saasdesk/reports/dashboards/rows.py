"""SQL for dashboards: the documents as they are kept, and what was changed since a moment."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from saasdesk.fields import ObjectKind
from saasdesk.reports.dashboards.board import BoardDocument, board_from_json, board_to_json
from saasdesk.store import Connection

_LIFECYCLE = ("deactivate", "reactivate", "archive", "restore")


class BoardRow(NamedTuple):
    """A dashboard with its number, and how often it was changed."""

    id: int
    document: BoardDocument
    version: int


def boards(db: Connection) -> list[BoardRow]:
    """All dashboards, by name."""
    found = db.execute_sql("SELECT id, document, version FROM dashboard ORDER BY name COLLATE NOCASE")
    return [BoardRow(number, board_from_json(text), version) for number, text, version in found]


def board_numbered(db: Connection, number: int) -> BoardRow | None:
    """The dashboard of this number."""
    return next((board for board in boards(db) if board.id == number), None)


def insert_board(db: Connection, document: BoardDocument, at: str) -> int:
    """Keep a new dashboard, and return its number."""
    cursor = db.execute_sql(
        "INSERT INTO dashboard (name, document, created_at, updated_at) VALUES (?, ?, ?, ?)",
        (document.name, board_to_json(document), at, at),
    )
    return int(cursor.lastrowid or 0)


def update_board(db: Connection, number: int, document: BoardDocument, at: str) -> None:
    """Replace a dashboard's document by a newer one."""
    db.execute_sql(
        "UPDATE dashboard SET name = ?, document = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (document.name, board_to_json(document), at, number),
    )


def delete_board(db: Connection, number: int) -> None:
    """Forget a dashboard."""
    db.execute_sql("DELETE FROM dashboard WHERE id = ?", (number,))


# ----- the past


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
