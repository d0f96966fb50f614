"""What would be created and changed, field by field: the staged values against the live tables."""

from saasdesk.fields import ObjectKind, quote
from saasdesk.records.feeders.rows import MAPPED_PEOPLE_FIELDS
from saasdesk.store import Connection
from saasdesk.sync.staging.rows.filling import exists
from saasdesk.sync.staging.rows.presence import label_of
from saasdesk.sync.staging.shape import StagedField, StageShape


def find_differences(db: Connection, shape: StageShape) -> None:
    """Which fields of which people or assets would change, under each field's policy and its feeders."""
    feeders = feeders_of(db, shape, "live")
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
    feeders = feeders_of(db, shape, "live")
    named = "SELECT n.name FROM reference f JOIN named n ON n.vendor_id = f.other"
    for field in shape.references():
        column = quote("p_" + field.name)
        db.execute_sql(
            f"UPDATE record SET {column} = ({named} WHERE f.field = ? AND f.vendor_id = record.vendor_id)",
            (field.name,),
        )
        unchanged = """
            UNION ALL SELECT l.vendor_id, l.person, NULL, NULL, l.by_hand, n.name
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
            source=f"""(SELECT vendor_id, person, error, skip, by_hand, {column} FROM record
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
        WHERE {shape.table} IS NULL AND error IS NULL AND skip IS NULL AND NOT by_hand ORDER BY seq
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
                    WHERE r.{key} = fold(value) AND r.error IS NULL AND r.skip IS NULL
                      AND (r.person IS NULL AND NOT r.by_hand OR EXISTS (
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
        SELECT DISTINCT 'update', 'people', t.id, g.vendor_id, {label_of("person")}, 'belongs to somebody else now'
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
    return exists(db, f"record WHERE {column} IS NOT NULL")


def _is_first_key(shape: StageShape, field: StagedField) -> bool:
    return shape.sync_keys()[0].name == field.name


def feeders_of(db: Connection, shape: StageShape, schema: str) -> dict[str, tuple[int, ...]]:
    """Field → whose values this run leaves alone: a person's own (0), and those of feeders that are not behind it.

    A feeder that was deleted, or maps the field no more, has nothing to say. Of assets no order is kept: whoever came
    first feeds. An import is a person's own hand (integration 0), and takes over from every feeder.
    """
    if not shape.integration:
        return {}
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


def is_allowed(policy: str, field: str, staged: str, kept: tuple[int, ...]) -> str:
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
          AND {is_allowed(field.policy, name, staged, kept)} {only_filled} {_not_masked(field, name, staged)}
          {"" if kind == "saas_users" else _fills_only(name)}
        """,
        (kind, integration, field.name),
    )


def _fills_only(name: str) -> str:
    """An account that was matched by hand adds to what is known of its person, and changes nothing of it."""
    return f"AND (NOT r.by_hand OR coalesce(t.{name}, '') = '')"


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
