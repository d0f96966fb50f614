"""Draws a report on pages: a cover line with filter and moment, then the table with its headings on every page.

Qt chooses a font for each script that the system has one for. A letter that no font has is told by its number,
⟨U+1F9FF⟩, never shown as an empty box.
"""

import threading
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QFile, QIODevice, QLineF, QLocale, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from saasdesk.clock import from_text
from saasdesk.errors import Cancelled
from saasdesk.fields import FieldType
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column, Row, Value
from saasdesk.reports.csv_export import Exported
from saasdesk.reports.pdf_export import PdfReport, refuse_too_many
from saasdesk.text import visible_text
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.times import exact_time
from saasdesk.ui.theme.tokens import load_tokens

# Pages are drawn in tenths of a point: letters of whole points would be measured too roughly.
_UNIT = 10
_UNITS_AN_INCH = 72 * _UNIT
_RESOLUTION = 300
_MARGIN = 36.0  # points
_TITLE, _BODY, _SMALL = 160, 80, 70
_PADDING = 40.0
_HAIR = 4.0
# What is wider than this, as lists on the screen have their columns, does not fit on A4.
_MOST_OF_A4 = 1_450
# Paper is light, whatever the window is.
_PAPER = load_tokens().light
_INK, _MUTED, _LINE, _BAND = (_PAPER[token] for token in ("text", "muted", "line-strong", "surface"))
_LINES_BETWEEN_NEWS = 200


def draw_report(file: Path, report: PdfReport, tell: Tell, stop: threading.Event) -> int:
    """Draw all lines into this file, and say how many there are; an OSError says that the disk did not take them."""
    device = QFile(str(file))
    if not device.open(QIODevice.OpenModeFlag.WriteOnly):
        raise OSError(device.errorString())
    try:
        lines = _draw(device, report, tell, stop)
        device.flush()
        if device.error() is not QFile.FileError.NoError:
            raise OSError(device.errorString())
    finally:
        device.close()
    return lines


def _draw(device: QFile, report: PdfReport, tell: Tell, stop: threading.Event) -> int:
    writer = QPdfWriter(device)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(visible_text(report.title))
    writer.setCreator(report.manifest.made_by)
    writer.setPageLayout(_page_layout(report.columns))
    painter = QPainter(writer)
    painter.scale(_RESOLUTION / _UNITS_AN_INCH, _RESOLUTION / _UNITS_AN_INCH)
    try:
        return _Pages(writer, painter, report).draw(report.rows, tell, stop)
    finally:
        painter.end()


def _page_layout(columns: Sequence[Column]) -> QPageLayout:
    # What is wider than A4 gets the next larger paper; what is wider than that gets narrower columns.
    wide = sum(column.width_hint for column in columns)
    size = QPageSize.PageSizeId.A4 if wide <= _MOST_OF_A4 else QPageSize.PageSizeId.A3
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    unit = QPageLayout.Unit.Point
    return QPageLayout(QPageSize(size), QPageLayout.Orientation.Landscape, margins, unit)


