"""A number with a word under it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class Counter(QWidget):
    """How many, of what: "700 read"."""

    def __init__(self, theme: Theme, number: str, word: str, tone: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = PlainLabel(number, "counter", tone, digits=True)
        self._word = PlainLabel(word, "secondary", "muted")
        column = Column(theme, gap=0)
        upper = Row(theme, gap=0)
        # As high as a link, so that both kinds can stand beside each other.
        upper.addStrut(theme.px(24))
        upper.addWidget(self._number)
        column.addLayout(upper)
        column.addWidget(self._word)
        self.setLayout(column)
        self.setAccessibleName(f"{number} {word}")

    def set_number(self, number: str) -> None:
        """Show another number."""
        self._number.set_text(number)
        self.setAccessibleName(f"{number} {self._word.text()}")


class CounterLink(QWidget):
    """The same where the number leads to what it counts; `wanted` asks for it."""

    wanted = Signal()

    def __init__(self, theme: Theme, number: str, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = LinkButton(theme, number, inline=True, role="counter")
        self.link.setAccessibleName(f"{number} {word}")
        self.link.clicked.connect(self.wanted)
        # A link has a little room at its sides; its number stands above the word all the same.
        upper = Row(theme, gap=0, margins=(-2, 0, 0, 0))
        upper.addWidget(self.link)
        upper.addStretch(1)
        column = Column(theme, gap=0)
        column.addLayout(upper)
        column.addWidget(PlainLabel(word, "secondary", "muted"))
        self.setLayout(column)
