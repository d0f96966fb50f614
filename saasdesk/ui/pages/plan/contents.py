"""A kept plan as the page shows it: read and worded in a worker."""

import threading
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import ObjectKind
from saasdesk.store import Store
from saasdesk.sync import plans, rows, sessions
from saasdesk.sync.integration import Integration
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.kept_plans.rows import Leaving, PlanLine, PlanRow
from saasdesk.sync.plan import OBJECTS
from saasdesk.sync.plan_index import GROUPS, HELD, PlanIndex, PlanSums, Word, find_lines, sums_of
from saasdesk.sync.plan_index import rows as index_rows
from saasdesk.sync.previews.applying import why_not_applicable
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.safeguard import Limits
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.plan.field_words import (
    FieldWords,
    before_and_after,
    change_in_words,
    label_of_change,
    object_in_words,
    read_field_words,
)
from saasdesk.ui.record_places import Place, place_of
from saasdesk.ui.tables.lines import Cell, LazyLines, Line

# The columns that words may be looked for in.
RECORD, FIELD, REASON = "record", "field", "reason"
# So many lines around one that is looked at are read with it.
_NEAR = 64
_KEPT = 20_000
# So many of those who would be deactivated stand by name in the question before; the plan lists all.
_NAMED = 100
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
    """A plan with everything that is said about it, less its lines.

    Of `active` records, those that the safeguard looks at, it would deactivate the ones that are `leaving`, by their
    numbers in the plan; the first of them are `named`. `obstacle` says why it cannot be applied.
    """

    plan: PlanRow
    session: SessionRow
    integration: Integration | None
    words: FieldWords
    sums: PlanSums
    active: int
    leaving: frozenset[int]
    named: tuple[Leaving, ...]
    obstacle: str

    @property
    def counts(self) -> dict[str, int]:
        """The records of each group."""
        return {group: self.sums.in_group(group) for group in GROUPS}

    @property
    def is_about_assets(self) -> bool:
        """Whether its lines are assets, and not people."""
        return any(kind == ObjectKind.ASSETS for _, kind in self.sums.records)

    @property
    def allowed(self) -> int:
        """How many deactivations the safeguard lets pass in one run."""
        if self.integration is None:
            return 0
        document = self.integration.document
        return Limits(document.deactivate_limit_percent, document.deactivate_limit_count).allowed(self.active)


