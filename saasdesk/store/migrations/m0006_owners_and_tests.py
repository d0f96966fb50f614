"""Whose a credential is and what its last test found; variables whose value lies in the keyring."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Add the columns; a variable without a `secret` keeps its value in the open, as all did before."""
    execute("ALTER TABLE credential ADD COLUMN owner TEXT NOT NULL DEFAULT ''", ())
    execute("ALTER TABLE credential ADD COLUMN notes TEXT NOT NULL DEFAULT ''", ())
    execute("ALTER TABLE credential ADD COLUMN last_test TEXT", ())
    execute("ALTER TABLE variable ADD COLUMN secret TEXT", ())
