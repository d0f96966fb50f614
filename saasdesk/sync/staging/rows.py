"""SQL of the staging file: staged records, matching, and the plan as set operations against the live tables.

While a plan is made the staging file is `main` and the real database is attached read-only as `live`; while it is
applied the real database is `main` and the staging file is `stage`. Names of columns come from `fields` alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from saasdesk.fields import ObjectKind, quote
from saasdesk.records.changes import Cause
from saasdesk.records.feeders.rows import MAPPED_PEOPLE_FIELDS
from saasdesk.records.rows import CHANGE_TABLES
from saasdesk.store import Connection


@dataclass(frozen=True, slots=True)
class StagedField:
    """A column that this run fills: whose it is, and when its value may replace another.

    `silent` ones tell where a record came from, `moving` ones change by themselves: both are written without history.
    """

    name: str
    policy: str = "always"
    keyed: bool = False
    unique: bool = False
    mandatory: bool = False
    sync_key: int | None = None
    update_key: bool = True
    silent: bool = False
    moving: bool = False
    # The vendor may mask it with asterisks; such a value never takes the place of one without.
    may_be_masked: bool = False
    label: str = ""
    names_user: bool = False

    @property
    def is_compared(self) -> bool:
        """Whether a difference makes the record a changed one."""
        return not self.silent and not self.moving


@dataclass(frozen=True, slots=True)
class StageShape:
    """What one run stages: for which integration, which columns of the main records and of SaaS users.

    A vendor's record becomes a person or, in a run that loads assets, an asset: the main record. `owner_sources` are
    the integrations whose links tell which person the vendor means by the owner of an asset.
    """

    integration: int
    main: tuple[StagedField, ...]
    saas_users: tuple[StagedField, ...]
    with_saas_users: bool
    with_licences: bool
    # The vendor lists licences: each is one of its kind, may be nobody's, and goes from hand to hand.
    licences_are_listed: bool = False
    kind: ObjectKind = ObjectKind.PEOPLE
    owner_sources: tuple[int, ...] = ()

    @property
    def table(self) -> str:
        """The main records' table: person or asset. Links and staged records point at them by a column of that name."""
        return self.kind.table

    @property
    def moving(self) -> tuple[StagedField, ...]:
        """The main records' fields whose newest value is kept even where nothing else changed."""
        return tuple(f for f in self.main if f.moving)

    def sync_keys(self) -> tuple[StagedField, ...]:
        """The fields that decide which record is the same one, in their order."""
        return tuple(sorted((f for f in self.main if f.sync_key is not None), key=lambda f: f.sync_key or 0))

    def references(self) -> tuple[StagedField, ...]:
        """The people fields that hold the name of another of the vendor's users."""
        return tuple(field for field in self.main if field.names_user)

    def columns(self) -> tuple[str, ...]:
        """The staged value columns, in the order in which a row of values must come."""
        return (
            *(f"p_{f.name}" for f in self.main),
            *(f"k_{f.name}" for f in self.main if f.keyed),
            *(f"s_{f.name}" for f in self.saas_users),
            *(f"sk_{f.name}" for f in self.saas_users if f.keyed),
        )


# ----- filling the staging file


def create_tables(db: Connection, shape: StageShape) -> None:
    """Make the empty tables of this run, and the wide views from which new records are created."""
    columns = "".join(f", {quote(name)}" for name in shape.columns())
    db.execute_sql(
        f"""CREATE TABLE record (
            seq INTEGER PRIMARY KEY, vendor_id TEXT NOT NULL UNIQUE, label TEXT NOT NULL, raw_hash BLOB,
            inactive INTEGER NOT NULL, error TEXT, cause TEXT, skip TEXT,
            person INTEGER, saas_user INTEGER, asset INTEGER,
            linked INTEGER NOT NULL DEFAULT 0, matched_by TEXT{columns}
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
        WHERE integration = ? AND raw_hash IS NOT NULL AND {shape.table} IS NOT NULL {saas}
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


# ----- matching: whose record is it


def match(db: Connection, shape: StageShape) -> None:
    """Find each staged record's main record and SaaS user: by its link first, then by the sync keys in their order."""
    table = shape.table
    db.execute_sql(
        f"""
        UPDATE record SET {table} = l.{table}, saas_user = l.saas_user, linked = l.{table} IS NOT NULL
        FROM live.source_link l WHERE l.integration = ? AND l.vendor_id = record.vendor_id
        """,
        (shape.integration,),
    )
    for key in shape.sync_keys():
        name = key.name
        db.execute_sql(
            f"""
            UPDATE record SET {table} = p.id, matched_by = ?
            FROM live.{table} p
            WHERE record.{table} IS NULL AND record.error IS NULL AND record.skip IS NULL
              AND p.{quote(name + "__key")} = record.{quote("k_" + name)}
            """,
            (key.label or name,),
        )
    if shape.with_saas_users:
        db.execute_sql(
            """
            UPDATE record SET saas_user = u.id FROM live.saas_user u
            WHERE record.saas_user IS NULL AND u.owner_integration = ? AND u.saas_user_id = record.vendor_id
            """,
            (shape.integration,),
        )
    db.execute_sql(f"CREATE INDEX record_main ON record ({table}) WHERE {table} IS NOT NULL")


def match_accounts_left_behind(db: Connection, application: str) -> None:
    """Accounts of this application whose integration was deleted: whoever lists them now takes them over."""
    if not _are_accounts_left_behind(db):
        return
    db.execute_sql(
        """
        UPDATE record SET saas_user = u.id
        FROM live.saas_user u JOIN live.saas_application a ON a.id = u.saas_application
        WHERE record.saas_user IS NULL AND u.owner_integration IS NULL AND u.saas_user_id = record.vendor_id
          AND a.name__key = fold(?)
        """,
        (application,),
    )


def _are_accounts_left_behind(db: Connection) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM live.saas_user WHERE owner_integration IS NULL)"
    (found,) = db.execute_sql(sql).fetchone()
    return bool(found)


def mark_problems(db: Connection, shape: StageShape, many: str) -> None:
    """Give each record that cannot be taken over its reason; it is left as it was and still counts as seen.

    `many` is what the vendor's records are called, such as "PagerDuty users".
    """
    keys = shape.sync_keys()
    if keys:
        empty = " AND ".join(f"{quote('k_' + key.name)} IS NULL" for key in keys)
        names = " and ".join(key.label or key.name for key in keys)
        db.execute_sql(
            f"""UPDATE record SET error = ?, cause = 'no sync key'
                WHERE error IS NULL AND skip IS NULL AND NOT linked AND {empty}""",
            (f"{names} is empty, so it cannot be told {_WHICH[shape.kind]}.",),
        )
    for field in shape.main:
        if field.mandatory:
            db.execute_sql(
                f"""UPDATE record SET error = ?, cause = 'empty'
                    WHERE error IS NULL AND skip IS NULL AND {shape.table} IS NULL
                      AND coalesce({quote("p_" + field.name)}, '') = ''""",
                (f"{field.label or field.name} is empty, and {_NOBODY[shape.kind]} is made without it.",),
            )
        if field.unique:
            _mark_shared_values(db, field, many)
    _mark_shared_records(db, shape, many)


