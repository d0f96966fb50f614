"""SQL of the staging file: its tables, and the records that are staged in it."""

from collections.abc import Iterable, Sequence

from saasdesk.fields import ObjectKind, quote
from saasdesk.records.rows import CHANGE_TABLES
from saasdesk.store import Connection
from saasdesk.sync.staging.shape import StageShape


def create_tables(db: Connection, shape: StageShape) -> None:
    """Make the empty tables of this run, and the wide views from which new records are created."""
    with db.atomic():
        _create_tables(db, shape)


def _create_tables(db: Connection, shape: StageShape) -> None:
    columns = "".join(f", {quote(name)}" for name in shape.columns())
    db.execute_sql(
        f"""CREATE TABLE record (
            seq INTEGER PRIMARY KEY, vendor_id TEXT NOT NULL UNIQUE, label TEXT NOT NULL, raw_hash BLOB,
            inactive INTEGER NOT NULL, error TEXT, cause TEXT, skip TEXT,
            person INTEGER, saas_user INTEGER, asset INTEGER,
            linked INTEGER NOT NULL DEFAULT 0, by_hand INTEGER NOT NULL DEFAULT 0, matched_by TEXT{columns}
        )"""
    )
    # Apart from the rest: what a plan reads again and again shall not lie scattered among pages of JSON.
    db.execute_sql("CREATE TABLE raw_record (vendor_id TEXT NOT NULL, raw TEXT NOT NULL)")
    db.execute_sql("CREATE TABLE seen (vendor_id TEXT PRIMARY KEY) WITHOUT ROWID")
    # Only filled where the mapping asks for names of other users.
    db.execute_sql("CREATE TABLE listed_name (vendor_id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID")
    db.execute_sql(
        """CREATE TABLE reference (
            field TEXT NOT NULL, vendor_id TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (field, vendor_id)
        ) WITHOUT ROWID"""
    )
    db.execute_sql("CREATE TABLE named (vendor_id TEXT PRIMARY KEY, person INTEGER, name TEXT) WITHOUT ROWID")
    moving = "".join(f", {quote(f.name)}" for f in shape.moving)
    db.execute_sql(f"CREATE TABLE sighting (vendor_id TEXT PRIMARY KEY{moving}) WITHOUT ROWID")
    db.execute_sql("CREATE TABLE verdict (vendor_id TEXT PRIMARY KEY, verdict TEXT NOT NULL, reason TEXT NOT NULL)")
    db.execute_sql("CREATE TABLE application (id INTEGER)")
    db.execute_sql(
        """CREATE TABLE staged_licence (
            licence_key TEXT PRIMARY KEY, vendor_id TEXT NOT NULL, licence_id TEXT, product TEXT, team TEXT,
            assigned_at TEXT, last_used TEXT, valid_until TEXT, held_by TEXT
        ) WITHOUT ROWID"""
    )
    db.execute_sql("CREATE TABLE given_up (person INTEGER, field TEXT, value, vendor_id TEXT)")
    db.execute_sql("CREATE TABLE diff (object TEXT, vendor_id TEXT, record INTEGER, field TEXT, before, after)")
    for statement in CHANGE_TABLES:
        db.execute_sql(statement.format(temporary="", schema=""))
    main = "".join(f", p_{f.name} AS {quote(f.name)}" for f in shape.main)
    main += "".join(f", k_{f.name} AS {quote(f.name + '__key')}" for f in shape.main if f.keyed)
    owner = ", person" if shape.kind is ObjectKind.ASSETS else ""
    # A person is not inactive because one account is.
    db.execute_sql(f"CREATE VIEW new_{shape.table} AS SELECT vendor_id, 0 AS inactive{owner}{main} FROM record")
    saas = "".join(f", s_{f.name} AS {quote(f.name)}" for f in shape.saas_users)
    saas += "".join(f", sk_{f.name} AS {quote(f.name + '__key')}" for f in shape.saas_users if f.keyed)
    db.execute_sql(
        f"""CREATE VIEW new_saas_user AS
            SELECT vendor_id, inactive, vendor_id AS saas_user_id, person,
                (SELECT id FROM application) AS saas_application{saas} FROM record"""
    )
    db.execute_sql(
        """CREATE VIEW new_licence AS
            SELECT l.licence_key AS vendor_id, 0 AS inactive, l.licence_key, l.licence_id, l.product, l.team,
                l.assigned_at, l.last_used, l.valid_until, l.held_by, r.saas_user,
                (SELECT id FROM application) AS saas_application
            FROM staged_licence l LEFT JOIN record r ON r.vendor_id = l.vendor_id"""
    )
    # Those of people whom the integration's filters leave out are no business of ours.
    db.execute_sql(
        """CREATE VIEW listed_licence AS
            SELECT l.licence_key, l.vendor_id FROM staged_licence l LEFT JOIN record r ON r.vendor_id = l.vendor_id
            WHERE coalesce(r.skip, '') <> 'filtered'"""
    )
    # Licences without a holder, and those of records that are taken over.
    db.execute_sql(
        """CREATE VIEW good_licence AS
            SELECT l.*, r.seq, r.saas_user, iif(r.label IS NULL, '', r.label || ' · ') AS holder
            FROM staged_licence l LEFT JOIN record r ON r.vendor_id = l.vendor_id
            WHERE l.vendor_id = '' OR (r.error IS NULL AND r.skip IS NULL)"""
    )


