"""SQL for integrations and sync sessions."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from saasdesk.fields import ObjectKind, quote
from saasdesk.records.feeders.rows import forget_feeder
from saasdesk.store import Connection
from saasdesk.sync.events import UNDER_WAY, Status
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState, from_json, to_json


def _new_id(cursor: Any) -> int:
    return int(cursor.lastrowid)


# ----- integrations

_INTEGRATION = """
    SELECT id, document, version, state, created_at, launched_at, mapping_signature, scope_signature, tenant
    FROM integration
"""


def _integration(row: Sequence[Any]) -> Integration:
    return Integration(
        id=row[0],
        document=from_json(row[1]),
        version=row[2],
        state=IntegrationState(row[3]),
        created_at=row[4],
        launched_at=row[5],
        mapping_signature=row[6],
        scope_signature=row[7],
        tenant=row[8],
    )


def integrations(db: Connection) -> list[Integration]:
    """All integrations, in the order in which they were made."""
    return [_integration(row) for row in db.execute_sql(f"{_INTEGRATION} ORDER BY id")]


def integration_named(db: Connection, name: str) -> Integration | None:
    """The integration of this name, however it is capitalised."""
    row = db.execute_sql(f"{_INTEGRATION} WHERE name = ?", (name,)).fetchone()
    return None if row is None else _integration(row)


def integration_by_id(db: Connection, integration: int) -> Integration | None:
    """The integration with this number."""
    row = db.execute_sql(f"{_INTEGRATION} WHERE id = ?", (integration,)).fetchone()
    return None if row is None else _integration(row)


def insert_integration(db: Connection, document: IntegrationDocument, at: str) -> int:
    """Keep a new integration as a draft and return its number."""
    cursor = db.execute_sql(
        "INSERT INTO integration (name, document, created_at, updated_at) VALUES (?, ?, ?, ?)",
        (document.name, to_json(document), at, at),
    )
    return _new_id(cursor)


def update_document(db: Connection, integration: int, document: IntegrationDocument, at: str) -> None:
    """Replace an integration's document by a newer version."""
    db.execute_sql(
        "UPDATE integration SET name = ?, document = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (document.name, to_json(document), at, integration),
    )


def set_state(db: Connection, integration: int, state: IntegrationState, at: str) -> None:
    """Launch, pause or resume; a launch accepts whichever organisation the key opens now."""
    launched = ", launched_at = coalesce(launched_at, ?3), tenant = NULL" if state is IntegrationState.ACTIVE else ""
    db.execute_sql(
        f"UPDATE integration SET state = ?1, version = version + 1, updated_at = ?3{launched} WHERE id = ?2",
        (state.value, integration, at),
    )


def delete_integration(db: Connection, integration: int) -> None:
    """Forget an integration; its records stay, with their history."""
    forget_feeder(db, integration)
    db.execute_sql("DELETE FROM integration WHERE id = ?", (integration,))


def set_sync_time_fields(db: Connection, integration: int, targets: Sequence[tuple[str, str]]) -> None:
    """Remember which (object, field) show the time of this integration's last run."""
    db.execute_sql("DELETE FROM sync_time_field WHERE integration = ?", (integration,))
    for kind, field in targets:
        db.execute_sql(
            "INSERT INTO sync_time_field (object, field, integration) VALUES (?, ?, ?)", (kind, field, integration)
        )


def remember_proof(
    db: Connection, integration: Integration, *, mapping: str | None, scope: str | None, tenant: str | None
) -> None:
    """What the next run compares itself with; scope and tenant only after a complete listing.

    Whoever was told meanwhile to look at everybody again keeps that for the next run.
    """
    db.execute_sql(
        """UPDATE integration SET mapping_signature = iif(mapping_signature IS ?, ?, mapping_signature),
            scope_signature = coalesce(?, scope_signature), tenant = coalesce(?, tenant) WHERE id = ?""",
        (integration.mapping_signature, mapping, scope, tenant, integration.id),
    )


def raw_records(db: Connection, integration: int, most: int) -> list[str]:
    """Some records as the vendor sent them, as JSON: the first by the vendor's ids."""
    rows = db.execute_sql(
        "SELECT raw FROM source_raw WHERE integration = ? ORDER BY vendor_id LIMIT ?", (integration, most)
    )
    return [row[0] for row in rows]


def field_labels(db: Connection) -> dict[tuple[str, str], str]:
    """(object, External ID) → what the field is called."""
    rows = db.execute_sql("SELECT object, external_id, label FROM field")
    return {(kind, name): label for kind, name, label in rows}


def active_counts(db: Connection, integration: int) -> dict[str, int]:
    """How many active records of each kind an integration owns."""
    return {
        kind.value: int(
            db.execute_sql(
                f"SELECT count(*) FROM {quote(kind.table)} WHERE owner_integration = ? AND NOT deactivated",
                (integration,),
            ).fetchone()[0]
        )
        for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.LICENCES, ObjectKind.ASSETS)
    }


# ----- sync sessions


