"""The corner of the canvas: a small picture of the whole, and how large it is drawn."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.layouts import Column, Row

if TYPE_CHECKING:
    from saasdesk.ui.canvas.view import CanvasView

_WIDTH, _HEIGHT = 180, 120
_INSET = 8.0


class Minimap(QWidget):
    """Every block as a box, and a frame round what is seen; a press goes there."""

    def __init__(self, theme: Theme, view: "CanvasView") -> None:
        super().__init__()
        self._theme, self._view = theme, view
        self.setAccessibleName(self.tr("Overview of the canvas"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_WIDTH), self._theme.px(_HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, view = QPainter(self), self._theme, self._view
        radius = theme.measure("radius-small")
        draw_box(painter, area_of(self), radius, theme.color("bg"), theme.color("line-strong"), edge_width=theme.edge)
        whole, scale, left, top = self._fit()
        painter.translate(left, top)
        painter.scale(scale, scale)
        painter.translate(-whole.topLeft())
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = set(view.model.selection)
        for token, wanted in (("disabled", False), ("accent", True)):
            painter.setBrush(theme.color(token))
            painter.drawRects(
                [item.area for block_id, item in view.canvas.blocks.items() if (block_id in chosen) == wanted]
                or [QRectF()]
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(view.canvas.ink.pen("accent", 1.5 / scale))
        painter.drawRect(view.seen().intersected(whole))

    def _fit(self) -> tuple[QRectF, float, float, float]:
        whole = self._view.canvas.content().united(self._view.seen()).adjusted(-40, -40, 40, 40)
        inset = 2 * _INSET
        scale = min((self.width() - inset) / whole.width(), (self.height() - inset) / whole.height())
        return whole, scale, (self.width() - whole.width() * scale) / 2, (self.height() - whole.height() * scale) / 2

    def _go(self, position: QPointF) -> None:
        whole, scale, left, top = self._fit()
        self._view.centerOn(whole.topLeft() + QPointF((position.x() - left) / scale, (position.y() - top) / scale))
        self._view.zoomed.emit()


class _ZoomBar(QWidget):
    """Smaller, how large, larger, everything."""

    def __init__(self, theme: Theme, view: "CanvasView") -> None:
        super().__init__()
        self._theme, self._view = theme, view
        self.setAccessibleName(self.tr("Zoom"))
        row = Row(theme, gap=2, margins=2)
        smaller = IconButton(theme, "minus", self.tr("Smaller (-)"), size=26)
        smaller.clicked.connect(lambda: view.zoom_step(-1))
        self._percent = LinkButton(theme, "100 %")
        self._percent.clicked.connect(lambda: view.set_zoom(1.0))
        larger = IconButton(theme, "plus", self.tr("Larger (+)"), size=26)
        larger.clicked.connect(lambda: view.zoom_step(1))
        fit = IconButton(theme, "full-screen", self.tr("Show everything (Shift+F)"), size=26)
        fit.clicked.connect(lambda _checked: view.fit())
        self.map = IconButton(theme, "eye", self.tr("Hide the overview"), size=26)
        for widget in (smaller, self._percent, larger, fit, self.map):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(widget)
        self.setLayout(row)
        theme.changed.connect(self._fit)
        self._fit()

    def show_zoom(self) -> None:
        """Write how large it is drawn."""
        words = f"{self._view.zoom * 100:.0f} %"
        # It is asked for with every push of the canvas.
        if words == self._percent.text():
            return
        self._percent.setText(words)
        self._percent.setAccessibleName(self.tr("{0} percent, back to 100 (1)").format(round(self._view.zoom * 100)))

    def _fit(self) -> None:
        """As wide as the largest number: the buttons beside it stay under the mouse."""
        self._percent.setText("400 %")
        self._percent.setFixedWidth(self._percent.sizeHint().width())
        self.show_zoom()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        draw_box(
            QPainter(self),
            area_of(self),
            theme.measure("radius"),
            theme.color("raised"),
            theme.color("line-strong"),
            edge_width=theme.edge,
        )


class CanvasCorner(QWidget):
    """Lies over the canvas at the bottom right. The overview is there only while not everything is seen, and of
    itself only where it covers no block."""

    def __init__(self, theme: Theme, view: "CanvasView") -> None:
        super().__init__(view.viewport())
        self._theme, self._view = theme, view
        # None until somebody has decided: it is there while it covers no block.
        self._is_wanted: bool | None = None
        self.map = Minimap(theme, view)
        self.bar = _ZoomBar(theme, view)
        column = Column(theme, gap=8)
        column.addWidget(self.map, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignRight)
        self.setLayout(column)
        self.bar.map.clicked.connect(self._on_toggle)
        view.zoomed.connect(self.refresh)
        for signal in (view.model.changed, view.model.selected, theme.changed):
            signal.connect(self.refresh)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self.map.update)
        self.refresh()

    def refresh(self) -> None:
        """Show it, or not, as things are now."""
        is_all_seen = self._view.seen().contains(self._view.canvas.content())
        self.bar.map.setVisible(not is_all_seen)
        has_map = not is_all_seen and (not self._covers_a_block() if self._is_wanted is None else self._is_wanted)
        if has_map == self.map.isHidden():
            self.map.setVisible(has_map)
        self.bar.map.set_name(self.tr("Hide the overview") if has_map else self.tr("Show the overview"))
        self.bar.show_zoom()
        self.map.update()
        self.place()

    def place(self) -> None:
        """Stand at the bottom right."""
        self.adjustSize()
        self.stay()

    def stay(self) -> None:
        """Go back there, after the canvas has been pushed."""
        gap = self._theme.px(16)
        over = self._view.viewport()
        self.move(over.width() - self.width() - gap, over.height() - self.height() - gap)

    def _on_toggle(self) -> None:
        self._is_wanted = self.map.isHidden()
        self.refresh()

    def _covers_a_block(self) -> bool:
        """Whether a block stands where the overview is, or would be."""
        view, size, gap = self._view, self.map.sizeHint(), self._theme.px(16)
        over = view.viewport().rect()
        bar = self.bar.sizeHint().height() + self._theme.px(8)
        corner = QRect(
            over.right() - gap - size.width(), over.bottom() - gap - bar - size.height(), size.width(), size.height()
        )
        return bool(view.canvas.touched_by(view.mapToScene(corner).boundingRect()))
