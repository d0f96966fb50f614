"""Lines over time: one with its numbers, and the small one beside a figure."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.reports.dashboards.figures import Mark
from saasdesk.reports.dashboards.trend import Point
from saasdesk.ui.charts.chart import Chart, Drawn
from saasdesk.ui.formats import day_text
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of

_DOT = 3


def places(points: Sequence[Point], area: QRectF, least: float, most: float) -> list[QPointF]:
    """Where the points lie: time from left to right, numbers from bottom to top."""
    first, last = points[0].at, points[-1].at
    time = (last - first).total_seconds() or 1.0
    height = most - least or 1.0
    return [
        QPointF(
            area.left() + area.width() * (point.at - first).total_seconds() / time,
            area.bottom() - area.height() * (point.value - least) / height,
        )
        for point in points
    ]


class Sparkline(QWidget):
    """The shape of a figure's past, with a dot for now; what it says stands beside it in words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points: tuple[Point, ...] = ()
        self._ink = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_points(self, points: Sequence[Point], ink: str = "accent") -> None:
        """Show this past."""
        self._points, self._ink = tuple(points), ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(96), self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._points) < 2:
            return
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = theme.px(_DOT + 1)
        values = [point.value for point in self._points]
        found = places(self._points, area_of(self).adjusted(room, room, -room, -room), min(values), max(values))
        if min(values) == max(values):
            found = [QPointF(point.x(), self.height() / 2) for point in found]
        painter.setPen(QPen(theme.color(self._ink), theme.px(1.5)))
        painter.drawPolyline(QPolygonF(found))
        painter.setBrush(theme.color(self._ink))
        painter.drawEllipse(found[-1], theme.px(_DOT), theme.px(_DOT))


class LineChart(Chart):
    """One line with its axis: each point says its day and number, the last one stands beside the line.

    The last point opens the mark of now, an earlier one itself.
    """

    def __init__(
        self, theme: Theme, name: str, number: Callable[[float | None], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent)
        self._number = number
        self._points: tuple[Point, ...] = ()
        self._now: Mark | None = None

    def show_line(self, points: Sequence[Point], now: Mark) -> None:
        """Show these points; the last one is what there is now."""
        self._points, self._now = tuple(points), now
        self.redraw()
        self._current = max(0, len(points) - 1)

    def draw(self, painter: QPainter, area: QRectF) -> list[Drawn]:
        """The line between its axis and its dates."""
        if len(self._points) < 2 or self._now is None:
            return []
        theme = self._theme
        values = [point.value for point in self._points]
        least, most = _round_limits(min(values), max(values))
        small = QFontMetricsF(theme.font("secondary", tabular=True))
        strong = QFontMetricsF(theme.font("strong", tabular=True))
        axis = max(small.horizontalAdvance(self._number(value)) for value in (least, most)) + theme.px(8)
        last = strong.horizontalAdvance(self._number(values[-1])) + theme.px(10)
        line = theme.line_height("secondary")
        plot = area.adjusted(axis, line / 2, -last - theme.px(4), -line - theme.px(4))
        room = int(plot.height() // line)
        # Where there is little height, the numbers of the axis would stand on each other.
        told = (least, (least + most) / 2, most) if room >= 2 else (least, most)[-max(1, room + 1) :]
        self._draw_axis(painter, area, plot, told, least, most)
        found = places(self._points, plot, least, most)
        painter.setPen(QPen(theme.color("accent"), theme.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(found))
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(found[-1], theme.px(_DOT), theme.px(_DOT))
        painter.setFont(theme.font("strong", tabular=True))
        painter.setPen(theme.color("text"))
        beside = QRectF(found[-1].x() + theme.px(8), found[-1].y() - line / 2, last, line)
        painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter), self._number(values[-1]))
        return [self._drawn(point, place) for point, place in zip(self._points, found, strict=True)]

    def _drawn(self, point: Point, place: QPointF) -> Drawn:
        side = self._theme.px(6)
        is_now = point is self._points[-1]
        day = self.tr("Now") if is_now else self._day(point)
        area = QRectF(place.x() - side, place.y() - side, 2 * side, 2 * side)
        return Drawn(area, f"{day}: {self._number(point.value)}", self._now if is_now else point)

    def _draw_axis(
        self, painter: QPainter, area: QRectF, plot: QRectF, values: Sequence[float], least: float, most: float
    ) -> None:
        theme = self._theme
        line = theme.line_height("secondary")
        painter.setFont(theme.font("secondary", tabular=True))
        for value in values:
            y = plot.bottom() - plot.height() * (value - least) / (most - least or 1)
            painter.setPen(QPen(theme.color("line"), theme.edge))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if value in (least, most) or float(value).is_integer():
                painter.setPen(theme.color("muted"))
                at = QRectF(area.left(), y - line / 2, plot.left() - area.left() - theme.px(8), line)
                painter.drawText(
                    at, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._number(value)
                )
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("muted"))
        below = QRectF(plot.left(), area.bottom() - line, plot.width(), line)
        painter.drawText(below, int(near | middle), self._day(self._points[0]))
        painter.drawText(below, int(far | middle), self.tr("now"))

    @staticmethod
    def _day(point: Point) -> str:
        moment = point.at.astimezone()
        return day_text(moment, with_year=False)


def _round_limits(least: float, most: float) -> tuple[float, float]:
    """Limits a little beyond the numbers, so that the line does not stick to the edge; never below nothing."""
    room = max(1, round((most - least) * 0.1))
    low, high = max(0, least - room), most + room
    return low, high + (high - low) % 2
