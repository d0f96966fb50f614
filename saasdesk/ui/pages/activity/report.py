"""A session as text for a mail or a ticket: how it ended, what it counted, and why records were left as they were."""

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.moments import counted, duration_in_words, moment_in_words, number, seconds_between
from saasdesk.ui.pages.activity.contents import SessionContents
from saasdesk.ui.pages.activity.problem_words import cause_in_words, place_in_words, what_to_do
from saasdesk.ui.pages.integrations.session_words import kind_of_session, reading, status_of_session

# So many records of each cause are named; whoever gets the report seldom needs all of them.
_EXAMPLES = 3
_COUNTS = ("created", "updated", "unchanged", "deactivated", "reactivated", "skipped", "filtered", "failed")


def report_of(contents: SessionContents) -> str:
    """The text; it names records, and holds nothing that the vendor sent beside their names and messages."""
    session = contents.session
    seconds = seconds_between(session.started_at, session.finished_at)
    took = "" if seconds is None else f", {duration_in_words(seconds)}"
    lines = [
        f"{session.integration_name}, {_tr('session')} {session.id}: {status_of_session(session).word}",
        f"{kind_of_session(session)}, {moment_in_words(session.started_at)}{took}",
    ]
    if session.message:
        lines.append(session.message)
    counts = [f"{number(int(session.counts[name]))} {_tr(name)}" for name in _COUNTS if session.counts.get(name)]
    lines.append(", ".join([reading(session), *counts]))
    for group in contents.groups:
        size = counted(len(group.errors), _tr("{0} record"), _tr("{0} records"))
        field = place_in_words(contents.words, group.place)
        lines += ["", " · ".join(filter(None, (cause_in_words(group.cause), field, size)))]
        lines += [f"  {error.record}: {error.message}" for error in group.errors[:_EXAMPLES]]
        if len(group.errors) > _EXAMPLES:
            lines.append(f"  {_tr('and {0} more').format(number(len(group.errors) - _EXAMPLES))}")
        lines.append(f"  {what_to_do(group.cause)}")
    phases = session.evidence.get("phases", [])
    if phases:
        lines += ["", ", ".join(f"{name} {seconds:.1f} s" for name, seconds in phases)]
    if session.evidence.get("version"):
        lines.append(f"saasdesk {session.evidence['version']}")
    return "\n".join(lines)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)
