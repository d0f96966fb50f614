"""Sessions, and the changes of records, to export, from one moment's view of the database."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from saasdesk.definitions import write_json
from saasdesk.errors import Cancelled
from saasdesk.store import Store
from saasdesk.sync import sessions
from saasdesk.sync.rows import SessionError, SessionRow
from saasdesk.sync.session_changes import rows as session_changes
from saasdesk.sync.session_changes.rows import ChangeRow

ChangeValues = tuple[str | int | float | None, ...]


def stream_changes(
    store: Store, session: int | None = None, stop: threading.Event | None = None
) -> Iterator[ChangeValues]:
    """(at, session, cause, object, record, change, field, before, after, reason) of every change, oldest first."""
    with store.reading(snapshot=True, stop=stop) as db:
        for change in session_changes.changes(db, session):
            yield (
                change.at,
                change.session,
                change.cause,
                change.object,
                change.label,
                change.kind,
                change.field,
                _plain(change.before),
                _plain(change.after),
                change.reason,
            )


def _plain(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def session_json(session: SessionRow) -> dict[str, Any]:
    """A session as the command line prints it."""
    return {
        "session": session.id,
        "integration": session.integration_name,
        "kind": session.kind,
        "started_by": session.started_by,
        "status": session.status.value,
        "started_at": session.started_at,
        "finished_at": session.finished_at,
        "message": session.message,
        "exit_code": session.exit_code,
        "undone_at": session.undone_at,
        **session.counts,
    }


def _change_json(change: ChangeRow) -> dict[str, Any]:
    return {
        "at": change.at,
        "session": change.session,
        "cause": change.cause,
        "object": change.object,
        "record": change.label,
        "change": change.kind,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
    }


def whole_session_json(
    session: SessionRow, errors: Sequence[SessionError], changes: Sequence[ChangeRow]
) -> dict[str, Any]:
    """A session with what it left alone and what it changed."""
    return {
        **session_json(session),
        "errors": [
            {"record": e.record, "vendor_id": e.vendor_id, "message": e.message, "accepted": e.accepted} for e in errors
        ],
        "changes": [_change_json(change) for change in changes],
    }


def save_session(store: Store, session: int, target: Path, stop: threading.Event) -> Path:
    """Write a session as JSON to a file that only its owner can read; it is there whole, or not at all."""
    found = sessions.find_session(store, session)
    whole = whole_session_json(found, sessions.errors_of(store, session), sessions.changes_of(store, session))
    if stop.is_set():
        raise Cancelled
    write_json(target, whole)
    return target
