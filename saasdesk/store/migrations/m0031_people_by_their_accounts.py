"""What lists tell of a person's accounts and licences comes from indexes alone: a million people are sorted by it."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Let the indexes of accounts by person and of licences by account say what makes activity, state and price."""
    for statement in (
        "DROP INDEX saas_user_person",
        """CREATE INDEX saas_user_person ON saas_user (
               person, saas_application, deactivated, archived, status, last_activity, role)""",
        "DROP INDEX licence_saas_user",
        "CREATE INDEX licence_saas_user ON licence (saas_user, saas_application, product, deactivated, archived)",
    ):
        execute(statement, ())
