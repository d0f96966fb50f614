"""A kept plan as the page shows it: read and worded in a worker."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from saasdesk.errors import Cancelled
from saasdesk.store import Store
from saasdesk.sync import plans, rows, sessions
from saasdesk.sync.integration import Integration
from saasdesk.sync.rows import PlanLine, PlanRow, SessionRow
from saasdesk.ui.pages.integrations.moments import counted
from saasdesk.ui.pages.plan.field_words import (
    FieldWords,
    before_and_after,
    change_in_words,
    label_of_change,
    object_in_words,
    read_field_words,
)
from saasdesk.ui.pages.plan.lines import Cell, LazyLines, Line

HELD = "held"
KINDS = (HELD, "create", "update", "reactivate", "deactivate", "skip", "error")
TAGS = {
    "create": ("ok", "plus"),
    "update": ("accent", "edit"),
    "reactivate": ("ok", "undo"),
    "deactivate": ("warn", "minus"),
    "skip": ("neutral", "chevron-right"),
    "error": ("error", "error"),
}


@dataclass(frozen=True, slots=True)
class PlanContents:
    """A plan with everything that is said about it.

    `counts` has the records of each group. Of `active` records, those that the safeguard looks at, `leaving` would be
    deactivated.
    """

    plan: PlanRow
    session: SessionRow
    integration: Integration | None
    lines: tuple[PlanLine, ...]
    words: FieldWords
    counts: Counter[str]
    active: int
    leaving: int


def read_plan(store: Store, number_of_plan: int, stop: threading.Event) -> PlanContents:
    """Read a kept plan with its session; raises a UserError when there is none."""
    plan = plans.find_plan(store, number_of_plan)
    session = sessions.find_session(store, plan.session)
    lines = () if stop.is_set() else tuple(plans.lines_of(store, number_of_plan))
    with store.reading() as db:
        integration = rows.integration_by_id(db, plan.integration)
        words = read_field_words(db)
        active = rows.active_counts(db, plan.integration)
    firsts = [line for line, is_first in _with_first(lines) if is_first]
    counts = Counter(group_of(line) for line in firsts)
    document = integration.document if integration is not None else None
    guarded = "people" if document is None else document.main_kind.value
    if document is not None and document.with_saas_users:
        guarded = "saas_users"
    leaving = sum(1 for line in firsts if line.kind == "deactivate" and line.object == guarded)
    now = active[guarded]
    if plan.kind == HELD:
        # What the run itself added was not there when the safeguard looked.
        part = session.counts.get(guarded, {})
        now -= int(part.get("created", 0)) + int(part.get("reactivated", 0))
    return PlanContents(plan, session, integration, lines, words, counts, max(now, leaving), leaving)


def group_of(line: PlanLine) -> str:
    """Which heading a line stands under."""
    return HELD if line.held else line.kind


def _with_first(lines: Iterable[PlanLine]) -> Iterator[tuple[PlanLine, bool]]:
    """Each line, and whether it is the first of its record."""
    last = -1
    for line in lines:
        yield line, line.seq != last
        last = line.seq


def make_lines(contents: PlanContents, kind: str, text: str, stop: threading.Event) -> LazyLines[PlanLine]:
    """The lines under their headings, narrowed to one kind and to what contains the text."""
    wanted = text.casefold().split()
    groups: dict[str, list[PlanLine]] = {name: [] for name in KINDS}
    for line in contents.lines:
        if stop.is_set():
            raise Cancelled
        group = group_of(line)
        if (not kind or group == kind) and (not wanted or _matches(contents.words, line, wanted)):
            groups[group].append(line)
    things: list[PlanLine | None] = []
    headings: dict[int, Line] = {}
    for name, members in groups.items():
        if members:
            headings[len(things)] = _heading(name, members, contents.plan.state)
            things.append(None)
            things.extend(members)

    def make(place: int) -> Line:
        line, before = things[place], things[place - 1]
        if line is None:
            raise AssertionError(place)
        return _line(contents.words, line, is_first=before is None or before.seq != line.seq)

    return LazyLines(things, make, headings)


def _line(words: FieldWords, line: PlanLine, *, is_first: bool) -> Line:
    tag, icon = TAGS[line.kind]
    before, after = before_and_after(words, line.kind, line.object, line.field, line.before, line.after)
    return Line(
        (
            Cell(change_in_words(line.kind), tag=tag, icon="lock" if line.held else icon) if is_first else Cell(),
            Cell(line.label, role="name", has_monogram=line.object in {"people", "saas_users"}) if is_first else Cell(),
            Cell(object_in_words(line.object), "muted") if is_first else Cell(),
            Cell(label_of_change(words, line.kind, line.object, line.field)),
            Cell(before or "—", "muted") if after else Cell(),
            Cell(after, role="name", icon="arrow-right") if after else Cell(),
            Cell(line.reason if is_first else "", "muted"),
        ),
        line.seq,
    )


def _matches(words: FieldWords, line: PlanLine, wanted: list[str]) -> bool:
    before, after = before_and_after(words, line.kind, line.object, line.field, line.before, line.after)
    label = label_of_change(words, line.kind, line.object, line.field)
    everything = " ".join((line.label, label, before, after, line.reason, object_in_words(line.object))).casefold()
    return all(word in everything for word in wanted)


def title_of(kind: str) -> str:
    """The word of a kind in the list of counts."""
    return {
        "": _tr("All changes"),
        HELD: _tr("Held by the safeguard"),
        "create": _tr("Create"),
        "update": _tr("Update"),
        "reactivate": _tr("Reactivate"),
        "deactivate": _tr("Deactivate"),
        "skip": _tr("Skip"),
        "error": _tr("Error"),
    }[kind]


def _heading(kind: str, members: Sequence[PlanLine], state: str) -> Line:
    records = Counter(line.object for line, is_first in _with_first(members) if is_first)
    parts = [_counted(name, records[name]) for name in ("people", "saas_users", "assets", "licences") if records[name]]
    fields = sum(1 for line in members if line.field)
    if fields and kind in {"update", "create"}:
        parts.append(counted(fields, _tr("{0} field"), _tr("{0} fields")))
    text = ", ".join(parts)
    if kind == HELD:
        fate = {
            "held": _tr("nothing of this group is applied until you decide"),
            "approved": _tr("approved, and applied to whoever was still active"),
            "rejected": _tr("rejected: nobody was deactivated"),
        }
        text += f" — {fate[state]}" if state in fate else ""
    return Line((Cell(title_of(kind), role="strong", note=text),), is_heading=True)


def _counted(kind: str, count: int) -> str:
    one, many = {
        "people": (_tr("{0} person"), _tr("{0} people")),
        "saas_users": (_tr("{0} SaaS user"), _tr("{0} SaaS users")),
        "licences": (_tr("{0} licence"), _tr("{0} licences")),
        "assets": (_tr("{0} asset"), _tr("{0} assets")),
    }[kind]
    return counted(count, one, many)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Plan", text)
