"""The choice of a field's type, in the words of people, and of the list in which a custom object is looked up."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.fields import FieldType, Lookup
from saasdesk.fields.custom_objects.objects import LOCATIONS
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.form_grid import FormGrid


class FieldTypeBox(QComboBox):
    """Every type that a field can have, and what fits into it."""

    def __init__(self, chosen: FieldType = FieldType.SHORT_TEXT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _keep_narrow(self)
        for kind, words in _in_words().items():
            self.addItem(words, kind)
        self.setCurrentIndex(self.findData(chosen))

    @property
    def chosen(self) -> FieldType:
        """The type."""
        return FieldType(self.currentData())


class LookupBox(QComboBox):
    """The lists that a custom object lookup can use; the first choice makes one, named after the field."""

    def __init__(self, lookups: Sequence[Lookup], chosen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _keep_narrow(self)
        self.addItem(_tr("A new list, named after the field"), None)
        for lookup in lookups:
            if lookup.custom_object != LOCATIONS:
                self.addItem(visible_text(lookup.label), lookup)
                if lookup.custom_object == chosen:
                    self.setCurrentIndex(self.count() - 1)

    def show_type(self, kind: FieldType, grid: FormGrid, *, is_new: bool = True) -> None:
        """Say what a field of this type is looked up on, if on anything, and let it be chosen where there is a choice.

        `grid` is where it stands.
        """
        has_choice = kind is FieldType.CUSTOM_OBJECT
        words = {
            FieldType.CUSTOM_OBJECT: _tr("A new list, named after the field"),
            FieldType.LOCATION: _tr("Locations"),
        }
        grid.set_shown(self, shown=kind in words)
        self.setItemText(0, words.get(kind, ""))
        if not has_choice:
            self.setCurrentIndex(0)
        self.setEnabled(has_choice and is_new)

    @property
    def chosen(self) -> Lookup | None:
        """The list; None where one is to be made."""
        chosen = self.currentData()
        return chosen if isinstance(chosen, Lookup) else None


def _keep_narrow(box: QComboBox) -> None:
    """The longest of its choices must not push a form beyond its dialog."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(20)


def _in_words() -> dict[FieldType, str]:
    return {
        FieldType.SHORT_TEXT: _tr("Short text, up to 256 characters"),
        FieldType.LONG_TEXT: _tr("Long text, up to 1,024 characters"),
        FieldType.NUMBER: _tr("Whole number"),
        FieldType.DECIMAL: _tr("Decimal number"),
        FieldType.DATE: _tr("Date"),
        FieldType.DATETIME: _tr("Date and time"),
        FieldType.FLAG: _tr("Yes or no"),
        FieldType.LIST: _tr("List, its items in a row"),
        FieldType.PERSON: _tr("Person: somebody in People, by username, e-mail address or name"),
        FieldType.LOCATION: _tr("Location, looked up among yours"),
        FieldType.CUSTOM_OBJECT: _tr("Custom object lookup, on a list of yours"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldTypeBox", text)
