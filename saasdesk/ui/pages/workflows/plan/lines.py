"""The records of a plan as lines: which way each takes, what that comes to, and how it came out once it was run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from saasdesk.ui.pages.workflows.plan.contents import (
    CHANGES,
    DESTROYS,
    HELD,
    KEPT_BACK,
    LOCAL,
    NOTHING,
    PROBLEM,
    PROTECTED,
    PlanContents,
)
from saasdesk.ui.tables.lines import Cell, Line
from saasdesk.ui.widgets.status_word import Status, status
from saasdesk.workflows.planning import Way


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind of way is called: the tag of a line, its title at the side, icon and tone."""

    tag: str
    title: str
    icon: str
    tone: str


def kinds() -> dict[str, KindWords]:
    """What a way can come to, the gravest first."""
    return {
        DESTROYS: KindWords(_tr("irreversible"), _tr("Irreversible"), "warning", "error"),
        CHANGES: KindWords(_tr("acts at a vendor"), _tr("Act at a vendor"), "edit", "warn"),
        LOCAL: KindWords(_tr("changes here"), _tr("Change here only"), "edit", "accent"),
        NOTHING: KindWords(_tr("changes nothing"), _tr("Change nothing"), "check", "neutral"),
        HELD: KindWords(_tr("held"), _tr("Held by the caps"), "shield", "warn"),
        PROTECTED: KindWords(_tr("protected"), _tr("Protected"), "lock", "neutral"),
        PROBLEM: KindWords(_tr("gets stuck"), _tr("Get stuck"), "error", "error"),
    }


class RecordTicks(QObject):
    """Which records are to go: everybody who can, less whom somebody unticked."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tickable: frozenset[int] = frozenset()
        self._unticked: set[int] = set()

    def begin(self, records: Iterable[int]) -> None:
        """Tick all of these; nothing else has a box."""
        self._tickable, self._unticked = frozenset(records), set()
        self.changed.emit()

    @property
    def ticked(self) -> frozenset[int]:
        """Who is to go."""
        return self._tickable - self._unticked

    @property
    def total(self) -> int:
        """How many could go."""
        return len(self._tickable)

    def state(self, line: Line) -> Qt.CheckState | None:
        """Whether the record of a line goes; None where that cannot be chosen."""
        if line.key not in self._tickable:
            return None
        return Qt.CheckState.Unchecked if line.key in self._unticked else Qt.CheckState.Checked

    def toggle(self, line: Line) -> None:
        """Take a record out, or back in."""
        if isinstance(line.key, int) and line.key in self._tickable:
            self._unticked ^= {line.key}
            self.changed.emit()


def line_of(contents: PlanContents, way: Way, outcomes: Mapping[int, Status]) -> Line:
    """One record."""
    kind = contents.kind_of(way)
    words = kinds()[kind]
    first = Cell(icon=words.icon if kind in KEPT_BACK else "", icon_tone="muted")
    outcome = outcomes.get(way.record)
    return Line(
        (
            first,
            Cell(way.label, role="name", has_monogram=True),
            Cell(" → ".join(step.title for step in way.steps), "muted"),
            Cell(words.tag, tag="accent" if words.tone == "accent" else words.tone, icon=words.icon),
            Cell(what_happens(way), "error" if kind == PROBLEM else "text"),
            Cell(status=outcome) if outcome is not None else Cell("—", "muted"),
        ),
        way.record,
    )


def what_happens(way: Way) -> str:
    """The requests and changes of a way in one line, or why it ends early."""
    if way.problem:
        return way.problem
    requests = [request.line for request in way.requests]
    changes = [f"{change.label}: {shown(change.before)} → {shown(change.after)}" for change in way.changes]
    return " · ".join([*requests, *changes]) or _tr("Nothing is sent, nothing changes")


def shown(value: object) -> str:
    """A value as people read it."""
    return _tr("empty") if value is None or value == "" else str(value)


def matches(way: Way, text: str) -> bool:
    """Whether a record is meant by what was typed into the filter."""
    said = " ".join((way.label, what_happens(way), *way.names, *(step.title for step in way.steps))).casefold()
    return all(word in said for word in text.casefold().split())


def waits() -> Status:
    """What stands in a line whose turn comes."""
    return status("waiting")


def _tr(text: str) -> str:
    return QCoreApplication.translate("WorkflowPlan", text)
