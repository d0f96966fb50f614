"""Rows for the clipboard: as lines with tabs, and as a table for programs that paste tables."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from saasdesk.records.listing import Column, Row
from saasdesk.ui.tables.cells import CellTexts

COPIED_AT_MOST = 20_000

# A spreadsheet that pastes the table takes these cells as text, whatever they begin with.
_AS_TEXT = """ style='mso-number-format:"\\@"'"""


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
