"""A rounded outline round a table or a list."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.layouts import Column


class Boxed(QFrame):
    """A widget in a box of its own."""

    def __init__(self, theme: Theme, inside: QWidget) -> None:
        super().__init__()
        self._theme = theme
        column = Column(theme, gap=0, margins=1)
        column.addWidget(inside)
        self.setLayout(column)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        radius = theme.measure("radius-small")
        draw_box(QPainter(self), self.rect().toRectF(), radius, None, theme.color("line"), edge_width=theme.edge)