# How sentences speak of the records that are made.
_WHICH = {ObjectKind.PEOPLE: "whose record this is", ObjectKind.ASSETS: "which asset this is"}
_NOBODY = {ObjectKind.PEOPLE: "nobody", ObjectKind.ASSETS: "no asset"}
_NAME = {
    ObjectKind.PEOPLE: "coalesce(p.email, p.username, p.name, '')",
    ObjectKind.ASSETS: "coalesce(p.name, p.serial_number, '')",
}


def _mark_shared_values(db: Connection, field: StagedField, many: str) -> None:
    key = quote("k_" + field.name)
    db.execute_sql(
        f"""CREATE INDEX IF NOT EXISTS {quote("record_" + field.name)} ON record ({key})
            WHERE {key} IS NOT NULL AND skip IS NULL"""
    )
    db.execute_sql(
        f"""
        WITH shared AS (
            SELECT {key} AS value, count(*) AS n FROM record
            WHERE {key} IS NOT NULL AND skip IS NULL GROUP BY {key} HAVING count(*) > 1
        )
        UPDATE record SET cause = 'duplicate',
            error = s.n || ' ' || ? || ' share ' || ? || ' ' || {quote("p_" + field.name)} || '; '
                || iif(s.n = 2, 'neither', 'none of them') || ' was changed.'
        FROM shared s WHERE record.{key} = s.value AND record.error IS NULL
        """,
        (many, _label_for_sentence(field)),
    )


def _label_for_sentence(field: StagedField) -> str:
    return "e-mail" if field.name in {"email", "username"} else field.label or field.name


def _mark_shared_records(db: Connection, shape: StageShape, many: str) -> None:
    """Two vendor records that end at one of ours: one of them may be an unchanged one that is not staged at all."""
    table = shape.table
    db.execute_sql(
        f"""
        WITH claims AS (
            SELECT {table} FROM record WHERE {table} IS NOT NULL AND skip IS NULL
            UNION ALL
            SELECT l.{table} FROM live.source_link l
            JOIN seen ON seen.vendor_id = l.vendor_id
            WHERE l.integration = ? AND l.{table} IN (SELECT {table} FROM record WHERE NOT linked)
              AND l.vendor_id NOT IN (SELECT vendor_id FROM record)
        ), shared AS (SELECT {table}, count(*) AS n FROM claims GROUP BY {table} HAVING count(*) > 1)
        UPDATE record SET cause = 'duplicate',
            error = s.n || ' ' || ? || ' belong to one {table} (' || {_NAME[shape.kind]} || '); '
                || iif(s.n = 2, 'neither', 'none of them') || ' was changed.'
        FROM shared s JOIN live.{table} p ON p.id = s.{table}
        WHERE record.{table} = s.{table} AND record.error IS NULL AND record.skip IS NULL
        """,
        (shape.integration, many),
    )


def mark_conflicts(db: Connection, shape: StageShape, *, is_proven: bool) -> None:
    """Sync keys that point elsewhere than the link, and unique values that somebody else keeps.

    Comes after the differences are known: people may swap values, if both are really going to change.
    """
    if not _exists(db, f"live.{shape.table}"):
        return
    if is_proven and shape.kind is ObjectKind.PEOPLE:
        for field in shape.main:
            if field.unique:
                _find_given_up_values(db, shape, field)
    # Whoever cannot move keeps what others want to have: look again until nothing new turns up.
    while mark_taken_values(db, shape):
        db.execute_sql(
            """DELETE FROM diff WHERE object = ?
               AND vendor_id IN (SELECT vendor_id FROM record WHERE error IS NOT NULL)""",
            (shape.kind.value,),
        )


def mark_taken_values(db: Connection, shape: StageShape) -> int:
    """Refuse records that would take a unique value from somebody who keeps it; how many more there are now."""
    return sum(_mark_taken_values(db, shape, field) for field in shape.main if field.unique)


def _find_given_up_values(db: Connection, shape: StageShape, field: StagedField) -> None:
    """Unique values of ours that somebody else has at the vendor now, while their old owner is not listed any more."""
    name, key = quote(field.name), quote("k_" + field.name)
    db.execute_sql(
        f"""
        INSERT INTO given_up (person, field, value, vendor_id)
        SELECT p.id, ?2, p.{name}, min(l.vendor_id)
        FROM record r
        JOIN live.person p ON p.{quote(field.name + "__key")} = r.{key}
        JOIN live.source_link l ON l.person = p.id AND l.integration = ?1
        LEFT JOIN live.value_owner t ON t.object = 'people' AND t.record = p.id AND t.field = ?2
        WHERE r.error IS NULL AND r.skip IS NULL AND p.id IS NOT r.person
          AND coalesce(t.integration, p.owner_integration, -1) = ?1
          AND p.id NOT IN (SELECT person FROM record WHERE person IS NOT NULL)
        GROUP BY p.id
        HAVING NOT max(l.vendor_id IN (SELECT vendor_id FROM seen))
        """,
        (shape.integration, field.name),
    )


def _mark_taken_values(db: Connection, shape: StageShape, field: StagedField) -> int:
    """A value that belongs to another record, which does not give it up in this run.

    What is no sync key is taken from nobody as long as it is not going to be written.
    """
    table, key, kept_key = shape.table, quote("k_" + field.name), quote(field.name + "__key")
    # A person's name says more than the very address that is in question.
    name = "coalesce(p.name, p.username, p.email, '')" if shape.kind is ObjectKind.PEOPLE else _NAME[shape.kind]
    written = f"""AND (record.{table} IS NULL OR EXISTS (
        SELECT 1 FROM diff own WHERE own.object = ?3 AND own.record = record.{table} AND own.field = ?2))"""
    cursor = db.execute_sql(
        f"""
        UPDATE record SET cause = 'conflict',
            error = ?1 || ' ' || {quote("p_" + field.name)} || ' belongs to another {table} ('
                || {name} || '); nothing was changed.'
        FROM live.{table} p
        WHERE record.error IS NULL AND record.skip IS NULL AND p.{kept_key} = record.{key}
          AND p.id IS NOT record.{table} {"" if field.sync_key is not None else written}
          AND NOT EXISTS (
            SELECT 1 FROM diff d JOIN record other ON other.vendor_id = d.vendor_id
            WHERE d.object = ?3 AND d.record = p.id AND d.field = ?2 AND other.{key} IS NOT record.{key}
          )
          AND p.id NOT IN (SELECT person FROM given_up WHERE field = ?2)
        """,
        (field.label or field.name, field.name, shape.kind.value),
    )
    return int(cursor.rowcount)