def known_hashes(db: Connection, shape: StageShape) -> dict[str, bytes]:
    """Vendor id → hash of the raw record as it was when it was last taken over whole."""
    saas = "AND saas_user IS NOT NULL" if shape.with_saas_users else ""
    rows = db.execute_sql(
        f"""
        SELECT vendor_id, raw_hash FROM live.source_link
        WHERE integration = ? AND raw_hash IS NOT NULL AND ({shape.table} IS NOT NULL OR by_hand) {saas}
        """,
        (shape.integration,),
    )
    return dict(rows)


def drop_tables(db: Connection) -> None:
    """Forget what was read, to read it once more."""
    for view in ("new_person", "new_asset", "new_saas_user", "new_licence", "good_licence", "listed_licence"):
        db.execute_sql(f"DROP VIEW IF EXISTS {view}")
    for table in (
        "record",
        "raw_record",
        "seen",
        "sighting",
        "verdict",
        "application",
        "staged_licence",
        "listed_name",
        "reference",
        "named",
        "given_up",
        "diff",
        "plan_record",
        "plan_field",
    ):
        db.execute_sql(f"DROP TABLE {table}")


def begin(db: Connection) -> None:
    """Start one transaction on the staging file, so that thousands of small inserts stay quick."""
    db.execute_sql("BEGIN")


def commit(db: Connection) -> None:
    """End the transaction on the staging file."""
    db.execute_sql("COMMIT")


def insert_records(db: Connection, shape: StageShape, records: Sequence[tuple[object, ...]]) -> None:
    """Stage rows of (vendor id, label, raw hash, inactive, error, cause, skip, *values of `shape.columns()`)."""
    names = "".join(f", {quote(name)}" for name in shape.columns())
    marks = ", ?" * (7 + len(shape.columns()))
    db.connection().executemany(
        f"""INSERT OR IGNORE INTO record (vendor_id, label, raw_hash, inactive, error, cause, skip{names})
            VALUES ({marks[2:]})""",
        records,
    )


def insert_raw(db: Connection, records: Sequence[tuple[str, bytes]]) -> None:
    """Keep (vendor id, JSON) of staged records until they are applied."""
    db.connection().executemany("INSERT INTO raw_record (vendor_id, raw) VALUES (?, ?)", records)


def insert_seen(db: Connection, vendor_ids: Iterable[str]) -> None:
    """Remember that the vendor listed these."""
    db.connection().executemany("INSERT OR IGNORE INTO seen (vendor_id) VALUES (?)", ((v,) for v in vendor_ids))


def insert_names(db: Connection, names: Sequence[tuple[str, str]]) -> None:
    """Remember what everybody listed is called, changed or not: somebody may refer to them."""
    db.connection().executemany("INSERT OR IGNORE INTO listed_name (vendor_id, name) VALUES (?, ?)", names)


def insert_references(db: Connection, references: Sequence[tuple[str, str, str]]) -> None:
    """Remember (field, vendor id, vendor id of whom it names) of everybody listed, changed or not."""
    db.connection().executemany(
        "INSERT OR IGNORE INTO reference (field, vendor_id, other) VALUES (?, ?, ?)", references
    )


def insert_sightings(db: Connection, shape: StageShape, sightings: Sequence[tuple[object, ...]]) -> None:
    """Remember (vendor id, *values of `shape.moving`) of records that are otherwise as they were."""
    marks = ", ?" * len(shape.moving)
    db.connection().executemany(f"INSERT OR IGNORE INTO sighting VALUES (?{marks})", sightings)


def insert_licences(db: Connection, licences: Sequence[tuple[object, ...]]) -> None:
    """Stage the licences that staged records hold."""
    db.connection().executemany("INSERT OR REPLACE INTO staged_licence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", licences)


def exists(db: Connection, rows: str) -> bool:
    """Whether there is anything at all to compare with, which spares a look for each of many thousand records."""
    (found,) = db.execute_sql(f"SELECT EXISTS (SELECT 1 FROM {rows})").fetchone()
    return bool(found)
