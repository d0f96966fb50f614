"""The columns that stay in their place while the others of a table scroll sideways."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyleOptionViewItem, QTableView

from saasdesk.ui.tables.header import Sort, SortHeader
from saasdesk.ui.theme import Theme

# What scrolls keeps a third of the width: columns for which that leaves no room scroll along.
_LARGEST_PART = 2 / 3


class FrozenHeader(SortHeader):
    """The heads of the frozen columns, laid over those that scroll; what is done to one is done to the other."""

    def __init__(self, theme: Theme, below: SortHeader, view: QTableView) -> None:
        super().__init__(theme, view)
        self._below = below
        self._is_following = False
        self.setStretchLastSection(False)
        self.sort_wanted.connect(below.sort_wanted)
        self.menu_wanted.connect(below.menu_wanted)
        self.sectionHandleDoubleClicked.connect(below.sectionHandleDoubleClicked)
        self.sectionMoved.connect(self._on_moved)
        self.sectionResized.connect(self._on_resized)
        below.sort_shown.connect(self.viewport().update)

    @property
    def sort(self) -> Sort:
        return self._below.sort

    @property
    def edges(self) -> tuple[int, int]:
        return self._below.edges

    def follow(self, shown: Collection[int]) -> None:
        """Stand as the heads below do, and show these of them."""
        below = self._below
        self._is_following = True
        for place in range(below.count()):
            self.moveSection(self.visualIndex(below.logicalIndex(place)), place)
        for section in range(below.count()):
            self.setSectionHidden(section, section not in shown)
            if section in shown:
                self.resizeSection(section, below.sectionSize(section))
        self._is_following = False

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        super().paintSection(painter, area, section)
        if section == self.shown_sections()[-1]:
            paint_edge(painter, self._theme, area, self.layoutDirection())

    def _on_moved(self, _section: int, before: int, after: int) -> None:
        if not self._is_following:
            self._below.moveSection(before, after)

    def _on_resized(self, section: int, _before: int, width: int) -> None:
        if not self._is_following and width:
            self._below.resizeSection(section, width)


class FrozenColumns(QObject):
    """The first columns of a view, where they stand, and their painting.

    There is one view and not two: the selection, the keyboard, tips and what screen readers hear stay those of one
    table, and a step of the wheel goes on moving what is painted instead of painting all of it again.
    """

    def __init__(self, theme: Theme, view: QTableView, header: SortHeader) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._below = header
        self._wanted: tuple[int, ...] = ()
        self._sections: tuple[int, ...] = ()
        self.header = FrozenHeader(theme, header, view)
        self.header.hide()
        header.sectionResized.connect(self.lay_out)

    @property
    def sections(self) -> tuple[int, ...]:
        """The columns that stay in their place, as far as there is room."""
        return self._sections

    @property
    def width(self) -> int:
        """How much room they take."""
        return sum(self._below.sectionSize(section) for section in self._sections)

    @property
    def area(self) -> QRect:
        """Where they are in the viewport."""
        whole = self._view.viewport().rect()
        return QRect(whole.width() - self.width if self._is_mirrored else 0, 0, self.width, whole.height())

    @property
    def rest(self) -> QRect:
        """Where the others scroll."""
        whole = self._view.viewport().rect()
        return QRect(0 if self._is_mirrored else self.width, 0, whole.width() - self.width, whole.height())

    def freeze(self, sections: Sequence[int]) -> None:
        """Keep these columns in their place; they are the first that are seen."""
        self._wanted = tuple(sections)
        self.lay_out()

    def lay_out(self) -> None:
        """The columns, or the room for them, may have changed."""
        if not self._wanted and not self._sections:
            return
        self._sections = self._fitting()
        head = self._below.geometry()
        left = head.right() + 1 - self.width if self._is_mirrored else head.left()
        self.header.follow(self._sections)
        self.header.setGeometry(left, head.top(), self.width, head.height())
        self.header.setVisible(bool(self._sections))
        self.header.raise_()
        self._view.viewport().update()

    def section_at(self, x: int) -> int | None:
        """The frozen column at this place of the viewport."""
        for section in self._sections:
            left = self.left_of(section)
            if left <= x < left + self._below.sectionSize(section):
                return section
        return None

    def left_of(self, section: int) -> int:
        """Where a column stands in the viewport, whether it is frozen or not."""
        below = self._below
        if section not in self._sections:
            return below.sectionViewportPosition(section)
        start = below.sectionPosition(section)
        return self._view.viewport().width() - start - below.sectionSize(section) if self._is_mirrored else start

    def seen_part(self, section: int, row: QRect) -> QRect:
        """The part of a row that a column takes, without what lies below the frozen ones."""
        part = QRect(self.left_of(section), row.top(), self._below.sectionSize(section), row.height())
        if section in self._sections or not self._sections:
            return part
        frozen = self.area
        if self._is_mirrored:
            part.setRight(min(part.right(), frozen.left() - 1))
        else:
            part.setLeft(max(part.left(), frozen.right() + 1))
        return part

    def hidden_part(self, section: int) -> int:
        """How far a column that scrolls has gone below the frozen ones."""
        return max(0, self.width - (self._below.sectionPosition(section) - self._below.offset()))

    def paint(self, dirty: QRect, option: QStyleOptionViewItem, delegate: QAbstractItemDelegate) -> None:
        """Paint the frozen cells of this part of the viewport, and the line at their edge."""
        view, model, theme = self._view, self._view.model(), self._theme
        area = self.area
        dirty = dirty.intersected(area)
        if dirty.isEmpty() or not self._sections:
            return
        painter = QPainter(view.viewport())
        painter.fillRect(dirty, theme.color("bg"))
        first, last = view.rowAt(dirty.top()), view.rowAt(dirty.bottom())
        if last < 0:
            last = model.rowCount() - 1
        places = [(section, self.left_of(section), self._below.sectionSize(section)) for section in self._sections]
        plain, selection = option.state, view.selectionModel()
        marked = plain | QStyle.StateFlag.State_Selected
        current = view.currentIndex() if view.hasFocus() else QModelIndex()
        for row in range(first, last + 1) if first >= 0 else ():
            state = marked if selection.isSelected(model.index(row, self._sections[0])) else plain
            top, height = view.rowViewportPosition(row), view.rowHeight(row)
            for section, left, width in places:
                index = model.index(row, section)
                option.rect = QRect(left, top, width, height)
                option.state = state | QStyle.StateFlag.State_HasFocus if index == current else state
                delegate.paint(painter, option, index)
        paint_edge(
            painter, theme, QRect(area.left(), dirty.top(), area.width(), dirty.height()), view.layoutDirection()
        )
        painter.end()

    @property
    def _is_mirrored(self) -> bool:
        return self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _fitting(self) -> tuple[int, ...]:
        room, fitting = self._view.viewport().width() * _LARGEST_PART, []
        for section in self._wanted:
            room -= self._below.sectionSize(section)
            if room < 0:
                break
            fitting.append(section)
        return tuple(fitting)


def paint_edge(painter: QPainter, theme: Theme, area: QRect, direction: Qt.LayoutDirection) -> None:
    """The fine line between what stays and what scrolls."""
    edge = QRect(area.right() + 1 - theme.edge, area.top(), theme.edge, area.height())
    painter.fillRect(QStyle.visualRect(direction, area, edge), theme.color("line-strong"))
