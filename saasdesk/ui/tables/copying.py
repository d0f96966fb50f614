"""Rows for the clipboard: as lines with tabs, and as a table for programs that paste tables."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from PySide6.QtCore import QCoreApplication, QLocale, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from saasdesk.records.listing import Column, Row
from saasdesk.ui.moments import counted
from saasdesk.ui.tables.arrangement import Arrangement
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.rows_once import RowsOnce
from saasdesk.ui.tables.source import TableSource
from saasdesk.ui.tables.view import RecordView

_COPIED_AT_MOST = 20_000

# A spreadsheet that pastes the table takes these cells as text, whatever they begin with.
_AS_TEXT = """ style='mso-number-format:"\\@"'"""


class Copying(QObject):
    """Copies from a table: the selected rows, wherever they are, or one value. `said` tells what became of it."""

    said = Signal(str)

    def __init__(self, view: RecordView, model: RecordModel, arrangement: Arrangement, readers: TableReaders) -> None:
        super().__init__(view)
        self._view, self._model, self._arrangement = view, model, arrangement
        self._texts = CellTexts()
        self._read = RowsOnce(model, readers, self)

    def copy_rows(self, source: TableSource, *, with_headings: bool = False) -> None:
        """Put the selected rows of this source on the clipboard, as soon as they have been read."""
        ids = self._model.ids_of(self._view.selected_ranges())
        if not ids:
            return
        if len(ids) > _COPIED_AT_MOST:
            words = self.tr("{0} rows are too many for the clipboard; it takes {1}. Export them instead.")
            self.said.emit(words.format(QLocale().toString(len(ids)), QLocale().toString(_COPIED_AT_MOST)))
            return
        by_key = {column.key: column for column in self._model.columns}
        keys = self._arrangement.visible_keys
        columns = [by_key[key] for key in keys]

        def on_read(rows: list[Row]) -> None:
            tsv, html = copied_rows(self._texts, columns, rows, with_headings=with_headings)
            put_on_clipboard(tsv, html)
            self.said.emit(counted(len(rows), self.tr("{0} row copied"), self.tr("{0} rows copied")))

        self._read.read(source, ids, keys, on_read)

    def copy_value(self) -> None:
        """Put the value that the keyboard stands on on the clipboard."""
        index = self._view.currentIndex()
        cell = self._model.cell(index.row(), index.column()) if index.isValid() else None
        if cell is not None:
            QGuiApplication.clipboard().setText(self._texts.copied(cell.column, cell.value))


def copied_rows(
    texts: CellTexts, columns: Sequence[Column], rows: Iterable[Row], *, with_headings: bool
) -> tuple[str, str]:
    """The same rows as TSV and as HTML."""
    lines = [[texts.copied(column, value) for column, value in zip(columns, row, strict=True)] for row in rows]
    headings = [column.title for column in columns] if with_headings else None
    tsv = "\n".join("\t".join(line) for line in ([headings] if headings else []) + lines)
    html = ["<table>"]
    if headings:
        html.append("<tr>" + "".join(f"<th>{escape(heading)}</th>" for heading in headings) + "</tr>")
    attributes = [_AS_TEXT if column.is_text else "" for column in columns]
    html += [
        "<tr>" + "".join(f"<td{how}>{escape(text)}</td>" for how, text in zip(attributes, line, strict=True)) + "</tr>"
        for line in lines
    ]
    html.append("</table>")
    return tsv, "".join(html)


def put_on_clipboard(tsv: str, html: str) -> None:
    """Offer both to whoever pastes."""
    mime = QMimeData()
    mime.setText(tsv)
    mime.setHtml(html)
    QGuiApplication.clipboard().setMimeData(mime)
    _tidy_up_at_the_end()


def leave_text_only() -> None:
    """Keep the text and let go of the rest: Qt crashes if data made here is on the clipboard when the program ends."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.setText(clipboard.text())


@cache
def _tidy_up_at_the_end() -> None:
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(leave_text_only)