def mark_skips(db: Connection, shape: StageShape, preference: str, *, restore_archived: bool) -> None:
    """Note what the integration's preference leaves out."""
    table = shape.table
    if preference == "create_only":
        db.execute_sql(
            f"UPDATE record SET skip = 'Create only: this {table} is already here' "
            f"WHERE {table} IS NOT NULL AND error IS NULL AND skip IS NULL"
        )
    if preference == "update_only":
        db.execute_sql(
            f"UPDATE record SET skip = 'Update only: {_NOBODY[shape.kind]} here matches' "
            f"WHERE {table} IS NULL AND error IS NULL AND skip IS NULL"
        )
    if not restore_archived:
        db.execute_sql(
            f"""
            UPDATE record SET skip = 'archived by hand' FROM live.{table} p
            WHERE p.id = record.{table} AND p.archived AND record.error IS NULL AND record.skip IS NULL
            """
        )


def mark_without_email(db: Connection, shape: StageShape, reason: str) -> None:
    """Skip whoever the vendor shows no e-mail address of, unless something else tells whose record it is."""
    empty = "".join(f" AND {quote('k_' + key.name)} IS NULL" for key in shape.sync_keys())
    if empty:
        db.execute_sql(
            f"UPDATE record SET skip = ? WHERE error IS NULL AND skip IS NULL AND NOT linked{empty}", (reason,)
        )


# ----- the plan


def find_differences(db: Connection, shape: StageShape) -> None:
    """Which fields of which people or assets would change, under each field's policy and its feeders."""
    feeders = _feeders(db, shape, "live")
    for field in shape.main if _has_matches(db, shape.table) else ():
        if (
            field.names_user
            or not field.is_compared
            or (field.sync_key is not None and not field.update_key and not _is_first_key(shape, field))
        ):
            continue
        wanted = feeders.get(field.name, (0,))
        _diff(db, shape.kind.value, shape.table, field, f"p_{field.name}", shape.integration, wanted)
    db.execute_sql("CREATE INDEX diff_record ON diff (record, field)")


def name_others(db: Connection, shape: StageShape, preference: str) -> None:
    """Put the names of people in the place of the ids by which the vendor refers to them, and find what differs then.

    Comes after all other differences: a name is the one that the person has after this run. Whoever refers to somebody
    may be unchanged at the vendor, and so not staged, and yet have to change.
    """
    if not shape.references():
        return
    _name_everybody_referred_to(db, shape)
    feeders = _feeders(db, shape, "live")
    named = "SELECT n.name FROM reference f JOIN named n ON n.vendor_id = f.other"
    for field in shape.references():
        column = quote("p_" + field.name)
        db.execute_sql(
            f"UPDATE record SET {column} = ({named} WHERE f.field = ? AND f.vendor_id = record.vendor_id)",
            (field.name,),
        )
        unchanged = """
            UNION ALL SELECT l.vendor_id, l.person, NULL, NULL, n.name
            FROM reference f JOIN named n ON n.vendor_id = f.other
            JOIN live.source_link l ON l.integration = ?2 AND l.vendor_id = f.vendor_id
            JOIN live.person p ON p.id = l.person AND NOT p.archived
            WHERE f.field = ?3 AND NOT EXISTS (SELECT 1 FROM record r WHERE r.vendor_id = f.vendor_id)
        """
        _diff(
            db,
            "people",
            "person",
            field,
            f"p_{field.name}",
            shape.integration,
            feeders.get(field.name, (0,)),
            source=f"""(SELECT vendor_id, person, error, skip, {column} FROM record
                {"" if preference == "create_only" else unchanged})""",
        )


def _name_everybody_referred_to(db: Connection, shape: StageShape) -> None:
    """The person's name as it is after this run, else what the vendor calls them."""
    after = "(SELECT r.p_name FROM record r WHERE r.vendor_id = named.vendor_id AND r.error IS NULL AND r.skip IS NULL)"
    staged = after if any(field.name == "name" for field in shape.main) else "NULL"
    db.execute_sql("DELETE FROM named")
    db.execute_sql(
        """
        INSERT INTO named (vendor_id, person)
        SELECT f.other, coalesce(r.person, l.person) FROM (SELECT DISTINCT other FROM reference) f
        LEFT JOIN record r ON r.vendor_id = f.other
        LEFT JOIN live.source_link l ON l.integration = ? AND l.vendor_id = f.other
        """,
        (shape.integration,),
    )
    db.execute_sql(
        f"""
        UPDATE named SET name = coalesce(
            CASE WHEN person IS NULL THEN {staged} END,
            (SELECT d.after FROM diff d WHERE d.object = 'people' AND d.record = named.person AND d.field = 'name'),
            (SELECT p.name FROM live.person p WHERE p.id = named.person),
            (SELECT s.name FROM listed_name s WHERE s.vendor_id = named.vendor_id)
        )
        """
    )


def plan_main_records(db: Connection, shape: StageShape) -> None:
    """Which people or assets are created, and which of them change."""
    names = " or ".join(key.label or key.name for key in shape.sync_keys())
    db.execute_sql(
        f"""
        INSERT INTO plan_record (kind, object, vendor_id, label, reason)
        SELECT 'create', ?, vendor_id, label, ? FROM record
        WHERE {shape.table} IS NULL AND error IS NULL AND skip IS NULL ORDER BY seq
        """,
        (shape.kind.value, f"no match by {names}"),
    )
    _gather_updates(db, shape.kind.value)
    if shape.kind is ObjectKind.PEOPLE:
        _plan_given_up_values(db, shape)


def forget_values_that_nobody_takes(db: Connection, shape: StageShape) -> None:
    """A value is given up only if somebody else has it after this run."""
    for field in shape.main:
        if field.unique:
            key = quote("k_" + field.name)
            db.execute_sql(
                f"""
                DELETE FROM given_up WHERE field = ?1 AND NOT EXISTS (
                    SELECT 1 FROM record r
                    WHERE r.{key} = fold(value) AND r.error IS NULL AND r.skip IS NULL AND (r.person IS NULL OR EXISTS (
                        SELECT 1 FROM diff d WHERE d.object = 'people' AND d.record = r.person AND d.field = ?1))
                )
                """,
                (field.name,),
            )


def _plan_given_up_values(db: Connection, shape: StageShape) -> None:
    """Empty a value of its old owner, so that whoever has it now can take it over."""
    forget_values_that_nobody_takes(db, shape)
    db.execute_sql(
        f"""
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT DISTINCT 'update', 'people', t.id, g.vendor_id, {_label_of("person")}, 'belongs to somebody else now'
        FROM given_up g JOIN live.person t ON t.id = g.person
        """
    )
    db.execute_sql(
        """
        INSERT INTO plan_field (seq, field, before, after)
        SELECT p.seq, g.field, g.value, NULL FROM given_up g
        JOIN plan_record p ON p.object = 'people' AND p.kind = 'update' AND p.record = g.person
        """
    )


def _has_matches(db: Connection, column: str) -> bool:
    """Whether anything staged can differ from what is here; on a first run nothing can."""
    return _exists(db, f"record WHERE {column} IS NOT NULL")


def _exists(db: Connection, rows: str) -> bool:
    """Whether there is anything at all to compare with, which spares a look for each of many thousand records."""
    (found,) = db.execute_sql(f"SELECT EXISTS (SELECT 1 FROM {rows})").fetchone()
    return bool(found)


