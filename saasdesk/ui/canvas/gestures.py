"""What the mouse is doing between a press and its release: carry blocks, pull a wire, frame blocks, push the canvas."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath

from saasdesk.errors import UserError
from saasdesk.ui.canvas.scene import CanvasScene
from saasdesk.ui.canvas.shapes import MAGNET, inlet_of, wire
from saasdesk.ui.canvas.verbs import CanvasVerbs
from saasdesk.workflows import editing
from saasdesk.workflows.layout import Point, on_grid

_GUIDE = 6.0
# Blocks further away are in line with nothing that is seen.
_SIGHT = 480.0


class Gesture(Protocol):
    """One drag, from press to release. `point` is on the canvas."""

    # Whether the canvas scrolls when the mouse comes to the edge.
    scrolls: bool

    def move(self, event: QMouseEvent, point: QPointF) -> None:
        """The mouse has moved."""

    def release(self, event: QMouseEvent, point: QPointF) -> None:
        """The button has been let go."""

    def cancel(self) -> None:
        """Escape: nothing has happened."""

    def paint(self, painter: QPainter, scene: CanvasScene) -> None:
        """Draw what the gesture would do."""

    def drawn(self) -> list[QRectF]:
        """Where it draws something."""


class CarryBlocks:
    """Blocks follow the mouse on the grid, and say by a line where they are in line with others."""

    scrolls = True

    def __init__(self, scene: CanvasScene, verbs: CanvasVerbs, ids: Iterable[str], point: QPointF) -> None:
        self._scene, self._verbs, self._from = scene, verbs, point
        self._before = {block_id: scene.blocks[block_id].pos() for block_id in ids}
        others = [item.area for block_id, item in scene.blocks.items() if block_id not in self._before]
        self._columns, self._rows = _Edges(others, _columns), _Edges(others, _rows)
        self._area = scene.content(self._before)
        self._guides: list[QLineF] = []
        self._to: dict[str, Point] = {}

    def move(self, event: QMouseEvent, point: QPointF) -> None:
        by = point - self._from
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            first = self._area.topLeft()
            by = QPointF(*on_grid(first.x() + by.x(), first.y() + by.y())) - first
            by = self._in_line(by)
        else:
            self._guides = []
        self._to = {block_id: (round((at + by).x()), round((at + by).y())) for block_id, at in self._before.items()}
        self._scene.shift(self._to, is_passing=True)

    def release(self, event: QMouseEvent, point: QPointF) -> None:
        self._guides = []
        if self._to:
            self._scene.shift(self._to)
            self._verbs.move(self._to)

    def cancel(self) -> None:
        self._guides = []
        self._scene.shift(self._before)

    def paint(self, painter: QPainter, scene: CanvasScene) -> None:
        if self._guides:
            painter.setPen(scene.ink.pen("accent", 1.0))
            painter.drawLines(self._guides)

    def drawn(self) -> list[QRectF]:
        # One by one: a cross of two long lines is little to draw, and all that lies between its ends is much.
        return [QRectF(line.p1(), line.p2()).normalized().adjusted(-2, -2, 2, 2) for line in self._guides]

    def _in_line(self, by: QPointF) -> QPointF:
        """The same way, a little more or less where that brings edges or middles in line."""
        moved = self._area.translated(by)
        across, down = self._columns.nearest(moved), self._rows.nearest(moved)
        moved.translate(across or 0, down or 0)
        self._guides = []
        if across is not None:
            self._guides += [QLineF(x, top, x, bottom) for x, _l, top, _r, bottom in self._columns.in_line(moved)]
        if down is not None:
            self._guides += [QLineF(left, y, right, y) for y, left, _t, right, _b in self._rows.in_line(moved)]
        return by + QPointF(across or 0, down or 0)


class PullWire:
    """A wire follows the mouse: blocks to which it may lead grow their way in, the others fade and say why."""

    scrolls = True

    def __init__(self, scene: CanvasScene, verbs: CanvasVerbs, source: str, outlet: str) -> None:
        self._scene, self._verbs = scene, verbs
        self.source, self.outlet = source, outlet
        self._start = scene.outlet_point(source, outlet)
        try:
            self._refused = editing.refusals(scene.model.document, source, outlet)
        except UserError:
            self._refused = {}
        self._to: str | None = None
        self._end = self._start
        self.why_not = ""
        # Where a wire was let go over nothing: the view offers blocks there.
        self.dropped_at: QPointF | None = None
        for block_id, item in scene.blocks.items():
            may_end = block_id not in self._refused
            item.set_look(is_target=may_end, is_dimmed=not may_end and block_id != source)

    def move(self, event: QMouseEvent, point: QPointF) -> None:
        scene = self._scene
        under = scene.block_at(point)
        near = scene.inlet_at(point, MAGNET)
        target = near or (under.block.id if under is not None else None)
        self.why_not = "" if target is None or target == self.source else self._refused.get(target, "")
        self._to = None if target is None or target in self._refused else target
        self._end = point if self._to is None else inlet_of(scene.blocks[self._to].area)
        for block_id, item in scene.blocks.items():
            item.set_look(is_magnet=block_id == self._to)
        # The way that would become a circle.
        blamed = editing.way_between(scene.model.document, target, self.source) if self.why_not and target else ()
        for link, wire_item in scene.links.items():
            wire_item.set_look(blamed=link in blamed)

    def release(self, event: QMouseEvent, point: QPointF) -> None:
        self.move(event, point)
        self._clear()
        if self._to is not None:
            self._verbs.connect(self.source, self.outlet, self._to)
        elif self.why_not:
            self._scene.model.refuse(self.why_not)
        elif self._scene.block_at(point) is None:
            self.dropped_at = point

    def cancel(self) -> None:
        self._clear()

    def drawn(self) -> list[QRectF]:
        return [self._path().boundingRect().adjusted(-4, -4, 4, 4)]

    def _path(self) -> QPainterPath:
        loose = QRectF(self._end.x(), self._end.y() - 32, 1, 64)
        target = loose if self._to is None else self._scene.blocks[self._to].area
        return wire(self._start, self._end, self._scene.blocks[self.source].area, target)

    def paint(self, painter: QPainter, scene: CanvasScene) -> None:
        path = self._path()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(scene.ink.pen("error" if self.why_not else "accent", 2.25))
        painter.drawPath(path)

    def _clear(self) -> None:
        for item in self._scene.blocks.values():
            item.set_look(is_target=False, is_dimmed=False, is_magnet=False)
        for wire_item in self._scene.links.values():
            wire_item.set_look(blamed=False)


class Frame:
    """A frame is drawn; what it touches is selected. Shift adds, Ctrl turns round."""

    scrolls = True

    def __init__(self, scene: CanvasScene, point: QPointF) -> None:
        self._scene, self._from = scene, point
        self._before = scene.model.selection
        self._area = QRectF()

    def move(self, event: QMouseEvent, point: QPointF) -> None:
        self._area = QRectF(self._from, point).normalized()
        touched = self._scene.touched_by(self._area)
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            kept = [block for block in self._before if block not in touched]
            touched = [*kept, *(block for block in touched if block not in self._before)]
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            touched = [*self._before, *touched]
        self._scene.model.select(touched)

    def release(self, event: QMouseEvent, point: QPointF) -> None:
        count = len(self._scene.model.selection)
        if not self._area.isNull():
            self._scene.model.announce("1 block selected." if count == 1 else f"{count} blocks selected.")

    def cancel(self) -> None:
        self._scene.model.select(self._before)

    def paint(self, painter: QPainter, scene: CanvasScene) -> None:
        fill = scene.ink.color("accent")
        fill.setAlphaF(0.08)
        painter.setPen(scene.ink.pen("accent", 1.0))
        painter.setBrush(fill)
        painter.drawRect(self._area)

    def drawn(self) -> list[QRectF]:
        return [self._area.adjusted(-2, -2, 2, 2)]


class Push:
    """The canvas follows the mouse."""

    scrolls = False

    def __init__(self, view: "Pushable", position: QPoint) -> None:
        self._view, self._at = view, position
        self.has_moved = False

    def move(self, event: QMouseEvent, point: QPointF) -> None:
        position = event.position().toPoint()
        self._view.push(position - self._at)
        self.has_moved = self.has_moved or position != self._at
        self._at = position

    def release(self, event: QMouseEvent, point: QPointF) -> None:
        """It stays where it is."""

    def cancel(self) -> None:
        """It stays where it is."""

    def paint(self, painter: QPainter, scene: CanvasScene) -> None:
        """There is nothing to draw."""

    def drawn(self) -> list[QRectF]:
        return []


class Pushable(Protocol):
    """A view whose canvas can be pushed."""

    def push(self, by: QPoint) -> None:
        """Move what is seen."""


def _columns(area: QRectF) -> tuple[float, float, float]:
    return area.left(), area.center().x(), area.right()


def _rows(area: QRectF) -> tuple[float, float, float]:
    return area.top(), area.center().y(), area.bottom()


class _Edges:
    """Where others have their edges and middles, in one direction."""

    def __init__(self, areas: Iterable[QRectF], of: Callable[[QRectF], tuple[float, float, float]]) -> None:
        self._of = of
        self._areas: dict[float, list[QRectF]] = {}
        for area in areas:
            for value in of(area):
                self._areas.setdefault(value, []).append(area)
        self._sorted = sorted(self._areas)

    def nearest(self, moved: QRectF) -> float | None:
        """How far the nearest of them is from one of the moved area's, within reach."""
        gaps = []
        for mine in self._of(moved):
            at = bisect_left(self._sorted, mine)
            gaps += [value - mine for value in self._sorted[max(0, at - 1) : at + 1] if abs(value - mine) <= _GUIDE]
        return min(gaps, key=abs, default=None)

    def in_line(self, moved: QRectF) -> Iterator[tuple[float, float, float, float, float]]:
        """The values that both have, each with left, top, right and bottom of all that is near and in line."""
        sight = moved.adjusted(-_SIGHT, -_SIGHT, _SIGHT, _SIGHT)
        for mine in self._of(moved):
            near = [area for area in self._areas.get(mine, ()) if area.intersects(sight)]
            if near:
                whole = moved
                for area in near:
                    whole = whole.united(area)
                whole = whole.adjusted(-12, -12, 12, 12)
                yield mine, whole.left(), whole.top(), whole.right(), whole.bottom()
