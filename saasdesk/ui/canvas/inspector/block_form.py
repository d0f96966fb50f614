"""The settings of one block, as its kind describes them: fields below each other, under tabs where it has several."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.canvas.inspector.around import Around
from saasdesk.ui.canvas.inspector.form_fields import FieldLine
from saasdesk.ui.canvas.inspector.names import Names
from saasdesk.ui.canvas.inspector.setting import Setting
from saasdesk.ui.canvas.inspector.tab_order import entry_of
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.chip import TabChip, exclusive
from saasdesk.ui.widgets.layouts import Column
from saasdesk.workflows.blocks import World
from saasdesk.workflows.blocks.form import FormField
from saasdesk.workflows.validation import Problem


class BlockForm(QWidget):
    """`edited` says the key, what stands there now (None: nothing any more), and whether it was typed.

    Fields that stay what they are keep their widgets: whoever types is not thrown out of a field by what they type.
    """

    edited = Signal(str, object, bool)

    def __init__(self, theme: Theme, around: Around) -> None:
        super().__init__()
        self._theme, self._around = theme, around
        self.lines: dict[str, FieldLine] = {}
        self.chips: dict[str, TabChip] = {}
        self._tab_of: dict[str, str] = {}
        self._fields: dict[str, FormField] = {}
        self._is_showing = False
        self.tabs = Flow(theme, gap=4)
        self.tabs.hide()
        # What belongs to no tab stands above them.
        self._above, self._below = Column(theme, gap=16), Column(theme, gap=16)
        column = Column(theme, gap=16)
        column.addLayout(self._above)
        column.addWidget(self.tabs)
        column.addLayout(self._below)
        self.setLayout(column)

    @property
    def tab(self) -> str:
        """The tab that is open; empty where there are none."""
        return next((tab for tab, chip in self.chips.items() if chip.isChecked()), "")

    @property
    def first_fault(self) -> str:
        """The key of the first field that says what is wrong with it; empty where all are right."""
        return next((key for key in self._fields if self.lines[key].has_problem), "")

    def open_tab(self, tab: str) -> None:
        """Show the fields of this tab."""
        if tab in self.chips:
            self.chips[tab].setChecked(True)

    def show_fields(
        self, fields: Sequence[FormField], settings: Mapping[str, Any], world: World, names: Callable[[], Names]
    ) -> None:
        """Show these fields, filled as the document is."""
        self._is_showing = True
        fields = list(_each_help_once(fields))
        self._fields = {field.key: field for field in fields}
        for gone in [key for key in self.lines if key not in self._fields]:
            self._drop(gone)
        places = {self._above: 0, self._below: 0}
        for field in fields:
            setting = Setting(field, world, names, self._around, settings)
            line = self.lines.get(field.key)
            if line is not None and not line.can_show(field):
                self._drop(field.key)
                line = None
            if line is None:
                line = self._make(setting)
            else:
                line.take_setting(setting)
            column = self._below if field.tab else self._above
            if column.indexOf(line) != places[column]:
                column.insertWidget(places[column], line)
            places[column] += 1
            self._tab_of[field.key] = field.tab
            shown = settings.get(field.key, field.default)
            if line.field.value() != shown:
                line.field.show_value(shown)
        self._show_tabs(list(dict.fromkeys(field.tab for field in fields if field.tab)))
        self._is_showing = False

    def show_problems(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Say at each field what is wrong with it; what belongs to no field comes back."""
        of_fields: dict[str, list[str]] = {}
        others = []
        for problem in problems:
            # "criteria.all[1]" and "branches[2].name" are said of the whole field.
            key = problem.subject.partition(".")[0].partition("[")[0]
            if key in self.lines:
                of_fields.setdefault(key, []).append(problem.message)
            else:
                others.append(problem)
        for key, line in self.lines.items():
            line.show_problem(" ".join(of_fields.get(key, ())))
        faulty = {self._tab_of[key] for key in of_fields}
        for tab, chip in self.chips.items():
            chip.set_icon("warning" if tab in faulty else "")
        return tuple(others)

    def focus_field(self, key: str) -> bool:
        """Take the keyboard to a field; False where there is none of that key."""
        line = self.lines.get(key)
        if line is None:
            return False
        self.open_tab(self._tab_of[key])
        entry_of(line.field).setFocus()
        return True

    def _make(self, setting: Setting) -> FieldLine:
        key = setting.field.key
        line = FieldLine(self._theme, setting)
        line.field.changed.connect(lambda: self._on_changed(key))
        self.lines[key] = line
        return line

    def _drop(self, key: str) -> None:
        line = self.lines.pop(key)
        line.hide()
        self._above.removeWidget(line)
        self._below.removeWidget(line)
        line.deleteLater()

    def _on_changed(self, key: str) -> None:
        if self._is_showing or key not in self.lines:
            return
        field, widget = self._fields[key], self.lines[key].field
        value = widget.value()
        # What is empty and has no other default is simply not in the document.
        is_empty = value is None or (not value and isinstance(value, str | list | dict) and not field.default)
        self.edited.emit(key, None if is_empty else value, widget.is_typed)

    def _show_tabs(self, tabs: list[str]) -> None:
        if list(self.chips) != tabs:
            opened = self.tab
            for chip in self.chips.values():
                self.tabs.take(chip)
            self.chips = {tab: TabChip(self._theme, tab) for tab in tabs}
            for place, chip in enumerate(self.chips.values()):
                self.tabs.insert(place, chip)
                chip.toggled.connect(self._show_tab)
            exclusive(list(self.chips.values()))
            self.open_tab(opened if opened in tabs else tabs[0] if tabs else "")
        self.tabs.setVisible(len(tabs) > 1)
        self._show_tab()

    def _show_tab(self) -> None:
        for key, line in self.lines.items():
            line.setVisible(self._tab_of[key] in ("", self.tab))


def _each_help_once(fields: Sequence[FormField]) -> Iterator[FormField]:
    """The fields, where two would say the same below them only the first."""
    said: set[str] = set()
    for field in fields:
        yield replace(field, help="") if field.help in said else field
        said.add(field.help)
