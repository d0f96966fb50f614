"""The choice of a field's type, in the words of people."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.fields import FieldType


class FieldTypeBox(QComboBox):
    """Every type that a field can have, and what fits into it."""

    def __init__(self, chosen: FieldType = FieldType.SHORT_TEXT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for kind, words in _in_words().items():
            self.addItem(words, kind)
        self.setCurrentIndex(self.findData(chosen))

    @property
    def chosen(self) -> FieldType:
        """The type."""
        return FieldType(self.currentData())


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
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldTypeBox", text)
