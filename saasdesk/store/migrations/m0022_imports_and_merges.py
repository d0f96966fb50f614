"""Imports of files have plans like runs, of no integration; what they and merges replace is kept for the way back."""

from saasdesk.store.migrations.m0001_initial import Execute

_STATEMENTS = (
    """CREATE TABLE plan_anew (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sync_session(id) ON DELETE CASCADE,
        integration INTEGER REFERENCES integration(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        list_hash TEXT NOT NULL DEFAULT '',
        deactivations INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        first_held_at TEXT,
        decided_at TEXT,
        decided_by TEXT,
        counts TEXT NOT NULL DEFAULT '{}'
    )""",
    """INSERT INTO plan_anew (id, session, integration, kind, state, reason, list_hash, deactivations, created_at,
            first_held_at, decided_at, decided_by, counts)
        SELECT id, session, integration, kind, state, reason, list_hash, deactivations, created_at,
            first_held_at, decided_at, decided_by, counts FROM plan""",
    "DROP TABLE plan",
    "ALTER TABLE plan_anew RENAME TO plan",
    "CREATE INDEX plan_integration ON plan (integration, kind, state)",
    # Who fed a value before a session's hand wrote another; NULL where that was the record's owner
    """CREATE TABLE former_feeder (
        session INTEGER NOT NULL REFERENCES sync_session(id) ON DELETE CASCADE,
        object TEXT NOT NULL,
        record INTEGER NOT NULL,
        field TEXT NOT NULL,
        integration INTEGER,
        PRIMARY KEY (session, object, record, field)
    ) WITHOUT ROWID""",
    # Two records that were the same: one stays, the other is archived; the document holds what was before
    """CREATE TABLE merge (
        id INTEGER PRIMARY KEY,
        object TEXT NOT NULL,
        kept INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        document TEXT NOT NULL,
        undone_at TEXT
    )""",
    "CREATE INDEX merge_gone ON merge (object, gone)",
    "CREATE INDEX merge_kept ON merge (object, kept)",
)


def apply(execute: Execute) -> None:
    """Let a plan be of no integration, and make the tables of the way back."""
    for statement in _STATEMENTS:
        execute(statement, ())
