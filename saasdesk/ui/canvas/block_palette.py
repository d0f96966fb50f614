"""Everything that can be put on the canvas, to be dragged there or added with Enter."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from saasdesk.ui.canvas.entries import BlockEntry, entries_of, search_entries
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.verbs import CanvasVerbs
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.search_field import SearchField

_MIME = "application/x-saasdesk-block"
_MOST_RECENT, _MOST_LINES = 4, 3
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def dropped_entry(data: QMimeData, model: WorkflowModel) -> BlockEntry | None:
    """What is being dragged here from the palette; None for anything else."""
    if not data.hasFormat(_MIME):
        return None
    key = bytes(data.data(_MIME).data()).decode("utf-8", "replace")
    return next((entry for entry in entries_of(model.document, model.world) if entry.key == key), None)


class _Entries(QAbstractListModel):
    """Headings (texts) and entries, as they stand in the list."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[BlockEntry | str] = []

    def show_rows(self, rows: list[BlockEntry | str]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        row = self.rows[index.row()]
        if isinstance(row, str):
            return row if role in (_DISPLAY, _ACCESSIBLE) else None
        if role == _DISPLAY:
            return visible_text(row.title)
        if role == _ACCESSIBLE:
            harm = row.harm.word.lower() if row.harm.is_any else ""
            return ", ".join(part for part in (row.title, row.group, harm) if part)
        if role == _TOOL_TIP:
            return escaped_tip(f"{row.title}\n{row.help}".strip())
        return None

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        row = self.rows[indexes[0].row()]
        if isinstance(row, BlockEntry):
            data.setData(_MIME, QByteArray(row.key.encode()))
        return data


def wrapped(metrics: QFontMetrics, text: str, width: int) -> list[str]:
    """A text on as many lines as it takes, three at most; what is still too long is cut off."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == _MOST_LINES or metrics.horizontalAdvance(longer) <= width):
            lines[-1] = longer
        else:
            lines.append(word)
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, entries: _Entries, listed: QListView) -> None:
        super().__init__(listed)
        self._theme, self._entries, self._list = theme, entries, listed

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme, row = self._theme, self._entries.rows[index.row()]
        if isinstance(row, str):
            return QSize(1, theme.px(32))
        width = self._inside(self._list.viewport().rect(), row)[2].width()
        lines = len(wrapped(QFontMetrics(theme.font("body")), visible_text(row.title), width))
        return QSize(1, theme.px(28) + (lines - 1) * theme.line_height("body"))

    def _inside(self, area: QRect, row: BlockEntry) -> tuple[QRect, QRect, QRect]:
        """Where icon, sign and words of an entry stand in an area."""
        theme = self._theme
        inside = area.adjusted(theme.px(12), 0, -theme.px(10), 0)
        icon = QRect(inside.left(), inside.top(), theme.measure("icon"), inside.height())
        side, end = theme.measure("tag"), inside.right()
        sign = QRect(end - side, inside.center().y() - side // 2, side, side)
        if row.harm.is_any:
            end = sign.left() - theme.px(6)
        left = icon.right() + theme.px(10)
        return icon, sign, QRect(left, inside.top(), max(1, end - left), inside.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, row = self._theme, self._entries.rows[index.row()]
        area = QRect(option.rect).adjusted(theme.px(4), 0, -theme.px(4), 0)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.save()
        if isinstance(row, str):
            painter.setFont(theme.font("caption-strong"))
            painter.setPen(theme.color("muted"))
            painter.drawText(area.adjusted(theme.px(8), theme.px(8), 0, 0), left, row.upper())
            painter.restore()
            return
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            draw_box(
                painter, area.toRectF(), theme.measure("radius"), theme.color("selection" if is_selected else "hover")
            )
        icon, sign, text = self._inside(QRect(option.rect), row)
        theme.paint_icon(painter, icon, row.icon, "error" if row.harm.tone == "error" else "muted")
        if row.harm.is_any:
            # The sign alone: the word is with the screen reader, and on the block.
            draw_box(painter, sign.toRectF(), theme.measure("radius-small"), theme.color(f"{row.harm.tone}-tint"))
            theme.paint_icon(painter, sign, "warning", row.harm.tone, 11)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        words = wrapped(painter.fontMetrics(), visible_text(row.title), text.width())
        painter.drawText(text, left, "\n".join(words))
        painter.restore()


class _List(QListView):
    """Enter adds; Up from the first line goes back to the search."""

    def __init__(self, palette: "BlockPalette") -> None:
        super().__init__()
        self._palette = palette

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._palette.add_current()
        else:
            super().keyPressEvent(event)


class BlockPalette(QWidget):
    """Search first, then the entries by groups; Enter or a double-click adds after the selected block."""

    def __init__(self, model: WorkflowModel, theme: Theme) -> None:
        super().__init__()
        self._theme, self._model = theme, model
        self._verbs = CanvasVerbs(model)
        self.recent: list[str] = []
        self.setAccessibleName(self.tr("Blocks"))
        self.search = SearchField(theme, self.tr("Find a block"))
        self._entries = _Entries()
        self.list = _List(self)
        self.list.setAccessibleName(self.tr("Blocks that can be added"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setModel(self._entries)
        self.list.setItemDelegate(_Delegate(theme, self._entries, self.list))
        # How tall an entry is goes by how wide the list is.
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMouseTracking(True)
        self.list.setDragEnabled(True)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setAutoFillBackground(False)
        column = Column(theme, gap=6, margins=(8, 8, 8, 4))
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.setLayout(column)
        self._wanted: tuple[object, ...] = ()
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._on_search_entered)
        self.list.doubleClicked.connect(self.add_current)
        model.changed.connect(self._on_changed)
        theme.changed.connect(self._fill)
        self._fill()

    @property
    def shown(self) -> tuple[str, ...]:
        """The titles in the list, headings left out."""
        return tuple(row.title for row in self._entries.rows if isinstance(row, BlockEntry))

    def add_current(self) -> None:
        """Add the entry on which the keyboard is, after the selected block or at the end of the way."""
        index = self.list.currentIndex()
        row = self._entries.rows[index.row()] if index.isValid() else ""
        if not isinstance(row, BlockEntry):
            return
        if self._verbs.add(row, after=self._verbs.place_to_add(row.kind)) is not None:
            self.recent = [row.key, *(key for key in self.recent if key != row.key)][:_MOST_RECENT]
            self._fill()
            self._go_to(row.key)

    def _on_search_entered(self) -> None:
        self._first()
        self.add_current()

    def _on_changed(self) -> None:
        # Most edits change nothing of what can be added.
        document, world = self._model.document, self._model.world
        wanted = (document.object, bool(document.of_kind("begin")), id(world))
        if wanted != self._wanted:
            self._wanted = wanted
            self._fill()

    def _fill(self) -> None:
        entries = entries_of(self._model.document, self._model.world)
        text = self.search.text()
        found = search_entries(entries, text)
        rows: list[BlockEntry | str] = []
        if text.strip():
            rows += found
        else:
            recent = [entry for key in self.recent for entry in entries if entry.key == key]
            if recent:
                rows += [self.tr("Used lately"), *recent]
            group = ""
            for entry in found:
                if entry.group != group:
                    group = entry.group
                    rows.append(group)
                rows.append(entry)
        self._entries.show_rows(rows or [self.tr("Nothing fits")])
        self._first()

    def _first(self) -> None:
        for number, row in enumerate(self._entries.rows):
            if isinstance(row, BlockEntry):
                self.list.setCurrentIndex(self._entries.index(number))
                return

    def _go_to(self, key: str) -> None:
        for number, row in enumerate(self._entries.rows):
            if isinstance(row, BlockEntry) and row.key == key:
                self.list.setCurrentIndex(self._entries.index(number))
                return
