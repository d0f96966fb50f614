"""A sync session in words: how it ended, what it changed, how it was meant."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from saasdesk.sync.events import Status as RunStatus
from saasdesk.sync.integration import IntegrationDocument
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.sessions import UndoOutlook
from saasdesk.ui.moments import counted, moment_within, number
from saasdesk.ui.widgets.status_word import Status, status

_PARTS = (
    ("created", "{0} new", "{0} new"),
    ("updated", "{0} changed", "{0} changed"),
    ("reactivated", "{0} reactivated", "{0} reactivated"),
    ("deactivated", "{0} deactivated", "{0} deactivated"),
)


def status_of_run(run: RunStatus) -> Status:
    """Icon, word and colour for how a session stands."""
    match run:
        case RunStatus.COMPLETED:
            return status("completed")
        case RunStatus.EMPTY:
            return status("empty")
        case RunStatus.COMPLETED_WITH_ERRORS:
            return status("partly", _tr("Completed with errors"))
        case RunStatus.INCOMPLETE:
            return status("partly", _tr("Incomplete"))
        case RunStatus.STOPPED_BY_SAFEGUARD:
            return status("held")
        case RunStatus.FAILED:
            return status("failed")
        case RunStatus.CANCELLED:
            return status("cancelled")
        case RunStatus.INTERRUPTED:
            return status("interrupted")
        case RunStatus.MISSED:
            return status("missed")
        case RunStatus.QUEUED:
            return status("waiting", _tr("Queued"))
        case RunStatus.FETCHING | RunStatus.VERIFIED | RunStatus.UNPROVEN | RunStatus.APPLYING:
            return status("running")


def status_of_session(session: SessionRow) -> Status:
    """The same for one that may have ended because its time was up."""
    if session.status is RunStatus.FAILED and session.evidence.get("timed_out"):
        return status("timed_out")
    return status_of_run(session.status)


def undo_in_words(outlook: UndoOutlook) -> str:
    """How many deactivations can be taken back until when, what cannot and why."""
    if not outlook.deactivated:
        return ""
    if outlook.why_not:
        return outlook.why_not
    text = _tr("{0} of {1} deactivations can be undone until {2}").format(
        number(outlook.back), number(outlook.deactivated), moment_within(outlook.until)
    )
    why = {
        "archived": _tr("{0} archived by hand since"),
        "active": _tr("{0} active again already"),
        "later": _tr("{0} deactivated anew by a later session"),
        "removed": _tr("{0} no longer here"),
    }
    rest = [words.format(number(outlook.fates[fate])) for fate, words in why.items() if outlook.fates.get(fate)]
    return f"{text} ({', '.join(rest)})." if rest else f"{text}."


def kind_of_session(session: SessionRow) -> str:
    """What kind of session it was: Run, Preview, Undo, Approval."""
    return {
        "run": _tr("Run"),
        "preview": _tr("Preview"),
        "test": _tr("Test Run"),
        "undo": _tr("Undo"),
        "approval": _tr("Approved plan"),
        "apply": _tr("Applied plan"),
        "retry": _tr("Another try"),
        "import": _tr("Import"),
    }.get(session.kind, session.kind.capitalize())


def started_by(session: SessionRow) -> str:
    """Who or what started it."""
    return {"by hand": _tr("Run Now"), "schedule": _tr("Schedule")}.get(
        session.started_by, session.started_by.capitalize()
    )


def outcome(session: SessionRow) -> str:
    """ "Completed · 412 read", "2 of 164 failed", "Plan approved · 14 deactivated": one run on one line."""
    counts = session.counts
    match session.kind:
        case "undo":
            return f"{_tr('Deactivations taken back')} · {_active_again(counts)}"
        case "approval":
            gone = counted(counts.get("deactivated", 0), _tr("{0} deactivated"), _tr("{0} deactivated"))
            return f"{_tr('Plan approved')} · {gone}"
        case _:
            pass
    word = status_of_run(session.status).word
    failed, read = counts.get("failed", 0), counts.get("fetched", 0)
    if session.status is RunStatus.COMPLETED_WITH_ERRORS and failed:
        return _tr("{0} of {1} failed").format(number(failed), number(read))
    return f"{word} · {_tr('{0} read').format(number(read))}" if read else word


def changes_in_words(counts: Mapping[str, Any]) -> str:
    """ "3 new · 18 changed · 2 deactivated", or that nothing changed."""
    parts = [counted(counts[name], _tr(one), _tr(many)) for name, one, many in _PARTS if counts.get(name)]
    return " · ".join(parts) or _tr("Nothing")


def completeness(session: SessionRow) -> tuple[Status, str] | None:
    """Whether the vendor's listing is proven to be all of it, and what speaks for or against; None if none was read."""
    evidence = session.evidence
    if not evidence.get("pages") and session.status is not RunStatus.INCOMPLETE:
        return None
    if session.status is RunStatus.INCOMPLETE:
        return status("partly", _tr("Not complete")), session.message
    if not evidence.get("stated_end", True):
        why = str(evidence.get("unproven_because") or _tr("Only the first records were asked for."))
        return status("partly", _tr("Not complete")), why
    said = [_tr("The vendor said that there is no more")]
    if evidence.get("total") is not None:
        said.append(_tr("its total agrees"))
    return status("completed", _tr("Complete")), ", ".join(said) + "."


def reading(session: SessionRow) -> str:
    """ "412 records in 5 pages", "412 lines, UTF-8"."""
    if "lines" in session.evidence:
        lines = counted(int(session.evidence["lines"]), _tr("{0} line"), _tr("{0} lines"))
        return f"{lines}, {session.evidence.get('encoding', '')}"
    records = counted(int(session.counts.get("fetched", 0)), _tr("{0} record"), _tr("{0} records"))
    pages = counted(int(session.evidence.get("pages", 0)), _tr("{0} page"), _tr("{0} pages"))
    return _tr("{0} in {1}").format(records, pages)


def preference(document: IntegrationDocument) -> str:
    """What a run may do with records."""
    return {
        "create_and_update": _tr("Create & Update"),
        "create_only": _tr("Create only"),
        "update_only": _tr("Update only"),
    }[document.preference]


def saas_mode(document: IntegrationDocument) -> str:
    """What is loaded: assets, or people with or without their accounts."""
    if document.loads_assets:
        return _tr("Assets")
    return _tr("User plus SaaS user") if document.with_saas_users else _tr("User only")


def _active_again(counts: Mapping[str, Any]) -> str:
    return counted(counts.get("reactivated", 0), _tr("{0} active again"), _tr("{0} active again"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)
