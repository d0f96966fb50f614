"""A small table of texts that is read rather than worked with: findings, features, first records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QResizeEvent
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

from saasdesk.ui.tables.lines import Heading
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.status_word import Status, paint_status, status_size

Index = QModelIndex | QPersistentModelIndex
_SIDE, _TOP = 12, 6


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a cell; a status brings its own icon, word and colour."""

    text: str = ""
    tone: str = "text"
    role: str = "body"
    status: Status | None = None

    @property
    def words(self) -> str:
        """What is read out and copied."""
        return self.status.word if self.status is not None else self.text


class TextModel(QAbstractTableModel):
    """Rows of texts."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self._rows: tuple[tuple[Text, ...], ...] = ()

    def set_rows(self, rows: Sequence[Sequence[Text]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(tuple(row) for row in rows)
        self.endResetModel()

    def cell(self, index: Index) -> Text:
        """What stands there."""
        return self._rows[index.row()][index.column()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return visible_text(self.cell(index).words)
        if role == Qt.ItemDataRole.ToolTipRole and " " not in self.cell(index).words:
            # Words that do not wrap may be cut.
            return escaped_tip(self.cell(index).words)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._headings[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class TextDelegate(QStyledItemDelegate):
    """Wraps texts, and draws states with their icons."""

    def __init__(self, theme: Theme, table: "TextTable") -> None:
        super().__init__(table)
        self._theme = theme
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        cell = self._table.texts.cell(index)
        area = option.rect
        is_current = self._table.hasFocus() and self._table.currentIndex().row() == index.row()
        if is_current:
            painter.fillRect(area, theme.color("selection"))
            if index.column() == 0:
                painter.fillRect(
                    QRect(area.left(), area.top(), theme.measure("accent-bar"), area.height()), theme.color("accent")
                )
        painter.fillRect(
            QRect(area.left(), area.bottom() - theme.edge + 1, area.width(), theme.edge), theme.color("line")
        )
        inside = area.adjusted(theme.px(_SIDE), theme.px(_TOP), -theme.px(_SIDE), -theme.px(_TOP))
        if cell.status is not None:
            line = QRect(inside.left(), inside.top(), inside.width(), theme.line_height())
            paint_status(painter, theme, line, cell.status)
            return
        painter.save()
        painter.setFont(theme.font(cell.role))
        painter.setPen(theme.color(cell.tone))
        painter.drawText(inside, _FLAGS, _fitting(visible_text(cell.text), painter.fontMetrics(), inside.width()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = self._theme
        cell = self._table.texts.cell(index)
        width = max(1, self._table.columnWidth(index.column()) - 2 * theme.px(_SIDE))
        if cell.status is not None:
            height = status_size(theme, cell.status).height()
        else:
            metrics = QFontMetrics(theme.font(cell.role))
            text = _fitting(visible_text(cell.text), metrics, width)
            area = metrics.boundingRect(QRect(0, 0, width, 10_000), _FLAGS, text)
            height = max(theme.line_height(cell.role), area.height())
        return QSize(width, height + 2 * theme.px(_TOP))


def _fitting(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text with words cut that are wider than the column: an e-mail address does not wrap."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    return " ".join(metrics.elidedText(word, Qt.TextElideMode.ElideRight, width) for word in text.split(" "))


_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class TextTable(QTableView):
    """As high as its rows; arrows walk them, Ctrl+C copies one."""

    def __init__(self, theme: Theme, name: str, headings: Sequence[Heading], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._headings = tuple(headings)
        self.texts = TextModel(headings)
        self.setAccessibleName(name)
        self.setModel(self.texts)
        self.setItemDelegate(TextDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setVisible(False)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(self._fit)

    def show_rows(self, rows: Sequence[Sequence[Text]]) -> None:
        """Show other rows."""
        self.texts.set_rows(rows)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(480), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            row = self.currentIndex().row()
            cells = (self.texts.index(row, column) for column in range(self.texts.columnCount()))
            QApplication.clipboard().setText("\t".join(self.texts.cell(cell).words for cell in cells))
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            # They belong to the window: nothing is opened here.
            event.ignore()
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        theme = self._theme
        fixed = sum(theme.px(heading.width) for heading in self._headings)
        shares = sum(heading.share for heading in self._headings if not heading.width)
        rest = max(0, self.viewport().width() - fixed)
        for place, heading in enumerate(self._headings):
            grown = max(theme.px(64), rest * heading.share // max(1, shares))
            self.setColumnWidth(place, theme.px(heading.width) if heading.width else grown)
        for row in range(self.texts.rowCount()):
            self.resizeRowToContents(row)
        self.updateGeometry()
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        rows = sum(self.rowHeight(row) for row in range(self.texts.rowCount()))
        return self.horizontalHeader().sizeHint().height() + rows + 1
