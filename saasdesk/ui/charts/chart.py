"""What all charts share: marks that arrows walk, Enter opens and screen readers hear."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import area_of, draw_box

_FORWARD = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})
_BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark where it lies: what is said of it, and what it opens; None where it opens nothing."""

    area: QRectF
    words: str
    opens: Any = None


class Chart(QWidget):
    """`opened` says what stands behind the mark that was clicked, or on which Enter was pressed.

    A kind of chart draws itself in `draw` and returns its marks in the order in which arrows walk them.
    """

    opened = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: tuple[Drawn, ...] = ()
        self._current = 0
        self._was_clicked_into = False
        self.setAccessibleName(visible_text(name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def draw(self, painter: QPainter, area: QRectF) -> Sequence[Drawn]:
        """Paint the chart into the area, and say where its marks lie."""
        raise NotImplementedError

    @property
    def marks(self) -> tuple[Drawn, ...]:
        """The marks as they were drawn last."""
        return self._marks

    @property
    def current(self) -> Drawn | None:
        """The mark that the keyboard is on."""
        return self._marks[min(self._current, len(self._marks) - 1)] if self._marks else None

    def redraw(self) -> None:
        """Something else is to be shown."""
        self._current = 0
        self.update()

    # Qt's own

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self._theme.px(96))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self._theme.px(4)
        self._marks = tuple(self.draw(painter, area_of(self).adjusted(room, room, -room, -room)))
        self._describe()
        if self.hasFocus() and not self._was_clicked_into:
            self._draw_ring(painter)

    def _draw_ring(self, painter: QPainter) -> None:
        current, theme = self.current, self._theme
        width, radius = theme.measure("focus"), theme.measure("radius-small")
        if current is None:
            draw_box(painter, area_of(self), radius, edge=theme.color("accent"), edge_width=width)
            return
        out = width + theme.measure("focus-gap")
        around = current.area.adjusted(-out, -out, out, out).intersected(area_of(self))
        draw_box(painter, around, radius, edge=theme.color("accent"), edge_width=width)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._was_clicked_into = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._was_clicked_into = False
        key = event.key()
        last = len(self._marks) - 1
        now = min(self._current, max(0, last))
        if key in _FORWARD:
            self._go(min(last, now + 1))
        elif key in _BACK:
            self._go(max(0, now - 1))
        elif key == Qt.Key.Key_Home:
            self._go(0)
        elif key == Qt.Key.Key_End:
            self._go(last)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # What belongs to the chart stays with it: a card behind it may be dragged.
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            found = self._at(event.position())
            if found is not None:
                self._current = self._marks.index(found)
                self.update()
                self._open(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        opens = found is not None and found.opens is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), escaped_tip(found.words) if found is not None else "", self)
            return True
        return super().event(event)

    def _at(self, place: QPointF) -> Drawn | None:
        # A small mark is hit by whoever comes near it.
        near = self._theme.px(4)
        exact = next((mark for mark in self._marks if mark.area.contains(place)), None)
        around = (mark for mark in self._marks if mark.area.adjusted(-near, -near, near, near).contains(place))
        return exact or next(around, None)

    def _open(self, mark: Drawn | None) -> None:
        if mark is not None and mark.opens is not None:
            self.opened.emit(mark.opens)

    def _go(self, place: int) -> None:
        if place < 0:
            return
        self._current = place
        self._describe()
        self.update()
        current = self.current
        if current is not None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, visible_text(current.words)))

    def _describe(self) -> None:
        words = visible_text(self.current.words) if self.current is not None else self.tr("Nothing to show")
        if self.accessibleDescription() != words:
            self.setAccessibleDescription(words)


def spread(values: Sequence[float], start: float, length: float) -> list[tuple[float, float]]:
    """Where parts of these sizes begin and how long they are, one after the other along a length."""
    whole = sum(values)
    edges = [start]
    for value in values:
        edges.append(edges[-1] + (length * value / whole if whole else 0))
    return [(left, right - left) for left, right in pairwise(edges)]