def read_plan(store: Store, number_of_plan: int, stop: threading.Event) -> PlanContents:
    """Read a kept plan with its session; raises a UserError when there is none."""
    plan = plans.find_plan(store, number_of_plan)
    session = sessions.find_session(store, plan.session)
    sums = sums_of(store, number_of_plan)
    with store.reading(stop=stop) as db:
        integration = rows.integration_by_id(db, plan.integration)
        words = read_field_words(db)
        active = rows.active_counts(db, plan.integration)
        obstacle = why_not_applicable(store, db, plan, integration)
        document = integration.document if integration is not None else None
        guarded = "people" if document is None else document.main_kind.value
        if document is not None and document.with_saas_users:
            guarded = "saas_users"
        leaving = frozenset(kept_plans.planned_deactivations(db, number_of_plan, guarded))
        named = tuple(kept_plans.leaving_by_name(db, number_of_plan, ObjectKind(guarded), _NAMED))
    now = active[guarded]
    if plan.kind == HELD:
        # What the run itself added was not there when the safeguard looked.
        part = session.counts.get(guarded, {})
        now -= int(part.get("created", 0)) + int(part.get("reactivated", 0))
    return PlanContents(plan, session, integration, words, sums, max(now, len(leaving)), leaving, named, obstacle)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which lines are wanted: of one group or all, with these words, looked for in some columns or in all."""

    group: str = ""
    text: str = ""
    columns: frozenset[str] = frozenset()
    all_values: bool = False


class PlanKey(NamedTuple):
    """What a line of the plan stands for: a change with a box, or a heading with the number -1."""

    group: str
    record: int
    field: str = ""
    has_box: bool = True


class PlanLines(LazyLines[int]):
    """The lines of a plan under their headings; those that are looked at are read a few at a time."""

    def __init__(self, store: Store, contents: PlanContents, index: PlanIndex) -> None:
        self._store, self._contents, self.places = store, contents, index
        self._starts: list[int] = []
        self._groups: list[str] = []
        self._read: dict[tuple[int, str], PlanLine] = {}
        headings: dict[int, Line] = {}
        total = 0
        for group, count in index.groups():
            self._starts.append(total)
            self._groups.append(group)
            headings[total] = _heading(group, contents.sums, contents.plan.state)
            total += count + 1
        super().__init__(range(total), self._line_at, headings)

    def _key_at(self, place: int) -> tuple[str, int, str] | None:
        number = bisect_right(self._starts, place) - 1
        inside = place - self._starts[number] - 1
        return None if inside < 0 else (self._groups[number], *self.places.at(self._groups[number], inside))

    def _line_at(self, place: int) -> Line:
        key = self._key_at(place)
        if key is None:
            raise AssertionError(place)
        group, record, field = key
        before = self._key_at(place - 1)
        is_first = before is None or before[1] != record
        line = self._read.get((record, field)) or self._fetch(place, record, field)
        if line is None:
            # A newer preview has just taken its place.
            return Line((Cell(),))
        return _line(self._contents.words, line, group, is_first=is_first)

    def _fetch(self, place: int, record: int, field: str) -> PlanLine | None:
        """Read this line and those that are likely to be looked at next: by their numbers, which takes no time."""
        keys = [self._key_at(near) for near in range(max(0, place - _NEAR), min(len(self), place + _NEAR))]
        with self._store.reading() as db:
            found = index_rows.lines_of_records(
                db, self._contents.plan.id, sorted({key[1] for key in keys if key is not None})
            )
            if len(self._read) > _KEPT:
                self._read.clear()
            for line in found:
                self._read[line.seq, line.field] = line
                self._read.setdefault((line.seq, ""), line._replace(field="", before=None, after=None))
        return self._read.get((record, field))


def place_of_line(store: Store, plan: int, line: int) -> Place | None:
    """Where the record of a line is looked at; None where the plan would only make it."""
    with store.reading() as db:
        found = next(iter(index_rows.lines_of_records(db, plan, [line])), None)
    if found is None or found.record is None:
        return None
    return place_of(store, ObjectKind(found.object), found.record)


def make_lines(store: Store, contents: PlanContents, wanted: Narrowing, stop: threading.Event) -> PlanLines:
    """The lines under their headings, narrowed to what is wanted."""
    words = [_word(contents.words, text, wanted.columns) for text in wanted.text.casefold().split()]
    index = find_lines(store, contents.plan.id, wanted.group, words, stop, all_values=wanted.all_values)
    return PlanLines(store, contents, index)


def _line(words: FieldWords, line: PlanLine, group: str, *, is_first: bool) -> Line:
    tag, icon = TAGS[line.kind]
    before, after = before_and_after(words, line.kind, line.object, line.field, line.before, line.after)
    is_update = line.kind == "update"
    return Line(
        (
            Cell(icon="lock", tone="muted") if line.held and is_first else Cell(),
            Cell(change_in_words(line.kind), tag=tag, icon=icon) if is_first else Cell(),
            Cell(line.label, role="name", has_monogram=line.object in {"people", "saas_users"}) if is_first else Cell(),
            Cell(object_in_words(line.object), "muted") if is_first else Cell(),
            Cell(label_of_change(words, line.kind, line.object, line.field)),
            Cell(before or "—", "muted") if after else Cell(),
            Cell(after, role="name", icon="arrow-right") if after else Cell(),
            Cell(line.reason if is_first else "", "muted"),
        ),
        PlanKey(group, line.seq, line.field if is_update else "", has_box=is_update or is_first),
    )


def _word(words: FieldWords, text: str, columns: frozenset[str]) -> Word:
    """Where a word may stand: in the columns chosen, else in all, also in what the window puts into words itself."""
    texts = tuple(name for name in (RECORD, REASON) if not columns or name in columns)
    fields = objects = kinds = frozenset[Any]()
    if not columns or FIELD in columns:
        fields = frozenset(key for key, field in words.fields.items() if text in field.label.casefold())
        kinds = frozenset(kind for kind in TAGS if text in label_of_change(words, kind, "", "").casefold())
    if not columns:
        texts = (*texts, "before", "after")
        objects = frozenset(name for name in OBJECTS if text in object_in_words(name).casefold())
        kinds |= {kind for kind in TAGS if text in " ".join(before_and_after(words, kind, "", "", "", "")).casefold()}
    return Word(text, texts, fields, objects, kinds)


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


def _heading(kind: str, sums: PlanSums, state: str) -> Line:
    counts = {name: sums.records.get((kind, name), 0) for name in OBJECTS}
    parts = [_counted(name, count) for name, count in counts.items() if count]
    if kind == "update":
        parts.append(counted(sums.tickable(kind), _tr("{0} field"), _tr("{0} fields")))
    text = ", ".join(parts)
    if kind == HELD:
        fate = {
            "held": _tr("nothing of this group is applied until you decide"),
            "applied": _tr("not applied: these wait for a decision of their own"),
            "approved": _tr("approved, and applied to whoever was still active"),
            "rejected": _tr("rejected: nobody was deactivated"),
        }
        text += f" — {fate[state]}" if state in fate else ""
    icon = "shield" if kind == HELD else TAGS[kind][1]
    tone = "warn" if kind == HELD else "error" if kind == "error" else "muted"
    key = PlanKey(kind, -1)
    return Line((Cell(title_of(kind), role="strong", icon=icon, icon_tone=tone, note=text),), key, is_heading=True)


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
