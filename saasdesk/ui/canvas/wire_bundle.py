"""Many wires that are carried along with their blocks: straight, and drawn all at once."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from saasdesk.ui.canvas.ink import FAR, Ink, zoom_of
from saasdesk.ui.canvas.link_item import LinkItem


class WireBundle(QGraphicsItem):
    """Takes the place of wires until they have arrived: one by one, hundreds would take more than a frame."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self._ink = ink
        self._wires: list[LinkItem] = []
        # Where each wire begins and ends, and at which block, as it was when they were taken up.
        self._ends: list[tuple[str, QPointF, str, QPointF]] = []
        self._before: dict[str, QPointF] = {}
        self.lines: list[QLineF] = []
        self._bounds = QRectF()
        self.setZValue(1)
        self.hide()

    def holds(self, blocks: Iterable[str]) -> bool:
        """Whether it has the wires of just these blocks."""
        return bool(self._wires) and self._before.keys() == set(blocks)

    def take(self, wires: Iterable[tuple[LinkItem, QPointF, QPointF]], blocks: Mapping[str, QPointF]) -> None:
        """Take wires up, each with where it begins and ends, while these blocks are here."""
        self.put_down()
        self._before = dict(blocks)
        for wire, start, end in wires:
            wire.hide()
            self._wires.append(wire)
            self._ends.append((wire.link.source, start, wire.link.to, end))
        self.show()

    def follow(self, blocks: Mapping[str, QPointF]) -> None:
        """The blocks are here now."""
        by = {block: at - self._before[block] for block, at in blocks.items()}
        nothing = QPointF()
        self.prepareGeometryChange()
        self.lines = [
            QLineF(start + by.get(source, nothing), end + by.get(target, nothing))
            for source, start, target, end in self._ends
        ]
        across = [x for line in self.lines for x in (line.x1(), line.x2())]
        down = [y for line in self.lines for y in (line.y1(), line.y2())]
        self._bounds = QRectF(QPointF(min(across), min(down)), QPointF(max(across), max(down))).adjusted(-2, -2, 2, 2)

    def put_down(self) -> None:
        """The wires are drawn one by one again."""
        for wire in self._wires:
            wire.show()
        self._wires, self._ends, self.lines = [], [], []
        self.hide()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if zoom_of(painter) >= FAR:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(self._ink.pen("border", 1.0))
            painter.drawLines(self.lines)
