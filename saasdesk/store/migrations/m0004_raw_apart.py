"""Raw records in a table of their own, so that links stay small; and a quick way to whoever is not active."""

from saasdesk.store.migrations.m0001_initial import Execute

STATEMENTS = (
    # Not WITHOUT ROWID: there, every record of a kilobyte or more would fill a whole page.
    """CREATE TABLE source_raw (
        integration INTEGER NOT NULL,
        vendor_id TEXT NOT NULL,
        raw TEXT NOT NULL,
        PRIMARY KEY (integration, vendor_id),
        FOREIGN KEY (integration, vendor_id) REFERENCES source_link (integration, vendor_id) ON DELETE CASCADE
    )""",
    """INSERT INTO source_raw (integration, vendor_id, raw)
       SELECT integration, vendor_id, raw FROM source_link WHERE raw IS NOT NULL""",
    "ALTER TABLE source_link DROP COLUMN raw",
    "CREATE INDEX person_not_active ON person (id) WHERE deactivated OR archived",
    "CREATE INDEX saas_user_not_active ON saas_user (id) WHERE deactivated OR archived",
    "CREATE INDEX asset_not_active ON asset (id) WHERE deactivated OR archived",
)


def apply(execute: Execute) -> None:
    """Move the raw records and make the indexes."""
    for statement in STATEMENTS:
        execute(statement, ())
