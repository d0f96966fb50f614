"""The menus of the window, and the keys of what stands in them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from saasdesk.ui.navigation import Command
from saasdesk.ui.visible_text import escaped_ampersands, visible_text

_MENUS = ("File", "Edit", "View", "Go", "Run", "Tools", "Help")
# On most keyboards the plus needs Shift; the same key without it will do.
_OTHER_KEYS = {"Ctrl++": ("Ctrl+=",)}


class Menus(QObject):
    """In each menu stands below the line what the window can always do, and above it what page and program can do now.

    A menu that has nothing is not seen.
    """

    def __init__(self, window: QMainWindow, lasting: Sequence[Command]) -> None:
        super().__init__(window)
        bar = window.menuBar()
        bar.setAccessibleName(self.tr("Menus"))
        self._menus = {name: bar.addMenu(self.tr(name)) for name in _MENUS}
        self._lines = {name: menu.addSeparator() for name, menu in self._menus.items()}
        self._lasting: dict[str, QAction] = {}
        self._present: list[QAction] = []
        for command in lasting:
            action = self._make_action(command)
            self._menus[command.group].addAction(action)
            self._lasting[command.shortcut] = action

    def add_menu(self, name: str, menu: QMenu) -> None:
        """Put a menu of its own at the end of one of the menus."""
        self._menus[name].addSeparator()
        self._menus[name].addMenu(menu)

    def set_enabled(self, shortcut: str, *, is_enabled: bool) -> None:
        """Say whether a lasting command can be carried out just now."""
        self._lasting[shortcut].setEnabled(is_enabled)

    def show_commands(self, commands: Sequence[Command]) -> None:
        """Show what can be done now, in the place of what could be done before."""
        for action in self._present:
            for menu in self._menus.values():
                menu.removeAction(action)
            action.deleteLater()
        self._present.clear()
        for command in commands:
            action = self._make_action(command)
            group = command.group if command.group in self._menus else "Tools"
            self._menus[group].insertAction(self._lines[group], action)
            self._present.append(action)
        for name, menu in self._menus.items():
            menu.menuAction().setVisible(len(menu.actions()) > 1)
            self._lines[name].setVisible(menu.actions()[0] is not self._lines[name])

    def _make_action(self, command: Command) -> QAction:
        action = QAction(escaped_ampersands(visible_text(command.text)), self)
        if command.shortcut:
            keys = (command.shortcut, *_OTHER_KEYS.get(command.shortcut, ()))
            action.setShortcuts([QKeySequence(key) for key in keys])
        # The signal carries "checked", which is none of the command's business.
        action.triggered.connect(lambda _checked: command.run())
        return action
