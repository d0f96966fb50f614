"""Fields for one plain value: a text, a number, a choice."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from saasdesk.ui.canvas.inspector.setting import Setting, SettingField, text_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.stepped_fields import NumberField
from saasdesk.ui.widgets.type_ahead import TypeAhead
from saasdesk.workflows.blocks.form import Choice as OfferedChoice
from saasdesk.workflows.blocks.form import FormField

_FEW = 8
_MOST_SEGMENTS, _LONGEST_IN_SEGMENTS = 3, 30


class TextField(SettingField):
    """A text as it is."""

    is_typed = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.line = QLineEdit()
        self.line.setAccessibleName(setting.field.label)
        column = Column(theme, gap=0)
        column.addWidget(self.line)
        self.setLayout(column)
        self.line.textChanged.connect(lambda _text: self.changed.emit())

    def value(self) -> Any:
        return self.line.text()

    def show_value(self, value: Any) -> None:
        if self.line.text() != text_of(value):
            with QSignalBlocker(self.line):
                self.line.setText(text_of(value))


class StatusesField(TextField):
    """HTTP statuses, with commas between them. What is no number is kept, and found wrong when the block is checked."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.line.setPlaceholderText("200, 204")

    def value(self) -> list[Any]:
        parts = (part.strip() for part in self.line.text().split(","))
        return [int(part) if part.isascii() and part.isdigit() else part for part in parts if part]

    def show_value(self, value: Any) -> None:
        statuses = value if isinstance(value, list | tuple) else []
        # While somebody types, a comma at the end is no change.
        if self.value() != list(statuses):
            super().show_value(", ".join(str(each) for each in statuses))


class NumberSetting(SettingField):
    """A whole number."""

    is_typed = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.number = NumberField(theme, setting.field.label)
        row = Row(theme, gap=8)
        row.addWidget(self.number)
        row.addStretch(1)
        self.setLayout(row)
        self.number.valueChanged.connect(lambda _number: self.changed.emit())

    def value(self) -> int:
        return self.number.value()

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.number):
            self.number.setValue(_whole(value))


class DurationField(SettingField):
    """An amount of minutes, hours or days."""

    is_typed = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.amount = NumberField(theme, setting.field.label)
        # No wait at all is no amount: the setting is not there then.
        self.amount.setSpecialValueText(self.tr("none"))
        self.unit = QComboBox()
        self.unit.setAccessibleName(self.tr("Unit of {0}").format(setting.field.label))
        for choice in setting.field.choices:
            self.unit.addItem(visible_text(choice.label), choice.value)
        row = Row(theme, gap=8)
        row.addWidget(self.amount)
        row.addWidget(self.unit)
        row.addStretch(1)
        self.setLayout(row)
        self.amount.valueChanged.connect(lambda _amount: self.changed.emit())
        self.unit.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def value(self) -> dict[str, Any] | None:
        amount = self.amount.value()
        return {"amount": amount, "unit": self.unit.currentData()} if amount else None

    def show_value(self, value: Any) -> None:
        given = value if isinstance(value, dict) else {}
        with QSignalBlocker(self.amount), QSignalBlocker(self.unit):
            self.amount.setValue(_whole(given.get("amount")))
            self.unit.setCurrentIndex(max(0, self.unit.findData(given.get("unit"))))


class TickField(SettingField):
    """Yes or no."""

    has_own_label = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.box = QCheckBox(visible_text(setting.field.label))
        column = Column(theme, gap=0)
        column.addWidget(self.box)
        self.setLayout(column)
        self.box.toggled.connect(lambda _on: self.changed.emit())

    def value(self) -> bool:
        return self.box.isChecked()

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(value is True)


class ChoiceField(SettingField):
    """One of a few values, or of many that are found by typing. A value that is none of them is shown as it is."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.box = choice_box(setting.field.label, setting.field.choices, self.tr("Choose…"))
        column = Column(theme, gap=0)
        column.addWidget(self.box)
        self.setLayout(column)
        self.box.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def value(self) -> Any:
        return self.box.currentData()

    def show_value(self, value: Any) -> None:
        choose(self.box, value)


class SegmentsField(SettingField):
    """One of two or three values with short names, all in sight."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.segments = SegmentedControl(
            theme,
            setting.field.label,
            [Choice(choice.value, choice.label) for choice in setting.field.choices],
            str(setting.field.default),
        )
        row = Row(theme, gap=0)
        row.addWidget(self.segments)
        row.addStretch(1)
        self.setLayout(row)
        self.segments.chosen.connect(lambda _key: self.changed.emit())

    def value(self) -> str:
        return self.segments.current

    def show_value(self, value: Any) -> None:
        self.segments.set_current(str(value))


class ChoicesField(SettingField):
    """Some of a few values, each with a tick. One that is not offered any more is kept, and can be taken away."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self._column = Column(theme, gap=0)
        self.setLayout(self._column)
        self.boxes: dict[str, QCheckBox] = {}
        for choice in setting.field.choices:
            self._add(choice.value, choice.label, choice.hint)
        self.setAccessibleName(setting.field.label)

    def value(self) -> list[str]:
        return [value for value, box in self.boxes.items() if box.isChecked()]

    def show_value(self, value: Any) -> None:
        chosen = [str(each) for each in value] if isinstance(value, list | tuple) else []
        for each in chosen:
            if each not in self.boxes:
                self._add(each, each, self.tr("Not offered any more"))
        for known, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(known in chosen)

    def _add(self, value: str, label: str, hint: str) -> None:
        box = QCheckBox(visible_text(label))
        box.setToolTip(visible_text(hint))
        box.setAccessibleName(visible_text(label))
        box.toggled.connect(lambda _on: self.changed.emit())
        self.boxes[value] = box
        self._column.addWidget(box)


def choice_box(name: str, choices: tuple[OfferedChoice, ...], prompt: str) -> QComboBox:
    """A box with these choices; a long list is found by typing. `prompt` stands there while nothing is chosen."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setPlaceholderText(prompt)
    box.setMaxVisibleItems(14)
    for choice in choices:
        box.addItem(visible_text(choice.label), choice.value)
        if choice.hint:
            box.setItemData(box.count() - 1, visible_text(choice.hint), Qt.ItemDataRole.ToolTipRole)
    if len(choices) > _FEW:
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setCompleter(TypeAhead(box.model(), box))
        line = box.lineEdit()
        if line is not None:
            line.setPlaceholderText(prompt)
            # What was typed and is no choice gives way to what was chosen before.
            line.editingFinished.connect(lambda: _take_typed(box))
    box.setCurrentIndex(-1)
    return box


def choose(box: QComboBox, value: Any) -> None:
    """Show this value without saying so; one that is not among the choices is added as it is."""
    with QSignalBlocker(box):
        if value in (None, ""):
            box.setCurrentIndex(-1)
            return
        if box.findData(value) < 0:
            box.addItem(visible_text(text_of(value)), value)
        box.setCurrentIndex(box.findData(value))


def _take_typed(box: QComboBox) -> None:
    typed = box.findText(box.currentText().strip(), Qt.MatchFlag.MatchFixedString)
    if typed >= 0:
        box.setCurrentIndex(typed)
    else:
        box.setEditText(box.itemText(box.currentIndex()))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def fits_in_segments(field: FormField) -> bool:
    """Whether a choice can be shown as a row of segments: few, short, and one of them always on."""
    labels = [choice.label for choice in field.choices]
    is_set = any(choice.value == field.default for choice in field.choices)
    return is_set and 1 < len(labels) <= _MOST_SEGMENTS and sum(map(len, labels)) <= _LONGEST_IN_SEGMENTS
