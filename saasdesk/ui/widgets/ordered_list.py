"""A short list whose lines can be put in another order, by keyboard and by mouse."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget


class OrderedList(QListWidget):
    """Alt+Up and Alt+Down ask to move the current line; `dropped` says that lines were dragged to another place."""

    move_wanted = Signal(int)
    dropped = Signal()

    def let_drag(self) -> None:
        """Let lines be dragged; those that may be dropped upon would swallow what is dropped."""
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)
