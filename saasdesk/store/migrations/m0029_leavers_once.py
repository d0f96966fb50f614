"""One of two indexes goes that had the same people in it: those who are deactivated or archived."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """`person_left` stays."""
    execute("DROP INDEX person_not_active", ())
