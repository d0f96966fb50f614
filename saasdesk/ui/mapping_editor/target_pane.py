"""The right pane: our fields as a real table, each with its source, key, steps and what the sample record gives."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from saasdesk.mapping.editing import Place
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.pane import PaneTable
from saasdesk.ui.mapping_editor.target_delegate import TargetDelegate
from saasdesk.ui.mapping_editor.target_model import SOURCE, TARGET, TargetModel
from saasdesk.ui.theme import Theme

_WIDE_ENOUGH = 620


class TargetTable(PaneTable):
    """Enter drops what is picked, or opens the source; the rest of the keys are the editor's."""

    entered = Signal(object)
    steps_wanted = Signal(object)
    key_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, theme: Theme, board: MappingBoard) -> None:
        super().__init__(theme, "")
        self.setAccessibleName(self.tr("Target fields"))
        self._board = board
        self.model_of_targets = TargetModel(board)
        self.setModel(self.model_of_targets)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(TargetDelegate(theme, self, board))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.model_of_targets.modelReset.connect(self.scrolled)

    def widths(self, room: int) -> list[int]:
        theme = self._theme
        is_narrow = room < theme.px(_WIDE_ENOUGH)
        key, steps = theme.px(84), theme.px(92 if is_narrow else 116)
        rest = max(0, room - key - steps)
        target, source = rest * (38 if is_narrow else 34) // 100, rest * 36 // 100
        return [target, key, source, steps, rest - target - source]

    @property
    def current_place(self) -> Place | None:
        """The field on which the keyboard is."""
        index = self.currentIndex()
        return self.model_of_targets.place_at(index.row()) if index.isValid() else None

    def go_to(self, place: Place) -> None:
        """Put the keyboard on a field, and into sight."""
        row = self.model_of_targets.row_of(place)
        if row >= 0:
            index = self.model_of_targets.index(row, SOURCE)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def edit_source(self, place: Place) -> None:
        """Open the list of sources of a field."""
        self.go_to(place)
        self.edit(self.currentIndex().siblingAtColumn(SOURCE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self.current_place
        is_alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if place is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(place)
        elif place is not None and (is_alt_down or event.key() == Qt.Key.Key_F2):
            self.edit_source(place)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        index = self.currentIndex()
        if index.isValid() and index.column() != TARGET:
            self.setCurrentIndex(index.siblingAtColumn(TARGET))
        super().keyboardSearch(search)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        place = self.model_of_targets.place_at(index.row()) if index.isValid() else None
        if place is None or event.button() != Qt.MouseButton.LeftButton:
            return
        match index.column():
            case 1:
                self.key_wanted.emit(place)
            case 2:
                self.edit_source(place)
            case 3 if self._board.row_of(place) is not None:
                self.steps_wanted.emit(place)

    def _on_menu(self, position: QPoint) -> None:
        index = self.indexAt(position)
        place = self.model_of_targets.place_at(index.row()) if index.isValid() else None
        if place is not None:
            self.setCurrentIndex(index)
            self.menu_wanted.emit(place, self.viewport().mapToGlobal(position))

    def open_menu_here(self) -> None:
        if self.current_place is not None:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            self.menu_wanted.emit(self.current_place, self.viewport().mapToGlobal(corner))
