"""Reads the rows that are seen, and then those that will be seen next."""

from PySide6.QtCore import QObject

from saasdesk.ui.soon import soon
from saasdesk.ui.tables.loading import Loading
from saasdesk.ui.tables.model import ReadRows, RecordModel
from saasdesk.ui.tables.view import RecordView

# What is read besides the rows that are seen, as soon as the nearest of them are missing.
_ROWS_NEAR, _ROWS_BEFORE, _ROWS_AFTER, _ROWS_AT_ONCE = 80, 200, 350, 500


class RowsInSight(QObject):
    """Asks for the values that the model lacks, a few rows at a time, wherever the view is scrolled to."""

    def __init__(self, view: RecordView, model: RecordModel, loading: Loading) -> None:
        super().__init__(view)
        self._view, self._model, self._loading = view, model, loading
        self._soon = soon(self, 0, self._read_missing)
        model.missing.connect(self.read_soon)
        view.scrolled.connect(self.read_soon)
        loading.rows_read.connect(self._on_rows_read)

    def read_soon(self) -> None:
        """Look for what is missing when everything that is going on just now has happened."""
        self._soon.start()

    def _read_missing(self) -> None:
        view, model = self._view, self._model
        if self._loading.is_reading_rows or not model.keys:
            return
        first, last = view.visible_rows()
        wanted = model.unread(first, last) + [number for number in model.take_missed() if not model.has(number)]
        if not wanted and model.unread(first - _ROWS_NEAR, last + _ROWS_NEAR):
            wanted = model.unread(first - _ROWS_BEFORE, last + _ROWS_AFTER)
        model.drop_far_rows(first, last)
        if wanted:
            self._loading.read_rows(list(dict.fromkeys(wanted))[:_ROWS_AT_ONCE], model.keys)

    def _on_rows_read(self, rows: ReadRows) -> None:
        self._model.take_rows(rows)
        self.read_soon()
