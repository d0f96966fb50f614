"""SQL that takes changes back, newest first: copies of the record tables as they were; names come from the tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection

# What a record has that is no field of it: a change of these is told by its kind, not by a field.
_STATES = ("deactivate", "reactivate", "archive", "restore")


# The parts of a copy, about as long the one as the other: each has a file of its own, known by this name.
PARTS: Mapping[str, Sequence[ObjectKind]] = {
    "past_people": (ObjectKind.PEOPLE, ObjectKind.ASSETS, ObjectKind.SAAS_APPLICATIONS),
    "past_accounts": (ObjectKind.SAAS_USERS, ObjectKind.LICENCES),
}


# As often as `copy_records` stops on the way.
STEPS = 4


def newest_change(db: Connection) -> int:
    """The last change there is, as this transaction sees the database; 0 if there is none."""
    (newest,) = db.execute_sql("SELECT coalesce(max(id), 0) FROM live.change").fetchone()
    return int(newest)


def gather_later_changes(db: Connection, kinds: Sequence[ObjectKind], position: int) -> None:
    """Find what each field held, and what each record was, before the first change after the position."""
    db.execute_sql(
        """
        CREATE TABLE later_value (
            object TEXT, field TEXT, record INTEGER, before, PRIMARY KEY (object, field, record)
        ) WITHOUT ROWID
        """
    )
    # In their order, and each but once: the first change of a field knows what it held. A third of what grouping takes.
    db.execute_sql(
        """
        INSERT OR IGNORE INTO later_value
        SELECT object, field, record, before FROM live.change
        WHERE id > ? AND +object IN (SELECT value FROM json_each(?)) AND field IS NOT NULL ORDER BY id
        """,
        (position, json.dumps(kinds)),
    )
    places = ", ".join("?" * len(_STATES))
    db.execute_sql(
        f"""
        CREATE TABLE later_state AS
        SELECT object, record, kind FROM (
            SELECT object, record, kind, min(id) FROM live.change WHERE id > ? AND kind IN ({places})
            GROUP BY object, record, kind IN ('archive', 'restore')
        )
        """,
        (position, *_STATES),
    )


def sizes(db: Connection) -> dict[ObjectKind, int]:
    """About how many records there are of each kind, without counting them; at least one."""
    found = {}
    for kind in ObjectKind:
        (highest,) = db.execute_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {quote(kind.table)}").fetchone()
        found[kind] = int(highest)
    return found


def copy_records(db: Connection, kind: ObjectKind, position: int) -> Iterator[None]:
    """Make the table of this kind as it was, in STEPS that somebody can tell of."""
    table = quote(kind.table)
    columns = db.execute_sql("SELECT name, type FROM pragma_table_info(?, 'live')", (kind.table,)).fetchall()
    described = ", ".join(f"{quote(name)} {type_}" for name, type_ in columns if name != "id")
    db.execute_sql(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {described})")
    names = ", ".join(quote(name) for name, _ in columns)
    db.execute_sql(
        f"""
        INSERT INTO {table} ({names}) SELECT {names} FROM live.{table}
        WHERE id NOT IN (SELECT record FROM live.change WHERE id > ? AND object = ? AND kind = 'create')
        ORDER BY id
        """,
        (position, kind.value),
    )
    yield
    _put_values_back(db, kind, {name for name, _ in columns})
    if kind is ObjectKind.LICENCES:
        _put_holders_back(db)
    yield
    _put_states_back(db, kind, position)
    _put_times_back(db, kind, position)
    yield
    for name, sql in _indexes(db, kind).items():
        db.execute_sql(f"CREATE INDEX {quote(name)} ON {sql}")
    yield


def _put_values_back(db: Connection, kind: ObjectKind, columns: set[str]) -> None:
    fields = db.execute_sql("SELECT DISTINCT field FROM later_value WHERE object = ?", (kind.value,)).fetchall()
    for (field,) in fields:
        if field not in columns:
            continue
        key = f", {quote(field + '__key')} = fold(l.before)" if f"{field}__key" in columns else ""
        order = f", {quote(field + '__order')} = sort_key(l.before)" if f"{field}__order" in columns else ""
        db.execute_sql(
            f"""
            UPDATE {quote(kind.table)} AS t SET {quote(field)} = l.before{key}{order}
            FROM later_value l WHERE l.object = ? AND l.field = ? AND l.record = t.id
            """,
            (kind.value, field),
        )


def _put_states_back(db: Connection, kind: ObjectKind, position: int) -> None:
    table = quote(kind.table)
    later = "(SELECT record FROM later_state WHERE object = ? AND kind = ?)"
    db.execute_sql(
        f"""
        UPDATE {table} SET deactivated = 0, deactivated_at = NULL, deactivated_reason = NULL,
            deactivated_session = NULL
        WHERE id IN {later}
        """,
        (kind.value, "deactivate"),
    )
    # The latest deactivation before, or else the creation: then it came as inactive.
    db.execute_sql(
        f"""
        UPDATE {table} AS t SET deactivated = 1, deactivated_at = d.at, deactivated_session = d.session,
            deactivated_reason = iif(d.kind = 'create', 'inactive at the vendor', d.reason)
        FROM later_state s JOIN live.change d ON d.id = (
            SELECT max(c.id) FROM live.change c
            WHERE c.object = s.object AND c.record = s.record AND c.kind IN ('create', 'deactivate') AND c.id <= ?
        )
        WHERE s.object = ? AND s.kind = 'reactivate' AND t.id = s.record
        """,
        (position, kind.value),
    )
    for change, before in (("archive", 0), ("restore", 1)):
        db.execute_sql(f"UPDATE {table} SET archived = {before} WHERE id IN {later}", (kind.value, change))


def _put_holders_back(db: Connection) -> None:
    """The history of a licence names its holder as the vendor does; the table has the number of the SaaS user."""
    db.execute_sql(
        """
        UPDATE licence AS t SET saas_user = (
            SELECT u.id FROM live.saas_user u
            WHERE u.saas_user_id = l.before AND u.owner_integration IS t.owner_integration
        )
        FROM later_value l WHERE l.object = 'licences' AND l.field = 'saas_user_id' AND l.record = t.id
        """
    )


def _put_times_back(db: Connection, kind: ObjectKind, position: int) -> None:
    db.execute_sql(
        f"""
        UPDATE {quote(kind.table)} AS t SET updated_at = coalesce(
            (SELECT max(c.at) FROM live.change c WHERE c.object = ?1 AND c.record = t.id AND c.id <= ?2), t.created_at)
        WHERE id IN (SELECT record FROM live.change WHERE object = ?1 AND id > ?2)
        """,
        (kind.value, position),
    )


def _indexes(db: Connection, kind: ObjectKind) -> Mapping[str, str]:
    """Name → what it lies on, for each index that joins records, or finds a few of many.

    Those on a single value would take longer to make than the one list that is sorted without them.
    """
    found = db.execute_sql(
        "SELECT name, sql FROM live.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (kind.table,),
    )
    lies_on = {name: sql.split(" ON ", 1)[1] for name, sql in found}
    # Only runs look for records by their integration, and only they and the search look for a single key.
    left_out = ("(owner_integration", "__key)", "__order")
    return {name: what for name, what in lies_on.items() if not any(part in what for part in left_out)}


def forget_later_changes(db: Connection) -> None:
    """What was only needed to make the copies goes."""
    db.execute_sql("DROP TABLE later_value")
    db.execute_sql("DROP TABLE later_state")


def end_of_session(db: Connection, session: int) -> tuple[str, str, int | None] | None:
    """Whose run it was, when it was through and its last change; None if it is not there, or never ended."""
    row = db.execute_sql(
        """
        SELECT integration_name, finished_at, (SELECT max(id) FROM change WHERE session = s.id)
        FROM sync_session s WHERE id = ? AND finished_at IS NOT NULL
        """,
        (session,),
    ).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def last_changes(db: Connection) -> dict[int, int]:
    """The last change of each run that changed something."""
    return dict(
        db.execute_sql(
            """
            SELECT r.id, r.last FROM (
                SELECT s.id, (SELECT max(c.id) FROM change c WHERE c.session = s.id) AS last
                FROM sync_session s WHERE s.kind = 'run'
            ) r WHERE r.last IS NOT NULL
            """
        ).fetchall()
    )


def last_change(db: Connection, at: str) -> int:
    """The last change that was made by then; 0 if there was none."""
    row = db.execute_sql("SELECT id FROM change WHERE at <= ? ORDER BY id DESC LIMIT 1", (at,)).fetchone()
    return 0 if row is None else int(row[0])


def first_change(db: Connection) -> str | None:
    """When the history begins; None where nothing ever changed."""
    row = db.execute_sql("SELECT at FROM change ORDER BY id LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def views(at: str, position: int) -> dict[str, str]:
    """What hides the tables of the present, by the name of the table; `at` is a time of ours."""
    until = "'" + at.replace("'", "''") + "'"
    copies = {
        kind.table: f"SELECT * FROM {part}.{quote(kind.table)}" for part, kinds in PARTS.items() for kind in kinds
    }
    return copies | {
        "change": f"SELECT * FROM main.change WHERE id <= {int(position)}",
        "sync_session": f"SELECT * FROM main.sync_session WHERE started_at <= {until}",
        "workflow_run": f"SELECT * FROM main.workflow_run WHERE started_at <= {until}",
    }


class Difference(NamedTuple):
    """One difference between two moments: a record that is new, gone or back, or one field of it."""

    object: str
    record: int
    label: str
    # The SaaS application's number and name, of SaaS users and licences.
    application: int | None
    application_name: str
    change: str
    field: str
    before: str | int | float | None
    after: str | int | float | None
    # What the field holds; empty where there is none, or it was deleted.
    type: str = ""


_LABEL = """
    CASE c.object
        WHEN 'people' THEN (SELECT coalesce(name, email, username, '') FROM person WHERE id = c.record)
        WHEN 'saas_users' THEN (SELECT coalesce(name, email, saas_user_id, '') FROM saas_user WHERE id = c.record)
        WHEN 'licences' THEN (SELECT coalesce(product, licence_id, '') FROM licence WHERE id = c.record)
        WHEN 'saas_applications' THEN (SELECT name FROM saas_application WHERE id = c.record)
        WHEN 'assets' THEN (SELECT coalesce(name, serial_number, '') FROM asset WHERE id = c.record)
    END
