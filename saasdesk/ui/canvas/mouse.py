"""The mouse on the canvas: what is pressed, dragged and passed over."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QMouseEvent

from saasdesk.ui.canvas.gestures import CarryBlocks, Frame, Gesture, PullWire, Push
from saasdesk.ui.canvas.link_item import LinkItem
from saasdesk.workflows.layout import BLOCK_HEIGHT, on_grid

if TYPE_CHECKING:
    from saasdesk.ui.canvas.view import CanvasView

_EDGE = 40
_SCROLL_STEP = 12
_SCROLL_MS = 16
_FAR_ENOUGH = 4


class CanvasMouse(QObject):
    """What each button does. Something that is dragged is a gesture; there is one at a time."""

    def __init__(self, view: "CanvasView") -> None:
        super().__init__(view)
        self._gesture: Gesture | None = None
        self._pressed: tuple[QPoint, QPointF] | None = None
        self._hovered_link: LinkItem | None = None
        self._hovered = ""
        # Where it is, for the canvas that scrolls under it.
        self._at = QPoint()
        self._autoscroll = QTimer(self)
        self._autoscroll.setInterval(_SCROLL_MS)
        self._autoscroll.timeout.connect(self._scroll_at_the_edge)

    @property
    def _view(self) -> "CanvasView":
        # Not kept: a child that goes with the last reference to its parent takes itself along a second time.
        return cast("CanvasView", self.parent())

    @property
    def gesture(self) -> Gesture | None:
        """What is being dragged."""
        return self._gesture

    def forget(self) -> None:
        """Another document is drawn: what was dragged goes back, and nothing is under the mouse yet."""
        self.cancel()
        self._hovered_link = None

    def press(self, event: QMouseEvent) -> None:
        """The middle button, or the left one while Space is held, pushes the canvas; else it is what lies there."""
        self._view.rename_field.leave()
        position = event.position().toPoint()
        point = self._view.mapToScene(position)
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._view.keys.is_pushing
        ):
            self._view.keys.note_push()
            self._begin(Push(self._view, position))
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press(event, position, point)

    def _press(self, event: QMouseEvent, position: QPoint, point: QPointF) -> None:
        canvas = self._view.canvas
        plus = canvas.plus_at(point)
        outlet = canvas.outlet_at(point)
        item = canvas.block_at(point)
        link = None if item is not None else canvas.link_at(point)
        if plus is not None:
            self._view.offer_after(*plus, at=position)
        elif outlet is not None:
            self._begin(PullWire(canvas, self._view.verbs, *outlet))
        elif item is not None:
            self._press_block(event, item.block.id, position, point)
        elif link is not None and link.is_plus(point):
            self._view.offer_after(link.link.source, link.link.outlet, at=position)
        elif link is not None:
            self._view.select_link(link.link)
        else:
            if not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
                self._view.select_link(None)
                self._view.model.select(())
            self._begin(Frame(canvas, point))

    def _press_block(self, event: QMouseEvent, block_id: str, position: QPoint, point: QPointF) -> None:
        selection = self._view.model.selection
        modifiers = event.modifiers()
        # The gesture is there before the selection: what is pressed is in sight already.
        self._pressed = (position, point)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            rest = [block for block in selection if block != block_id]
            self._view.model.select(rest if block_id in selection else [*selection, block_id])
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._view.model.select([*selection, block_id])
        elif block_id not in selection:
            self._view.model.select([block_id])

    def move(self, event: QMouseEvent) -> None:
        """Go on with what is dragged, or show what a click would do here."""
        position = event.position().toPoint()
        point = self._view.mapToScene(position)
        if self._pressed is not None and self._gesture is None and self._view.model.selection:
            start, where = self._pressed
            if (position - start).manhattanLength() >= _FAR_ENOUGH and self._view.canvas.trace is None:
                self._begin(CarryBlocks(self._view.canvas, self._view.verbs, self._view.model.selection, where))
        if self._gesture is None:
            self.hover(point)
            return
        before = self._gesture.drawn()
        self._gesture.move(event, point)
        self._draw_again([*before, *self._gesture.drawn()])
        if isinstance(self._gesture, PullWire):
            self._view.hint.follow(self._gesture.why_not, position)
        self._at = position
        if self._gesture.scrolls and not self._view.viewport().rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE).contains(
            position
        ):
            self._autoscroll.start()
        else:
            self._autoscroll.stop()

    def release(self, event: QMouseEvent) -> None:
        """What was dragged becomes one edit."""
        self._pressed = None
        position = event.position().toPoint()
        gesture = self._end_gesture()
        if gesture is None:
            return
        gesture.release(event, self._view.mapToScene(position))
        if isinstance(gesture, PullWire) and gesture.dropped_at is not None:
            at = on_grid(gesture.dropped_at.x(), gesture.dropped_at.y() - BLOCK_HEIGHT / 2)
            self._view.offer_after(gesture.source, gesture.outlet, at=position, place=at)

    def double_click(self, event: QMouseEvent) -> None:
        """A block opens its settings, a wire its label, and the ground offers a block."""
        position = event.position().toPoint()
        point = self._view.mapToScene(position)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        item = self._view.canvas.block_at(point)
        link = None if item is not None else self._view.canvas.link_at(point)
        if item is not None:
            self._view.model.select([item.block.id])
            self._view.model.inspector_wanted.emit()
        elif link is not None:
            self._view.rename_field.open_on(link.link)
        else:
            self._view.offer_at(position)

    def hover(self, point: QPointF | None) -> None:
        """Show what the mouse is over; None where it has left."""
        canvas = self._view.canvas
        item = None if point is None else canvas.block_at(point)
        name = "" if item is None else item.block.id
        if point is not None and item is None:
            # The way to a sign behind a block leads off the block.
            beside = canvas.plus_at(point) or canvas.outlet_at(point)
            was = canvas.blocks.get(self._hovered)
            if beside is not None:
                name = beside[0]
            elif was is not None and was.sceneBoundingRect().contains(point):
                name = self._hovered
        if name != self._hovered:
            for block_id in (self._hovered, name):
                if block_id in canvas.blocks:
                    canvas.blocks[block_id].set_look(is_hovered=block_id == name)
            self._hovered = name
        link = None if point is None or item is not None else canvas.link_at(point)
        if link is not self._hovered_link:
            if self._hovered_link is not None:
                self._hovered_link.set_look(hovered=False)
            if link is not None:
                link.set_look(hovered=True)
            self._hovered_link = link
        if self._view.keys.is_pushing:
            self._view.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif point is not None and (canvas.outlet_at(point) or canvas.plus_at(point) or link is not None):
            self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._view.viewport().unsetCursor()

    def _begin(self, gesture: Gesture) -> None:
        self._view.motion.stop()
        self._gesture = gesture

    def _end_gesture(self) -> Gesture | None:
        gesture, self._gesture, self._pressed = self._gesture, None, None
        if gesture is not None:
            self._draw_again(gesture.drawn())
        self._autoscroll.stop()
        self._view.hint.follow("", QPoint())
        self._view.viewport().unsetCursor()
        return gesture

    def _draw_again(self, areas: Iterable[QRectF]) -> None:
        for area in areas:
            self._view.viewport().update(self._view.mapFromScene(area).boundingRect().adjusted(-2, -2, 2, 2))

    def cancel(self) -> bool:
        """Escape: what was being dragged goes back. False if nothing was."""
        gesture = self._end_gesture()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _scroll_at_the_edge(self) -> None:
        position = self._at
        room = self._view.viewport().rect()
        across = _step(position.x(), room.width())
        down = _step(position.y(), room.height())
        if self._gesture is None or (not across and not down):
            self._autoscroll.stop()
            return
        self._view.push(QPoint(across, down))


def _step(at: int, length: int) -> int:
    """How fast the canvas scrolls when the mouse is this near to an edge."""
    if at < _EDGE:
        return _SCROLL_STEP
    return -_SCROLL_STEP if at > length - _EDGE else 0