class _Pages:
    """One page after the other, from top to bottom."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, report: PdfReport) -> None:
        self._writer, self._painter, self._report = writer, painter, report
        area = writer.pageLayout().paintRect(QPageLayout.Unit.Point)
        self._width, self._height = area.width() * _UNIT, area.height() * _UNIT
        self._texts = CellTexts()
        self._letters = _Letters()
        self._fonts = {
            "title": _font(_TITLE, QFont.Weight.DemiBold),
            "heading": _font(_SMALL, QFont.Weight.DemiBold),
            "body": _font(_BODY),
            "total": _font(_BODY, QFont.Weight.DemiBold),
            "small": _font(_SMALL),
        }
        self._metrics = {name: QFontMetricsF(font) for name, font in self._fonts.items()}
        self._row_height = self._metrics["body"].height() + 2 * _PADDING
        self._widths = _widths(report.columns, self._width)
        self._y = 0.0
        self._page = 1
        self._cut = 0
        # What the lines come to so far, by the place of the column; exact, as thousands of cents are added.
        self._sums = {place: Decimal() for place, column in enumerate(report.columns) if column.key in report.added_up}

    def draw(self, rows: Iterable[Row], tell: Tell, stop: threading.Event) -> int:
        self._cover()
        self._headings()
        lines = 0
        for row in rows:
            if stop.is_set():
                raise Cancelled
            lines += 1
            refuse_too_many(lines)
            self._make_room_for_line()
            self._line(row)
            self._add_up(row)
            if lines % _LINES_BETWEEN_NEWS == 0:
                tell(Exported(lines))
        if self._sums:
            self._totals()
        self._end(lines)
        self._foot()
        tell(Exported(lines))
        return lines

    def _make_room_for_line(self) -> None:
        if self._y + self._row_height > self._height - self._foot_height:
            self._next_page()
            self._headings()

    def _add_up(self, row: Row) -> None:
        for place in self._sums:
            value = row[place]
            if isinstance(value, int | float):
                self._sums[place] += Decimal(str(value))

    @property
    def _foot_height(self) -> float:
        return self._metrics["small"].height() + 2 * _PADDING

    def _cover(self) -> None:
        manifest = self._report.manifest
        made = exact_time(from_text(manifest.made_at).astimezone())
        self._paragraph(self._report.title, "title", _INK)
        if self._report.description:
            self._paragraph(self._report.description, "body", _MUTED)
        self._paragraph(f"{manifest.filter} · {made}", "body", _INK)
        self._y += 2 * _PADDING

    def _headings(self) -> None:
        height = self._metrics["heading"].height() + 2 * _PADDING
        self._painter.fillRect(QRectF(0, self._y, self._width, height), QColor(_BAND))
        x = 0.0
        for column, width in zip(self._report.columns, self._widths, strict=True):
            self._cell(column.title, QRectF(x, self._y, width, height), "heading", _MUTED, at_right=column.align_right)
            x += width
        self._y += height

    def _line(self, row: Row) -> None:
        x = 0.0
        for column, width, value in zip(self._report.columns, self._widths, row, strict=True):
            text = self._told(column, value)
            if text:
                place = QRectF(x, self._y, width, self._row_height)
                self._cell(text, place, "body", _INK, at_right=column.align_right)
            x += width
        self._y += self._row_height
        self._painter.setPen(QPen(QColor(_LINE), _HAIR))
        self._painter.drawLine(QLineF(0, self._y, self._width, self._y))

    def _totals(self) -> None:
        """What all lines come to, below the last one; on a page of its own the headings say of what."""
        self._make_room_for_line()
        self._painter.fillRect(QRectF(0, self._y, self._width, self._row_height), QColor(_BAND))
        x = 0.0
        for place, (column, width) in enumerate(zip(self._report.columns, self._widths, strict=True)):
            area = QRectF(x, self._y, width, self._row_height)
            if place in self._sums:
                total = self._sums[place]
                text = self._texts.number(column, int(total) if column.type is FieldType.NUMBER else float(total))
                self._cell(text, area, "total", _INK, at_right=column.align_right)
            elif place == 0:
                self._cell("Total", area, "total", _INK, at_right=False)
            x += width
        self._y += self._row_height

    def _told(self, column: Column, value: Value) -> str:
        # Paper is read, not reckoned with: amounts have their groups, and their points below each other.
        if column.is_number and isinstance(value, int | float):
            return self._texts.number(column, value)
        return "" if value is None else self._texts.copied(column, value)

    def _cell(self, text: str, place: QRectF, role: str, ink: str, *, at_right: bool) -> None:
        metrics = self._metrics[role]
        room = place.width() - 2 * _PADDING
        shown = self._letters.readable(text, self._fonts[role])
        if metrics.horizontalAdvance(shown) > room:
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)
            self._cut += role in {"body", "total"}
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        self._painter.setFont(self._fonts[role])
        self._painter.setPen(QColor(ink))
        inside = place.adjusted(_PADDING, 0, -_PADDING, 0)
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        self._painter.drawText(inside, flags, shown)

    def _paragraph(self, text: str, role: str, ink: str) -> None:
        font = self._fonts[role]
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._painter.setFont(font)
        self._painter.setPen(QColor(ink))
        shown = self._letters.readable(text, font)
        room = QRectF(0, self._y, self._width, self._height)
        needed = self._painter.boundingRect(room, shown, option)
        self._painter.drawText(QRectF(0, self._y, self._width, needed.height()), shown, option)
        self._y += needed.height() + _PADDING

    def _end(self, lines: int) -> None:
        told = f"{QLocale().toString(lines)} {'line' if lines == 1 else 'lines'}"
        if self._cut:
            told += " · Values that were too long end in … here; a CSV or XLSX file has them whole."
        self._y += _PADDING
        if self._y + self._row_height > self._height - self._foot_height:
            # A full page does not keep to itself how many lines there are, and that some were cut.
            self._next_page()
        self._paragraph(told, "body", _MUTED)

    def _next_page(self) -> None:
        self._foot()
        self._writer.newPage()
        self._page, self._y = self._page + 1, 0.0

    def _foot(self) -> None:
        place = QRectF(0, self._height - self._foot_height, self._width, self._foot_height)
        self._cell(self._report.title, place, "small", _MUTED, at_right=False)
        self._cell(str(self._page), place, "small", _MUTED, at_right=True)


class _Letters:
    """Which letters some font has; a letter is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def readable(self, text: str, font: QFont) -> str:
        """The text on one line, with the numbers of those letters that nobody could see."""
        shown = visible_text(" ".join(text.split()))
        if shown.isascii():
            return shown
        return "".join(letter if self._is_there(letter, font) else f"⟨U+{ord(letter):04X}⟩" for letter in shown)

    def _is_there(self, letter: str, font: QFont) -> bool:
        if letter not in self._known:
            layout = QTextLayout(letter, font)
            layout.beginLayout()
            layout.createLine()
            layout.endLayout()
            self._known[letter] = all(0 not in run.glyphIndexes() for run in layout.glyphRuns())
        return self._known[letter]


def _font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont("Inter")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setPixelSize(size)
    font.setWeight(weight)
    # Every digit is as wide as the others, so that amounts stand below each other.
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _widths(columns: Sequence[Column], room: float) -> list[float]:
    wanted = [max(float(column.width_hint), 1.0) for column in columns]
    factor = room / sum(wanted)
    return [width * factor for width in wanted]
