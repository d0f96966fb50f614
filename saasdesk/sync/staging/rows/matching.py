"""Whose record each staged one is: links first, then the sync keys; what cannot be decided is a problem."""

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection
from saasdesk.sync.staging.rows.filling import exists
from saasdesk.sync.staging.shape import StagedField, StageShape


def match(db: Connection, shape: StageShape) -> None:
    """Find each staged record's main record and SaaS user: by its link first, then by the sync keys in their order.

    Where a person has said whose it is, or that it is nobody's, no key is asked.
    """
    table = shape.table
    db.execute_sql(
        f"""
        UPDATE record SET {table} = l.{table}, saas_user = l.saas_user, by_hand = l.by_hand,
            linked = l.{table} IS NOT NULL OR l.by_hand
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
            WHERE record.{table} IS NULL AND record.error IS NULL AND record.skip IS NULL AND NOT record.by_hand
              AND p.{quote(name + "__key")} = record.{quote("k_" + name)}
            """,
            (key.label or name,),
        )
        # A value of somebody who was merged with another leads to the one who stayed.
        db.execute_sql(
            f"""
            UPDATE record SET {table} = m.record, matched_by = ?1
            FROM live.merged_key m JOIN live.{table} p ON p.id = m.record
            WHERE record.{table} IS NULL AND record.error IS NULL AND record.skip IS NULL AND NOT record.by_hand
              AND m.object = ?2 AND m.field = ?3 AND m.key = record.{quote("k_" + name)}
            """,
            (key.label or name, shape.kind.value, name),
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
    if not are_accounts_left_behind(db):
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


def are_accounts_left_behind(db: Connection) -> bool:
    """Whether there are accounts whose integration was deleted."""
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
                    WHERE error IS NULL AND skip IS NULL AND {shape.table} IS NULL AND NOT by_hand
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
    """Two vendor records that end at one of ours: one of them may be an unchanged one that is not staged at all.

    Where a person has said that one more is theirs, that is no question any more.
    """
    table = shape.table
    db.execute_sql(
        f"""
        WITH claims AS (
            SELECT {table} FROM record WHERE {table} IS NOT NULL AND skip IS NULL AND NOT by_hand
            UNION ALL
            SELECT l.{table} FROM live.source_link l
            JOIN seen ON seen.vendor_id = l.vendor_id
            WHERE l.integration = ? AND NOT l.by_hand AND l.{table} IN (SELECT {table} FROM record WHERE NOT linked)
              AND l.vendor_id NOT IN (SELECT vendor_id FROM record)
        ), shared AS (SELECT {table}, count(*) AS n FROM claims GROUP BY {table} HAVING count(*) > 1)
        UPDATE record SET cause = 'duplicate',
            error = s.n || ' ' || ? || ' belong to one {table} (' || {_NAME[shape.kind]} || '); '
                || iif(s.n = 2, 'neither', 'none of them') || ' was changed.'
        FROM shared s JOIN live.{table} p ON p.id = s.{table}
        WHERE record.{table} = s.{table} AND record.error IS NULL AND record.skip IS NULL AND NOT record.by_hand
        """,
        (shape.integration, many),
    )


def mark_conflicts(db: Connection, shape: StageShape, *, is_proven: bool) -> None:
    """Sync keys that point elsewhere than the link, and unique values that somebody else keeps.

    Comes after the differences are known: people may swap values, if both are really going to change.
    """
    if not exists(db, f"live.{shape.table}"):
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
          AND p.id NOT IN (SELECT person FROM record WHERE person IS NOT NULL) AND NOT r.by_hand
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
    written = f"""(record.{table} IS NULL AND NOT record.by_hand OR EXISTS (
        SELECT 1 FROM diff own WHERE own.object = ?3 AND own.record = record.{table} AND own.field = ?2))"""
    cursor = db.execute_sql(
        f"""
        UPDATE record SET cause = 'conflict',
            error = ?1 || ' ' || {quote("p_" + field.name)} || ' belongs to another {table} ('
                || {name} || '); nothing was changed.'
        FROM live.{table} p
        WHERE record.error IS NULL AND record.skip IS NULL AND p.{kept_key} = record.{key}
          AND p.id IS NOT record.{table} AND ({"NOT record.by_hand OR" if field.sync_key is not None else ""} {written})
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
            f"WHERE {table} IS NULL AND error IS NULL AND skip IS NULL AND NOT by_hand"
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
