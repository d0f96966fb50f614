"""What changed of one application itself: its name, vendor, category and link, by whom and in which run."""

import threading

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.fields import ObjectKind
from saasdesk.records.history import RecordChange, changes_of_record
from saasdesk.store import Store
from saasdesk.ui.pages.record_list.history_view import change_headings, change_lines
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.plain_label import PlainLabel

_MOST_CHANGES = 500


class HistoryView(QWidget):
    """A line a change, the newest first; Enter opens the run that made it."""

    session_wanted = Signal(int)
    failed = Signal(str)

    def __init__(self, store: Store, theme: Theme, readers: TableReaders, application: int) -> None:
        super().__init__()
        self._store, self._application = store, application
        self._reading = Reading(readers, self)
        self.table = LineTable(theme, self.tr("History"), change_headings(), compact=True)
        self.note = PlainLabel("", "secondary", "muted")
        column = Column(theme, gap=8, margins=(24, 16, 24, 0))
        column.addWidget(self.note)
        column.addWidget(self.table, 1)
        self.setLayout(column)
        self.table.opened.connect(self._on_opened)

    def refresh(self) -> None:
        """Read the changes again."""
        store, application = self._store, self._application

        def work(stop: threading.Event) -> tuple[RecordChange, ...]:
            return changes_of_record(store, ObjectKind.SAAS_APPLICATIONS, application, _MOST_CHANGES, stop)

        self._reading.ask("history", work, self._show, self.failed.emit)

    def _show(self, changes: tuple[RecordChange, ...]) -> None:
        self.table.show_lines(change_lines(changes))
        note = self.tr("Its users and licences have histories of their own, on the pages of their people.")
        self.note.set_text(note if changes else self.tr("Nothing has changed of it yet."))

    def _on_opened(self, session: object) -> None:
        if isinstance(session, int):
            self.session_wanted.emit(session)
