"""A button that looks like a box of choices, for lists that are too long for one."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import PaintedButton


class PickButton(PaintedButton):
    """Says what is chosen, like a box of choices; the list opens below it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme)
        self._name = name
        self._is_empty = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_chosen(self, text: str, prompt: str) -> None:
        """Show what is chosen; the prompt, where nothing is."""
        self._is_empty = not text
        self.setText(visible_text(text or prompt))
        self.setAccessibleName(f"{self._name}: {visible_text(text or prompt)}")
        self.setToolTip(escaped_tip(text))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.measure("control"))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(80), self._theme.measure("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        edge, width = ("accent", theme.measure("focus")) if self.has_ring else ("border", theme.edge)
        if self.underMouse() and not self.has_ring:
            edge = "text"
        draw_box(
            painter, area_of(self), theme.measure("radius"), theme.color("raised"), theme.color(edge), edge_width=width
        )
        is_rtl, side = self.isRightToLeft(), theme.px(26)
        arrow = self.rect()
        arrow.setWidth(side)
        if not is_rtl:
            arrow.moveRight(self.rect().right())
        theme.paint_icon(painter, arrow, "chevron-down", "muted", 12)
        gap = theme.px(10)
        inside = self.rect().adjusted(side if is_rtl else gap, 0, -gap if is_rtl else -side, 0)
        painter.setPen(theme.color("muted" if self._is_empty else "text"))
        painter.setFont(theme.font("body"))
        align = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        words = painter.fontMetrics().elidedText(self.label, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(align | Qt.AlignmentFlag.AlignVCenter), words)
