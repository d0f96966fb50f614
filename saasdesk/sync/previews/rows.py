"""SQL that narrows a plan made anew to the lines of a kept plan that were agreed to and still hold.

The staging file is `main`, the real database is attached as `live`, as in `sync.staging.rows`. What is left out takes
along what hangs on it, so that no account is made without its person and no unique value is given to two.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection
from saasdesk.store.migrate import STEPS
from saasdesk.sync.staging.rows.differences import forget_values_that_nobody_takes
from saasdesk.sync.staging.rows.matching import mark_taken_values
from saasdesk.sync.staging.shape import StageShape

# (number of the record in the plan, field); without a field the whole record is meant.
Unticked = frozenset[tuple[int, str]]

_CHANGES = "('create', 'update', 'reactivate', 'deactivate')"


def write_content(db: Connection, text: str) -> None:
    """Keep a text in the staging file, and by which version of the tables it was staged."""
    db.execute_sql(f"PRAGMA user_version = {len(STEPS)}")
    db.execute_sql("CREATE TABLE IF NOT EXISTS content (text TEXT NOT NULL)")
    db.execute_sql("DELETE FROM content")
    db.execute_sql("INSERT INTO content VALUES (?)", (text,))


def read_content(db: Connection) -> str:
    """The text that was kept; a UserError where another version of this program staged it."""
    if db.execute_sql("PRAGMA user_version").fetchone()[0] != len(STEPS):
        raise UserError("Another version of this program made the plan. Nothing was changed; preview again.")
    (text,) = db.execute_sql("SELECT text FROM content").fetchone()
    return str(text)


def forget_choice(db: Connection) -> None:
    """Before planning once more: nothing is known to be left out."""
    db.execute_sql("DELETE FROM verdict WHERE reason = 'left out'")


def narrow(db: Connection, shape: StageShape, plan: int, unticked: Unticked) -> None:
    """Leave of the plan in the staging file what the kept plan has as well, less what was unticked."""
    _copy_agreed(db, plan, unticked)
    _drop_what_differs(db)
    while _drop_what_hangs_on_it(db, shape):
        pass
    _leave_records_out(db, shape)


def _copy_agreed(db: Connection, plan: int, unticked: Unticked) -> None:
    for table in ("unticked", "agreed", "agreed_field", "dropped", "left_out"):
        db.execute_sql(f"DROP TABLE IF EXISTS {table}")
    db.execute_sql("CREATE TABLE unticked (seq INTEGER, field TEXT, PRIMARY KEY (seq, field)) WITHOUT ROWID")
    db.connection().executemany("INSERT INTO unticked VALUES (?, ?)", sorted(unticked))
    # What is new has no number yet: without it each line would be looked for among all others.
    db.execute_sql("CREATE INDEX IF NOT EXISTS plan_record_vendor_id ON plan_record (vendor_id)")
    # `now` is the number that the record has in the plan made anew.
    db.execute_sql(
        f"""
        CREATE TABLE agreed AS
        SELECT a.seq, a.kind, a.object, a.record, a.vendor_id, a.label, b.seq AS now,
            EXISTS (SELECT 1 FROM unticked u WHERE u.seq = a.seq AND u.field = '') AS unticked
        FROM live.plan_record a
        LEFT JOIN plan_record b ON b.object = a.object AND b.kind = a.kind AND b.vendor_id IS a.vendor_id
            AND b.record IS a.record AND NOT b.held
        WHERE a.plan = ? AND NOT a.held AND a.kind IN {_CHANGES}
        """,
        (plan,),
    )
    db.execute_sql("CREATE INDEX agreed_now ON agreed (now)")
    db.execute_sql(
        """
        CREATE TABLE agreed_field AS
        SELECT a.seq, a.now, f.field, f.before, f.after, (a.unticked OR u.seq IS NOT NULL) AS unticked,
            EXISTS (
                SELECT 1 FROM plan_field p
                WHERE p.seq = a.now AND p.field = f.field AND p.before IS f.before AND p.after IS f.after
            ) AS holds
        FROM agreed a JOIN live.plan_field f ON f.plan = ? AND f.seq = a.seq
        LEFT JOIN unticked u ON u.seq = f.seq AND u.field = f.field
        WHERE a.kind = 'update'
        """,
        (plan,),
    )
    db.execute_sql("CREATE INDEX agreed_field_now ON agreed_field (now, field)")
    db.execute_sql(
        """CREATE TABLE dropped (
            seq INTEGER PRIMARY KEY, kind TEXT, object TEXT, record INTEGER, vendor_id TEXT, reason TEXT)"""
    )
    db.execute_sql("CREATE TABLE left_out (vendor_id TEXT PRIMARY KEY) WITHOUT ROWID")


def _drop_what_differs(db: Connection) -> None:
    """What was not agreed to, and fields that would change otherwise than was shown."""
    _drop(db, "p.seq NOT IN (SELECT now FROM agreed WHERE now IS NOT NULL AND NOT unticked)")
    unwanted = """
        NOT EXISTS (
            SELECT 1 FROM agreed_field a WHERE a.now = f.seq AND a.field = f.field AND a.holds AND NOT a.unticked
        )
    """
    _note_left_out(db, f"p.kind = 'update' AND EXISTS (SELECT 1 FROM plan_field f WHERE f.seq = p.seq AND {unwanted})")
    db.execute_sql(
        f"""DELETE FROM plan_field AS f
            WHERE seq IN (SELECT seq FROM plan_record WHERE kind = 'update') AND {unwanted}"""
    )
    _drop_empty_updates(db)


def _drop_empty_updates(db: Connection) -> int:
    return _drop(db, "p.kind = 'update' AND p.seq NOT IN (SELECT seq FROM plan_field)")


def _drop(db: Connection, condition: str, values: tuple[object, ...] = ()) -> int:
    """Take changes out of the plan; what is held is not applied anyway, and stays to be decided about."""
    changes = f"NOT p.held AND p.kind IN {_CHANGES} AND {condition}"
    _note_left_out(db, changes, values)
    db.execute_sql(
        f"""INSERT INTO dropped SELECT seq, kind, object, record, vendor_id, reason FROM plan_record p
            WHERE {changes}""",
        values,
    )
    db.execute_sql("DELETE FROM plan_field WHERE seq IN (SELECT seq FROM dropped)")
    cursor = db.execute_sql("DELETE FROM plan_record WHERE seq IN (SELECT seq FROM dropped)")
    return int(cursor.rowcount)


def _note_left_out(db: Connection, condition: str, values: tuple[object, ...] = ()) -> None:
    """Remember the vendor's records behind these lines: the next run looks at them again, changed or not."""
    db.execute_sql(
        f"""
        INSERT OR IGNORE INTO left_out
        SELECT p.vendor_id FROM plan_record p
        WHERE p.object <> 'licences' AND p.vendor_id IS NOT NULL AND {condition}
        UNION
        SELECT l.vendor_id FROM plan_record p JOIN staged_licence l ON l.licence_key = p.vendor_id
        WHERE p.object = 'licences' AND {condition}
        UNION
        SELECT r.vendor_id FROM plan_record p JOIN live.licence l ON l.id = p.record
        JOIN record r ON r.saas_user = l.saas_user
        WHERE p.object = 'licences' AND {condition}
        """,
        (*values, *values, *values),
    )


