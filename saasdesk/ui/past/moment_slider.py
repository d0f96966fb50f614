"""A slider over the runs: each place is the moment at which one of them was through."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from saasdesk.sync.rows import SessionRow
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import area_of, draw_box, draw_focus_ring
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel

# Whoever walks with the arrows passes runs: only where one rests is anything read.
REST_MILLISECONDS = 400
# Of the handle, at 100 %.
_RADIUS = 7


class MomentSlider(QWidget):
    """`wanted` brings the number of the run on which the handle was left."""

    wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[SessionRow] = []
        self.earlier = IconButton(theme, "chevron-left", self.tr("The run before"))
        self.later = IconButton(theme, "chevron-right", self.tr("The run after"))
        self.slider = _Track(theme)
        self.slider.setAccessibleName(self.tr("As of which run"))
        self.words = PlainLabel("", "secondary", "muted", elided=True)
        row = Row(theme, gap=8)
        row.addWidget(self.earlier)
        row.addWidget(self.slider, 3)
        row.addWidget(self.later)
        row.addWidget(self.words, 2)
        self.setLayout(row)
        self._rest = soon(self, REST_MILLISECONDS, self._ask)
        self.earlier.clicked.connect(lambda: self.slider.setValue(self.slider.value() - 1))
        self.later.clicked.connect(lambda: self.slider.setValue(self.slider.value() + 1))
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.sliderReleased.connect(self._rest.start)

    def show_runs(self, runs: Sequence[SessionRow], at: str, run: int = 0) -> None:
        """The runs that were through, the oldest first; the handle goes to this one, or to the last by that moment."""
        self._runs = list(runs)
        self.setVisible(len(self._runs) > 1)
        before = max(0, sum(1 for each in self._runs if (each.finished_at or "") <= at) - 1)
        place = next((place for place, each in enumerate(self._runs) if each.id == run), before)
        # Showing where one is asks for nothing.
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, len(self._runs) - 1))
            self.slider.setValue(place)
        self._say()

    def _on_moved(self) -> None:
        self._say()
        if not self.slider.isSliderDown():
            self._rest.start()

    def _say(self) -> None:
        place = self.slider.value()
        self.earlier.setEnabled(place > self.slider.minimum())
        self.later.setEnabled(place < self.slider.maximum())
        if place >= len(self._runs):
            return
        run = self._runs[place]
        words = f"{moment_in_words(run.finished_at or '')} · {run.integration_name}"
        self.words.set_text(self.tr("{0} · {1} of {2} runs").format(visible_text(words), place + 1, len(self._runs)))
        self.slider.setAccessibleDescription(self.words.text())

    def _ask(self) -> None:
        if self.slider.value() < len(self._runs):
            self.wanted.emit(self._runs[self.slider.value()].id)


class _Track(QSlider):
    """A line with a handle, by the tokens."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPageStep(10)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(80), self._theme.px(24))

    # Qt's own answer to a click beside the handle is ten runs further; here the handle comes to the mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        way = self._way()
        share = min(1.0, max(0.0, (event.position().x() - way.left()) / max(1.0, way.width())))
        share = 1 - share if self.isRightToLeft() else share
        self.setValue(self.minimum() + round(share * (self.maximum() - self.minimum())))

    def _way(self) -> QRectF:
        """Where the middle of the handle can be."""
        inset = self._theme.px(_RADIUS + 2)
        return area_of(self).adjusted(inset, 0, -inset, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, area = self._theme, area_of(self)
        if self.hasFocus():
            draw_focus_ring(painter, theme, area, theme.measure("radius-small"))
        way, radius = self._way(), theme.px(_RADIUS)
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        x = way.left() + way.width() * (1 - share if self.isRightToLeft() else share)
        height = theme.px(4)
        line = QRectF(way.left(), area.center().y() - height / 2, way.width(), height)
        draw_box(painter, line, height / 2, theme.color("border"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(QPointF(x, area.center().y()), radius, radius)
