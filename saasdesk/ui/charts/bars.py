"""Bars that lie: one for each label, in one piece or in parts, with the numbers beside them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from saasdesk.reports.dashboards.figures import Series
from saasdesk.ui.charts.chart import Chart, Drawn, spread
from saasdesk.ui.charts.looks import Look, draw_mark, looks_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text

_LOWEST_ROW, _HIGHEST_ROW = 22, 64
# Bars grow with their rows, so that few of them fill a large card.
_BAR, _THICKEST_BAR, _SHARE_OF_ROW = 16, 28, 0.44
_GAP = 10
# A part of one in a thousand is seen all the same.
_THINNEST = 3
_SHARE_OF_LABELS = 0.36


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    parts: tuple[tuple[Look, Series, int], ...]

    @property
    def values(self) -> list[float]:
        return [max(0.0, series.marks[place].value or 0.0) for _, series, place in self.parts]


class BarChart(Chart):
    """Rows of bars; with several series each bar has parts, told apart in the legend above them."""

    def __init__(
        self, theme: Theme, name: str, number: Callable[[float | None], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent)
        self._number = number
        self._bars: tuple[_Bar, ...] = ()
        self._legend: tuple[tuple[Look, str], ...] = ()
        (self._rest,) = looks_of([True])

    def show_bars(self, labels: Sequence[str], series: Sequence[Series]) -> None:
        """Show these bars."""
        looks = looks_of([each.is_aside for each in series])
        parts = list(zip(looks, series, strict=True))
        self._bars = tuple(
            _Bar(label, tuple((look, each, place) for look, each in parts)) for place, label in enumerate(labels)
        )
        self._legend = tuple((look, each.name) for look, each in parts) if len(parts) > 1 else ()
        self.redraw()

    def draw(self, painter: QPainter, area: QRectF) -> list[Drawn]:
        """The legend, then one row for each bar, as many as there is room for."""
        theme = self._theme
        legend, taken = self._place_legend(area)
        if area.height() - taken >= theme.px(_LOWEST_ROW):
            self._draw_legend(painter, legend)
            area = area.adjusted(0, taken, 0, 0)
        if not self._bars:
            return []
        room = int(area.height() // theme.px(_LOWEST_ROW))
        shown = self._bars if len(self._bars) <= max(1, room) else self._bars[: max(1, room - 1)]
        rows = len(shown) + (1 if len(shown) < len(self._bars) else 0)
        height = min(theme.px(_HIGHEST_ROW), area.height() / max(1, rows))
        texts = [self._texts(bar) for bar in shown]
        body, strong = theme.font("body"), theme.font("strong", tabular=True)
        quiet = theme.font("body", tabular=True)
        labels = min(
            max(QFontMetricsF(body).horizontalAdvance(visible_text(bar.label)) for bar in shown) + 2,
            area.width() * _SHARE_OF_LABELS,
        )
        first, rest = QFontMetricsF(strong), QFontMetricsF(quiet)
        numbers = max(first.horizontalAdvance(text[0]) + rest.horizontalAdvance(text[1]) for text in texts) + 4
        gap = theme.px(_GAP)
        length = max(theme.px(24), area.width() - labels - numbers - 2 * gap)
        most = max((sum(bar.values) for bar in shown), default=0.0) or 1.0
        drawn: list[Drawn] = []
        for place, (bar, text) in enumerate(zip(shown, texts, strict=True)):
            row = QRectF(area.left(), area.top() + place * height, area.width(), height)
            self._write(painter, QRectF(row.left(), row.top(), labels, height), bar.label, "body", "text")
            left = row.left() + labels + gap
            end = left
            for mark in self._draw_parts(painter, bar, QRectF(left, row.top(), length, height), most):
                drawn.append(mark)
                end = max(end, mark.area.right())
            beside = QRectF(end + gap, row.top(), numbers, height)
            painter.setFont(strong)
            painter.setPen(theme.color("text"))
            painter.drawText(self._mirrored(beside), self._side(), text[0])
            beside.setLeft(beside.left() + first.horizontalAdvance(text[0]))
            painter.setFont(quiet)
            painter.setPen(theme.color("muted"))
            painter.drawText(self._mirrored(beside), self._side(), text[1])
        if len(shown) < len(self._bars):
            more = self.tr("and {0} more: see the table").format(len(self._bars) - len(shown))
            below = QRectF(area.left(), area.top() + len(shown) * height, area.width(), height)
            self._write(painter, below, more, "secondary", "muted")
        return drawn

    def _draw_parts(self, painter: QPainter, bar: _Bar, room: QRectF, most: float) -> Iterator[Drawn]:
        theme = self._theme
        wanted = max(theme.px(_BAR), min(room.height() * _SHARE_OF_ROW, theme.px(_THICKEST_BAR)))
        thickness = min(wanted, room.height() - theme.px(4))
        top = room.top() + (room.height() - thickness) / 2
        values = bar.values
        whole = room.width() * sum(values) / most
        is_single = len(bar.parts) == 1
        left = room.left()
        for (look, series, place), (_, width) in zip(bar.parts, spread(values, room.left(), whole), strict=True):
            mark = series.marks[place]
            if not mark.value and not is_single:
                continue
            shown = QRectF(left, top, max(theme.px(_THINNEST) if mark.value else 1.0, width), thickness)
            left += shown.width() + (0 if is_single else theme.px(1))
            place_of_it = self._mirrored(shown)
            if mark.value:
                draw_mark(painter, theme, place_of_it, self._rest if is_single and mark.is_aside else look)
            words = f"{mark.label}: {self._number(mark.value)}"
            yield Drawn(place_of_it, words, mark if mark.behind is not None else None)

    def _texts(self, bar: _Bar) -> tuple[str, str]:
        """The number of the first part, and those of the others after it."""
        numbers = [self._number(series.marks[place].value) for _, series, place in bar.parts]
        return numbers[0], "".join(f" · {number}" for number in numbers[1:])

    def _place_legend(self, area: QRectF) -> tuple[list[QRectF], float]:
        """Where it stands what each look means, and the room that all of it takes."""
        if not self._legend:
            return [], 0.0
        theme = self._theme
        metrics = QFontMetricsF(theme.font("secondary"))
        line, swatch = theme.line_height("secondary") + theme.px(2), theme.px(12)
        left, top = area.left(), area.top()
        placed = []
        for _, name in self._legend:
            width = swatch + theme.px(6) + metrics.horizontalAdvance(visible_text(name)) + 2
            if left + width > area.right() and left > area.left():
                left, top = area.left(), top + line
            placed.append(QRectF(left, top, width, line))
            left += width + theme.px(14)
        return placed, top + line + theme.px(4) - area.top()

    def _draw_legend(self, painter: QPainter, places: Sequence[QRectF]) -> None:
        theme = self._theme
        swatch = theme.px(12)
        for (look, name), place in zip(self._legend, places, strict=True):
            top = place.top() + (place.height() - swatch) / 2
            draw_mark(painter, theme, self._mirrored(QRectF(place.left(), top, swatch, swatch)), look)
            words = place.translated(swatch + theme.px(6), 0)
            self._write(painter, words, name, "secondary", "muted")

    def _write(self, painter: QPainter, place: QRectF, text: str, role: str, token: str) -> None:
        font = self._theme.font(role)
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        shown = QFontMetricsF(font).elidedText(visible_text(text), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(self._mirrored(place), self._side(), shown)

    def _side(self) -> int:
        near = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        return int(near | Qt.AlignmentFlag.AlignVCenter)

    def _mirrored(self, area: QRectF) -> QRectF:
        """The place of something in a window that is read from the right."""
        if not self.isRightToLeft():
            return area
        return QRectF(self.width() - area.right(), area.top(), area.width(), area.height())
