"""Small indexes for the few records that a look at millions of seats asks for again and again."""

from saasdesk.store.migrations.m0001_initial import Execute

STATEMENTS = (
    "CREATE INDEX licence_tells_use ON licence (saas_application) WHERE last_used IS NOT NULL",
    """CREATE INDEX saas_user_suspended ON saas_user (saas_application, person)
        WHERE status >= 'suspended' AND status < 'suspendee'""",
    "CREATE INDEX person_left ON person (id) WHERE deactivated OR archived",
)


def apply(execute: Execute) -> None:
    """No record is touched."""
    for statement in STATEMENTS:
        execute(statement, ())
