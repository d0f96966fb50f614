"""A field to look for things: a lens, a way to empty it, and a pause before it asks."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton

_PAUSE_MILLISECONDS = 150


class SearchField(QLineEdit):
    """`searched` comes 150 ms after the last key; Escape empties the field, and only then leaves it."""

    searched = Signal(str)

    def __init__(self, theme: Theme, prompt: str, width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self._count = ""
        self.setPlaceholderText(prompt)
        self.setAccessibleName(prompt)
        self._clear = IconButton(theme, "close", self.tr("Empty the field"), size=24, icon_size=10, parent=self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self._pause = soon(self, _PAUSE_MILLISECONDS, self._on_pause_over)
        self.textChanged.connect(self._on_text_changed)
        theme.changed.connect(self._make_room)
        self._make_room()

    def set_count(self, text: str) -> None:
        """Say beside the text how much was found ("4 of 9")."""
        self._count = text
        self._make_room()
        self.update()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._width:
            hint.setWidth(self._theme.px(self._width))
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        hint.setWidth(self._theme.px(min(self._width or 120, 120)))
        return hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme = self._theme
        lens = self.rect()
        lens.setWidth(theme.px(28))
        if self.isRightToLeft():
            lens.moveRight(self.rect().right())
        theme.paint_icon(painter, lens, "search", "muted" if self.isEnabled() else "disabled")
        if self._count:
            painter.setFont(theme.font("secondary"))
            painter.setPen(theme.color("muted"))
            gap = theme.px(28) if self.text() else theme.px(10)
            area = self.rect().adjusted(gap if self.isRightToLeft() else 0, 0, 0 if self.isRightToLeft() else -gap, 0)
            side = Qt.AlignmentFlag.AlignLeft if self.isRightToLeft() else Qt.AlignmentFlag.AlignRight
            painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), self._count)

    def _make_room(self) -> None:
        room = self._theme.px(26 if self.text() else 4)
        if self._count:
            room += self.fontMetrics().horizontalAdvance(self._count)
        before, after = self._theme.px(22), room
        if self.isRightToLeft():
            before, after = after, before
        self.setTextMargins(before, 0, after, 0)
        self._place_clear()
        self.updateGeometry()

    def _place_clear(self) -> None:
        side = self._theme.px(24)
        gap = (self.height() - side) // 2
        self._clear.setGeometry(gap if self.isRightToLeft() else self.width() - side - gap, gap, side, side)

    def _on_text_changed(self) -> None:
        self._clear.setVisible(bool(self.text()))
        self._make_room()
        self._pause.start()

    def _on_pause_over(self) -> None:
        self.searched.emit(self.text())
