"""Integrations in mapping view: what fills each field, from every integration, and who feeds it first."""

import threading
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.records.feeders import set_order
from saasdesk.services import Services
from saasdesk.sync.mapping_matrix import MappingMatrix, read_matrix
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.feeder_dialog import FeederDialog
from saasdesk.ui.pages.integrations.matrix_table import MatrixTable
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, state_in_words
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.chip import ToggleChip
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.status_word import status


class MappingView(QWidget):
    """A cell opens the mapping at its field; `narrowed` comes when other records or fields were chosen to be shown."""

    pressed = Signal(object, str)
    narrowed = Signal()

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        watch: RunWatch,
        kept: Mapping[str, object],
    ) -> None:
        super().__init__()
        self._watch = watch
        self._store, self._frame, self._theme = services.store, frame, theme
        self._reading = Reading(readers, self)
        self._facts: dict[int, TileFacts] = {}
        self._build(kept)

    @property
    def kind(self) -> ObjectKind:
        """Which records are looked at."""
        return ObjectKind(self.objects.current)

    @property
    def kept(self) -> dict[str, object]:
        """What is to be remembered."""
        return {"object": self.objects.current, "all_fields": not self.only_mapped.isChecked()}

    def show_facts(self, facts: Sequence[TileFacts]) -> None:
        """Compare these integrations."""
        self._facts = {each.integration.id: each for each in facts}
        self.refresh()

    def refresh(self) -> None:
        """Read the fields and their feeders again."""
        store, kind = self._store, self.kind
        integrations = [facts.integration for facts in self._facts.values()]

        def work(_stop: threading.Event) -> MappingMatrix:
            return read_matrix(store, kind, integrations)

        self._reading.ask("matrix", work, self._show, self._show_failure)

    # Building

    def _build(self, kept: Mapping[str, object]) -> None:
        theme = self._theme
        kinds = {
            ObjectKind.PEOPLE: self.tr("People"),
            ObjectKind.SAAS_USERS: self.tr("SaaS users"),
            ObjectKind.ASSETS: self.tr("Assets"),
        }
        wanted = str(kept.get("object"))
        self.objects = SegmentedControl(
            theme,
            self.tr("Records"),
            [Choice(kind.value, name) for kind, name in kinds.items()],
            wanted if wanted in list(kinds) else ObjectKind.PEOPLE.value,
        )
        self.objects.chosen.connect(self._on_narrowed)
        self.only_mapped = ToggleChip(theme, self.tr("Only mapped fields"))
        self.only_mapped.setChecked(kept.get("all_fields") is not True)
        self.only_mapped.clicked.connect(self._on_narrowed)
        self.order = LinkButton(theme, self.tr("Order of the feeders…"), "people")
        self.order.clicked.connect(self._on_order_wanted)
        tools = Row(theme, gap=12, margins=(24, 4, 24, 8))
        tools.addWidget(self.objects)
        tools.addWidget(self.only_mapped)
        tools.addStretch(1)
        self.table = MatrixTable(theme, self.tr("Mappings"))
        self.table.opened.connect(self._open)
        self.table.named.connect(self._open_mapping)
        self.table.current.connect(self._on_current)
        self.table.moved.connect(self._move)
        self.table.menu_wanted.connect(self._show_menu)
        self._said = PlainLabel("", "secondary", "muted", elided=True)
        foot = Row(theme, gap=12, margins=(24, 2, 16, 2))
        foot.hold_height(lambda: theme.px(36))
        foot.addWidget(self._said, 1)
        foot.addWidget(self.order)
        matrix = QWidget()
        column = Column(theme, gap=0)
        column.addWidget(self.table, 1)
        column.addWidget(Line(theme))
        column.addLayout(foot)
        matrix.setLayout(column)
        self._nothing = EmptyState(theme, Emptiness.NOTHING_YET, self.tr("Nothing to compare"))
        self._stack = QStackedWidget()
        self._stack.addWidget(matrix)
        self._stack.addWidget(self._nothing)
        whole = Column(theme, gap=0)
        whole.addLayout(tools)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self._show_hint()

    # Showing

    def _show(self, matrix: MappingMatrix) -> None:
        model, here = self.table.matrix_model, self._here()
        states = {}
        for number, facts in self._facts.items():
            progress = self._watch.find(facts.integration.name)
            running = None if progress is None else status(progress.word(self._watch.now()))
            states[number] = running or state_in_words(facts)
        model.show_matrix(matrix, states, only_mapped=self.only_mapped.isChecked())
        self._stand(here)
        self.order.setVisible(model.has_feeders)
        if matrix.columns:
            self._stack.setCurrentIndex(0)
        else:
            title = {
                ObjectKind.PEOPLE: self.tr("No integration loads people here"),
                ObjectKind.SAAS_USERS: self.tr("No integration loads SaaS users here"),
                ObjectKind.ASSETS: self.tr("No integration loads assets here"),
            }[matrix.kind]
            text = self.tr("Each integration that does gets a column, with the source of every field.")
            self._nothing.say(Emptiness.NOTHING_YET, title, text, ())
            self._stack.setCurrentIndex(1)

    def _show_failure(self, sentence: str) -> None:
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence, ())
        self._stack.setCurrentIndex(1)

    def _here(self) -> tuple[str, int] | None:
        """Field and integration that the keyboard is on."""
        index, model = self.table.currentIndex(), self.table.matrix_model
        if not index.isValid():
            return None
        field, column = model.field_at(index.row()), model.column_at(index.column())
        return (field.external_id if field else "", column.integration.id if column else -1)

    def _stand(self, here: tuple[str, int] | None) -> None:
        model = self.table.matrix_model
        if here is None or not model.rowCount():
            return
        rows = [field.external_id for field in model.fields]
        columns = [column.integration.id for column in model.matrix.columns]
        row = rows.index(here[0]) if here[0] in rows else len(rows) if not here[0] else 0
        section = columns.index(here[1]) if here[1] in columns else model.columnCount() - 1
        self.table.setCurrentIndex(model.index(row, section))

    def _show_hint(self) -> None:
        self._said.set_text(self.tr("Enter opens the mapping at a field · Alt+Up and Alt+Down move a feeder"))

    # What happens

    def _on_narrowed(self) -> None:
        self.refresh()
        self.narrowed.emit()

    def _on_current(self, row: int, section: int) -> None:
        if row < 0:
            self._show_hint()
            return
        self._said.set_text(self.table.matrix_model.spoken(row, section))

    def _open(self, row: int, section: int) -> None:
        model = self.table.matrix_model
        field, column = model.field_at(row), model.column_at(section)
        if column is not None:
            number = column.integration.id
            place = None if field is None else Place.of(field)
            self._frame.navigate("mapping", number if place is None else (number, place))
        elif field is not None:
            self._ask_for_order(field)

    def _open_mapping(self, section: int) -> None:
        column = self.table.matrix_model.column_at(section)
        if column is not None:
            self._frame.navigate("mapping", column.integration.id)

    def _on_order_wanted(self) -> None:
        model, index = self.table.matrix_model, self.table.currentIndex()
        field = model.field_at(index.row()) if index.isValid() else None
        if field is None or field.external_id not in model.matrix.feeders:
            field = next((each for each in model.fields if each.external_id in model.matrix.feeders), None)
        if field is None:
            self._frame.say(self.tr("No field has more than one feeder."))
        else:
            self._ask_for_order(field)

    def menu_of(self, row: int, section: int) -> QMenu:
        """What can be done with a cell."""
        model, menu = self.table.matrix_model, QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        field, column = model.field_at(row), model.column_at(section)
        if column is not None:
            name = column.integration.name
            text = self.tr("Open the mapping of {0}").format(name)
            if field is not None:
                text = self.tr("Open the mapping of {0} at {1}").format(name, field.label)
            menu.addAction(escaped_ampersands(f"{text}\tEnter")).triggered.connect(partial(self._open_at, row, section))
            facts = self._facts[column.integration.id]
            text = self.tr("Open {0}").format(name)
            menu.addAction(escaped_ampersands(text)).triggered.connect(partial(self._say, facts, "open"))
        feeders = model.matrix.feeders.get(field.external_id, ()) if field is not None else ()
        if field is not None and feeders:
            menu.addSeparator()
            if column is not None and field.external_id in column.lines:
                self._add_moves(menu, row, section)
            text = self.tr("Order of the feeders of {0}…").format(field.label)
            menu.addAction(escaped_ampersands(text)).triggered.connect(partial(self._ask_for_order, field))
        return menu

    def _add_moves(self, menu: QMenu, row: int, section: int) -> None:
        for text, by in (
            (self.tr("Feeds before the one above\tAlt+Up"), -1),
            (self.tr("Feeds after the one below\tAlt+Down"), 1),
        ):
            menu.addAction(text).triggered.connect(partial(self._move_at, row, section, by))

    def _show_menu(self, row: int, section: int, at: QPoint) -> None:
        menu = self.menu_of(row, section)
        if not menu.isEmpty():
            menu.popup(at)

    def _open_at(self, row: int, section: int, _checked: bool = False) -> None:
        self._open(row, section)

    def _move_at(self, row: int, section: int, by: int, _checked: bool = False) -> None:
        self._move(row, section, by)

    def _say(self, facts: TileFacts, wish: str, _checked: bool = False) -> None:
        self.pressed.emit(facts, wish)

    # The order of the feeders

    def _move(self, row: int, section: int, by: int) -> None:
        """Let an integration feed a field earlier or later than it does."""
        model = self.table.matrix_model
        field, column = model.field_at(row), model.column_at(section)
        if field is None or column is None:
            return
        names = [feeder.name for feeder in model.matrix.feeders.get(field.external_id, ())]
        name = column.integration.name
        if name not in names:
            self._frame.say(self.tr("{0} has no other feeder.").format(field.label))
            return
        place = names.index(name)
        target = place + by
        is_ordered = any(feeder.is_ordered for feeder in model.matrix.feeders[field.external_id])
        if 0 <= target < len(names):
            names.insert(target, names.pop(place))
        elif is_ordered:
            return
        self._keep_order(field, names)

    def _ask_for_order(self, field: Field, _checked: bool = False) -> None:
        feeders = self.table.matrix_model.matrix.feeders.get(field.external_id, ())
        if not feeders:
            self._frame.say(self.tr("{0} has no other feeder.").format(field.label))
            return
        dialog = FeederDialog(self._theme, field.label, feeders, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._keep_order(field, dialog.order))
        dialog.open()

    def _keep_order(self, field: Field, names: Sequence[str], *, is_undo: bool = False) -> None:
        store = self._store
        feeders = self.table.matrix_model.matrix.feeders.get(field.external_id, ())
        before = tuple(feeder.name for feeder in feeders if feeder.is_ordered)
        if before == tuple(names):
            return

        def kept(_none: None) -> None:
            self.refresh()
            text = self.tr("{0} stays with whoever filled it first.").format(field.label)
            if names:
                text = self.tr("{0} is fed by {1} first.").format(field.label, names[0])
            if is_undo:
                self._frame.say(text)
                return
            undo = (self.tr("Undo"), partial(self._keep_order, field, before, is_undo=True))
            self._frame.toast(text, "ok", undo)

        self._reading.ask(
            "order",
            lambda _stop: set_order(store, field.external_id, names),
            kept,
            lambda sentence: self._frame.toast(sentence, "error"),
        )
