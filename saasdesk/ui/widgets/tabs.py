"""The sections of one thing, as a line of words over a hairline."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, visible_text
from saasdesk.ui.widgets.box import draw_box

_ROOM_FOR_RING = 5


class Tabs(QTabBar):
    """A tab bar with keys instead of numbers; `chosen` says which tab was taken."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, tabs: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = [key for key, _ in tabs]
        self._titles = [visible_text(title) for _, title in tabs]
        self._was_clicked_into = False
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        for title in self._titles:
            self.addTab(escaped_ampersands(title))
        self.currentChanged.connect(self._on_current_changed)

    @property
    def current(self) -> str:
        """The key of the open tab."""
        return self._keys[self.currentIndex()]

    def set_current(self, key: str) -> None:
        """Open a tab."""
        self.setCurrentIndex(self._keys.index(key))

    def rename(self, key: str, title: str) -> None:
        """Call a tab something else."""
        index = self._keys.index(key)
        self._titles[index] = visible_text(title)
        self.setTabText(index, escaped_ampersands(self._titles[index]))
        self.updateGeometry()

    def tabSizeHint(self, index: int) -> QSize:
        width = QFontMetrics(self._theme.font("strong")).horizontalAdvance(self._titles[index])
        return QSize(width + self._theme.measure("tab-gap"), self._theme.measure("tab"))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._was_clicked_into = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._was_clicked_into = False
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        edge = theme.edge
        painter.fillRect(0, self.height() - edge, self.width(), edge, theme.color("line"))
        pointed = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index, title in enumerate(self._titles):
            area = self._word_area(index)
            is_open = index == self.currentIndex()
            painter.setFont(theme.font("strong" if is_open else "body"))
            ink = "text" if is_open or index == pointed else "muted"
            painter.setPen(theme.color(ink if self.isTabEnabled(index) else "disabled"))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), title)
            if is_open:
                bar = theme.measure("accent-bar")
                painter.fillRect(area.left(), area.bottom() - bar + 1, area.width(), bar, theme.color("accent"))
                if self.hasFocus() and not self._was_clicked_into:
                    ring = self._ring(area).toRectF()
                    radius = theme.measure("radius-small")
                    draw_box(painter, ring, radius, edge=theme.color("accent"), edge_width=theme.px(2))

    def _word_area(self, index: int) -> QRect:
        whole = self.tabRect(index)
        # The first word begins nearly where the page begins: the ring needs a little room before it.
        before = self._theme.px(_ROOM_FOR_RING)
        behind = self._theme.measure("tab-gap") - before
        if self.isRightToLeft():
            return whole.adjusted(behind, 0, -before, 0)
        return whole.adjusted(before, 0, -behind, 0)

    def _ring(self, word: QRect) -> QRect:
        px = self._theme.px
        return word.adjusted(-px(4), px(6), px(4), -px(5))

    def _on_current_changed(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(self._keys[index])
