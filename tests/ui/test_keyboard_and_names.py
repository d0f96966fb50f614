"""Everything that can be worked has a name, is reached by Tab, and shows that the keyboard is there."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.theme import Theme

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def busy_window(window: MainWindow, gate: threading.Event) -> MainWindow:
    window.navigate("person", 7)
    window.start_job(lambda tell, stop: stop.wait(10), "JumpCloud users")
    window.toast("Saved.", "ok", ("Undo", lambda: None), seconds=60)
    QApplication.processEvents()
    return window


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def focusable(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def test_that_everything_that_takes_the_keyboard_has_a_name(busy_window: MainWindow) -> None:
    nameless = [widget for widget in focusable(busy_window) if not name_of(widget)]

    assert nameless == []


def test_that_everything_is_reached_by_tab(qtbot: QtBot, busy_window: MainWindow) -> None:
    wanted = set(focusable(busy_window))
    reached = set()
    for _ in range(3 * len(wanted)):
        qtbot.keyClick(QApplication.focusWidget() or busy_window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())

    assert wanted - reached == set()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_the_keyboard_can_be_seen_wherever_it_is(busy_window: MainWindow, theme: Theme, mode: str) -> None:
    theme.mode = mode
    unseen = []
    for widget in focusable(busy_window):
        busy_window.setFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.grab().toImage() == before:
            unseen.append(widget)

    assert unseen == []


def test_that_targets_are_at_least_24_pixels(busy_window: MainWindow) -> None:
    small = [widget for widget in focusable(busy_window) if min(widget.width(), widget.height()) < 24]

    assert small == []


@pytest.mark.parametrize("zoom", [80, 100, 200])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_that_nothing_of_the_frame_is_cut(
    busy_window: MainWindow, theme: Theme, zoom: int, size: tuple[int, int]
) -> None:
    theme.zoom = zoom
    busy_window.resize(*size)
    QApplication.processEvents()

    frame = busy_window.rect()
    parts = (busy_window.command_box, busy_window.rail, busy_window.trail.back, busy_window.status.job_chip)
    cut = [
        part
        for part in parts
        if not frame.contains(part.mapTo(busy_window, part.rect().bottomRight()))
        or (part is not busy_window.rail and part.width() < part.sizeHint().width())
    ]

    assert cut == []