def _is_first_key(shape: StageShape, field: StagedField) -> bool:
    return shape.sync_keys()[0].name == field.name


def _feeders(db: Connection, shape: StageShape, schema: str) -> dict[str, tuple[int, ...]]:
    """Field → whose values this run leaves alone: a person's own (0), and those of feeders that are not behind it.

    A feeder that was deleted, or maps the field no more, has nothing to say. Of assets no order is kept: whoever came
    first feeds.
    """
    if shape.kind is ObjectKind.ASSETS:
        others = db.execute_sql(f"SELECT id FROM {schema}.integration WHERE id <> ?", (shape.integration,)).fetchall()
        return dict.fromkeys((field.name for field in shape.main), (0, *(number for (number,) in others)))
    places: dict[tuple[str, int], int] = {}
    for field, feeder, place in db.execute_sql(f"SELECT field, integration, position FROM {schema}.feeder_order"):
        places[field, feeder] = place
    kept: dict[str, list[int]] = {}
    for field, feeder in db.execute_sql(MAPPED_PEOPLE_FIELDS.format(schema=f"{schema}.")):
        mine, theirs = places.get((field, shape.integration)), places.get((field, feeder))
        is_behind = mine is not None and (theirs is None or mine < theirs)
        if feeder != shape.integration and not is_behind:
            kept.setdefault(field, [0]).append(feeder)
    return {field: tuple(feeders) for field, feeders in kept.items()}


_FEEDER = "coalesce(o.integration, t.owner_integration, -1)"


def _allowed(policy: str, field: str, staged: str, kept: tuple[int, ...]) -> str:
    """When a mapped value may replace the one that is there.

    Nobody empties what somebody else fed, so integrations cannot take turns with a value.
    """
    empty = f"(t.{field} IS NULL OR t.{field} = '')"
    others = ", ".join(str(int(feeder)) for feeder in kept)
    takes_over = f"({_FEEDER} NOT IN ({others}) AND {_filled(staged)})"
    mine = f"({empty} OR {_FEEDER} = ?2 OR {takes_over})"
    return {
        "always": mine,
        "only_if_empty": empty,
        "only_if_source_filled": mine,
        "over_manual": f"({mine} OR {_FEEDER} = 0)",
    }[policy]


def _filled(staged: str) -> str:
    return f"(r.{staged} IS NOT NULL AND r.{staged} <> '')"


def _diff(
    db: Connection,
    kind: str,
    table: str,
    field: StagedField,
    staged: str,
    integration: int,
    kept: tuple[int, ...] = (0,),
    *,
    source: str = "record",
) -> None:
    name, staged = quote(field.name), quote(staged)
    only_filled = f"AND {_filled(staged)}" if field.policy == "only_if_source_filled" or field.mandatory else ""
    db.execute_sql(
        f"""
        INSERT INTO diff (object, vendor_id, record, field, before, after)
        SELECT ?1, r.vendor_id, t.id, ?3, t.{name}, r.{staged}
        FROM {source} r
        JOIN live.{table} t ON t.id = r.{table}
        LEFT JOIN live.value_owner o ON o.object = ?1 AND o.record = t.id AND o.field = ?3
        WHERE r.error IS NULL AND r.skip IS NULL AND r.{staged} IS NOT t.{name}
          AND {_allowed(field.policy, name, staged, kept)} {only_filled} {_not_masked(field, name, staged)}
        """,
        (kind, integration, field.name),
    )


def _not_masked(field: StagedField, name: str, staged: str) -> str:
    if not field.may_be_masked:
        return ""
    return f"AND (instr(r.{staged}, '*') = 0 OR instr(t.{name}, '*') > 0 OR coalesce(t.{name}, '') = '')"


def _gather_updates(db: Connection, kind: str) -> None:
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT 'update', ?1, d.record, d.vendor_id, coalesce(r.label, n.name, d.vendor_id),
            CASE WHEN r.seq IS NULL THEN 'somebody it names is called otherwise now'
                WHEN r.linked OR r.matched_by IS NULL THEN 'changed at the source'
                ELSE 'matched by ' || r.matched_by END
        FROM (SELECT DISTINCT vendor_id, record FROM diff WHERE object = ?1) d
        LEFT JOIN record r ON r.vendor_id = d.vendor_id
        LEFT JOIN listed_name n ON n.vendor_id = d.vendor_id
        ORDER BY r.seq, d.vendor_id
        """,
        (kind,),
    )
    db.execute_sql(
        """
        INSERT INTO plan_field (seq, field, before, after)
        SELECT p.seq, d.field, d.before, d.after FROM diff d
        JOIN plan_record p ON p.object = d.object AND p.vendor_id = d.vendor_id AND p.kind = 'update'
        WHERE d.object = ?
        """,
        (kind,),
    )


def plan_saas_users(db: Connection, shape: StageShape) -> None:
    """The application's users: who is new there, what changed, and whose account it is."""
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, vendor_id, label, reason)
        SELECT 'create', 'saas_users', vendor_id, label, 'new at the source' FROM record
        WHERE saas_user IS NULL AND error IS NULL AND skip IS NULL ORDER BY seq
        """
    )
    for field in shape.saas_users if _has_matches(db, "saas_user") else ():
        if field.is_compared:
            _diff(db, "saas_users", "saas_user", field, f"s_{field.name}", shape.integration)
    db.execute_sql(
        """
        INSERT INTO diff (object, vendor_id, record, field, before, after)
        SELECT 'saas_users', r.vendor_id, t.id, 'person', t.person, r.person
        FROM record r JOIN live.saas_user t ON t.id = r.saas_user
        LEFT JOIN live.source_link l ON l.integration = ? AND l.vendor_id = r.vendor_id
        WHERE r.error IS NULL AND r.skip IS NULL AND r.person IS NOT NULL AND r.person IS NOT t.person
          AND NOT coalesce(l.by_hand, 0)
        """,
        (shape.integration,),
    )
    _gather_updates(db, "saas_users")


_LICENCE_FIELDS = ("licence_id", "product", "team", "assigned_at", "last_used", "valid_until")


def plan_licences(db: Connection, shape: StageShape, *, is_proven: bool) -> None:
    """Which licences staged records hold now, against what they held before, and which are nobody's."""
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, vendor_id, label, reason)
        SELECT 'create', 'licences', s.licence_key, s.holder || coalesce(s.product, s.licence_id, ''),
            iif(s.vendor_id = '', 'new at the source', 'assigned')
        FROM good_licence s
        LEFT JOIN live.licence l ON l.owner_integration = ? AND l.licence_key = s.licence_key
        WHERE l.id IS NULL ORDER BY s.seq
        """,
        (shape.integration,),
    )
    for name in (*_LICENCE_FIELDS, "held_by") if shape.licences_are_listed else _LICENCE_FIELDS:
        db.execute_sql(
            f"""
            INSERT INTO diff (object, vendor_id, record, field, before, after)
            SELECT 'licences', s.licence_key, l.id, ?2, l.{name}, s.{name}
            FROM good_licence s
            JOIN live.licence l ON l.owner_integration = ?1 AND l.licence_key = s.licence_key
            WHERE s.{name} IS NOT l.{name}
            """,
            (shape.integration, name),
        )
    if shape.licences_are_listed:
        db.execute_sql(
            """
            INSERT INTO diff (object, vendor_id, record, field, before, after)
            SELECT 'licences', s.licence_key, l.id, 'saas_user_id', u.saas_user_id, nullif(s.vendor_id, '')
            FROM good_licence s
            JOIN live.licence l ON l.owner_integration = ?1 AND l.licence_key = s.licence_key
            LEFT JOIN live.saas_user u ON u.id = l.saas_user
            WHERE u.saas_user_id IS NOT nullif(s.vendor_id, '')
            """,
            (shape.integration,),
        )
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT 'update', 'licences', d.record, d.vendor_id, s.holder || coalesce(s.product, s.licence_id, ''),
            'changed at the source'
        FROM (SELECT DISTINCT vendor_id, record FROM diff WHERE object = 'licences') d
        JOIN good_licence s ON s.licence_key = d.vendor_id ORDER BY s.seq
        """
    )
    db.execute_sql(
        """
        INSERT INTO plan_field (seq, field, before, after)
        SELECT p.seq, d.field, d.before, d.after FROM diff d
        JOIN plan_record p ON p.object = 'licences' AND p.vendor_id = d.vendor_id AND p.kind = 'update'
        WHERE d.object = 'licences'
        """
    )
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT 'reactivate', 'licences', l.id, l.licence_key, s.holder || coalesce(l.product, l.licence_id, ''),
            iif(s.vendor_id = '', 'listed again', 'assigned again')
        FROM good_licence s
        JOIN live.licence l ON l.owner_integration = ? AND l.licence_key = s.licence_key
        WHERE l.deactivated AND NOT l.archived
        """,
        (shape.integration,),
    )
    if shape.licences_are_listed and not is_proven:
        # What a listing with gaps lacks may only have slipped through.
        return
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT 'deactivate', 'licences', l.id, l.licence_key, r.label || ' · ' || coalesce(l.product, l.licence_id, ''),
            'no longer assigned'
        FROM record r JOIN live.licence l ON l.saas_user = r.saas_user AND l.owner_integration = ?
        WHERE r.error IS NULL AND r.skip IS NULL AND NOT l.deactivated
          AND l.licence_key NOT IN (SELECT licence_key FROM listed_licence)
        """,
        (shape.integration,),
    )
    if shape.licences_are_listed:
        db.execute_sql(
            """
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT 'deactivate', 'licences', l.id, l.licence_key, coalesce(l.product, l.licence_id, ''),
                'absent from a complete listing'
            FROM live.licence l
            WHERE l.owner_integration = ? AND l.saas_user IS NULL AND NOT l.deactivated AND NOT l.archived
              AND l.licence_key NOT IN (SELECT licence_key FROM listed_licence)
              AND (EXISTS (SELECT 1 FROM staged_licence) OR EXISTS (SELECT 1 FROM seen))
            """,
            (shape.integration,),
        )


