"""The latest changes of a person as entries of a timeline: what belongs together is told once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PySide6.QtCore import QCoreApplication

from saasdesk.records.history import RecordChange


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


def entries(changes: Iterable[RecordChange]) -> tuple[Entry, ...]:
    """Changes, newest first, as entries: all values that one run changed are one entry, and so is all that it made."""
    told = groupby(changes, key=lambda change: (change.at, change.session, change.kind))
    return tuple(entry for (_, _, kind), group in told for entry in _entries_of(kind, list(group)))


def _entries_of(kind: str, changes: list[RecordChange]) -> Iterator[Entry]:
    first = changes[0]
    if kind == "update":
        yield _entry("edit", "muted", _title_of_update(changes), first, steps=_steps(changes))
        return
    icon, token = {"create": ("plus", "ok"), "deactivate": ("gone", "warn"), "reactivate": ("retry", "ok")}.get(
        kind, ("info", "muted")
    )
    titles = list(dict.fromkeys(_title(change) for change in reversed(changes)))
    # How a new record was matched is worth a line only where somebody was taken away or came back.
    reason = "" if kind == "create" else first.reason
    yield _entry(icon, token, " · ".join(titles), first, reason=reason)


def _entry(
    icon: str, token: str, title: str, change: RecordChange, *, steps: tuple[Step, ...] = (), reason: str = ""
) -> Entry:
    source = change.integration or change.cause
    return Entry(icon, token, title, steps, reason, change.at, source, change.session)


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
