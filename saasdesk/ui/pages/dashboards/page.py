"""The page of dashboards: one is shown, the others are a choice away; each can be arranged as its admin likes."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.errors import UserError
from saasdesk.jobs import Message
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.past import moment_of_day
from saasdesk.reports.dashboards import boards
from saasdesk.reports.dashboards.arranging import refuse_full
from saasdesk.reports.dashboards.board import BoardDocument, Widget
from saasdesk.reports.dashboards.boards import BoardRow
from saasdesk.reports.dashboards.figures import Mark
from saasdesk.reports.dashboards.trend import Point
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.dialogs.details_dialog import DetailsDialog
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.dashboards.arranging import Arranging
from saasdesk.ui.pages.dashboards.behind import open_behind
from saasdesk.ui.pages.dashboards.board_view import BoardView
from saasdesk.ui.pages.dashboards.choices import BoardChoice, read_choices
from saasdesk.ui.pages.dashboards.files import BoardFiles
from saasdesk.ui.pages.dashboards.new_dialog import NewBoardDialog
from saasdesk.ui.pages.dashboards.widget_dialog import WidgetDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, visible_text
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.scroll_area import ScrollArea

_MEMORY = "dashboards-page"
_SOON_MILLISECONDS = 400
_ROOM_FOR_DESCRIPTION = 960


class DashboardsPage(QWidget):
    """`open(key)` shows a dashboard: its number as text, or "starter:" and the name of a starter."""

    title = "Dashboards"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._readers, self._memory = readers, memory
        self._reading = Reading(readers, self)
        self._choices: list[BoardChoice] = []
        self._choice: BoardChoice | None = None
        # What was changed while the change before was still on its way to the database.
        self._unsaved: BoardDocument | None = None
        kept = memory.get(_MEMORY)
        self._wanted = str(kept.get("board", "")) if isinstance(kept, dict) else ""
        self._is_stale = False
        self._build()
        self._soon = soon(self, _SOON_MILLISECONDS, self._refresh_if_seen)
        bridge.heard.connect(self._on_heard)

    # What the frame asks

    def refresh(self) -> None:
        """Read the dashboards again, and compute what is shown anew."""
        self._is_stale = False
        if self.arranging.is_on:
            self.board.refresh()
            return
        store = self._services.store
        self._reading.ask("boards", lambda _stop: read_choices(store), self._show_choices, self._show_failure)

    def open(self, argument: object) -> None:
        """Show the dashboard that is named, or the one that was looked at last."""
        if isinstance(argument, str):
            self._turn(on=False)
            self._wanted = argument
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """It stands in the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """What can be done with the dashboard, and the others."""
        commands = [
            Command(self.tr("New dashboard…"), self.ask_for_new, "Ctrl+N", "plus", "File"),
            Command(self.tr("Export the picture…"), self._ask_for_picture, "", "export", "File"),
            Command(self.tr("Export the numbers…"), self._ask_for_numbers, "Ctrl+E", "export", "File"),
            Command(self.tr("Export the dashboard…"), self._ask_where_to_export, "", "export", "File"),
            Command(self.tr("Import a dashboard…"), self.files.ask_what_to_import, "", "import", "File"),
            Command(self.tr("Edit the dashboard"), self.turn_editing, "Ctrl+Shift+E", "edit", "Edit"),
            Command(self.tr("Duplicate the dashboard"), self.duplicate, "", "copy", "Edit"),
        ]
        if self.arranging.is_on:
            commands += [
                Command(self.tr("Undo"), self.arranging.undo, "Ctrl+Z", "undo", "Edit"),
                Command(self.tr("Redo"), self.arranging.redo, "Ctrl+Shift+Z", "redo", "Edit"),
                Command(self.tr("Add a widget…"), self.ask_for_widget, "", "plus", "Edit"),
                Command(self.tr("Rename the dashboard…"), self.ask_for_name, "F2", "edit", "Edit"),
            ]
        if self._choice is not None and self._choice.number is not None:
            commands.append(Command(self.tr("Delete the dashboard"), self.delete, "", "trash", "Edit"))
        for choice in self._choices:
            text = self.tr("Dashboard: {0}").format(choice.name)
            commands.append(Command(text, partial(self.show_choice, choice), "", "dashboards", "Go"))
        return commands

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("dashboards-page")
        self.header = PageHeader(theme, self.tr("Dashboards"))
        self.picker = OutlinedButton(theme, self.tr("Dashboard"), "dashboards")
        self._menu = QMenu(self)
        self.picker.setMenu(self._menu)
        self.edit = OutlinedButton(theme, self.tr("Edit"), "edit")
        self.undo = IconButton(theme, "undo", self.tr("Undo"), shortcut="Ctrl+Z", outlined=True, tone="text")
        self.redo = IconButton(theme, "redo", self.tr("Redo"), shortcut="Ctrl+Shift+Z", outlined=True, tone="text")
        self.add = OutlinedButton(theme, self.tr("Add a widget…"), "plus")
        self.done = PrimaryButton(theme, self.tr("Done"), "check")
        self.more = IconButton(theme, "more", self.tr("More for this dashboard"), outlined=True, tone="text")
        self.header.add_actions(self.picker, self.undo, self.redo, self.add, self.edit, self.done, self.more)
        self.board = BoardView(self._services, theme, self._readers)
        self.arranging = Arranging(theme, self.board)
        self.files = BoardFiles(self._services, self._frame, theme, self._readers, self)
        self._empty = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("This dashboard is empty"),
            self.tr("A widget is a question to your records: how many there are, by what, and since when."),
            self._empty_buttons(),
        )
        self._empty.hide()
        content = QWidget()
        column = Column(theme, gap=12, margins=(24, 16, 24, 24))
        column.addWidget(self.header)
        column.addWidget(self._empty, 1)
        column.addWidget(self.board, 1)
        content.setLayout(column)
        whole = Column(theme, gap=0)
        whole.addWidget(ScrollArea(content))
        self.setLayout(whole)
        self._connect()
        self._fit_to_mode()

    def _empty_buttons(self) -> tuple[PrimaryButton]:
        add = PrimaryButton(self._theme, self.tr("Add a widget…"), "plus")
        add.clicked.connect(self.ask_for_widget)
        return (add,)

    def _connect(self) -> None:
        self.board.opened.connect(self._on_opened)
        self.edit.clicked.connect(self.turn_editing)
        self.done.clicked.connect(self.turn_editing)
        self.add.clicked.connect(self.ask_for_widget)
        self.undo.clicked.connect(self.arranging.undo)
        self.redo.clicked.connect(self.arranging.redo)
        self.more.clicked.connect(self._show_more)
        self.arranging.changed.connect(self._on_changed)
        self.arranging.said.connect(self._frame.say)
        self.arranging.configure_wanted.connect(self.ask_for_widget)
        self.files.imported.connect(self._on_made)

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choice = self._choice
        self._add(menu, self.tr("New dashboard…"), self.ask_for_new)
        self._add(menu, self.tr("Rename…"), self.ask_for_name)
        self._add(menu, self.tr("Duplicate"), self.duplicate)
        menu.addSeparator()
        self._add(menu, self.tr("Export the picture…"), self._ask_for_picture)
        self._add(menu, self.tr("Export the numbers…"), self._ask_for_numbers)
        self._add(menu, self.tr("Export the dashboard…"), self._ask_where_to_export)
        self._add(menu, self.tr("Import a dashboard…"), self.files.ask_what_to_import)
        if choice is not None and choice.number is not None:
            menu.addSeparator()
            self._add(menu, self.tr("Delete"), self.delete)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    @staticmethod
    def _add(menu: QMenu, text: str, run: Callable[[], object]) -> None:
        menu.addAction(text).triggered.connect(lambda _checked: run())

    # Showing

    def _show_choices(self, choices: list[BoardChoice]) -> None:
        self._choices = choices
        found = next((choice for choice in choices if choice.key == self._wanted), choices[0])
        self._fill_menu()
        self.show_choice(found)

    def show_choice(self, choice: BoardChoice) -> None:
        """Show this dashboard."""
        if self._choice is None or choice.key != self._choice.key:
            self.arranging.forget()
            self._turn(on=False)
        self._show_name(choice)
        self.board.show_board(choice.document)
        self.board.refresh()
        self._fit_to_mode()
        if self.isVisible():
            self._frame.update_trail()

    def _show_name(self, choice: BoardChoice) -> None:
        self._choice, self._wanted = choice, choice.key
        self._memory[_MEMORY] = {"board": choice.key}
        self.header.title.set_text(choice.name)
        self._fit_header()
        self.picker.setText(choice.name)
        self.picker.setAccessibleName(self.tr("Dashboard: {0}").format(choice.name))

    def _fill_menu(self) -> None:
        self._menu.clear()
        is_own = bool(self._choices and self._choices[0].number is not None)
        for choice in self._choices:
            if is_own and choice.number is None:
                self._menu.addSeparator()
                is_own = False
            action = self._menu.addAction(escaped_ampersands(visible_text(choice.name)))
            action.triggered.connect(lambda _checked, wanted=choice: self.show_choice(wanted))
        self._menu.addSeparator()
        self._add(self._menu, self.tr("New dashboard…"), self.ask_for_new)

    def _fit_to_mode(self) -> None:
        is_on = self.arranging.is_on
        for widget in (self.undo, self.redo, self.add, self.done):
            widget.setVisible(is_on)
        self.edit.setVisible(not is_on)
        self.undo.setEnabled(self.arranging.can_undo)
        self.redo.setEnabled(self.arranging.can_redo)
        is_empty = self.board.document is not None and not self.board.document.widgets
        self._empty.setVisible(is_empty)
        self.board.setVisible(not is_empty)

    def _show_failure(self, reason: str) -> None:
        self._frame.toast(reason, "error")

    # Editing

    def turn_editing(self) -> None:
        """Begin to arrange the dashboard, or be done with it."""
        self._turn(on=not self.arranging.is_on)
        if self.arranging.is_on:
            self._frame.say(self.tr("Drag the widgets, pull their corner, or use the menu of each."))
        first = self.arranging.handle_of(0)
        (first if first is not None else self.edit).setFocus(Qt.FocusReason.OtherFocusReason)
        self._frame.update_trail()

    def _turn(self, *, on: bool) -> None:
        self.arranging.turn(on=on)
        self._fit_to_mode()

    def ask_for_widget(self, place: int | bool | None = None) -> None:
        """Ask what a widget shows: the one at this place, or one more."""
        document = self.board.document
        if document is None:
            return
        known = document.widgets
        at = place if isinstance(place, int) and not isinstance(place, bool) else None
        if at is None:
            try:
                # Before anybody fills in a form for nothing.
                refuse_full(document)
            except UserError as refusal:
                self._frame.toast(str(refusal), "info")
                return
        store = self._services.store

        def read() -> dict[ListObject, tuple[ListColumn, ...]]:
            return {about: open_list(store, about).columns() for about in ListObject}

        def show(columns: dict[ListObject, tuple[ListColumn, ...]]) -> None:
            given = known[at] if at is not None else None
            dialog = WidgetDialog(self._theme, store, self._readers, columns, given, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

            def keep(widget: Widget) -> None:
                dialog.accept()
                self._turn(on=True)
                if at is not None:
                    self.arranging.replace(at, widget)
                else:
                    self.arranging.add(widget)

            dialog.wanted.connect(keep)
            dialog.open()

        self._reading.ask("columns", lambda _stop: read(), show, self._show_failure)

    def ask_for_new(self) -> None:
        """Ask what another dashboard is called and begins with."""
        dialog = NewBoardDialog(self._theme, self._choices, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        store = self._services.store

        def made(board: BoardRow) -> None:
            dialog.accept()
            self._on_made(board)

        def make(document: BoardDocument) -> None:
            self._reading.ask("new", lambda _stop: boards.add_board(store, document), made, dialog.show_problem)

        dialog.wanted.connect(make)
        dialog.open()

    def ask_for_name(self) -> None:
        """Ask for another name and description."""
        document = self.board.document
        if document is None:
            return
        dialog = DetailsDialog(
            self._theme, self.tr("Rename “{0}”").format(document.name), self.tr("Rename"), document, parent=self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def keep(named: BoardDocument) -> None:
            if any(
                each.name.casefold() == named.name.casefold() and each is not self._choice for each in self._choices
            ):
                dialog.show_problem(self.tr("There is a dashboard of this name already. Choose another one."))
                return
            dialog.accept()
            self.arranging.edit(named)

        dialog.wanted.connect(keep)
        dialog.open()

    def duplicate(self) -> None:
        """Make another dashboard like this one."""
        document, store = self.board.document, self._services.store
        if document is not None:
            self._reading.ask("new", lambda _stop: boards.add_board(store, document), self._on_made, self._show_failure)

    def delete(self) -> None:
        """Delete the dashboard; a message offers to take that back."""
        choice, store = self._choice, self._services.store
        if choice is None or choice.number is None:
            return
        row = BoardRow(choice.number, choice.document, 1)

        def bring_back() -> None:
            self._reading.ask(
                "new", lambda _stop: boards.add_board(store, row.document), self._on_made, self._show_failure
            )

        def gone(_done: object) -> None:
            text = self.tr("“{0}” is deleted.").format(choice.name)
            self._frame.toast(text, "info", (self.tr("Undo"), bring_back))
            self._turn(on=False)
            self._choice = None
            self.refresh()

        self._reading.ask("delete", lambda _stop: boards.delete_board(store, row), gone, self._show_failure)

    # Keeping

    def _on_changed(self, document: BoardDocument) -> None:
        """Keep every step at once: who arranges has nothing to save."""
        self._fit_to_mode()
        self._frame.update_trail()
        if self._choice is not None:
            self._show_name(BoardChoice(self._choice.key, document, self._choice.number))
        if self._reading.is_waiting("save"):
            self._unsaved = document
        else:
            self._save(document)

    def _save(self, document: BoardDocument) -> None:
        number = self._choice.number if self._choice is not None else None
        store = self._services.store

        def work() -> BoardRow:
            if number is None:
                return boards.add_board(store, document)
            return boards.save_board(store, number, document)

        self._unsaved = None
        self._reading.ask("save", lambda _stop: work(), self._on_saved, self._show_failure)

    def _on_saved(self, board: BoardRow) -> None:
        document = self.board.document or board.document
        self._show_name(BoardChoice(str(board.id), document, board.id))
        if self._unsaved is not None:
            self._save(self._unsaved)
            return
        store = self._services.store
        self._reading.ask("choices", lambda _stop: read_choices(store), self._note_choices, self._show_failure)

    def _note_choices(self, choices: list[BoardChoice]) -> None:
        self._choices = choices
        self._choice = next((choice for choice in choices if choice.key == self._wanted), self._choice)
        self._fill_menu()

    def _on_made(self, board: BoardRow) -> None:
        self._turn(on=False)
        self._wanted = str(board.id)
        self.refresh()
        self._frame.say(self.tr("“{0}” is here.").format(board.document.name))

    # Files

    def _ask_for_picture(self) -> None:
        if self._choice is not None:
            self._turn(on=False)
            self.files.ask_for_picture(self._choice.name, self.board)

    def _ask_for_numbers(self) -> None:
        if self._choice is not None:
            figures = [card.figure for card in self.board.cards if card.figure is not None]
            self.files.ask_for_numbers(self._choice.name, figures)

    def _ask_where_to_export(self) -> None:
        if self._choice is not None:
            self.files.ask_where_to_export(self._choice.document)

    # Answers to signals

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_header()

    def _fit_header(self) -> None:
        """Where there is little room, the name is worth more than the description."""
        has_room = self.width() >= self._theme.px(_ROOM_FOR_DESCRIPTION)
        self.header.set_subtitle(self._choice.document.description if self._choice is not None and has_room else "")

    def _on_opened(self, what: object) -> None:
        if isinstance(what, Mark):
            open_behind(self._frame, what)
        elif isinstance(what, Point):
            # The list of an earlier day: what was added, gone or changed since then.
            store, at = self._services.store, what.at.astimezone()
            self._reading.ask(
                "moment",
                lambda _stop: moment_of_day(store, at),
                partial(self._frame.navigate, "comparison"),
                self._show_failure,
            )
        elif isinstance(what, int):
            self._frame.navigate("integration", what)

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            self._soon.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible() and self._is_stale:
            self.refresh()
