"""The list that opens in a Source cell: type to find a source, or type a path, a template or a constant."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QCompleter, QWidget

from saasdesk.fields import Field
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.type_ahead import TypeAhead

# What a person is, where nobody has made a list of their own.
ROLES = ("Employee", "Contractor", "Service account", "Guest")


class SourceCombo(QComboBox):
    """`chosen` comes when something was picked from the list or Enter pressed; `text` is what then stands there."""

    chosen = Signal()

    def __init__(self, theme: Theme, board: MappingBoard, target: Field | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._before = ""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        label = target.label if target is not None else ""
        self.setAccessibleName(self.tr("Source of {0}").format(label))
        for constant in constants_of(target):
            self.addItem(f"“{constant}”")
        if self.count():
            self.insertSeparator(self.count())
        for item in board.sources:
            self.addItem(visible_text(item.label), item.id)
        completer = TypeAhead(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("Source, path, {{ template }} or “constant”"))
            line.returnPressed.connect(self._on_return)
        self.view().installEventFilter(self)
        self.activated.connect(self._on_activated)
        completer.activated.connect(self._on_completed)

    def begin(self, text: str) -> None:
        """Start from what stands in the cell, with the list open."""
        self._before = text
        self.setEditText(text)
        line = self.lineEdit()
        if line is not None:
            line.selectAll()
        # Only once it has its place.
        QTimer.singleShot(0, self, self.showPopup)

    @property
    def text(self) -> str:
        """What was typed or picked: the id of a source, or the words."""
        words = self.currentText().strip()
        index = self.findText(words, Qt.MatchFlag.MatchFixedString)
        known = self.itemData(index) if index >= 0 else None
        return str(known) if known else words

    @property
    def was_changed(self) -> bool:
        """Whether there is something to take over."""
        return self.currentText().strip() != self._before.strip()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Letters that are typed into the open list begin a search, as if there were no list yet.
        line = self.lineEdit()
        is_press = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _is_typing(event)
        if line is not None and is_press and watched is self.view():
            self.hidePopup()
            line.setFocus(Qt.FocusReason.OtherFocusReason)
            line.selectAll()
            QApplication.sendEvent(line, event)
            return True
        return super().eventFilter(watched, event)

    def _on_return(self) -> None:
        completer = self.completer()
        words = self.currentText().strip()
        # Enter takes the first that fits, unless something of one's own was typed.
        is_own = any(sign in words for sign in '{}[“"') or not words
        if completer is not None and not is_own and self.findText(words, Qt.MatchFlag.MatchFixedString) < 0:
            completer.setCompletionPrefix(words)
            if completer.completionCount():
                self.setEditText(completer.currentCompletion())
        self.chosen.emit()

    def _on_activated(self, _index: int) -> None:
        self.chosen.emit()

    def _on_completed(self, text: str) -> None:
        self.setEditText(text)
        self.chosen.emit()


def _is_typing(event: QKeyEvent) -> bool:
    others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    if event.modifiers() & others:
        return False
    return (event.text().isprintable() and bool(event.text())) or event.key() == Qt.Key.Key_Backspace


def constants_of(target: Field | None) -> tuple[str, ...]:
    """The values that somebody may choose from for a field."""
    if target is None:
        return ()
    if target.lookup is not None:
        return target.lookup.kept
    return target.options or (ROLES if target.external_id == "role" else ())
