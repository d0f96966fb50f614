"""What lists tell of a person's accounts is read from an index alone: a million people are sorted by any of it."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Let the index of accounts by person say whether each is active, and when it was last."""
    execute("DROP INDEX saas_user_person", ())
    execute(
        """CREATE INDEX saas_user_person ON saas_user (
               person, saas_application, deactivated, archived, status, last_activity)""",
        (),
    )
