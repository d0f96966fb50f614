"""How the parts of a chart are told apart: by colour and by pattern, so that nobody needs to see the colours."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen

from saasdesk.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Look:
    """A colour, and lines over it; a hollow one has its lines on nothing, within an outline."""

    token: str
    pattern: Qt.BrushStyle = Qt.BrushStyle.NoBrush
    is_hollow: bool = False


_PARTS = (
    Look("accent"),
    Look("warn"),
    Look("ok", Qt.BrushStyle.FDiagPattern),
    Look("demo", Qt.BrushStyle.VerPattern),
    Look("error", Qt.BrushStyle.CrossPattern),
)
_ASIDE = (
    Look("muted", Qt.BrushStyle.BDiagPattern, is_hollow=True),
    Look("muted", Qt.BrushStyle.Dense6Pattern, is_hollow=True),
)


def looks_of(asides: list[bool]) -> list[Look]:
    """A look for each part, in their order; those that are aside are hollow."""
    looks, parts, aside = [], 0, 0
    for is_aside in asides:
        if is_aside:
            looks.append(_ASIDE[aside % len(_ASIDE)])
            aside += 1
        else:
            looks.append(_PARTS[parts % len(_PARTS)])
            parts += 1
    return looks


def draw_mark(painter: QPainter, theme: Theme, area: QRectF, look: Look, radius: float = 2) -> None:
    """Fill an area in a look."""
    shape = QPainterPath()
    inside = theme.edge / 2 if look.is_hollow else 0
    shape.addRoundedRect(area.adjusted(inside, inside, -inside, -inside), radius, radius)
    fill_shape(painter, theme, shape, look)


def fill_shape(painter: QPainter, theme: Theme, shape: QPainterPath, look: Look) -> None:
    """Fill any shape in a look."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.is_hollow:
        painter.fillPath(shape, QBrush(theme.color(look.token), look.pattern))
        painter.setPen(QPen(theme.color(look.token), theme.edge))
        painter.drawPath(shape)
    else:
        painter.fillPath(shape, theme.color(look.token))
        if look.pattern is not Qt.BrushStyle.NoBrush:
            painter.fillPath(shape, QBrush(theme.color("raised"), look.pattern))
    painter.restore()
