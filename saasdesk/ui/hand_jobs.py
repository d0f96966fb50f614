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
        self._then: dict[int, tuple[Callable[[Any], object], Callable[[str], object]]] = {}
        bridge.heard.connect(self._on_heard)

    def start(
        self,
        work: Work,
        name: str,
        then: Callable[[Any], object],
        about: str = RECORDS_BY_HAND,
        *,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Begin the work; its result goes to `then`, what went wrong to `failed` or into a message."""
        job = self._frame.start_job(work, name, about)
        if job is not None:
            self._then[job.number] = then, failed or self._complain

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended):
            return
        waiting = self._then.pop(message.job.number, None)
        if waiting is None:
            return
        then, failed = waiting
        if message.error is not None:
            failed(str(message.error))
        else:
            then(message.result)

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
