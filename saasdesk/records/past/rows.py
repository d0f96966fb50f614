"""SQL that takes changes back, newest first: copies of the record tables as they were; names come from the tables."""

from collections.abc import Iterator, Mapping

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection

# What a record has that is no field of it: a change of these is told by its kind, not by a field.
_STATES = ("deactivate", "reactivate", "archive", "restore")


def gather_later_changes(db: Connection, position: int) -> None:
    """Find what each field held, and what each record was, before the first change after the position."""
    db.execute_sql(
        """
        CREATE TABLE later_value AS
        SELECT object, field, record, before FROM (
            -- The other columns of a group with min() are those of the row that has it.
            SELECT object, field, record, before, min(id) FROM live.change
            WHERE id > ? AND field IS NOT NULL
            GROUP BY object, field, record
        )
        """,
        (position,),
    )
    db.execute_sql("CREATE INDEX later_value_place ON later_value (object, field, record)")
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


def copy_records(db: Connection, kind: ObjectKind, position: int) -> Iterator[str]:
    """Make the table of this kind as it was; yields after each step, so that somebody can tell and stop."""
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
    yield "copied"
    _put_values_back(db, kind, {name for name, _ in columns})
    yield "values"
    if kind is ObjectKind.LICENCES:
        _put_holders_back(db)
    _put_states_back(db, kind, position)
    _put_times_back(db, kind, position)
    yield "states"
    for name, sql in _indexes(db, kind).items():
        db.execute_sql(f"CREATE INDEX {quote(name)} ON {sql}")
        yield "index"


def _put_values_back(db: Connection, kind: ObjectKind, columns: set[str]) -> None:
    fields = db.execute_sql("SELECT DISTINCT field FROM later_value WHERE object = ?", (kind.value,)).fetchall()
    for (field,) in fields:
        if field not in columns:
            continue
        key = f", {quote(field + '__key')} = fold(l.before)" if f"{field}__key" in columns else ""
        db.execute_sql(
            f"""
            UPDATE {quote(kind.table)} AS t SET {quote(field)} = l.before{key}
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
    """Name → what it lies on, for each index of the table that somebody made; that values differ is not asked here."""
    found = db.execute_sql(
        "SELECT name, sql FROM live.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (kind.table,),
    )
    return {name: sql.split(" ON ", 1)[1] for name, sql in found}


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
    copies = {kind.table: f"SELECT * FROM past.{quote(kind.table)}" for kind in ObjectKind}
    return copies | {
        "change": f"SELECT * FROM main.change WHERE id <= {int(position)}",
        "sync_session": f"SELECT * FROM main.sync_session WHERE started_at <= {until}",
        "workflow_run": f"SELECT * FROM main.workflow_run WHERE started_at <= {until}",
    }
