"""Runs of reports: what was run, where its file went, and since when a report runs by itself."""

from saasdesk.store.migrations.m0001_initial import Execute


def apply(execute: Execute) -> None:
    """Make their tables. A run is found by the report's name, so that a deleted report that comes back has its runs."""
    execute(
        """CREATE TABLE report_run (
            id INTEGER PRIMARY KEY,
            report TEXT NOT NULL COLLATE NOCASE,
            began_at TEXT NOT NULL,
            ended_at TEXT NOT NULL,
            started_by TEXT NOT NULL,
            who TEXT NOT NULL,
            status TEXT NOT NULL,
            format TEXT NOT NULL,
            lines INTEGER NOT NULL DEFAULT 0,
            file TEXT NOT NULL DEFAULT '',
            sha256 TEXT NOT NULL DEFAULT '',
            kept TEXT NOT NULL DEFAULT '',
            parcel TEXT NOT NULL DEFAULT '',
            added INTEGER,
            removed INTEGER,
            changed INTEGER,
            mailed_to TEXT NOT NULL DEFAULT '[]',
            problem TEXT NOT NULL DEFAULT '',
            next_try_at TEXT
        )""",
        (),
    )
    execute("CREATE INDEX report_run_by_report ON report_run (report, id)", ())
    execute("CREATE INDEX report_run_held ON report_run (next_try_at) WHERE status = 'held'", ())
    execute(
        """CREATE TABLE report_schedule (
            report INTEGER PRIMARY KEY,
            schedule TEXT NOT NULL,
            since TEXT NOT NULL
        )""",
        (),
    )
    # A report travels as an attachment: a path inside the profile's folder of reports.
    execute("ALTER TABLE mail ADD COLUMN attachment TEXT NOT NULL DEFAULT ''", ())
