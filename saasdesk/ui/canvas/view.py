"""The canvas: what is drawn of a workflow, and what mouse and keys do to it."""

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView

from saasdesk.ui.canvas.block_palette import dropped_entry
from saasdesk.ui.canvas.entries import BlockEntry
from saasdesk.ui.canvas.hint import Hint
from saasdesk.ui.canvas.keys import CanvasKeys
from saasdesk.ui.canvas.menus import canvas_menu
from saasdesk.ui.canvas.minimap import CanvasCorner
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.motion import Motion
from saasdesk.ui.canvas.mouse import CanvasMouse
from saasdesk.ui.canvas.quick_add import QuickAdd
from saasdesk.ui.canvas.rename_field import RenameField
from saasdesk.ui.canvas.scene import CanvasScene
from saasdesk.ui.canvas.trace import CanvasTrace
from saasdesk.ui.canvas.verbs import CanvasVerbs
from saasdesk.ui.theme import Theme
from saasdesk.workflows.editing import free_place
from saasdesk.workflows.graph import Link
from saasdesk.workflows.layout import BLOCK_HEIGHT, Point, on_grid

SMALLEST, LARGEST = 0.1, 4.0
# Smaller than this, the words on blocks are a strain.
_READABLE = 0.75
_MARGIN = 48
_MOST_AREAS = 4


