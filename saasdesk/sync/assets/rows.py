"""SQL of runs that load assets; as in the staging file's own SQL, `live` and `stage` are the other file.

**The owner** is looked for among all listed devices, not only among changed ones: a person may have come or gone here
while the device stayed as it was. It is found by the vendor's id of the user, through the links of the integrations
that load the same vendor's users; without such a link by the address that the vendor gives. A device whose owner is
nobody here is bound to nobody, and says so in its history.

**What moves by itself**, such as the last contact, is no part of the raw hash, so that it makes no device a changed
one. Its newest value is still written by every run, in the same transaction as everything else: lists show what the
vendor said last. Such a value has no difference in the plan, no count, no history and no trigger, and a run in which
nothing moved writes none. Only the integration that made the asset writes it.
"""

import orjson

from saasdesk.fields import quote
from saasdesk.store import Connection
from saasdesk.sync.staging.shape import StageShape

_LABEL = "coalesce(t.name, t.hostname, t.serial_number, '')"


def bind_owners(db: Connection, shape: StageShape) -> None:
    """Find the person who has each listed device, and note where that is another one than so far."""
    staged = set(shape.columns())
    owner_id = "r.p_owner_id" if "p_owner_id" in staged else "t.owner_id"
    owner_email = "r.k_owner_email" if "k_owner_email" in staged else "t.owner_email__key"
    db.execute_sql("DROP TABLE IF EXISTS wanted_owner")
    db.execute_sql("CREATE TABLE wanted_owner (vendor_id TEXT PRIMARY KEY, asset INTEGER, person INTEGER)")
    db.execute_sql(
        f"""
        INSERT INTO wanted_owner (vendor_id, asset, person)
        SELECT o.vendor_id, o.asset, coalesce(
            (
                SELECT iif(count(DISTINCT l.person) = 1, min(l.person), NULL) FROM live.source_link l
                WHERE l.integration IN (SELECT value FROM json_each(?2)) AND l.vendor_id = o.owner_id
                  AND l.person IS NOT NULL
            ),
            (SELECT p.id FROM live.person p WHERE p.email__key = o.owner_email)
        )
        FROM (
            SELECT r.vendor_id, r.asset, {owner_id} AS owner_id, {owner_email} AS owner_email
            FROM record r LEFT JOIN live.asset t ON t.id = r.asset
            WHERE r.error IS NULL AND r.skip IS NULL
            UNION ALL
            SELECT l.vendor_id, l.asset, t.owner_id, t.owner_email__key
            FROM live.source_link l JOIN seen ON seen.vendor_id = l.vendor_id JOIN live.asset t ON t.id = l.asset
            WHERE l.integration = ?1 AND NOT t.archived AND l.vendor_id NOT IN (SELECT vendor_id FROM record)
        ) o
        """,
        (shape.integration, orjson.dumps(shape.owner_sources).decode()),
    )
    db.execute_sql(
        "UPDATE record SET person = w.person FROM wanted_owner w WHERE w.vendor_id = record.vendor_id",
    )
    db.execute_sql(
        """
        INSERT INTO diff (object, vendor_id, record, field, before, after)
        SELECT 'assets', w.vendor_id, t.id, 'person', t.person, w.person
        FROM wanted_owner w JOIN live.asset t ON t.id = w.asset
        LEFT JOIN live.value_owner o ON o.object = 'assets' AND o.record = t.id AND o.field = 'person'
        WHERE w.person IS NOT t.person AND coalesce(o.integration, t.owner_integration, -1) IN (-1, ?)
        """,
        (shape.integration,),
    )


def explain_new_owners(db: Connection) -> None:
    """Name the devices that are as they were but for their owner, and say why they are in the plan."""
    db.execute_sql(
        f"""
        UPDATE plan_record AS p SET label = {_LABEL},
            reason = CASE WHEN d.after IS NULL THEN 'its owner is not known here any more'
                WHEN d.before IS NULL THEN 'its owner is known now' ELSE 'it has another owner' END
        FROM diff d JOIN live.asset t ON t.id = d.record
        WHERE p.object = 'assets' AND p.kind = 'update' AND d.object = 'assets' AND d.vendor_id = p.vendor_id
          AND p.vendor_id NOT IN (SELECT vendor_id FROM record)
        """
    )


def plan_deactivations(db: Connection, shape: StageShape) -> None:
    """Assets of ours that no complete listing has any more.

    A device that was set up anew has another id at the vendor: while any listed record leads to its asset, here or in
    another integration, the asset stays.
    """
    db.execute_sql(
        f"""
        INSERT INTO plan_record (kind, object, record, vendor_id, label, reason)
        SELECT CASE v.verdict WHEN 'unsure' THEN 'skip' ELSE 'deactivate' END, 'assets', t.id, min(l.vendor_id),
            {_LABEL},
            CASE v.verdict WHEN 'unsure' THEN v.reason ELSE 'absent from a complete listing' END
        FROM live.source_link l JOIN live.asset t ON t.id = l.asset
        LEFT JOIN verdict v ON v.vendor_id = l.vendor_id
        WHERE l.integration = ?1 AND NOT l.by_hand AND t.owner_integration = ?1
          AND NOT t.deactivated AND NOT t.archived
          AND l.vendor_id NOT IN (SELECT vendor_id FROM seen) AND coalesce(v.verdict, 'gone') <> 'active'
          AND t.id NOT IN (SELECT asset FROM record WHERE asset IS NOT NULL)
          AND NOT EXISTS (
            SELECT 1 FROM live.source_link other
            WHERE other.asset = t.id AND CASE WHEN other.integration = ?1
                THEN other.vendor_id IN (SELECT vendor_id FROM seen) ELSE other.gone = 0 END
          )
        GROUP BY t.id
        """,
        (shape.integration,),
    )


def write_moving_values(db: Connection, shape: StageShape) -> None:
    """Keep the newest value of what moves by itself, of changed and unchanged devices alike."""
    if not shape.moving:
        return
    _write_moving(
        db,
        shape,
        "stage.sighting s JOIN main.source_link l ON l.integration = ?1 AND l.vendor_id = s.vendor_id",
        "t.id = l.asset",
        prefix="",
    )
    _write_moving(db, shape, "stage.record s", "t.id = s.asset AND s.error IS NULL AND s.skip IS NULL", prefix="p_")


def _write_moving(db: Connection, shape: StageShape, source: str, condition: str, *, prefix: str) -> None:
    pairs = [(quote(field.name), f"s.{quote(prefix + field.name)}") for field in shape.moving]
    values = ", ".join(f"{name} = {newest}" for name, newest in pairs)
    differs = " OR ".join(f"t.{name} IS NOT {newest}" for name, newest in pairs)
    db.execute_sql(
        f"""
        UPDATE main.asset AS t SET {values} FROM {source}
        WHERE {condition} AND coalesce(t.owner_integration, ?1) = ?1 AND ({differs})
        """,
        (shape.integration,),
    )
