"""A long list of lines that are read: plans, changes, sessions. All rows have one height, so it scrolls well."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar, overload

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from saasdesk.ui.initials import initials
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.monogram import paint_monogram, tint_of
from saasdesk.ui.widgets.status_word import Status, paint_status
from saasdesk.ui.widgets.tag import paint_tag, tag_size
from saasdesk.ui.widgets.tick import paint_tick

Index = QModelIndex | QPersistentModelIndex

# Compared with on every repaint: looking the enumeration up would take longer than the answer.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_LONG_TEXT = 24
# A screen or two: what scrolls out is made again when it comes back.
_KEPT_LINES = 512
_SIDE = 12
_LEAST_SHARE, _READABLE_SHARE = 72, 128
# The first column of a table whose lines have boxes.
TICK_WIDTH = 44
_MONOGRAM = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: text in a tone, or a tag, or a state with its icon."""

    text: str = ""
    tone: str = "text"
    role: str = "body"
    tag: str = ""
    icon: str = ""
    icon_tone: str = ""
    status: Status | None = None
    has_monogram: bool = False
    at_right: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """What is read out, copied and found."""
        if self.status is not None:
            return self.status.word
        return f"{self.text}: {self.note}" if self.note else self.text


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells, and what it stands for. A heading has one cell that fills the whole width."""

    cells: tuple[Cell, ...]
    key: object = None
    is_heading: bool = False


Thing = TypeVar("Thing")


class LazyLines(Sequence[Line], Generic[Thing]):
    """Lines of any number: each is made when somebody looks at it.

    `things` are what the lines stand for, with None where a heading goes; `headings` has those by their place.
    """

    def __init__(
        self, things: Sequence[Thing | None], make: Callable[[int], Line], headings: Mapping[int, Line] | None = None
    ) -> None:
        self.things = things
        self.headings = headings or {}
        self._make = make
        self._made: dict[int, Line] = {}

    def __len__(self) -> int:
        return len(self.things)

    @overload
    def __getitem__(self, place: int) -> Line: ...  # pragma: no cover - for the type checker

    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...  # pragma: no cover - for the type checker

    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        heading = self.headings.get(place)
        if heading is not None:
            return heading
        made = self._made.get(place)
        if made is None:
            if not 0 <= place < len(self.things):
                raise IndexError(place)
            if len(self._made) >= _KEPT_LINES:
                self._made.clear()
            made = self._made[place] = self._make(place)
        return made


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its title, and its width at 100 % or its share of what is left.

    One that says less than the others is hidden while the table is narrower than `from_width`.
    """

    title: str
    width: int = 0
    share: int = 1
    at_right: bool = False
    from_width: int = 0


class TickSource(Protocol):
    """Which lines have a box in the first column, and what becomes of it; a heading's box is that of its lines."""

    def state(self, line: Line) -> Qt.CheckState | None:
        """Whether the line is ticked; None where it has no box."""

    def toggle(self, line: Line) -> None:
        """Tick what is not ticked, untick what is."""


