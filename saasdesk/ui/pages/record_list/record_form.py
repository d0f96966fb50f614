"""A form on one record: its fields in the order of the data model, each with what is wrong with it below."""

import threading
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.fields import Field, FieldType
from saasdesk.jobs import Ended, Job, Message, Tell
from saasdesk.records.changes import FieldEdit
from saasdesk.records.editing import FieldProblems, FormRecord, add_record, edit_record
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import RECORDS_BY_HAND
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.record_list.field_entry import Entry, entered_text, entry_for
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError

_Kept = int | tuple[FieldEdit, ...] | FieldProblems


class RecordForm(FormDialog):
    """`added` brings the number of a new record, `edited` what changed in one that was there.

    What was typed is kept in a job, so that everybody who shows records hears of it.
    """

    added = Signal(int)
    edited = Signal(object)

    def __init__(
        self,
        store: Store,
        form: FormRecord,
        title: str,
        theme: Theme,
        frame: Frame,
        bridge: Bridge,
        parent: QWidget | None,
    ) -> None:
        keep = _tr("Add") if form.record is None else _tr("Save")
        super().__init__(theme, title, keep, parent=parent)
        self._store, self._frame, self.form = store, frame, form
        self._job: Job | None = None
        self._entries: dict[str, Entry] = {}
        self._errors: dict[str, InlineError] = {}
        grid = FormGrid(theme, label_width=152)
        for field in form.fields:
            self._add(grid, field)
        self.body.addLayout(grid)
        self.keep.clicked.connect(self._save)
        bridge.heard.connect(self._on_heard)
        self.fit(640)
        if form.fields:
            self._entries[form.fields[0].external_id].setFocus(Qt.FocusReason.OtherFocusReason)

    def entry(self, field: str) -> Entry:
        """The place where a field is typed."""
        return self._entries[field]

    def error(self, field: str) -> str:
        """What is said to be wrong with a field."""
        return self._errors[field].message

    def _add(self, grid: FormGrid, field: Field) -> None:
        entry = entry_for(field, self.form.text(field))
        label = field.label + (" *" if field.mandatory else "")
        help_text = field.help or (_tr("Several values are parted by commas.") if field.type is FieldType.LIST else "")
        self._errors[field.external_id] = grid.add_field(visible_text(label), entry, visible_text(help_text))
        entry.setAccessibleName(visible_text(field.label))
        self._entries[field.external_id] = entry

    def _texts(self) -> Mapping[str, str]:
        return {name: entered_text(entry) for name, entry in self._entries.items()}

    def _save(self) -> None:
        self.clear_problem()
        for error in self._errors.values():
            error.clear()
        store, form, texts = self._store, self.form, self._texts()

        def work(_tell: Tell, _stop: threading.Event) -> _Kept:
            try:
                if form.record is None:
                    return add_record(store, form.kind, texts)
                return edit_record(store, form, texts)
            except FieldProblems as wrong:
                return wrong

        self._job = self._frame.start_job(
            work, _tr("Saving {0}").format(form.name or self.windowTitle()), RECORDS_BY_HAND
        )
        if self._job is not None:
            self.set_busy(_tr("Saving…"))

    def _on_heard(self, message: Message) -> None:
        if self._job is None or not isinstance(message, Ended) or message.job != self._job:
            return
        self._job = None
        if message.error is not None:
            self.show_problem(str(message.error))
        else:
            self._take(message.result)

    def _take(self, kept: object) -> None:
        self.set_busy("")
        match kept:
            case FieldProblems() as wrong:
                self._show_problems(wrong.problems)
            case int(number):
                self.accept()
                self.added.emit(number)
            case changes:
                self.accept()
                if changes:
                    self.edited.emit(changes)

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        first = next(name for name in self._entries if name in problems)
        self._entries[first].setFocus(Qt.FocusReason.OtherFocusReason)
        for name, sentence in problems.items():
            self._errors[name].show_error(visible_text(sentence))


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecordForm", text)
