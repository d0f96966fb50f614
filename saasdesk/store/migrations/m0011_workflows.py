"""Workflows, their versions, what they did with which record, and every call that changes something at a vendor."""

from saasdesk.store.migrations.m0001_initial import Execute

STATEMENTS = (
    """CREATE TABLE workflow (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        document TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        state TEXT NOT NULL DEFAULT 'draft',
        launched_version INTEGER,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
    )""",
    # What was launched stays as it was: a run that began with it ends with it.
    """CREATE TABLE workflow_version (
        workflow INTEGER NOT NULL REFERENCES workflow(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        document TEXT NOT NULL,
        launched_at TEXT NOT NULL,
        PRIMARY KEY (workflow, version)
    ) WITHOUT ROWID""",
    # One row for each record and event: the same event never sends a record through twice.
    """CREATE TABLE workflow_run (
        id INTEGER PRIMARY KEY,
        workflow INTEGER REFERENCES workflow(id) ON DELETE SET NULL,
        workflow_name TEXT NOT NULL,
        version INTEGER NOT NULL,
        object TEXT NOT NULL,
        record INTEGER NOT NULL,
        label TEXT NOT NULL,
        event TEXT NOT NULL,
        state TEXT NOT NULL,
        message TEXT NOT NULL DEFAULT '',
        started_at TEXT NOT NULL,
        finished_at TEXT,
        UNIQUE (workflow, version, record, event)
    )""",
    "CREATE INDEX workflow_run_record ON workflow_run (object, record)",
    """CREATE TABLE workflow_step (
        run INTEGER NOT NULL REFERENCES workflow_run(id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        block TEXT NOT NULL,
        title TEXT NOT NULL,
        outlet TEXT,
        message TEXT NOT NULL DEFAULT '',
        verified TEXT NOT NULL DEFAULT '',
        changes TEXT NOT NULL DEFAULT '[]',
        at TEXT NOT NULL,
        PRIMARY KEY (run, seq)
    ) WITHOUT ROWID""",
    # Written before the request leaves, so that a crash never hides one that may have arrived
    """CREATE TABLE vendor_action (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES workflow_run(id),
        block TEXT NOT NULL,
        try INTEGER NOT NULL,
        connector TEXT NOT NULL,
        preset TEXT NOT NULL,
        danger TEXT NOT NULL,
        targets TEXT NOT NULL,
        method TEXT NOT NULL,
        host TEXT NOT NULL,
        path TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        state TEXT NOT NULL,
        status INTEGER,
        message TEXT NOT NULL DEFAULT '',
        verified TEXT NOT NULL DEFAULT '',
        armed_at TEXT NOT NULL,
        finished_at TEXT,
        UNIQUE (run, block, try)
    )""",
    "CREATE INDEX vendor_action_day ON vendor_action (connector, armed_at)",
)


def apply(execute: Execute) -> None:
    """Make their tables."""
    for statement in STATEMENTS:
        execute(statement, ())
