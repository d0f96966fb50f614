"""The page about seats that could be given back."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.jobs import Message
from saasdesk.licences.priced_lists import ListObject
from saasdesk.licences.reclaim import place_of
from saasdesk.licences.seats import Findings, Lane
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.money import figure_text, seats_text
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.reclaim.exemptions_view import ExemptionsView
from saasdesk.ui.pages.reclaim.lists_view import ListsView
from saasdesk.ui.pages.reclaim.seats_view import SeatsView
from saasdesk.ui.reading import Reading
from saasdesk.ui.saved_views import SavedViews, ViewAsked
from saasdesk.ui.tables import ExportRequest, Memory, RecordTable, TableReaders
from saasdesk.ui.tables.commands import list_commands
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.tabs import Tabs

SEATS, LISTS, EXEMPTIONS = "seats", "lists", "exemptions"


class ReclaimPage(QWidget):
    """`open("PagerDuty")` shows the seats of one application, `open(("lane", "Ready"))` those of a lane."""

    title = "Reclaim"

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
        self._store, self._frame, self._export = services.store, frame, export
        self._reading = Reading(readers, self)
        self._is_stale = True
        self.setObjectName("reclaim-page")
        self.header = PageHeader(theme, self.tr("Reclaim"))
        self.potential = LinkButton(theme, "", inline=True)
        self.potential.hide()
        self.header.add_beside(self.potential)
        self.tabs = Tabs(
            theme,
            self.tr("Sections"),
            [
                (SEATS, self.tr("Seats")),
                (LISTS, self.tr("Approved lists")),
                (EXEMPTIONS, self.tr("Exemptions")),
            ],
        )
        self.seats = SeatsView(services.store, theme, readers, memory)
        self.views = SavedViews(services, frame, theme, readers, memory, self.seats.table, ListObject.SEATS)
        self.seats.table.add_tool(self.views.button)
        self.lists = ListsView(services, frame, theme, readers, memory, export)
        self.exemptions = ExemptionsView(services.store, theme, readers)
        self._stack = QStackedWidget()
        for view in (self.seats, self.lists, self.exemptions):
            self._stack.addWidget(view)
        top = Column(theme, gap=0, margins=(24, 8, 24, 4))
        top.addWidget(self.header)
        tabs = Row(theme, gap=0, margins=(24, 0))
        tabs.addWidget(self.tabs)
        tabs.addStretch(1)
        whole = Column(theme, gap=0)
        whole.addLayout(top)
        whole.addLayout(tabs)
        whole.addWidget(Line(theme))
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        begin_at(self, self.seats.table.view)
        self._connect(bridge)

    # What the frame asks

    def refresh(self) -> None:
        """Read what is shown again."""
        self._is_stale = False
        self.seats.refresh()
        self.lists.refresh()
        self.exemptions.refresh()

    def open(self, argument: object) -> None:
        """Show the seats, those behind a number, or the approved lists."""
        match argument:
            case str(application) if application:
                self.tabs.set_current(SEATS)
                self.seats.narrow("saas_application", application)
            case ("lane", str(lane)):
                self.tabs.set_current(SEATS)
                self.seats.narrow("lane", lane)
            case ViewAsked():
                self.tabs.set_current(SEATS)
                self.views.open(argument)
            case ("lists",):
                self.tabs.set_current(LISTS)
            case _:
                pass

    def breadcrumb(self) -> Sequence[Crumb]:
        """Software, then here."""
        return (Crumb(self.tr("Software"), "software"), Crumb(self.tr("Reclaim")))

    def commands(self) -> Sequence[Command]:
        """What can be done with the seats."""
        return (
            *list_commands(self._table, self._on_export_wanted),
            *(self.views.commands() if self.tabs.current == SEATS else ()),
            Command(self.tr("Seats that are ready"), lambda: self._show_lane(Lane.READY), "", "ok", "Go"),
            Command(self.tr("Seats that need review"), lambda: self._show_lane(Lane.REVIEW), "", "warning", "Go"),
            Command(self.tr("Protected seats"), lambda: self._show_lane(Lane.PROTECTED), "", "shield", "Go"),
            Command(self.tr("Approved lists"), lambda: self.tabs.set_current(LISTS), "", "approve", "Go"),
            Command(self.tr("Exemptions"), lambda: self.tabs.set_current(EXEMPTIONS), "", "shield", "Go"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The open tab."""
        return ({SEATS: self.seats, LISTS: self.lists}.get(self.tabs.current, self.exemptions),)

    # Answers to signals

    @property
    def _table(self) -> RecordTable:
        return self.lists.table if self.tabs.current == LISTS else self.seats.table

    def _connect(self, bridge: Bridge) -> None:
        self.tabs.chosen.connect(self._on_tab_chosen)
        for table in (self.seats.table, self.lists.table):
            table.opened.connect(self._on_seat_opened)
        self.seats.lists_wanted.connect(lambda: self.tabs.set_current(LISTS))
        self.potential.clicked.connect(self._on_potential_wanted)
        self.seats.figures_read.connect(self._on_figures_read)
        self.seats.table.export_wanted.connect(self._on_export_wanted)
        for said in (self.seats.said, self.lists.said):
            said.connect(self._frame.say)
        for changed in (self.seats.changed, self.lists.changed, self.exemptions.changed):
            changed.connect(self.refresh)
        for failed in (self.lists.failed, self.exemptions.failed):
            failed.connect(lambda reason: self._frame.toast(reason, "error", seconds=12))
        bridge.heard.connect(self._on_heard)

    def _on_tab_chosen(self, tab: str) -> None:
        self._stack.setCurrentIndex((SEATS, LISTS, EXEMPTIONS).index(tab))
        first = {SEATS: self.seats.table.view, LISTS: self.lists.lists.table}.get(tab, self.exemptions.list.table)
        begin_at(self, first)

    def _on_seat_opened(self, seat: int) -> None:
        """To whoever holds the seat; a free one lies among the licences of its application."""
        store = self._store

        def go(place: tuple[int | None, int | None, int | None]) -> None:
            person, account, application = place
            if person is not None:
                self._frame.navigate("person", person)
            elif account is not None:
                # Nobody is known to own it: there it can be matched to somebody.
                self._frame.navigate("software", (application, "users", account))
            elif application is not None:
                self._frame.navigate("software", (application, "licences"))

        self._reading.ask("place", lambda _stop: place_of(store, seat), go, self._frame.toast)

    def _on_potential_wanted(self) -> None:
        self.tabs.set_current(SEATS)
        self.seats.narrow_to_potential()

    def _show_lane(self, lane: Lane) -> None:
        self.tabs.set_current(SEATS)
        self.seats.narrow("lane", lane.value)

    def _on_figures_read(self, findings: Findings) -> None:
        potential = findings.potential
        self.potential.setText(
            self.tr("Potential: {0}, {1}").format(figure_text(potential), seats_text(potential.seats))
        )
        self.potential.show()

    def _on_export_wanted(self) -> None:
        self._export(self._table.export_request())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()
