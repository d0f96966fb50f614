"""The head of a table: sorts by several columns, and says in which order."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QHeaderView, QStyle, QWidget

from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import draw_box

# At 100 %.
PADDING = 8
EDGE_PADDING = 24
_ARROW, _ARROW_GAP, _BADGE, _BADGE_GAP = 12, 6, 14, 4
_SMALLEST_SECTION = 48

Sort = tuple[tuple[str, bool], ...]


def next_sort(sort: Sort, key: str, *, adds_level: bool) -> Sort:
    """The order after a click on a column: it is sorted up, then down, then no more."""
    level = dict(sort)
    if not adds_level:
        if key not in level or len(sort) > 1:
            return ((key, False),)
        return () if level[key] else ((key, True),)
    if key not in level:
        return (*sort, (key, False))
    if not level[key]:
        return tuple((other, True if other == key else descending) for other, descending in sort)
    return tuple((other, descending) for other, descending in sort if other != key)


class SortHeader(QHeaderView):
    """Click sorts, Shift+click adds a level; dragging moves a column, a double click on its edge makes it fit."""

    sort_wanted = Signal(object)
    sort_shown = Signal()
    menu_wanted = Signal(int, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._sort: Sort = ()
        self._edges: tuple[int, int] | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setResizeContentsPrecision(0)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.sectionClicked.connect(self._on_section_clicked)
        self.sectionMoved.connect(self.forget_edges)
        self.sectionCountChanged.connect(self.forget_edges)
        theme.changed.connect(self._rescale)
        self._rescale()

    @property
    def sort(self) -> Sort:
        """The columns that the rows are sorted by, the most important first."""
        return self._sort

    def set_sort(self, sort: Sort) -> None:
        """Show another order."""
        self._sort = sort
        self.viewport().update()
        self.sort_shown.emit()

    @property
    def edges(self) -> tuple[int, int]:
        """The first and the last visible place."""
        if self._edges is None:
            seen = [place for place in range(self.count()) if not self.isSectionHidden(self.logicalIndex(place))]
            self._edges = (seen[0], seen[-1]) if seen else (0, 0)
        return self._edges

    def forget_edges(self) -> None:
        """A column was hidden or moved."""
        self._edges = None

    def padding(self, place: int) -> tuple[int, int]:
        """The room before and after what stands in a place; the edges of the table line up with the page."""
        first, last = self.edges
        wide, usual = self._theme.px(EDGE_PADDING), self._theme.px(PADDING)
        return wide if place == first else usual, wide if place == last else usual

    def shown_sections(self) -> list[int]:
        """The columns in the order in which they are seen."""
        sections = (self.logicalIndex(place) for place in range(self.count()))
        return [section for section in sections if not self.isSectionHidden(section)]

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.measure("table-head"))

    def sectionSizeFromContents(self, section: int) -> QSize:
        theme = self._theme
        width = QFontMetrics(theme.font("heading")).horizontalAdvance(self._title(section)) + 2
        width += sum(self.padding(self.visualIndex(section)))
        width += theme.px(_ARROW_GAP + _ARROW + _BADGE_GAP + _BADGE) if self._level(section) is not None else 0
        return QSize(width, theme.measure("table-head"))

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        theme = self._theme
        painter.save()
        is_over = self.underMouse() and area.contains(self.viewport().mapFromGlobal(self.cursor().pos()))
        painter.fillRect(area, theme.color("hover" if is_over else "surface"))
        line = QRect(area.left(), area.bottom() + 1 - theme.edge, area.width(), theme.edge)
        painter.fillRect(line, theme.color("line-strong"))
        left, right = self.padding(self.visualIndex(section))
        inside = area.adjusted(left, 0, -right, -theme.edge)
        level = self._level(section)
        taken = 0
        if level is not None:
            taken = theme.px(_ARROW_GAP + _ARROW) + (theme.px(_BADGE_GAP + _BADGE) if len(self.sort) > 1 else 0)
        font = theme.font("heading")
        metrics = QFontMetrics(font)
        room = max(0, inside.width() - taken)
        title = metrics.elidedText(self._title(section), Qt.TextElideMode.ElideRight, room)
        width = min(metrics.horizontalAdvance(title) + 1, room)
        start = inside.right() + 1 - taken - width if self._is_to_the_right(section) else inside.left()
        direction = self.layoutDirection()
        painter.setFont(font)
        painter.setPen(theme.color("text" if level is not None else "muted"))
        words = QStyle.visualRect(direction, area, QRect(start, inside.top(), width + 1, inside.height()))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), title)
        if level is not None:
            rest = QRect(start + width + theme.px(_ARROW_GAP), inside.top(), theme.px(_ARROW), inside.height())
            self._paint_level(painter, area, rest, level)
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Qt would take Shift for the beginning of a selection of columns.
        self.setSectionsMovable(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.logicalIndexAt(event.pos()), event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _paint_level(self, painter: QPainter, area: QRect, place: QRect, level: int) -> None:
        theme = self._theme
        direction = self.layoutDirection()
        icon = "arrow-down" if self.sort[level][1] else "arrow-up"
        theme.paint_icon(painter, QStyle.visualRect(direction, area, place), icon, "accent", _ARROW)
        if len(self.sort) < 2:
            return
        side = theme.px(_BADGE)
        top = place.top() + (place.height() - side) // 2
        badge = QStyle.visualRect(direction, area, QRect(place.right() + 1 + theme.px(_BADGE_GAP), top, side, side))
        draw_box(painter, QRectF(badge), side / 2, theme.color("accent"))
        painter.setFont(theme.font("badge"))
        painter.setPen(theme.color("on-accent"))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), str(level + 1))

    def _level(self, section: int) -> int | None:
        key = self._key(section)
        return next((level for level, (sorted_key, _) in enumerate(self.sort) if sorted_key == key), None)

    def _key(self, section: int) -> str:
        model = self.model()
        return model.columns[section].key if isinstance(model, RecordModel) else ""

    def _title(self, section: int) -> str:
        model = self.model()
        return visible_text(model.columns[section].title) if isinstance(model, RecordModel) else ""

    def _is_to_the_right(self, section: int) -> bool:
        model = self.model()
        return isinstance(model, RecordModel) and model.columns[section].align_right

    def _on_section_clicked(self, section: int) -> None:
        adds_level = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.sort_wanted.emit(next_sort(self.sort, self._key(section), adds_level=adds_level))

    def _rescale(self) -> None:
        self.setMinimumSectionSize(self._theme.px(_SMALLEST_SECTION))
        self.updateGeometry()
