"""The latest changes of a record as entries of a timeline: what belongs together is told once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PySide6.QtCore import QCoreApplication

from saasdesk.records.history import ReadingGap, RecordChange


@dataclass(frozen=True, slots=True)
class Step:
    """One value that became another; an empty text is no value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: an icon, what happened, what it did to values, and the run that it came from."""

    icon: str
    token: str
    title: str
    steps: tuple[Step, ...]
    reason: str
    at: str
    source: str
    session: int | None
    applications: frozenset[str] = frozenset()


def entries(changes: Iterable[RecordChange], gaps: Iterable[ReadingGap] = ()) -> tuple[Entry, ...]:
    """Changes, newest first, as entries: all values that one run changed are one entry, and so is all that it made.

    Between them stand the runs that could not read what they should.
    """
    told = groupby(changes, key=lambda change: (change.at, change.session, change.kind))
    happened = [entry for (_, _, kind), group in told for entry in _entries_of(kind, list(group))]
    missed = [_gap(gap) for gap in gaps]
    # Both come newest first, and sorting keeps the order of what happened at one moment.
    return tuple(sorted([*happened, *missed], key=lambda entry: entry.at, reverse=True)) if missed else tuple(happened)


def _gap(gap: ReadingGap) -> Entry:
    title = {
        "failed": _tr("{0} could not be read"),
        "incomplete": _tr("{0} was not read to the end"),
    }.get(gap.status, _tr("Reading {0} was interrupted"))
    return Entry(
        "unknown", "muted", title.format(gap.integration), (), gap.message, gap.at, gap.integration, gap.session
    )


def _entries_of(kind: str, changes: list[RecordChange]) -> Iterator[Entry]:
    if kind == "update":
        yield _entry("edit", "muted", _title_of_update(changes), changes, steps=_steps(changes))
        return
    icon, token = {"create": ("plus", "ok"), "deactivate": ("gone", "warn"), "reactivate": ("retry", "ok")}.get(
        kind, ("info", "muted")
    )
    titles = list(dict.fromkeys(_title(change) for change in reversed(changes)))
    # How a new record was matched is worth a line only where somebody was taken away or came back; the licence went
    # with its account, and tells less.
    reason = "" if kind == "create" else changes[-1].reason
    yield _entry(icon, token, " · ".join(titles), changes, reason=reason)


def _entry(
    icon: str, token: str, title: str, changes: list[RecordChange], *, steps: tuple[Step, ...] = (), reason: str = ""
) -> Entry:
    first = changes[0]
    source = first.integration or first.cause
    applications = frozenset(change.application for change in changes if change.application)
    return Entry(icon, token, title, steps, reason, first.at, source, first.session, applications)


def _title(change: RecordChange) -> str:
    application = change.application or _tr("SaaS")
    match change.object, change.kind:
        case "saas_users", "create":
            return _tr("{0} account found").format(application)
        case "saas_users", "deactivate":
            return _tr("{0} account deactivated").format(application)
        case "saas_users", "reactivate":
            return _tr("{0} account active again").format(application)
        case "licences", "create":
            return _tr("{0} licence assigned").format(application)
        case "licences", "deactivate":
            return _tr("{0} licence ended").format(application)
        case "licences", "reactivate":
            return _tr("{0} licence assigned again").format(application)
        case "assets", "create":
            return _tr("Asset added")
        case "assets", "deactivate":
            return _tr("Asset deactivated")
        case "assets", "reactivate":
            return _tr("Asset active again")
        case _, "create":
            return _tr("Person added")
        case _, "deactivate":
            return _tr("Person deactivated")
        case _, "reactivate":
            return _tr("Person active again")
        case _:
            return change.kind.capitalize()


def _title_of_update(changes: list[RecordChange]) -> str:
    whose = list(dict.fromkeys(change.application for change in reversed(changes)))
    return _tr("Changed") if "" in whose else _tr("Changed at {0}").format(", ".join(whose))


def _steps(changes: list[RecordChange]) -> tuple[Step, ...]:
    """The same change of the same value, in the person and in an account, is one step."""
    labels: dict[tuple[str, str], list[str]] = {}
    for change in reversed(changes):
        known = labels.setdefault((_text(change.before), _text(change.after)), [])
        if change.label not in known:
            known.append(change.label)
    return tuple(Step(", ".join(names), before, after) for (before, after), names in labels.items())


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Story", text)
