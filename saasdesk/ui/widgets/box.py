"""Rounded boxes with crisp edges."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from saasdesk.ui.theme import Theme


def draw_box(
    painter: QPainter,
    area: QRectF,
    radius: float,
    fill: QColor | None = None,
    edge: QColor | None = None,
    *,
    edge_width: float = 1,
    dashed: bool = False,
) -> None:
    """Fill and outline a rounded box; the outline lies wholly inside the area."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        pen = QPen(edge, edge_width)
        if dashed:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        inset = edge_width / 2
        area = area.adjusted(inset, inset, -inset, -inset)
        radius = max(0.0, radius - inset)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, radius, radius)
    painter.restore()


def draw_focus_ring(painter: QPainter, theme: Theme, area: QRectF, radius: float) -> QRectF:
    """The ring of whatever has the keyboard; returns what is left inside it."""
    width = theme.measure("focus")
    draw_box(painter, area, radius, edge=theme.color("accent"), edge_width=width)
    inset = width + theme.measure("focus-gap")
    return area.adjusted(inset, inset, -inset, -inset)


def draw_raised(widget: QWidget, theme: Theme) -> None:
    """The ground of what lies above the page: a panel, a message; for its paintEvent."""
    radius = theme.measure("radius-large")
    fill, edge = theme.color("raised"), theme.color("border")
    draw_box(QPainter(widget), area_of(widget), radius, fill, edge, edge_width=theme.edge)


def draw_frame(view: QAbstractScrollArea, theme: Theme, area: QRect) -> None:
    """The sharp frame around the part of a view that has the keyboard; for its paintEvent."""
    painter = QPainter(view.viewport())
    painter.setPen(QPen(theme.color("accent"), theme.measure("focus")))
    painter.drawRect(area)


def area_of(widget: QWidget) -> QRectF:
    """The whole of a widget, for painting."""
    return QRectF(widget.rect())
