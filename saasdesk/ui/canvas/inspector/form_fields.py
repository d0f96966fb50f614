"""Which widget shows which kind of field, and the line it stands on: label, field, help, what is wrong."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from saasdesk.ui.canvas.inspector.json_field import JsonField
from saasdesk.ui.canvas.inspector.list_fields import AnswersField, PairsField, PeopleField
from saasdesk.ui.canvas.inspector.long_text import LongTextField
from saasdesk.ui.canvas.inspector.plain_fields import (
    ChoiceField,
    ChoicesField,
    DurationField,
    NumberSetting,
    SegmentsField,
    StatusesField,
    TextField,
    TickField,
    fits_in_segments,
)
from saasdesk.ui.canvas.inspector.rule_fields import BranchesField, RuleField
from saasdesk.ui.canvas.inspector.schedule_field import ScheduleField
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField
from saasdesk.ui.canvas.inspector.some_fields import FieldsField
from saasdesk.ui.canvas.inspector.tab_order import entry_of
from saasdesk.ui.canvas.inspector.template_edit import LongTemplateField, TemplateField
from saasdesk.ui.canvas.inspector.vendor_fields import CredentialField, PresetField
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.blocks.form import FieldKind, FormField

# These offer other choices while they stay as they are.
_FOLLOWING = frozenset({FieldKind.PRESET, FieldKind.CREDENTIAL})


class FieldLine(QWidget):
    """One field of a form with everything around it."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__()
        self.field = make_field(theme, setting)
        self._shown = setting.field
        self._help = Paragraph(theme, role="secondary", tone="muted")
        column = Column(theme, gap=4)
        if not self.field.has_own_label:
            star = " *" if setting.field.required else ""
            self._caption = PlainLabel(f"{setting.field.label}{star}", "heading", elided=True)
            self._caption.setBuddy(entry_of(self.field))
            column.addWidget(self._caption)
        column.addWidget(self.field)
        column.addWidget(self._help)
        self.error = InlineError(theme, self.field if self.field.has_loose_parts else entry_of(self.field))
        column.addWidget(self.error)
        self.setLayout(column)
        self._show_help()

    def can_show(self, field: FormField) -> bool:
        """Whether the widget that is here serves for this field, too."""
        here = self._shown
        if field.kind in _FOLLOWING:
            return (field.key, field.kind, field.tab) == (here.key, here.kind, here.tab)
        return replace(field, default=None, help="", link="") == replace(here, default=None, help="", link="")

    def take_setting(self, setting: Setting) -> None:
        """Go on with other choices, or another help."""
        self._shown = setting.field
        self.field.take_setting(setting)
        self._show_help()

    def show_problem(self, message: str) -> None:
        """Say below the field what is wrong with it, unless it says something itself."""
        message = "" if self.field.own_problem else message
        if message != self.error.message:
            self.error.show_error(message)

    @property
    def has_problem(self) -> bool:
        """Whether anything is said to be wrong here."""
        return bool(self.error.message or self.field.own_problem)

    def _show_help(self) -> None:
        self._help.set_runs(self._shown.help)
        self._help.setVisible(bool(self._shown.help))


class InputsField(SettingField):
    """A heading, and a field for each thing that a preset needs."""

    is_typed = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.lines: dict[str, FieldLine] = {}
        column = Column(theme, gap=12)
        for part in setting.field.parts:
            line = FieldLine(theme, replace(setting, field=part))
            line.field.changed.connect(self.changed)
            self.lines[part.key] = line
            column.addWidget(line)
        self.setLayout(column)
        self._others: dict[str, Any] = {}

    def value(self) -> dict[str, Any]:
        filled = {part.key: self.lines[part.key].field.value() for part in self.setting.field.parts}
        usual = {part.key for part in self.setting.field.parts if part.default}
        # What another preset had is kept with the block until the workflow is checked.
        return {**self._others, **{key: value for key, value in filled.items() if value or key in usual}}

    def show_value(self, value: Any) -> None:
        given = value if isinstance(value, Mapping) else {}
        self._others = {key: text for key, text in given.items() if key not in self.lines}
        for part in self.setting.field.parts:
            self.lines[part.key].field.show_value(given.get(part.key, part.default))

    def take_setting(self, setting: Setting) -> None:
        super().take_setting(setting)
        for part in setting.field.parts:
            if part.key in self.lines:
                self.lines[part.key].take_setting(replace(setting, field=part))


def make_field(theme: Theme, setting: Setting) -> SettingField:
    """The widget for a field."""
    if setting.field.kind is FieldKind.CHOICE and fits_in_segments(setting.field):
        return SegmentsField(theme, setting)
    return FIELDS[setting.field.kind](theme, setting)


FIELDS: Mapping[FieldKind, type[SettingField]] = {
    FieldKind.TEXT: TextField,
    FieldKind.LONG_TEXT: LongTextField,
    FieldKind.TEMPLATE: TemplateField,
    FieldKind.LONG_TEMPLATE: LongTemplateField,
    FieldKind.JSON_TEMPLATE: JsonField,
    FieldKind.NUMBER: NumberSetting,
    FieldKind.DURATION: DurationField,
    FieldKind.TICK: TickField,
    FieldKind.CHOICE: ChoiceField,
    FieldKind.CHOICES: ChoicesField,
    FieldKind.FIELD: ChoiceField,
    FieldKind.FIELDS: FieldsField,
    FieldKind.CREDENTIAL: CredentialField,
    FieldKind.PRESET: PresetField,
    FieldKind.RULE: RuleField,
    FieldKind.SCHEDULE: ScheduleField,
    FieldKind.VALUES: PairsField,
    FieldKind.INPUTS: InputsField,
    FieldKind.PAIRS: PairsField,
    FieldKind.BRANCHES: BranchesField,
    FieldKind.PEOPLE: PeopleField,
    FieldKind.ACTIONS: ChoicesField,
    FieldKind.STATUSES: StatusesField,
    FieldKind.ANSWERS: AnswersField,
}
