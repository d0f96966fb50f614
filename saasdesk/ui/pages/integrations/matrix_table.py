"""The matrix of mappings as a table: fields stay at the side, integrations above, whatever is scrolled."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from saasdesk.ui.mapping_editor.painting import paint_badge, paint_words
from saasdesk.ui.pages.integrations.matrix_model import Index, MatrixModel
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.monogram import paint_monogram, tint_of
from saasdesk.ui.widgets.status_word import paint_status
from saasdesk.ui.widgets.tag import paint_tag, tag_size

# At 100 %.
_SIDE, _FIELD_WIDTH, _HEAD_HEIGHT, _BADGE = 12, 232, 56, 28
_NARROWEST, _WIDEST, _FEEDERS = 168, 360, 152
_EDGE = 24


class MatrixTable(QTableView):
    """Arrows walk the cells, Enter or a click opens one; `current` says on which the keyboard is."""

    opened = Signal(int, int)
    named = Signal(int)
    current = Signal(int, int)
    moved = Signal(int, int, int)
    menu_wanted = Signal(int, int, QPoint)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.matrix_model = MatrixModel()
        self.setAccessibleName(name)
        self.setHorizontalHeader(_Integrations(theme, self))
        self.setVerticalHeader(_Fields(theme, self))
        self.setModel(self.matrix_model)
        self.setItemDelegate(_Cells(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().sectionClicked.connect(self._on_section_clicked)
        self.clicked.connect(self._on_clicked)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.horizontalHeader().viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.matrix_model.modelReset.connect(self._on_reset)
        theme.changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Give rows and columns their room: integrations share what there is, down to where they must scroll."""
        theme, count = self._theme, self.matrix_model.columnCount()
        self.verticalHeader().setDefaultSectionSize(theme.measure("row"))
        self.verticalHeader().setFixedWidth(theme.px(_FIELD_WIDTH))
        self.horizontalHeader().setFixedHeight(theme.px(_HEAD_HEIGHT))
        self.updateGeometries()
        integrations = len(self.matrix_model.matrix.columns)
        feeders = theme.px(_FEEDERS) if count > integrations else 0
        share = (self.viewport().width() - feeders) // max(1, integrations)
        for section in range(integrations):
            self.setColumnWidth(section, max(theme.px(_NARROWEST), min(share, theme.px(_WIDEST))))
        if feeders:
            self.setColumnWidth(integrations, feeders)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current.emit(current.row(), current.column())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _on_reset(self) -> None:
        self.fit()
        if self.hasFocus():
            self._stand_somewhere()

    def _stand_somewhere(self) -> None:
        """Somebody who is here by keyboard must see where they are."""
        if not self.currentIndex().isValid() and self.matrix_model.rowCount():
            self.setCurrentIndex(self.matrix_model.index(0, 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._stand_somewhere()
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, key = self.currentIndex(), event.key()
        has_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if index.isValid() and has_alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(index.row(), index.column(), -1 if key == Qt.Key.Key_Up else 1)
        elif index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(index.row(), index.column())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        at = self.visualRect(index).bottomLeft() if is_by_key else event.pos()
        self.menu_wanted.emit(index.row(), index.column(), self.viewport().mapToGlobal(at))

    def _on_clicked(self, index: Index) -> None:
        self.opened.emit(index.row(), index.column())

    def _on_section_clicked(self, section: int) -> None:
        self.named.emit(section)


class _Integrations(QHeaderView):
    """Each with its monogram, and how it stands below its name."""

    def __init__(self, theme: Theme, table: MatrixTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme, self._table = theme, table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme, model = self._theme, self._table.matrix_model
        painter.fillRect(rect, theme.color("surface"))
        line = QRect(rect.left(), rect.bottom() + 1 - theme.edge, rect.width(), theme.edge)
        painter.fillRect(line, theme.color("line-strong"))
        column = model.column_at(logicalIndex)
        inside = rect.adjusted(theme.px(_SIDE), 0, -theme.px(_SIDE), 0)
        if column is None:
            paint_words(
                painter,
                inside,
                str(model.headerData(logicalIndex, Qt.Orientation.Horizontal)),
                theme.font("secondary-strong"),
                theme,
                "muted",
            )
            return
        connector, side = column.integration.connector, theme.px(24)
        tile = QRect(inside.left(), inside.center().y() - side // 2, side, side)
        paint_monogram(painter, theme, tile, mark_of(connector.title), tint_of(connector.title), tile=True)
        words = inside.adjusted(side + theme.px(8), theme.px(8), 0, -theme.px(8))
        half = words.height() // 2
        upper = QRect(words.left(), words.top(), words.width(), half)
        paint_words(painter, upper, column.integration.name, theme.font("strong"), theme)
        state = model.states.get(column.integration.id)
        if state is not None:
            paint_status(painter, theme, upper.translated(0, half), state, small=True)


class _Fields(QHeaderView):
    """Each field with the badge of its type."""

    def __init__(self, theme: Theme, table: MatrixTable) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._theme, self._table = theme, table
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # Below the last field the page goes on.
        below = self.length() - self.offset()
        QPainter(self.viewport()).fillRect(0, below, self.width(), self.height(), self._theme.color("bg"))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_FIELD_WIDTH), super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme, model = self._theme, self._table.matrix_model
        field = model.field_at(logicalIndex)
        painter.save()
        painter.fillRect(rect, theme.color("bg" if field is not None else "surface"))
        edge = theme.edge
        painter.fillRect(rect.left(), rect.bottom() + 1 - edge, rect.width(), edge, theme.color("line"))
        inside = rect.adjusted(theme.px(_EDGE), 0, -theme.px(8), 0)
        label = str(model.headerData(logicalIndex, Qt.Orientation.Vertical))
        if field is None:
            paint_words(painter, inside, label, theme.font("secondary-strong"), theme, "muted")
        else:
            paint_badge(painter, theme, inside, field.type, field.label)
            words = inside.adjusted(theme.px(_BADGE + 8), 0, 0, 0)
            star = " *" if model.is_mandatory(field) else ""
            paint_words(painter, words, label + star, theme.font("name"), theme)
        painter.restore()


class _Cells(QStyledItemDelegate):
    """A source with its key and its place among the feeders."""

    def __init__(self, theme: Theme, table: MatrixTable) -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, table, area = self._theme, self._table, option.rect
        model = table.matrix_model
        painter.save()
        if model.field_at(index.row()) is None:
            painter.fillRect(area, theme.color("surface"))
        painter.fillRect(area.left(), area.bottom() + 1 - theme.edge, area.width(), theme.edge, theme.color("line"))
        if table.hasFocus() and table.currentIndex() == index:
            painter.fillRect(area, theme.color("selection"))
            ring = area.adjusted(1, 1, -1, -2).toRectF()
            width, radius = theme.measure("focus"), theme.measure("radius-small")
            draw_box(painter, ring, radius, edge=theme.color("accent"), edge_width=width)
        inside = area.adjusted(theme.px(_SIDE), 0, -theme.px(_SIDE), 0)
        cell = model.cell(index.row(), index.column())
        text = model.text(index.row(), index.column())
        if cell is not None:
            inside = self._paint_marks(painter, inside, cell.line.sync_key if cell.line else None, cell.place)
        is_quiet = cell is None or cell.line is None or cell.line.source is None
        # A dash says that there is nothing, and that nothing is missing on the screen.
        shown = text or ("–" if cell is not None else "")  # noqa: RUF001
        paint_words(painter, inside, shown, theme.font("body"), theme, "muted" if is_quiet else "text")
        painter.restore()

    def _paint_marks(self, painter: QPainter, inside: QRect, sync_key: int | None, place: int) -> QRect:
        """Key and feeder at the right end; returns what is left for the source."""
        theme = self._theme
        marks = []
        if sync_key is not None:
            marks.append((str(sync_key), "accent", "key"))
        if place:
            marks.append((str(place), "neutral", "person"))
        for text, kind, icon in reversed(marks):
            size = tag_size(theme, text, icon)
            left, top = inside.right() + 1 - size.width(), inside.center().y() - size.height() // 2 + 1
            paint_tag(painter, theme, QRect(left, top, size.width(), size.height()), text, kind, icon=icon)
            inside = inside.adjusted(0, 0, -size.width() - theme.px(6), 0)
        return inside
