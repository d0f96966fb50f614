"""What would be given, taken, moved and changed among licences."""

from saasdesk.store import Connection
from saasdesk.sync.staging.rows.matching import are_accounts_left_behind
from saasdesk.sync.staging.shape import StageShape

LICENCE_FIELDS = ("licence_id", "product", "team", "assigned_at", "last_used", "valid_until")


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
    _find_differences(db, shape)
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


def _find_differences(db: Connection, shape: StageShape) -> None:
    """Field by field what differs, in one pass: few licences have changed at all."""
    names = (*LICENCE_FIELDS, "held_by") if shape.licences_are_listed else LICENCE_FIELDS
    fields = ", ".join(f"('{name}')" for name in names)
    kept, staged = (", ".join(f"{table}.{name}" for name in names) for table in "ls")
    before, after = (" ".join(f"WHEN '{name}' THEN {table}.{name}" for name in names) for table in "ls")
    db.execute_sql(
        f"""
        INSERT INTO diff (object, vendor_id, record, field, before, after)
        SELECT 'licences', s.licence_key, l.id, f.column1, CASE f.column1 {before} END, CASE f.column1 {after} END
        FROM good_licence s
        JOIN live.licence l ON l.owner_integration = ?1 AND l.licence_key = s.licence_key
        CROSS JOIN (VALUES {fields}) f
        WHERE ({kept}) IS NOT ({staged}) AND CASE f.column1 {before} END IS NOT CASE f.column1 {after} END
        """,
        (shape.integration,),
    )


def plan_licences_left_behind(db: Connection, shape: StageShape, application: str) -> None:
    """What a deleted integration knew of the licences of accounts that are taken over: the listing knows better."""
    if not are_accounts_left_behind(db):
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
