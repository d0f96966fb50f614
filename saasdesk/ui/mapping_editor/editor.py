"""The whole editor: two panes with links between them, Smart Mapping, problems; all of it by mouse and by keyboard."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QMenu, QSizePolicy, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.fields import FieldType
from saasdesk.mapping.editing import Place
from saasdesk.mapping.fitting import Fit, fitting_of
from saasdesk.mapping.mapping import MANDATORY_TARGETS
from saasdesk.mapping.problems import Fix, Problem
from saasdesk.mapping.smart import Band, Choice, Source, Suggestion, suggest
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.carrying import Carrying
from saasdesk.ui.mapping_editor.drop_bar import DropBar
from saasdesk.ui.mapping_editor.field_dialogs import CustomSourceDialog, NewFieldDialog
from saasdesk.ui.mapping_editor.link_gutter import LinkGutter
from saasdesk.ui.mapping_editor.menus import field_menu, source_menu
from saasdesk.ui.mapping_editor.problems_panel import ProblemsPanel
from saasdesk.ui.mapping_editor.smart_review import SmartReview
from saasdesk.ui.mapping_editor.source_combo import ROLES
from saasdesk.ui.mapping_editor.source_pane import SourceTable
from saasdesk.ui.mapping_editor.steps_dialog import StepsDialog
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_SOURCE_SHARE, _TARGET_SHARE = 11, 20
_HEAD = 44
_FOOT = 40
# Below this the links have no room: the table says it all.
_WIDTH_FOR_LINKS = 900
# Below this neither have two panes side by side: they stand one above the other, and the page scrolls.
_WIDTH_FOR_TWO = 700
_PANE_HEIGHT = 260


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
        self._rejected, self._past = list(rejected), list(past)
        self._dropping: tuple[list[str], Place] | None = None
        self._dialog: QDialog | None = None
        self._applied_step = -1
        self._build()
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

    def _build(self) -> None:
        theme, board = self._theme, self._board
        self.setObjectName("mapping-editor")
        self.sources = SourceTable(theme, board)
        self.targets = TargetTable(theme, board)
        self.gutter = LinkGutter(theme, board, self.sources, self.targets)
        self.new_field = LinkButton(theme, self.tr("Add new field"), "plus")
        self._panes = Row(theme, gap=0, margins=(24, 8, 24, 12))
        self._panes.addWidget(self._build_sources(), _SOURCE_SHARE)
        self._panes.addWidget(self.gutter)
        self._panes.addWidget(self._build_targets(), _TARGET_SHARE)
        self.problems = ProblemsPanel(theme, board, self._held_up)
        column = Column(theme, gap=0)
        column.addLayout(self._panes, 1)
        column.addWidget(self.problems)
        self.setLayout(column)
        self.carrying = Carrying(theme, board, self.sources, self.targets, self.gutter, self.new_field, self)
        self.review = SmartReview(theme, board, self)
        self.drop_bar = DropBar(theme, self)

    def _build_sources(self) -> Card:
        theme = self._theme
        card = Card(theme, gap=0, margins=1)
        head = Row(theme, gap=8, margins=(12, 0, 8, 0))
        head.addWidget(PlainLabel(self.tr("Source: {0}").format(self._board.connector.title), "card-title"))
        self._used = PlainLabel("", "secondary", "muted")
        head.addWidget(self._used)
        head.addStretch(1)
        self.filter = SearchField(theme, self.tr("Filter…"), 116)
        self.add_source = IconButton(theme, "plus", self.tr("Add custom field"), icon_size=12)
        head.addWidget(self.filter)
        head.addWidget(self.add_source)
        foot = Row(theme, gap=6, margins=(8, 0, 12, 0))
        self.before = IconButton(theme, "chevron-left", self.tr("Previous record"), icon_size=11, outlined=True)
        self.after = IconButton(theme, "chevron-right", self.tr("Next record"), icon_size=11, outlined=True)
        self._which = PlainLabel("", "secondary")
        self.read = OutlinedButton(theme, self.tr("Read up to 50 records"), "download")
        self.masks = QCheckBox(self.tr("Mask personal data"))
        for widget in (self.before, self._which, self.after, self.read):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(self.masks)
        return self._pane(card, head, self.sources, foot)

    def _build_targets(self) -> Card:
        theme = self._theme
        card = Card(theme, gap=0, margins=1)
        head = Row(theme, gap=8, margins=(12, 0, 8, 0))
        head.addWidget(PlainLabel(self.tr("Target fields"), "card-title"))
        self._required_icon = IconLabel(theme, "warning", "warn")
        self._required = PlainLabel("", "secondary-strong", "warn", elided=True)
        self._lacking = LinkButton(theme, "", inline=True, role="secondary-strong")
        head.addWidget(self._required_icon)
        head.addWidget(self._required)
        head.addWidget(self._lacking)
        head.addStretch(1)
        self.undo = IconButton(theme, "undo", self.tr("Undo"), shortcut="Ctrl+Z")
        self.redo = IconButton(theme, "redo", self.tr("Redo"), shortcut="Ctrl+Shift+Z")
        self.check = OutlinedButton(theme, self.tr("Check all records"), "flask")
        self.smart = PrimaryButton(theme, self.tr("Smart Mapping"), "smart")
        for widget in (self.undo, self.redo, self.smart):
            head.addWidget(widget)
        foot = Row(theme, gap=8, margins=(4, 0, 8, 0))
        foot.addWidget(self.new_field)
        foot.addStretch(1)
        self._report = PlainLabel("", "secondary", "muted", elided=True)
        self._report.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        foot.addWidget(self._report)
        self._applied = PlainLabel("", "secondary-strong")
        self.undo_applied = LinkButton(theme, self.tr("Undo"), "undo", inline=True)
        self.review_applied = LinkButton(theme, self.tr("Review"), inline=True)
        self._after_smart = (self._applied, self.undo_applied, self.review_applied)
        for part in self._after_smart:
            foot.addWidget(part)
            part.hide()
        foot.addWidget(self.check)
        return self._pane(card, head, self.targets, foot)

    def _pane(self, card: Card, head: Row, table: QWidget, foot: Row) -> Card:
        theme = self._theme
        strips: list[tuple[QWidget, int]] = []
        for row, height in ((head, _HEAD), (foot, _FOOT)):
            strip = QWidget()
            strip.setObjectName("pane-strip")
            strip.setLayout(row)
            strips.append((strip, height))
        card.body.addWidget(strips[0][0])
        card.body.addWidget(Line(theme))
        card.body.addWidget(table, 1)
        card.body.addWidget(Line(theme))
        card.body.addWidget(strips[1][0])

        def fit() -> None:
            card.setMinimumHeight(theme.px(_PANE_HEIGHT))
            for strip, height in strips:
                strip.setFixedHeight(theme.px(height))

        theme.changed.connect(fit)
        fit()
        return card

    def _connect(self) -> None:
        board = self._board
        board.changed.connect(self._show_state)
        board.report_changed.connect(self._show_report)
        board.record_changed.connect(self._show_record)
        board.samples_changed.connect(self._show_record)
        board.undo_changed.connect(self._show_undo)
        self.filter.textChanged.connect(self.sources.model_of_sources.set_filter)
        self.masks.toggled.connect(self.sources.model_of_sources.mask)
        self.before.clicked.connect(partial(board.step, -1))
        self.after.clicked.connect(partial(board.step, 1))
        self.read.clicked.connect(self.records_wanted)
        self.undo.clicked.connect(board.undo_stack.undo)
        self.redo.clicked.connect(board.undo_stack.redo)
        self.check.clicked.connect(self.check_wanted)
        self.smart.clicked.connect(self.find_matches)
        self.undo_applied.clicked.connect(board.undo_stack.undo)
        self.review_applied.clicked.connect(self._review_again)
        self.add_source.clicked.connect(lambda: self.ask_for_source(""))
        self.new_field.clicked.connect(lambda: self.ask_for_field(""))
        self._lacking.clicked.connect(self._go_to_lacking)
        self.sources.picking.connect(self.pick)
        self.sources.unpicked.connect(self._unpick)
        self.sources.menu_wanted.connect(self._show_source_menu)
        self.targets.entered.connect(self._enter)
        self.targets.steps_wanted.connect(self.ask_for_steps)
        self.targets.key_wanted.connect(self.toggle_key)
        self.targets.menu_wanted.connect(self._show_menu)
        self.gutter.chosen.connect(self.go_to)
        self.carrying.dropped.connect(self._drop)
        self.carrying.rerouted.connect(self._reroute)
        self.carrying.unlinked.connect(board.unmap)
        self.carrying.dropped_on_new.connect(self.ask_for_field)
        self.carrying.said.connect(self.said)
        self.review.applied.connect(self._apply_review)
        self.review.dismissed.connect(self._end_review)
        self.drop_bar.replaced.connect(self._replace)
        self.drop_bar.combined.connect(self._combine)
        self.drop_bar.left.connect(self._leave)
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
        board = self._board
        used = {row.source for row in board.rows if row.source is not None}
        self._used.set_text(self.tr("{0} of {1} mapped").format(len(used), len(board.sources)))
        lacking = self._lacking_places()
        wanted = len(MANDATORY_TARGETS[board.around.main_kind])
        done = wanted - len(lacking)
        for widget in (self._required_icon, self._required, self._lacking):
            widget.setVisible(bool(lacking))
        self._required.set_text(self.tr("{0} of {1} required mapped").format(done, wanted))
        labels = [field.label for place in lacking if (field := board.field_at(place)) is not None]
        self._lacking.setText(self.tr("{0} missing").format(", ".join(labels)))
        self._show_report()
        self._show_undo()

    def _show_undo(self) -> None:
        self._forget_applied()
        stack = self._board.undo_stack
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        undo = self.tr("Undo: {0}").format(stack.undoText()) if stack.canUndo() else self.tr("Undo")
        redo = self.tr("Redo: {0}").format(stack.redoText()) if stack.canRedo() else self.tr("Redo")
        self.undo.set_name(visible_text(undo), "Ctrl+Z")
        self.redo.set_name(visible_text(redo), "Ctrl+Shift+Z")

    def _show_report(self) -> None:
        report = self._board.report
        if report is None:
            self._report.set_text("")
            return
        failing = sum(1 for line in report.lines if line.failed)
        if failing == 0:
            words = self.tr("all fine")
        elif failing == 1:
            words = self.tr("one line fails somewhere")
        else:
            words = self.tr("{0} lines fail somewhere").format(failing)
        self._report.set_text(self.tr("{0} records checked: {1}").format(f"{report.records:,}", words))

    def _show_record(self) -> None:
        board = self._board
        count = len(board.records)
        self.read.setVisible(count == 0)
        for widget in (self.before, self._which, self.after, self.masks):
            widget.setVisible(count > 0)
        self.check.setEnabled(count > 0)
        self._which.set_text(self.tr("Sample {0} of {1}").format(board.at + 1, count))
        self.before.setEnabled(board.at > 0)
        self.after.setEnabled(board.at + 1 < count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._place_review()

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
        """While all records are looked at, the same button ends it."""
        self.check.setText(self.tr("Cancel the check") if is_checking else self.tr("Check all records"))
        self.check.set_icon("close" if is_checking else "flask")

    # Going places

    def go_to(self, place: Place) -> None:
        """Make a target the current one, for the keyboard too."""
        self.targets.go_to(place)
        self.targets.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_problem(self, problem: Problem) -> None:
        if problem.place is not None:
            self.go_to(problem.place)
        self.said.emit(problem.message)

    def _lacking_places(self) -> list[Place]:
        main = self._board.around.main_kind
        places = [Place(main, name) for name in MANDATORY_TARGETS[main]]
        return [place for place in places if self._board.row_of(place) is None]

    def _go_to_lacking(self) -> None:
        for place in self._lacking_places()[:1]:
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
        self._drop([source], place)

    # What a drop does

    def _drop(self, sources: list[str], place: Place) -> None:
        board = self._board
        field = board.field_at(place)
        if field is None:
            return
        if len(sources) > 1:
            self._drop_several(sources, place)
            return
        item = board.find_source(sources[0])
        fitting = fitting_of(item.type, field.type) if item is not None else None
        if fitting is not None and fitting.fit is Fit.IMPOSSIBLE:
            self.said.emit(self.tr("Not mapped: {0}.").format(fitting.reason))
            return
        row = board.row_of(place)
        self.targets.go_to(place)
        if row is not None and row.source != sources[0]:
            self._dropping = (sources, place)
            self._ask_to_replace(place)
            return
        board.map(place, sources[0])
        self._say_mapped(sources[0], place)

    def _drop_several(self, sources: list[str], place: Place) -> None:
        """Each goes to the field whose name fits it best; what fits none goes where it was let go."""
        board = self._board
        chosen = [source for source in self._smart_sources() if source.id in sources]
        found = suggest(chosen, board.targets, vendor=board.connector.vendor_name, mapped=self._mapped())
        pairs = [(Place(each.object, each.target), each.source) for each in found if each.band is not Band.WEAK]
        if not any(at == place for at, _ in pairs) and board.row_of(place) is None:
            rest = [source for source in sources if source not in {known for _, known in pairs}]
            pairs += [(place, rest[0])] if rest else []
        board.map_all(pairs, self.tr("Map {0} fields").format(len(pairs)))
        self.said.emit(self.tr("{0} of {1} mapped.").format(len(pairs), len(sources)))

    def _ask_to_replace(self, place: Place) -> None:
        if self._dropping is None:
            return
        board = self._board
        row, field = board.row_of(place), board.field_at(place)
        if row is None or field is None:
            return
        before = f"“{row.value}”" if row.source is None else board.source_label(row.source)
        words = self.tr("{0} is filled from {1}.").format(field.label, before)
        self.drop_bar.combine.setVisible(row.source is not None and field.type.is_text)
        viewport = self.targets.viewport()
        middle = self.targets.row_middle(self.targets.model_of_targets.row_of(place))
        below = viewport.mapTo(self, QPoint(viewport.width(), middle + self._theme.measure("row") // 2))
        room = self.height() - self.drop_bar.sizeHint().height()
        self.drop_bar.ask(words, QPoint(below.x(), min(below.y(), room)), viewport.width())
        self.said.emit(words + " " + self.tr("Enter replaces, Esc leaves it."))

    def _replace(self) -> None:
        if self._dropping is not None:
            (source, *_), place = self._dropping
            self._board.map(place, source)
            self._say_mapped(source, place)
        self._leave()

    def _combine(self) -> None:
        """Both values in a row, as a template that can be changed afterwards."""
        if self._dropping is not None:
            (source, *_), place = self._dropping
            row = self._board.row_of(place)
            if row is not None and row.source is not None:
                self._board.combine(place, f"{self._as_template(row.source)} {self._as_template(source)}")
                words = self.tr("{0} is added to what fills {1}.")
                self.said.emit(words.format(self._board.source_label(source), self._label_of(place)))
        self._leave()

    def _as_template(self, source: str) -> str:
        if "{{" in source:
            return source
        known = self._board.connector.find_field(source)
        path = known.path if known is not None and known.path else source
        # Where one of the two is empty the other still counts.
        return f"{{{{ {path if path.startswith('response') else f'response.{path}'} | default('') }}}}"

    def _leave(self) -> None:
        self._dropping = None
        self.targets.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reroute(self, before: Place, after: Place) -> None:
        self._board.reroute(before, after)
        self.targets.go_to(after)

    def _say_mapped(self, source: str, place: Place) -> None:
        self.said.emit(self.tr("{0} fills {1} now.").format(self._board.source_label(source), self._label_of(place)))

    def _label_of(self, place: Place) -> str:
        field = self._board.field_at(place)
        return field.label if field is not None else place.target

    # Keys of the row

    def _here(self) -> Place | None:
        return self.targets.current_place

    def _unmap_here(self) -> None:
        place = self._here()
        if place is not None and self._board.row_of(place) is not None:
            self._board.unmap(place)
            self.said.emit(self.tr("{0} is filled from nothing now.").format(self._label_of(place)))

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
            self.said.emit(self.tr("{0} is no sync key any more.").format(self._label_of(place)))
        else:
            self.said.emit(self.tr("{0} is sync key {1} now.").format(self._label_of(place), row.sync_key))

    def map_source_best(self, source: str) -> None:
        """Fill the field without a source that this one fits best."""
        board = self._board
        chosen = [known for known in self._smart_sources() if known.id == source]
        mapped = [choice for choice in self._mapped() if choice.source != source]
        found = suggest(chosen, board.targets, vendor=board.connector.vendor_name, mapped=mapped, past=self._past)
        found = [each for each in found if board.row_of(Place(each.object, each.target)) is None]
        if found:
            place = Place(found[0].object, found[0].target)
            board.map(place, source)
            self.go_to(place)
            self._say_mapped(source, place)
        else:
            self.said.emit(self.tr("No open field resembles {0}.").format(board.source_label(source)))

    def map_best(self) -> None:
        """The best source for the field on which the keyboard is."""
        place, board = self._here(), self._board
        field = None if place is None else board.field_at(place)
        if place is None or field is None:
            return
        found = suggest(self._smart_sources(), [field], vendor=board.connector.vendor_name, past=self._past)
        if found:
            board.map(place, found[0].source)
            self.said.emit(f"{board.source_label(found[0].source)}: {found[0].reason}")
        else:
            self.said.emit(self.tr("Nothing resembles {0}.").format(field.label))

    # Smart Mapping

    def find_matches(self) -> None:
        """Propose a source for every field that has none."""
        board = self._board
        others = [known.title for known in CONNECTORS.values()]
        found = suggest(
            self._smart_sources(),
            board.targets,
            vendor=board.connector.vendor_name,
            other_vendors=others,
            mapped=self._mapped(),
            rejected=self._rejected,
            past=self._past,
        )
        if not found:
            self.said.emit(self.tr("Smart Mapping found nothing more to map."))
            return
        self.targets.model_of_targets.show_suggestions([each for each in found if each.band is not Band.WEAK])
        self.review.offer(found)
        self._place_review()

    def _smart_sources(self) -> list[Source]:
        board = self._board
        sources = []
        for item in board.sources:
            sample = board.sample(item.id)
            sources.append(Source(item.id, item.label, item.type, () if sample is None else sample.values))
        return sources

    def _mapped(self) -> list[Choice]:
        return [Choice(row.source or "", row.object, row.target) for row in self._board.rows]

    def _apply_review(self, chosen: list[Suggestion], unticked: list[Suggestion]) -> None:
        pairs = [(Place(each.object, each.target), each.source) for each in chosen]
        self._board.map_all(pairs, self.tr("Smart Mapping of {0} fields").format(len(pairs)))
        if unticked:
            learned = [Choice(each.source, each.object, each.target) for each in unticked]
            self._rejected += learned
            self.learned.emit(learned)
        self._end_review()
        self._note_applied(len(pairs))
        self.said.emit(self.tr("{0} mapped. Ctrl+Z undoes all of them.").format(len(pairs)))

    def _note_applied(self, count: int) -> None:
        """How many were mapped, with the way back, until something else is edited."""
        self._applied_step = self._board.undo_stack.index()
        self._applied.set_text(self.tr("{0} mapped").format(count))
        for part in self._after_smart:
            part.show()

    def _forget_applied(self) -> None:
        if self._board.undo_stack.index() != self._applied_step:
            for part in self._after_smart:
                part.hide()

    def _review_again(self) -> None:
        self._board.undo_stack.undo()
        self.find_matches()

    def _end_review(self) -> None:
        self.targets.model_of_targets.show_suggestions([])
        self.targets.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place_review(self) -> None:
        if not self.review.isHidden():
            self.review.resize(self.review.sizeHint())
            corner = self.targets.mapTo(self, QPoint(self.targets.width(), self.targets.height()))
            self.review.move(corner.x() - self.review.width() - self._theme.px(8), corner.y() - self.review.height())

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
