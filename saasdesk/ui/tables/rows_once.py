"""Rows that are wanted once, for the clipboard or for a sum, wherever they are."""

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from saasdesk.jobs import Ended, Job, Said, Tell
from saasdesk.records.listing import Row
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.source import TableSource


class RowsOnce(QObject):
    """Hands rows to a function: at once if the table has them, otherwise when they have been read.

    A new wish makes the one before it void.
    """

    def __init__(self, model: RecordModel, readers: TableReaders, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._readers = readers
        self._job: Job | None = None
        self._then: Callable[[list[Row]], None] | None = None
        readers.answered.connect(self._on_answered)

    def read(
        self, source: TableSource, ids: Sequence[int], keys: Sequence[str], then: Callable[[list[Row]], None]
    ) -> None:
        """Read these rows, in this order."""
        self.forget()
        known = self._model.values(ids, keys)
        if known is not None:
            then(known)
            return

        def work(_tell: Tell, stop: threading.Event) -> list[Row]:
            rows = source.rows(ids, keys, stop)
            return [rows[number] for number in ids if number in rows]

        self._then = then
        self._job = self._readers.start(work, "table-rows-once")

    def forget(self) -> None:
        """Nobody wants the rows any more."""
        if self._job is not None:
            self._readers.stop(self._job)
        self._job = self._then = None

    def _on_answered(self, message: Said | Ended) -> None:
        if message.job != self._job or not isinstance(message, Ended):
            return
        then, self._then, self._job = self._then, None, None
        if then is not None and isinstance(message.result, list):
            then(message.result)
