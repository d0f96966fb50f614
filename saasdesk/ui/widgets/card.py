"""A box on the page for things that belong together."""

from enum import Enum
from functools import partial

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.layouts import Column, Margins, Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class CardEdge(Enum):
    """What the outline of a card says."""

    PLAIN = "plain"
    BUSY = "busy"
    CHOSEN = "chosen"
    EMPTY = "empty"
    NONE = "none"


_EDGE_TOKENS = {
    CardEdge.PLAIN: "line",
    CardEdge.BUSY: "accent",
    CardEdge.CHOSEN: "accent",
    CardEdge.EMPTY: "line-strong",
    CardEdge.NONE: "",
}


class Card(QFrame):
    """Fill it through `body`; `add_title` puts a heading with actions at its right."""

    def __init__(
        self,
        theme: Theme,
        *,
        edge: CardEdge = CardEdge.PLAIN,
        fill: str = "raised",
        gap: int = 8,
        margins: Margins = (16, 12),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edge = edge
        self._fill = fill
        self.body = Column(theme, gap=gap, margins=margins)
        self.setLayout(self.body)

    def set_edge(self, edge: CardEdge) -> None:
        """Draw the outline in another way."""
        self._edge = edge
        self.update()

    def add_title(self, title: str, *widgets: QWidget, role: str = "section") -> PlainLabel:
        """A heading; the widgets stand at the right end of its line."""
        row = Row(self._theme)
        row.hold_height(partial(self._theme.measure, "control"))
        label = PlainLabel(title, role)
        row.addWidget(label)
        row.addStretch(1)
        for widget in widgets:
            row.addWidget(widget)
        self.body.addLayout(row)
        return label

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        edge = _EDGE_TOKENS[self._edge]
        width = theme.measure("focus") if self._edge is CardEdge.CHOSEN else theme.edge
        is_empty = self._edge is CardEdge.EMPTY
        draw_box(
            QPainter(self),
            area_of(self),
            theme.measure("radius-large"),
            None if is_empty else theme.color(self._fill),
            theme.color(edge) if edge else None,
            edge_width=width,
            dashed=is_empty,
        )