class SessionRow(NamedTuple):
    """One run of one integration as it is kept."""

    id: int
    integration: int | None
    integration_name: str
    kind: str
    started_by: str
    status: Status
    phase: str
    started_at: str
    finished_at: str | None
    counts: dict[str, Any]
    evidence: dict[str, Any]
    message: str
    exit_code: int | None
    undone_at: str | None


_SESSION = """
    SELECT id, integration, integration_name, kind, started_by, status, phase, started_at, finished_at,
        counts, evidence, message, exit_code, undone_at FROM sync_session
"""


def _session(row: Sequence[Any]) -> SessionRow:
    return SessionRow._make(
        (*row[:5], Status(row[5]), *row[6:9], orjson.loads(row[9]), orjson.loads(row[10]), *row[11:])
    )


def begin_session(db: Connection, integration: Integration, kind: str, started_by: str, at: str) -> int:
    """Note that a run began."""
    return begin_session_for(db, integration, integration.name, kind, started_by, at)


def begin_session_for(
    db: Connection, integration: Integration | None, name: str, kind: str, started_by: str, at: str
) -> int:
    """Note that something began on behalf of an integration, which may be gone by now."""
    cursor = db.execute_sql(
        """INSERT INTO sync_session (integration, integration_name, kind, started_by, status, phase, started_at)
           VALUES (?, ?, ?, ?, 'queued', '', ?)""",
        (None if integration is None else integration.id, name, kind, started_by, at),
    )
    return _new_id(cursor)


def open_sessions(db: Connection) -> int:
    """How many sessions look as if they were still going on."""
    marks = ", ".join("?" * len(UNDER_WAY))
    (count,) = db.execute_sql(
        f"SELECT count(*) FROM sync_session WHERE status IN ({marks})", tuple(UNDER_WAY)
    ).fetchone()
    return int(count)


def begin_reading(db: Connection, session: int, at: str) -> None:
    """Note that a run got its turn: the time that it waited does not count as its own."""
    db.execute_sql(
        "UPDATE sync_session SET status = ?, started_at = ? WHERE id = ?", (Status.FETCHING.value, at, session)
    )


def set_status(db: Connection, session: int, status: Status) -> None:
    """Note how far a run is."""
    db.execute_sql("UPDATE sync_session SET status = ? WHERE id = ?", (status.value, session))


def finish_session(
    db: Connection,
    session: int,
    *,
    status: Status,
    counts: dict[str, Any],
    evidence: dict[str, Any],
    message: str,
    exit_code: int,
    changes_hash: str | None,
    at: str,
) -> None:
    """Close a session with what it did."""
    db.execute_sql(
        """UPDATE sync_session SET status = ?, phase = '', counts = ?, evidence = ?, message = ?, exit_code = ?,
            changes_hash = ?, finished_at = ? WHERE id = ?""",
        (
            status.value,
            orjson.dumps(counts).decode(),
            orjson.dumps(evidence).decode(),
            message,
            exit_code,
            changes_hash,
            at,
            session,
        ),
    )


# (vendor id, record, cause, message, accepted) of a record that is left as it was.
Problem = tuple[str | None, str, str, str, bool]


def insert_errors(db: Connection, session: int, errors: Sequence[Problem]) -> None:
    """Keep (vendor id, record, cause, message, accepted) of each record that was left as it was."""
    db.connection().executemany(
        "INSERT INTO session_error (session, vendor_id, record, cause, message, accepted) VALUES (?, ?, ?, ?, ?, ?)",
        [(session, *error) for error in errors],
    )


def sessions(db: Connection, integration: int | None = None, limit: int = 200) -> list[SessionRow]:
    """The latest sessions, newest first, of one integration or of all."""
    condition = "" if integration is None else "WHERE integration = ?"
    values = (limit,) if integration is None else (integration, limit)
    return [_session(row) for row in db.execute_sql(f"{_SESSION} {condition} ORDER BY id DESC LIMIT ?", values)]


def session_by_id(db: Connection, session: int) -> SessionRow | None:
    """One session."""
    row = db.execute_sql(f"{_SESSION} WHERE id = ?", (session,)).fetchone()
    return None if row is None else _session(row)


def session_since(db: Connection, integration: int, session: int) -> int | None:
    """The latest session after this one that may have changed records of this integration."""
    (found,) = db.execute_sql(
        """SELECT max(id) FROM sync_session
           WHERE integration = ? AND id > ? AND kind IN ('run', 'undo', 'approval', 'apply', 'retry')
             AND finished_at IS NOT NULL AND status NOT IN ('failed', 'cancelled', 'interrupted', 'missed')""",
        (integration, session),
    ).fetchone()
    return None if found is None else int(found)


def last_sessions(db: Connection) -> dict[int, SessionRow]:
    """Integration number → its latest session that was no preview."""
    rows = db.execute_sql(
        f"""{_SESSION} WHERE id IN (
            SELECT max(id) FROM sync_session
            WHERE kind IN ('run', 'undo', 'approval', 'apply', 'retry') AND integration IS NOT NULL
            GROUP BY integration)"""
    )
    return {session.integration: session for session in map(_session, rows) if session.integration is not None}


