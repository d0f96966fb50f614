"""How the window looks, as an admin changes it: light or dark, larger or smaller."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.ui.navigation import Command
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme, ThemeMode, zoom_step

# So long after the last step the window takes its new size: longer than a key that is held down repeats itself.
_ZOOM_AFTER = 120  # milliseconds


class Appearance(QObject):
    """The commands that change the theme, and its modes as a menu. `said` has a line for the status bar."""

    said = Signal(str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.menu = QMenu(self.tr("Appearance"), window)
        group = QActionGroup(self)
        self._modes: dict[ThemeMode, QAction] = {}
        for mode, text in self._named_modes():
            action = QAction(text, self)
            action.setCheckable(True)
            action.triggered.connect(partial(self._set_mode, mode))
            group.addAction(action)
            self.menu.addAction(action)
            self._modes[mode] = action
        # A whole window takes its time to be dressed again: of steps that come quickly only the last is taken.
        self._wished = theme.zoom
        self._zoom_soon = soon(self, _ZOOM_AFTER, self._zoom_as_wished)
        theme.changed.connect(self._show_mode)
        self._show_mode()

    def sizes(self) -> list[Command]:
        """Larger, smaller, and as at first."""
        return [
            Command(self.tr("Larger"), lambda: self._zoom_by(1), "Ctrl++", "zoom-in", "View"),
            Command(self.tr("Smaller"), lambda: self._zoom_by(-1), "Ctrl+-", "zoom-out", "View"),
            Command(self.tr("Usual size"), self._zoom_back, "Ctrl+0", "search", "View"),
        ]

    def modes(self) -> list[Command]:
        """Light, dark, or like the system."""
        return [
            Command(self.tr("Appearance: {0}").format(text), partial(self._set_mode, mode), "", "theme", "View")
            for mode, text in self._named_modes()
        ]

    def _named_modes(self) -> list[tuple[ThemeMode, str]]:
        return [
            (ThemeMode.SYSTEM, self.tr("Like the system")),
            (ThemeMode.LIGHT, self.tr("Light")),
            (ThemeMode.DARK, self.tr("Dark")),
        ]

    def _set_mode(self, mode: ThemeMode, _checked: bool = False) -> None:
        self._theme.mode = mode
        self._show_mode()

    def _show_mode(self) -> None:
        self._modes[self._theme.mode].setChecked(True)

    def _zoom_by(self, steps: int) -> None:
        if not self._zoom_soon.isActive():
            self._wished = self._theme.zoom
        self._wished = zoom_step(self._wished, steps)
        self.said.emit(self.tr("Size {0} %").format(self._wished))
        self._zoom_soon.start()

    def _zoom_back(self) -> None:
        self._wished = 100
        self.said.emit("")
        self._zoom_soon.start()

    def _zoom_as_wished(self) -> None:
        if self._wished != self._theme.zoom:
            self._theme.zoom = self._wished
