"""One field that finds every page and every command."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from saasdesk.ui.fuzzy import fuzzy_score
from saasdesk.ui.navigation import Command
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import draw_box, draw_raised
from saasdesk.ui.widgets.key_cap import key_cap_size, native_keys, paint_key_cap
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_WIDTH = 560
_ROWS_SHOWN = 9
_MOST_RECENT = 8
# What was used lately wins over what fits equally well.
_RECENT_BONUS = 1000
# Another program's window, to copy a name from there, or the field's own menu, to paste it.
_COMES_BACK = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def find_commands(commands: Sequence[Command], query: str, recent: Sequence[str]) -> list[Command]:
    """The commands that fit, best first; without a query the recent ones lead."""
    ranked = []
    for position, command in enumerate(commands):
        score = fuzzy_score(query, command.text)
        if score is None:
            score = fuzzy_score(query, f"{command.group} {command.text}")
            if score is None:
                continue
            score //= 2
        if command.text in recent:
            score += _RECENT_BONUS + (_MOST_RECENT - recent.index(command.text))
        ranked.append((-score, position, command))
    ranked.sort(key=lambda entry: entry[:2])
    return [command for _, _, command in ranked]


class _CommandModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.commands: list[Command] = []

    def show_commands(self, commands: list[Command]) -> None:
        self.beginResetModel()
        self.commands = commands
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.commands)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        command = self.commands[index.row()]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return visible_text(command.text)
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (command.text, command.group, native_keys(command.shortcut)) if part)
        return None


class _CommandDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: _CommandModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(1, self._theme.measure("row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        command = self._model.commands[index.row()]
        area = QRect(option.rect)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
        if is_current:
            draw_box(painter, QRectF(area), theme.measure("radius"), theme.color("selection"))
            bar = QRectF(area.x(), area.y() + theme.px(8), theme.measure("accent-bar"), area.height() - theme.px(16))
            if is_rtl:
                bar.moveRight(area.right() + 1)
            draw_box(painter, bar, bar.width() / 2, theme.color("accent"))
        area.adjust(theme.px(12), 0, -theme.px(12), 0)

        def place(start: int, width: int) -> QRect:
            left = area.right() + 1 - start - width if is_rtl else area.x() + start
            return QRect(left, area.y(), width, area.height())

        icon = theme.measure("icon")
        theme.paint_icon(painter, place(0, icon), command.icon or "command", "accent" if is_current else "muted")
        start, end = icon + theme.px(12), area.width()
        if keys := native_keys(command.shortcut):
            size = key_cap_size(theme, keys)
            cap = place(end - size.width(), size.width())
            cap.setTop(area.y() + (area.height() - size.height()) // 2)
            cap.setHeight(size.height())
            paint_key_cap(painter, theme, cap, keys)
            end -= size.width() + theme.px(12)
        far = Qt.AlignmentFlag.AlignLeft if is_rtl else Qt.AlignmentFlag.AlignRight
        near = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        font = theme.font("secondary")
        group_width = QFontMetrics(font).horizontalAdvance(command.group)
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        painter.drawText(
            place(end - group_width - 2, group_width + 2), int(far | Qt.AlignmentFlag.AlignVCenter), command.group
        )
        end -= group_width + theme.px(12)
        font = theme.font("strong" if is_current else "body")
        text = QFontMetrics(font).elidedText(visible_text(command.text), Qt.TextElideMode.ElideRight, end - start)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(place(start, end - start), int(near | Qt.AlignmentFlag.AlignVCenter), text)


class CommandPalette(QFrame):
    """Lies over the window; arrows and Enter choose, Escape or a click elsewhere closes.

    `typed` lets somebody look for more (people, applications) and hand it in with `offer`.
    """

    typed = Signal(str)
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        recent: Iterable[str] = (),
        *,
        prompt: str = "",
        keys: str = "",
        width: int = _WIDTH,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self._at: QPoint | None = None
        self._keys = keys or self.tr("↑ ↓ choose · Enter runs · Esc closes")
        self._commands: Sequence[Command] = ()
        self._offered: list[Command] = []
        self.recent: list[str] = list(recent)[:_MOST_RECENT]
        self.setObjectName("command_palette")
        self.setAccessibleName(prompt or self.tr("Commands"))
        self.field = SearchField(theme, prompt or self.tr("Search or run a command"))
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setObjectName("command_list")
        self.list.setAccessibleName(self.tr("Matching commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.viewport().setAutoFillBackground(False)
        self._model = _CommandModel(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_CommandDelegate(theme, self._model, self.list))
        self.list.clicked.connect(self._on_clicked)
        self._hint = PlainLabel("", "secondary", "muted")
        column = Column(theme, gap=8, margins=8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(Line(theme))
        column.addWidget(self._hint)
        self.setLayout(column)
        self.field.textChanged.connect(self._on_text_changed)
        parent.installEventFilter(self)
        self.hide()

    @property
    def shown(self) -> tuple[Command, ...]:
        """The commands in the list, best first."""
        return tuple(self._model.commands)

    def open_with(self, commands: Sequence[Command], at: QPoint | None = None) -> None:
        """Show the palette with these commands, at the top of the window or at a place in it."""
        self._at = at
        self._commands = commands
        self._offered = []
        self.field.clear()
        self._find()
        self.show()
        self._place()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def offer(self, query: str, commands: Iterable[Command]) -> None:
        """Add what was found elsewhere for a query; what comes too late is dropped."""
        if self.isVisible() and query == self.field.text():
            row = self.list.currentIndex().row()
            chosen = self._model.commands[row] if row > 0 else None
            self._offered = list(commands)
            self._find()
            if chosen is not None:
                # Somebody is on the way down the list already.
                self._select(self._model.commands.index(chosen))

    def close_palette(self) -> None:
        """Go away without doing anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._take_key(event)
            if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _COMES_BACK:
                self.close_palette()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_raised(self, self._theme)

    def _take_key(self, event: QKeyEvent) -> bool:
        rows = self._model.rowCount()
        now = self.list.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Down:
                self._select((now + 1) % rows if rows else -1)
            case Qt.Key.Key_Up:
                self._select((now - 1) % rows if rows else -1)
            case Qt.Key.Key_PageDown:
                self._select(min(rows - 1, now + _ROWS_SHOWN))
            case Qt.Key.Key_PageUp:
                self._select(max(0, now - _ROWS_SHOWN))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._run(now)
            case Qt.Key.Key_Escape | Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                self.close_palette()
            case _:
                return False
        return True

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row))

    def _run(self, row: int) -> None:
        if not 0 <= row < self._model.rowCount():
            return
        command = self._model.commands[row]
        if command in self._commands:
            # Commands only: the name of a person has no business in the memory of the window.
            self.recent = [command.text, *(text for text in self.recent if text != command.text)][:_MOST_RECENT]
        self.close_palette()
        command.run()

    def _find(self) -> None:
        known = {command.text for command in self._commands}
        offered = [command for command in self._offered if command.text not in known]
        found = find_commands([*self._commands, *offered], self.field.text(), self.recent)
        # What was found by more than its text (a person by their telephone number) comes last.
        self._model.show_commands([*found, *(command for command in offered if command not in found)])
        self._select(0)
        count = self._model.rowCount()
        self._hint.set_text(self._keys if count else self.tr("Nothing fits. Esc closes."))
        self._fit_list()

    def _fit_list(self) -> None:
        rows = max(1, min(_ROWS_SHOWN, self._model.rowCount()))
        self.list.setFixedHeight(rows * self._theme.measure("row"))
        self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        gap = self._theme.px(8)
        width = min(self._theme.px(self._width), window.width() - 2 * gap)
        self.setFixedWidth(width)
        self.adjustSize()
        if self._at is not None:
            self.move(
                max(gap, min(self._at.x(), window.width() - self.width() - gap)),
                max(gap, min(self._at.y(), window.height() - self.height() - gap)),
            )
            return
        self.move(
            (window.width() - width) // 2, min(self._theme.px(56), max(gap, window.height() - self.height() - gap))
        )

    def _on_text_changed(self, text: str) -> None:
        # What was found before stays as long as it fits: the list shall not flicker with every letter.
        self._offered = [each for each in self._offered if fuzzy_score(text, each.text) is not None]
        self._find()
        self.typed.emit(text)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._run(index.row())


CommandSource = Callable[[], Iterable[Command]]
