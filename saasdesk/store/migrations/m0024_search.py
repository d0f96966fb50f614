"""What the search index knows, and what it does not know yet; the index itself is made by whoever first fills it."""

from saasdesk.store.migrations.m0001_initial import Execute

_STATEMENTS = (
    # filled: the last record that was put in; again: how many were put in a second time.
    """CREATE TABLE search_state (
        object TEXT PRIMARY KEY,
        columns TEXT NOT NULL,
        filled INTEGER NOT NULL,
        again INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE search_pending (
        object TEXT NOT NULL,
        record INTEGER NOT NULL,
        PRIMARY KEY (object, record)
    ) WITHOUT ROWID""",
)


def apply(execute: Execute) -> None:
    """Make both tables; all that is there waits to be put in."""
    for statement in _STATEMENTS:
        execute(statement, ())
