"""The filters of a table as sentences, each of which can be changed or taken away."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.records.listing import Column
from saasdesk.rules import Rule
from saasdesk.ui.tables.filter_words import joined, missing_fields, parts_of, runs_of
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.chip import Chip
from saasdesk.ui.widgets.paragraph import Run


class FilterBar(Flow):
    """Which records, then a chip for each filter, then the way to one more."""

    rule_changed = Signal(object)
    active_changed = Signal(object)
    add_wanted = Signal()
    change_wanted = Signal(int)
    ungroup_wanted = Signal()
    group_menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._rule: Rule | None = None
        self._said: list[tuple[Run, ...]] = []
        self._missing: list[tuple[str, ...]] = []
        self.chips: list[Chip] = []
        self.active = OutlinedButton(theme)
        self._choices = self._make_choices()
        self.add = LinkButton(theme, self.tr("Add filter"), icon="plus")
        self.group: Chip | None = None
        self._group_title = ""
        self.insert(0, self.active)
        self.insert(1, self.add)
        self.add.clicked.connect(self.add_wanted)
        self.show_active(active=True)

    @property
    def rule(self) -> Rule | None:
        """All filters as one rule."""
        return self._rule

    def show_active(self, active: bool | None) -> None:
        """Show which records are listed."""
        action = self._choices[active]
        action.setChecked(True)
        self.active.setText(action.text())
        self.active.setAccessibleName(self.tr("Listed records: {0}").format(action.text()))

    def show_rule(self, rule: Rule | None, columns: Mapping[str, Column]) -> None:
        """Show the filters."""
        said = [runs_of(part, columns) for part in parts_of(rule)]
        # Before it is known which columns there are, no filter can be said to be broken.
        missing = [missing_fields(part, columns) if columns else () for part in parts_of(rule)]
        is_shown = (rule, said, missing) == (self._rule, self._said, self._missing)
        self._rule, self._said, self._missing = rule, said, missing
        if is_shown:
            return
        has_focus = any(chip.hasFocus() or chip.isAncestorOf(self.focusWidget()) for chip in self.chips)
        for chip in self.chips:
            self.take(chip)
        self.chips = []
        for place, runs in enumerate(said):
            chip = Chip(self._theme, *runs)
            chip.setAccessibleDescription(self.tr("Press Enter to change the filter, Delete to take it away"))
            if missing[place]:
                reason = self.tr("“{0}” is no longer a field here. Take the filter away, or choose another field.")
                chip.set_broken(reason.format("”, “".join(missing[place])))
            chip.clicked.connect(self._on_chip_clicked)
            chip.removed.connect(self._on_chip_removed)
            self.insert(1 + place, chip)
            self.chips.append(chip)
        if has_focus:
            # Whoever took a filter away by keyboard goes on with the next one.
            (self.chips[0] if self.chips else self.add).setFocus()

    def show_group(self, title: str) -> None:
        """Show by what the list is grouped; empty when it is not."""
        if title == self._group_title:
            return
        self._group_title = title
        if self.group is not None:
            self.take(self.group)
            self.group = None
        if title:
            chip = Chip(self._theme, Run(self.tr("Grouped by ")), Run(title, strong=True))
            chip.setAccessibleDescription(self.tr("Press Enter for more, Delete to take the groups away"))
            chip.clicked.connect(lambda: self.group_menu_wanted.emit(chip.mapToGlobal(chip.rect().bottomLeft())))
            chip.removed.connect(self.ungroup_wanted)
            self.insert(2 + len(self.chips), chip)
            self.group = chip

    def put(self, rule: Rule, place: int | None = None) -> None:
        """Add a filter, or put it in the place of another one; of several that must all hold each is a chip."""
        parts = list(parts_of(self._rule))
        start = len(parts) if place is None else place
        parts[start : start + 1] = parts_of(rule)
        self.rule_changed.emit(joined(parts))

    def _on_chip_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip) and chip in self.chips:
            self.change_wanted.emit(self.chips.index(chip))

    def _on_chip_removed(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip) and chip in self.chips:
            self._remove(self.chips.index(chip))

    def _remove(self, place: int) -> None:
        parts = list(parts_of(self._rule))
        del parts[place]
        self.rule_changed.emit(joined(parts))

    def _make_choices(self) -> dict[bool | None, QAction]:
        menu = QMenu(self.active)
        group = QActionGroup(menu)
        names = {True: self.tr("Active"), False: self.tr("Deactivated"), None: self.tr("All")}
        actions: dict[bool | None, QAction] = {}
        for active, name in names.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            group.addAction(action)
            actions[active] = action
        group.triggered.connect(self._on_choice)
        self.active.setMenu(menu)
        return actions

    def _on_choice(self, chosen: QAction) -> None:
        active = next(active for active, action in self._choices.items() if action is chosen)
        self.show_active(active)
        self.active_changed.emit(active)
