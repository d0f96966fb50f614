"""A box with a tick, for tables and lists that paint their own rows."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box


def paint_tick(painter: QPainter, theme: Theme, area: QRect, state: Qt.CheckState, *, enabled: bool = True) -> None:
    """Draw a check box of 16 px in the middle of an area."""
    side = theme.measure("check")
    box = QRectF(area.x() + (area.width() - side) // 2, area.y() + (area.height() - side) // 2, side, side)
    radius = theme.measure("radius-small")
    if state == Qt.CheckState.Unchecked:
        edge = theme.color("border" if enabled else "disabled")
        draw_box(painter, box, radius, theme.color("bg" if enabled else "neutral-tint"), edge, edge_width=theme.edge)
        return
    draw_box(painter, box, radius, theme.color("accent" if enabled else "neutral-tint"))
    icon = "check" if state == Qt.CheckState.Checked else "minus"
    theme.paint_icon(painter, box.toRect(), icon, "on-accent" if enabled else "disabled", 12)
