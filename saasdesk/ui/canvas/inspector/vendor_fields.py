"""Which ready-made request, and which key sends it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox

from saasdesk.connectors import Preset
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.ui.canvas.inspector.pick_button import PickButton
from saasdesk.ui.canvas.inspector.picker import Entry, Picker, open_picker
from saasdesk.ui.canvas.inspector.plain_fields import choose
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField
from saasdesk.ui.harm import harm_of_preset
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.tag import Tag
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import Block
from saasdesk.workflows.requests import find_preset


class PresetField(SettingField):
    """Select Preset: a button that says what is chosen, and a list with a search behind it."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self._value = ""
        self.button = PickButton(theme, setting.field.label)
        self.button.clicked.connect(self.ask)
        self.danger = Tag(theme, "")
        self.documentation = LinkButton(theme, self.tr("Documentation"), "open")
        self.documentation.clicked.connect(lambda: self.setting.around.open_link(self.setting.field.link))
        below = Row(theme, gap=8)
        below.addWidget(self.danger)
        below.addWidget(self.documentation)
        below.addStretch(1)
        column = Column(theme, gap=4)
        column.addWidget(self.button)
        column.addLayout(below)
        self.setLayout(column)
        self._show()

    def value(self) -> str:
        return self._value

    def show_value(self, value: Any) -> None:
        self._value = value if isinstance(value, str) else ""
        self._show()

    def take_setting(self, setting: Setting) -> None:
        super().take_setting(setting)
        self._show()

    def ask(self) -> Picker:
        """Open the list."""
        entries = []
        for choice in self.setting.field.choices:
            preset = preset_called(self.setting.world, choice.value)
            harm = None if preset is None else harm_of_preset(preset)
            words, tone = ("", "neutral") if harm is None else (harm.word, harm.tone)
            entries.append(Entry(choice.value, choice.label, "", choice.hint, words, tone))
        return open_picker(self._theme, self.button, self.tr("Find a preset"), entries, self._take, 360)

    def _take(self, key: str) -> None:
        if key != self._value:
            self.show_value(key)
            self.changed.emit()

    def _title(self) -> str:
        """The preset's title with its vendor before it, unless that is said in it."""
        try:
            connector, preset = find_preset(self.setting.world.connectors, self._value)
        except UserError:
            return self._value
        return preset.title if preset.title.startswith(connector.title) else f"{connector.title} {preset.title}"

    def _show(self) -> None:
        preset = preset_called(self.setting.world, self._value)
        self.button.show_chosen(self._title(), self.tr("Select a preset…"))
        self.danger.setVisible(preset is not None)
        if preset is not None:
            harm = harm_of_preset(preset)
            self.danger.set_text(harm.word, harm.tone, harm.icon)
        self.documentation.setVisible(preset is not None and bool(self.setting.field.link))


class CredentialField(SettingField):
    """The credentials that fit, what the chosen one may do, and a way to a new one."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.box = QComboBox()
        self.box.setAccessibleName(setting.field.label)
        self.box.setPlaceholderText(self.tr("Choose a credential…"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.permission = Tag(theme, "")
        self.new = LinkButton(theme, self.tr("New credential…"), "plus")
        self.new.clicked.connect(self._on_new)
        below = Row(theme, gap=8)
        below.addWidget(self.permission)
        below.addWidget(self.new)
        below.addStretch(1)
        column = Column(theme, gap=4)
        column.addWidget(self.box)
        column.addLayout(below)
        self.setLayout(column)
        self._offer()
        self.box.currentIndexChanged.connect(self._on_chosen)

    def value(self) -> Any:
        return self.box.currentData()

    def show_value(self, value: Any) -> None:
        choose(self.box, value)
        self._show_permission()

    def take_setting(self, setting: Setting) -> None:
        chosen = self.value()
        super().take_setting(setting)
        self._offer()
        self.show_value(chosen)

    def _offer(self) -> None:
        with QSignalBlocker(self.box):
            self.box.clear()
            for choice in self.setting.field.choices:
                self.box.addItem(visible_text(choice.label), choice.value)
                self.box.setItemData(self.box.count() - 1, visible_text(choice.hint), Qt.ItemDataRole.ToolTipRole)
            self.box.setCurrentIndex(-1)
        self._show_permission()

    def _on_chosen(self) -> None:
        self._show_permission()
        self.changed.emit()

    def _show_permission(self) -> None:
        name = self.value()
        credential: Credential | None = self.setting.world.credentials.get(name) if isinstance(name, str) else None
        self.permission.setVisible(bool(name))
        if credential is None:
            self.permission.set_text(self.tr("Not there"), "error", "warning")
        elif credential.may_change:
            self.permission.set_text(self.tr("Read and act"), "ok", "check")
        else:
            self.permission.set_text(self.tr("Read"), "neutral", "eye")

    def _on_new(self) -> None:
        preset = self.setting.settings.get("preset")
        vendor = vendor_of_preset(self.setting.world, preset if isinstance(preset, str) else "")
        self.setting.around.ask_for_credential(vendor, self._take_new)

    def _take_new(self, name: str) -> None:
        self.show_value(name)
        self.changed.emit()


def preset_called(world: World, key: str) -> Preset | None:
    """The preset of this key, if a vendor has it."""
    try:
        return find_preset(world.connectors, key)[1]
    except UserError:
        return None


def vendor_of_preset(world: World, key: str) -> str:
    """The connector that has this preset; empty where none has."""
    try:
        return find_preset(world.connectors, key)[0].key
    except UserError:
        return ""


def title_with_preset(block: Block, settings: Mapping[str, Any], world: World) -> str:
    """What a block is called with other settings: one that is called as its preset goes by the new preset's name."""
    before, after = (preset_called(world, str(known.get("preset", ""))) for known in (block.settings, settings))
    is_called_so = before is not None and block.title == before.title
    return after.title if is_called_so and after is not None else block.title
