"""What a hand does to records: adds, edits, archives, takes out of the archive. All of it can be taken back."""

import threading
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from saasdesk.fields import Field, ObjectKind
from saasdesk.jobs import Tell
from saasdesk.records.changes import FieldEdit
from saasdesk.records.editing import (
    BulkPlan,
    FormRecord,
    empty_form,
    fields_for_many,
    form_of,
    set_archived,
    take_back,
    take_back_bulk,
)
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import HandJobs
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.record_list.bulk_dialog import BulkDialog
from saasdesk.ui.pages.record_list.csv_files import ask_for_csv
from saasdesk.ui.pages.record_list.record_form import RecordForm
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton


class RecordEditing(QObject):
    """For the records of one kind, on one page; `added` brings the number of a new one."""

    added = Signal(int)

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        kind: ObjectKind,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._store, self._frame, self._theme, self._bridge = services.store, frame, theme, bridge
        self._kind, self._page = kind, page
        self._exports = services.profile.exports
        self._readers = readers
        self._reading = Reading(readers, self)
        self._jobs = HandJobs(frame, bridge, self)

    @property
    def is_possible(self) -> bool:
        """Whether anything can be changed: the past cannot."""
        return not self._store.moment

    def add_to(self, table: RecordTable) -> LinkButton:
        """Put archiving beside a selection, and all that can be done with one record into the menu of its line."""
        button = LinkButton(self._theme, self.tr("Archive"), "archive")
        back = LinkButton(self._theme, self.tr("Take out of the archive"), "retry")
        # Not setVisible(True): it lies nowhere yet, and would be a window of its own that takes the keyboard.
        back.hide()
        if not self.is_possible:
            button.hide()
            return button
        edit = LinkButton(self._theme, self.tr("Edit…"), "edit")
        edit.clicked.connect(lambda: self.edit_all(list(table.selected_ids())))
        button.clicked.connect(lambda: self.archive(list(table.selected_ids())))
        back.clicked.connect(lambda: self.restore(list(table.selected_ids())))
        table.selection_bar.add_actions(edit, button, back)
        # Among active records nobody is archived.
        table.selection_changed.connect(lambda _count: back.setVisible(table.query.active is not True))
        table.row_menu_shown.connect(partial(self._fill_row_menu, table))
        return button

    def add_button(self, text: str) -> QPushButton:
        """The button that adds one."""
        button = OutlinedButton(self._theme, text, "plus")
        button.clicked.connect(self.add)
        # Not setVisible(True): it lies nowhere yet, and would be a window of its own that takes the keyboard.
        if not self.is_possible:
            button.hide()
        return button

    def import_button(self) -> QPushButton:
        """The button that brings many from a file."""
        button = OutlinedButton(self._theme, self.tr("Import…"), "import")
        button.clicked.connect(self.import_file)
        if not self.is_possible:
            button.hide()
        return button

    def import_file(self) -> None:
        """Choose a file, and go on with it on a page of its own."""
        chosen = ask_for_csv(self._page, self._kind, self._exports) if self._may() else None
        if chosen is not None:
            self._frame.navigate("import", (self._kind, chosen))

    def add(self) -> None:
        """Open an empty form."""
        store, kind = self._store, self._kind
        if self._may():
            self._reading.ask("form", lambda _stop: empty_form(store, kind), self._open, self._complain)

    def edit(self, record: int) -> None:
        """Open a form on a record."""
        store, kind = self._store, self._kind
        if self._may():
            self._reading.ask("form", lambda _stop: form_of(store, kind, record), self._open, self._complain)

    def edit_all(self, records: Sequence[int]) -> None:
        """Edit these records: one in a form of its own, several by one field."""
        if len(records) == 1:
            self.edit(records[0])
        elif records and self._may():
            store, kind = self._store, self._kind
            self._reading.ask(
                "form",
                lambda _stop: fields_for_many(store, kind, len(records)),
                lambda fields: self._open_for_many(fields, records),
                self._complain,
            )

    def archive(self, records: Sequence[int]) -> None:
        """Archive these records; a message offers to take that back."""
        self._set_archived(records, archived=True)

    def restore(self, records: Sequence[int]) -> None:
        """Take these records out of the archive; a message offers to take that back."""
        self._set_archived(records, archived=False)

    def _may(self) -> bool:
        if not self.is_possible:
            self._frame.toast(self.tr("This is the past, and cannot be changed. Go back to the present first."), "info")
        return self.is_possible

    def _open(self, form: FormRecord) -> None:
        title = self._words()[0] if form.record is None else self.tr("Edit {0}").format(form.name)
        dialog = RecordForm(self._store, form, title, self._theme, self._frame, self._bridge, self._page.window())
        dialog.added.connect(self._on_added)
        dialog.edited.connect(partial(self._on_edited, form))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_for_many(self, fields: Sequence[Field], records: Sequence[int]) -> None:
        dialog = BulkDialog(
            self._store,
            self._kind,
            fields,
            records,
            self._theme,
            self._frame,
            self._bridge,
            self._readers,
            self._page.window(),
        )
        dialog.edited.connect(self._on_many_edited)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_many_edited(self, done: BulkPlan) -> None:
        text = counted(len(done.lines), self.tr("{0} record is changed."), self.tr("{0} records are changed."))
        self._frame.toast(text, "ok", (self.tr("Undo"), lambda: self._take_back_many(done)), seconds=15)

    def _take_back_many(self, done: BulkPlan) -> None:
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> None:
            take_back_bulk(store, done)

        name = self.tr("Taking back the edit of many records")
        self._jobs.start(work, name, lambda _nothing: self._frame.toast(self.tr("The edit is taken back."), "ok"))

    def _on_added(self, record: int) -> None:
        self._frame.toast(self._words()[1], "ok")
        self.added.emit(record)

    def _on_edited(self, form: FormRecord, changes: tuple[FieldEdit, ...]) -> None:
        undo = (self.tr("Undo"), lambda: self._take_back(form, changes))
        self._frame.toast(self.tr("“{0}” is saved.").format(form.name), "ok", undo)

    def _take_back(self, form: FormRecord, changes: tuple[FieldEdit, ...]) -> None:
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> None:
            take_back(store, form, changes)

        name = self.tr("Taking back the edit of {0}").format(form.name)
        self._jobs.start(work, name, lambda _nothing: self._frame.toast(self.tr("The edit is taken back."), "ok"))

    def _set_archived(self, records: Sequence[int], *, archived: bool) -> None:
        store, kind = self._store, self._kind
        if not records or not self._may():
            return
        why = self.tr("archived by hand") if archived else self.tr("taken out of the archive by hand")

        def work(_tell: Tell, _stop: threading.Event) -> list[int]:
            return set_archived(store, kind, records, why, archived=archived)

        def say(done: list[int]) -> None:
            words = (
                counted(len(done), self.tr("{0} record is archived."), self.tr("{0} records are archived."))
                if archived
                else counted(
                    len(done), self.tr("{0} record is back from the archive."), self.tr("{0} records are back.")
                )
            )
            undo = (self.tr("Undo"), lambda: self._set_archived(done, archived=not archived))
            self._frame.toast(words, "ok" if done else "info", undo if done else None)

        name = self.tr("Archiving") if archived else self.tr("Taking out of the archive")
        self._jobs.start(work, name, say)

    def _fill_row_menu(self, table: RecordTable, menu: QMenu) -> None:
        record = table.current_id()
        if record is None:
            return
        first = menu.actions()[0] if menu.actions() else None
        edit, archive = menu.addAction(self.tr("Edit…")), menu.addAction(self.tr("Archive"))
        chosen = list(table.selected_ids())
        if len(chosen) > 1 and record in chosen:
            edit.setText(self.tr("Edit {0} records…").format(QLocale().toString(len(chosen))))
        edit.triggered.connect(lambda: self.edit_all(chosen if record in chosen else [record]))
        archive.triggered.connect(lambda: self.archive(list(table.selected_ids()) or [record]))
        actions = [edit, archive]
        if table.query.active is not True:
            back = menu.addAction(self.tr("Take out of the archive"))
            back.triggered.connect(lambda: self.restore(list(table.selected_ids()) or [record]))
            actions.append(back)
        if first is not None:
            for action in actions:
                menu.insertAction(first, action)

    def _words(self) -> tuple[str, str]:
        """The title of an empty form, and what is said when it was kept."""
        if self._kind is ObjectKind.ASSETS:
            return self.tr("Add an asset"), self.tr("The asset is added.")
        return self.tr("Add a person"), self.tr("The person is added.")

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
