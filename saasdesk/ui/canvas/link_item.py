"""A wire on the canvas."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from saasdesk.ui.canvas.block_item import paint_plus
from saasdesk.ui.canvas.changes import CHANGES
from saasdesk.ui.canvas.ink import FAR, Ink, zoom_of
from saasdesk.ui.canvas.shapes import REACH
from saasdesk.ui.visible_text import visible_text
from saasdesk.workflows.graph import FAILURE, Link

# How wide wires are; no wider than a pixel, Qt draws them by a much quicker way.
_STRONG, _USUAL, _THIN = 2.25, 1.75, 1.0
_CENTER = int(Qt.AlignmentFlag.AlignCenter)
# What is written on a wire stands above its middle, where the sign for adding something is; where it would lie on a
# block, above the blocks and their badges. It takes no more room than this.
_LABEL_WIDTH, _LABEL_HEIGHT, _LABEL_ABOVE, _ABOVE_BADGES = 160.0, 16.0, 22.0, 12.0


class LinkItem(QGraphicsItem):
    """Draws one link; where it goes is told by the scene."""

    def __init__(self, ink: Ink, link: Link) -> None:
        super().__init__()
        self._ink, self.link = ink, link
        self.path = QPainterPath()
        self.straight = QLineF()
        self._lines: list[QLineF] = []
        self._curves: list[tuple[QRectF, QPainterPath]] = []
        self._bounds = QRectF()
        # What is written on it as far as there is room, and where.
        self._label, self._label_room = "", QRectF()
        self.is_selected = self.is_hovered = self.is_traced = self.is_blamed = False
        self.count: int | None = None
        # "added" or "removed", where two versions are compared.
        self.change = ""
        # One of so many that lead to a block that they are drawn thin: a thin line takes a tenth of the time.
        self.is_crowded = False
        # Whether the name of an outlet stands where it begins.
        self.is_labelled = False
        self.setZValue(1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def lay(self, path: QPainterPath, around: Sequence[QRectF] = ()) -> None:
        """Go another way; a label keeps off what is `around`."""
        self.prepareGeometryChange()
        self.path = path
        self.straight = QLineF(QPointF(path.elementAt(0).x, path.elementAt(0).y), path.currentPosition())
        self._lines, self._curves = _pieces(path)
        self._bounds = path.boundingRect().adjusted(-24, -24, 24, 24)
        self._place_label(around)

    def _place_label(self, around: Sequence[QRectF]) -> None:
        if not self.link.label:
            return
        metrics, middle = self._ink.label_metrics, self.middle
        self._label = metrics.elidedText(visible_text(self.link.label), Qt.TextElideMode.ElideRight, _LABEL_WIDTH)
        width = metrics.horizontalAdvance(self._label) + 8
        self._label_room = QRectF(middle.x() - width / 2, middle.y() - _LABEL_ABOVE, width, _LABEL_HEIGHT)
        if any(each.intersects(self._label_room) for each in around):
            self._label_room.moveBottom(min(each.top() for each in around) - _ABOVE_BADGES)
        self._bounds = self._bounds.united(self._label_room.adjusted(-1, -1, 1, 1))

    @property
    def _count_at(self) -> QPointF:
        # Beyond the names of outlets, where the block has several.
        return self.path.pointAtPercent(0.72 if self.is_labelled else 0.5)

    @property
    def middle(self) -> QPointF:
        """Where something can be put in between."""
        return self.path.pointAtPercent(0.5)

    def is_near(self, point: QPointF) -> bool:
        """Whether a press at this point means the wire."""
        if not self._bounds.contains(point):
            return False
        stroker = QPainterPathStroker()
        stroker.setWidth(REACH)
        return stroker.createStroke(self.path).contains(point)

    def is_plus(self, point: QPointF) -> bool:
        """Whether a press at this point means to put something in between."""
        away = point - self.middle
        return self._has_plus and abs(away.x()) <= REACH and abs(away.y()) <= REACH

    def set_look(
        self, *, selected: bool | None = None, hovered: bool | None = None, blamed: bool | None = None
    ) -> None:
        """Draw it another way; None leaves a thing as it is."""
        before = (self.is_selected, self.is_hovered, self.is_blamed)
        self.is_selected = self.is_selected if selected is None else selected
        self.is_hovered = self.is_hovered if hovered is None else hovered
        self.is_blamed = self.is_blamed if blamed is None else blamed
        if before != (self.is_selected, self.is_hovered, self.is_blamed):
            self.setZValue(1.5 if self.is_selected or self.is_hovered else 1)
            self.update()

    def show_trace(self, *, traced: bool, count: int | None) -> None:
        """Show how many records took it in a run."""
        self.is_traced, self.count = traced, count
        self.update()

    def show_change(self, change: str) -> None:
        """Show that only one of two versions has it."""
        self.change = change
        self.update()

    @property
    def _has_plus(self) -> bool:
        return (self.is_hovered or self.is_selected) and not self.is_traced

    @property
    def _tone(self) -> str:
        if self.is_blamed:
            return "error"
        if self.change:
            return CHANGES[self.change].tone
        if self.is_selected:
            return "accent"
        if self.is_traced and self.count:
            return "error" if self.link.outlet == FAILURE else "ok"
        return "text" if self.is_hovered else "border"

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if zoom_of(painter) < FAR:
            return
        if self.is_traced and not self.count:
            painter.setOpacity(0.4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_strong = self.is_selected or self.is_blamed or (self.is_traced and bool(self.count))
        usual = _THIN if self.is_crowded else _USUAL
        pen = self._ink.pen(self._tone, _STRONG if is_strong or self.change else usual)
        if self.change == "removed":
            pen = QPen(pen)
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        # Piece by piece, and no curve that is out of sight: stroking a long wire as a whole is slow.
        painter.drawLines(self._lines)
        exposed = option.exposedRect
        for bounds, curve in self._curves:
            if bounds.intersects(exposed):
                painter.drawPath(curve)
        if self._label:
            self._paint_words(painter, self._label, self._label_room, self._ink.label_font)
        if self._has_plus:
            paint_plus(painter, self._ink, self.middle)
        elif self.is_traced and self.count:
            self._paint_count(painter, f"{self.count:,}")

    def _paint_count(self, painter: QPainter, words: str) -> None:
        ink, middle = self._ink, self._count_at
        width = ink.pill_metrics.horizontalAdvance(words) + 10
        self._paint_words(painter, words, QRectF(middle.x() - width / 2, middle.y() - 9, width, 18), ink.pill_font)

    def _paint_words(self, painter: QPainter, words: str, room: QRectF, font: QFont) -> None:
        painter.fillRect(room, self._ink.color("surface"))
        painter.setFont(font)
        painter.setPen(self._ink.color("text"))
        painter.drawText(room, _CENTER, words)


def _pieces(path: QPainterPath) -> tuple[list[QLineF], list[tuple[QRectF, QPainterPath]]]:
    """The straight pieces of a wire, and the bent ones with where they are."""
    lines: list[QLineF] = []
    curves: list[tuple[QRectF, QPainterPath]] = []
    at = QPointF()
    points = [path.elementAt(number) for number in range(path.elementCount())]
    number = 0
    while number < len(points):
        element = points[number]
        to = QPointF(element.x, element.y)
        if element.isLineTo():
            lines.append(QLineF(at, to))
        elif element.isCurveTo():
            second, end = points[number + 1], points[number + 2]
            curve = QPainterPath(at)
            to, first = QPointF(end.x, end.y), to
            curve.cubicTo(first, QPointF(second.x, second.y), to)
            curves.append((curve.boundingRect().adjusted(-3, -3, 3, 3), curve))
            number += 2
        at = to
        number += 1
    return lines, curves
