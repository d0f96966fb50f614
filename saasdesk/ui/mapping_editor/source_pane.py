"""The left pane: what the vendor sends, with types, samples and how often each is filled."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from saasdesk.ui.mapping_editor.board import MappingBoard, SourceItem
from saasdesk.ui.mapping_editor.painting import SIDE, paint_badge, paint_ground, paint_words, type_in_words
from saasdesk.ui.mapping_editor.pane import Index, PaneTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import draw_box

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
TYPE, FIELD, SAMPLES, FILLED = range(4)
_MASK = "••••••"
_METER = 24
ARROW = 16


class SourceModel(QAbstractTableModel):
    """The sources that a filter lets through."""

    def __init__(self, board: MappingBoard) -> None:
        super().__init__()
        self._board = board
        self._filter = ""
        self.masks = False
        self.items: tuple[SourceItem, ...] = ()
        board.changed.connect(self._on_changed)
        board.samples_changed.connect(self.repaint_all)
        board.record_changed.connect(self.repaint_all)
        self._choose()

    def set_filter(self, text: str) -> None:
        """Show only sources whose label, id or sample has this text."""
        self._filter = text.casefold().strip()
        self.beginResetModel()
        self._choose()
        self.endResetModel()

    def mask(self, masks: bool) -> None:
        """Hide what the samples say: they are data of people."""
        self.masks = masks
        self.repaint_all()

    def row_of(self, source: str) -> int:
        """Where a source stands; -1 where the filter hides it."""
        return next((row for row, item in enumerate(self.items) if item.id == source), -1)

    def examples(self, item: SourceItem, most: int = 3) -> str:
        """The most telling values, as the pane shows them, and how many there are besides."""
        sample = self._board.sample(item.id)
        if sample is None or not sample.examples:
            return ""
        if self.masks:
            return _MASK
        shown = " ".join(f"“{text}”" for text in sample.examples[:most])
        rest = sample.distinct - min(most, len(sample.examples))
        return f"{shown} +{rest:,}" if rest else shown

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        item = self.items[index.row()]
        if role == _DISPLAY:
            return visible_text(self._text(item, index.column()))
        if role == _ACCESSIBLE:
            return visible_text(self._spoken(item) if index.column() == FIELD else self._text(item, index.column()))
        if role == _TOOL_TIP:
            return escaped_tip(self._tip(item))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal and role in (_DISPLAY, _ACCESSIBLE):
            return (self.tr("Type"), self.tr("Field"), self.tr("Sample values"), self.tr("Filled"))[section]
        if role == int(Qt.ItemDataRole.TextAlignmentRole) and section in (SAMPLES, FILLED):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def repaint_all(self) -> None:
        """Ask for every cell again."""
        if self.items:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.items) - 1, FILLED))

    def _text(self, item: SourceItem, column: int) -> str:
        sample = self._board.sample(item.id)
        match column:
            case 0:
                return type_in_words(item.type, item.label)
            case 1:
                return item.label
            case 2:
                return self.examples(item)
            case _:
                return "" if sample is None else f"{sample.fill_rate:.0%}"

    def _spoken(self, item: SourceItem) -> str:
        parts = [item.label, type_in_words(item.type, item.label)]
        sample = self._board.sample(item.id)
        if sample is not None:
            parts.append(self.tr("filled in {0} of {1}").format(sample.filled, sample.records))
            parts.append(self.tr("{0} different").format(sample.distinct))
        used = len(self._board.places_of(item.id))
        if used:
            parts.append(self.tr("mapped"))
        return ", ".join(parts)

    def _tip(self, item: SourceItem) -> str:
        lines = [f"{item.label} ({item.id})" if item.id != item.label else item.label]
        if item.help:
            lines.append(item.help)
        sample = self._board.sample(item.id)
        if sample is not None and sample.examples and not self.masks:
            lines.append("\n".join(f"“{text}”" for text in sample.examples))
            lines.append(
                self.tr("{0} of {1} filled, {2} different").format(sample.filled, sample.records, sample.distinct)
            )
        return "\n".join(lines)

    def _on_changed(self) -> None:
        before = self.items
        self._choose_quietly()
        if [item.id for item in before] != [item.id for item in self.items]:
            after, self.items = self.items, before
            self.beginResetModel()
            self.items = after
            self.endResetModel()
        else:
            self.repaint_all()

    def _choose(self) -> None:
        self._choose_quietly()

    def _choose_quietly(self) -> None:
        wanted = self._filter
        self.items = tuple(
            item
            for item in self._board.sources
            if not wanted
            or wanted in item.label.casefold()
            or wanted in item.id.casefold()
            or wanted in self.examples(item).casefold()
        )


class SourceDelegate(QStyledItemDelegate):
    """Paints a source: badge, label, samples, and how full it is."""

    def __init__(self, theme: Theme, table: "SourceTable", model: SourceModel, board: MappingBoard) -> None:
        super().__init__(table)
        self._theme, self._table, self._model, self._board = theme, table, model, board

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area, column = self._theme, option.rect, index.column()
        item = self._model.items[index.row()]
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_picked = self._table.picked == item.id
        painter.save()
        paint_ground(
            painter,
            theme,
            area,
            is_current=is_selected or is_picked,
            has_bar=column == TYPE and (is_selected or is_picked),
        )
        inside = area.adjusted(theme.px(SIDE), 0, -theme.px(SIDE if column in (SAMPLES, FILLED) else 0), 0)
        match column:
            case 0:
                paint_badge(painter, theme, inside, item.type, item.label)
            case 1:
                is_used = bool(self._board.places_of(item.id))
                paint_words(painter, inside, item.label, theme.font("strong" if is_used else "body"), theme)
            case 2:
                # What is cut short tells nothing: so many values as have room, and the number of the rest.
                font = theme.font("secondary")
                metrics = QFontMetrics(font)
                texts = (self._model.examples(item, most) for most in (3, 2, 1))
                text = next((each for each in texts if metrics.horizontalAdvance(each) <= inside.width()), "")
                text = text or self._model.examples(item, 1)
                paint_words(painter, inside, text, font, theme, "muted", at_right=True)
            case _:
                self._paint_filled(painter, inside, item)
        painter.restore()

    def _paint_filled(self, painter: QPainter, inside: QRect, item: SourceItem) -> None:
        sample, theme = self._board.sample(item.id), self._theme
        # A press on the arrow opens what can be done with the field.
        arrow = QRect(inside.right() - theme.px(ARROW) + theme.px(6), inside.top(), theme.px(ARROW), inside.height())
        theme.paint_icon(painter, arrow, "chevron-down", "muted", 12)
        inside = inside.adjusted(0, 0, -theme.px(ARROW), 0)
        if sample is None:
            return
        width, height = theme.px(_METER), theme.measure("progress")
        track = QRectF(inside.right() - width + 1, inside.center().y() - height // 2 + 1, width, height)
        draw_box(painter, track, height / 2, theme.color("track"))
        filled = QRectF(track.left(), track.top(), width * sample.fill_rate, height)
        if sample.filled:
            draw_box(painter, filled, height / 2, theme.color("muted"))
        text = inside.adjusted(0, 0, -(width + theme.px(8)), 0)
        paint_words(
            painter, text, f"{sample.fill_rate:.0%}", theme.font("secondary", tabular=True), theme, at_right=True
        )


class SourceTable(PaneTable):
    """Enter picks a source to be dropped with the keyboard; Escape puts it back."""

    picking = Signal(str)
    unpicked = Signal()
    menu_wanted = Signal(str, QPoint)

    def __init__(self, theme: Theme, board: MappingBoard) -> None:
        super().__init__(theme, "")
        self.setAccessibleName(self.tr("Source fields of {0}").format(board.connector.title))
        self.picked = ""
        self.model_of_sources = SourceModel(board)
        self.setModel(self.model_of_sources)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.setItemDelegate(SourceDelegate(theme, self, self.model_of_sources, board))
        self.model_of_sources.modelReset.connect(self.scrolled)

    def widths(self, room: int) -> list[int]:
        theme = self._theme
        badge, filled = theme.px(52), theme.px(116)
        rest = max(0, room - badge - filled)
        label = rest * 46 // 100
        return [badge, label, rest - label, filled]

    def selected_sources(self) -> list[str]:
        """The ids of the selected sources, from top to bottom."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.model_of_sources.items[row].id for row in rows]

    @property
    def current_source(self) -> str:
        """The source on which the keyboard is."""
        index = self.currentIndex()
        return self.model_of_sources.items[index.row()].id if index.isValid() else ""

    def pick(self, source: str) -> None:
        """Hold a source, to be dropped on a field with Enter."""
        self.picked = source
        self.viewport().update()

    def go_to(self, source: str) -> None:
        """Put the keyboard on a source, and into sight."""
        row = self.model_of_sources.row_of(source)
        if row >= 0:
            self.setCurrentIndex(self.model_of_sources.index(row, FIELD))
            self.scrollTo(self.currentIndex())

    def source_at(self, row: int) -> str:
        """The id of the source in a row."""
        return self.model_of_sources.items[row].id

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_source:
            self.picking.emit(self.current_source)
        elif event.key() == Qt.Key.Key_Escape and self.picked:
            self.unpicked.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        index = self.indexAt(position)
        arrow = self.visualRect(index).right() - self._theme.px(ARROW + SIDE // 2)
        if event.button() == Qt.MouseButton.LeftButton and index.column() == FILLED and position.x() >= arrow:
            self._open_menu(index)

    def open_menu_here(self) -> None:
        self._open_menu(self.currentIndex())

    def _on_menu(self, position: QPoint) -> None:
        index = self.indexAt(position)
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(self.source_at(index.row()), self.viewport().mapToGlobal(position))

    def _open_menu(self, index: Index) -> None:
        corner = self.visualRect(index.sibling(index.row(), FIELD)).bottomLeft()
        self.menu_wanted.emit(self.source_at(index.row()), self.viewport().mapToGlobal(corner))

    def keyboardSearch(self, search: str) -> None:
        # Letters look for a label, whichever column the keyboard is in.
        index = self.currentIndex()
        if index.isValid() and index.column() != FIELD:
            self.setCurrentIndex(index.siblingAtColumn(FIELD))
        super().keyboardSearch(search)