"""
_APPLICATION = """
    CASE c.object
        WHEN 'saas_users' THEN (SELECT saas_application FROM saas_user WHERE id = c.record)
        WHEN 'licences' THEN (SELECT saas_application FROM licence WHERE id = c.record)
    END
"""
_SHOWN = """
    CASE c.field
        WHEN 'person' THEN (SELECT coalesce(name, username) FROM person WHERE id = c.{side})
        WHEN 'saas_application' THEN (SELECT name FROM saas_application WHERE id = c.{side})
        ELSE c.{side}
    END
"""


def differences(db: Connection, since: int, until: int | None) -> Iterator[Difference]:
    """What is not the same after the one change and after the other, record by record; None is the last change.

    Within the two, the first change of a field knows what it held before, and the last what it holds after.
    """
    (last,) = db.execute_sql("SELECT coalesce(max(id), 0) FROM change").fetchone()
    cursor = db.execute_sql(
        f"""
        WITH within AS (SELECT * FROM change WHERE id > ?1 AND id <= ?2),
        born AS (SELECT object, record FROM within WHERE kind = 'create'),
        -- The other columns of a group with min() or max() are those of the row that has it.
        first_value AS (
            SELECT object, record, field, before, min(id) FROM within WHERE field IS NOT NULL
            GROUP BY object, record, field
        ),
        last_value AS (
            SELECT object, record, field, after, max(id) FROM within WHERE field IS NOT NULL
            GROUP BY object, record, field
        ),
        first_state AS (
            SELECT object, record, kind, min(id) FROM within WHERE kind IN {_STATES}
            GROUP BY object, record, kind IN ('archive', 'restore')
        ),
        last_state AS (
            SELECT object, record, kind, max(id) FROM within WHERE kind IN {_STATES}
            GROUP BY object, record, kind IN ('archive', 'restore')
        ),
        net (object, record, kind, field, before, after) AS (
            SELECT object, record, 'create', NULL, NULL, NULL FROM born
            UNION ALL
            -- What ends where it began went there and back.
            SELECT l.object, l.record, l.kind, NULL, NULL, NULL
            FROM last_state l JOIN first_state f USING (object, record, kind)
            WHERE (l.object, l.record) NOT IN born
            UNION ALL
            SELECT f.object, f.record, 'update', f.field, f.before, l.after
            FROM first_value f JOIN last_value l USING (object, record, field)
            WHERE f.before IS NOT l.after AND (f.object, f.record) NOT IN born
        )
        SELECT c.object, c.record, coalesce({_LABEL}, ''), {_APPLICATION},
            coalesce((SELECT a.name FROM saas_application a WHERE a.id = {_APPLICATION}), ''), c.kind,
            coalesce(d.label, c.field, ''), {_SHOWN.format(side="before")}, {_SHOWN.format(side="after")},
            coalesce(d.type, '')
        FROM net c LEFT JOIN field d ON d.object = c.object AND d.external_id = c.field
        ORDER BY CASE c.object
            WHEN 'people' THEN 1 WHEN 'saas_users' THEN 2 WHEN 'licences' THEN 3 WHEN 'assets' THEN 4 ELSE 5
        END, c.record, c.kind, c.field
        """,
        (since, last if until is None else until),
    )
    yield from map(Difference._make, cursor)
