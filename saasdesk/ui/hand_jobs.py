"""What a person's hand begins on a page: a job that writes records, and what the page says when it is done."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from saasdesk.jobs import Ended, Message, Work
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Frame

# Lists and record pages read again when a job about this is over.
RECORDS_BY_HAND = "records by hand"


class HandJobs(QObject):
    """Starts them; whatever goes wrong is told in a message."""

    def __init__(self, frame: Frame, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._then: dict[int, Callable[[Any], object]] = {}
        bridge.heard.connect(self._on_heard)

    def start(self, work: Work, name: str, then: Callable[[Any], object], about: str = RECORDS_BY_HAND) -> None:
        """Begin the work; its result goes to `then`."""
        job = self._frame.start_job(work, name, about)
        if job is not None:
            self._then[job.number] = then

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended):
            return
        then = self._then.pop(message.job.number, None)
        if then is None:
            return
        if message.error is not None:
            self._frame.toast(str(message.error), "error")
        else:
            then(message.result)
