"""The first shape of the database: definitions, records whose columns are fields, and everything that remembers."""

from collections.abc import Callable
from typing import Any

Execute = Callable[[str, tuple[Any, ...]], object]

# What every record has besides its fields. `archived` is what a person does, `deactivated` what a run does.
_SYSTEM_COLUMNS = """
    owner_integration INTEGER REFERENCES integration(id) ON DELETE SET NULL,
    created_by TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deactivated INTEGER NOT NULL DEFAULT 0,
    deactivated_at TEXT,
    deactivated_reason TEXT,
    deactivated_session INTEGER,
    archived INTEGER NOT NULL DEFAULT 0
"""

STATEMENTS = (
    # Settings and definitions
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE variable (key TEXT PRIMARY KEY COLLATE NOCASE, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE credential (
        uuid TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        connector TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT 'admin',
        permission TEXT NOT NULL DEFAULT 'read',
        sign_in TEXT,
        inputs TEXT NOT NULL DEFAULT '{}',
        base_url TEXT,
        hosts TEXT NOT NULL DEFAULT '[]',
        expires TEXT,
        created_at TEXT NOT NULL,
        last_tested_at TEXT,
        last_used_at TEXT,
        state TEXT NOT NULL DEFAULT 'ready'
    )""",
    """CREATE TABLE integration (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        document TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        state TEXT NOT NULL DEFAULT 'draft',
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        launched_at TEXT,
        mapping_signature TEXT,
        scope_signature TEXT,
        tenant TEXT
    )""",
    """CREATE TABLE field (
        id INTEGER PRIMARY KEY,
        object TEXT NOT NULL,
        external_id TEXT NOT NULL,
        label TEXT NOT NULL,
        type TEXT NOT NULL,
        is_unique INTEGER NOT NULL DEFAULT 0,
        mandatory INTEGER NOT NULL DEFAULT 0,
        options TEXT,
        default_value TEXT,
        help TEXT NOT NULL DEFAULT '',
        history INTEGER NOT NULL DEFAULT 1,
        builtin INTEGER NOT NULL DEFAULT 0,
        position INTEGER NOT NULL,
        UNIQUE (object, external_id)
    )""",
    # Records: a field is a column
    f"""CREATE TABLE saas_application (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        name__key TEXT NOT NULL UNIQUE,
        vendor TEXT,
        category TEXT,
        {_SYSTEM_COLUMNS}
    )""",
    f"""CREATE TABLE person (
        id INTEGER PRIMARY KEY,
        username TEXT,
        username__key TEXT,
        email TEXT,
        email__key TEXT,
        role TEXT,
        name TEXT,
        first_name TEXT,
        last_name TEXT,
        job_title TEXT,
        department TEXT,
        location TEXT,
        phone TEXT,
        manager TEXT,
        employee_id TEXT,
        employee_id__key TEXT,
        {_SYSTEM_COLUMNS}
    )""",
    "CREATE UNIQUE INDEX person_username ON person (username__key) WHERE username__key IS NOT NULL",
    "CREATE UNIQUE INDEX person_email ON person (email__key) WHERE email__key IS NOT NULL",
    "CREATE UNIQUE INDEX person_employee_id ON person (employee_id__key) WHERE employee_id__key IS NOT NULL",
    "CREATE INDEX person_owner ON person (owner_integration, deactivated)",
    f"""CREATE TABLE saas_user (
        id INTEGER PRIMARY KEY,
        saas_application INTEGER NOT NULL REFERENCES saas_application(id),
        saas_user_id TEXT,
        email TEXT,
        email__key TEXT,
        name TEXT,
        role TEXT,
        status TEXT,
        last_activity TEXT,
        person INTEGER REFERENCES person(id) ON DELETE SET NULL,
        {_SYSTEM_COLUMNS}
    )""",
    "CREATE UNIQUE INDEX saas_user_vendor_id ON saas_user (owner_integration, saas_user_id)",
    "CREATE INDEX saas_user_application ON saas_user (saas_application, deactivated)",
    "CREATE INDEX saas_user_person ON saas_user (person)",
    "CREATE INDEX saas_user_email ON saas_user (email__key)",
    f"""CREATE TABLE licence (
        id INTEGER PRIMARY KEY,
        saas_application INTEGER NOT NULL REFERENCES saas_application(id),
        saas_user INTEGER REFERENCES saas_user(id) ON DELETE SET NULL,
        licence_key TEXT NOT NULL,
        licence_id TEXT,
        product TEXT,
        team TEXT,
        assigned_at TEXT,
        last_used TEXT,
        valid_until TEXT,
        {_SYSTEM_COLUMNS}
    )""",
    "CREATE UNIQUE INDEX licence_owner_key ON licence (owner_integration, licence_key)",
    "CREATE INDEX licence_application ON licence (saas_application, deactivated)",
    "CREATE INDEX licence_saas_user ON licence (saas_user)",
    # Which vendor record stands behind which of ours. raw_hash NULL: look at it again next time.
    # gone: 1 a complete listing lacked it, 2 the vendor calls it inactive.
    """CREATE TABLE source_link (
        integration INTEGER NOT NULL REFERENCES integration(id) ON DELETE CASCADE,
        vendor_id TEXT NOT NULL,
        person INTEGER REFERENCES person(id) ON DELETE SET NULL,
        saas_user INTEGER REFERENCES saas_user(id) ON DELETE SET NULL,
        raw_hash BLOB,
        raw TEXT,
        by_hand INTEGER NOT NULL DEFAULT 0,
        gone INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (integration, vendor_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX source_link_person ON source_link (person)",
    "CREATE INDEX source_link_saas_user ON source_link (saas_user)",
    # Targets fed by Connector Sync Time are read from the integration's last finished run, never written
    """CREATE TABLE sync_time_field (
        object TEXT NOT NULL,
        field TEXT NOT NULL,
        integration INTEGER NOT NULL REFERENCES integration(id) ON DELETE CASCADE,
        PRIMARY KEY (object, field, integration)
    ) WITHOUT ROWID""",
    # Who feeds a value, where it is not the record's owner; integration 0 is a person's own hand
    """CREATE TABLE value_owner (
        object TEXT NOT NULL,
        record INTEGER NOT NULL,
        field TEXT NOT NULL,
        integration INTEGER NOT NULL,
        PRIMARY KEY (object, record, field)
    ) WITHOUT ROWID""",
    # What happened
    """CREATE TABLE sync_session (
        id INTEGER PRIMARY KEY,
        integration INTEGER REFERENCES integration(id) ON DELETE SET NULL,
        integration_name TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT 'run',
        started_by TEXT NOT NULL,
        status TEXT NOT NULL,
        phase TEXT NOT NULL DEFAULT '',
        started_at TEXT NOT NULL,
        finished_at TEXT,
        counts TEXT NOT NULL DEFAULT '{}',
        evidence TEXT NOT NULL DEFAULT '{}',
        message TEXT NOT NULL DEFAULT '',
        exit_code INTEGER,
        changes_hash TEXT,
        undone_at TEXT
    )""",
    "CREATE INDEX sync_session_integration ON sync_session (integration, id)",
    """CREATE TABLE session_error (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sync_session(id) ON DELETE CASCADE,
        vendor_id TEXT,
        record TEXT NOT NULL,
        cause TEXT NOT NULL,
        message TEXT NOT NULL,
        accepted INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX session_error_session ON session_error (session)",
    """CREATE TABLE accepted_conflict (
        integration INTEGER NOT NULL REFERENCES integration(id) ON DELETE CASCADE,
        vendor_id TEXT NOT NULL,
        message TEXT NOT NULL,
        note TEXT NOT NULL,
        accepted_at TEXT NOT NULL,
        accepted_by TEXT NOT NULL,
        PRIMARY KEY (integration, vendor_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE change (
        id INTEGER PRIMARY KEY,
        session INTEGER,
        cause TEXT NOT NULL,
        at TEXT NOT NULL,
        object TEXT NOT NULL,
        record INTEGER NOT NULL,
        kind TEXT NOT NULL,
        field TEXT,
        before,
        after,
        reason TEXT
    )""",
    "CREATE INDEX change_record ON change (object, record)",
    "CREATE INDEX change_session ON change (session)",
    """CREATE TABLE trigger (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        session INTEGER,
        cause TEXT NOT NULL,
        object TEXT NOT NULL,
        record INTEGER NOT NULL,
        event TEXT NOT NULL,
        fields TEXT
    )""",
    # What would happen: previews, and deactivations that wait for a person
    """CREATE TABLE plan (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sync_session(id) ON DELETE CASCADE,
        integration INTEGER NOT NULL REFERENCES integration(id) ON DELETE CASCADE,
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
    "CREATE INDEX plan_integration ON plan (integration, kind, state)",
    """CREATE TABLE plan_record (
        plan INTEGER NOT NULL REFERENCES plan(id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        object TEXT NOT NULL,
        record INTEGER,
        vendor_id TEXT,
        label TEXT NOT NULL,
        reason TEXT NOT NULL,
        held INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (plan, seq)
    ) WITHOUT ROWID""",
    """CREATE TABLE plan_field (
        plan INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        field TEXT NOT NULL,
        before,
        after,
        PRIMARY KEY (plan, seq, field),
        FOREIGN KEY (plan, seq) REFERENCES plan_record(plan, seq) ON DELETE CASCADE
    ) WITHOUT ROWID""",
    # What is due, and what a person should know
    """CREATE TABLE slot (
        kind TEXT NOT NULL,
        subject INTEGER NOT NULL,
        slot_key TEXT NOT NULL,
        taken_at TEXT NOT NULL,
        session INTEGER,
        PRIMARY KEY (kind, subject, slot_key)
    ) WITHOUT ROWID""",
    """CREATE TABLE notice (
        id INTEGER PRIMARY KEY,
        cause TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        link TEXT NOT NULL DEFAULT '',
        count INTEGER NOT NULL DEFAULT 1,
        first_at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        read_at TEXT
    )""",
    # Who did what: each row carries the hash of the one before it, and no row can be changed
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
    )""",
    """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END""",
    """CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END""",
)

# object, External ID, label, type, unique, mandatory
_BUILTIN_FIELDS = (
    ("people", "username", "Username", "short_text", 1, 1),
    ("people", "email", "Email", "short_text", 1, 1),
    ("people", "role", "Role", "short_text", 0, 1),
    ("people", "name", "Name", "short_text", 0, 0),
    ("people", "first_name", "First Name", "short_text", 0, 0),
    ("people", "last_name", "Last Name", "short_text", 0, 0),
    ("people", "job_title", "Job Title", "short_text", 0, 0),
    ("people", "department", "Department", "short_text", 0, 0),
    ("people", "location", "Location", "short_text", 0, 0),
    ("people", "phone", "Phone", "short_text", 0, 0),
    ("people", "manager", "Manager", "short_text", 0, 0),
    ("people", "employee_id", "Employee ID", "short_text", 1, 0),
    ("saas_applications", "name", "Name", "short_text", 1, 1),
    ("saas_applications", "vendor", "Vendor", "short_text", 0, 0),
    ("saas_applications", "category", "Category", "short_text", 0, 0),
    ("saas_users", "saas_application", "SaaS Application", "short_text", 0, 1),
    ("saas_users", "saas_user_id", "SaaS User ID", "short_text", 0, 1),
    ("saas_users", "email", "Email", "short_text", 0, 0),
    ("saas_users", "name", "Name", "short_text", 0, 0),
    ("saas_users", "role", "SaaS Role", "long_text", 0, 0),
    ("saas_users", "status", "Status", "short_text", 0, 0),
    ("saas_users", "last_activity", "Last Activity", "datetime", 0, 0),
    ("saas_users", "person", "Person", "short_text", 0, 0),
    ("licences", "saas_application", "SaaS Application", "short_text", 0, 1),
    ("licences", "saas_user_id", "SaaS User ID", "short_text", 0, 0),
    ("licences", "licence_id", "Licence ID", "short_text", 0, 0),
    ("licences", "product", "Product", "short_text", 0, 0),
    ("licences", "team", "Team", "short_text", 0, 0),
    ("licences", "assigned_at", "Assigned", "datetime", 0, 0),
    ("licences", "last_used", "Last Used", "datetime", 0, 0),
    ("licences", "valid_until", "Valid Until", "date", 0, 0),
)

_INSERT_FIELD = """
    INSERT INTO field (object, external_id, label, type, is_unique, mandatory, builtin, position)
    VALUES (?, ?, ?, ?, ?, ?, 1, ?)
"""


def apply(execute: Execute) -> None:
    """Make every table, and the fields that are there from the start."""
    for statement in STATEMENTS:
        execute(statement, ())
    for position, field in enumerate(_BUILTIN_FIELDS):
        execute(_INSERT_FIELD, (*field, position))
