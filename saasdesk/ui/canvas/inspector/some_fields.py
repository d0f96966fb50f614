"""Some of many fields: each a chip that can be removed, and a list with a search to add another."""

from typing import Any

from saasdesk.ui.canvas.inspector.picker import Entry, Picker, open_picker
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.chip import Chip
from saasdesk.ui.widgets.layouts import Column, Row


class FieldsField(SettingField):
    """The chosen ones in their order; one that is not there any more is shown by its id."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.chips: dict[str, Chip] = {}
        self._flow = Flow(theme, gap=4)
        self.add = LinkButton(theme, self.tr("Add a field"), "plus")
        self.add.clicked.connect(self.ask)
        foot = Row(theme, gap=0)
        foot.addWidget(self.add)
        foot.addStretch(1)
        column = Column(theme, gap=4)
        column.addWidget(self._flow)
        column.addLayout(foot)
        self.setLayout(column)
        self._flow.hide()

    def value(self) -> list[str]:
        return list(self.chips)

    def show_value(self, value: Any) -> None:
        chosen = [str(each) for each in value] if isinstance(value, list | tuple) else []
        for gone in [each for each in self.chips if each not in chosen]:
            self._flow.take(self.chips.pop(gone))
        for each in chosen:
            if each not in self.chips:
                self._put(each)
        self._flow.setVisible(bool(self.chips))

    def ask(self) -> Picker:
        """Open the list of those that are not chosen yet."""
        entries = [
            Entry(choice.value, choice.label, choice.hint)
            for choice in self.setting.field.choices
            if choice.value not in self.chips
        ]
        return open_picker(self._theme, self, self.tr("Find a field"), entries, self._take)

    def _take(self, key: str) -> None:
        self._put(key)
        self._flow.show()
        self.changed.emit()

    def _put(self, key: str) -> None:
        label = next((choice.label for choice in self.setting.field.choices if choice.value == key), key)
        chip = Chip(self._theme, visible_text(label))
        chip.removed.connect(lambda: self._remove(key))
        self.chips[key] = chip
        self._flow.insert(len(self.chips) - 1, chip)

    def _remove(self, key: str) -> None:
        self._flow.take(self.chips.pop(key))
        self._flow.setVisible(bool(self.chips))
        self.add.setFocus()
        self.changed.emit()