def plan_licences_left_behind(db: Connection, shape: StageShape, application: str) -> None:
    """What a deleted integration knew of the licences of accounts that are taken over: the listing knows better."""
    if not _are_accounts_left_behind(db):
        return
    db.execute_sql(
        """
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT 'deactivate', 'licences', l.id, l.licence_key, r.label || ' · ' || coalesce(l.product, l.licence_id, ''),
            'its integration was deleted'
        FROM record r JOIN live.saas_user u ON u.id = r.saas_user AND u.owner_integration IS NULL
        JOIN live.licence l ON l.saas_user = u.id AND l.owner_integration IS NULL
        WHERE r.error IS NULL AND r.skip IS NULL AND NOT l.deactivated AND NOT l.archived
        """
    )
    if shape.licences_are_listed:
        db.execute_sql(
            """
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT 'deactivate', 'licences', l.id, l.licence_key, coalesce(l.product, l.licence_id, ''),
                'its integration was deleted'
            FROM staged_licence s
            JOIN live.licence l ON l.owner_integration IS NULL AND l.licence_key = s.licence_key
            JOIN live.saas_application a ON a.id = l.saas_application AND a.name__key = fold(?)
            WHERE l.saas_user IS NULL AND NOT l.deactivated AND NOT l.archived
            """,
            (application,),
        )


# ----- who is there, who is not

# An account is there when a complete listing had it and did not call it inactive; of unchanged records, which are not
# staged, the link remembers whether the vendor calls them inactive.
_PRESENT = """
    SELECT l.vendor_id, l.person, l.saas_user, l.asset,
        coalesce(r.inactive, l.gone = 2) AS inactive, l.gone
    FROM live.source_link l
    JOIN seen ON seen.vendor_id = l.vendor_id
    LEFT JOIN record r ON r.vendor_id = l.vendor_id
    WHERE l.integration = ?1
"""


def plan_reactivations(db: Connection, shape: StageShape, *, restore_archived: bool) -> None:
    """Whoever a run deactivated and the vendor now lists as active again.

    What a person archived stays archived, unless the integration is to bring matches back.
    """
    archived = "OR t.archived" if restore_archived else ""
    for kind, table in _activity_tables(shape):
        if not _exists(db, f"live.{table} WHERE deactivated OR archived"):
            continue
        label = _label_of(table)
        db.execute_sql(
            f"""
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT 'reactivate', ?2, t.id, x.vendor_id, {label}, 'listed again'
            FROM (SELECT * FROM live.{table} WHERE deactivated OR archived) t
            JOIN ({_PRESENT}
                UNION ALL
                SELECT vendor_id, person, saas_user, asset, inactive, 0 FROM record
                WHERE error IS NULL AND skip IS NULL
            ) x ON x.{table} = t.id
            WHERE ((t.deactivated AND NOT t.archived AND t.deactivated_session IS NOT NULL) {archived})
              AND NOT x.inactive
              AND x.vendor_id NOT IN (SELECT vendor_id FROM record WHERE error IS NOT NULL OR skip IS NOT NULL)
            GROUP BY t.id
            """,
            (shape.integration, kind),
        )
    if shape.with_saas_users:
        # Their licences went with them; unchanged ones come back with them.
        db.execute_sql(
            """
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT 'reactivate', 'licences', l.id, l.licence_key, p.label || ' · ' || coalesce(l.product, ''),
                'holder is back'
            FROM plan_record p JOIN live.licence l ON l.saas_user = p.record
            WHERE p.kind = 'reactivate' AND p.object = 'saas_users' AND l.deactivated_reason = 'its holder is gone'
              AND (NOT ? OR p.vendor_id NOT IN (SELECT vendor_id FROM record))
              AND l.id NOT IN (SELECT record FROM plan_record WHERE object = 'licences' AND record IS NOT NULL)
            """,
            (shape.with_licences,),
        )


