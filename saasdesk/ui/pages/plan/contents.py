"""A kept plan as the page shows it: read and worded in a worker."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store
from saasdesk.sync import plans, rows, sessions
from saasdesk.sync.integration import Integration
from saasdesk.sync.rows import PlanLine, PlanRow, SessionRow
from saasdesk.ui.pages.integrations.moments import counted, number
from saasdesk.ui.pages.plan.lines import Cell, Line

HELD = "held"
KINDS = (HELD, "create", "update", "reactivate", "deactivate", "skip", "error")
_TAGS = {
    "create": ("ok", "plus"),
    "update": ("accent", "edit"),
    "reactivate": ("ok", "undo"),
    "deactivate": ("warn", "minus"),
    "skip": ("neutral", "chevron-right"),
    "error": ("error", "error"),
}


@dataclass(frozen=True, slots=True)
class PlanContents:
    """A plan with everything that is said about it."""

    plan: PlanRow
    session: SessionRow
    integration: Integration | None
    lines: tuple[PlanLine, ...]
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How many records of this kind; what is held is counted apart."""
        return len({line.seq for line in self.lines if group_of(line) == kind})


def read_plan(store: Store, number_of_plan: int, stop: threading.Event) -> PlanContents:
    """Read a kept plan with its session; raises a UserError when there is none."""
    plan = plans.find_plan(store, number_of_plan)
    session = sessions.find_session(store, plan.session)
    lines = () if stop.is_set() else tuple(plans.lines_of(store, number_of_plan))
    with store.reading() as db:
        integration = rows.integration_by_id(db, plan.integration)
        labels = {
            (kind.value, known.external_id): known.label
            for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.LICENCES)
            for known in list_fields(db, kind)
        }
    return PlanContents(plan, session, integration, lines, labels)


def group_of(line: PlanLine) -> str:
    """Which heading a line stands under."""
    return HELD if line.held else line.kind


def make_lines(contents: PlanContents, kind: str, text: str, stop: threading.Event) -> list[Line]:
    """The lines under their headings, narrowed to one kind and to what contains the text."""
    words = text.casefold().split()
    groups: dict[str, list[PlanLine]] = {name: [] for name in KINDS}
    for line in contents.lines:
        if stop.is_set():
            return []
        group = group_of(line)
        if (not kind or group == kind) and _matches(contents, line, words):
            groups[group].append(line)
    shown: list[Line] = []
    for name, members in groups.items():
        if members:
            shown.append(Line((Cell(_heading(name, members), role="strong"),), is_heading=True))
            shown.extend(_with_lines(contents, members))
    return shown


def _with_lines(contents: PlanContents, members: Sequence[PlanLine]) -> list[Line]:
    made: list[Line] = []
    last = -1
    for line in members:
        is_first, last = line.seq != last, line.seq
        tag, icon = _TAGS[line.kind]
        made.append(
            Line(
                (
                    Cell(kind_in_words(line.kind), tag=tag, icon="lock" if line.held else icon) if is_first else Cell(),
                    Cell(line.label, role="strong", has_monogram=bool(line.label)) if is_first else Cell(),
                    Cell(object_in_words(line.object), "muted") if is_first else Cell(),
                    Cell(label_of(contents, line)),
                    Cell(before_of(line), "muted"),
                    Cell(after_of(line), role="strong"),
                    Cell(line.reason if is_first else "", "muted"),
                ),
                line.seq,
            )
        )
    return made


def _matches(contents: PlanContents, line: PlanLine, words: list[str]) -> bool:
    if not words:
        return True
    texts = (line.label, label_of(contents, line), before_of(line), after_of(line), line.reason)
    everything = " ".join(texts).casefold()
    return all(word in everything for word in words)


def label_of(contents: PlanContents, line: PlanLine) -> str:
    """The field that changes, by its label; for the rest what happens to the record."""
    if line.field:
        return contents.labels.get((line.object, line.field), line.field)
    return _tr("Status") if line.kind in {"deactivate", "reactivate"} else ""


def before_of(line: PlanLine) -> str:
    """What is there now."""
    match line.kind:
        case "deactivate":
            return _tr("active")
        case "reactivate":
            return _tr("deactivated")
        case _:
            return "" if line.before is None else str(line.before)


def after_of(line: PlanLine) -> str:
    """What would be there."""
    match line.kind:
        case "deactivate":
            return _tr("deactivated")
        case "reactivate":
            return _tr("active")
        case "update" if line.after is None:
            return _tr("(empty)")
        case _:
            return "" if line.after is None else str(line.after)


def kind_in_words(kind: str) -> str:
    """The tag of a kind of change."""
    return {
        "create": _tr("create"),
        "update": _tr("update"),
        "reactivate": _tr("reactivate"),
        "deactivate": _tr("deactivate"),
        "skip": _tr("skip"),
        "error": _tr("error"),
    }.get(kind, kind)


def object_in_words(name: str) -> str:
    """What kind of record it is."""
    return {
        "people": _tr("Person"),
        "saas_users": _tr("SaaS user"),
        "licences": _tr("Licence"),
        "saas_applications": _tr("SaaS application"),
    }.get(name, name)


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


def _heading(kind: str, members: Sequence[PlanLine]) -> str:
    records = len({line.seq for line in members})
    text = counted(records, _tr("{0} record"), _tr("{0} records"))
    fields = sum(1 for line in members if line.field)
    if fields and kind in {"update", "create"}:
        text += f", {number(fields)} " + (_tr("field") if fields == 1 else _tr("fields"))
    if kind == HELD:
        text += " — " + _tr("nothing of this group is applied until you decide")
    return f"{title_of(kind)}   {text}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Plan", text)