class LineModel(QAbstractTableModel):
    """Lines, some of them headings of a group."""

    def __init__(self, headings: Sequence[Heading], ticks: TickSource | None = None) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self.ticks = ticks
        self.lines: Sequence[Line] = ()

    def tick_at(self, index: Index) -> Qt.CheckState | None:
        """The state of the box that stands there; None where there is none."""
        if self.ticks is None or index.column() != 0:
            return None
        return self.ticks.state(self.lines[index.row()])

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def cell(self, index: Index) -> Cell:
        """What stands there; of a heading only the first column has something."""
        line = self.lines[index.row()]
        column = index.column()
        return line.cells[column] if column < len(line.cells) else Cell()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags if self.tick_at(index) is None else flags | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == _CHECK:
            return self.tick_at(index)
        if role == _ACCESSIBLE and (ticked := self.tick_at(index)) is not None:
            return ", ".join(part for part in (visible_text(self.cell(index).words), self._in_words(ticked)) if part)
        if role in (_DISPLAY, _ACCESSIBLE):
            return visible_text(self.cell(index).words)
        if role == _TOOL_TIP:
            words = self.cell(index).words
            return escaped_tip(words) if len(words) > _LONG_TEXT else None
        return None

    def _in_words(self, ticked: Qt.CheckState) -> str:
        return {
            Qt.CheckState.Checked: self.tr("ticked"),
            Qt.CheckState.PartiallyChecked: self.tr("partly ticked"),
            Qt.CheckState.Unchecked: self.tr("not ticked"),
        }[ticked]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heading = self._headings[section]
        if role in (_DISPLAY, _ACCESSIBLE):
            return heading.title
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            side = Qt.AlignmentFlag.AlignRight if heading.at_right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class LineDelegate(QStyledItemDelegate):
    """Paints cells from the tokens: hairlines only, the selection with its bar."""

    def __init__(self, theme: Theme, table: "LineTable") -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, table = self._theme, self._table
        line, cell, area = table.model_of_lines.lines[index.row()], table.model_of_lines.cell(index), option.rect
        if line.is_heading:
            painter.fillRect(area, theme.color("surface"))
        if table.currentIndex().row() == index.row() and (table.hasFocus() or table.keeps_mark):
            painter.fillRect(area, theme.color("selection"))
            if index.column() == 0:
                bar = QRect(area.left(), area.top(), theme.measure("accent-bar"), area.height())
                painter.fillRect(bar, theme.color("accent"))
        hairline = QRect(area.left(), area.bottom() - theme.edge + 1, area.width(), theme.edge)
        painter.fillRect(hairline, theme.color("line"))
        inside = area.adjusted(theme.px(_SIDE), 0, -theme.px(_SIDE), 0)
        if index.column() == 0 and table.model_of_lines.ticks is not None:
            box = QRect(area.left(), area.top(), theme.px(TICK_WIDTH), area.height())
            state = table.model_of_lines.tick_at(index)
            if state is not None:
                paint_tick(painter, theme, box, state)
            elif cell.icon:
                theme.paint_icon(painter, box, cell.icon, cell.icon_tone or cell.tone, 14)
            if not line.is_heading:
                return
            inside = area.adjusted(theme.px(TICK_WIDTH), 0, -theme.px(_SIDE), 0)
            cell = replace(cell, icon="")
        if cell.status is not None:
            paint_status(painter, theme, inside, cell.status)
        elif cell.tag:
            self._paint_tag(painter, inside, cell)
        elif cell.text:
            self._paint_text(painter, inside, cell)

    def _paint_tag(self, painter: QPainter, inside: QRect, cell: Cell) -> None:
        size = tag_size(self._theme, cell.text, cell.icon)
        top = inside.center().y() - size.height() // 2 + 1
        area = QRect(inside.left(), top, min(size.width(), inside.width()), size.height())
        paint_tag(painter, self._theme, area, cell.text, cell.tag, icon=cell.icon)

    def _paint_text(self, painter: QPainter, inside: QRect, cell: Cell) -> None:
        theme = self._theme
        if cell.has_monogram:
            side = theme.px(_MONOGRAM)
            circle = QRect(inside.left(), inside.center().y() - side // 2, side, side)
            paint_monogram(painter, theme, circle, initials(cell.text), tint_of(cell.text))
            inside = inside.adjusted(side + theme.px(8), 0, 0, 0)
        if cell.icon:
            side = theme.px(16)
            theme.paint_icon(
                painter, QRect(inside.left(), inside.top(), side, inside.height()), cell.icon, cell.tone, 14
            )
            inside = inside.adjusted(side + theme.px(6), 0, 0, 0)
        painter.save()
        painter.setFont(theme.font(cell.role, tabular=cell.at_right))
        painter.setPen(theme.color(cell.tone))
        side_of_text = Qt.AlignmentFlag.AlignRight if cell.at_right else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(
            visible_text(cell.text), Qt.TextElideMode.ElideRight, max(0, inside.width())
        )
        painter.drawText(inside, int(side_of_text | Qt.AlignmentFlag.AlignVCenter), shown)
        if cell.note:
            gap = painter.fontMetrics().horizontalAdvance(shown) + theme.px(10)
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("muted"))
            rest = inside.adjusted(gap, 0, 0, 0)
            note = painter.fontMetrics().elidedText(cell.note, Qt.TextElideMode.ElideRight, max(0, rest.width()))
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), note)
        painter.restore()


