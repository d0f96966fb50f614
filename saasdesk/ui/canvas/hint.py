"""A sentence over the canvas: why something was not done, or may not be done here."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import area_of, draw_box

_SECONDS = 6
_WIDEST = 420


class Hint(QLabel):
    """Stands at the foot of the canvas for a while, or beside the mouse as long as it is wanted."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme, self._over = theme, over
        self._is_following = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(_SECONDS * 1000)
        self._clock.timeout.connect(self.hide)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show a sentence for some seconds."""
        self._is_following = False
        self._fill(text)
        self.place()
        self._clock.start()

    def follow(self, text: str, position: QPoint) -> None:
        """Show a sentence beside the mouse; without one it goes."""
        if not text:
            if self._is_following:
                self._is_following = False
                self.hide()
            return
        self._clock.stop()
        self._is_following = True
        if text != self.text() or not self.isVisible():
            self._fill(text)
        over = self._over
        gap = self._theme.px(16)
        self.move(
            max(0, min(position.x() + gap, over.width() - self.width())),
            max(0, min(position.y() + gap, over.height() - self.height())),
        )

    def place(self) -> None:
        """Stand in the middle of the foot of the canvas."""
        over = self._over
        if self.isVisible() and not self._is_following:
            self.move((over.width() - self.width()) // 2, over.height() - self.height() - self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        draw_box(painter, area_of(self), theme.measure("radius"), theme.color("tooltip"))
        side, top = theme.px(12), theme.px(8)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("on-tooltip"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(side, top, -side, -top), int(flags), self.text())

    def _fill(self, text: str) -> None:
        theme = self._theme
        self.setText(visible_text(text))
        self.setAccessibleName(self.text())
        self.setFont(theme.font("body"))
        widest = min(theme.px(_WIDEST), self._over.width() - theme.px(32))
        flags = int(Qt.TextFlag.TextWordWrap)
        room = self.fontMetrics().boundingRect(0, 0, widest - theme.px(24), 400, flags, self.text())
        self.resize(room.width() + theme.px(26), room.height() + theme.px(18))
        self.show()
        self.raise_()
