"""The rows of a table: keys, selection, what is seen just now."""

from collections.abc import Iterator

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTableView, QWidget

from saasdesk.ui.tables.delegate import RecordDelegate
from saasdesk.ui.tables.frozen import FrozenColumns
from saasdesk.ui.tables.header import SortHeader
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_frame

_COPY_WITH_HEADINGS = QKeySequence("Ctrl+Shift+C")

Index = QModelIndex | QPersistentModelIndex


class RecordView(QTableView):
    """Rows of one height, selected whole; Enter opens, Space asks for the inspector, Alt+Down for the column's menu."""

    opened = Signal(int)
    inspector_wanted = Signal(int)
    copy_wanted = Signal()
    copy_with_headings_wanted = Signal()
    menu_wanted = Signal(int, QPoint)
    row_menu_wanted = Signal(QPoint)
    scrolled = Signal()
    resized = Signal()
    group_turned = Signal(int, object)
    groups_turned = Signal(bool)

    def __init__(self, theme: Theme, model: RecordModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._is_compact = False
        self._overlay: QWidget | None = None
        self.header = SortHeader(theme, self)
        self.frozen = FrozenColumns(theme, self, self.header)
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self.frozen.header.setModel(model)
        self._delegate = RecordDelegate(theme, self, self.header, self.frozen)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        self.verticalScrollBar().valueChanged.connect(self.scrolled)
        self.viewport().installEventFilter(self)
        # With a style sheet Qt takes the rows for transparent, and paints all of them at each step of the wheel.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._rescale)
        self._rescale()

    @property
    def is_compact(self) -> bool:
        """Whether rows are low, so that more of them are seen."""
        return self._is_compact

    @property
    def is_low_everywhere(self) -> bool:
        """Whether the settings make the rows of every list low."""
        return self._theme.is_compact

    def set_compact(self, is_compact: bool) -> None:
        """Show low rows or comfortable ones."""
        self._is_compact = is_compact
        self._rescale()

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row that can be seen."""
        height = max(1, self.verticalHeader().defaultSectionSize())
        first = self.verticalScrollBar().value() // height
        return first, min(self._model.rowCount() - 1, first + self.viewport().height() // height + 1)

    def selected_ranges(self) -> list[range]:
        """The selected rows, from top to bottom."""
        found = self.selectionModel().selection()
        ranges = (found.at(place) for place in range(found.count()))
        return sorted(
            (range(some.top(), some.bottom() + 1) for some in ranges if not some.isEmpty()), key=lambda some: some.start
        )

    def selected_count(self) -> int:
        """How many records are selected; ranges of whole rows never overlap."""
        return self._model.count_records(self.selected_ranges())

    def select_rows(self, rows: list[int]) -> None:
        """Select these rows and no others; the current one stays."""
        chosen = QItemSelection()
        for some in _runs(rows):
            last = self._model.columnCount() - 1
            top, bottom = self._model.index(some.start, 0), self._model.index(some.stop - 1, last)
            chosen.append(QItemSelectionRange(top, bottom))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def make_current(self, row: int) -> None:
        """Let the keyboard stand on a row, without selecting it."""
        shown = self.header.shown_sections()
        column = self.currentIndex().column() if self.currentIndex().isValid() else shown[0] if shown else 0
        self.selectionModel().setCurrentIndex(
            self._model.index(row, column), QItemSelectionModel.SelectionFlag.NoUpdate
        )

    def stand_somewhere(self) -> None:
        """Give the keyboard a row to stand on: who comes here by it must see where they are."""
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.make_current(self.visible_rows()[0])

    def scroll_to(self, position: int) -> None:
        """Scroll to where the rows stood before they were listed again."""
        self.updateGeometries()
        self.verticalScrollBar().setValue(position)

    def width_of_column(self, section: int) -> int:
        """How wide the widest of the visible cells would like to be."""
        first, last = self.visible_rows()
        option = self._option()
        cells = (self._model.index(row, section) for row in range(first, last + 1))
        return max((self._delegate.sizeHint(option, index).width() for index in cells), default=0)

    def lay_over(self, overlay: QWidget) -> None:
        """Show a widget in place of the rows, below the head."""
        # Not inside the viewport: what is in there scrolls along.
        self._overlay = overlay
        overlay.setParent(self)
        overlay.setGeometry(self.viewport().geometry())
        overlay.hide()

    # Where things are: the frozen columns do not scroll sideways.

    def indexAt(self, place: QPoint) -> QModelIndex:
        section = self.frozen.section_at(place.x())
        if section is None:
            return super().indexAt(place)
        row = self.rowAt(place.y())
        return self._model.index(row, section) if row >= 0 else QModelIndex()

    def visualRect(self, index: Index) -> QRect:
        area = super().visualRect(index)
        if index.column() in self.frozen.sections:
            area.moveLeft(self.frozen.left_of(index.column()))
        return area

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        across = self.horizontalScrollBar()
        before = across.value()
        super().scrollTo(index, hint)
        if index.column() in self.frozen.sections:
            across.setValue(before)
        elif self.frozen.sections and index.isValid():
            across.setValue(across.value() - self.frozen.hidden_part(index.column()))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if not dx or not self.frozen.sections:
            super().scrollContentsBy(dx, dy)
            return
        # Qt would move all that is painted, the frozen columns with it.
        super().scrollContentsBy(0, dy)
        self.header.setOffset(self.horizontalScrollBar().value())
        self.viewport().scroll(
            -dx if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else dx, 0, self.frozen.rest
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.frozen.lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_focus(is_shown=True)
        current = self._model.id_at(self.currentIndex().row())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif QKeySequence(event.keyCombination()) == _COPY_WITH_HEADINGS:
            self.copy_with_headings_wanted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not modifiers and current is not None:
            self.opened.emit(current)
        elif event.key() == Qt.Key.Key_Space and not modifiers and current is not None:
            self.inspector_wanted.emit(current)
        elif event.key() == Qt.Key.Key_Down and modifiers == Qt.KeyboardModifier.AltModifier:
            self._ask_for_column_menu()
        elif self._model.lines is not None and self._walk_groups(event.key(), modifiers):
            pass
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _walk_groups(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """Open and close groups by keyboard; says whether the key was meant for that."""
        row, lines = self.currentIndex().row(), self._model.lines
        is_arrow = key in {Qt.Key.Key_Left, Qt.Key.Key_Right}
        if is_arrow and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.groups_turned.emit(key == Qt.Key.Key_Right)
        elif modifiers:
            return False
        elif self._model.head_at(row) is not None:
            if is_arrow:
                self.group_turned.emit(row, key == Qt.Key.Key_Right)
            elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
                self.group_turned.emit(row, None)
            else:
                return False
        elif key == Qt.Key.Key_Left and lines is not None and self._is_in_first_column():
            self.make_current(lines.row_above(row))
            self.scrollTo(self.currentIndex())
        else:
            return False
        return True

    def _is_in_first_column(self) -> bool:
        return self.header.shown_sections()[:1] == [self.currentIndex().column()]

    def keyboardSearch(self, search: str) -> None:
        """Nothing: looking through a million rows one by one would freeze the window; the quick filter finds faster."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(is_shown=False)
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton
        is_head = self._model.head_at(index.row()) is not None
        if is_left and is_head and self._delegate.is_arrow(index, event.position()):
            self.group_turned.emit(index.row(), None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self._model.head_at(index.row()) is not None and not self._delegate.is_arrow(index, event.position()):
            self.group_turned.emit(index.row(), None)
        number = self._model.id_at(index.row())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(number)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        position = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            position = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.row_menu_wanted.emit(position)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_focus(is_shown=event.reason() != Qt.FocusReason.MouseFocusReason)
        self.stand_somewhere()
        super().focusInEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._overlay is not None and watched is self.viewport():
            self._overlay.setGeometry(self.viewport().geometry())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = QPainter(self.viewport())
        ground.fillRect(event.rect(), self._theme.color("bg"))
        ground.end()
        # Where reading failed, the rows of before are still there.
        is_covered = self._overlay is not None and self._overlay.isVisible()
        if not is_covered:
            scrolling = event.region().subtracted(QRegion(self.frozen.area)) if self.frozen.sections else event.region()
            super().paintEvent(QPaintEvent(scrolling))
            self.frozen.paint(event.rect(), self._option(), self._delegate)
        has_nothing = is_covered or not self.currentIndex().isValid()
        if self.hasFocus() and self._delegate.shows_focus and has_nothing:
            # Nothing to stand on: the ring goes round the whole table.
            draw_frame(self, self._theme, self.viewport().rect().adjusted(1, 1, -1, -1))

    def _ask_for_column_menu(self) -> None:
        column = self.currentIndex().column()
        if column < 0:
            column = next(iter(self.header.shown_sections()), -1)
        if column >= 0:
            left = self.frozen.left_of(column)
            below = self.header.viewport().mapToGlobal(QPoint(left, self.header.height()))
            self.menu_wanted.emit(column, below)

    def _option(self) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        return option

    def _show_focus(self, *, is_shown: bool) -> None:
        if self._delegate.shows_focus != is_shown:
            self._delegate.shows_focus = is_shown
            self.viewport().update()

    def _rescale(self) -> None:
        height = self._theme.measure("row-compact" if self._is_compact else "row")
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)


def _runs(rows: list[int]) -> Iterator[range]:
    """Rows as ranges of neighbours."""
    start = last = None
    for row in sorted(rows):
        if last is not None and row == last + 1:
            last = row
            continue
        if start is not None and last is not None:
            yield range(start, last + 1)
        start = last = row
    if start is not None and last is not None:
        yield range(start, last + 1)
