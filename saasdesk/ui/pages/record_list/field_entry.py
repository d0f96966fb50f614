"""Where the value of a field is typed or chosen."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from saasdesk.fields import Field, FieldType

Entry = QLineEdit | QComboBox | QPlainTextEdit
_LINES = 3


def entry_for(field: Field, text: str = "") -> Entry:
    """A place to type a field's value, with what it can be where that is known."""
    choices = field.options or (field.lookup.kept if field.lookup is not None else ())
    if field.type is FieldType.FLAG:
        choices = ("true", "false")
    if choices:
        box = QComboBox()
        box.addItem("")
        box.addItems(list(choices))
        is_free = field.lookup is not None and not field.lookup.only_these
        box.setEditable(is_free)
        if box.findText(text) < 0 and not is_free:
            box.addItem(text)
        box.setCurrentText({"1": "true", "0": "false"}.get(text, text) if field.type is FieldType.FLAG else text)
        return box
    if field.type is FieldType.LONG_TEXT:
        lines = QPlainTextEdit(text)
        lines.setTabChangesFocus(True)
        lines.setFixedHeight(lines.fontMetrics().lineSpacing() * _LINES + 16)
        return lines
    line = QLineEdit(text)
    placeholder = {
        FieldType.DATE: _tr("2027-03-31"),
        FieldType.DATETIME: _tr("2027-03-31T08:30:00Z"),
    }.get(field.type, "")
    line.setPlaceholderText(placeholder)
    return line


def entered_text(entry: Entry) -> str:
    """What was typed."""
    if isinstance(entry, QComboBox):
        return entry.currentText()
    return entry.toPlainText() if isinstance(entry, QPlainTextEdit) else entry.text()


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecordForm", text)
