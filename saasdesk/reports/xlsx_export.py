"""Lines as a workbook: texts as texts, numbers as numbers, dates as dates, and never a formula."""

import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from saasdesk.errors import Cancelled
from saasdesk.fields import FieldType
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column, Row, Special, Value, accounts_in_words
from saasdesk.reports.csv_export import Exported, ExportResult, Manifest, Written, save_whole
from saasdesk.reports.whole_file import Unfinished

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What a sheet of this kind of file can hold at most, with its headings.
ROWS_OF_A_SHEET = 1_048_576
LONGEST_TEXT = 32_767
# Larger whole numbers would lose their last digits.
_LARGEST_NUMBER = 2**53
_FIRST_YEAR = 1900
_SLICE = 500
_PIXELS_OF_A_LETTER = 8
_MOMENTS = frozenset({FieldType.DATETIME, Special.AGE})

Put = Callable[[int, int, Value], object]


def export_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Row],
    target: Path,
    *,
    manifest: Manifest,
    tell: Tell,
    stop: threading.Event,
) -> ExportResult:
    """Write all rows to the target, on as many sheets as they need, with a manifest beside it."""

    def write(unfinished: Unfinished) -> Written:
        written = _write(unfinished.file, columns, rows, manifest, tell, stop)
        return Written(written, unfinished.sha256())

    return save_whole(columns, target, write, manifest=manifest, facts={"format": "xlsx"})


def _write(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Row],
    manifest: Manifest,
    tell: Tell,
    stop: threading.Event,
) -> int:
    # A cancelled run leaves none of its pieces behind.
    with tempfile.TemporaryDirectory(prefix="saasdesk-") as room:
        return _write_book(file, columns, rows, manifest, room, tell, stop)


