"""A page of all records of one kind: the list, and beside it the one that is looked at."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPushButton, QSplitter, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Message
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.records.editing import EDITED_KINDS
from saasdesk.records.listing import ListQuery
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.record_list.connect_button import connect_buttons
from saasdesk.ui.pages.record_list.inspector import Facts, RecordInspector
from saasdesk.ui.pages.record_list.record_editing import RecordEditing
from saasdesk.ui.pages.workflows.run_menu import RunWorkflow
from saasdesk.ui.reading import Reading
from saasdesk.ui.saved_views import SavedViews
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader

_NARROWEST, _WIDTH, _WIDEST = 288, 344, 560
# What the list and the narrow rail need beside the inspector; where that is not there, it comes only when asked for.
_LIST, _RAIL = 400, 56
# Whoever holds an arrow key down passes many rows; only where they stop is read.
_LOOK_AFTER = 60


@dataclass(frozen=True, slots=True)
class PageWords:
    """How a page speaks of its records; `key` names it where things are remembered."""

    key: str
    title: str
    export: str
    nothing_yet: str
    nothing_yet_sentence: str
    add: str


class RecordListPage(QWidget, Generic[Facts]):
    """A list that fills the page, and an inspector that Space opens and closes.

    A kind of record says how it is spoken of (`words`), what inspects it (`make_inspector`), how it is read (`read`)
    and what Enter does (`open_record`).
    """

    kind: ObjectKind

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
        connect_vendor: Callable[[], object],
    ) -> None:
        super().__init__()
        self._services = services
        self._store = services.store
        self._frame = frame
        self._theme = theme
        self._readers = readers
        self._memory = memory
        self._export = export
        self._connect_vendor = connect_vendor
        self._bridge = bridge
        self._words = self.words()
        self._reading = Reading(readers, self)
        self._record: int | None = None
        # A record that another page named: selected as soon as the list is there.
        self._wanted: int | None = None
        # How the list was filtered before it answered the question of a figure.
        self._left_query: ListQuery | None = None
        self._is_stale = False
        self._has_records = True
        self._is_inspector_asked_for = False
        self._is_listed = False
        self._build()
        self._connect(bridge)

    # What a kind of record says

    def words(self) -> PageWords:
        """How the page speaks of its records."""
        raise NotImplementedError

    def make_inspector(self) -> RecordInspector[Facts]:
        """The pane beside the list, with its own signals connected."""
        raise NotImplementedError

    def read(self, record: int, stop: threading.Event) -> Facts | None:
        """Everything that the inspector shows of a record, read off the GUI thread; None when it is gone."""
        raise NotImplementedError

    def look_further(self, facts: Facts) -> None:
        """Ask for what else the inspector shows of a record, once it shows the record itself."""

    def open_record(self, record: int) -> None:
        """Enter, or a double click, on a record of the list."""
        raise NotImplementedError

    def tools(self) -> tuple[QWidget, ...]:
        """What a kind of record has beside its title that others have not."""
        return ()

    # What the frame asks

    def refresh(self) -> None:
        """Read the list and the inspected record again."""
        self._is_stale = False
        self.table.refresh()
        self._look()

    def open(self, argument: object) -> None:
        """Select the record of this number, or show the list of this question; else all stays as it was left."""
        if isinstance(argument, ListQuery):
            self._left_query = self._left_query or self.table.query
            self.table.show_query(replace(argument, sort=argument.sort or self.table.query.sort))
        elif self._left_query is not None:
            # The question of a figure goes with it: the list is again as the admin had left it.
            self.table.show_query(self._left_query)
            self._left_query = None
        self.views.open(argument)
        if isinstance(argument, int):
            self.inspect(argument)
            self._wanted = argument
            self.show_inspector(shown=True)
            self._select_wanted()
        else:
            # Whoever comes to the list sees it, whatever took its place before.
            self._is_inspector_asked_for = False
            self._fit_to_wish()
        self._frame.need_width(self._is_inspector_shown)

    def breadcrumb(self) -> Sequence[Crumb]:
        """A page of the rail: no way to show."""
        return ()

    def commands(self) -> Sequence[Command]:
        """What can be done with the list."""
        return (
            Command(self.tr("Find in the list"), self.table.focus_quick_filter, "", "search", "Edit"),
            Command(self._words.export, self._on_export_wanted, "Ctrl+E", "export", "File"),
            *self._editing_commands(),
            Command(self.tr("Choose columns…"), self.table.choose_columns, "", "columns", "View"),
            *self.views.commands(),
            Command(self.tr("Show or hide the inspector"), self.toggle_inspector, "Ctrl+I", "info", "View"),
        )

    def _editing_commands(self) -> tuple[Command, ...]:
        editing, record = self.editing, self._record
        if editing is None or not editing.is_possible:
            return ()
        add = Command(self._words.add, editing.add, "Ctrl+N", "plus", "Edit")
        bring = Command(self.tr("Import from a file…"), editing.import_file, "", "import", "File")
        if record is None:
            return (add, bring)
        return (
            add,
            bring,
            Command(self.tr("Edit…"), lambda: editing.edit_all(self._chosen_or(record)), "F2", "edit", "Edit"),
            Command(self.tr("Archive"), lambda: editing.archive([record]), "", "archive", "Edit"),
        )

    def _chosen_or(self, record: int) -> list[int]:
        """What an action is about: all that is selected, if the record that is looked at is among it."""
        chosen = list(self.table.selected_ids())
        return chosen if record in chosen else [record]

    def panes(self) -> Sequence[QWidget]:
        """The list, then the inspector."""
        return (self.table, self.inspector)

    def view_state(self) -> object:
        """What is looked at, and how far the list is scrolled."""
        return (self._record, self.table.view.verticalScrollBar().value())

    def restore_view(self, state: object) -> None:
        """Look at the same record again."""
        match state:
            case (int(record), int(position)):
                self.inspect(record)
                self._wanted = record
                self.table.view.scroll_to(position)
                self._select_wanted()
            case (None, int(position)):
                self.table.view.scroll_to(position)
            case _:
                pass

    @property
    def order(self) -> Sequence[int]:
        """The numbers of the records in the list, as it is sorted and filtered."""
        return self.table.model.record_ids

    # Building

    def _build(self) -> None:
        theme, words = self._theme, self._words
        self.setObjectName(f"{words.key}-page")
        self.header = PageHeader(theme, words.title)
        self.inspector_button = IconButton(
            theme, "info", self.tr("Show the inspector"), shortcut="Ctrl+I", outlined=True, tone="text"
        )
        self.table = RecordTable(
            open_list(self._store, ListObject(self.kind.value)),
            theme,
            self._readers,
            self._memory,
            words.key,
            nothing_yet=NothingYet(words.nothing_yet, words.nothing_yet_sentence, self._nothing_yet_buttons),
            sort=(("name", False),),
        )
        self.table.count_label.hide()
        self.views = SavedViews(
            self._services, self._frame, theme, self._readers, self._memory, self.table, ListObject(self.kind.value)
        )
        tools = tuple(self.tools())
        self.header.add_actions(*tools, self.views.button)
        self.run_workflow = RunWorkflow(self._services, self._frame, self._readers, self.kind, self)
        self.run_button = self.run_workflow.add_to(self.table, theme)
        self.editing: RecordEditing | None = None
        if self.kind in EDITED_KINDS:
            self.editing = RecordEditing(
                self._services, self._frame, theme, self._bridge, self._readers, self.kind, self
            )
            self.editing.add_to(self.table)
            self.editing.added.connect(self.open_record)
            self.import_button = self.editing.import_button()
            more = (self.import_button, self.editing.add_button(words.add))
            self.header.add_actions(*more)
            tools = (*tools, *more)
        self.header.add_actions(self.inspector_button)
        self.header.let_give_way(*tools)
        top = Column(theme, gap=0, margins=(24, 16, 24, 0))
        top.addWidget(self.header)
        left = QWidget()
        column = Column(theme, gap=0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        left.setLayout(column)
        self._left = left
        self.inspector = self.make_inspector()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        whole = Column(theme, gap=0)
        whole.addWidget(self.splitter)
        self.setLayout(whole)
        self._look_soon = soon(self, _LOOK_AFTER, self._look)
        self._recall_inspector()
        begin_at(self, self.table.view)

    def _connect(self, bridge: Bridge) -> None:
        table, inspector = self.table, self.inspector
        table.counted.connect(self._on_counted)
        table.current_changed.connect(self._on_current_changed)
        table.opened.connect(self.open_record)
        table.inspector_wanted.connect(self._on_inspector_wanted)
        table.export_wanted.connect(self._on_export_wanted)
        table.said.connect(self._frame.say)
        inspector.close_wanted.connect(self._on_close_wanted)
        inspector.retry_wanted.connect(self._look)
        inspector.filters_wanted_off.connect(self._on_filters_wanted_off)
        inspector.session_wanted.connect(self._on_session_wanted)
        self.inspector_button.clicked.connect(self.toggle_inspector)
        self.splitter.splitterMoved.connect(self._remember_inspector)
        self._theme.changed.connect(self._fit_to_wish)
        self._theme.changed.connect(self._fit_inspector)
        bridge.heard.connect(self._on_heard)

    def _nothing_yet_buttons(self) -> tuple[QPushButton, ...]:
        connect = connect_buttons(self._theme, self.table.view, self._connect_vendor)
        if self.editing is None or not self.editing.is_possible:
            return connect
        bring = OutlinedButton(self._theme, self.tr("Import from CSV…"), "import")
        bring.clicked.connect(self.editing.import_file)
        return (*connect, bring)

    # The inspector

    def toggle_inspector(self) -> None:
        """Show or hide the inspector, and remember it."""
        self.show_inspector(shown=not self._is_inspector_shown)

    def show_inspector(self, *, shown: bool) -> None:
        """Show the inspector or not, and remember it."""
        self._is_inspector_asked_for = shown and not self._has_room
        if self._has_room:
            self._is_inspector_wanted = shown
        self._fit_to_wish()
        self._remember_inspector()

    @property
    def _is_inspector_shown(self) -> bool:
        # Before anything is there it would only take room.
        is_wanted = self._is_inspector_wanted if self._has_room else self._is_inspector_asked_for
        return is_wanted and self._has_records

    @property
    def _has_room(self) -> bool:
        """Whether the inspector stands beside the list; where it does not, it takes the list's place."""
        return self.window().width() >= self._theme.px(_NARROWEST + _LIST + _RAIL)

    def _fit_to_wish(self) -> None:
        shown = self._is_inspector_shown
        name = self.tr("Hide the inspector") if shown else self.tr("Show the inspector")
        self.inspector_button.set_name(name, "Ctrl+I")
        self.inspector_button.setEnabled(self._has_records)
        self._left.setVisible(self._has_room or not shown)
        if shown == self.inspector.isVisibleTo(self):
            return
        self.inspector.setVisible(shown)
        if self.isVisible():
            self._frame.need_width(shown)
        if shown:
            self._fit_inspector()
            self._look()
        if shown and not self._has_room:
            self.inspector.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _inspector_key(self) -> str:
        return f"{self._words.key}-inspector"

    def _recall_inspector(self) -> None:
        kept = self._memory.get(self._inspector_key)
        kept = kept if isinstance(kept, dict) else {}
        width = kept.get("width")
        self._width = width if isinstance(width, int) and _NARROWEST <= width <= _WIDEST else _WIDTH
        self._is_inspector_wanted = kept.get("shown") is not False
        self._fit_to_wish()
        self._fit_inspector()

    def _fit_inspector(self) -> None:
        theme = self._theme
        self.inspector.setMinimumWidth(theme.px(_NARROWEST))
        self.inspector.setMaximumWidth(theme.px(_WIDEST) if self._has_room else self.window().width())
        width = theme.px(self._width)
        self.splitter.setSizes([max(1, self.splitter.width() - width), width])

    def _remember_inspector(self) -> None:
        is_beside = self.inspector.isVisible() and self._has_room
        if is_beside and self.inspector.width() >= self.inspector.minimumWidth():
            self._width = round(self.inspector.width() / self._theme.px(100) * 100)
        self._memory[self._inspector_key] = {"shown": self._is_inspector_wanted, "width": self._width}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_to_wish()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_to_wish()
        if self._is_stale:
            self.refresh()

    # What is looked at

    def inspect(self, record: int | None) -> None:
        """Look at this record, as soon as the list rests."""
        if record == self._record:
            return
        self._record = record
        self.inspector.show_hidden_note(is_hidden=False)
        self._look_soon.start()

    def _look(self) -> None:
        self._look_soon.stop()
        if not self._is_inspector_shown:
            return
        record = self._record
        if record is None:
            self._reading.forget("record")
            self.inspector.show_nothing()
            return
        self._reading.ask("record", lambda stop: self.read(record, stop), self._on_read, self.inspector.show_failure)

    def _on_read(self, facts: Facts | None) -> None:
        if facts is None:
            self.inspector.show_gone()
        else:
            self.inspector.show_record(facts)
            self.look_further(facts)

    def _select_wanted(self) -> None:
        """Select what another page named, as soon as the whole list is there."""
        record = self._wanted
        if record is None or self.table.is_reading or not self._is_listed:
            return
        self._wanted = None
        row = self.table.row_of(record)
        if row is None:
            self.inspector.show_hidden_note(is_hidden=True)
            return
        view = self.table.view
        view.select_rows([row])
        view.make_current(row)
        middle = QAbstractItemView.ScrollHint.PositionAtCenter
        view.scrollTo(self.table.model.index(row, view.header.shown_sections()[0]), middle)

    # Answers to signals

    def _on_counted(self, shown: int, total: int) -> None:
        locale = QLocale()
        self.header.set_subtitle(
            ("" if not total else locale.toString(total))
            if shown == total
            else self.tr("{0} of {1}").format(locale.toString(shown), locale.toString(total))
        )
        self._is_listed = True
        self._has_records = total > 0
        self._fit_to_wish()
        self._select_wanted()

    def _on_current_changed(self, record: int | None) -> None:
        if record is not None and self._wanted is None:
            self.inspect(record)

    def _on_inspector_wanted(self, record: int) -> None:
        self.inspect(record)
        self.toggle_inspector()

    def _on_close_wanted(self) -> None:
        self.show_inspector(shown=False)
        if not self.table.isAncestorOf(QApplication.focusWidget() or self):
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_filters_wanted_off(self) -> None:
        self._wanted = self._record
        self.inspector.show_hidden_note(is_hidden=False)
        self.table.show_query(type(self.table.query)(sort=self.table.query.sort, active=None))

    def _on_session_wanted(self, session: int) -> None:
        self._frame.navigate("activity", session)

    def _on_export_wanted(self) -> None:
        self._export(self.table.export_request())

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()