def _drop_what_hangs_on_it(db: Connection, shape: StageShape) -> int:
    """What makes no sense, or is not allowed, without what was left out; how many lines more."""
    kind, table = shape.kind.value, shape.table
    # Whoever is not made has no account, and no licences.
    db.execute_sql(
        f"""
        UPDATE record SET skip = 'left out'
        WHERE error IS NULL AND skip IS NULL AND {table} IS NULL
          AND vendor_id NOT IN (SELECT vendor_id FROM plan_record WHERE object = ? AND kind = 'create')
        """,
        (kind,),
    )
    lines = _drop(
        db,
        """p.object <> 'licences' AND p.vendor_id IN
            (SELECT vendor_id FROM record WHERE skip = 'left out' OR cause = 'conflict')""",
    )
    if shape.with_saas_users:
        lines += _drop_licences_without_account(db)
        lines += _drop(
            db,
            """p.object = 'people' AND p.kind = 'deactivate' AND p.record IN (
                SELECT u.person FROM dropped d JOIN live.saas_user u ON u.id = d.record
                WHERE d.object = 'saas_users' AND d.kind = 'deactivate')""",
        )
    db.execute_sql(
        """
        DELETE FROM diff AS d WHERE object = ? AND NOT EXISTS (
            SELECT 1 FROM plan_record p JOIN plan_field f ON f.seq = p.seq
            WHERE p.object = d.object AND p.record = d.record AND f.field = d.field)
        """,
        (kind,),
    )
    if shape.kind is ObjectKind.PEOPLE:
        lines += _keep_what_is_not_given_up(db, shape)
    return lines + mark_taken_values(db, shape)


def _keep_what_is_not_given_up(db: Connection, shape: StageShape) -> int:
    """A value whose taker or whose giver was left out stays where it is."""
    db.execute_sql(
        """
        DELETE FROM given_up AS g WHERE NOT EXISTS (
            SELECT 1 FROM plan_record p JOIN plan_field f ON f.seq = p.seq
            WHERE p.object = 'people' AND p.record = g.person AND f.field = g.field)
        """
    )
    forget_values_that_nobody_takes(db, shape)
    db.execute_sql(
        """
        DELETE FROM plan_field AS f WHERE EXISTS (
            SELECT 1 FROM plan_record p
            WHERE p.seq = f.seq AND p.object = 'people' AND p.reason = 'belongs to somebody else now'
              AND NOT EXISTS (SELECT 1 FROM given_up g WHERE g.person = p.record AND g.field = f.field))
        """
    )
    return _drop_empty_updates(db)