class LineTable(QTableView):
    """Arrows walk the lines, Enter opens one, Ctrl+C copies it; `current` says on which line the keyboard is.

    With `ticks` the first column has boxes: Space and a click there tick and untick. With `keeps_mark` the line stays
    marked while the keyboard is elsewhere, because something beside the table tells of it.
    """

    opened = Signal(object)
    current = Signal(object)

    def __init__(
        self,
        theme: Theme,
        name: str,
        headings: Sequence[Heading],
        *,
        compact: bool = False,
        ticks: TickSource | None = None,
        keeps_mark: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._headings = theme, tuple(headings)
        self.keeps_mark = keeps_mark
        self._is_low = compact
        self.model_of_lines = LineModel(headings, ticks)
        self.setAccessibleName(name)
        self.setModel(self.model_of_lines)
        self.setItemDelegate(LineDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # With large letters in a small window the columns may need more than there is.
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self._fit)
        self._fit()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.clearSpans()
        self.model_of_lines.set_lines(lines)
        if isinstance(lines, LazyLines):
            headings = list(lines.headings)
        else:
            headings = [row for row, line in enumerate(lines) if line.is_heading]
        for row in headings:
            self.setSpan(row, 0, 1, len(self._headings))
        self.scrollToTop()
        if self.hasFocus():
            self._stand_somewhere()

    def height_of_all(self) -> int:
        """How high the table would be if it showed every line."""
        rows = self.model_of_lines.rowCount() * self._row_height
        return self.horizontalHeader().sizeHint().height() + rows + 2

    @property
    def _row_height(self) -> int:
        # All lists are low where the settings say so.
        return self._theme.px(32) if self._is_low and not self._theme.is_compact else self._theme.measure("row")

    @property
    def current_key(self) -> object:
        """What the line stands for on which the keyboard is; None where there is none."""
        index = self.currentIndex()
        return self.model_of_lines.lines[index.row()].key if index.isValid() else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # The whole row is marked, not only the cell.
        self.viewport().update()
        self.current.emit(self.current_key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        row = self.currentIndex().row()
        # A line whose mark stays needs a ring besides; with nothing to stand on it goes where the first line would be.
        if self.hasFocus() and (row < 0 or self.keeps_mark):
            top, height = (self.rowViewportPosition(row), self.rowHeight(row)) if row >= 0 else (0, self._row_height)
            area = QRect(0, top, self.viewport().width(), height)
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self._theme.color("accent"), self._theme.measure("focus")))
            painter.drawRect(area.adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._stand_somewhere()
        super().focusInEvent(event)
        self.viewport().update()

    def _stand_somewhere(self) -> None:
        """Whoever is here by keyboard must see where they are."""
        if not self.currentIndex().isValid() and self.model_of_lines.rowCount():
            self.setCurrentIndex(self.model_of_lines.index(max(0, self.rowAt(0)), 0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            line = self.model_of_lines.lines[index.row()]
            QApplication.clipboard().setText("\t".join(cell.words for cell in line.cells))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._open(index)
        elif event.key() == Qt.Key.Key_Space and index.isValid() and self._toggle(index.siblingAtColumn(0)):
            return
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and index.isValid() and event.position().x() < self._theme.px(TICK_WIDTH):
            self._toggle(index)

    def _toggle(self, index: Index) -> bool:
        model = self.model_of_lines
        if model.ticks is None or model.tick_at(index) is None:
            return False
        model.ticks.toggle(model.lines[index.row()])
        return True

    def _open(self, index: Index) -> None:
        key = self.model_of_lines.lines[index.row()].key
        if key is not None:
            self.opened.emit(key)

    def _fit(self) -> None:
        theme = self._theme
        self.verticalHeader().setDefaultSectionSize(self._row_height)
        room = self.viewport().width()
        shown = [heading for heading in self._headings if theme.px(heading.from_width) <= room]
        fixed = sum(theme.px(heading.width) for heading in shown)
        shares = sum(heading.share for heading in shown if not heading.width)
        rest = max(0, room - fixed)
        growing = sum(1 for heading in shown if not heading.width)
        # Where one has to scroll sideways anyway, what is scrolled to is readable.
        has_room = growing * theme.px(_LEAST_SHARE) <= rest
        least = theme.px(_LEAST_SHARE if has_room else _READABLE_SHARE)
        smallest = min((heading.share for heading in shown if not heading.width), default=1)
        # Where a share would be less than the least, each has that first: together they are no wider than the room.
        first = least if has_room and rest * smallest // max(1, shares) < least else 0
        spare = rest - growing * first
        for place, heading in enumerate(self._headings):
            self.setColumnHidden(place, heading not in shown)
            grown = max(least, first + spare * heading.share // max(1, shares))
            self.setColumnWidth(place, theme.px(heading.width) if heading.width else grown)