def _activity_tables(shape: StageShape) -> tuple[tuple[str, str], ...]:
    main = ((shape.kind.value, shape.table),)
    return (*main, ("saas_users", "saas_user")) if shape.with_saas_users else main


def _label_of(table: str) -> str:
    names = {
        "person": "t.name, t.email, t.username",
        "saas_user": "t.name, t.email, t.saas_user_id",
        "asset": "t.name, t.hostname, t.serial_number",
    }
    return f"coalesce({names[table]}, '')"


def missing_vendor_ids(db: Connection, shape: StageShape) -> list[str]:
    """Vendor ids of active records of ours that the listing lacked."""
    table = "saas_user" if shape.with_saas_users else shape.table
    rows = db.execute_sql(
        f"""
        SELECT l.vendor_id FROM live.source_link l JOIN live.{table} t ON t.id = l.{table}
        WHERE l.integration = ?1 AND NOT l.by_hand AND t.owner_integration = ?1
          AND NOT t.deactivated AND NOT t.archived
          AND l.vendor_id NOT IN (SELECT vendor_id FROM seen)
        ORDER BY l.vendor_id
        """,
        (shape.integration,),
    )
    return [vendor_id for (vendor_id,) in rows]


def insert_verdict(db: Connection, vendor_id: str, verdict: str, reason: str) -> None:
    """What asking for this one record said: 'gone', 'inactive', 'active' or 'unsure'."""
    db.execute_sql("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", (vendor_id, verdict, reason))


def plan_deactivations(db: Connection, shape: StageShape, *, people_too: bool) -> None:
    """Accounts that a complete listing lacked or calls inactive, and people of ours whom no listing has any more."""
    if shape.with_saas_users:
        db.execute_sql(
            f"""
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT CASE v.verdict WHEN 'unsure' THEN 'skip' ELSE 'deactivate' END, 'saas_users', t.id, l.vendor_id,
                {_label_of("saas_user")},
                CASE v.verdict WHEN 'inactive' THEN 'inactive at the vendor' WHEN 'unsure' THEN v.reason
                    ELSE 'absent from a complete listing' END
            FROM live.source_link l JOIN live.saas_user t ON t.id = l.saas_user
            LEFT JOIN verdict v ON v.vendor_id = l.vendor_id
            WHERE l.integration = ?1 AND NOT l.by_hand AND t.owner_integration = ?1
              AND NOT t.deactivated AND NOT t.archived
              AND l.vendor_id NOT IN (SELECT vendor_id FROM seen) AND coalesce(v.verdict, 'gone') <> 'active'
            UNION ALL
            SELECT 'deactivate', 'saas_users', t.id, x.vendor_id, {_label_of("saas_user")}, 'inactive at the vendor'
            FROM ({_PRESENT}) x JOIN live.saas_user t ON t.id = x.saas_user
            WHERE x.inactive AND t.owner_integration = ?1 AND NOT t.deactivated AND NOT t.archived
              AND x.vendor_id NOT IN (SELECT vendor_id FROM record WHERE error IS NOT NULL)
            """,
            (shape.integration,),
        )
        db.execute_sql(
            """
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT 'deactivate', 'licences', l.id, l.licence_key,
                p.label || ' · ' || coalesce(l.product, l.licence_id, ''), 'its holder is gone'
            FROM plan_record p JOIN live.licence l ON l.saas_user = p.record
            WHERE p.kind = 'deactivate' AND p.object = 'saas_users' AND NOT l.deactivated AND NOT l.archived
              AND l.id NOT IN (SELECT record FROM plan_record WHERE object = 'licences' AND kind = 'deactivate')
              AND NOT (? AND p.reason = 'inactive at the vendor')
              AND l.licence_key NOT IN (SELECT licence_key FROM listed_licence WHERE ?)
            """,
            # A listed licence that is in other hands now has moved; one of a suspended user is still there.
            (shape.licences_are_listed, shape.licences_are_listed),
        )
    if people_too:
        db.execute_sql(
            f"""
            INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
            SELECT 'deactivate', 'people', t.id, min(l.vendor_id), {_label_of("person")},
                'no complete listing has them any more'
            FROM live.person t JOIN live.source_link l ON l.person = t.id
            WHERE t.owner_integration = ?1 AND NOT t.deactivated AND NOT t.archived
              AND t.id NOT IN (
                SELECT person FROM record
                WHERE person IS NOT NULL AND (NOT inactive OR error IS NOT NULL OR skip IS NOT NULL)
              )
            GROUP BY t.id
            HAVING min(CASE
                WHEN l.by_hand THEN 0
                WHEN l.integration <> ?1 THEN l.gone > 0
                WHEN l.vendor_id IN (SELECT vendor_id FROM seen)
                    THEN coalesce((SELECT r.inactive FROM record r WHERE r.vendor_id = l.vendor_id), l.gone = 2)
                ELSE coalesce(
                    (SELECT v.verdict IN ('gone', 'inactive') FROM verdict v WHERE v.vendor_id = l.vendor_id), 1
                )
            END) = 1
            """,
            (shape.integration,),
        )


def count_active_owned(db: Connection, shape: StageShape, table: str) -> int:
    """How many active records of this table the integration owned before the run."""
    sql = f"SELECT count(*) FROM live.{table} WHERE owner_integration = ? AND NOT deactivated AND NOT archived"
    (count,) = db.execute_sql(sql, (shape.integration,)).fetchone()
    return int(count)


def plan_skips_and_errors(db: Connection, shape: StageShape) -> None:
    """What is left as it was, with its reason, so that the plan shows every record that is not simply the same."""
    db.execute_sql(
        f"""
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT CASE WHEN error IS NULL THEN 'skip' ELSE 'error' END, ?, {shape.table}, vendor_id, label,
            coalesce(error, skip)
        FROM record WHERE (error IS NOT NULL OR skip IS NOT NULL) AND coalesce(skip, '') <> 'filtered' ORDER BY seq
        """,
        (shape.kind.value,),
    )


def hold_deactivations(db: Connection) -> None:
    """Set the deactivations of accounts and people aside, and what hangs on them."""
    db.execute_sql(
        """
        UPDATE plan_record SET held = 1
        WHERE kind = 'deactivate'
          AND (object <> 'licences' OR reason IN ('its holder is gone', 'absent from a complete listing'))
        """
    )


def plan_counts(db: Connection) -> dict[tuple[str, str, bool], int]:
    """(object, kind, held) → how many records."""
    rows = db.execute_sql("SELECT object, kind, held, count(*) FROM plan_record GROUP BY object, kind, held")
    return {(kind_of, kind, bool(held)): int(count) for kind_of, kind, held, count in rows}


def touched_records(db: Connection, kind: str) -> int:
    """How many of the listed records of this kind are created, updated, reactivated or found inactive."""
    (count,) = db.execute_sql(
        """
        SELECT count(*) FILTER (WHERE p.kind = 'create') + count(DISTINCT seen.vendor_id)
        FROM plan_record p LEFT JOIN seen ON seen.vendor_id = p.vendor_id AND p.kind <> 'create'
        WHERE p.object = ? AND p.kind IN ('create', 'update', 'reactivate', 'deactivate') AND NOT p.held
        """,
        (kind,),
    ).fetchone()
    return int(count)


