"""Something that is done once, a little after the last time that it was asked for."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def soon(parent: QObject, milliseconds: int, do: Callable[[], object]) -> QTimer:
    """A timer of the parent: each `start` puts off what it does, so that many wishes become one."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(do)
    return timer
