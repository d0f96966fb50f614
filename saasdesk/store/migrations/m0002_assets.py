"""Assets: the devices of the Hardware list, each bound to the person who has it."""

from saasdesk.store.migrations.m0001_initial import Execute

STATEMENTS = (
    # `person` is the owner; who that is at the vendor stays beside it, because they may not be known here yet.
    """CREATE TABLE asset (
        id INTEGER PRIMARY KEY,
        name TEXT,
        hostname TEXT,
        serial_number TEXT,
        serial_number__key TEXT,
        manufacturer TEXT,
        model TEXT,
        operating_system TEXT,
        os_version TEXT,
        agent_version TEXT,
        agent_active INTEGER,
        last_contact TEXT,
        person INTEGER REFERENCES person(id) ON DELETE SET NULL,
        owner_email TEXT,
        owner_email__key TEXT,
        owner_id TEXT,
        owner_integration INTEGER REFERENCES integration(id) ON DELETE SET NULL,
        created_by TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        deactivated INTEGER NOT NULL DEFAULT 0,
        deactivated_at TEXT,
        deactivated_reason TEXT,
        deactivated_session INTEGER,
        archived INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE UNIQUE INDEX asset_serial_number ON asset (serial_number__key) WHERE serial_number__key IS NOT NULL",
    "CREATE INDEX asset_owner ON asset (owner_integration, deactivated)",
    "CREATE INDEX asset_person ON asset (person)",
    "ALTER TABLE source_link ADD COLUMN asset INTEGER REFERENCES asset(id) ON DELETE SET NULL",
    "CREATE INDEX source_link_asset ON source_link (asset)",
)

# External ID, label, type, unique, mandatory, history. What moves with every contact has no history.
_BUILTIN_FIELDS = (
    ("name", "Name", "short_text", 0, 1, 1),
    ("hostname", "Hostname", "short_text", 0, 0, 1),
    ("serial_number", "Serial Number", "short_text", 1, 0, 1),
    ("manufacturer", "Manufacturer", "short_text", 0, 0, 1),
    ("model", "Model", "short_text", 0, 0, 1),
    ("operating_system", "Operating System", "short_text", 0, 0, 1),
    ("os_version", "OS Version", "short_text", 0, 0, 1),
    ("agent_version", "Agent Version", "short_text", 0, 0, 1),
    ("agent_active", "Agent Active", "flag", 0, 0, 0),
    ("last_contact", "Last Contact", "datetime", 0, 0, 0),
    ("person", "Owner", "short_text", 0, 0, 1),
    ("owner_email", "Owner Email", "short_text", 0, 0, 1),
    ("owner_id", "Owner ID", "short_text", 0, 0, 1),
)

_INSERT_FIELD = """
    INSERT INTO field (object, external_id, label, type, is_unique, mandatory, history, builtin, position)
    VALUES ('assets', ?, ?, ?, ?, ?, ?, 1, ?)
"""


def apply(execute: Execute) -> None:
    """Make the table of assets, its fields, and the link from a vendor's device to its asset."""
    for statement in STATEMENTS:
        execute(statement, ())
    for position, field in enumerate(_BUILTIN_FIELDS):
        execute(_INSERT_FIELD, (*field, position))