def _write_book(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Row],
    manifest: Manifest,
    room: str,
    tell: Tell,
    stop: threading.Event,
) -> int:
    # Only here: it is a whole library, which few runs need.
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {
        # Each row goes to the disk as it is written: a million of them take no more memory than one.
        "constant_memory": True,
        "tmpdir": room,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = Workbook(file, options)
    try:
        lines = _Lines(book, columns)
        source = iter(rows)
        while piece := list(islice(source, _SLICE)):
            if stop.is_set():
                raise Cancelled
            for row in piece:
                lines.write(row)
            tell(Exported(lines.written))
        lines.finish()
        _tell_about(book, manifest, lines.written)
        book.close()
    except FileCreateError as error:
        # The library hides what the disk said.
        said = error.args[0] if error.args else error
        raise said if isinstance(said, OSError) else OSError(str(said)) from None
    finally:
        for sheet in book.worksheets():
            # What is not finished holds its rows in a file that nobody else closes.
            sheet.row_data_fh.close()  # type: ignore[attr-defined]
    return lines.written


def _tell_about(book: "Workbook", manifest: Manifest, rows: int) -> None:
    about = book.add_worksheet("About")
    about.set_column(0, 0, 14)
    about.set_column(1, 1, 100)
    facts = {key: value for key, value in asdict(manifest).items() if value} | {"rows": rows}
    for place, (key, value) in enumerate(facts.items()):
        about.write_string(place, 0, key.replace("_", " ").capitalize())
        about.write_string(place, 1, _storable(str(value)))


class _Lines:
    """The sheets of lines, one after the other, each with the headings on top."""

    def __init__(self, book: "Workbook", columns: Sequence[Column]) -> None:
        self._book, self._columns = book, columns
        self._heading = book.add_format({"bold": True, "bottom": 1})
        formats = {
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
            # Points below each other; an average keeps what it has more.
            "amount": book.add_format({"num_format": "#,##0.00####"}),
            **{
                f"money {decimals}": book.add_format({"num_format": f"#,##0.{'0' * decimals}".rstrip(".")})
                for decimals in sorted({column.decimals for column in columns if column.type is Special.MONEY})
            },
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        }
        self._sheet: Worksheet
        self._row = 0
        self._sheets = 0
        self.written = 0
        self._writers = [_writer_of(column, formats) for column in columns]
        self._begin()

    def write(self, row: Row) -> None:
        if self._row == ROWS_OF_A_SHEET:
            self.finish()
            self._begin()
        for place, (value, write) in enumerate(zip(row, self._writers, strict=True)):
            if value is not None:
                write(self._sheet, self._row, place, value)
        self._row += 1
        self.written += 1

    def finish(self) -> None:
        if self._row > 1:
            self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("Lines" if self._sheets == 1 else f"Lines {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            # Said in the heading: a date in a workbook has no time zone.
            title = f"{column.title} (UTC)" if column.type in _MOMENTS else column.title
            self._sheet.set_column(place, place, max(column.width_hint / _PIXELS_OF_A_LETTER, len(title) + 2))
            self._sheet.write_string(0, place, _storable(title), self._heading)
        self._row = 1


Writer = Callable[["Worksheet", int, int, Value], object]


def _writer_of(column: Column, formats: "dict[str, Format]") -> Writer:
    """How the values of a column are written; what is not as it should be is written as text."""
    match column.type:
        case FieldType.FLAG:
            return lambda sheet, row, place, value: sheet.write_boolean(row, place, bool(value))
        case FieldType.DATE:
            return lambda sheet, row, place, value: _write_day(sheet, row, place, value, formats)
        case FieldType.DATETIME | Special.AGE:
            return lambda sheet, row, place, value: _write_moment(sheet, row, place, value, formats)
        case FieldType.DECIMAL:
            return lambda sheet, row, place, value: _write_number(sheet, row, place, value, formats["amount"])
        case Special.MONEY:
            how, decimals = formats[f"money {column.decimals}"], column.decimals
            return lambda sheet, row, place, value: _write_money(sheet, row, place, value, decimals, how)
        case _ if column.is_number:
            return _write_number
        case _:
            return _write_text


def _write_text(sheet: "Worksheet", row: int, place: int, value: Value) -> None:
    text = accounts_in_words(value) if isinstance(value, tuple) else str(value)
    sheet.write_string(row, place, _storable(text))


def _write_number(sheet: "Worksheet", row: int, place: int, value: Value, how: "Format | None" = None) -> None:
    if isinstance(value, int | float) and abs(value) <= _LARGEST_NUMBER:
        sheet.write_number(row, place, value, how)
    else:
        _write_text(sheet, row, place, value)


def _write_money(sheet: "Worksheet", row: int, place: int, value: Value, decimals: int, how: "Format") -> None:
    amount = round(value, decimals) if isinstance(value, int | float) else value
    _write_number(sheet, row, place, amount, how)


def _write_day(sheet: "Worksheet", row: int, place: int, value: Value, formats: "dict[str, Format]") -> None:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        day = date.min
    if day.year < _FIRST_YEAR:
        _write_text(sheet, row, place, value)
    else:
        sheet.write_datetime(row, place, datetime(day.year, day.month, day.day), formats["day"])  # noqa: DTZ001


def _write_moment(sheet: "Worksheet", row: int, place: int, value: Value, formats: "dict[str, Format]") -> None:
    text = str(value)
    if len(text) == len("2026-01-01"):
        _write_day(sheet, row, place, value, formats)
        return
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        _write_text(sheet, row, place, value)
        return
    if moment.tzinfo is not None or moment.year < _FIRST_YEAR:
        _write_text(sheet, row, place, value)
    else:
        sheet.write_datetime(row, place, moment, formats["moment"])


def _storable(text: str) -> str:
    """A text that a cell takes: of one that is too long the beginning, and no half letters."""
    whole = text.encode("utf-8", "replace").decode()
    return whole if len(whole) <= LONGEST_TEXT else f"{whole[: LONGEST_TEXT - 1]}…"
