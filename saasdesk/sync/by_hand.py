"""A session of one transaction, in which a person's decision about an earlier session is carried out at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saasdesk.clock import now_text
from saasdesk.errors import ExitCode
from saasdesk.records.changes import Cause
from saasdesk.store import Connection
from saasdesk.store.audit import changes_hash, operating_system_user
from saasdesk.sync import rows
from saasdesk.sync.events import Status
from saasdesk.sync.integration import Integration


@dataclass(frozen=True, slots=True)
class HandSession:
    """What is written down of it: its number, the moment, and the cause of its changes."""

    id: int
    at: str
    cause: Cause


def begin_by_hand(db: Connection, integration: Integration | None, name: str, kind: str, why: str) -> HandSession:
    """Begin one, of this kind, for an integration that may be gone by now; `why` is the cause of what it changes."""
    at = now_text()
    session = rows.begin_session_for(db, integration, name, kind, "by hand", at)
    return HandSession(session, at, Cause(why, operating_system_user(), session=session))


def finish_by_hand(db: Connection, session: HandSession, counts: Mapping[str, Any], message: str) -> str:
    """Note that all of it was done; returns the hash of what it changed, for the audit log."""
    digest = changes_hash(db, session.id)
    rows.finish_session(
        db,
        session.id,
        status=Status.COMPLETED,
        counts=dict(counts),
        evidence={},
        message=message,
        exit_code=int(ExitCode.DONE),
        changes_hash=digest,
        at=session.at,
    )
    return digest
