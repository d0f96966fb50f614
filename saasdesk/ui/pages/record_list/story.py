"""The latest changes of a record as entries of a timeline: what belongs together is told once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QCoreApplication

from saasdesk.records.history import ReadingGap, RecordChange
from saasdesk.records.listing import Value
from saasdesk.ui.tables.cells import field_value_in_words


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


_MARKS = {
    "create": ("plus", "ok"),
    "deactivate": ("gone", "warn"),
    "reactivate": ("retry", "ok"),
    "archive": ("archive", "muted"),
    "restore": ("retry", "ok"),
}


def _entries_of(kind: str, changes: list[RecordChange]) -> Iterator[Entry]:
    if kind == "update":
        yield _entry("edit", "muted", _title_of_update(changes), changes, steps=_steps(changes))
        return
    icon, token = _MARKS.get(kind, ("info", "muted"))
    titles = list(dict.fromkeys(_title(change) for change in reversed(changes)))
    # How a new record was matched is worth a line only where somebody was taken away or came back; the licence went
    # with its account, and tells less.
    reason = "" if kind == "create" else changes[-1].reason
    if reason.endswith(changes[0].cause):
        # "archived by hand": the title and the line below say that already.
        reason = ""
    yield _entry(icon, token, " · ".join(titles), changes, reason=reason)


def _entry(
    icon: str, token: str, title: str, changes: list[RecordChange], *, steps: tuple[Step, ...] = (), reason: str = ""
) -> Entry:
    first = changes[0]
    source = first.integration or first.cause
    applications = frozenset(change.application for change in changes if change.application)
    return Entry(icon, token, title, steps, reason, first.at, source, first.session, applications)


def _title(change: RecordChange) -> str:
    title = _titles().get((change.object, change.kind)) or _titles_of_others().get(change.kind)
    return change.kind.capitalize() if title is None else title.format(change.application or _tr("SaaS"))


def _titles() -> dict[tuple[str, str], str]:
    return {
        ("saas_users", "create"): _tr("{0} account found"),
        ("saas_users", "deactivate"): _tr("{0} account deactivated"),
        ("saas_users", "reactivate"): _tr("{0} account active again"),
        ("saas_users", "archive"): _tr("{0} account archived"),
        ("saas_users", "restore"): _tr("{0} account taken out of the archive"),
        ("licences", "create"): _tr("{0} licence assigned"),
        ("licences", "deactivate"): _tr("{0} licence ended"),
        ("licences", "reactivate"): _tr("{0} licence assigned again"),
        ("assets", "create"): _tr("Asset added"),
        ("assets", "deactivate"): _tr("Asset deactivated"),
        ("assets", "reactivate"): _tr("Asset active again"),
        ("assets", "archive"): _tr("Asset archived"),
        ("assets", "restore"): _tr("Asset taken out of the archive"),
    }


def _titles_of_others() -> dict[str, str]:
    return {
        "create": _tr("Person added"),
        "deactivate": _tr("Person deactivated"),
        "reactivate": _tr("Person active again"),
        "archive": _tr("Person archived"),
        "restore": _tr("Person taken out of the archive"),
    }


def _title_of_update(changes: list[RecordChange]) -> str:
    whose = list(dict.fromkeys(change.application for change in reversed(changes)))
    return _tr("Changed") if "" in whose else _tr("Changed at {0}").format(", ".join(whose))


def _steps(changes: list[RecordChange]) -> tuple[Step, ...]:
    """The same change of the same value, in the person and in an account, is one step."""
    labels: dict[tuple[str, str], list[str]] = {}
    for change in reversed(changes):
        values = (value_in_words(change, change.before), value_in_words(change, change.after))
        known = labels.setdefault(values, [])
        if change.label not in known:
            known.append(change.label)
    return tuple(Step(", ".join(names), before, after) for (before, after), names in labels.items())


def value_in_words(change: RecordChange, value: Value) -> str:
    """One of the two values of a change, as its field is shown elsewhere; empty for nothing."""
    return field_value_in_words(change.type, value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Story", text)
