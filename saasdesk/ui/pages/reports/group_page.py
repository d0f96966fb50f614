"""The records behind one line of a grouped report."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Message
from saasdesk.records.listing import Value
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.reports.report_view import GroupAsked, ReportView
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.tables.commands import list_commands
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column


class GroupView(ReportView):
    """The same report, record by record, of one group."""

    memory_name = "report-group"

    _values: Mapping[str, Value] = MappingProxyType({})

    def show_group(self, document: ReportDocument, values: Mapping[str, Value]) -> None:
        """Show the records of this group."""
        self._values = values
        # The same report may be shown already, of another group.
        self.document = None
        self.show_report(document)

    def _lines_of(self, document: ReportDocument) -> ReportLines:
        return ReportLines(self._store, document, self._values)


class ReportGroupPage(QWidget):
    """`open(GroupAsked(…))` shows the records of that group; each leads to its own page."""

    title = "Lines of a group"

    def __init__(
        self,
        store: Store,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._asked: GroupAsked | None = None
        self.setObjectName("report-group-page")
        self.view = GroupView(store, frame, theme, readers, memory, export)
        column = Column(theme, gap=0)
        column.addWidget(self.view)
        self.setLayout(column)
        bridge.heard.connect(self._on_heard)

    def refresh(self) -> None:
        """Read the records again."""
        self.view.refresh()

    def open(self, argument: object) -> None:
        """Show the records of this group."""
        if isinstance(argument, GroupAsked):
            self._asked = argument
            told = " · ".join(str(value) for value in argument.values.values() if value not in (None, ""))
            lines = argument.document.model_copy(
                update={"group_by": (), "totals": (), "sort": (), "columns": (), "description": ""}
            )
            self.title = told or self.tr("Without a value")
            self.view.show_group(lines, argument.values)
            self.view.header.title.set_text(self.title)
        else:
            self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Reports, the report, the group."""
        name = self._asked.document.name if self._asked is not None else ""
        return (Crumb(self.tr("Reports"), "reports", name), Crumb(name, "reports", name), Crumb(self.title))

    def commands(self) -> Sequence[Command]:
        """What can be done with the records."""
        table = self.view.table
        return () if table is None else list_commands(table, self.view.ask_to_export)

    def panes(self) -> Sequence[QWidget]:
        """The list."""
        return (self.view.table,) if self.view.table is not None else ()

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message) and self.isVisible():
            self.refresh()
