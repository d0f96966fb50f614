"""Workflows that stop and go on: where each record stands, what it waits for, questions to people, and fuller steps."""

from saasdesk.store.migrations.m0001_initial import Execute

STATEMENTS = (
    # The block to come to next, and what the blocks before it wrote and set.
    "ALTER TABLE workflow_run ADD COLUMN next_block TEXT",
    "ALTER TABLE workflow_run ADD COLUMN carried TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE workflow_run ADD COLUMN waits_for TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE workflow_run ADD COLUMN due_at TEXT",
    # How many destructive calls a person agreed to for this record.
    "ALTER TABLE workflow_run ADD COLUMN agreed INTEGER NOT NULL DEFAULT 0",
    # An account of a person goes through on behalf of the person's own run.
    "ALTER TABLE workflow_run ADD COLUMN parent INTEGER REFERENCES workflow_run(id)",
    "ALTER TABLE workflow_run ADD COLUMN retry_of INTEGER REFERENCES workflow_run(id)",
    "CREATE INDEX workflow_run_due ON workflow_run (due_at) WHERE state = 'waiting'",
    "CREATE INDEX workflow_run_parent ON workflow_run (parent) WHERE parent IS NOT NULL",
    "ALTER TABLE workflow_step ADD COLUMN inputs TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE workflow_step ADD COLUMN variables TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE workflow_step ADD COLUMN request TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE workflow_step ADD COLUMN answer TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE workflow_step ADD COLUMN status INTEGER",
    "ALTER TABLE workflow_step ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE workflow_step ADD COLUMN seconds REAL NOT NULL DEFAULT 0",
    """CREATE TABLE approval (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES workflow_run(id) ON DELETE CASCADE,
        block TEXT NOT NULL,
        subject TEXT NOT NULL,
        message TEXT NOT NULL,
        people TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open',
        asked_at TEXT NOT NULL,
        until TEXT,
        answered_at TEXT,
        answered_by TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        UNIQUE (run, block)
    )""",
    "CREATE INDEX approval_open ON approval (asked_at) WHERE state = 'open'",
)


def apply(execute: Execute) -> None:
    """Nothing that was done before is touched."""
    for statement in STATEMENTS:
        execute(statement, ())
