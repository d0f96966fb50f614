"""A text in several lines, as it is."""

from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QPlainTextEdit

from saasdesk.ui.canvas.inspector.setting import Setting, SettingField, text_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column


class LongText(QPlainTextEdit):
    """Tab leaves it, and undo is the workflow's: one for all fields."""

    def __init__(self, theme: Theme, name: str, height: int = 96) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(name)
        self.setFixedHeight(theme.px(height))


class LongTextField(SettingField):
    """A text of several lines."""

    is_typed = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.edit = LongText(theme, setting.field.label, 160)
        column = Column(theme, gap=0)
        column.addWidget(self.edit)
        self.setLayout(column)
        self.edit.textChanged.connect(self.changed)

    def value(self) -> Any:
        return self.edit.toPlainText()

    def show_value(self, value: Any) -> None:
        if self.edit.toPlainText() != text_of(value):
            with QSignalBlocker(self.edit):
                self.edit.setPlainText(text_of(value))
