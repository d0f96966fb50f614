"""Somebody in a line: initials, name, an address, a note."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel


class InitialsRow(QWidget):
    """A line of a short list of people, with a hairline below."""

    HEIGHT = 36

    def __init__(self, theme: Theme, name: str, detail: str = "", note: str = "") -> None:
        super().__init__()
        self._theme = theme
        row = Row(theme, gap=12)
        row.addWidget(Monogram(theme, name, size=20))
        row.addWidget(PlainLabel(name, "name", elided=True), 2)
        row.addWidget(PlainLabel(detail, "body", "muted", elided=True), 3)
        row.addWidget(PlainLabel(note, "body", "muted"))
        self.setLayout(row)
        theme.changed.connect(self._rescale)
        self._rescale()

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = self._theme.edge
        QPainter(self).fillRect(0, self.height() - edge, self.width(), edge, self._theme.color("line"))

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(self.HEIGHT))
