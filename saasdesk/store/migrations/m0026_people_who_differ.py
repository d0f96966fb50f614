"""Pairs of people of whom somebody has said that they are two: nobody is asked about them again."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Make their table; the smaller number comes first."""
    execute(
        """CREATE TABLE not_same (
            first INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
            second INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            PRIMARY KEY (first, second)
        ) WITHOUT ROWID""",
        (),
    )
