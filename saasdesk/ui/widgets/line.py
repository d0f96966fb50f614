"""A hairline between two things."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.ui.theme import Theme


class Line(QWidget):
    """Decoration only: one pixel across, or upright between words in a row."""

    def __init__(
        self, theme: Theme, *, upright: bool = False, tone: str = "line", length: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._upright = upright
        self._tone = tone
        self._length = length
        along = QSizePolicy.Policy.Fixed if length else QSizePolicy.Policy.Expanding
        if upright:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, along)
        else:
            self.setSizePolicy(along, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        length = self._theme.px(self._length)
        return QSize(self._theme.edge, length) if self._upright else QSize(length, self._theme.edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color(self._tone))
