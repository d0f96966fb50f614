"""A number with a word under it."""

from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.plain_label import PlainLabel


class Counter(QWidget):
    """How many, of what: "700 read"."""

    def __init__(self, theme: Theme, number: str, word: str, tone: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = PlainLabel(number, "counter", tone, digits=True)
        self._word = PlainLabel(word, "secondary", "muted")
        column = Column(theme, gap=0)
        column.addWidget(self._number)
        column.addWidget(self._word)
        self.setLayout(column)
        self.setAccessibleName(f"{number} {word}")

    def set_number(self, number: str) -> None:
        """Show another number."""
        self._number.set_text(number)
        self.setAccessibleName(f"{number} {self._word.text()}")
