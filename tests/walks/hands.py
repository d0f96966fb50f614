"""A keyboard and a mouse whose events go the way of real ones: to the window at that place, or with the focus."""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QScrollArea, QWidget

PATIENCE_SECONDS = 20


def wait_until(is_true: Callable[[], object], what: str) -> None:
    """Let the window work until something holds."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < end, f"waited for: {what}"
        QApplication.processEvents()
        time.sleep(0.005)


def settle() -> None:
    """Let what was begun be drawn."""
    for _ in range(5):
        QApplication.processEvents()
        time.sleep(0.005)


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it. On Linux Qt names a list of choices by what is chosen, so that comes last."""
    if widget.accessibleName():
        return widget.accessibleName()
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name) if found is not None else ""


Kind = TypeVar("Kind", bound=QWidget)


def seen(name: str, kind: type[Kind] = QWidget) -> Kind:  # type: ignore[assignment]  # what is asked for, or anything
    """The widget of this name that can be seen and worked now: of the dialog in front, where there is one."""
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()]
    root = QApplication.activePopupWidget() or QApplication.activeModalWidget() or windows[0]
    found = [w for w in root.findChildren(kind) if w.isVisible() and w.isEnabled() and name_of(w) == name]
    assert found, f"nothing on the screen is called “{name}”"
    return found[0]


def is_seen(name: str) -> bool:
    """Whether something of this name can be seen and worked now."""
    try:
        return bool(seen(name))
    except AssertionError:
        return False


class Keys:
    """A keyboard in front of a window."""

    def __init__(self, desk: QWidget) -> None:
        self._desk = desk

    def press(self, *shortcuts: str) -> None:
        """Press these, one after the other: "Ctrl+Shift+M", "Return"."""
        for shortcut in shortcuts:
            combination = QKeySequence(shortcut)[0]
            QTest.keyClick(self._window(), combination.key(), combination.keyboardModifiers())
            settle()

    def type(self, text: str) -> None:
        """Type a text, after a breath: letters that follow others at once would be one word with them."""
        QTest.qWait(QApplication.keyboardInputInterval() + 50)
        for sign in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, self._window(), Qt.Key.Key_unknown, sign, Qt.KeyboardModifier.NoModifier
            )
        settle()

    def tab_to(self, name: str) -> None:
        """Press Tab until the keyboard is on what has this name."""
        for _ in range(120):
            focus = QApplication.focusWidget()
            if focus is not None and name_of(focus) == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never came to “{name}”")

    def choose(self, entry: str) -> None:
        """Go down a menu that is open to an entry, and take it."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in range(len(menu.actions()) + 1):
            action = menu.activeAction()
            if action is not None and _words_of(action) == entry:
                self.press("Return")
                return
            self.press("Down")
        raise AssertionError(f"there is no “{entry}” in the menu")

    def _window(self) -> QWindow:
        """Menus and lists that are open take the keys of the window below them."""
        front = QApplication.activeModalWidget() or self._desk
        if QApplication.activePopupWidget() is None and not front.isActiveWindow():
            # What a window manager does when a dialog has gone; without a screen there is none.
            front.activateWindow()
            wait_until(front.isActiveWindow, "a window with the keyboard")
        handle = front.windowHandle()
        assert handle is not None
        return handle


class Mouse(Protocol):
    """A mouse; places are on the screen."""

    def move(self, to: QPoint) -> None:
        """Bring it to a place, with a stop on the way as a hand makes."""

    def press(self, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Hold a button down."""

    def release(self, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Let it go."""


class MouseOfQt:
    """Sends what Qt would get from a screen."""

    def __init__(self) -> None:
        self._at = QPoint()
        self._held: QWindow | None = None

    def move(self, to: QPoint) -> None:
        for place in ((self._at + to) / 2, to):
            self._at = place
            window = self._held or _window_at(place)
            if window is not None:
                QTest.mouseMove(window, window.mapFromGlobal(place))
                settle()

    def press(self, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        window = _window_at(self._at)
        assert window is not None, f"there is no window at {self._at}"
        QTest.mousePress(window, button, Qt.KeyboardModifier.NoModifier, window.mapFromGlobal(self._at))
        self._held = window
        settle()

    def release(self, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        window = self._held or _window_at(self._at)
        self._held = None
        if window is not None:
            QTest.mouseRelease(window, button, Qt.KeyboardModifier.NoModifier, window.mapFromGlobal(self._at))
        settle()


def _window_at(place: QPoint) -> QWindow | None:
    """The window in front at a place. Qt's own answer ends where the screen that is none ends."""
    windows = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.geometry().contains(place)]
    front = QApplication.activePopupWidget()
    if front not in windows:
        popups = [window for window in windows if window.windowType() == Qt.WindowType.Popup]
        front = next(iter(popups), QApplication.activeModalWidget() or next(iter(windows), None))
    return front.windowHandle() if front is not None and front in windows else None


class Hand:
    """What somebody does with a mouse."""

    def __init__(self, mouse: Mouse) -> None:
        self.mouse = mouse

    def click(self, target: QWidget | QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Press and let go, in the middle of a widget or at a place."""
        self.mouse.move(middle(target))
        self.mouse.press(button)
        self.mouse.release(button)

    def click_at(self, place: Callable[[], QPoint]) -> None:
        """Press what may still go elsewhere while the mouse comes: a list moves as its lines are touched."""
        self.mouse.move(place())
        for _ in range(5):
            settle()
            before = place()
            self.mouse.move(before)
            if place() == before:
                break
        self.click(place())

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Carry something from one place to another."""
        self.mouse.move(start)
        self.mouse.press()
        self.mouse.move(start + QPoint(6, 6))
        self.mouse.move(end)
        self.mouse.release()

    def choose(self, entry: str) -> None:
        """Click an entry of the menu that is open."""
        wait_until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), f"the menu with “{entry}”")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        place = next((menu.actionGeometry(a) for a in menu.actions() if _words_of(a) == entry), QRect())
        assert place.isValid(), f"there is no “{entry}” in the menu"
        self.click(menu.mapToGlobal(place.center()))


def _words_of(action: QAction) -> str:
    """An entry of a menu without its underlined letter and its keys."""
    return action.text().replace("&", "").partition("\t")[0]


def _scroll_to(widget: QWidget) -> None:
    """What somebody would do with the wheel where a page is longer than the window."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def middle(target: QWidget | QPoint) -> QPoint:
    """The middle of a widget on the screen, once it stays where it is: eyes do not aim at what moves."""
    if isinstance(target, QPoint):
        return target
    _scroll_to(target)
    before, now = QPoint(-1, -1), target.mapToGlobal(target.rect().center())
    while before != now:
        settle()
        before, now = now, target.mapToGlobal(target.rect().center())
    return now
