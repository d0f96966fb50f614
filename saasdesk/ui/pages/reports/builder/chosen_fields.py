"""Fields that were chosen, in their order: added by typing, moved by drag or by keys, taken out."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QFrame, QListWidgetItem, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.ordered_list import OrderedList
from saasdesk.ui.widgets.quiet_label import label_quietly
from saasdesk.ui.widgets.type_ahead import TypeAhead

_ROW, _MOST_ROWS = 28, 9
_KEY = int(Qt.ItemDataRole.UserRole)


class ChosenFields(QWidget):
    """A key that is not among the titles is shown broken where it stands, until somebody takes it out.

    With `can_turn` each line has a direction: its key begins with a minus where the largest comes first.
    """

    changed = Signal()

    def __init__(self, theme: Theme, name: str, add: str, most: int, *, can_turn: bool = False) -> None:
        super().__init__()
        self._theme, self._most, self._can_turn = theme, most, can_turn
        self._titles: Mapping[str, str] = {}
        self.list = OrderedList(theme)
        self.list.setAccessibleName(name)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.let_drag()
        self.list.installEventFilter(self)
        self.add = QComboBox()
        self.add.setEditable(True)
        self.add.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.add.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        label_quietly(self.add, add, self)
        line = self.add.lineEdit()
        if line is not None:
            line.setPlaceholderText(add)
        self._completer = TypeAhead(self.add.model(), self)
        self.add.setCompleter(self._completer)
        self.turn = OutlinedButton(theme, self.tr("Ascending"))
        self.turn.setToolTip(self.tr("Turns the direction of the line (Space)"))
        self.turn.setVisible(False)
        self.up = IconButton(theme, "arrow-up", self.tr("Move up"), shortcut="Alt+Up", outlined=True)
        self.down = IconButton(theme, "arrow-down", self.tr("Move down"), shortcut="Alt+Down", outlined=True)
        self.remove = IconButton(theme, "close", self.tr("Take out"), shortcut="Delete", outlined=True)
        tools = Row(theme, gap=4)
        tools.addWidget(self.add, 1)
        for button in (self.turn, self.up, self.down, self.remove):
            tools.addWidget(button)
        column = Column(theme, gap=4)
        column.addWidget(self.list)
        column.addLayout(tools)
        self.setLayout(column)
        self.list.move_wanted.connect(self._move)
        self.list.dropped.connect(self._on_moved)
        self.list.currentRowChanged.connect(self._fit_buttons)
        self.list.itemDoubleClicked.connect(self._on_double_clicked)
        self.add.activated.connect(self._on_add)
        if line is not None:
            line.returnPressed.connect(self._on_return)
        self.turn.clicked.connect(self._turn)
        self.up.clicked.connect(self._on_up)
        self.down.clicked.connect(self._on_down)
        self.remove.clicked.connect(self._on_remove)
        theme.changed.connect(self._fit)

    @property
    def keys(self) -> tuple[str, ...]:
        """What is chosen, in its order."""
        return tuple(str(self.list.item(row).data(_KEY)) for row in range(self.list.count()))

    def show_keys(self, keys: Sequence[str], titles: Mapping[str, str]) -> None:
        """Show these as chosen, and offer the others."""
        if keys == self.keys and titles == self._titles:
            return
        row = self.list.currentRow()
        self._titles = titles
        with QSignalBlocker(self.list):
            self.list.clear()
            for key in keys:
                self.list.addItem(self._item(key))
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self._offer()
        self._fit()

    def _item(self, key: str) -> QListWidgetItem:
        name = key.removeprefix("-") if self._can_turn else key
        is_known = name in self._titles
        title = self._titles[name] if is_known else self.tr("{0} (not here any more)").format(name)
        if self._can_turn:
            title = (self.tr("{0}, descending") if key != name else self.tr("{0}, ascending")).format(title)
        item = QListWidgetItem(visible_text(title))
        item.setData(_KEY, key)
        item.setToolTip("" if is_known else self.tr("This field was deleted. Take it out, or choose another one."))
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        item.setFlags(flags)
        if not is_known:
            item.setIcon(self._theme.icon("warning", "error"))
            item.setForeground(self._theme.color("error"))
        return item

    def _offer(self) -> None:
        chosen = {key.removeprefix("-") if self._can_turn else key for key in self.keys}
        with QSignalBlocker(self.add):
            self.add.clear()
            for key, title in self._titles.items():
                if key not in chosen:
                    self.add.addItem(visible_text(title), key)
            self.add.setCurrentIndex(-1)
            self.add.clearEditText()
        self.add.setEnabled(self.add.count() > 0 and len(chosen) < self._most)

    def _fit(self) -> None:
        rows, height = self.list.count(), self._theme.px(_ROW)
        for row in range(rows):
            self.list.item(row).setSizeHint(QSize(0, height))
        self.list.setFixedHeight(min(rows, _MOST_ROWS) * height)
        self.list.setVisible(rows > 0)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        row, last = self.list.currentRow(), self.list.count() - 1
        for button in (self.up, self.down):
            button.setVisible(last > 0)
        self.remove.setVisible(last >= 0)
        self.turn.setVisible(self._can_turn and last >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < last)
        self.remove.setEnabled(row >= 0)
        self.turn.setEnabled(row >= 0)
        if self._can_turn and row >= 0:
            falls = self.keys[row].startswith("-")
            self.turn.setText(self.tr("Descending") if falls else self.tr("Ascending"))

    # What somebody does

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
                self._on_remove()
                return True
            if self._can_turn and event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._turn()
                return True
        return super().eventFilter(watched, event)

    def _on_add(self, place: int) -> None:
        key = self.add.itemData(place)
        if not key:
            return
        self.list.addItem(self._item(str(key)))
        self.list.setCurrentRow(self.list.count() - 1)
        self._on_moved()

    def _on_return(self) -> None:
        """Enter takes the first that has these letters, where the list below marks none."""
        text, popup = self.add.currentText().strip(), self._completer.popup()
        if not text or popup is None or popup.currentIndex().isValid():
            return
        place = self.add.findText(text, Qt.MatchFlag.MatchFixedString)
        if place < 0:
            place = self.add.findText(text, Qt.MatchFlag.MatchContains)
        if place >= 0:
            popup.hide()
            self._on_add(place)

    def _on_remove(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        self.list.takeItem(row)
        self._on_moved()
        if not self.list.count() or (self.remove.hasFocus() and not self.remove.isVisible()):
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_up(self) -> None:
        self._move(-1)

    def _on_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + step < self.list.count():
            self.list.insertItem(row + step, self.list.takeItem(row))
            self.list.setCurrentRow(row + step)
            self._on_moved()

    def _turn(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        key = self.keys[row]
        self.list.takeItem(row)
        self.list.insertItem(row, self._item(key[1:] if key.startswith("-") else f"-{key}"))
        self.list.setCurrentRow(row)
        self._on_moved()

    def _on_double_clicked(self) -> None:
        if self._can_turn:
            self._turn()

    def _on_moved(self) -> None:
        self._offer()
        self._fit()
        self.changed.emit()
