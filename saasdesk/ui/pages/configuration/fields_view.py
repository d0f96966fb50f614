"""Field Configuration: which fields each kind of record has."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.fields import Field, Lookup, ObjectKind
from saasdesk.fields.configuration import (
    CONFIGURABLE,
    change_field,
    create_field,
    delete_field,
    list_configured,
    move_field,
)
from saasdesk.fields.custom_objects.objects import list_lookups
from saasdesk.services import Services
from saasdesk.ui.mapping_editor.painting import type_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.configuration.field_dialog import FieldDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.workflows.usage import users_of_field

# Narrower than this, the kinds of records are icons without words.
_ROOM_FOR_WORDS = 740
_ICONS = {
    ObjectKind.PEOPLE: "people",
    ObjectKind.SAAS_USERS: "person",
    ObjectKind.ASSETS: "hardware",
    ObjectKind.SAAS_APPLICATIONS: "software",
}


@dataclass(frozen=True, slots=True)
class _Contents:
    fields: list[Field]
    lookups: list[Lookup]


class FieldsView(QWidget):
    """A table of the fields; Enter changes one."""

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._kind = ObjectKind.PEOPLE
        self._fields: list[Field] = []
        self._lookups: list[Lookup] = []
        self._build()

    def _build(self) -> None:
        theme = self._theme
        words = {
            ObjectKind.PEOPLE: self.tr("People"),
            ObjectKind.SAAS_USERS: self.tr("SaaS users"),
            ObjectKind.ASSETS: self.tr("Hardware"),
            ObjectKind.SAAS_APPLICATIONS: self.tr("SaaS applications"),
        }
        choices = [Choice(kind.value, words[kind], _ICONS[kind]) for kind in CONFIGURABLE]
        self.kinds = SegmentedControl(theme, self.tr("Whose fields"), choices)
        self.kinds.chosen.connect(self._on_kind)
        self.new = PrimaryButton(theme, self.tr("Add new field"), "plus")
        self.new.clicked.connect(self.ask_for_new)
        head = Row(theme, gap=8)
        head.addWidget(PlainLabel(self.tr("Field Configuration"), "section", elided=True), 1)
        head.addWidget(self.kinds)
        head.addWidget(self.new)
        self.table = LineTable(
            theme,
            self.tr("Fields"),
            (
                Heading(self.tr("Label"), share=5),
                Heading(self.tr("External ID"), share=5),
                Heading(self.tr("Type"), 132),
                Heading(self.tr("Unique"), 72),
                Heading(self.tr("Mandatory"), 92),
                Heading(self.tr("Drop-down"), 108, from_width=860),
                Heading(self.tr("Editable"), 80, from_width=720),
                Heading(self.tr("History"), 76, from_width=860),
                Heading(self.tr("Help"), share=4, from_width=1000),
            ),
            compact=True,
            keeps_mark=True,
        )
        self.table.opened.connect(self.ask_to_change)
        self.table.current.connect(lambda _key: self._show_buttons())
        foot = Row(theme, gap=8)
        self.change = OutlinedButton(theme, self.tr("Change…"), "edit")
        self.change.clicked.connect(lambda: self.ask_to_change(self.table.current_key))
        self.up = IconButton(theme, "arrow-up", self.tr("Move the field up"), outlined=True)
        self.down = IconButton(theme, "arrow-down", self.tr("Move the field down"), outlined=True)
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))
        self.delete = OutlinedButton(theme, self.tr("Delete…"), "trash")
        self.delete.clicked.connect(self._ask_to_delete)
        for button in (self.change, self.up, self.down, self.delete):
            foot.addWidget(button)
        foot.addStretch(1)
        note = self.tr("Types and External IDs never change: templates, files and exports go by them.")
        foot.addWidget(PlainLabel(note, "secondary", "muted", elided=True))
        column = Column(theme, gap=12)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.setLayout(column)
        self._show_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.kinds.set_compact(is_compact=self.width() < self._theme.px(_ROOM_FOR_WORDS))

    def refresh(self) -> None:
        """Read the fields again."""
        store, kind = self._services.store, self._kind

        def read(_stop: threading.Event) -> _Contents:
            return _Contents(list_configured(store, kind), list_lookups(store))

        self._reading.ask("fields", read, self._show, self._complain)

    def ask_for_new(self) -> None:
        """Open the form of a new field."""
        store, kind = self._services.store, self._kind
        dialog = FieldDialog(self._theme, self._fields, self._lookups, None, self)

        def create() -> None:
            wanted = (dialog.chosen_type, dialog.definition(), dialog.custom_object)
            self._write(lambda: create_field(store, kind, *wanted), dialog)

        dialog.wanted.connect(create)
        self._open(dialog)

    def ask_to_change(self, key: object) -> None:
        """Open the form of a field."""
        field = self._find(key)
        if field is None:
            return
        store = self._services.store
        dialog = FieldDialog(self._theme, self._fields, self._lookups, field, self)
        dialog.wanted.connect(lambda: self._write(lambda: change_field(store, field, dialog.definition()), dialog))
        self._open(dialog)

    def _on_kind(self, key: str) -> None:
        self._kind = ObjectKind(key)
        self.refresh()

    def _show(self, contents: _Contents) -> None:
        current = self.table.current_key
        self._fields, self._lookups = contents.fields, contents.lookups
        fields = contents.fields
        self.table.show_lines([self._line(field) for field in fields])
        row = next((row for row, field in enumerate(fields) if field.external_id == current), 0)
        self.table.setCurrentIndex(self.table.model_of_lines.index(row, 0))
        self._show_buttons()

    def _line(self, field: Field) -> Line:
        def tick(is_on: bool) -> Cell:
            return Cell(self.tr("Yes")) if is_on else Cell("—", "muted")

        return Line(
            (
                Cell(field.label, role="strong", note=self.tr("built in") if field.builtin else ""),
                Cell(field.external_id, "muted"),
                Cell(type_in_words(field.type, "")),
                tick(field.unique),
                tick(field.mandatory),
                Cell(_choices(field)) if _choices(field) else Cell("—", "muted"),
                Cell(self.tr("Yes")) if field.editable else Cell(self.tr("No"), icon="lock"),
                Cell(self.tr("Yes")) if field.history else Cell(self.tr("No"), "muted"),
                Cell(field.help, "muted"),
            ),
            field.external_id,
        )

    def _find(self, key: object) -> Field | None:
        return next((field for field in self._fields if field.external_id == key), None)

    def _show_buttons(self) -> None:
        field = self._find(self.table.current_key)
        own = [each for each in self._fields if not each.builtin]
        is_own = field is not None and not field.builtin
        self.change.setEnabled(field is not None)
        self.delete.setEnabled(is_own)
        self.up.setEnabled(is_own and field is not own[0])
        self.down.setEnabled(is_own and field is not own[-1])

    def _move(self, by: int) -> None:
        field, store = self._find(self.table.current_key), self._services.store
        if field is not None:
            self._reading.ask("move", lambda _stop: move_field(store, field, by), self._done, self._complain)

    def _ask_to_delete(self) -> None:
        field = self._find(self.table.current_key)
        if field is None:
            return
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the field"))
        delete.clicked.connect(partial(self._delete, field))
        question = Question(
            self._theme,
            self.tr("Delete {0}?").format(field.label),
            self.tr("The field goes with its values from every record. A backup is made before."),
            [keep, delete],
            parent=self,
        )
        question.finished.connect(question.deleteLater)
        question.open()

    def _delete(self, field: Field) -> None:
        store = self._services.store

        def work(_stop: threading.Event) -> None:
            delete_field(store, field, partial(users_of_field, store))

        self._reading.ask("delete", work, self._done, self._complain)

    def _write(self, work: Callable[[], object], dialog: FieldDialog) -> None:
        def kept(_field: object) -> None:
            dialog.accept()
            self.refresh()

        self._reading.ask("write", lambda _stop: work(), kept, dialog.show_problem)

    def _done(self, _none: object) -> None:
        self.refresh()

    def _open(self, dialog: FieldDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error", seconds=12)


def _choices(field: Field) -> str:
    """What there is to choose from: so many values, or a list."""
    if field.lookup is not None:
        return field.lookup.label
    return QCoreApplication.translate("FieldsView", "{0} values").format(len(field.options)) if field.options else ""
