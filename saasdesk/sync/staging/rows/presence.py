"""Who is there and who is not any more: reactivations and deactivations."""

from saasdesk.store import Connection
from saasdesk.sync.staging.rows.filling import exists
from saasdesk.sync.staging.shape import StageShape

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
        if not exists(db, f"live.{table} WHERE deactivated OR archived"):
            continue
        label = label_of(table)
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


def label_of(table: str) -> str:
    """How a record of this table is called in a plan, as SQL."""
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
        WHERE l.integration = ?1 AND t.owner_integration = ?1
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
                {label_of("saas_user")},
                CASE v.verdict WHEN 'inactive' THEN 'inactive at the vendor' WHEN 'unsure' THEN v.reason
                    ELSE 'absent from a complete listing' END
            FROM live.source_link l JOIN live.saas_user t ON t.id = l.saas_user
            LEFT JOIN verdict v ON v.vendor_id = l.vendor_id
            WHERE l.integration = ?1 AND t.owner_integration = ?1
              AND NOT t.deactivated AND NOT t.archived
              AND l.vendor_id NOT IN (SELECT vendor_id FROM seen) AND coalesce(v.verdict, 'gone') <> 'active'
            UNION ALL
            SELECT 'deactivate', 'saas_users', t.id, x.vendor_id, {label_of("saas_user")}, 'inactive at the vendor'
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
            SELECT 'deactivate', 'people', t.id, min(l.vendor_id), {label_of("person")},
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
