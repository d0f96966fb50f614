"""A list that opens under a button: type to narrow it, arrows and Enter to take one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.tag import paint_tag, tag_size

_ENTRY = int(Qt.ItemDataRole.UserRole)
_MOST_ROWS = 10
_ROW = 44
_HEADING = 28

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; a tag may follow it, with the kind it has."""

    key: str
    title: str
    hint: str = ""
    group: str = ""
    tag: str = ""
    tag_kind: str = "neutral"

    def fits(self, words: Sequence[str]) -> bool:
        """Whether all words stand somewhere in it."""
        whole = f"{self.title} {self.hint} {self.group} {self.tag}".casefold()
        return all(word in whole for word in words)


class Picker(QFrame):
    """`picked` says the key that was taken. It lives until it is closed."""

    picked = Signal(str)
    searched = Signal(str)

    def __init__(
        self, theme: Theme, prompt: str, entries: Sequence[Entry], parent: QWidget, *, finds: bool = True
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("picker")
        self._theme = theme
        self._entries = tuple(entries)
        # Whether typing narrows the entries that are here, or somebody else finds others.
        self._finds = finds
        self.search = SearchField(theme, prompt)
        self.search.textChanged.connect(self._narrow)
        self.search.searched.connect(self.searched)
        self.search.installEventFilter(self)
        self.list = QListView()
        self.list.setObjectName("picker_list")
        self.list.setAccessibleName(prompt)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_EntryDelegate(theme, self.list))
        self.model = QStandardItemModel(self.list)
        self.list.setModel(self.model)
        self.list.clicked.connect(lambda index: self._take(index.data(_ENTRY)))
        self.nothing = PlainLabel(self.tr("Nothing of that name is here."), "secondary", "muted")
        column = Column(theme, gap=8, margins=8)
        # Its size is decided when it opens, and stays while the list gets shorter.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing)
        self.setLayout(column)
        self._narrow("")

    @property
    def shown(self) -> tuple[str, ...]:
        """The keys in the list just now."""
        entries = (self.model.item(row).data(_ENTRY) for row in range(self.model.rowCount()))
        return tuple(entry.key for entry in entries if isinstance(entry, Entry))

    def show_entries(self, entries: Sequence[Entry], nothing: str = "") -> None:
        """Offer these instead."""
        self._entries = tuple(entries)
        if nothing:
            self.nothing.set_text(nothing)
        self._narrow(self.search.text())

    def open_under(self, widget: QWidget, width: int = 0) -> None:
        """Open below a widget, where there is room for it on the screen."""
        wide = max(widget.width(), self._theme.px(width or 300))
        rows = sum(
            _HEADING if not isinstance(self._entry(row), Entry) else _ROW for row in range(self.model.rowCount())
        )
        # Who finds others while one types needs room for them.
        wanted = min(max(rows, 2 * _ROW), _MOST_ROWS * _ROW) if self._finds else _MOST_ROWS * _ROW
        high = self._theme.px(wanted + 64)
        place = widget.mapToGlobal(QPoint(0, widget.height() + self._theme.px(2)))
        screen = widget.screen().availableGeometry()
        if place.y() + high > screen.bottom():
            place.setY(max(screen.top(), min(place.y(), screen.bottom() - high)))
        place.setX(max(screen.left(), min(place.x(), screen.right() - wide)))
        self.setGeometry(QRect(place, QSize(wide, high)))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        draw_box(painter, area_of(self), 0, edge=theme.color("line-strong"), edge_width=theme.edge)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                    QApplication.sendEvent(self.list, event)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._take(self.list.currentIndex().data(_ENTRY))
                    return True
                case _:
                    pass
        return super().eventFilter(watched, event)

    def _entry(self, row: int) -> object:
        return self.model.item(row).data(_ENTRY)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split() if self._finds else ()
        self.model.clear()
        group = None
        for entry in self._entries:
            if not entry.fits(words):
                continue
            if entry.group and entry.group != group:
                heading = QStandardItem(visible_text(entry.group))
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.model.appendRow(heading)
            group = entry.group
            item = QStandardItem(visible_text(entry.title))
            item.setData(entry, _ENTRY)
            tag = f", {entry.tag}" if entry.tag else ""
            item.setData(visible_text(f"{entry.title}{tag}, {entry.hint}"), Qt.ItemDataRole.AccessibleTextRole)
            self.model.appendRow(item)
        first = next((row for row in range(self.model.rowCount()) if isinstance(self._entry(row), Entry)), None)
        self.nothing.setVisible(first is None)
        self.list.setVisible(first is not None)
        if first is not None:
            self.list.setCurrentIndex(self.model.index(first, 0))

    def _take(self, entry: object) -> None:
        if isinstance(entry, Entry):
            self.close()
            self.picked.emit(entry.key)


class _EntryDelegate(QStyledItemDelegate):
    """A title over its hint, and a tag at the end of the line."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option
        return QSize(0, self._theme.px(_ROW if isinstance(index.data(_ENTRY), Entry) else _HEADING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, entry = self._theme, index.data(_ENTRY)
        is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        area = option.rect.adjusted(theme.px(4), 0, -theme.px(4), 0)
        painter.save()
        if not isinstance(entry, Entry):
            area.adjust(theme.px(4), 0, 0, -theme.px(4))
            painter.setFont(theme.font("caption-strong"))
            painter.setPen(theme.color("muted"))
            painter.drawText(area, int(side | Qt.AlignmentFlag.AlignBottom), str(index.data()).upper())
            painter.restore()
            return
        for state, token in (
            (QStyle.StateFlag.State_Selected, "selection"),
            (QStyle.StateFlag.State_MouseOver, "hover"),
        ):
            if option.state & state:
                draw_box(painter, area.toRectF(), theme.measure("radius-small"), theme.color(token))
                break
        inside = self._beside_tag(
            painter, area.adjusted(theme.px(8), theme.px(3), -theme.px(8), -theme.px(3)), entry, is_rtl
        )
        half = inside.height() // 2
        self._line(painter, inside if not entry.hint else inside.adjusted(0, 0, 0, -half), entry.title, "text", side)
        self._line(painter, inside.adjusted(0, half, 0, 0), entry.hint, "muted", side)
        painter.restore()

    def _beside_tag(self, painter: QPainter, inside: QRect, entry: Entry, is_rtl: bool) -> QRect:
        """Draw the tag at the end of the line; what is left before it."""
        if not entry.tag:
            return inside
        size, gap = tag_size(self._theme, entry.tag), self._theme.px(8)
        place = QRect(QPoint(inside.left(), inside.center().y() - size.height() // 2), size)
        if not is_rtl:
            place.moveRight(inside.right())
        paint_tag(painter, self._theme, place, entry.tag, entry.tag_kind)
        taken = size.width() + gap
        return inside.adjusted(taken, 0, 0, 0) if is_rtl else inside.adjusted(0, 0, -taken, 0)

    def _line(self, painter: QPainter, area: QRect, words: str, tone: str, side: Qt.AlignmentFlag) -> None:
        if not words:
            return
        painter.setFont(self._theme.font("body" if tone == "text" else "secondary"))
        painter.setPen(self._theme.color(tone))
        shown = painter.fontMetrics().elidedText(visible_text(words), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def open_picker(
    theme: Theme,
    under: QWidget,
    prompt: str,
    entries: Sequence[Entry],
    take: Callable[[str], object],
    width: int = 0,
) -> Picker:
    """Open a list below a widget and hand on what is taken from it."""
    picker = Picker(theme, prompt, entries, under.window())
    picker.picked.connect(take)
    picker.open_under(under, width)
    return picker
