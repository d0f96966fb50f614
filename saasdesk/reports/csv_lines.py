"""The lines of CSV files: every value in quotes, and none that a spreadsheet would calculate."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeGuard

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Row, Special, Value, accounts_in_words

BOM = "\ufeff"
DELIMITERS = (",", ";", "\t", "|")

# What makes a spreadsheet calculate instead of show. The quote itself is among them, so that taking it away is exact.
_DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠'")  # noqa: RUF001 - full-width signs start a formula, too
# Finds too much where a text has lines of its own, but never too little.
_DANGEROUS_LINE = re.compile(f"\n[{re.escape(''.join(sorted(_DANGEROUS)))}]")
_BETWEEN_LINES = '"\r\n"'


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How the lines look: for a spreadsheet by default, for programs without guard and byte order mark."""

    guard: bool = True
    bom: bool = True
    delimiter: str = ","
    external_ids: bool = False

    def __post_init__(self) -> None:
        if self.delimiter not in DELIMITERS:
            raise UserError(f"“{self.delimiter}” cannot separate the values of a CSV file; use one of , ; | or a tab.")


def guarded(text: str) -> str:
    """The text with a quote before it, if a spreadsheet would take it for a formula."""
    return "'" + text if text and text[0] in _DANGEROUS else text


def unguard(text: str) -> str:
    """Exactly the text that was guarded."""
    return text[1:] if text[:1] == "'" and text[1:2] in _DANGEROUS else text


class CsvSheet:
    """The lines of a file, every value in quotes.

    Some rows at once are worked on column by column, and a column is changed only where something in it asks for that.
    What is in quotes anyway needs no more than joining, which takes a fraction of the time of Python's own writer: that
    one looks at every letter.
    """

    def __init__(self, columns: Sequence[Column], style: CsvStyle) -> None:
        self._columns, self._style = columns, style
        self._between = f'"{style.delimiter}"'

    def headings(self) -> str:
        """The line on top."""
        names = [column.key if self._style.external_ids else column.title for column in self._columns]
        return self._joined([[_quotable(guarded(name) if self._style.guard else name)] for name in names])

    def lines(self, rows: Sequence[Row]) -> str:
        """The lines of a few rows; their values are as many as the columns."""
        if not rows:
            return ""
        values = zip(*rows, strict=True)
        return self._joined([self._cells(column, of) for column, of in zip(self._columns, values, strict=True)])

    def _joined(self, cells: Sequence[Sequence[str]]) -> str:
        return f'"{_BETWEEN_LINES.join(map(self._between.join, zip(*cells, strict=True)))}"\r\n'

    def _cells(self, column: Column, values: Sequence[Value]) -> Sequence[str]:
        if column.type is Special.ACCOUNTS:
            values = [accounts_in_words(value) if isinstance(value, tuple) else value for value in values]
        elif column.type is FieldType.FLAG:
            values = [value if value is None else "true" if value else "false" for value in values]
        elif column.type is Special.MONEY:
            values = [column.in_figures(value) if isinstance(value, int | float) else value for value in values]
        cells = _as_texts(values, must_guard=self._style.guard and column.is_text)
        return [_quotable(cell) for cell in cells] if '"' in "".join(cells) else cells


def preview_lines(columns: Sequence[Column], rows: Iterable[Row], style: CsvStyle, lines: int = 5) -> list[str]:
    """The first lines of the file as they would be, headings included."""
    sheet = CsvSheet(columns, style)
    written = [sheet.headings(), *(sheet.lines([row]) for row in islice(rows, lines - 1))]
    return [line.removesuffix("\r\n") for line in written]


def _as_texts(values: Sequence[Value], *, must_guard: bool) -> Sequence[str]:
    if not _are_texts(values):
        # A number is nobody's formula, even among texts.
        return [
            "" if value is None else guarded(value) if must_guard and isinstance(value, str) else str(value)
            for value in values
        ]
    # Nearly every column is harmless: one look at all the first letters is all it costs then.
    if must_guard and _DANGEROUS_LINE.search("\n" + "\n".join(values)):
        return ["'" + value if value[:1] in _DANGEROUS else value for value in values]
    return values


def _are_texts(values: Sequence[Value]) -> TypeGuard[Sequence[str]]:
    return set(map(type, values)) <= {str}


def _quotable(text: str) -> str:
    return text.replace('"', '""')
