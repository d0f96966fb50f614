"""What of a plan is to be applied: everything that can be, less what somebody unticked."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, Qt, Signal

from saasdesk.sync.plan_index import GROUPS, PlanSums
from saasdesk.sync.previews.rows import Unticked
from saasdesk.ui.pages.plan.contents import PlanKey, PlanLines
from saasdesk.ui.tables.lines import Line

# A change as a box stands for it: number of the record in the plan, field of an update or "", and what it is about.
Change = tuple[int, str]


class Ticks(QObject):
    """For one look at one plan: nothing of it is remembered."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sums = PlanSums({}, {})
        self._unticked: dict[str, set[Change]] = {group: set() for group in GROUPS}
        self.is_open = False
        self.lines: PlanLines | None = None

    def begin(self, sums: PlanSums, *, is_open: bool) -> None:
        """Tick everything; `is_open` says whether the plan can be applied at all."""
        self._sums, self.is_open = sums, is_open
        for changes in self._unticked.values():
            changes.clear()
        self.changed.emit()

    @property
    def unticked(self) -> Unticked:
        """What is left out."""
        return frozenset(change for changes in self._unticked.values() for change in changes)

    @property
    def count(self) -> int:
        """How many changes are ticked."""
        return self.total - sum(len(changes) for changes in self._unticked.values())

    @property
    def total(self) -> int:
        """How many could be."""
        return self._sums.changes

    def is_tickable(self, group: str) -> bool:
        """Whether the lines of this group have a box."""
        return self.is_open and bool(self._sums.tickable(group))

    def is_unticked(self, group: str, change: Change) -> bool:
        """Whether this change is left out."""
        return change in self._unticked[group]

    def of_group(self, group: str) -> Qt.CheckState:
        """Whether all of a group is ticked, or some, or nothing."""
        left_out = len(self._unticked[group])
        if not left_out:
            return Qt.CheckState.Checked
        everything = left_out >= self._sums.tickable(group)
        return Qt.CheckState.Unchecked if everything else Qt.CheckState.PartiallyChecked

    def unticked_of(self, group: str, records: frozenset[int]) -> int:
        """How many of these records are left out."""
        return sum(1 for record, _ in self._unticked[group] if record in records)

    # What a table asks

    def state(self, line: Line) -> Qt.CheckState | None:
        """Whether the line is ticked; None where it has no box."""
        key = line.key
        if not isinstance(key, PlanKey) or not key.has_box or not self.is_tickable(key.group):
            return None
        if line.is_heading:
            return self.of_group(key.group)
        return Qt.CheckState.Unchecked if self.is_unticked(key.group, key[1:3]) else Qt.CheckState.Checked

    def toggle(self, line: Line) -> None:
        """Tick or untick a line, or with a heading all that are shown under it."""
        key, state = line.key, self.state(line)
        if isinstance(key, PlanKey) and state is not None:
            changes: Iterable[Change] = (key[1:3],)
            if line.is_heading:
                changes = self._all_shown(key.group)
            self.set_ticked(key.group, changes, ticked=state is not Qt.CheckState.Checked)

    def _all_shown(self, group: str) -> Iterator[Change]:
        if self.lines is not None:
            for record, field in self.lines.places.all_of(group):
                yield record, field if group == "update" else ""

    def set_ticked(self, group: str, changes: Iterable[Change], *, ticked: bool) -> None:
        """Tick or untick some changes of a group."""
        if ticked:
            self._unticked[group].difference_update(changes)
        else:
            self._unticked[group].update(changes)
        self.changed.emit()
