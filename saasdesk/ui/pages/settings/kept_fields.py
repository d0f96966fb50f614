"""Fields that are settings: each is kept as soon as it is entered, or says why it cannot be and stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from saasdesk.settings import Settings, help_for, setting_text, why_not
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.hours_field import HoursField
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.segmented_control import SegmentedControl
from saasdesk.ui.widgets.stepped_fields import NumberField


@dataclass(frozen=True, slots=True)
class _Field:
    """How a widget's entry is read and shown, as an admin would type it in the shell."""

    widget: QWidget
    error: InlineError
    read: Callable[[], str]
    show: Callable[[str], object]


class KeptFields(QObject):
    """The settings of one section; `chosen` names the one that is to be kept, and its value."""

    chosen = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._fields: dict[str, _Field] = {}
        self._kept: dict[str, str] = {}
        # What is on its way: whoever changes their mind meanwhile is heard all the same.
        self._asked: dict[str, str] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """Which settings there are fields for."""
        return tuple(self._fields)

    @property
    def errors(self) -> Mapping[str, InlineError]:
        """What is wrong with each, by the name of the setting."""
        return {key: field.error for key, field in self._fields.items()}

    def add(self, grid: FormGrid, key: str, label: str, widget: QWidget, more: str = "") -> None:
        """A field in a form, with what the setting is for below it; `more` says what only the window has to say."""
        help_line = " ".join(part for part in (help_text(key), more) if part)
        self.bind(key, widget, grid.add_field(label, widget, help_line))

    def bind(self, key: str, widget: QWidget, error: InlineError) -> None:
        """A field that lies somewhere already."""
        match widget:
            case QLineEdit() as edit:
                field = _Field(edit, error, lambda: edit.text().strip(), edit.setText)
                edit.editingFinished.connect(lambda: self.offer(key))
            case NumberField() as number:
                field = _Field(
                    number, error, lambda: str(number.value()), lambda text: number.setValue(int(text or "0"))
                )
                number.editingFinished.connect(lambda: self.offer(key))
            case SegmentedControl() as control:
                field = _Field(control, error, lambda: control.current, control.set_current)
                control.chosen.connect(lambda _choice: self.offer(key))
            case QCheckBox() as box:
                field = _Field(
                    box,
                    error,
                    lambda: "true" if box.isChecked() else "false",
                    lambda text: box.setChecked(text == "true"),
                )
                box.clicked.connect(lambda: self.offer(key))
            case HoursField() as hours:
                field = _Field(hours, error, hours.text, hours.set_text)
                hours.entered.connect(lambda: self.offer(key))
            case QComboBox() as combo if combo.isEditable():
                field = _Field(combo, error, lambda: combo.currentText().strip(), combo.setCurrentText)
                combo.activated.connect(lambda: self.offer(key))
                line = combo.lineEdit()
                if line is not None:
                    line.editingFinished.connect(lambda: self.offer(key))
            case QComboBox() as combo:
                field = _Field(
                    combo,
                    error,
                    lambda: str(combo.currentData()),
                    lambda text: combo.setCurrentIndex(combo.findData(text)),
                )
                combo.activated.connect(lambda: self.offer(key))
            case _:
                raise TypeError(widget)
        self._fields[key] = field

    def show_settings(self, settings: Settings) -> None:
        """Show what is kept; what is being typed, or was refused, stays."""
        for key, field in self._fields.items():
            text = setting_text(getattr(settings, key))
            is_being_changed = field.read() != self._kept.get(key, field.read())
            if not is_being_changed:
                with QSignalBlocker(field.widget):
                    field.show(text)
            self._kept[key] = text

    def note_kept(self, key: str, text: str) -> None:
        """It is kept."""
        self._kept[key] = text
        self._asked.pop(key, None)
        self._fields[key].error.clear()

    def show_refused(self, key: str, reason: str) -> None:
        """What was entered cannot be."""
        self._asked.pop(key, None)
        self._fields[key].error.show_error(reason)

    def offer(self, key: str) -> None:
        """Have what stands in the field kept, if it can be."""
        field = self._fields[key]
        text = field.read()
        reason = why_not(key, text)
        if text == self._asked.get(key, self._kept.get(key)):
            field.error.clear()
        elif reason:
            self.show_refused(key, f"{text or self.tr('Nothing')} cannot be kept: {reason}.")
        else:
            self._asked[key] = text
            self.chosen.emit(key, text)


def help_text(key: str) -> str:
    """What a setting is for, in the words of the shell, as a sentence."""
    words = help_for(key)
    return f"{words[:1].upper()}{words[1:]}."
