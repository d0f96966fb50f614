"""The records that a session left as they were: one line for each cause, and the records under those that are open."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from saasdesk.sync.imports.importing import OF_LINE
from saasdesk.sync.problems import ACCEPTED, ProblemGroup
from saasdesk.sync.rows import SessionError
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.activity.problem_words import cause_in_words, place_in_words
from saasdesk.ui.pages.plan.field_words import FieldWords
from saasdesk.ui.tables.lines import Cell, LazyLines, Line
from saasdesk.ui.widgets.status_word import status

# A few records are shown at once; more only when somebody opens their group.
MOST_OPEN = 5
# What may be so on purpose; a value that does not fit its field is none of these.
_ACCEPTABLE = frozenset({"duplicate", "conflict", "no sync key", "empty"})


def may_accept(error: SessionError) -> bool:
    """Whether it can be accepted as it is: a conflict of one record of the vendor that was not accepted before."""
    return bool(error.vendor_id) and not error.accepted and error.cause in _ACCEPTABLE


def narrowed(groups: Sequence[ProblemGroup], text: str) -> tuple[ProblemGroup, ...]:
    """The groups with those records only that contain the words."""
    wanted = text.casefold().split()
    if not wanted:
        return tuple(groups)
    found = []
    for group in groups:
        errors = tuple(e for e in group.errors if _has(wanted, (e.record, e.message, e.vendor_id or "")))
        if errors:
            found.append(replace(group, errors=errors))
    return tuple(found)


def lines_of_groups(
    groups: Sequence[ProblemGroup], opened: Collection[int], words: FieldWords
) -> LazyLines[SessionError]:
    """A heading for each group, and the records of those whose places are in `opened`."""
    things: list[SessionError | None] = []
    headings: dict[int, Line] = {}
    for place, group in enumerate(groups):
        headings[len(things)] = _heading(group, words, is_open=place in opened)
        things.append(None)
        if place in opened:
            things.extend(group.errors)

    def make(place: int) -> Line:
        error = things[place]
        if error is None:
            raise AssertionError(place)
        return _line(error)

    return LazyLines(things, make, headings)


def _heading(group: ProblemGroup, words: FieldWords, *, is_open: bool) -> Line:
    parts = [place_in_words(words, group.place), counted(len(group.errors), _tr("{0} record"), _tr("{0} records"))]
    icon = "chevron-down" if is_open else "chevron-right"
    title = cause_in_words(group.cause)
    return Line((Cell(title, role="strong", icon=icon, note=" · ".join(filter(None, parts))),), group, is_heading=True)


def _line(error: SessionError) -> Line:
    if error.cause in {"moved", "left out"}:
        state = status("skipped", _tr("Left as it is"))
    elif error.accepted:
        state = status("approved", _tr("Accepted"))
    elif error.cause.startswith(OF_LINE):
        state = status("errors", _tr("Not imported"))
    elif may_accept(error):
        state = status("review", _tr("Can be accepted"))
    else:
        state = status("errors", _tr("Reported"))
    return Line((Cell(error.record, role="name", has_monogram=True), Cell(error.message), Cell(status=state)), error)


def open_at_first(groups: Sequence[ProblemGroup]) -> set[int]:
    """The groups whose records are shown without being asked for."""
    return {place for place, group in enumerate(groups) if len(group.errors) <= MOST_OPEN and group.cause != ACCEPTED}


def _has(wanted: list[str], texts: Sequence[str]) -> bool:
    everything = " ".join(texts).casefold()
    return all(word in everything for word in wanted)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)
