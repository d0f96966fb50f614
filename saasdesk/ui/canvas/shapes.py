"""Where things are on the canvas: blocks, the points at which wires begin and end, and the wires themselves."""

from dataclasses import dataclass
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from saasdesk.ui.canvas.faces import Face
from saasdesk.workflows.layout import BLOCK_HEIGHT, COLUMN, OUTLET_GAP, ROW

# How far round a point a press still means it, and how far a wire that is pulled jumps to a block.
REACH, MAGNET = 12.0, 28.0
_LOOP = 20.0
_LANE = 6.0
_ROUND = 10.0
_FORWARD = 24.0
# How much room a wire takes to come to another height: a little more than the gap between two columns.
_TURN = 104.0
_LONG = 1.3 * COLUMN
_CORRIDOR = (ROW - BLOCK_HEIGHT) / 2


def inlet_of(area: QRectF) -> QPointF:
    """Where wires come in."""
    return QPointF(area.left(), area.center().y())


def outlet_points(area: QRectF, face: Face) -> dict[str, QPointF]:
    """Where wires leave, from top to bottom."""
    first = area.center().y() - (len(face.outlets) - 1) * OUTLET_GAP / 2
    return {outlet: QPointF(area.right(), first + at * OUTLET_GAP) for at, outlet in enumerate(face.outlets)}


@dataclass(frozen=True, slots=True)
class Names:
    """The names beside the outlets of a block, each above its outlet: how far they reach, and if this is the last."""

    reach: float = 0
    is_last: bool = True

    def past(self, down: float) -> float:
        """How far a wire goes straight on: down it crosses the names below, up its own and those above."""
        return self.reach if down < 0 or (down > 0 and not self.is_last) else 0


def wire(
    start: QPointF, end: QPointF, source: QRectF, target: QRectF, lane: int = 0, names: Names | None = None
) -> QPainterPath:
    """The way from an outlet to a block: a curve, or round the blocks where it leads back to the left.

    `lane` keeps wires apart that leave the same block for the left. It goes straight on past the `names` of outlets
    that it would cross.
    """
    path = QPainterPath(start)
    past = (names or Names()).past
    across, down = end.x() - start.x(), end.y() - start.y()
    if across >= _FORWARD:
        if lane and across >= _LONG:
            # A side way that is long runs below the row of its block, where it crosses nobody.
            below, arrived = source.bottom() + _CORRIDOR, start.x() + _TURN
            start = start + QPointF(past(1), 0)
            path.lineTo(start)
            bend = (arrived - start.x()) / 2
            path.cubicTo(start + QPointF(bend, 0), QPointF(arrived - bend, below), QPointF(arrived, below))
            bend = _TURN / 2
            turn = QPointF(end.x() - _TURN, below)
            path.lineTo(turn)
            path.cubicTo(turn + QPointF(bend, 0), end - QPointF(bend, 0), end)
        elif abs(down) < 0.5:
            path.lineTo(end)
        else:
            # A long wire keeps to the row of its block, and turns in the last gap.
            start = start + QPointF(min(past(down), across - _FORWARD), 0)
            turn = QPointF(max(start.x(), end.x() - _TURN), start.y())
            path.lineTo(turn)
            bend = max(_FORWARD, (end.x() - turn.x()) / 2)
            path.cubicTo(turn + QPointF(bend, 0), end - QPointF(bend, 0), end)
        return path
    back = _LOOP + lane * _LANE
    if target.top() - source.bottom() >= _LOOP:
        middle = (source.bottom() + target.top()) / 2
    elif source.top() - target.bottom() >= _LOOP:
        middle = (target.bottom() + source.top()) / 2
    else:
        middle = max(source.bottom(), target.bottom()) + _LOOP + _ROUND
    middle += lane * _LANE
    out = max(back, past(middle - start.y()))
    corners = (
        start + QPointF(out, 0),
        QPointF(start.x() + out, middle),
        QPointF(end.x() - back, middle),
        end - QPointF(back, 0),
    )
    points = (start, *corners, end)
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.lineTo(_towards(corner, before))
        path.quadTo(corner, _towards(corner, after))
    path.lineTo(end)
    return path


def _towards(corner: QPointF, other: QPointF) -> QPointF:
    """The point at which a rounded corner begins."""
    way = other - corner
    length = hypot(way.x(), way.y())
    return corner if length < 1 else corner + way * (min(_ROUND, length / 2) / length)


def distance(one: QPointF, other: QPointF) -> float:
    """How far two points are apart."""
    return hypot(one.x() - other.x(), one.y() - other.y())
