"""Widgets one after the other, in as many lines as they need."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from saasdesk.ui.theme import Theme


class Flow(QWidget):
    """Fills a line, then begins the next; gaps follow the zoom.

    It places its children itself: a QLayout written in Python and Qt do not agree who deletes the items.
    """

    def __init__(self, theme: Theme, gap: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._gap = gap
        self._widgets: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._rescale)

    def insert(self, place: int, widget: QWidget) -> None:
        """Put a widget before those that stand from this place on."""
        before = self._widgets[place] if place < len(self._widgets) else None
        after = self._widgets[place - 1] if place else None
        self._widgets.insert(place, widget)
        widget.setParent(self)
        widget.show()
        # Tab follows the order in which they stand.
        if after is not None:
            QWidget.setTabOrder(after, widget)
        if before is not None:
            QWidget.setTabOrder(widget, before)
        self._rescale()

    def take(self, widget: QWidget) -> None:
        """Let a widget go."""
        self._widgets.remove(widget)
        widget.hide()
        widget.deleteLater()
        self._rescale()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._rescale()
        return super().event(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay_out(width, moves=False)

    def sizeHint(self) -> QSize:
        hints = [widget.sizeHint() for widget in self._shown]
        width = sum(hint.width() for hint in hints) + self._theme.px(self._gap) * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSizeHint(self) -> QSize:
        hints = [widget.minimumSizeHint() for widget in self._shown]
        widest = max((hint.width() for hint in hints), default=0)
        return QSize(min(widest, self._theme.px(160)), max((hint.height() for hint in hints), default=0))

    @property
    def _shown(self) -> list[QWidget]:
        # What is hidden leaves no gap.
        return [widget for widget in self._widgets if not widget.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self.width(), moves=True)

    def _rescale(self) -> None:
        self._lay_out(self.width(), moves=True)
        self.updateGeometry()

    def _lay_out(self, width: int, *, moves: bool) -> int:
        gap = self._theme.px(self._gap)
        x, y, high = 0, 0, 0
        line: list[tuple[QWidget, QRect]] = []
        for widget in self._shown:
            hint = widget.sizeHint()
            if x and x + hint.width() > width:
                self._place(line, high, moves=moves)
                x, y, high = 0, y + high + gap, 0
                line = []
            line.append((widget, QRect(x, y, min(hint.width(), width), hint.height())))
            x += hint.width() + gap
            high = max(high, hint.height())
        self._place(line, high, moves=moves)
        return y + high

    def _place(self, line: list[tuple[QWidget, QRect]], high: int, *, moves: bool) -> None:
        """Put the widgets of a line where they belong, the lower ones in its middle."""
        if not moves:
            return
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        direction = Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
        for widget, place in line:
            place.translate(0, (high - place.height()) // 2)
            widget.setGeometry(QStyle.visualRect(direction, self.rect(), place))
