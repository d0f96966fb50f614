"""The line along the upper edge of the window: in which mode it works."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.status_bar import NOTHING_OPEN, Mode
from saasdesk.ui.theme import Theme


class Stripe(QWidget):
    """Four pixels in the colour of the mode; the status bar says it in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._mode = NOTHING_OPEN
        theme.changed.connect(self._fit)
        self._fit()

    def set_mode(self, mode: Mode) -> None:
        """Show another mode; none of them shows a hairline only."""
        self._mode = mode
        self._fit()
        self.update()

    def _fit(self) -> None:
        is_open = self._mode is not NOTHING_OPEN
        self.setFixedHeight(self._theme.measure("stripe") if is_open else self._theme.edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        token = self._mode.token if self._mode is not NOTHING_OPEN else "line"
        QPainter(self).fillRect(self.rect(), self._theme.color(token))
