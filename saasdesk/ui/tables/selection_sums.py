"""What the selected rows of a table come to: how many they are, and the sum of their numbers."""

from PySide6.QtCore import QObject

from saasdesk.records.listing import Column, Row
from saasdesk.ui.soon import soon
from saasdesk.ui.tables.arrangement import Arrangement
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.rows_once import RowsOnce
from saasdesk.ui.tables.selection_bar import SelectionBar
from saasdesk.ui.tables.source import TableSource
from saasdesk.ui.tables.view import RecordView

_SUMMED_AT_MOST = 20_000
_SUM_AFTER = 80


class SelectionSums(QObject):
    """Tells the bar below the rows what is selected: the count at once, the sum of numbers later."""

    def __init__(
        self,
        view: RecordView,
        model: RecordModel,
        arrangement: Arrangement,
        bar: SelectionBar,
        readers: TableReaders,
        source: TableSource,
    ) -> None:
        super().__init__(view)
        self._view, self._model, self._arrangement, self._bar = view, model, arrangement, bar
        self._source = source
        self._texts = CellTexts()
        self._read = RowsOnce(model, readers, self)
        self._sum_soon = soon(self, _SUM_AFTER, self._sum)

    def use_source(self, source: TableSource) -> None:
        """Another list is shown from now on."""
        self._source = source

    def show(self) -> int:
        """Say what is selected now; returns how many records that is."""
        selected = self._view.selected_count()
        self._bar.show_selection(selected, self._model.record_count)
        self._read.forget()
        if selected:
            self._sum_soon.start()
        return selected

    def _sum(self) -> None:
        column = self._first_of_numbers()
        ids = self._model.ids_of(self._view.selected_ranges())
        if column is None or not ids or len(ids) > _SUMMED_AT_MOST:
            self._bar.show_sums("")
            return

        def on_read(rows: list[Row]) -> None:
            numbers = [value for (value,) in rows if isinstance(value, int | float)]
            self._bar.show_sums(self._words(column, numbers) if numbers else "")

        self._read.read(self._source, ids, [column.key], on_read)

    def _first_of_numbers(self) -> Column | None:
        columns = {column.key: column for column in self._model.columns}
        shown = (columns[key] for key in self._arrangement.visible_keys)
        return next((column for column in shown if column.is_number), None)

    def _words(self, column: Column, numbers: list[int | float]) -> str:
        total = sum(numbers)
        average = round(total / len(numbers), 2)
        words = self.tr("{0}: {1} · average {2}")
        return words.format(column.title, self._texts.number(column, total), self._texts.number(column, average))
