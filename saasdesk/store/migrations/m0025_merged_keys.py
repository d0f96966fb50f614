"""Unique values of records that were merged away: whoever comes with one of them is the record that stayed."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Make their table."""
    execute(
        """CREATE TABLE merged_key (
            object TEXT NOT NULL,
            field TEXT NOT NULL,
            key TEXT NOT NULL,
            record INTEGER NOT NULL,
            merge INTEGER NOT NULL REFERENCES merge(id) ON DELETE CASCADE,
            PRIMARY KEY (object, field, key)
        ) WITHOUT ROWID""",
        (),
    )
