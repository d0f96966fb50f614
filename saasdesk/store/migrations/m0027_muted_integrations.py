"""Integrations of which nobody wants to be told for a while, or for good."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Make their table; without a moment it is for good."""
    execute(
        """CREATE TABLE muted_integration (
            integration INTEGER PRIMARY KEY REFERENCES integration(id) ON DELETE CASCADE,
            until TEXT
        )""",
        (),
    )
