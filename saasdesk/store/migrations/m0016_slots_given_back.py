"""A slot that a crash gave back says so in words: whether it is free, and how often it was taken."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Until now the number of the session that was cut off said it, and its negative that the slot was taken again."""
    execute("ALTER TABLE slot ADD COLUMN tries INTEGER NOT NULL DEFAULT 1", ())
    execute("ALTER TABLE slot ADD COLUMN is_free INTEGER NOT NULL DEFAULT 0", ())
    execute("UPDATE slot SET is_free = 1 WHERE session > 0", ())
    execute("UPDATE slot SET tries = 2 WHERE session < 0", ())
    execute("ALTER TABLE slot DROP COLUMN session", ())
