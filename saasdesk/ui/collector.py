"""Python's garbage collector, kept to the window's thread."""

import gc
import time

from PySide6.QtCore import QObject, QTimer

_EVERY_MILLISECONDS = 500
# The oldest generation is looked through whole: seldom, so that nobody feels it.
_WHOLE_AFTER_SECONDS = 60.0


class Collector(QObject):
    """Collects in the window's thread, and nowhere else.

    Left to itself, the collector runs in whatever thread happens to make the next object. In a worker it may come upon
    a widget: Qt's lock and Python's are then taken in the wrong order, and both threads wait for each other for ever.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._whole_at = time.monotonic()
        self._was_enabled = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """From now on only this collects."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Python collects by itself again, if it did before: there is no window any more."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def collect(self) -> None:
        """Collect as much as is due, the youngest first."""
        young, middle, old = gc.get_threshold()
        counts = gc.get_count()
        if counts[2] > old and time.monotonic() - self._whole_at > _WHOLE_AFTER_SECONDS:
            self._whole_at = time.monotonic()
            gc.collect(2)
        elif counts[1] > middle:
            gc.collect(1)
        elif counts[0] > young:
            gc.collect(0)
