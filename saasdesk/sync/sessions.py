"""Sync sessions afterwards: look at one, accept a known conflict, take deactivations back, tidy up after a crash."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from saasdesk.clock import as_text, from_text, now, now_text
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import ChangeKind, RecordEdit
from saasdesk.schedule import rows as slots
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user, record
from saasdesk.sync import rows
from saasdesk.sync.by_hand import begin_by_hand, finish_by_hand
from saasdesk.sync.events import BY_SCHEDULE, Status
from saasdesk.sync.plan import SUMMED
from saasdesk.sync.previews.applying import LEFT_OUT, MOVED
from saasdesk.sync.previews.keeping import forget_old_previews
from saasdesk.sync.rows import SessionError, SessionRow
from saasdesk.sync.session_changes import rows as session_changes
from saasdesk.sync.session_changes.rows import ChangeRow
from saasdesk.sync.telling import tell_of_ending
from saasdesk.sync.underway import no_counts

UNDO_DAYS = 30


def list_sessions(store: Store, integration: int | None = None, limit: int = 200) -> list[SessionRow]:
    """The latest sessions, newest first."""
    with store.reading() as db:
        return rows.sessions(db, integration, limit)


def find_session(store: Store, session: int) -> SessionRow:
    """One session; a UserError when there is none of this number."""
    with store.reading() as db:
        found = rows.session_by_id(db, session)
    if found is None:
        raise UserError(f"There is no sync session {session}.")
    return found


def errors_of(store: Store, session: int) -> list[SessionError]:
    """The records that a session left as they were."""
    with store.reading() as db:
        return rows.session_errors(db, session)


def changes_of(store: Store, session: int | None = None) -> list[ChangeRow]:
    """What a session changed (or all of them), field by field."""
    with store.reading(snapshot=True) as db:
        return list(session_changes.changes(db, session))


def raw_of(store: Store, error: SessionError) -> str | None:
    """What the vendor sent of a record that was left as it was, as JSON; None where it was not kept."""
    with store.reading() as db:
        return rows.raw_of_error(db, error.id)


def retryable(errors: Sequence[SessionError]) -> tuple[str, ...]:
    """The vendor's ids of those that another try may bring in: not what was accepted, or left out of a plan."""
    failed = (e for e in errors if not e.accepted and e.cause not in {MOVED, LEFT_OUT})
    return tuple(dict.fromkeys(e.vendor_id for e in failed if e.vendor_id))


def accept_conflict(store: Store, session: int, key: str, note: str) -> None:
    """List this record's conflict from now on without counting it, until it changes.

    A UserError without a note, or where the session left no such record as it was.
    """
    if not note.strip():
        raise UserError("Say in a note why this conflict is all right.")
    found = find_session(store, session)
    if found.integration is None:
        raise UserError("The integration of this session was deleted.")
    wanted = key.casefold()
    matches = [
        e for e in errors_of(store, session) if e.vendor_id and wanted in {e.vendor_id.casefold(), e.record.casefold()}
    ]
    if not matches:
        raise UserError(f"Session {session} left no record “{key}” as it was.")
    integration = found.integration

    def work(db: Connection) -> None:
        for error in matches:
            rows.accept_conflict(db, integration, error, note.strip(), operating_system_user(), now_text())
            record(db, "conflict.accepted", error.record, {"session": session, "message": error.message, "note": note})

    store.write(work)


def withdraw_acceptance(store: Store, session: int, key: str) -> None:
    """Let an accepted conflict count again from the next run on. A UserError where none is accepted."""
    found = find_session(store, session)
    wanted = key.casefold()
    vendor_ids = {
        e.vendor_id: e.record
        for e in errors_of(store, session)
        if e.vendor_id and wanted in {e.vendor_id.casefold(), e.record.casefold()}
    }

    def work(db: Connection) -> None:
        integration = found.integration or 0
        withdrawn = [name for v, name in vendor_ids.items() if rows.withdraw_acceptance(db, integration, v)]
        if not withdrawn:
            raise UserError(f"No conflict of “{key}” is accepted in session {session}.")
        for name in withdrawn:
            record(db, "conflict.withdrawn", name, {"session": session})

    store.write(work)