def last_good_sessions(db: Connection) -> dict[int, SessionRow]:
    """Integration number → its latest run that read and saved everything it should."""
    rows = db.execute_sql(
        f"""{_SESSION} WHERE id IN (
            SELECT max(id) FROM sync_session WHERE kind IN ('run', 'apply') AND integration IS NOT NULL
            AND status IN ('completed', 'completed_with_errors', 'empty') GROUP BY integration)"""
    )
    return {session.integration: session for session in map(_session, rows) if session.integration is not None}


def under_way_since(db: Connection, at: str) -> list[SessionRow]:
    """Sessions that began before this moment and are not over."""
    marks = ", ".join("?" * len(UNDER_WAY))
    rows = db.execute_sql(f"{_SESSION} WHERE status IN ({marks}) AND started_at < ?", (*UNDER_WAY, at))
    return [_session(row) for row in rows]


class SessionError(NamedTuple):
    """One record that a run left as it was."""

    vendor_id: str | None
    record: str
    cause: str
    message: str
    accepted: bool
    id: int = 0


def session_errors(db: Connection, session: int) -> list[SessionError]:
    """The records that a session left as they were."""
    rows = db.execute_sql(
        "SELECT vendor_id, record, cause, message, accepted, id FROM session_error WHERE session = ? ORDER BY id",
        (session,),
    )
    return [SessionError._make((*row[:4], bool(row[4]), row[5])) for row in rows]


def raw_of_error(db: Connection, error: int) -> str | None:
    """What the vendor sent of a record that was left as it was, as JSON; None where it was not kept."""
    row = db.execute_sql("SELECT sent FROM session_error WHERE id = ?", (error,)).fetchone()
    return None if row is None else row[0]


def interrupt_open_sessions(db: Connection, at: str) -> list[str]:
    """Sessions that a crash left open are over; returns the names of their integrations."""
    marks = ", ".join("?" * len(UNDER_WAY))
    names = [
        name
        for (name,) in db.execute_sql(
            f"SELECT integration_name FROM sync_session WHERE status IN ({marks})", tuple(UNDER_WAY)
        )
    ]
    db.execute_sql(
        f"""UPDATE sync_session SET status = 'interrupted', phase = '', finished_at = ?, exit_code = 1,
            message = 'The program ended while this run was going on. Nothing of it was saved.'
            WHERE status IN ({marks})""",
        (at, *UNDER_WAY),
    )
    return names


def accepted_conflicts(db: Connection, integration: int) -> dict[str, str]:
    """Vendor id → the message of a conflict that the admin accepted."""
    rows = db.execute_sql("SELECT vendor_id, message FROM accepted_conflict WHERE integration = ?", (integration,))
    return dict(rows)


class Acceptance(NamedTuple):
    """A conflict that somebody accepted, as long as it says the same."""

    vendor_id: str
    message: str
    note: str
    at: str
    who: str


def acceptances(db: Connection, integration: int) -> list[Acceptance]:
    """The accepted conflicts of an integration."""
    rows = db.execute_sql(
        """SELECT vendor_id, message, note, accepted_at, accepted_by FROM accepted_conflict
           WHERE integration = ? ORDER BY accepted_at, vendor_id""",
        (integration,),
    )
    return [Acceptance._make(row) for row in rows]


def withdraw_acceptance(db: Connection, integration: int, vendor_id: str) -> bool:
    """Let a conflict count again; False when it was not accepted."""
    cursor = db.execute_sql(
        "DELETE FROM accepted_conflict WHERE integration = ? AND vendor_id = ?", (integration, vendor_id)
    )
    return bool(cursor.rowcount)


def accept_conflict(db: Connection, integration: int, error: SessionError, note: str, who: str, at: str) -> None:
    """List this conflict from now on without counting it, as long as it stays the same."""
    db.execute_sql(
        "INSERT OR REPLACE INTO accepted_conflict VALUES (?, ?, ?, ?, ?, ?)",
        (integration, error.vendor_id, error.message, note, at, who),
    )


def has_any_active(db: Connection, integration: int) -> bool:
    """Whether the integration owns an active account, person or asset."""
    owned = " OR ".join(
        f"EXISTS (SELECT 1 FROM {quote(kind.table)} WHERE owner_integration = ?1 AND NOT deactivated)"
        for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS)
    )
    (found,) = db.execute_sql(f"SELECT {owned}", (integration,)).fetchone()
    return bool(found)


# ----- what is due


def waits_since(db: Connection, integration: int) -> str:
    """Since when an integration waits for its next slot: since its last one, its launch or its last change."""
    row = db.execute_sql(
        """SELECT max(i.updated_at, coalesce(i.launched_at, ''),
            coalesce((SELECT max(taken_at) FROM slot WHERE kind = 'integration' AND subject = i.id), ''))
            FROM integration i WHERE i.id = ?""",
        (integration,),
    ).fetchone()
    return str(row[0])


def schedules_resumed_at(db: Connection) -> str | None:
    """When all schedules were last paused or resumed."""
    row = db.execute_sql(
        "SELECT max(at) FROM audit WHERE action = 'setting.changed' AND subject = 'scheduling_paused'"
    ).fetchone()
    return None if row is None else row[0]
