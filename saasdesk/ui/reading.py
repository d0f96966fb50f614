"""A page's questions to the store: asked in a worker thread, answered in the window's."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Ended, Job, Said
from saasdesk.ui.tables.readers import TableReaders

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Reading(QObject):
    """One page's questions, each with a name: asking again makes the answer before it stale."""

    def __init__(self, readers: TableReaders, parent: QObject) -> None:
        super().__init__(parent)
        self._readers = readers
        self._waiting: dict[str, tuple[Job, Callable[[Any], object], Callable[[str], object]]] = {}
        readers.answered.connect(self._on_answered)

    def ask(
        self,
        question: str,
        work: Callable[[threading.Event], T],
        then: Callable[[T], object],
        failed: Callable[[str], object],
    ) -> None:
        """Begin `work(stop)`; its result goes to `then`, or a sentence for people to `failed`."""
        self.forget(question)
        job = self._readers.start(lambda _tell, stop: work(stop), question)
        self._waiting[question] = (job, then, failed)

    def forget(self, question: str) -> None:
        """Nobody waits for this answer any more."""
        asked = self._waiting.pop(question, None)
        if asked is not None:
            self._readers.stop(asked[0])

    def is_waiting(self, question: str) -> bool:
        """Whether an answer is on its way."""
        return question in self._waiting

    def _on_answered(self, message: Said | Ended) -> None:
        if not isinstance(message, Ended):
            return
        question = next((name for name, asked in self._waiting.items() if asked[0] == message.job), None)
        if question is None:
            return
        _, then, failed = self._waiting.pop(question)
        match message.error:
            case None:
                then(message.result)
            case Cancelled():
                pass
            case UserError() as error:
                failed(str(error))
            case error:
                _log.error("%s failed", question, exc_info=error)
                failed(self.tr("The program failed while reading. The log says more."))
