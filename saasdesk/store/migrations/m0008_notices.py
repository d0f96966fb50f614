"""Notices remember when their cause was gone, and mail waits in the database until a server has taken it."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Add two moments to notices, and the outbox."""
    execute("ALTER TABLE notice ADD COLUMN solved_at TEXT", ())
    execute("ALTER TABLE notice ADD COLUMN mailed_at TEXT", ())
    execute(
        """CREATE TABLE mail (
            id INTEGER PRIMARY KEY,
            recipient TEXT NOT NULL COLLATE NOCASE,
            cause TEXT NOT NULL,
            title TEXT NOT NULL,
            body TEXT NOT NULL,
            queued_at TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at TEXT NOT NULL,
            message_id TEXT,
            sent_at TEXT,
            given_up_at TEXT,
            problem TEXT NOT NULL DEFAULT ''
        )""",
        (),
    )
    execute("CREATE INDEX mail_by_recipient ON mail (recipient, sent_at)", ())
