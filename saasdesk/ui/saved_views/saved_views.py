"""Saved views of one list: chosen, changed, saved, renamed, deleted, filed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.documents import Unreadable
from saasdesk.reports.views import (
    ViewChoice,
    ViewDocument,
    ViewRow,
    add_view,
    delete_view,
    list_choices,
    save_view,
    unreadable_views,
)
from saasdesk.services import Services
from saasdesk.ui.dialogs.details_dialog import DetailsDialog
from saasdesk.ui.document_files import DocumentFiles
from saasdesk.ui.navigation import Command, Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.saved_views.looks import document_of, look_of
from saasdesk.ui.saved_views.places import ViewAsked
from saasdesk.ui.saved_views.view_button import ViewButton
from saasdesk.ui.tables import Memory, RecordTable, TableReaders
from saasdesk.ui.tables.layout import Look
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, escaped_tip, visible_text

_USUAL = ""

Known = tuple[list[ViewChoice], list[Unreadable]]


class SavedViews(QObject):
    """`button` names the view that a table is looked at through, and offers the others."""

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        table: RecordTable,
        of: ListObject,
    ) -> None:
        super().__init__(table)
        self._store, self._frame, self._theme, self._memory = services.store, frame, theme, memory
        self._table, self._of = table, of
        self._reading = Reading(readers, self)
        self._choices: list[ViewChoice] = []
        # A newer program made them: they are kept, and cannot be shown.
        self._unreadable: list[Unreadable] = []
        kept = memory.get(self._memory_key)
        self._key = str(kept.get("view", _USUAL)) if isinstance(kept, dict) else _USUAL
        # A view that was asked for before it was known which ones there are.
        self._wanted = ""
        self.button = ViewButton(theme)
        self.button.setObjectName(f"{of.value}-view")
        self._menu = QMenu(self.button)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.button.setMenu(self._menu)
        store = services.store
        self.files = DocumentFiles(
            services.profile, frame, readers, table, ViewDocument, lambda document: add_view(store, document)
        )
        self.files.imported.connect(self._on_imported)
        table.look_changed.connect(self._show_name)
        self._show_name()
        self.refresh()

    @property
    def choices(self) -> list[ViewChoice]:
        """The views of this list, the admin's own first."""
        return self._choices

    @property
    def chosen(self) -> ViewChoice | None:
        """The view that was chosen; none where the list is as it comes."""
        return next((choice for choice in self._choices if choice.key == self._key), None)

    @property
    def is_modified(self) -> bool:
        """Whether the list is not as it was saved."""
        return bool(self._table.columns) and self._table.look() != self._as_saved()

    def refresh(self) -> None:
        """Read again which views there are."""
        store, of = self._store, self._of

        def read() -> Known:
            return list_choices(store, of), unreadable_views(store)

        self._reading.ask("views", lambda _stop: read(), self._on_choices, self._complain)

    def show(self, key: str) -> None:
        """Look at the list through the view of this key."""
        if not any(choice.key == key for choice in self._choices) and key != _USUAL:
            self._wanted = key
            self.refresh()
            return
        self._choose(key)
        self.back_to_saved()

    def open(self, argument: object) -> None:
        """Look at the list through the view that a page was asked for, if it was."""
        if isinstance(argument, ViewAsked):
            self.show(argument.key)

    def back_to_saved(self) -> None:
        """Show the list as the view says, whatever was changed since."""
        self._table.show_look(self._as_saved())

    def save(self) -> None:
        """Give the chosen view the present look of the list."""
        chosen = self.chosen
        if chosen is None or chosen.number is None:
            self.ask_for_new()
            return
        document, number, store = self._document(chosen.name, chosen.document.description), chosen.number, self._store
        self._reading.ask("save", lambda _stop: save_view(store, number, document), self._on_saved, self._complain)

    def ask_for_new(self) -> None:
        """Ask what the present look of the list is called."""
        chosen = self.chosen
        name = chosen.name if chosen is not None else self.tr("My view")
        document = self._document(name, chosen.document.description if chosen is not None else "")
        store = self._store
        self._ask(self.tr("Save the view"), self.tr("Save"), document, lambda given: add_view(store, given))

    def ask_for_name(self) -> None:
        """Ask for another name of the chosen view; what it shows stays as it was saved."""
        chosen, store = self.chosen, self._store
        if chosen is None or chosen.number is None:
            return
        number, title = chosen.number, self.tr("Rename “{0}”").format(chosen.name)
        self._ask(title, self.tr("Rename"), chosen.document, lambda given: save_view(store, number, given))

    def delete(self) -> None:
        """Delete the chosen view; the list stays as it is, and a message offers to take it back."""
        chosen, store = self.chosen, self._store
        if chosen is None or chosen.number is None:
            return
        row = ViewRow(chosen.number, chosen.document, 1)

        def bring_back() -> None:
            self._reading.ask("save", lambda _stop: add_view(store, row.document), self._on_saved, self._complain)

        def gone(_done: object) -> None:
            text = self.tr("The view “{0}” is deleted.").format(chosen.name)
            self._frame.toast(text, "info", (self.tr("Undo"), bring_back))
            self._choose(_USUAL)
            self.refresh()

        self._reading.ask("delete", lambda _stop: delete_view(store, row), gone, self._complain)

    def commands(self) -> list[Command]:
        """What can be done with the view of the list; the palette finds the others by name."""
        commands = [Command(self.tr("Save the view as…"), self.ask_for_new, "", "save", "View")] if self._may else []
        chosen = self.chosen
        if chosen is not None and chosen.number is not None and self._may:
            commands.append(Command(self.tr("Save the view"), self.save, "Ctrl+S", "save", "View"))
        return commands

    # The menu

    @property
    def _may(self) -> bool:
        # Whoever looks at the past changes nothing.
        return not self._store.moment

    def _names(self) -> list[tuple[str, str]]:
        return [(_USUAL, self.tr("Usual view")), *((choice.key, choice.name) for choice in self._choices)]

    def _fill_menu(self) -> None:
        menu, chosen, is_modified = self._menu, self.chosen, self.is_modified
        menu.clear()
        group = QActionGroup(menu)
        tips = {choice.key: choice.document.description for choice in self._choices}
        numbered = {choice.key for choice in self._choices if choice.number is not None}
        for place, (key, name) in enumerate(self._names()):
            if place == 1 or (place > 1 and key not in numbered and self._names()[place - 1][0] in numbered):
                menu.addSeparator()
            action = menu.addAction(escaped_ampersands(visible_text(name)))
            action.setCheckable(True)
            action.setChecked(key == (chosen.key if chosen is not None else _USUAL))
            action.setToolTip(escaped_tip(tips.get(key, "")))
            group.addAction(action)
            action.triggered.connect(lambda _checked, wanted=key: self.show(wanted))
        for view in self._unreadable:
            action = menu.addAction(
                self.tr("{0} (from a newer saasdesk)").format(escaped_ampersands(visible_text(view.name)))
            )
            action.setToolTip(escaped_tip(view.reason))
            action.setEnabled(False)
        menu.addSeparator()
        is_own = chosen is not None and chosen.number is not None
        self._add(self.tr("Back to as saved"), self.back_to_saved, enabled=is_modified)
        self._add(self.tr("Save"), self.save, enabled=is_own and is_modified and self._may)
        self._add(self.tr("Save as…"), self.ask_for_new, enabled=self._may)
        self._add(self.tr("Rename…"), self.ask_for_name, enabled=is_own and self._may)
        self._add(self.tr("Delete"), self.delete, enabled=is_own and self._may)
        menu.addSeparator()
        self._add(self.tr("Export the view…"), self._ask_where_to_export)
        self._add(self.tr("Import a view…"), self.files.ask_what_to_import, enabled=self._may)

    def _add(self, text: str, run: Callable[[], object], *, enabled: bool = True) -> None:
        action = self._menu.addAction(text)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked: run())

    # What is chosen

    @property
    def _memory_key(self) -> str:
        return f"view-of-{self._table.objectName()}"

    def _as_saved(self) -> Look:
        chosen = self.chosen
        return self._table.usual_look() if chosen is None else look_of(chosen.document).known_to(self._table.columns)

    def _choose(self, key: str) -> None:
        self._key = key
        self._memory[self._memory_key] = {"view": key}
        self._show_name()

    def _show_name(self) -> None:
        chosen = self.chosen
        name = chosen.name if chosen is not None else self.tr("Usual view")
        description = chosen.document.description if chosen is not None else ""
        self.button.show_view(name, description, is_modified=self.is_modified)

    def _on_choices(self, known: Known) -> None:
        choices, self._unreadable = known
        self._choices = choices
        wanted, self._wanted = self._wanted, ""
        self._show_name()
        if wanted and any(choice.key == wanted for choice in choices):
            self.show(wanted)
        elif wanted:
            self._frame.toast(self.tr("This view is no longer here."), "warn")

    # Keeping

    def _document(self, name: str, description: str) -> ViewDocument:
        return document_of(self._table.look(), self._of, name, description)

    def _ask(self, title: str, keep: str, document: ViewDocument, work: Callable[[ViewDocument], ViewRow]) -> None:
        dialog = DetailsDialog(self._theme, title, keep, document, parent=self._table.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def kept(row: ViewRow) -> None:
            dialog.accept()
            self._on_saved(row)

        def ask(given: ViewDocument) -> None:
            self._reading.ask("save", lambda _stop: work(given), kept, dialog.show_problem)

        dialog.wanted.connect(ask)
        dialog.open()

    def _on_saved(self, row: ViewRow) -> None:
        self._choose(str(row.id))
        self.refresh()
        self._frame.say(self.tr("The view “{0}” is saved.").format(row.document.name))

    def _on_imported(self, row: ViewRow) -> None:
        if row.document.object is self._of:
            self._wanted = str(row.id)
            self.refresh()
        else:
            self._frame.toast(
                self.tr("“{0}” is a view of another list, and waits there.").format(row.document.name), "info"
            )

    def _ask_where_to_export(self) -> None:
        chosen = self.chosen
        name = chosen.name if chosen is not None else self.tr("My view")
        self.files.ask_where_to_export(self._document(name, chosen.document.description if chosen is not None else ""))

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error")
