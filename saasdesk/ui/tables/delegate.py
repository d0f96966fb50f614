"""Draws the cells of a table: names with their monograms, states, account strips, times, numbers, plain text."""

from PySide6.QtCore import (
    QEvent,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from saasdesk.records.listing import Account, AccountState, Column, Special
from saasdesk.ui.initials import initials
from saasdesk.ui.tables.cells import CellTexts, account_in_words, status_of
from saasdesk.ui.tables.frozen import FrozenColumns
from saasdesk.ui.tables.grouping import Head
from saasdesk.ui.tables.header import EDGE_PADDING, SortHeader
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.tables.model import Cell, RecordModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.theme.icons import render_svg, tinted_svg
from saasdesk.ui.visible_text import escaped_tip
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.monogram import paint_monogram, tint_of
from saasdesk.ui.widgets.status_word import paint_status, status_size

# At 100 %.
_MONOGRAM, _MONOGRAM_COMPACT, _MONOGRAM_GAP = 24, 20, 8
_ACCOUNT_WIDTH, _ACCOUNT_HEIGHT, _ACCOUNT_GAP = 38, 20, 4
_ACCOUNT_ICON = 11
_BOLD = 2.4
_ARROW, _ARROW_GAP = 12, 8

_ACCOUNT_LOOKS = {
    AccountState.ACTIVE: ("check", "ok"),
    AccountState.SUSPENDED: ("pause", "warn"),
    AccountState.UNKNOWN: ("unknown", "muted"),
    AccountState.GONE: ("close", "muted"),
}

# Combining flags in Python costs more than drawing with them.
_SELECTED = QStyle.StateFlag.State_Selected
_HAS_FOCUS = QStyle.StateFlag.State_HasFocus
_RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextSingleLine)
_AT_LEFT = _MIDDLE | int(Qt.AlignmentFlag.AlignLeft)
_AT_RIGHT = _MIDDLE | int(Qt.AlignmentFlag.AlignRight)

Index = QModelIndex | QPersistentModelIndex