def _drop_licences_without_account(db: Connection) -> int:
    lines = _drop(
        db,
        """p.object = 'licences' AND p.kind IN ('create', 'update', 'reactivate') AND p.vendor_id IN (
            SELECT l.licence_key FROM staged_licence l JOIN record r ON r.vendor_id = l.vendor_id
            WHERE r.skip = 'left out' OR r.error IS NOT NULL OR (r.saas_user IS NULL AND r.vendor_id NOT IN (
                SELECT vendor_id FROM plan_record WHERE object = 'saas_users' AND kind = 'create')))""",
    )
    for kind, reason in (("deactivate", "its holder is gone"), ("reactivate", "holder is back")):
        lines += _drop(
            db,
            f"""p.object = 'licences' AND p.kind = '{kind}' AND p.reason = '{reason}' AND p.record IN (
                SELECT l.id FROM live.licence l JOIN dropped d ON d.record = l.saas_user
                WHERE d.object = 'saas_users' AND d.kind = '{kind}')""",
        )
    return lines


def _leave_records_out(db: Connection, shape: StageShape) -> None:
    """A record of which nothing is left is none of this run's; of whom it keeps, the listing proves nothing yet."""
    owned = "SELECT vendor_id FROM plan_record WHERE object <> 'licences'"
    if shape.with_licences:
        owned += """ UNION SELECT l.vendor_id FROM plan_record p JOIN staged_licence l ON l.licence_key = p.vendor_id
            WHERE p.object = 'licences'"""
    db.execute_sql(
        f"""
        UPDATE record SET skip = 'left out' WHERE error IS NULL AND skip IS NULL
          AND vendor_id IN (SELECT vendor_id FROM left_out) AND vendor_id NOT IN ({owned})
        """
    )
    db.execute_sql("UPDATE record SET raw_hash = NULL WHERE vendor_id IN (SELECT vendor_id FROM left_out)")
    db.execute_sql(
        """INSERT OR REPLACE INTO verdict
           SELECT vendor_id, 'unsure', 'left out' FROM dropped WHERE kind = 'deactivate' AND object <> 'licences'
             AND vendor_id NOT IN (SELECT vendor_id FROM seen)"""
    )


class LeftOut(NamedTuple):
    """A line of the kept plan that is not applied: unticked, or no longer as it was shown."""

    kind: str
    object: str
    record: int | None
    vendor_id: str | None
    label: str
    field: str
    before: Any
    after: Any
    unticked: bool
    # It still holds, but hangs on something that was left out.
    hangs: bool


def lines_left_out(db: Connection) -> Iterable[LeftOut]:
    """Those lines; records with a problem of their own are told of apart from them."""
    rows = db.execute_sql(
        """
        SELECT a.kind, a.object, a.record, a.vendor_id, a.label, '', NULL, NULL, a.unticked,
            a.now IS NOT NULL AND NOT a.unticked, a.seq
        FROM agreed a
        WHERE a.kind <> 'update' AND (a.now IS NULL OR a.now NOT IN (SELECT seq FROM plan_record))
        UNION ALL
        SELECT a.kind, a.object, a.record, a.vendor_id, a.label, f.field, f.before, f.after, f.unticked,
            f.holds AND NOT f.unticked, a.seq
        FROM agreed_field f JOIN agreed a ON a.seq = f.seq
        WHERE f.now IS NULL OR NOT EXISTS (SELECT 1 FROM plan_field p WHERE p.seq = f.now AND p.field = f.field)
        ORDER BY 11, 6
        """
    )
    for row in rows:
        yield LeftOut._make((*row[:8], bool(row[8]), bool(row[9])))


def vendor_ids_with_problems(db: Connection) -> set[str]:
    """Records that the plan reports for a reason of their own."""
    return {vendor_id for (vendor_id,) in db.execute_sql("SELECT vendor_id FROM record WHERE error IS NOT NULL")}


def value_now(db: Connection, kind: ObjectKind, record: int, field: str) -> tuple[Any] | None:
    """What stands in a field now; None where record or field are gone."""
    columns = {row[1] for row in db.execute_sql(f"PRAGMA live.table_info({quote(kind.table)})")}
    if field not in columns:
        return None
    row = db.execute_sql(f"SELECT {quote(field)} FROM live.{quote(kind.table)} WHERE id = ?", (record,)).fetchone()
    return None if row is None else (row[0],)


def look_again_at_those_left_out(db: Connection, integration: int) -> None:
    """In the writer: the next run compares these once more, even if the vendor's side has not changed by then."""
    db.execute_sql(
        """UPDATE main.source_link SET raw_hash = NULL
           WHERE integration = ? AND vendor_id IN (SELECT vendor_id FROM stage.left_out)""",
        (integration,),
    )
