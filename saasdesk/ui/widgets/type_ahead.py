"""The list below a field in which one types to find something."""

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter


class TypeAhead(QCompleter):
    """Offers whatever contains the letters, in any case; Tab takes what is marked and goes on, list or no list."""

    def __init__(self, model: QAbstractItemModel, parent: QObject) -> None:
        super().__init__(model, parent)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        # It looks like the list of any other choice.
        popup = self.popup()
        if popup is not None:
            popup.setObjectName("suggestions")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.FocusIn:
            self._join_window()
        if watched is self.popup() and event.type() in {QEvent.Type.Show, QEvent.Type.Resize}:
            self._fit()
        is_press = watched is self.popup() and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            field = self.widget()
            again = QKeyEvent(QEvent.Type.KeyPress, event.key(), event.modifiers())
            # Qt closes the list for it and keeps the keyboard where it is.
            QTimer.singleShot(0, field, lambda: QCoreApplication.sendEvent(field, again))
        return super().eventFilter(watched, event)

    def _join_window(self) -> None:
        """Hang the list on the window that it opens from: its look comes from there."""
        popup, window = self.popup(), self.widget().window()
        # In a combo box that is a window itself, Qt would take the list for that of its choices.
        if popup is None or isinstance(window, QComboBox):
            return
        if popup.parentWidget() is not window:
            popup.setParent(window, popup.windowFlags())

    def _fit(self) -> None:
        """Make the list as high as its lines: Qt forgets the room around them."""
        popup, field = self.popup(), self.widget()
        if popup is None or not popup.isVisible():
            return
        lines = min(self.maxVisibleItems(), self.completionCount())
        missing = lines * popup.sizeHintForRow(0) + 2 * popup.frameWidth() - popup.height()
        if missing > 0:
            is_above = popup.y() < field.mapToGlobal(field.rect().topLeft()).y()
            top = popup.y() - missing if is_above else popup.y()
            popup.setGeometry(popup.x(), top, popup.width(), popup.height() + missing)
