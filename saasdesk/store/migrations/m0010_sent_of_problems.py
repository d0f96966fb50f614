"""What the vendor sent of a record that was left as it was, so that it can be looked at beside the reason."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Add the column."""
    execute("ALTER TABLE session_error ADD COLUMN sent TEXT", ())
