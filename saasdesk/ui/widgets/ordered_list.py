"""A short list whose lines can be put in another order, by keyboard and by mouse."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_frame


class OrderedList(QListWidget):
    """Alt+Up and Alt+Down ask to move the current line; `dropped` says that lines were dragged to another place."""

    move_wanted = Signal(int)
    dropped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def let_drag(self) -> None:
        """Let lines be dragged; those that may be dropped upon would swallow what is dropped."""
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            # The line that the keys would move; what is selected alone says nothing of the keyboard.
            current = self.currentIndex()
            area = self.visualRect(current) if current.isValid() else self.viewport().rect()
            draw_frame(self, self._theme, area.adjusted(1, 1, -1, -1))

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)
