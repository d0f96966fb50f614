"""Applying a plan: the real database is `main` here, and the staging file is `stage`."""

from saasdesk.fields import ObjectKind, quote
from saasdesk.records.changes import Cause
from saasdesk.records.search import note_records
from saasdesk.store import Connection
from saasdesk.sync.staging.rows.differences import feeders_of, is_allowed
from saasdesk.sync.staging.rows.licences import LICENCE_FIELDS
from saasdesk.sync.staging.shape import StageShape


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
    feeders = feeders_of(db, shape, "main")
    for kind, table, fields, prefix in (
        (shape.kind.value, shape.table, shape.main, "p_"),
        ("saas_users", "saas_user", shape.saas_users, "s_"),
    ):
        for field in fields:
            if field.silent:
                name, staged = quote(field.name), quote(prefix + field.name)
                kept = feeders.get(field.name, (0,)) if kind == shape.kind.value else (0,)
                changed = f"""
                    SELECT t.id, r.{staged} AS value FROM stage.record r JOIN main.{table} t ON t.id = r.{table}
                    LEFT JOIN main.value_owner o ON o.object = ?1 AND o.record = t.id AND o.field = ?3
                    WHERE r.error IS NULL AND r.skip IS NULL AND t.{name} IS NOT r.{staged}
                      AND {is_allowed(field.policy, name, staged, kept)}
                """
                parameters = (kind, shape.integration, field.name)
                note_records(db, ObjectKind(kind), changed, parameters)
                db.execute_sql(
                    f"UPDATE main.{table} SET {name} = n.value FROM ({changed}) n WHERE n.id = {table}.id", parameters
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
        for name in (*LICENCE_FIELDS, "held_by"):
            db.execute_sql(
                f"""
                INSERT INTO main.plan_field (plan, seq, field, before, after)
                SELECT ?, p.seq, ?, NULL, s.{name}
                FROM stage.plan_record p JOIN stage.staged_licence s ON s.licence_key = p.vendor_id
                WHERE p.kind = 'create' AND p.object = 'licences' AND s.{name} IS NOT NULL
                """,
                (plan, name),
            )
