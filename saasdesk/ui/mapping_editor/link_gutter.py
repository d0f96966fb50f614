"""The links between the panes: a picture of what the table says, that can be grabbed. The table is its twin."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.mapping.editing import Place
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.source_pane import SourceTable
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme

_WIDTH = 100
# More than this many curves would be a thicket, and slow.
_MOST_CURVES = 150
_FAINT = 0.35
_NEAR = 6.0
_END = 18
_SEARCH_STEPS = 20


@dataclass(frozen=True, slots=True)
class Link:
    """One line between two rows, in the gutter's own coordinates."""

    source: str
    place: Place
    start: float
    end: float
    is_suggested: bool = False
    is_changed_on_the_way: bool = False
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A link without its place on the screen; `looks` are suggested, changed on the way, broken."""

    source: str
    place: Place
    looks: tuple[bool, bool, bool]


class LinkGutter(QWidget):
    """Draws the links; `chosen` says which one was clicked."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, board: MappingBoard, sources: SourceTable, targets: TargetTable) -> None:
        super().__init__()
        self._theme, self._board, self._sources, self._targets = theme, board, sources, targets
        self._carried: tuple[QPointF, QPointF] | None = None
        self._hovered: Place | None = None
        self._known_lines: list[tuple[_Line, int, int]] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._fit()
        theme.changed.connect(self._fit)
        for signal in (
            sources.scrolled,
            targets.scrolled,
            sources.selectionModel().selectionChanged,
            targets.selectionModel().selectionChanged,
        ):
            signal.connect(lambda *_: self.update())
        for signal in (
            board.changed,
            sources.model_of_sources.modelReset,
            targets.model_of_targets.modelReset,
            targets.model_of_targets.suggested,
        ):
            signal.connect(self.forget)

    def links(self) -> list[Link]:
        """Every link whose two ends stand in the panes."""
        lines = self._lines()
        source_y, target_y = self._heights(self._sources), self._heights(self._targets)
        return [
            Link(line.source, line.place, source_y(source), target_y(target), *line.looks)
            for line, source, target in lines
        ]

    def _lines(self) -> "list[tuple[_Line, int, int]]":
        """Every link with the rows at its ends; worked out once for each edit, not for each time it is drawn."""
        if self._known_lines is None:
            source_rows = {item.id: row for row, item in enumerate(self._sources.model_of_sources.items)}
            model = self._targets.model_of_targets
            target_rows = {Place.of(t): row for row, t in enumerate(model.rows) if t is not None}
            wanted = [
                _Line(row.source or "", place, (False, bool(row.transform), self._board.is_broken(place)))
                for row in self._board.rows
                for place in (Place(row.object, row.target),)
            ]
            wanted += [
                _Line(suggestion.source, place, (True, False, False))
                for place, suggestion in model.suggestions.items()
                if self._board.row_of(place) is None
            ]
            self._known_lines = [
                (line, source_rows[line.source], target_rows[line.place])
                for line in wanted
                if line.source in source_rows and line.place in target_rows
            ]
        return self._known_lines

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(_WIDTH))

    def forget(self) -> None:
        """The links are others now, or stand in other rows."""
        self._known_lines = None
        self.update()

    def link_at(self, position: QPointF) -> Link | None:
        """The link under the mouse."""
        share = _share_at(position.x() / max(1, self.width()))
        best, distance = None, self._theme.px(1) * _NEAR
        for link in self.links():
            gap = abs(link.start + (link.end - link.start) * share - position.y())
            if gap <= distance:
                best, distance = link, gap
        return best

    def end_at(self, position: QPointF) -> tuple[Link, str] | None:
        """The end of a link under the mouse: "source" or "target"; None in the middle."""
        link = self.link_at(position)
        if link is None or link.is_suggested:
            return None
        if position.x() <= self._theme.px(_END):
            return link, "source"
        return (link, "target") if position.x() >= self.width() - self._theme.px(_END) else None

    def show_carried(self, start: QPointF | None, end: QPointF | None) -> None:
        """Draw a link that is being made."""
        self._carried = None if start is None or end is None else (start, end)
        self.update()

    def source_point(self, source: str) -> QPointF | None:
        """Where the links of a source begin."""
        row = self._sources.model_of_sources.row_of(source)
        return None if row < 0 else QPointF(0, self._y(self._sources, row))

    def target_point(self, place: Place) -> QPointF | None:
        """Where the link to a field ends."""
        row = self._targets.model_of_targets.row_of(place)
        return None if row < 0 else QPointF(self.width(), self._y(self._targets, row))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        link = self.link_at(event.position())
        hovered = link.place if link is not None else None
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.PointingHandCursor if link is not None else Qt.CursorShape.ArrowCursor)
            self.update()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        link = self.link_at(event.position())
        if link is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(link.place)
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        links = self.links()
        straight = len(links) > _MOST_CURVES
        chosen = self._chosen()
        top, bottom = limits = self._limits()
        above = sum(1 for link in links if link.start < top and link.end < top)
        below = sum(1 for link in links if link.start > bottom and link.end > bottom)
        seen = [link for link in links if top <= link.start <= bottom or top <= link.end <= bottom]
        if straight:
            plain = [x for x in seen if not (x.is_suggested or x.is_broken or x.place in chosen)]
            painter.setOpacity(_FAINT if chosen else 1.0)
            self._paint_thicket(painter, plain, limits)
            seen = [link for link in seen if link.is_suggested or link.is_broken or link.place in chosen]
        for link in seen:
            is_chosen = link.place in chosen
            painter.setOpacity(_FAINT if chosen and not is_chosen and link.place != self._hovered else 1.0)
            self._paint_link(painter, link, limits, is_chosen=is_chosen, straight=straight)
        painter.setOpacity(1.0)
        self._paint_outside(painter, above, at_top=True)
        self._paint_outside(painter, below, at_top=False)
        if self._carried is not None:
            self._paint_carried(painter, *self._carried)

    # Where things are

    def _y(self, table: SourceTable | TargetTable, row: int) -> float:
        return self._heights(table)(row)

    def _heights(self, table: SourceTable | TargetTable) -> Callable[[int], float]:
        """From a row to the height of its middle: all rows are of one height, so nobody need be asked for each."""
        height = table.verticalHeader().defaultSectionSize()
        top = self.mapFromGlobal(table.viewport().mapToGlobal(QPoint(0, 0))).y()
        first = top - table.verticalHeader().offset() + height // 2
        return lambda row: float(first + row * height)

    def _limits(self) -> tuple[float, float]:
        top = self.mapFromGlobal(self._targets.viewport().mapToGlobal(QPoint(0, 0))).y()
        return float(top), float(top + self._targets.viewport().height())

    def _chosen(self) -> set[Place]:
        chosen = {place for source in self._sources.selected_sources() for place in self._board.places_of(source)}
        if not self._sources.hasFocus():
            chosen = set()
        place = self._targets.current_place
        if place is not None and not self._sources.hasFocus() and self._board.row_of(place) is not None:
            chosen.add(place)
        return chosen

    # Painting

    def _curve(self, start: QPointF, end: QPointF, *, straight: bool) -> QPainterPath:
        path = QPainterPath(start)
        if straight:
            path.lineTo(end)
        else:
            middle = (start.x() + end.x()) / 2
            path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
        return path

    def _paint_link(
        self, painter: QPainter, link: Link, limits: tuple[float, float], *, is_chosen: bool, straight: bool
    ) -> None:
        theme = self._theme
        top, bottom = limits
        dot = theme.px(8) / 2
        start = QPointF(dot, min(max(link.start, top), bottom))
        end = QPointF(self.width() - dot, min(max(link.end, top), bottom))
        color = theme.color("error" if link.is_broken else "accent" if is_chosen or link.is_suggested else "border")
        pen = QPen(color, theme.px(3) if is_chosen else theme.px(2) * 0.75)
        if link.is_suggested:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = self._curve(start, end, straight=straight)
        painter.drawPath(path)
        if link.is_changed_on_the_way and not is_chosen:
            painter.drawPath(path.translated(0, theme.px(4)))
        if link.is_broken:
            self._paint_break(painter, end, color)
        for point, is_inside in ((start, start.y() == link.start), (end, end.y() == link.end)):
            if is_inside:
                self._paint_dot(painter, point, color, is_filled=is_chosen)

    def _paint_thicket(self, painter: QPainter, links: list[Link], limits: tuple[float, float]) -> None:
        """Very many lines at once: a call for each of them would take longer than a frame may."""
        theme = self._theme
        top, bottom = limits
        dot, beside = theme.px(8) / 2, theme.px(4)
        left, right = dot, self.width() - dot
        lines: list[QLineF] = []
        ends: list[QPointF] = []
        for link in links:
            start, end = min(max(link.start, top), bottom), min(max(link.end, top), bottom)
            lines.append(QLineF(left, start, right, end))
            if link.is_changed_on_the_way:
                lines.append(QLineF(left, start + beside, right, end + beside))
            if start == link.start:
                ends.append(QPointF(left, start))
            if end == link.end:
                ends.append(QPointF(right, end))
        painter.setPen(QPen(theme.color("border"), theme.px(2) * 0.75))
        painter.drawLines(lines)
        for token, width in (("border", 2 * dot - 0.5), ("bg", 2 * dot - 3.5)):
            painter.setPen(QPen(theme.color(token), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoints(ends)

    def _paint_dot(self, painter: QPainter, point: QPointF, color: QColor, *, is_filled: bool) -> None:
        theme = self._theme
        painter.setPen(QPen(color, theme.px(2) * 0.75))
        painter.setBrush(color if is_filled else theme.color("bg"))
        radius = theme.px(8) / 2 - 1
        painter.drawEllipse(point, radius, radius)

    def _paint_break(self, painter: QPainter, end: QPointF, color: QColor) -> None:
        step = self._theme.px(5)
        points = [
            QPointF(end.x() - step * (6 - n), end.y() + (step * 0.8 if n % 2 else -step * 0.8)) for n in range(1, 5)
        ]
        painter.setPen(QPen(color, self._theme.px(2)))
        painter.drawPolyline(
            QPolygonF([QPointF(end.x() - step * 6, end.y()), *points, QPointF(end.x() - step, end.y())])
        )

    def _paint_outside(self, painter: QPainter, count: int, *, at_top: bool) -> None:
        """How many links lie wholly out of sight, with an arrow to them."""
        if not count:
            return
        theme = self._theme
        top, bottom = self._limits()
        height = theme.px(18)
        y = int(top) if at_top else int(bottom) - height
        arrow = QRect(self.width() // 2 - theme.px(20), y, theme.px(16), height)
        theme.paint_icon(painter, arrow, "arrow-up" if at_top else "arrow-down", "muted", 11)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("muted"))
        words = QRect(arrow.right() + theme.px(2), y, theme.px(40), height)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), f"{count:,}")

    def _paint_carried(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        theme = self._theme
        accent = theme.color("accent")
        painter.setPen(QPen(accent, theme.px(3)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = QLineF(start, end)
        if line.length() > 1:
            painter.drawPath(self._curve(start, end, straight=False))
        self._paint_dot(painter, start, accent, is_filled=True)


def _share_at(x: float) -> float:
    """How far down a curve has come at this part of the way across: all of them do it alike."""
    low, high = 0.0, 1.0
    for _ in range(_SEARCH_STEPS):
        t = (low + high) / 2
        across = 1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3
        low, high = (t, high) if across < x else (low, t)
    t = (low + high) / 2
    return 3 * t**2 * (1 - t) + t**3
