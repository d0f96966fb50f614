"""The list behind a figure: SaaS users, licences, applications or seats of every vendor that meet its question."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Message
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.licences.seats import record_of_seat
from saasdesk.records.listing import ListQuery
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import open_record
from saasdesk.ui.saved_views import SavedViews, ViewAsked
from saasdesk.ui.tables import ExportRequest, Memory, RecordTable, TableReaders
from saasdesk.ui.tables.commands import list_commands
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader

_SORTED_BY = {ListObject.LICENCES: ("product", False), ListObject.SEATS: ("monthly", True)}
_BY_NAME = ("name", False)


class ListedPage(QWidget):
    """`open((about, query, title))` shows the records of that question; filters can be changed like in every list."""

    title = "List"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._services = services
        self._store, self._frame, self._theme, self._readers = services.store, frame, theme, readers
        self._memory, self._export = memory, export
        self._reading = Reading(readers, self)
        self._tables: dict[ListObject, RecordTable] = {}
        self._views: dict[ListObject, SavedViews] = {}
        self._about = ListObject.SAAS_USERS
        self.header = PageHeader(theme, "")
        self._stack = QStackedWidget()
        top = Column(theme, gap=0, margins=(24, 8, 24, 0))
        top.addWidget(self.header)
        whole = Column(theme, gap=0)
        whole.addLayout(top)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        bridge.heard.connect(self._on_heard)

    @property
    def table(self) -> RecordTable | None:
        """The list that is shown."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, RecordTable) else None

    # What the frame asks

    def refresh(self) -> None:
        """Read the list again."""
        if self.table is not None:
            self.table.refresh()

    def open(self, argument: object) -> None:
        """Show the records of a question."""
        match argument:
            case (ListObject() as about, ListQuery() as query, str(title)):
                table = self._show_list(about, title)
                sort = query.sort or table.query.sort
                table.show_query(ListQuery(query.rule, query.quick, sort, query.active))
            case ViewAsked() as asked:
                noun = open_list(self._store, asked.of).noun
                self._show_list(asked.of, f"{noun[0].upper()}{noun[1:]}")
                self._views[asked.of].show(asked.key)
            case _:
                pass

    def _show_list(self, about: ListObject, title: str) -> RecordTable:
        table = self._table_of(about)
        self._about = about
        self.title = title
        self.header.title.set_text(title)
        self.header.set_subtitle("")
        self._stack.setCurrentWidget(table)
        begin_at(self, table.view)
        return table

    def breadcrumb(self) -> Sequence[Crumb]:
        """The way back to the dashboards."""
        return (Crumb(self.tr("Dashboards"), "dashboards"), Crumb(self.title))

    def commands(self) -> Sequence[Command]:
        """What can be done with the list."""
        table = self.table
        if table is None:
            return ()
        views = self._views.get(self._about)
        return (*list_commands(table, self._on_export_wanted), *(views.commands() if views is not None else ()))

    def panes(self) -> Sequence[QWidget]:
        """The list."""
        return (self.table,) if self.table is not None else ()

    def _table_of(self, about: ListObject) -> RecordTable:
        if about not in self._tables:
            table = RecordTable(
                open_list(self._store, about),
                self._theme,
                self._readers,
                self._memory,
                f"listed-{about.value}",
                sort=(_SORTED_BY.get(about, _BY_NAME),),
                has_states=about.has_states,
            )
            table.count_label.hide()
            table.counted.connect(self._on_counted)
            table.opened.connect(lambda record: self._open_record(about, record))
            table.export_wanted.connect(self._on_export_wanted)
            table.said.connect(self._frame.say)
            # Saved views of seats belong to the list of those that could be given back.
            if about is not ListObject.SEATS:
                views = SavedViews(self._services, self._frame, self._theme, self._readers, self._memory, table, about)
                table.add_tool(views.button)
                self._views[about] = views
            self._stack.addWidget(table)
            self._tables[about] = table
        return self._tables[about]

    # Answers to signals

    def _open_record(self, about: ListObject, number: int) -> None:
        kind, record = record_of_seat(number) if about is ListObject.SEATS else (ObjectKind(about.value), number)
        open_record(self._reading, self._frame, self._store, kind, record)

    def _on_counted(self, shown: int, total: int) -> None:
        locale = QLocale()
        self.header.set_subtitle(
            locale.toString(total)
            if shown == total
            else self.tr("{0} of {1}").format(locale.toString(shown), locale.toString(total))
        )

    def _on_export_wanted(self) -> None:
        if self.table is not None:
            self._export(self.table.export_request())

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message) and self.isVisible():
            self.refresh()