def problem_rows(db: Connection) -> Iterator[tuple[str, str, str, str]]:
    """(vendor id, label, cause, message) of every record that was left as it was because of an error."""
    yield from db.execute_sql("SELECT vendor_id, label, cause, error FROM record WHERE error IS NOT NULL ORDER BY seq")


def count_where(db: Connection, condition: str) -> int:
    """How many staged records are `error`, `filtered` or `skipped`."""
    sql = {
        "error": "SELECT count(*) FROM record WHERE error IS NOT NULL",
        "filtered": "SELECT count(*) FROM record WHERE error IS NULL AND skip = 'filtered'",
        "skipped": "SELECT count(*) FROM record WHERE error IS NULL AND skip <> 'filtered'",
        "seen": "SELECT count(*) FROM seen",
        "staged": "SELECT count(*) FROM record",
    }[condition]
    (count,) = db.execute_sql(sql).fetchone()
    return int(count)


def live_position(db: Connection, schema: str) -> tuple[int, int]:
    """A mark that moves whenever a record is changed by anyone; a plan made at one mark is applied at no other."""
    row = db.execute_sql(
        f"""SELECT (SELECT coalesce(max(id), 0) FROM {schema}.change),
            (SELECT coalesce(sum(version), 0) FROM {schema}.integration)"""
    ).fetchone()
    return int(row[0]), int(row[1])


def clear_plan(db: Connection) -> None:
    """Forget matches and plan, but keep what was read, to plan again on newer records."""
    db.execute_sql("DELETE FROM plan_record")
    db.execute_sql("DELETE FROM plan_field")
    db.execute_sql("DELETE FROM diff")
    db.execute_sql("DROP INDEX IF EXISTS diff_record")
    db.execute_sql("DELETE FROM given_up")
    db.execute_sql("DROP INDEX IF EXISTS record_main")
    db.execute_sql(
        """
        UPDATE record SET person = NULL, saas_user = NULL, asset = NULL, linked = 0, matched_by = NULL,
            error = CASE WHEN cause IN ('duplicate', 'conflict', 'no sync key', 'empty') THEN NULL ELSE error END,
            cause = CASE WHEN cause IN ('duplicate', 'conflict', 'no sync key', 'empty') THEN NULL ELSE cause END,
            skip = CASE WHEN skip = 'filtered' THEN skip END
        """
    )


def list_hash_rows(db: Connection) -> Iterator[tuple[str, int]]:
    """(object, record) of each held deactivation, in a fixed order."""
    yield from db.execute_sql(
        """SELECT object, record FROM plan_record
           WHERE held AND kind = 'deactivate' AND object <> 'licences' ORDER BY object, record"""
    )


# ----- applying: the real database is `main`, the staging file is `stage`


def set_application(db: Connection, application: int) -> None:
    """Tell the wide views which SaaS application the new users belong to."""
    db.execute_sql("DELETE FROM stage.application")
    db.execute_sql("INSERT INTO stage.application VALUES (?)", (application,))


def adopt_new_records(db: Connection, kind: str) -> None:
    """Write the ids of the records just created back to the staged rows, so that what follows can point at them."""
    column = ObjectKind(kind).table
    db.execute_sql(
        f"""
        UPDATE stage.record AS r SET {column} = p.record FROM stage.plan_record p
        WHERE p.object = ? AND p.kind = 'create' AND p.vendor_id = r.vendor_id
        """,
        (kind,),
    )


def offer_emptied_values(db: Connection, shape: StageShape) -> None:
    """A feeder that has no value any more leaves the field to the others: they look at that person again."""
    db.execute_sql(
        """
        UPDATE main.source_link SET raw_hash = NULL
        WHERE integration <> ? AND person IN (
            SELECT r.record FROM stage.plan_record r JOIN stage.plan_field f ON f.seq = r.seq
            WHERE r.object = 'people' AND r.kind = 'update' AND NOT r.held AND coalesce(f.after, '') = ''
        )
        """,
        (shape.integration,),
    )


def look_again_at_those_who_lost(db: Connection, shape: StageShape) -> None:
    """Whoever is not listed and lost a value or a licence to somebody else is looked at when they come back.

    They may look as before by then, and what they lost be theirs again.
    """
    db.execute_sql(
        """
        UPDATE main.source_link SET raw_hash = NULL
        WHERE integration = ? AND vendor_id NOT IN (SELECT vendor_id FROM stage.record) AND vendor_id IN (
            SELECT l.vendor_id FROM stage.given_up g JOIN main.source_link l ON l.person = g.person
            UNION
            SELECT f.before FROM stage.plan_record p JOIN stage.plan_field f ON f.seq = p.seq
            WHERE p.object = 'licences' AND p.kind = 'update' AND NOT p.held AND f.field = 'saas_user_id'
        )
        """,
        (shape.integration,),
    )


def move_licences(db: Connection) -> None:
    """Give licences that changed hands to whoever holds them now."""
    db.execute_sql(
        """
        UPDATE main.licence AS l SET saas_user = r.saas_user
        FROM stage.plan_record p
        JOIN stage.plan_field f ON f.seq = p.seq AND f.field = 'saas_user_id'
        JOIN stage.staged_licence s ON s.licence_key = p.vendor_id
        LEFT JOIN stage.record r ON r.vendor_id = s.vendor_id
        WHERE p.object = 'licences' AND p.kind = 'update' AND NOT p.held AND l.id = p.record
        """
    )


def take_accounts_over(db: Connection, shape: StageShape) -> None:
    """Accounts that a deleted integration left behind belong to the one that lists them now."""
    db.execute_sql(
        """
        UPDATE main.saas_user AS u SET owner_integration = ? FROM stage.record r
        WHERE r.saas_user = u.id AND u.owner_integration IS NULL AND r.error IS NULL AND r.skip IS NULL
        """,
        (shape.integration,),
    )


def join_accounts_to_new_people(db: Connection, cause: Cause, at: str) -> None:
    """An account that was here before its person was: join them, now that the person has an id."""
    db.execute_sql(
        """
        INSERT INTO main.change (session, cause, at, object, record, kind, field, after, reason)
        SELECT ?, ?, ?, 'saas_users', u.id, 'update', 'person', r.person, 'the person is known now'
        FROM stage.record r JOIN main.saas_user u ON u.id = r.saas_user
        WHERE u.person IS NULL AND r.person IS NOT NULL AND r.error IS NULL AND r.skip IS NULL
        ORDER BY r.seq
        """,
        (cause.session, cause.text, at),
    )
    db.execute_sql(
        """
        UPDATE main.saas_user AS u SET person = r.person FROM stage.record r
        WHERE r.saas_user = u.id AND u.person IS NULL AND r.error IS NULL AND r.skip IS NULL
        """
    )


