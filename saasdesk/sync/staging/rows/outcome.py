"""What the plan comes to: skips and errors, what is held, how many of each, and whether it is still true."""

from collections.abc import Iterator

from saasdesk.store import Connection
from saasdesk.sync.staging.shape import StageShape


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
        UPDATE record SET person = NULL, saas_user = NULL, asset = NULL, linked = 0, by_hand = 0, matched_by = NULL,
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
