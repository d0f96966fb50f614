"""Workflows in list view: the same ones as in block view, in a table."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Special, Value
from saasdesk.ui.pages.workflows.actions import fill_menu
from saasdesk.ui.pages.workflows.words import began_by, object_word, state_of_run, state_word
from saasdesk.ui.tables import Memory, RecordTable, TableReaders
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.status_word import status
from saasdesk.workflows.overview import Standing


class WorkflowList(QWidget):
    """Enter opens a line, F2 renames it, its menu is that of the tile."""

    pressed = Signal(object, str)

    def __init__(self, theme: Theme, readers: TableReaders, memory: Memory) -> None:
        super().__init__()
        self._standings: dict[int, Standing] = {}
        self._records: Records = {}
        source = ShortList(self.tr("workflows"), _columns(), lambda: self._records)
        self.table = RecordTable(source, theme, readers, memory, "workflows", has_states=False, has_search=False)
        # The field above searches both views, and the head of the page says how many there are.
        self.table.count_label.hide()
        self.table.opened.connect(self._on_opened)
        self.table.row_menu_shown.connect(self._fill_row_menu)
        column = Column(theme, gap=0)
        column.addWidget(self.table)
        self.setLayout(column)

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """Show these workflows."""
        self._standings = {each.workflow.id: each for each in standings}
        records = {number: _record(each) for number, each in self._standings.items()}
        if records != self._records:
            self._records = records
            self.table.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        standing = self._current
        if event.key() == Qt.Key.Key_F2 and standing is not None:
            self.pressed.emit(standing.workflow, "rename")
            return
        super().keyPressEvent(event)

    @property
    def _current(self) -> Standing | None:
        return self._standings.get(self.table.current_id() or 0)

    def _on_opened(self, number: int) -> None:
        if number in self._standings:
            self.pressed.emit(self._standings[number].workflow, "open")

    def _on_copy_wanted(self) -> None:
        self.table.copy()

    def _fill_row_menu(self, menu: QMenu) -> None:
        standing = self._current
        if standing is None:
            return
        menu.clear()
        fill_menu(menu, standing, lambda wish: self.pressed.emit(standing.workflow, wish))
        menu.addSeparator()
        menu.addAction(self.tr("Copy rows\tCtrl+C")).triggered.connect(self._on_copy_wanted)


def _columns() -> tuple[ListColumn, ...]:
    short = FieldType.SHORT_TEXT
    return (
        ListColumn("name", _tr("Name"), short, 240),
        ListColumn("state", _tr("State"), Special.STATUS, 148),
        ListColumn("object", _tr("Object"), short, 104),
        ListColumn("begins", _tr("Begins"), short, 184),
        ListColumn("last_run", _tr("Last run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("last_status", _tr("Last status"), Special.STATUS, 132),
        ListColumn("next_run", _tr("Next run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("version", _tr("Version"), FieldType.NUMBER, 84, align_right=True),
        ListColumn("blocks", _tr("Blocks"), FieldType.NUMBER, 84, align_right=True),
        ListColumn("description", _tr("Description"), short, 240, is_shown=False),
    )


def _record(standing: Standing) -> dict[str, Value]:
    workflow, last = standing.workflow, standing.last
    return {
        "name": workflow.name,
        "state": state_word(standing),
        "object": object_word(workflow.document.object),
        "begins": began_by(standing.began_by, standing.schedule),
        "last_run": last.started_at if last is not None else None,
        "last_status": state_of_run(last.state).word if last is not None else status("never_run").word,
        "next_run": standing.next_run,
        "version": workflow.version,
        "blocks": len(workflow.document.blocks),
        "description": workflow.document.description or None,
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("Workflows", text)
