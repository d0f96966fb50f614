"""The whole editor: two panes with links between them, Smart Mapping, problems; all of it by mouse and by keyboard."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from saasdesk.fields import FieldType
from saasdesk.mapping.editing import Place
from saasdesk.mapping.problems import Fix, Problem
from saasdesk.mapping.smart import Choice
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.cards import SourceCard, TargetCard
from saasdesk.ui.mapping_editor.carrying import Carrying
from saasdesk.ui.mapping_editor.drop_bar import DropBar
from saasdesk.ui.mapping_editor.dropping import Dropping
from saasdesk.ui.mapping_editor.field_dialogs import CustomSourceDialog, NewFieldDialog
from saasdesk.ui.mapping_editor.link_gutter import LinkGutter
from saasdesk.ui.mapping_editor.menus import field_menu, source_menu
from saasdesk.ui.mapping_editor.problems_panel import ProblemsPanel
from saasdesk.ui.mapping_editor.smart_mapping import SmartMapping
from saasdesk.ui.mapping_editor.smart_review import SmartReview
from saasdesk.ui.mapping_editor.source_combo import ROLES
from saasdesk.ui.mapping_editor.source_pane import SourceTable
from saasdesk.ui.mapping_editor.steps_dialog import StepsDialog
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row

_SOURCE_SHARE, _TARGET_SHARE = 11, 20
# Below this the links have no room: the table says it all.
_WIDTH_FOR_LINKS = 900
# Below this neither have two panes side by side: they stand one above the other, and the page scrolls.
_WIDTH_FOR_TWO = 700


class MappingEditor(QWidget):
    """Edits a board. `records_wanted` asks for sample records, `check_wanted` for a look at all of them; `said` is a
    line for the status bar and for screen readers; `learned` has what was rejected, to be remembered."""

    records_wanted = Signal()
    check_wanted = Signal()
    said = Signal(str)
    learned = Signal(list)

    def __init__(
        self,
        theme: Theme,
        board: MappingBoard,
        rejected: Sequence[Choice] = (),
        past: Sequence[Choice] = (),
        *,
        held_up: str = "",
    ) -> None:
        """`held_up` is the step that an unfinished mapping holds up; Launch, unless it is said."""
        super().__init__()
        self._held_up = held_up
        self._theme, self._board = theme, board
        self._dialog: QDialog | None = None
        self._build(rejected, past)
        self._connect()
        self._add_keys()
        self._show_state()
        self._show_record()

    @property
    def board(self) -> MappingBoard:
        """What is edited."""
        return self._board

    def panes(self) -> Sequence[QWidget]:
        """The two tables, for F6."""
        return (self.sources, self.targets)

    # Building

    def _build(self, rejected: Sequence[Choice], past: Sequence[Choice]) -> None:
        theme, board = self._theme, self._board
        self.setObjectName("mapping-editor")
        self.sources = SourceTable(theme, board)
        self.targets = TargetTable(theme, board)
        self.gutter = LinkGutter(theme, board, self.sources, self.targets)
        self.new_field = LinkButton(theme, self.tr("Add new field"), "plus")
        self._panes = Row(theme, gap=0, margins=(24, 8, 24, 12))
        self.source_card = SourceCard(theme, board, self.sources)
        self.target_card = TargetCard(theme, board, self.targets, self.new_field)
        self._panes.addWidget(self.source_card, _SOURCE_SHARE)
        self._panes.addWidget(self.gutter)
        self._panes.addWidget(self.target_card, _TARGET_SHARE)
        self.problems = ProblemsPanel(theme, board, self._held_up)
        column = Column(theme, gap=0)
        column.addLayout(self._panes, 1)
        column.addWidget(self.problems)
        self.setLayout(column)
        self.carrying = Carrying(theme, board, self.sources, self.targets, self.gutter, self.new_field, self)
        self.review = SmartReview(theme, board, self)
        self.drop_bar = DropBar(theme, self)
        self.dropping = Dropping(theme, board, self.targets, self.drop_bar)
        self.smart_mapping = SmartMapping(
            theme, board, self.targets, self.review, self.target_card.applied, rejected, past
        )

    def _connect(self) -> None:
        board, left, right = self._board, self.source_card, self.target_card
        board.changed.connect(self._show_state)
        board.report_changed.connect(right.show_report)
        board.record_changed.connect(self._show_record)
        board.samples_changed.connect(self._show_record)
        board.undo_changed.connect(self._show_undo)
        left.filter.textChanged.connect(self.sources.model_of_sources.set_filter)
        left.masks.toggled.connect(self.sources.model_of_sources.mask)
        left.before.clicked.connect(partial(board.step, -1))
        left.after.clicked.connect(partial(board.step, 1))
        left.read.clicked.connect(self.records_wanted)
        left.add_source.clicked.connect(lambda: self.ask_for_source(""))
        right.undo.clicked.connect(board.undo_stack.undo)
        right.redo.clicked.connect(board.undo_stack.redo)
        right.check.clicked.connect(self.check_wanted)
        right.smart.clicked.connect(self.find_matches)
        right.lacking.clicked.connect(self._go_to_lacking)
        self.new_field.clicked.connect(lambda: self.ask_for_field(""))
        self.sources.picking.connect(self.pick)
        self.sources.unpicked.connect(self._unpick)
        self.sources.menu_wanted.connect(self._show_source_menu)
        self.targets.entered.connect(self._enter)
        self.targets.steps_wanted.connect(self.ask_for_steps)
        self.targets.key_wanted.connect(self.toggle_key)
        self.targets.menu_wanted.connect(self._show_menu)
        self.gutter.chosen.connect(self.go_to)
        self.carrying.dropped.connect(self.dropping.drop)
        self.carrying.rerouted.connect(self._reroute)
        self.carrying.unlinked.connect(board.unmap)
        self.carrying.dropped_on_new.connect(self.ask_for_field)
        self.carrying.said.connect(self.said)
        self.dropping.said.connect(self.said)
        self.smart_mapping.said.connect(self.said)
        self.smart_mapping.learned.connect(self.learned)
        self.smart_mapping.mapped.connect(self._on_mapped)
        self.problems.chosen.connect(self._go_to_problem)
        self.problems.mend.connect(self._mend)

    def _add_keys(self) -> None:
        board = self._board
        keys: Sequence[tuple[str, Callable[[], object]]] = (
            ("Ctrl+Z", board.undo_stack.undo),
            ("Ctrl+Shift+Z", board.undo_stack.redo),
            ("Ctrl+Y", board.undo_stack.redo),
            ("Ctrl+Shift+M", self.find_matches),
            ("Ctrl+M", self.map_best),
            ("Ctrl+T", self._steps_here),
            ("Ctrl+D", self._constant_here),
            ("Ctrl+Shift+K", self._key_here),
            ("F8", partial(self.problems.walk, 1)),
            ("Shift+F8", partial(self.problems.walk, -1)),
            ("Ctrl+PgDown", partial(board.step, 1)),
            ("Ctrl+PgUp", partial(board.step, -1)),
        )
        for text, run in keys:
            self._key(text, run, self)
        self._key("Delete", self._unmap_here, self.targets)
        for table in (self.sources, self.targets):
            # Qt knows the menu key by itself, but this one on some systems only.
            self._key("Shift+F10", table.open_menu_here, table)
        self._key("Alt+Shift+Up", partial(self._move_key_here, -1), self.targets)
        self._key("Alt+Shift+Down", partial(self._move_key_here, 1), self.targets)

    def _key(self, text: str, run: Callable[[], object], owner: QWidget) -> None:
        shortcut = QShortcut(QKeySequence(text), owner)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)

    # Showing

    def _show_state(self) -> None:
        self.source_card.show_used()
        self.target_card.show_lacking()
        self.target_card.show_report()
        self._show_undo()

    def _show_undo(self) -> None:
        self.smart_mapping.forget_applied()
        self.target_card.show_undo()

    def _show_record(self) -> None:
        self.source_card.show_record()
        self.target_card.check.setEnabled(bool(self._board.records))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.smart_mapping.place_review()

    def _arrange(self) -> None:
        """Side by side with the links between them, without the links, or one above the other."""
        theme = self._theme
        is_wide = self.width() >= theme.px(_WIDTH_FOR_TWO)
        self.gutter.setVisible(self.width() >= theme.px(_WIDTH_FOR_LINKS))
        self._panes.setDirection(Row.Direction.LeftToRight if is_wide else Row.Direction.TopToBottom)
        self._panes.setSpacing(0 if self.gutter.isVisibleTo(self) else theme.px(12))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._arrange()
            self.sources.fit()
            self.targets.fit()

    def note_checking(self, *, is_checking: bool) -> None:
        """While all records are looked at, the button for it ends it."""
        self.target_card.show_checking(is_checking=is_checking)

    # Going places

    def go_to(self, place: Place) -> None:
        """Make a target the current one, for the keyboard too."""
        self.targets.go_to(place)
        self.targets.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_problem(self, problem: Problem) -> None:
        if problem.place is not None:
            self.go_to(problem.place)
        self.said.emit(problem.message)

    def _go_to_lacking(self) -> None:
        for place in self.target_card.lacking_places()[:1]:
            self.go_to(place)

    # Picking and dropping by keyboard

    def pick(self, source: str) -> None:
        """Hold a source until Enter drops it on a field."""
        self.sources.pick(source)
        self.targets.setFocus(Qt.FocusReason.OtherFocusReason)
        name = self._board.source_label(source)
        self.said.emit(self.tr("Picked {0}: choose a field and press Enter, Esc to put it back").format(name))

    def _unpick(self) -> None:
        if self.sources.picked:
            name = self._board.source_label(self.sources.picked)
            self.sources.pick("")
            self.sources.setFocus(Qt.FocusReason.OtherFocusReason)
            self.said.emit(self.tr("Put {0} back.").format(name))

    def _enter(self, place: Place) -> None:
        source = self.sources.picked
        if not source:
            self.targets.edit_source(place)
            return
        self.sources.pick("")
        self.dropping.drop([source], place)

    def _reroute(self, before: Place, after: Place) -> None:
        self._board.reroute(before, after)
        self.targets.go_to(after)

    # Keys of the row

    def _here(self) -> Place | None:
        return self.targets.current_place

    def _unmap_here(self) -> None:
        place = self._here()
        if place is not None and self._board.row_of(place) is not None:
            self._board.unmap(place)
            self.said.emit(self.tr("{0} is filled from nothing now.").format(self._board.label_at(place)))

    def _steps_here(self) -> None:
        place = self._here()
        if place is not None and self._board.row_of(place) is not None:
            self.ask_for_steps(place)

    def _constant_here(self) -> None:
        place = self._here()
        if place is not None:
            self.targets.edit_source(place)
            editor = self.targets.indexWidget(self.targets.currentIndex())
            line = getattr(editor, "lineEdit", lambda: None)()
            if line is not None:
                line.setText("“”")
                line.setCursorPosition(1)

    def _key_here(self) -> None:
        place = self._here()
        if place is not None:
            self.toggle_key(place)

    def _move_key_here(self, by: int) -> None:
        place = self._here()
        row = self._board.row_of(place) if place is not None else None
        if place is not None and row is not None and row.sync_key is not None:
            self._board.move_sync_key(place, by)
            self._say_key(place)

    def toggle_key(self, place: Place) -> None:
        """Make a field a sync key or no longer one, or say why it cannot be."""
        board = self._board
        row, field = board.row_of(place), board.field_at(place)
        if row is None or field is None:
            self.said.emit(self.tr("Map the field first."))
        elif row.source is None:
            self.said.emit(self.tr("A constant is the same for everybody: it cannot be a sync key."))
        elif row.sync_key is None and not field.unique:
            self.said.emit(self.tr("{0} is not Unique: two records could share a value.").format(field.label))
        else:
            board.toggle_sync_key(place)
            self._say_key(place)

    def _say_key(self, place: Place) -> None:
        row = self._board.row_of(place)
        if row is None or row.sync_key is None:
            self.said.emit(self.tr("{0} is no sync key any more.").format(self._board.label_at(place)))
        else:
            self.said.emit(self.tr("{0} is sync key {1} now.").format(self._board.label_at(place), row.sync_key))

    # Smart Mapping

    def find_matches(self) -> None:
        """Propose a source for every field that has none."""
        self.smart_mapping.find_matches()

    def map_source_best(self, source: str) -> None:
        """Fill the field without a source that this one fits best."""
        self.smart_mapping.map_source_best(source)

    def map_best(self) -> None:
        """The best source for the field on which the keyboard is."""
        self.smart_mapping.map_best(self._here())

    def _on_mapped(self, source: str, place: Place) -> None:
        self.go_to(place)
        self.dropping.say_mapped(source, place)

    # Menus and dialogs

    def _show_menu(self, place: Place, position: QPoint) -> None:
        self._open_menu(field_menu(self, place), position)

    def _show_source_menu(self, source: str, position: QPoint) -> None:
        self._open_menu(source_menu(self, source), position)

    def _open_menu(self, menu: QMenu, position: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def ask_for_steps(self, place: Place) -> None:
        """Open the chain of steps of a line."""
        dialog = StepsDialog(self._theme, self._board, place, self)
        dialog.accepted.connect(lambda: self._board.set_steps(place, dialog.steps))
        self._open(dialog)

    def ask_for_source(self, source: str = "") -> None:
        """Open the form for a path or template of one's own: a new one, or this one to be changed."""
        board = self._board
        dialog = CustomSourceDialog(self._theme, board, self, changes=board.find_source(source))

        def take() -> None:
            label, path = dialog.name.text().strip(), dialog.path.text().strip()
            if source:
                board.change_custom(source, label, path)
            else:
                board.add_custom(label, path)
            self.sources.go_to(path)

        dialog.accepted.connect(take)
        self._open(dialog)

    def ask_for_field(self, source: str) -> None:
        """Open the form for a new field of ours, filled in from a source where there is one."""
        board = self._board
        item = board.find_source(source)
        id_path = board.connector.users.id_path
        is_id = item is not None and item.id == id_path
        label = "" if item is None else item.label
        if item is not None and board.connector.vendor_name:
            label = _proposed_label(board.connector.vendor_name, label)
        kind = FieldType.SHORT_TEXT if item is None or item.type is FieldType.LIST else item.type
        dialog = NewFieldDialog(self._theme, board, label=label, kind=kind, unique=is_id, parent=self)

        def make() -> None:
            place = board.add_field(
                dialog.label.text().strip(),
                dialog.chosen_kind,
                unique=dialog.unique.isChecked(),
                object_kind=dialog.chosen_object,
                lookup=dialog.chosen_lookup,
                source=source,
            )
            self.go_to(place)

        dialog.accepted.connect(make)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _mend(self, problem: Problem) -> None:
        place, board = problem.place, self._board
        if place is None:
            return
        match problem.fix:
            case Fix.CONSTANT:
                board.use_constant(place, ROLES[0])
            case Fix.SOURCE:
                self.targets.edit_source(place)
            case Fix.SYNC_KEY | Fix.NO_KEY:
                board.toggle_sync_key(place)
            case Fix.NONE:
                pass


def _proposed_label(vendor: str, label: str) -> str:
    """What a new field is called: with the vendor's name before it, since "ID" alone says nothing."""
    if label.casefold().startswith(vendor.casefold()):
        return label
    return f"{vendor} User ID" if label.casefold() in {"id", "user id"} else f"{vendor} {label}"
