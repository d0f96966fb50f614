"""The drawing of what two versions of a workflow have otherwise: to be looked at, not edited."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView

from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.scene import CanvasScene
from saasdesk.ui.theme import Theme
from saasdesk.workflows.blocks import World
from saasdesk.workflows.side_by_side import SideBySide

_MARGIN = 40
_SMALLEST, _LARGEST = 0.1, 2.0


class ComparisonView(QGraphicsView):
    """Drag pushes it, the wheel scrolls it, Ctrl and the wheel zoom. All that it shows stands in the list beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.drawing: CanvasScene | None = None
        self.setAccessibleName(self.tr("Drawing of what differs"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Whoever uses the keyboard reads the list, and the drawing follows it.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setInteractive(False)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        theme.changed.connect(self._on_theme_changed)

    def show_both(self, both: SideBySide, world: World) -> None:
        """Draw these two."""
        before = self.drawing
        model = WorkflowModel(both.document, lambda: world, self)
        self.drawing = CanvasScene(model, self._theme)
        model.setParent(self.drawing)
        self.drawing.setParent(self)
        self.drawing.show_changes(both.blocks, both.links)
        self.setScene(self.drawing)
        if before is not None:
            before.deleteLater()
        self._fit()

    def reveal(self, block_id: str) -> None:
        """Bring a block into sight and frame it."""
        drawing = self.drawing
        if drawing is not None and block_id in drawing.blocks:
            drawing.model.select([block_id])
            drawing.show_selection()
            self.ensureVisible(drawing.blocks[block_id].area, _MARGIN, _MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            zoom = self.transform().m11() * 1.2 ** (turned / 120)
            if _SMALLEST <= zoom <= _LARGEST:
                self.scale(1.2 ** (turned / 120), 1.2 ** (turned / 120))
        else:
            super().wheelEvent(event)
        event.accept()

    def _fit(self) -> None:
        """Everything, and nothing larger than life."""
        if self.drawing is None:
            return
        content = self.drawing.content().adjusted(-_MARGIN, -_MARGIN, _MARGIN + 24, _MARGIN)
        room = self.viewport().rect()
        if content.isEmpty() or room.isEmpty():
            return
        zoom = min(room.width() / content.width(), room.height() / content.height(), self._theme.zoom / 100)
        self.resetTransform()
        self.scale(max(zoom, _SMALLEST), max(zoom, _SMALLEST))
        self.centerOn(content.center())

    def _on_theme_changed(self) -> None:
        if self.drawing is not None:
            self.drawing.redraw()
            self._fit()
