"""In which order integrations feed a field of people, where an admin has chosen one."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Make the table; fields without a row in it are fed by whoever wrote last."""
    execute(
        """CREATE TABLE feeder_order (
            field TEXT NOT NULL,
            integration INTEGER NOT NULL REFERENCES integration(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            PRIMARY KEY (field, integration)
        ) WITHOUT ROWID""",
        (),
    )
