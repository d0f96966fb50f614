"""A ring of at most four parts of a whole, each with its number and its share beside it."""

from collections.abc import Callable, Sequence
from math import atan2, degrees, hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from saasdesk.reports.dashboards.figures import Mark
from saasdesk.ui.charts.chart import Chart, Drawn, spread
from saasdesk.ui.charts.looks import fill_shape, looks_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text

_ROW, _LOW_ROW, _GAP = 32, 19, 16
_LARGEST, _THICKNESS = 176, 0.2
_WHOLE = 360.0
_TOP = 90.0


class DonutChart(Chart):
    """The lines beside the ring are its marks; a click into the ring means the line of that part."""

    def __init__(
        self, theme: Theme, name: str, number: Callable[[float | None], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent)
        self._number = number
        self._parts: tuple[Mark, ...] = ()
        self._ring = QRectF()
        # Where each part begins and how far it goes, in degrees from the top, clockwise.
        self._arcs: list[tuple[float, float]] = []

    @property
    def ring(self) -> QRectF:
        """Where the ring was drawn last."""
        return self._ring

    def show_parts(self, marks: Sequence[Mark]) -> None:
        """Show these parts of a whole."""
        self._parts = tuple(marks)
        self.redraw()

    def draw(self, painter: QPainter, area: QRectF) -> list[Drawn]:
        """The ring at the side where lines begin, its parts in lines beside it."""
        theme = self._theme
        if not self._parts:
            return []
        side = min(area.height(), area.width() * 0.42, float(theme.px(_LARGEST)))
        self._ring = self._mirrored(QRectF(area.left(), area.center().y() - side / 2, side, side))
        values = [max(0.0, each.value or 0.0) for each in self._parts]
        self._arcs = spread(values, 0.0, _WHOLE)
        looks = looks_of([each.is_aside for each in self._parts])
        for look, arc in zip(looks, self._arcs, strict=True):
            if arc[1]:
                fill_shape(painter, theme, self._sector(*arc), look)
        self._write_whole(painter, sum(values))
        beside = area.adjusted(side + theme.px(_GAP), 0, 0, 0)
        height = min(float(theme.px(_ROW)), area.height() / len(self._parts))
        top = area.center().y() - height * len(self._parts) / 2
        drawn = []
        for place, (mark, look, value) in enumerate(zip(self._parts, looks, values, strict=True)):
            row = QRectF(beside.left(), top + place * height, beside.width(), height)
            swatch = min(float(theme.px(12)), height - theme.px(3))
            box = QPainterPath()
            box.addRoundedRect(self._mirrored(QRectF(row.left(), row.center().y() - swatch / 2, swatch, swatch)), 2, 2)
            fill_shape(painter, theme, box, look)
            share = round(100 * value / (sum(values) or 1))
            self._write_row(painter, row.adjusted(swatch + theme.px(8), 0, 0, 0), mark, f"{share} %")
            words = f"{mark.label}: {self._number(mark.value)}, {share} %"
            drawn.append(Drawn(self._mirrored(row), words, mark if mark.behind is not None and mark.value else None))
        return drawn

    def _at(self, place: QPointF) -> Drawn | None:
        away = place - self._ring.center()
        outer = self._ring.width() / 2
        if outer * (1 - 2 * _THICKNESS) <= hypot(away.x(), away.y()) <= outer:
            angle = (degrees(atan2(away.y(), away.x())) + _TOP) % _WHOLE
            for mark, (start, length) in zip(self.marks, self._arcs, strict=False):
                if start <= angle < start + length:
                    return mark
        return super()._at(place)

    def _sector(self, start: float, length: float) -> QPainterPath:
        ring = self._ring
        hole = ring.width() * _THICKNESS
        inner = ring.adjusted(hole, hole, -hole, -hole)
        shape = QPainterPath()
        # Qt counts against the clock, from three o'clock.
        shape.arcMoveTo(ring, _TOP - start)
        shape.arcTo(ring, _TOP - start, -length)
        shape.arcTo(inner, _TOP - start - length, length)
        shape.closeSubpath()
        return shape

    def _write_whole(self, painter: QPainter, whole: float) -> None:
        font, text = self._theme.font("strong", tabular=True), self._number(whole)
        hole = self._ring.width() * (1 - 2 * _THICKNESS)
        if QFontMetricsF(font).horizontalAdvance(text) + self._theme.px(8) > hole:
            return
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        painter.drawText(self._ring, int(Qt.AlignmentFlag.AlignCenter), text)

    def _write_row(self, painter: QPainter, row: QRectF, mark: Mark, share: str) -> None:
        theme = self._theme
        is_low = row.height() < theme.px(_LOW_ROW)
        strong = theme.font("caption-strong" if is_low else "strong", tabular=True)
        quiet = theme.font("caption" if is_low else "body", tabular=True)
        number = self._number(mark.value)
        # As wide as the widest share, so that the numbers of all lines stand below each other.
        widths = [
            QFontMetricsF(font).horizontalAdvance(text) + 4 for font, text in ((strong, number), (quiet, "100 %"))
        ]
        gap = theme.px(8)
        label = QRectF(row.left(), row.top(), max(0.0, row.width() - sum(widths) - 2 * gap), row.height())
        first = QRectF(label.right() + gap, row.top(), widths[0], row.height())
        second = QRectF(first.right() + gap, row.top(), widths[1], row.height())
        body = theme.font("caption" if is_low else "body")
        name = QFontMetricsF(body).elidedText(visible_text(mark.label), Qt.TextElideMode.ElideRight, label.width())
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if self.isRightToLeft():
            near, far = far, near
        for place, font, token, side, text in (
            (label, body, "text", near, name),
            (first, strong, "text", far, number),
            (second, quiet, "muted", far, share),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(token))
            painter.drawText(self._mirrored(place), int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def _mirrored(self, area: QRectF) -> QRectF:
        if not self.isRightToLeft():
            return area
        return QRectF(self.width() - area.right(), area.top(), area.width(), area.height())
