"""A sync session as its page shows it: read and worded in a worker."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from PySide6.QtCore import QCoreApplication

from saasdesk.clock import from_text, now
from saasdesk.store import Store
from saasdesk.sync import rows, sessions
from saasdesk.sync.rows import ChangeRow, SessionError, SessionRow
from saasdesk.sync.sessions import UNDO_DAYS
from saasdesk.ui.pages.integrations.moments import counted
from saasdesk.ui.pages.plan.contents import TAGS
from saasdesk.ui.pages.plan.field_words import (
    FieldWords,
    before_and_after,
    change_in_words,
    label_of_change,
    object_in_words,
    read_field_words,
)
from saasdesk.ui.pages.plan.lines import Cell, LazyLines, Line
from saasdesk.ui.widgets.status_word import status

# Nobody reads more than this; an export has all of them.
MOST_CHANGES = 10_000


@dataclass(frozen=True, slots=True)
class SessionContents:
    """A session with what it left alone; `undoable` records can be made active again, `held` is the plan that waits."""

    session: SessionRow
    errors: tuple[SessionError, ...]
    words: FieldWords
    undoable: int
    plan: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a session changed, as far as it is shown."""

    session: int
    changes: tuple[ChangeRow, ...]
    has_more: bool


def read_session(store: Store, number_of_session: int, _stop: threading.Event) -> SessionContents:
    """Read a session; raises a UserError when there is none."""
    session = sessions.find_session(store, number_of_session)
    errors = sessions.errors_of(store, number_of_session)
    is_recent = now() - from_text(session.started_at) <= timedelta(days=UNDO_DAYS)
    with store.reading() as db:
        words = read_field_words(db)
        # What was accepted since then: whoever did it should see that it was done.
        since = rows.accepted_conflicts(db, session.integration) if session.integration is not None else {}
        may_undo = is_recent and not session.undone_at
        undoable = len(rows.deactivated_by(db, number_of_session)) if may_undo else 0
        plan = next((plan.id for plan in rows.plans(db) if plan.session == number_of_session), None)
    shown = tuple(
        error._replace(accepted=error.accepted or since.get(error.vendor_id or "") == error.message) for error in errors
    )
    return SessionContents(session, shown, words, undoable, plan)


def read_changes(store: Store, contents: SessionContents, text: str, stop: threading.Event) -> Changes:
    """The first changes that contain the text."""
    wanted = text.casefold().split()
    number = contents.session.id
    with store.reading(snapshot=True, stop=stop) as db:
        found = (change for change in rows.changes(db, number) if _matches(contents.words, change, wanted))
        first = tuple(islice(found, MOST_CHANGES + 1))
    return Changes(number, first[:MOST_CHANGES], has_more=len(first) > MOST_CHANGES)


def lines_of_changes(words: FieldWords, changes: Sequence[ChangeRow]) -> LazyLines[ChangeRow]:
    """Changes as lines; what is said of the record stands on its first line only."""

    def make(place: int) -> Line:
        change = changes[place]
        before = changes[place - 1] if place else None
        return _change_line(words, change, is_first=before is None or _record_of(before) != _record_of(change))

    return LazyLines(changes, make)


def lines_of_errors(errors: Sequence[SessionError], text: str = "") -> LazyLines[SessionError]:
    """Records that were left as they were, under their causes, the commonest first."""
    wanted = text.casefold().split()
    found = [error for error in errors if _all_in(wanted, (error.record, error.message, error.vendor_id or ""))]
    things: list[SessionError | None] = []
    headings: dict[int, Line] = {}
    for cause, count in Counter(error.cause for error in found).most_common():
        note = counted(count, _tr("{0} record"), _tr("{0} records"))
        headings[len(things)] = Line((Cell(cause_in_words(cause), role="strong", note=note),), is_heading=True)
        things.append(None)
        things.extend(error for error in found if error.cause == cause)

    def make(place: int) -> Line:
        error = things[place]
        if error is None:
            raise AssertionError(place)
        return _error_line(error)

    return LazyLines(things, make, headings)


def cause_in_words(cause: str) -> str:
    """Why records were left as they were, in a few words."""
    return {
        "mapping": _tr("A value does not fit its field"),
        "no sync key": _tr("Nothing tells whose record it is"),
        "empty": _tr("A mandatory field is empty"),
        "duplicate": _tr("Several records claim the same person or value"),
        "conflict": _tr("A unique value belongs to somebody else"),
        "shape": _tr("The vendor sent something that is no record"),
    }.get(cause, cause)


def may_accept(error: SessionError) -> bool:
    """Whether the conflict can be accepted: it belongs to one record of the vendor, and was not accepted before."""
    return bool(error.vendor_id) and not error.accepted


def _record_of(change: ChangeRow) -> tuple[str, int, str]:
    return (change.object, change.record, change.kind)


def _matches(words: FieldWords, change: ChangeRow, wanted: list[str]) -> bool:
    if not wanted:
        return True
    before, after = before_and_after(words, change.kind, change.object, change.field, change.before, change.after)
    label = label_of_change(words, change.kind, change.object, change.field)
    kind = object_in_words(change.object)
    return _all_in(wanted, (change.label, change.kind, kind, label, before, after, change.reason))


def _all_in(wanted: list[str], texts: Sequence[str]) -> bool:
    everything = " ".join(texts).casefold()
    return all(word in everything for word in wanted)


def _change_line(words: FieldWords, change: ChangeRow, *, is_first: bool) -> Line:
    tag, icon = TAGS.get(change.kind, ("neutral", "edit"))
    before, after = before_and_after(words, change.kind, change.object, change.field, change.before, change.after)
    return Line(
        (
            Cell(change_in_words(change.kind), tag=tag, icon=icon) if is_first else Cell(),
            Cell(change.label, role="name", has_monogram=change.object != "licences") if is_first else Cell(),
            Cell(object_in_words(change.object), "muted") if is_first else Cell(),
            Cell(label_of_change(words, change.kind, change.object, change.field)),
            Cell(before or "—", "muted") if after else Cell(),
            Cell(after, role="name", icon="arrow-right") if after else Cell(),
            Cell(change.reason if is_first else "", "muted"),
        ),
        change,
    )


def _error_line(error: SessionError) -> Line:
    if error.accepted:
        state = status("approved", _tr("Accepted"))
    elif may_accept(error):
        state = status("review", _tr("Can be accepted"))
    else:
        state = status("errors", _tr("Reported"))
    return Line((Cell(error.record, role="name", has_monogram=True), Cell(error.message), Cell(status=state)), error)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)
