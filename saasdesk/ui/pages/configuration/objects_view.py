"""Custom Objects: the lists, locations first, on which fields look their values up."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.fields.custom_objects.objects import (
    LOCATIONS,
    CustomObject,
    change_object,
    create_object,
    delete_object,
    list_objects,
)
from saasdesk.records.objects import ListedItem, delete_item, keep_item, keep_names, read_items
from saasdesk.services import Services
from saasdesk.ui.moments import number
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.configuration.object_dialogs import ListDialog, ObjectDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import DangerButton, IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.question import Question


@dataclass(frozen=True, slots=True)
class _Contents:
    lists: list[CustomObject]
    shown: str
    items: list[ListedItem]


class ObjectsView(QWidget):
    """One list at a time: what stands on it, and what records have besides; Enter changes an object."""

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._store, self._frame, self._theme = services.store, frame, theme
        self._reading = Reading(readers, self)
        self._lists: list[CustomObject] = []
        self._items: list[ListedItem] = []
        self._list = LOCATIONS
        self._build()

    def _build(self) -> None:
        theme = self._theme
        self.new = PrimaryButton(theme, self.tr("Add new object"), "plus")
        self.new.clicked.connect(self.ask_for_new)
        head = Row(theme, gap=8)
        head.addWidget(PlainLabel(self.tr("Custom Objects"), "section"))
        head.addStretch(1)
        head.addWidget(self.new)
        self.told = Paragraph(theme, role="secondary", tone="muted")
        self.table = LineTable(
            theme,
            self.tr("Objects"),
            (
                Heading(self.tr("Name"), share=5),
                Heading(self.tr("Also called"), share=5, from_width=480),
                Heading(self.tr("Records"), 80),
                Heading(self.tr("State"), 128),
                Heading(self.tr("Note"), share=4, from_width=720),
            ),
            compact=True,
            keeps_mark=True,
        )
        self.table.opened.connect(self.ask_to_change)
        self.table.current.connect(lambda _key: self._show_buttons())
        column = Column(theme, gap=12)
        column.addLayout(head)
        column.addLayout(self._build_list_actions())
        column.addWidget(self.told)
        column.addWidget(self.table, 1)
        column.addLayout(self._build_foot())
        self.setLayout(column)
        self._show_buttons()

    def _build_list_actions(self) -> Row:
        """Which list is shown, and what can be done with it as a whole."""
        theme = self._theme
        self.lists = QComboBox()
        self.lists.setAccessibleName(self.tr("Which list"))
        self.lists.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lists.setMinimumContentsLength(16)
        self.lists.activated.connect(self._on_list)
        self.new_list = IconButton(theme, "plus", self.tr("Add new list"), outlined=True)
        self.new_list.clicked.connect(self.ask_for_new_list)
        self.change_list = IconButton(theme, "edit", self.tr("Change the list"), outlined=True)
        self.change_list.clicked.connect(self._ask_to_change_list)
        self.delete_list = IconButton(theme, "trash", self.tr("Delete the list"), outlined=True)
        self.delete_list.clicked.connect(self._ask_to_delete_list)
        # A label of its own: screen readers call a list of choices by what is chosen.
        label = PlainLabel(self.tr("List"), "body", "muted")
        label.setBuddy(self.lists)
        row = Row(theme, gap=8)
        for widget in (label, self.lists, self.new_list, self.change_list, self.delete_list):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _build_foot(self) -> Row:
        """What can be done with the object that is chosen, and with all that were seen."""
        theme = self._theme
        self.change = OutlinedButton(theme, self.tr("Change…"), "edit")
        self.change.clicked.connect(lambda: self.ask_to_change(self.table.current_key))
        self.delete = OutlinedButton(theme, self.tr("Delete…"), "trash")
        self.delete.clicked.connect(self._ask_to_delete)
        self.keep_all = OutlinedButton(theme, self.tr("Put all on the list"), "check")
        self.keep_all.clicked.connect(self._keep_all)
        row = Row(theme, gap=8)
        for button in (self.change, self.delete, self.keep_all):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def refresh(self) -> None:
        """Read the lists again, and what stands on the one that is shown."""
        store, wanted = self._store, self._list

        def read(_stop: threading.Event) -> _Contents:
            lists = list_objects(store)
            shown = wanted if any(known.external_id == wanted for known in lists) else LOCATIONS
            return _Contents(lists, shown, read_items(store, shown))

        self._reading.ask("objects", read, self._show, self._complain)

    def ask_for_new_list(self) -> None:
        """Open the form of a new list."""
        dialog, store = ListDialog(self._theme, None, self), self._store

        def write() -> None:
            name, only_these = dialog.name.text(), dialog.only_these.isChecked()
            self._write(lambda: create_object(store, name, only_these=only_these), dialog, self._on_made)

        self._open(dialog, write)

    def ask_for_new(self) -> None:
        """Open the form of a new object."""
        self._open_object(None)

    def ask_to_change(self, key: object) -> None:
        """Open the form of an object."""
        listed = self._find(key)
        if listed is not None:
            self._open_object(listed)

    def _open_object(self, listed: ListedItem | None) -> None:
        kept = [each.item for each in self._items if each.kept]
        dialog = ObjectDialog(self._theme, listed, kept, self)
        store, shown = self._store, self._list

        def write() -> None:
            item = dialog.item()
            self._write(lambda: keep_item(store, shown, item), dialog)

        self._open(dialog, write)

    def _on_list(self, _row: int) -> None:
        self._list = self.lists.currentData()
        self.refresh()

    def _show(self, contents: _Contents) -> None:
        self._lists, self._list, self._items = contents.lists, contents.shown, contents.items
        self.lists.clear()
        for known in contents.lists:
            self.lists.addItem(visible_text(known.label), known.external_id)
        self.lists.setCurrentIndex(self.lists.findData(self._list))
        current = self.table.current_key
        self.table.show_lines([self._line(listed) for listed in self._items])
        if self._items:
            row = next((row for row, listed in enumerate(self._items) if _key(listed) == current), 0)
            self.table.setCurrentIndex(self.table.model_of_lines.index(row, 0))
        self.told.set_runs(self._in_words())
        self._show_buttons()

    def _line(self, listed: ListedItem) -> Line:
        state = Cell(self.tr("On the list")) if listed.kept else Cell(self.tr("Seen in records"), "muted")
        return Line(
            (
                Cell(listed.item.name, role="strong"),
                Cell(", ".join(listed.item.also), "muted"),
                Cell(number(listed.records), "text" if listed.records else "muted"),
                state,
                Cell(listed.item.note, "muted"),
            ),
            _key(listed),
        )

    def _in_words(self) -> str:
        shown = self._shown
        if shown is None:
            return ""
        users = self.tr("Used by {0}.").format(", ".join(shown.used_by)) if shown.used_by else ""
        if not users:
            users = self.tr("No field uses it: make one of the type Custom object lookup in Field Configuration.")
        accepts = self.tr("Values that are not on the list are taken too, and shown as seen in records.")
        if shown.only_these:
            accepts = self.tr("Only what stands on the list is accepted; a record with another value is reported.")
        return f"{users} {accepts}"

    @property
    def _shown(self) -> CustomObject | None:
        return next((known for known in self._lists if known.external_id == self._list), None)

    def _find(self, key: object) -> ListedItem | None:
        return next((listed for listed in self._items if _key(listed) == key), None)

    def _show_buttons(self) -> None:
        listed, shown = self._find(self.table.current_key), self._shown
        self.change.setEnabled(listed is not None)
        self.delete.setEnabled(listed is not None and listed.kept)
        self.keep_all.setEnabled(any(not each.kept for each in self._items))
        self.change_list.setEnabled(shown is not None)
        self.delete_list.setEnabled(shown is not None and not shown.is_builtin)

    def _keep_all(self) -> None:
        store, shown = self._store, self._list
        names = [listed.item.name for listed in self._items if not listed.kept]
        self._ask("keep", lambda: keep_names(store, shown, names))

    def _ask_to_change_list(self) -> None:
        shown, store = self._shown, self._store
        if shown is None:
            return
        dialog = ListDialog(self._theme, shown, self)

        def write() -> None:
            name, only_these = dialog.name.text(), dialog.only_these.isChecked()
            self._write(lambda: change_object(store, shown.external_id, name, only_these=only_these), dialog)

        self._open(dialog, write)

    def _ask_to_delete(self) -> None:
        listed = self._find(self.table.current_key)
        if listed is None:
            return
        text = self.tr("No record names it.")
        if listed.records:
            text = self.tr("{0} records name it and keep the name.").format(number(listed.records))
        self._question(
            listed.item.name,
            text,
            self.tr("Delete the object"),
            partial(delete_item, self._store, self._list, listed.item),
        )

    def _ask_to_delete_list(self) -> None:
        shown = self._shown
        if shown is None:
            return
        text = self.tr("The list goes with everything that stands on it.")
        self._question(
            shown.label, text, self.tr("Delete the list"), partial(delete_object, self._store, shown.external_id)
        )

    def _question(self, name: str, text: str, do_it: str, work: Callable[[], object]) -> None:
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, do_it)
        delete.clicked.connect(partial(self._ask, "delete", work))
        title = self.tr("Delete {0}?").format(visible_text(name))
        question = Question(self._theme, title, text, [keep, delete], parent=self)
        question.finished.connect(question.deleteLater)
        question.open()

    def _ask(self, key: str, work: Callable[[], object]) -> None:
        self._reading.ask(key, lambda _stop: work(), lambda _done: self.refresh(), self._complain)

    def _on_made(self, made: object) -> None:
        if isinstance(made, CustomObject):
            self._list = made.external_id

    def _write(
        self, work: Callable[[], object], dialog: FormDialog, then: Callable[[object], object] | None = None
    ) -> None:
        def kept(done: object) -> None:
            if then is not None:
                then(done)
            dialog.accept()
            self.refresh()

        dialog.clear_problem()
        dialog.set_busy(self.tr("Saving…"))
        self._reading.ask("write", lambda _stop: work(), kept, dialog.show_problem)

    def _open(self, dialog: FormDialog, write: Callable[[], object]) -> None:
        dialog.keep.clicked.connect(write)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error", seconds=12)


def _key(listed: ListedItem) -> str:
    return f"{listed.item.id}:{listed.item.name}"
