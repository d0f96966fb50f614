"""The icon in the desktop's tray: opens the window, runs, pauses and quits without it, and tells of news."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from saasdesk.ui.theme.icons import app_icon_path
from saasdesk.ui.visible_text import visible_text

_MESSAGE_MILLISECONDS = 10_000


def has_tray() -> bool:
    """Whether this desktop has a place for such icons."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """Icon, menu and messages; what they are for is the program's business."""

    open_wanted = Signal()
    notices_wanted = Signal()
    run_all_wanted = Signal()
    pause_wanted = Signal(bool)
    quit_wanted = Signal()
    message_clicked = Signal()
    opening = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.icon = QSystemTrayIcon(QIcon(str(app_icon_path())), self)
        self.menu = QMenu()
        self.menu.setAccessibleName(self.tr("saasdesk"))
        self._add(self.tr("Open saasdesk")).triggered.connect(lambda _checked: self.open_wanted.emit())
        self._notices = self._add(self.tr("Notices"))
        self._notices.triggered.connect(lambda _checked: self.notices_wanted.emit())
        run_all = self._add(self.tr("Run all integrations now"))
        run_all.triggered.connect(lambda _checked: self.run_all_wanted.emit())
        self.pause = self._add(self.tr("Pause all schedules"))
        self.pause.setCheckable(True)
        self.pause.triggered.connect(self.pause_wanted)
        self.menu.addSeparator()
        self._add(self.tr("Quit")).triggered.connect(lambda _checked: self.quit_wanted.emit())
        self.menu.aboutToShow.connect(self.opening)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(self.message_clicked)
        self.set_unread(0)

    def show(self) -> None:
        """Show the icon."""
        self.icon.show()

    def close(self) -> None:
        """Take the icon away."""
        self.icon.hide()
        self.menu.deleteLater()

    def set_unread(self, count: int) -> None:
        """Say how many notices nobody has read."""
        self._notices.setText(self.tr("Notices ({0} unread)").format(count) if count else self.tr("Notices"))
        self.icon.setToolTip(self.tr("saasdesk, {0} unread notices").format(count) if count else "saasdesk")

    def set_paused(self, *, is_paused: bool) -> None:
        """Show whether schedules rest."""
        self.pause.setChecked(is_paused)

    def tell(self, title: str, text: str, *, is_trouble: bool) -> None:
        """Show a message of the desktop's own; it takes no keyboard away."""
        kind = QSystemTrayIcon.MessageIcon.Warning if is_trouble else QSystemTrayIcon.MessageIcon.Information
        self.icon.showMessage(
            visible_text(title), visible_text(text, keep_line_breaks=True), kind, _MESSAGE_MILLISECONDS
        )

    def _add(self, text: str) -> QAction:
        action = QAction(text, self.menu)
        self.menu.addAction(action)
        return action

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # Not on a right click: that opens the menu.
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.open_wanted.emit()
