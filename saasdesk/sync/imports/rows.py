"""SQL of imports: what only lines of a file need beside the staging of runs."""

from collections.abc import Iterator

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection


def number_problems(db: Connection) -> None:
    """In the staging file: what cannot be taken over is called by its line, which is what people look for."""
    db.execute_sql(
        """
        UPDATE record SET label = 'Line ' || vendor_id || iif(label = '', '', ' · ' || label)
        WHERE error IS NOT NULL AND label NOT LIKE 'Line ' || vendor_id || '%'
        """
    )


def bind_owners(db: Connection) -> None:
    """In the staging file: an asset goes to the person whose e-mail address stands in its line; others stay."""
    db.execute_sql(
        """
        UPDATE record SET person = p.id FROM live.person p
        WHERE p.email__key = record.k_owner_email AND NOT p.archived AND record.error IS NULL AND record.skip IS NULL
        """
    )
    db.execute_sql(
        """
        INSERT INTO diff (object, vendor_id, record, field, before, after)
        SELECT 'assets', r.vendor_id, t.id, 'person', t.person, r.person
        FROM record r JOIN live.asset t ON t.id = r.asset
        WHERE r.person IS NOT NULL AND r.person IS NOT t.person AND r.error IS NULL AND r.skip IS NULL
        """
    )


def keep_former_feeders(db: Connection, kind: ObjectKind, session: int) -> None:
    """In the writer, before anything is written: who feeds the values that change, for the way back."""
    db.execute_sql(
        """
        INSERT INTO main.former_feeder (session, object, record, field, integration)
        SELECT ?1, ?2, r.record, f.field, o.integration
        FROM stage.plan_record r JOIN stage.plan_field f ON f.seq = r.seq
        LEFT JOIN main.value_owner o ON o.object = ?2 AND o.record = r.record AND o.field = f.field
        WHERE r.object = ?2 AND r.kind = 'update' AND NOT r.held
        """,
        (session, kind.value),
    )


def look_again(db: Connection, kind: ObjectKind) -> None:
    """In the writer: the next run of whoever lists these records compares them again."""
    db.execute_sql(
        f"""
        UPDATE main.source_link SET raw_hash = NULL WHERE {quote(kind.table)} IN (
            SELECT record FROM stage.plan_record WHERE object = ? AND kind IN ('update', 'reactivate') AND NOT held)
        """,
        (kind.value,),
    )


def missing_columns(db: Connection, kind: ObjectKind, wanted: list[str]) -> list[str]:
    """Which of these fields are not there any more."""
    there = {row[1] for row in db.execute_sql(f"PRAGMA table_info({quote(kind.table)})")}
    return [name for name in wanted if name not in there]


def values_written(db: Connection, session: int) -> Iterator[tuple[str, int, str, object, object]]:
    """(object, record, field, before, after) of every value that a session wrote over another, record by record."""
    yield from db.execute_sql(
        """SELECT object, record, field, before, after FROM main.change
           WHERE session = ? AND kind = 'update' ORDER BY object, record, id""",
        (session,),
    )


def records_made(db: Connection, session: int, kind: ObjectKind) -> list[tuple[int, bool]]:
    """(record, whether anything has happened to it since) of the records that a session made and that are active."""
    links = f"OR EXISTS (SELECT 1 FROM main.source_link l WHERE l.{quote(kind.table)} = t.id)"
    found = db.execute_sql(
        f"""
        SELECT t.id, EXISTS (
            SELECT 1 FROM main.change later
            WHERE later.object = c.object AND later.record = c.record AND later.session IS NOT ?1 AND later.id > c.id
        ) {links}
        FROM main.change c JOIN main.{quote(kind.table)} t ON t.id = c.record
        WHERE c.session = ?1 AND c.object = ?2 AND c.kind = 'create' AND NOT t.archived ORDER BY t.id
        """,
        (session, kind.value),
    )
    return [(int(record), bool(is_touched)) for record, is_touched in found.fetchall()]


def give_feeders_back(db: Connection, kind: ObjectKind, session: int, record: int, fields: list[str]) -> None:
    """Let whoever fed these values before the session feed them again."""
    for field in fields:
        db.execute_sql(
            "DELETE FROM main.value_owner WHERE object = ? AND record = ? AND field = ?", (kind.value, record, field)
        )
        db.execute_sql(
            """
            INSERT INTO main.value_owner (object, record, field, integration)
            SELECT object, record, field, integration FROM main.former_feeder
            WHERE session = ? AND object = ? AND record = ? AND field = ? AND integration IS NOT NULL
            """,
            (session, kind.value, record, field),
        )