class RecordDelegate(QStyledItemDelegate):
    """One delegate for all cells: looks up what it needs in the model itself, without a detour over Qt's variants."""

    def __init__(self, theme: Theme, view: QTableView, header: SortHeader, frozen: FrozenColumns) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._header = header
        self._frozen = frozen
        self._texts = CellTexts()
        # What a repaint needs hundreds of times, kept until the theme changes.
        self._fonts: dict[str, tuple[QFont, QFontMetrics]] = {}
        self._colors: dict[str, QColor] = {}
        self._edge = theme.edge
        self.shows_focus = True
        self._account_pixmaps: dict[tuple[Account, float], QPixmap] = {}
        theme.changed.connect(self._forget_drawings)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect
        state = option.state
        model = index.model()
        if isinstance(model, RecordModel) and (head := model.head_at(index.row())) is not None:
            self._paint_head(painter, option, index, head)
            return
        is_selected = bool(state & _SELECTED)
        place = self._header.visualIndex(index.column())
        painter.save()
        if is_selected:
            painter.fillRect(area, self._color("selection"))
        painter.fillRect(area.left(), area.bottom() + 1 - self._edge, area.width(), self._edge, self._color("line"))
        if is_selected and place == self._header.edges[0]:
            bar = QRect(area.topLeft(), QSize(self._theme.measure("accent-bar"), area.height()))
            painter.fillRect(_mirrored(option.direction, area, bar), self._color("accent"))
        inside = self._inside(area, place, option.direction)
        cell = self._cell(index)
        if cell is None:
            self._paint_waiting(painter, inside)
        else:
            painter.setLayoutDirection(option.direction)
            self._paint_cell(painter, inside, cell, option)
        self._paint_ring(painter, option)
        painter.restore()

    def is_arrow(self, index: Index, position: QPointF) -> bool:
        """Whether this is where the head of a group opens and closes it."""
        words = self._head_area(self._view.visualRect(index))
        end = self._theme.px(EDGE_PADDING + _ARROW + _ARROW_GAP)
        is_rtl = self._view.layoutDirection() == _RIGHT_TO_LEFT
        return words.right() - position.x() < end if is_rtl else position.x() - words.left() < end

    def _paint_ring(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if self.shows_focus and option.state & _HAS_FOCUS:
            theme = self._theme
            ring = QRectF(option.rect).adjusted(1, 1, -1, -2)
            draw_box(
                painter,
                ring,
                theme.measure("radius-small"),
                edge=theme.color("accent"),
                edge_width=theme.measure("focus"),
            )

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, head: Head) -> None:
        """The head of a group: each cell paints its part of the words, or the sum of its column."""
        theme, area = self._theme, option.rect
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, self._color("surface"))
        painter.fillRect(area.left(), area.bottom() + 1 - self._edge, area.width(), self._edge, self._color("line"))
        column = self._columns_of(index)[index.column()]
        place = self._header.visualIndex(index.column())
        if index.column() not in self._sections_of_words():
            painter.setPen(self._color("text"))
            painter.setFont(theme.font("strong", tabular=True))
            painter.drawText(self._inside(area, place, option.direction), _AT_RIGHT, head.sums.get(column.key, ""))
        else:
            self._paint_head_words(painter, self._head_area(area), head, option.direction)
        self._paint_ring(painter, option)
        painter.restore()

    def _paint_head_words(self, painter: QPainter, words: QRect, head: Head, direction: Qt.LayoutDirection) -> None:
        theme = self._theme
        model = self._view.model()
        lines = model.lines if isinstance(model, RecordModel) else None
        is_closed = lines is not None and head.key in lines.closed
        x = theme.px(EDGE_PADDING)
        arrow = QRect(words.left() + x, words.top(), theme.px(_ARROW), words.height())
        pointing = "chevron-down"
        if is_closed:
            pointing = "chevron-left" if direction == _RIGHT_TO_LEFT else "chevron-right"
        theme.paint_icon(painter, _mirrored(direction, words, arrow), pointing, "muted", _ARROW)
        x += theme.px(_ARROW + _ARROW_GAP)
        count = QLocale().toString(head.count)
        (name_font, name_metrics), (count_font, count_metrics) = self._font("strong"), self._font("digits")
        room = words.width() - x - theme.px(_ARROW_GAP) - count_metrics.horizontalAdvance(count) - theme.px(8)
        text = name_metrics.elidedText(head.text, Qt.TextElideMode.ElideRight, max(0, room))
        for said, font, width, token in (
            (text, name_font, name_metrics.horizontalAdvance(text) + 2, "text"),
            (count, count_font, count_metrics.horizontalAdvance(count) + 2, "muted"),
        ):
            painter.setFont(font)
            painter.setPen(self._color(token))
            place = _mirrored(direction, words, QRect(words.left() + x, words.top(), width, words.height()))
            painter.drawText(place, _AT_LEFT, said)
            x += width + theme.px(8)

    def _head_area(self, area: QRect) -> QRect:
        """Where the words of a head stand: all of it that is seen."""
        whole = QRect()
        for section in self._sections_of_words():
            part = self._frozen.seen_part(section, area)
            whole = whole.united(part) if part.isValid() else whole
        return whole

    def _sections_of_words(self) -> list[int]:
        """The columns over which the words of a head stand: those before the first one that has a sum."""
        model = self._view.model()
        columns = model.columns if isinstance(model, RecordModel) else ()
        shown = self._header.shown_sections()
        sums = (place for place, section in enumerate(shown) if place and columns[section].is_number)
        return shown[: next(sums, len(shown))]

    @staticmethod
    def _columns_of(index: Index) -> tuple[Column, ...]:
        model = index.model()
        return model.columns if isinstance(model, RecordModel) else ()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = self._theme
        cell = self._cell(index)
        height = theme.measure("row")
        if cell is None:
            return QSize(theme.px(40), height)
        padding = self._header.padding(self._header.visualIndex(index.column()))
        return QSize(self._needed_width(cell) + sum(padding), height)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        text = self.tip(index, event.pos())
        if not text:
            QToolTip.hideText()
            event.ignore()
            return True
        QToolTip.showText(event.globalPos(), escaped_tip(text), view, option.rect)
        return True

    def tip(self, index: Index, position: QPoint) -> str:
        """What the pointer is told: the exact time, the account it is over, or the text if it is cut."""
        cell = self._cell(index)
        if cell is None:
            return ""
        area = self._view.visualRect(index)
        place = self._header.visualIndex(index.column())
        inside = self._inside(area, place, self._view.layoutDirection())
        if cell.column.type is Special.ACCOUNTS:
            return self._account_tip(cell, inside, position)
        exact = self._texts.exact(cell.column, cell.value)
        is_cut = self._needed_width(cell) > inside.width()
        return "\n".join(part for part in ((cell.text if is_cut else ""), exact) if part)

    def _paint_cell(self, painter: QPainter, inside: QRect, cell: Cell, option: QStyleOptionViewItem) -> None:
        match cell.column.type:
            case Special.PERSON if cell.text:
                self._paint_with_monogram(painter, inside, cell, is_tile=False)
            case Special.APPLICATION if cell.text:
                self._paint_with_monogram(painter, inside, cell, is_tile=True)
            case Special.STATUS if cell.text:
                paint_status(painter, self._theme, inside, status_of(cell.value))
            case Special.ACCOUNTS:
                self._paint_accounts(painter, inside, cell, option.direction)
            case _:
                is_quiet = cell.column.is_secondary or (cell.column.type is Special.AGE and cell.value is None)
                token = "muted" if is_quiet else "text"
                self._paint_text(painter, inside, cell.text, "digits" if _has_digits(cell) else "body", token, cell)

    def _paint_text(self, painter: QPainter, inside: QRect, text: str, role: str, token: str, cell: Cell) -> None:
        if not text:
            return
        font, metrics = self._font(role)
        if metrics.horizontalAdvance(text) > inside.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.setFont(font)
        painter.setPen(self._color(token))
        direction = painter.layoutDirection()
        is_mirrored = direction == _RIGHT_TO_LEFT
        # A text reads in its own direction, whatever that of the window.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.drawText(inside, _AT_RIGHT if cell.column.align_right != is_mirrored else _AT_LEFT, text)
        painter.setLayoutDirection(direction)

    def _paint_with_monogram(self, painter: QPainter, inside: QRect, cell: Cell, *, is_tile: bool) -> None:
        theme = self._theme
        has_room = inside.height() >= theme.px(_MONOGRAM + _MONOGRAM_GAP)
        side = theme.px(_MONOGRAM if has_room else _MONOGRAM_COMPACT)
        direction = painter.layoutDirection()
        name = str(cell.value)
        place = QRect(inside.left(), inside.top() + (inside.height() - side) // 2, side, side)
        letters = mark_of(name) if is_tile else initials(name)
        paint_monogram(painter, theme, _mirrored(direction, inside, place), letters, tint_of(name), tile=is_tile)
        gap = side + theme.px(_MONOGRAM_GAP)
        rest = _mirrored(direction, inside, inside.adjusted(gap, 0, 0, 0))
        self._paint_text(painter, rest, cell.text, "name", "text", cell)

    def _paint_accounts(self, painter: QPainter, inside: QRect, cell: Cell, direction: Qt.LayoutDirection) -> None:
        states = {account.application: account for account in cell.value} if isinstance(cell.value, tuple) else {}
        for place, name in self._account_places(cell, inside):
            area = _mirrored(direction, inside, place)
            account = states.get(name)
            if account is None:
                painter.setPen(self._color("muted"))
                painter.setFont(self._font("body")[0])
                painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), "–")  # noqa: RUF001 - a dash says: none
            else:
                ratio = painter.device().devicePixelRatioF()
                painter.drawPixmap(area.topLeft(), self._account_pixmap(account, ratio))

    def _account_pixmap(self, account: Account, ratio: float) -> QPixmap:
        """One cell of the strip; there are few different ones, and very many of each."""
        key = (account, ratio)
        if key in self._account_pixmaps:
            return self._account_pixmaps[key]
        theme = self._theme
        size = QSize(theme.px(_ACCOUNT_WIDTH), theme.px(_ACCOUNT_HEIGHT))
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        area = QRect(QPoint(0, 0), size)
        radius = theme.measure("radius-small")
        draw_box(
            painter, QRectF(area), radius, theme.color("raised"), theme.color("line-strong"), edge_width=theme.edge
        )
        mark = mark_of(account.application)
        font, metrics = self._font("badge")
        side, gap = theme.px(_ACCOUNT_ICON), theme.px(2)
        width = metrics.horizontalAdvance(mark)
        left = (size.width() - width - gap - side) // 2
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(left, 0, width + 2, size.height()), int(Qt.AlignmentFlag.AlignVCenter), mark)
        icon, token = _ACCOUNT_LOOKS[account.state]
        drawn = _bold_icon(icon, theme.color(token), side, ratio)
        painter.drawPixmap(left + width + gap, (size.height() - side) // 2, drawn)
        painter.end()
        self._account_pixmaps[key] = pixmap
        return pixmap

    def _paint_waiting(self, painter: QPainter, inside: QRect) -> None:
        theme = self._theme
        height = theme.measure("meter")
        bar = QRectF(inside.left(), inside.center().y() - height / 2, min(inside.width(), theme.px(72)), height)
        draw_box(painter, bar, theme.measure("radius-small"), theme.color("neutral-tint"))

    def _account_tip(self, cell: Cell, inside: QRect, position: QPoint) -> str:
        states = {account.application: account for account in cell.value} if isinstance(cell.value, tuple) else {}
        for place, name in self._account_places(cell, inside):
            if _mirrored(self._view.layoutDirection(), inside, place).contains(position):
                account = states.get(name)
                return account_in_words(account) if account else self.tr("No account in {0}").format(name)
        return cell.text if len(states) > len(list(self._account_places(cell, inside))) else ""

    def _account_places(self, cell: Cell, inside: QRect) -> list[tuple[QRect, str]]:
        """Where each application's cell stands: the same place in every row, so that columns of ticks line up."""
        theme = self._theme
        width, height = theme.px(_ACCOUNT_WIDTH), theme.px(_ACCOUNT_HEIGHT)
        step = width + theme.px(_ACCOUNT_GAP)
        top = inside.top() + (inside.height() - height) // 2
        fitting = max(0, (inside.width() + theme.px(_ACCOUNT_GAP)) // step)
        return [
            (QRect(inside.left() + place * step, top, width, height), name)
            for place, name in enumerate(cell.column.choices[:fitting])
        ]

    def _needed_width(self, cell: Cell) -> int:
        theme = self._theme
        match cell.column.type:
            case Special.ACCOUNTS:
                return len(cell.column.choices) * theme.px(_ACCOUNT_WIDTH + _ACCOUNT_GAP)
            case Special.STATUS if cell.text:
                return status_size(theme, status_of(cell.value)).width()
            case Special.PERSON | Special.APPLICATION if cell.text:
                return theme.px(_MONOGRAM + _MONOGRAM_GAP) + self._font("name")[1].horizontalAdvance(cell.text) + 1
            case _:
                return self._font("digits" if _has_digits(cell) else "body")[1].horizontalAdvance(cell.text) + 1

    def _inside(self, area: QRect, place: int, direction: Qt.LayoutDirection) -> QRect:
        before, after = self._header.padding(place)
        return _mirrored(direction, area, area.adjusted(before, 0, -after, -self._edge))

    def _forget_drawings(self) -> None:
        self._fonts.clear()
        self._colors.clear()
        self._edge = self._theme.edge
        self._account_pixmaps.clear()

    def _color(self, token: str) -> QColor:
        if token not in self._colors:
            self._colors[token] = self._theme.color(token)
        return self._colors[token]

    def _font(self, role: str) -> tuple[QFont, QFontMetrics]:
        if role not in self._fonts:
            font = self._theme.font("body", tabular=True) if role == "digits" else self._theme.font(role)
            self._fonts[role] = (font, QFontMetrics(font))
        return self._fonts[role]

    def _cell(self, index: Index) -> Cell | None:
        model = index.model()
        return model.cell(index.row(), index.column()) if isinstance(model, RecordModel) else None


def _mirrored(direction: Qt.LayoutDirection, around: QRect, area: QRect) -> QRect:
    return QStyle.visualRect(direction, around, area) if direction == _RIGHT_TO_LEFT else area


def _has_digits(cell: Cell) -> bool:
    return cell.column.align_right


def _bold_icon(name: str, color: QColor, side: int, ratio: float) -> QPixmap:
    # At this size the usual lines would be hairs.
    svg = tinted_svg(name, color).replace('stroke-width="1.5"', f'stroke-width="{_BOLD}"')
    return render_svg(svg, QSize(side, side), ratio)
