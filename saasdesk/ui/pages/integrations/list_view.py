"""Integrations in list view: the same ones as in block view, in a table."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Special, Value
from saasdesk.ui.pages.integrations.actions import fill_menu
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.session_words import preference, saas_mode, status_of_run
from saasdesk.ui.pages.integrations.tile_facts import TileFacts
from saasdesk.ui.tables import Memory, RecordTable, TableReaders
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.status_word import status

_COUNTS = ("created", "updated", "skipped", "failed")


class ListView(QWidget):
    """Enter opens a line, F2 renames it, its menu is that of the tile."""

    pressed = Signal(object, str)

    def __init__(self, theme: Theme, readers: TableReaders, memory: Memory, watch: RunWatch) -> None:
        super().__init__()
        self._watch = watch
        self._facts: dict[int, TileFacts] = {}
        self._records: Records = {}
        source = ShortList(self.tr("integrations"), _columns(), lambda: self._records)
        self.table = RecordTable(source, theme, readers, memory, "integrations", has_states=False, has_search=False)
        # The field above searches all views, and the head of the page says how many there are.
        self.table.count_label.hide()
        self.table.opened.connect(self._on_opened)
        self.table.row_menu_shown.connect(self._fill_row_menu)
        column = Column(theme, gap=0)
        column.addWidget(self.table)
        self.setLayout(column)

    def show_facts(self, facts: Sequence[TileFacts]) -> None:
        """Show these integrations."""
        self._facts = {each.integration.id: each for each in facts}
        running = {each.integration.id for each in facts if self._watch.find(each.integration.name) is not None}
        records = {number: _record(each, is_running=number in running) for number, each in self._facts.items()}
        if records != self._records:
            self._records = records
            self.table.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        facts = self._facts.get(self.table.current_id() or 0)
        if event.key() == Qt.Key.Key_F2 and facts is not None and self._watch.find(facts.integration.name) is None:
            self.pressed.emit(facts, "rename")
            return
        super().keyPressEvent(event)

    def _on_opened(self, number: int) -> None:
        if number in self._facts:
            self.pressed.emit(self._facts[number], "open")

    def _on_copy_wanted(self) -> None:
        self.table.copy()

    def _fill_row_menu(self, menu: QMenu) -> None:
        facts = self._facts.get(self.table.current_id() or 0)
        if facts is None:
            return
        menu.clear()
        is_running = self._watch.find(facts.integration.name) is not None
        fill_menu(menu, facts.integration.state, lambda wish: self.pressed.emit(facts, wish), is_running=is_running)
        menu.addSeparator()
        menu.addAction(self.tr("Copy rows\tCtrl+C")).triggered.connect(self._on_copy_wanted)


def _columns() -> tuple[ListColumn, ...]:
    short = FieldType.SHORT_TEXT
    counts = {
        "created": _tr("Created"),
        "updated": _tr("Updated"),
        "skipped": _tr("Skipped"),
        "failed": _tr("Failed"),
    }
    return (
        ListColumn("name", _tr("Name"), short, 184),
        ListColumn("state", _tr("State"), Special.STATUS, 148),
        ListColumn("vendor", _tr("Vendor"), Special.APPLICATION, 136),
        ListColumn("loads", _tr("Loads"), short, 144),
        ListColumn("preference", _tr("Preference"), short, 132, is_shown=False),
        ListColumn("installation_type", _tr("Installation type"), short, 120, is_shown=False),
        ListColumn("credential", _tr("Credential"), short, 140, is_shown=False),
        ListColumn("schedule", _tr("Schedule"), short, 120),
        ListColumn("next_run", _tr("Next run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("last_run", _tr("Last run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("last_status", _tr("Last status"), Special.STATUS, 192),
        *(ListColumn(key, title, FieldType.NUMBER, 84, align_right=True) for key, title in counts.items()),
        ListColumn("integration_user", _tr("Integration user"), short, 140, is_shown=False),
        ListColumn("contacts", _tr("Contacts"), short, 180, is_shown=False),
    )


def _record(facts: TileFacts, *, is_running: bool) -> dict[str, Value]:
    integration, standing = facts.integration, facts.standing
    document, last = integration.document, standing.last
    counts = last.counts if last is not None else {}
    return {
        "name": integration.name,
        "state": status("running" if is_running else facts.word).word,
        "vendor": integration.connector.title,
        "loads": saas_mode(document),
        "preference": preference(document),
        "installation_type": _tr("Local"),
        "credential": document.credential or None,
        "schedule": document.schedule.in_words(),
        "next_run": None if facts.schedules_rest else standing.next_run,
        "last_run": last.started_at if last is not None else None,
        "last_status": status_of_run(last.status).word if last is not None else status("never_run").word,
        **{key: int(counts.get(key, 0)) if last is not None else None for key in _COUNTS},
        "integration_user": document.acting_name,
        "contacts": ", ".join(document.contacts) or None,
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("ListView", text)
