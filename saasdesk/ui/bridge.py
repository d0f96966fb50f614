"""The one door between worker threads and Qt."""

from PySide6.QtCore import QObject, Signal

from saasdesk.jobs import Message


class Bridge(QObject):
    """Brings what jobs say into the window's thread.

    Made once at start and kept: an object for each job, let go while its signals wait, would lose them.
    """

    heard = Signal(object)

    def listener(self, message: Message) -> None:
        """Give this to `Jobs`; it may be called in any thread."""
        self.heard.emit(message)
