"""The list below a field in which one types to find something."""

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter


class TypeAhead(QCompleter):
    """Offers whatever contains the letters, in any case; Tab takes what is marked and goes on, list or no list."""

    def __init__(self, model: QAbstractItemModel, parent: QObject) -> None:
        super().__init__(model, parent)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = watched is self.popup() and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            field = self.widget()
            again = QKeyEvent(QEvent.Type.KeyPress, event.key(), event.modifiers())
            # Qt closes the list for it and keeps the keyboard where it is.
            QTimer.singleShot(0, field, lambda: QCoreApplication.sendEvent(field, again))
        return super().eventFilter(watched, event)
