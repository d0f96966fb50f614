"""An icon that only decorates what stands beside it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.ui.theme import Theme


class IconLabel(QWidget):
    """One icon in one colour, no words: whatever it says must stand beside it as text too."""

    def __init__(
        self, theme: Theme, icon: str, tone: str = "muted", size: int = 14, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._tone = tone
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, tone: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._size), self._theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        tone = self._tone if self.isEnabled() else "disabled"
        self._theme.paint_icon(QPainter(self), self.rect(), self._icon, tone, self._size)
