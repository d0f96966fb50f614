"""The list of pages at the left of the window."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.tag import paint_tag, tag_size

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A page as the rail shows it; the lower ones stand at its foot."""

    key: str
    title: str
    icon: str
    is_at_foot: bool = False
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number beside an entry."""

    number: int
    tone: str = "neutral"


class RailModel(QAbstractListModel):
    """The entries, an empty row that pushes the last ones down, and the counts."""

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget) -> None:
        super().__init__(parent)
        upper = [entry for entry in entries if not entry.is_at_foot]
        foot = [entry for entry in entries if entry.is_at_foot]
        self.rows: list[RailEntry | None] = [*upper, *([None] if foot else []), *foot]
        self.is_narrow = False
        self._counts: dict[str, Count] = {}

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        entry = self.rows[index.row()]
        if entry is None:
            return None
        if role == _DISPLAY:
            return entry.title
        if role == _ACCESSIBLE:
            count = self.count(entry.key)
            return f"{entry.title}, {count.number}" if count else entry.title
        if role == _TOOL_TIP and self.is_narrow:
            return f"{entry.title} ({entry.shortcut})" if entry.shortcut else entry.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()] is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row_of(self, key: str) -> int:
        """Where an entry stands, or -1."""
        return next((row for row, entry in enumerate(self.rows) if entry is not None and entry.key == key), -1)

    def count(self, key: str) -> Count | None:
        """The number beside an entry."""
        return self._counts.get(key)

    def set_count(self, key: str, count: Count | None) -> None:
        """Show a number, or none."""
        if count is None:
            self._counts.pop(key, None)
        else:
            self._counts[key] = count
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


class RailDelegate(QStyledItemDelegate):
    """Paints tint, bar, icon, title and count."""

    def __init__(self, theme: Theme, rail: "Rail") -> None:
        super().__init__(rail)
        self._theme = theme
        self._rail = rail

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        step = self._theme.measure("rail-entry") + self._theme.measure("rail-gap")
        if self._rail.entries.rows[index.row()] is None:
            others = (self._rail.entries.rowCount() - 1) * step
            return QSize(1, max(self._theme.measure("rail-gap"), self._rail.viewport().height() - others))
        return QSize(1, step)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._rail.entries.rows[index.row()]
        if entry is None:
            return
        theme = self._theme
        area = QRect(option.rect)
        area.setHeight(theme.measure("rail-entry"))
        side = theme.px(8)
        area.adjust(side, 0, -side, 0)
        is_open = entry.key == self._rail.open_key
        radius = theme.measure("radius")
        if is_open:
            draw_box(painter, QRectF(area), radius, theme.color("selection"))
            self._paint_bar(painter, area)
        elif index.row() == self._rail.pointed_row:
            draw_box(painter, QRectF(area), radius, theme.color("hover"))
        if self._rail.has_ring and index == self._rail.currentIndex():
            draw_box(painter, QRectF(area), radius, edge=theme.color("accent"), edge_width=theme.measure("focus"))
        self._paint_entry(painter, area, entry, is_open=is_open)

    def _paint_bar(self, painter: QPainter, area: QRect) -> None:
        theme = self._theme
        bar = QRectF(area.x(), area.y() + theme.px(6), theme.measure("accent-bar"), area.height() - 2 * theme.px(6))
        if self._rail.isRightToLeft():
            bar.moveRight(area.right() + 1)
        draw_box(painter, bar, bar.width() / 2, theme.color("accent"))

    def _paint_entry(self, painter: QPainter, area: QRect, entry: RailEntry, *, is_open: bool) -> None:
        theme = self._theme
        icon_side = theme.measure("rail-icon")
        is_narrow = self._rail.is_narrow
        is_rtl = self._rail.isRightToLeft()
        left = (area.width() - icon_side) // 2 if is_narrow else theme.px(10)

        def place(start: int, width: int) -> QRect:
            x = area.right() + 1 - start - width if is_rtl else area.x() + start
            return QRect(x, area.y(), width, area.height())

        theme.paint_icon(painter, place(left, icon_side), entry.icon, "accent" if is_open else "muted", 20)
        count = self._rail.entries.count(entry.key)
        if is_narrow:
            if count is not None:
                dot = theme.px(8)
                corner = place(left + icon_side - dot // 2, dot)
                corner.setHeight(dot)
                corner.moveTop(area.y() + theme.px(4))
                tone = "accent" if count.tone == "neutral" else count.tone
                draw_box(painter, QRectF(corner), dot / 2, theme.color(tone), theme.color("surface"))
            return
        start = left + icon_side + theme.measure("rail-icon-gap")
        end = area.width() - theme.px(10)
        if count is not None:
            number = f"{count.number:,}"
            size = tag_size(theme, number)
            pill = place(end - size.width(), size.width())
            pill.setTop(area.y() + (area.height() - size.height()) // 2)
            pill.setHeight(size.height())
            paint_tag(painter, theme, pill, number, count.tone, radius=size.height() // 2)
            end -= size.width() + theme.px(6)
        font = theme.font("strong" if is_open else "body")
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        title = QFontMetrics(font).elidedText(entry.title, Qt.TextElideMode.ElideRight, end - start)
        side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place(start, end - start), int(Qt.AlignmentFlag.AlignVCenter | side), title)


class Rail(QListView):
    """Arrows walk the entries, Enter or a click opens one: `chosen` says its key."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_narrow = False
        self._was_clicked_into = False
        self.open_key = ""
        self.pointed_row = -1
        self.entries = RailModel(entries, self)
        self.setObjectName("rail")
        self.setAccessibleName(self.tr("Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setModel(self.entries)
        self.setItemDelegate(RailDelegate(theme, self))
        self.clicked.connect(self._on_index_taken)
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def is_narrow(self) -> bool:
        """Whether only icons are shown."""
        return self._is_narrow

    def set_narrow(self, narrow: bool) -> None:
        """Show only icons, or titles too."""
        self._is_narrow = narrow
        self.entries.is_narrow = narrow
        self._fit()

    def set_open(self, key: str) -> None:
        """Mark the entry whose page is shown."""
        self.open_key = key
        row = self.entries.row_of(key)
        if row >= 0:
            self.setCurrentIndex(self.entries.index(row))
        self.viewport().update()

    def set_count(self, key: str, number: int, tone: str = "neutral") -> None:
        """Show a number beside an entry; 0 takes it away."""
        self.entries.set_count(key, Count(number, tone) if number else None)

    @property
    def has_ring(self) -> bool:
        """Whether the focus came by the keyboard."""
        return self.hasFocus() and not self._was_clicked_into

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._was_clicked_into = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._was_clicked_into = False
        self.viewport().update()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_index_taken(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _point_at(self, row: int) -> None:
        if row != self.pointed_row:
            self.pointed_row = row
            self.viewport().update()

    def _fit(self) -> None:
        self.setViewportMargins(0, self._theme.px(8), 0, self._theme.px(4))
        # The hairline at its edge counts in.
        self.setFixedWidth(self._theme.measure("rail-narrow" if self._is_narrow else "rail") - self._theme.edge)
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def _on_index_taken(self, index: QModelIndex) -> None:
        entry = self.entries.rows[index.row()] if index.isValid() else None
        if entry is not None:
            self.chosen.emit(entry.key)
