"""Saved views: how a list is looked at, each by its name among those of the same list."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Make their table."""
    execute(
        """CREATE TABLE saved_view (
            id INTEGER PRIMARY KEY,
            object TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            document TEXT NOT NULL,
            version INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            UNIQUE (object, name)
        )""",
        (),
    )