@dataclass(frozen=True, slots=True)
class UndoOutlook:
    """What an undo of a session's deactivations would bring back, and what it would not, counted without licences.

    `why_not` says why there is nothing to undo at all; `deactivated` is how many the session deactivated.
    """

    deactivated: int
    back: int
    fates: dict[str, int]
    why_not: str
    until: str


def undo_outlook(store: Store, session: SessionRow) -> UndoOutlook:
    """Whether the deactivations of a session can be undone, and how many of them."""
    fates: Counter[str] = Counter()
    with store.reading(snapshot=True) as db:
        for kind, fate, count in session_changes.fates_of_deactivated(db, session.id):
            if kind in SUMMED:
                fates[fate] += count
    total, back = sum(fates.values()), fates.pop("deactivated", 0)
    until = from_text(session.started_at) + timedelta(days=UNDO_DAYS)
    why_not = ""
    if session.undone_at:
        day = from_text(session.undone_at).astimezone()
        why_not = f"The deactivations were undone on {day.day} {day:%b %Y}."
    elif now() > until:
        why_not = f"Deactivations can be undone for {UNDO_DAYS} days; this session is older."
    elif not back:
        why_not = "Nobody that this session deactivated is still deactivated because of it."
    return UndoOutlook(total, 0 if why_not else back, dict(fates), why_not if total else "", as_text(until))


def undo_deactivations(store: Store, session: int) -> int:
    """Make active again whom this session deactivated and nobody touched since; returns how many, without licences.

    A UserError where that was done already, is too long ago, or finds nobody.
    """
    found = find_session(store, session)
    if found.undone_at:
        raise UserError(f"The deactivations of session {session} were already undone.")
    if now() - from_text(found.started_at) > timedelta(days=UNDO_DAYS):
        raise UserError(f"Session {session} is older than {UNDO_DAYS} days; it can no longer be undone as a whole.")

    def work(db: Connection) -> int:
        targets = session_changes.deactivated_by(db, session)
        if not targets:
            raise UserError(f"Session {session} has nothing to undo: nobody it deactivated is still deactivated.")
        integration = rows.integration_by_id(db, found.integration) if found.integration else None
        undo = begin_by_hand(db, integration, found.integration_name, "undo", f"undo of sync {session}")
        counts = no_counts()
        for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.LICENCES, ObjectKind.ASSETS):
            edits = [
                RecordEdit(ChangeKind.REACTIVATE, number, label, f"undo of session {session}")
                for name, number, label in targets
                if name == kind.value
            ]
            apply_edits(db, kind, edits, undo.cause, undo.at)
            counts[kind.value]["reactivated"] = len(edits)
        counts["reactivated"] = sum(counts[kind]["reactivated"] for kind in SUMMED)
        session_changes.set_undone(db, session, undo.at)
        digest = finish_by_hand(db, undo, counts, f"Took back the deactivations of session {session}.")
        detail = {"undone": session, "records": len(targets), "session": undo.id, "changes": digest}
        record(db, "session.undone", found.integration_name, detail)
        return int(counts["reactivated"])

    return store.write(work)


def recover(store: Store) -> list[str]:
    """At start: runs that a crash cut off are over; nothing of them was saved. Returns their integrations' names.

    One that the schedule began is due again, once: what cuts off the second try as well may be the run itself.
    """

    def work(db: Connection) -> list[str]:
        at = now_text()
        cut_off = rows.under_way_since(db, "~")
        names = rows.interrupt_open_sessions(db, at)
        for name in names:
            record(db, "integration.interrupted", name, {})
        for session in cut_off:
            found = rows.integration_by_id(db, session.integration) if session.integration else None
            if found is not None and session.kind == "run":
                is_due_again = session.started_by == BY_SCHEDULE and slots.give_slot_back(
                    db, "integration", found.id, session.started_at
                )
                what_now = "It is run once more by itself." if is_due_again else "Run it again."
                text = f"The program ended while it ran. Nothing of it was saved. {what_now}"
                tell_of_ending(db, found, session.id, Status.INTERRUPTED, text, at)
        return names

    forget_old_previews(store)
    with store.reading() as db:
        if not rows.open_sessions(db):
            return []
    return store.write(work)
