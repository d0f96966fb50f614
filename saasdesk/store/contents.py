"""How much lies in a database file: for looking at a backup before it takes the place of what is here."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from saasdesk.store.connections import STEPS_BETWEEN_LOOKS, Connection, reading_connection

if TYPE_CHECKING:
    from saasdesk.store.database import Store

_TABLES = ("person", "saas_user", "licence", "integration", "workflow", "sync_session", "change", "source_raw")


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows by table, and since when changes are kept; a table that this version lacks counts as empty."""

    rows: dict[str, int]
    changes_since: str = ""

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return self.rows.get(table, 0)


def contents_of(path: Path, stop: threading.Event | None = None) -> Contents:
    """Count what is in a database that is ours."""
    db = reading_connection(path)
    with db.connection_context():
        if stop is not None:
            db.connection().set_progress_handler(stop.is_set, STEPS_BETWEEN_LOOKS)
        there = {
            str(name) for (name,) in db.execute_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        }
        rows = {table: _count(db, table) for table in _TABLES if table in there}
        since = db.execute_sql("SELECT min(at) FROM change").fetchone()[0] if "change" in there else None
    return Contents(rows, str(since or ""))


def is_untouched(store: "Store") -> bool:
    """Whether nobody has connected, imported, added or built anything here yet."""
    tables = ("integration", "person", "saas_user", "asset", "workflow")
    with store.reading() as db:
        # Ours, and no text from anywhere else.
        found = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)  # noqa: S608
        return not db.execute_sql(f"SELECT {found}").fetchone()[0]


def _count(db: Connection, table: str) -> int:
    # One of ours above, and no text from anywhere else.
    return int(db.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