class CanvasView(QGraphicsView):
    """Draws the workflow and lets it be edited. The outline is its twin for whoever does not see it."""

    zoomed = Signal()
    selected_link_changed = Signal()

    def __init__(self, model: WorkflowModel, theme: Theme) -> None:
        self.canvas = CanvasScene(model, theme)
        super().__init__(self.canvas)
        self._theme, self.model = theme, model
        self.verbs = CanvasVerbs(model)
        self.selected_link: Link | None = None
        self._was_fitted = self._has_ring = False
        self._zoom = 1.0
        self._build()
        self.quick_add = QuickAdd(theme, model, self)
        self.keys = CanvasKeys(self)
        self.hint = Hint(theme, self)
        self.rename_field = RenameField(theme, self)
        self.motion = Motion(self.canvas, theme)
        self.mouse = CanvasMouse(self)
        model.changed.connect(self._on_changed)
        # After the canvas itself: it shows what the canvas shows.
        self.corner = CanvasCorner(theme, self)
        model.selected.connect(self._on_selected)
        model.problems_changed.connect(self.canvas.show_problems)
        model.announced.connect(self._announce)
        model.refused.connect(self.hint.show_text)
        theme.changed.connect(self._on_theme_changed)
        self.canvas.show_problems()
        self._on_selected()

    def _build(self) -> None:
        self.setObjectName("workflow_canvas")
        self.setAccessibleName(self.tr("Canvas"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self._apply_zoom()

    # What others ask of the canvas

    def show_trace(self, trace: CanvasTrace | None) -> None:
        """Lay a run over the canvas, and bring the blocks into sight that it came to; None takes it away."""
        self.canvas.show_trace(trace)
        # Another version may have had other blocks.
        visited = [block for block in (trace.visited if trace else ()) if block in self.canvas.blocks]
        content = self.canvas.content(visited)
        if content.isNull() or self.seen().contains(content):
            return
        self.fit(visited)
        if self._zoom < _READABLE:
            # Not all can be read at once: where it ended says most.
            self.set_zoom(_READABLE)
            self.centerOn(self.canvas.blocks[visited[-1]].area.center())
            self.zoomed.emit()

    def reveal(self, block_id: str) -> None:
        """Bring a block into sight."""
        item = self.canvas.blocks.get(block_id)
        if item is None:
            return
        margin = _MARGIN / self._zoom
        if not self.seen().contains(item.area.adjusted(-margin, -margin, margin, margin)):
            self.centerOn(item.area.center())
            self.zoomed.emit()

    def add(self, entry: BlockEntry, *, after: tuple[str, str] | None = None, at: Point | None = None) -> str | None:
        """Put a block in: after an outlet, at a place, or in the middle of what is seen."""
        if after is None and at is None:
            middle = self.seen().center()
            # Nobody pointed at this place: what stands there may not be covered.
            at = free_place(self.model.document, on_grid(middle.x() - 100, middle.y() - BLOCK_HEIGHT / 2))
        added = self.verbs.add(entry, after=after, position=at)
        if added is not None:
            self.reveal(added)
        return added

    # What is seen

    @property
    def zoom(self) -> float:
        """1.0 is 100 %."""
        return self._zoom

    def seen(self) -> QRectF:
        """The part of the canvas that is seen."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def set_zoom(self, zoom: float, around: QPoint | None = None) -> None:
        """Draw it larger or smaller, and keep a point where it is."""
        position = self.viewport().rect().center() if around is None else around
        before = self.mapToScene(position)
        self._zoom = max(SMALLEST, min(LARGEST, zoom))
        self._apply_zoom()
        after = self.mapToScene(position)
        middle = self.mapToScene(self.viewport().rect().center())
        self.centerOn(middle + before - after)
        self.zoomed.emit()

    def zoom_step(self, steps: float, around: QPoint | None = None) -> None:
        """One step larger (1) or smaller (-1)."""
        self.set_zoom(self._zoom * 1.2**steps, around)

    def fit(self, ids: Iterable[str] | None = None) -> None:
        """Show all blocks, or these, as large as they fit and not larger than life."""
        content = self.canvas.content(ids)
        if content.isNull():
            return
        # Room for labels on the right, tags above and the results of a run below.
        content = content.adjusted(-_MARGIN, -_MARGIN, _MARGIN + 24, _MARGIN + 24)
        room = self.viewport().rect()
        base = self._theme.px(100) / 100
        wanted = min(room.width() / content.width(), room.height() / content.height()) / base
        self._zoom = max(SMALLEST, min(1.0, wanted))
        self._apply_zoom()
        self.centerOn(content.center())
        self.zoomed.emit()

    def _begin_looking(self) -> None:
        """Show all blocks where they can still be read; else the beginning, and the overview shows the rest."""
        self.fit()
        if self._zoom >= _READABLE:
            return
        self.set_zoom(_READABLE)
        begin = next((block.id for block in self.model.document.of_kind("begin")), "")
        content, seen = self.canvas.content(), self.seen()
        start = self.canvas.content((begin,)) if begin else content
        left = min(start.left(), content.right() - seen.width()) - _MARGIN / 2
        self.centerOn(QPointF(left + seen.width() / 2, start.center().y()))
        self.zoomed.emit()

    def push(self, by: QPoint) -> None:
        """Move what is seen by so many pixels."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())
        self.zoomed.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        # It is pushed along with the picture, and comes back. If it lay over the viewport instead of in it, all would
        # have to be drawn again each time.
        self.corner.stay()

    def _apply_zoom(self) -> None:
        scale = self._zoom * self._theme.px(100) / 100
        self.resetTransform()
        self.scale(scale, scale)

    # Selection

    def select_link(self, link: Link | None) -> None:
        """Select a wire, and no block; None leaves the selection of blocks alone."""
        if link is not None:
            self.model.select(())
        self._show_selected_link(link)
        if link is not None:
            self.model.announce(
                self.tr(
                    "Wire from {0} to {1} selected. Delete takes it away, Space adds a block in between, F2 labels it."
                ).format(self.verbs.title(link.source), self.verbs.title(link.to))
            )

    def write_on(self, link: Link, words: str) -> bool:
        """Write something on a wire, which stays selected; False if it was refused."""
        written = self.verbs.label(link, words)
        if written is not None:
            self._show_selected_link(written)
        return written is not None

    def _show_selected_link(self, link: Link | None) -> None:
        self.selected_link = link
        for known, item in self.canvas.links.items():
            item.set_look(selected=known == link)
        self.selected_link_changed.emit()

    def _on_selected(self) -> None:
        if self.model.selection and self.selected_link is not None:
            self.select_link(None)
        self.canvas.show_selection()
        current = self.model.current
        if current is not None:
            face = self.canvas.blocks[current.id].face
            self.setAccessibleDescription(face.spoken)
            if self.mouse.gesture is None:
                self.reveal(current.id)

    def _on_changed(self) -> None:
        self.motion.stop()
        self.mouse.forget()
        self.canvas.sync()
        if self.selected_link is not None and self.selected_link not in self.canvas.links:
            self.select_link(None)

    def _on_theme_changed(self) -> None:
        self.canvas.redraw()
        self.set_zoom(self._zoom)

    def _announce(self, text: str) -> None:
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_step(turned.y() / 120, event.position().toPoint())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.push(QPoint(turned.y() or turned.x(), 0))
        else:
            self.push(QPoint(turned.x(), turned.y()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.mouse.hover(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        position = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            position = self.place_of_selection()
        else:
            point = self.mapToScene(position)
            item = self.canvas.block_at(point)
            link = None if item is not None else self.canvas.link_at(point)
            if item is not None and item.block.id not in self.model.selection:
                self.model.select([item.block.id])
            elif link is not None:
                self.select_link(link.link)
            elif item is None:
                self.select_link(None)
                self.model.select(())
        canvas_menu(self, position).exec(self.viewport().mapToGlobal(position))

    # Adding and connecting

    def offer_after(self, block_id: str, outlet: str, *, at: QPoint | None = None, place: Point | None = None) -> None:
        """Let a block be chosen that comes after an outlet."""
        position = at or self.place_of_selection()
        self.quick_add.offer_blocks(position, lambda entry: self.add(entry, after=(block_id, outlet), at=place))

    def offer_at(self, position: QPoint) -> None:
        """Let a block be chosen that stands here, by itself."""
        point = self.mapToScene(position)
        place = on_grid(point.x(), point.y() - BLOCK_HEIGHT / 2)
        self.quick_add.offer_blocks(position, lambda entry: self.add(entry, at=place))

    def offer(self) -> None:
        """Let a block be chosen: on the selected wire, after the selected block, or in the middle."""
        current = self.model.current
        if self.selected_link is not None:
            self.offer_after(self.selected_link.source, self.selected_link.outlet)
            return
        after = None if current is None else self.verbs.next_outlet(current.id)
        if after is not None:
            self.offer_after(*after)
        else:
            self.quick_add.offer_blocks(self.viewport().rect().center(), self.add)

    def connect_from_here(self) -> None:
        """Let the selected block be connected to another, from a list."""
        current = self.model.current
        if current is None:
            self.model.refuse(self.tr("Select one block first, then press C to connect it."))
        else:
            self.quick_add.offer_targets(self.place_of_selection(), current.id)

    def place_of_selection(self) -> QPoint:
        """Beside what is selected, in the view."""
        link = None if self.selected_link is None else self.canvas.links.get(self.selected_link)
        if link is not None:
            return self.mapFromScene(link.middle)
        area = self.canvas.content(self.model.selection)
        if area.isNull():
            return self.viewport().rect().center()
        return self.mapFromScene(area.topRight() + QPointF(16, 0))

    def tidy(self) -> None:
        """Lay the blocks out; they are seen to go to their places."""
        before = self.verbs.tidy()
        self.motion.play(before)

    # What is dragged here from the palette

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        entry = dropped_entry(event.mimeData(), self.model)
        event.setAccepted(entry is not None)
        link = self.canvas.link_at(self.mapToScene(event.position().toPoint()))
        for item in self.canvas.links.values():
            item.set_look(hovered=item is link and entry is not None)

    def dropEvent(self, event: QDropEvent) -> None:
        entry = dropped_entry(event.mimeData(), self.model)
        if entry is None:
            return
        point = self.mapToScene(event.position().toPoint())
        link = self.canvas.link_at(point)
        if link is not None:
            self.add(entry, after=(link.link.source, link.link.outlet))
        else:
            self.add(entry, at=on_grid(point.x() - 100, point.y() - BLOCK_HEIGHT / 2))
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Keys, painting, size

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            if event.type() == QEvent.Type.ShortcutOverride:
                if self.keys.takes(event):
                    event.accept()
                    return True
            elif event.key() == Qt.Key.Key_Tab and self.keys.press(event):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.keys.release(event):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Whoever clicked here knows where the keyboard is.
        self._has_ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.keys.let_go()
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.corner.place()
        self.hint.place()
        if not self._was_fitted and self.isVisible():
            self._was_fitted = True
            self._begin_looking()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]  # a QShowEvent
        if not self._was_fitted:
            self._was_fitted = True
            self._begin_looking()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt draws all that lies between two places: where they are far apart, each is drawn by itself.
        # Qt says so of a region only when it is asked at run time.
        areas = list(cast("Iterable[QRect]", event.region()))
        whole = event.region().boundingRect()
        drawn = sum(area.width() * area.height() for area in areas)
        if len(areas) <= _MOST_AREAS and 2 * drawn < whole.width() * whole.height():
            for area in areas:
                super().paintEvent(QPaintEvent(area))
        else:
            super().paintEvent(event)
        if self.hasFocus() and self._has_ring:
            painter = QPainter(self.viewport())
            width = self._theme.measure("focus")
            painter.setPen(self.canvas.ink.pen("accent", width))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.mouse.gesture is not None:
            self.mouse.gesture.paint(painter, self.canvas)
