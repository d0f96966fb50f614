"""A sync session as its page shows it: read and worded in a worker."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson
from PySide6.QtCore import QCoreApplication

from saasdesk.store import Store
from saasdesk.sync import rows, sessions
from saasdesk.sync.imports.applying import why_not_undone
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.kept_plans.rows import PlanRow
from saasdesk.sync.previews.applying import LEFT_OUT, MOVED
from saasdesk.sync.problems import ProblemGroup, grouped
from saasdesk.sync.rows import Acceptance, SessionError, SessionRow
from saasdesk.sync.session_changes import rows as session_changes
from saasdesk.sync.session_changes.rows import ChangeRow
from saasdesk.sync.sessions import UndoOutlook
from saasdesk.ui.moments import duration_in_words, moment_within, number
from saasdesk.ui.pages.plan.contents import TAGS
from saasdesk.ui.pages.plan.field_words import (
    FieldWords,
    before_and_after,
    change_in_words,
    label_of_change,
    object_in_words,
    read_field_words,
)
from saasdesk.ui.tables.lines import Cell, LazyLines, Line

# Nobody reads more than this; an export has all of them.
MOST_CHANGES = 10_000


@dataclass(frozen=True, slots=True)
class SessionContents:
    """A session with what it left alone; `plan` is the one that it made and that is kept, `decision` what became of it.

    `may_retry` says whether the vendor can be asked for single records, and `retryable` for which.
    """

    session: SessionRow
    groups: tuple[ProblemGroup, ...]
    acceptances: Mapping[str, Acceptance]
    words: FieldWords
    undo: UndoOutlook
    plan: int | None
    decision: str
    integration: Integration | None
    may_retry: bool
    retryable: tuple[str, ...]
    # Whether it is an import that can be taken back.
    is_import_to_undo: bool = False

    @property
    def problems(self) -> int:
        """How many records somebody should look at."""
        return sum(len(group.errors) for group in self.groups if not group.is_settled)


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
    with store.reading() as db:
        words = read_field_words(db)
        labels = rows.field_labels(db)
        integration = None if session.integration is None else rows.integration_by_id(db, session.integration)
        # What was accepted since then: whoever did it should see that it was done.
        accepted = [] if integration is None else rows.acceptances(db, integration.id)
        plan = next((plan for plan in kept_plans.plans(db) if plan.session == number_of_session), None)
    acceptances = {found.vendor_id: found for found in accepted}
    shown = [error._replace(accepted=_is_accepted(error, acceptances)) for error in errors]
    return SessionContents(
        session,
        grouped(shown, None if integration is None else integration.document, labels),
        acceptances,
        words,
        sessions.undo_outlook(store, session),
        None if plan is None else plan.id,
        "" if plan is None else _decision(plan),
        integration,
        may_retry=_may_retry(integration, session),
        retryable=sessions.retryable(shown),
        is_import_to_undo=not why_not_undone(session),
    )


def _decision(plan: PlanRow) -> str:
    words = {
        "approved": QCoreApplication.translate("SessionContents", "Approved {0} by {1}."),
        "rejected": QCoreApplication.translate("SessionContents", "Rejected {0} by {1}."),
    }
    told = words.get(plan.state, "")
    return told.format(moment_within(plan.decided_at or plan.created_at), plan.decided_by or "")


def _is_accepted(error: SessionError, acceptances: Mapping[str, Acceptance]) -> bool:
    if error.cause in {LEFT_OUT, MOVED}:
        return error.accepted
    known = acceptances.get(error.vendor_id or "")
    return known is not None and known.message == error.message


def _may_retry(integration: Integration | None, session: SessionRow) -> bool:
    """Whether failed records can be read by themselves: by the vendor, and after a session that was for real."""
    if integration is None or integration.state is IntegrationState.DRAFT or session.kind in {"preview", "test"}:
        return False
    users = integration.connector.users
    return users.one is not None or users.licence_rows is not None


def raw_in_lines(store: Store, error: SessionError) -> str:
    """What the vendor sent of a record, one value a line; empty where it was not kept."""
    raw = sessions.raw_of(store, error)
    return "" if raw is None else orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2).decode()


def lines_of_phases(session: SessionRow) -> list[Line]:
    """What the session did one after the other, and how long each took."""
    phases: list[tuple[str, float]] = session.evidence.get("phases", [])
    whole = sum(seconds for _, seconds in phases) or 1.0
    return [
        Line(
            (
                Cell(name, role="name"),
                Cell(
                    duration_in_words(seconds) if seconds >= 1 else _tr("{0} ms").format(number(round(seconds * 1000))),
                    at_right=True,
                ),
                Cell(_tr("{0} %").format(round(100 * seconds / whole)), "muted", at_right=True),
                Cell(),
            )
        )
        for name, seconds in phases
    ]


def read_changes(store: Store, contents: SessionContents, text: str, stop: threading.Event) -> Changes:
    """The first changes that contain the text."""
    wanted = text.casefold().split()
    session = contents.session.id
    with store.reading(snapshot=True, stop=stop) as db:
        found = (change for change in session_changes.changes(db, session) if _matches(contents.words, change, wanted))
        first = tuple(islice(found, MOST_CHANGES + 1))
    return Changes(session, first[:MOST_CHANGES], has_more=len(first) > MOST_CHANGES)


def lines_of_changes(words: FieldWords, changes: Sequence[ChangeRow]) -> LazyLines[ChangeRow]:
    """Changes as lines; what is said of the record stands on its first line only."""

    def make(place: int) -> Line:
        change = changes[place]
        before = changes[place - 1] if place else None
        return _change_line(words, change, is_first=before is None or _record_of(before) != _record_of(change))

    return LazyLines(changes, make)


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


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)