def write_silent_values(db: Connection, shape: StageShape) -> None:
    """Targets that tell where a record came from: kept right without history, difference or count."""
    feeders = _feeders(db, shape, "main")
    for kind, table, fields, prefix in (
        (shape.kind.value, shape.table, shape.main, "p_"),
        ("saas_users", "saas_user", shape.saas_users, "s_"),
    ):
        for field in fields:
            if field.silent:
                name, staged = quote(field.name), quote(prefix + field.name)
                kept = feeders.get(field.name, (0,)) if kind == shape.kind.value else (0,)
                db.execute_sql(
                    f"""
                    UPDATE main.{table} SET {name} = n.value
                    FROM (
                        SELECT t.id, r.{staged} AS value FROM stage.record r JOIN main.{table} t ON t.id = r.{table}
                        LEFT JOIN main.value_owner o ON o.object = ?1 AND o.record = t.id AND o.field = ?3
                        WHERE r.error IS NULL AND r.skip IS NULL AND t.{name} IS NOT r.{staged}
                          AND {_allowed(field.policy, name, staged, kept)}
                    ) n
                    WHERE n.id = {table}.id
                    """,
                    (kind, shape.integration, field.name),
                )


def write_links(db: Connection, shape: StageShape, *, keep_raw: bool, proven: bool) -> None:
    """Remember which vendor record stands behind which of ours, and who was missing from a listing that is complete."""
    db.execute_sql(
        f"""
        INSERT INTO main.source_link (integration, vendor_id, {shape.table}, saas_user, raw_hash, gone)
        SELECT ?, r.vendor_id, r.{shape.table}, r.saas_user, r.raw_hash, iif(r.inactive, 2, 0)
        FROM stage.record r WHERE r.error IS NULL AND r.skip IS NULL ORDER BY r.vendor_id
        ON CONFLICT (integration, vendor_id) DO UPDATE SET
            {shape.table} = iif(by_hand, {shape.table}, excluded.{shape.table}), saas_user = excluded.saas_user,
            raw_hash = excluded.raw_hash, gone = excluded.gone
        """,
        (shape.integration,),
    )
    _write_raw(db, shape, keep=keep_raw)
    db.execute_sql(
        """
        UPDATE main.source_link SET raw_hash = NULL
        WHERE integration = ? AND raw_hash IS NOT NULL
          AND vendor_id IN (SELECT vendor_id FROM stage.record WHERE error IS NOT NULL)
        """,
        (shape.integration,),
    )
    db.execute_sql(
        """
        UPDATE main.source_link SET gone = 0
        WHERE integration = ? AND gone = 1
          AND EXISTS (SELECT 1 FROM stage.seen s WHERE s.vendor_id = source_link.vendor_id)
        """,
        (shape.integration,),
    )
    if proven:
        db.execute_sql(
            """
            UPDATE main.source_link SET gone = 1
            WHERE integration = ? AND gone <> 1 AND vendor_id NOT IN (SELECT vendor_id FROM stage.seen)
              AND vendor_id NOT IN (SELECT vendor_id FROM stage.verdict WHERE verdict IN ('active', 'unsure'))
            """,
            (shape.integration,),
        )


def keep_raw_of_problems(db: Connection, integration: int, session: int) -> None:
    """Keep what the vendor sent of the records that this session left as they were, and that of no older one.

    A dry run leaves that of the last real one alone.
    """
    db.execute_sql(
        """
        UPDATE main.session_error SET sent = NULL WHERE sent IS NOT NULL AND session IN (
            SELECT o.id FROM main.sync_session o JOIN main.sync_session s ON s.id = ?2
            WHERE o.integration = ?1 AND o.id < s.id
              AND (o.kind IN ('preview', 'test')) = (s.kind IN ('preview', 'test')))
        """,
        (integration, session),
    )
    about = "session = ? AND vendor_id IS NOT NULL AND cause <> 'left out'"
    if db.execute_sql(f"SELECT 1 FROM main.session_error WHERE {about} LIMIT 1", (session,)).fetchone() is None:
        return
    # Only for problems, which are few: without it each of them would be looked for among all raw records.
    db.execute_sql("CREATE INDEX IF NOT EXISTS stage.raw_record_vendor_id ON raw_record (vendor_id)")
    db.execute_sql(
        f"""
        UPDATE main.session_error SET sent = (
            SELECT CAST(w.raw AS TEXT) FROM stage.raw_record w WHERE w.vendor_id = session_error.vendor_id
        ) WHERE {about}
        """,
        (session,),
    )


def _write_raw(db: Connection, shape: StageShape, *, keep: bool) -> None:
    if not keep:
        db.execute_sql("DELETE FROM main.source_raw WHERE integration = ?", (shape.integration,))
        return
    db.execute_sql(
        """
        INSERT INTO main.source_raw (integration, vendor_id, raw)
        SELECT ?, w.vendor_id, CAST(w.raw AS TEXT)
        FROM stage.raw_record w JOIN stage.record r ON r.vendor_id = w.vendor_id
        WHERE r.error IS NULL AND r.skip IS NULL
        ON CONFLICT (integration, vendor_id) DO UPDATE SET raw = excluded.raw
        """,
        (shape.integration,),
    )


def copy_plan(db: Connection, plan: int, shape: StageShape, *, held_only: bool) -> None:
    """Keep the plan in the real database, for people to look at: all of it, or the part that waits for a decision."""
    condition = "WHERE held" if held_only else ""
    db.execute_sql(
        f"""
        INSERT INTO main.plan_record (plan, seq, kind, object, record, vendor_id, label, reason, held)
        SELECT ?, seq, kind, object, record, vendor_id, label, reason, held FROM stage.plan_record {condition}
        """,
        (plan,),
    )
    if held_only:
        return
    db.execute_sql(
        """INSERT INTO main.plan_field (plan, seq, field, before, after)
           SELECT ?, seq, field, before, after FROM stage.plan_field""",
        (plan,),
    )
    for kind, fields, prefix in ((shape.kind.value, shape.main, "p_"), ("saas_users", shape.saas_users, "s_")):
        for field in fields:
            staged = quote(prefix + field.name)
            db.execute_sql(
                f"""
                INSERT INTO main.plan_field (plan, seq, field, before, after)
                SELECT ?, p.seq, ?, NULL, r.{staged}
                FROM stage.plan_record p JOIN stage.record r ON r.vendor_id = p.vendor_id
                WHERE p.kind = 'create' AND p.object = ? AND r.{staged} IS NOT NULL
                """,
                (plan, field.name, kind),
            )
    if shape.with_licences:
        for name in (*_LICENCE_FIELDS, "held_by"):
            db.execute_sql(
                f"""
                INSERT INTO main.plan_field (plan, seq, field, before, after)
                SELECT ?, p.seq, ?, NULL, s.{name}
                FROM stage.plan_record p JOIN stage.staged_licence s ON s.licence_key = p.vendor_id
                WHERE p.kind = 'create' AND p.object = 'licences' AND s.{name} IS NOT NULL
                """,
                (plan, name),
            )
