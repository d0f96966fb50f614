"""The page of all software: the list of SaaS applications, and the view of one of them."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QLocale
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Message
from saasdesk.licences.priced_lists import ListObject
from saasdesk.records.history import person_of_licence, person_of_saas_user
from saasdesk.records.listing import RecordList
from saasdesk.services import Services
from saasdesk.sync.integration import Integration
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.accounts import AccountMatching
from saasdesk.ui.pages.record_list.connect_button import connect_buttons
from saasdesk.ui.pages.software.application_view import ACTIONS, COSTS, HISTORY, LICENCES, USERS, ApplicationView
from saasdesk.ui.pages.software.linking import Linking
from saasdesk.ui.pages.software.sources import ApplicationFacts, application_facts
from saasdesk.ui.pages.workflows.run_menu import RunWorkflow
from saasdesk.ui.reading import Reading
from saasdesk.ui.saved_views import SavedViews
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.commands import list_commands
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader


class SoftwarePage(QWidget):
    """Shows the list, or one application: `open(5)` is application 5, `open((5, "licences"))` its licences.

    `open((5, "users", 12))` looks at SaaS user 12 among its users.
    """

    title = "Software"

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
        connect_vendor: Callable[[], object],
        run: Callable[[Integration], object],
    ) -> None:
        super().__init__()
        self._services, self._store = services, services.store
        self._frame = frame
        self._theme = theme
        self._readers = readers
        self._memory = memory
        self._export = export
        self._connect_vendor, self._run = connect_vendor, run
        self._reading = Reading(readers, self)
        self._matching = AccountMatching(services, frame, theme, bridge, readers, self)
        self._linking = Linking(services.store, frame, theme, readers, self)
        self._linking.done.connect(self.refresh)
        self._view: ApplicationView | None = None
        self._name = ""
        self._facts: ApplicationFacts | None = None
        self._is_stale = False
        self._build()
        self._connect(bridge)

    @property
    def view(self) -> ApplicationView | None:
        """The view of the open application; None while the list is shown."""
        return self._view if self._stack.currentWidget() is self._view else None

    # What the frame asks

    def refresh(self) -> None:
        """Read what is shown again."""
        self._is_stale = False
        self.table.refresh()
        if self._view is not None:
            self._view.refresh()
            self._read_head(self._view.application)

    def open(self, argument: object) -> None:
        """Show the list, or the application of this number with its users, licences, costs or history."""
        match argument:
            case int(application):
                self._open_application(application, None)
            case str(place) if place.endswith(":costs") and place.removesuffix(":costs").isdecimal():
                self._open_application(int(place.removesuffix(":costs")), COSTS)
            case (int(application), (("users" | "licences" | "costs" | "actions" | "history") as tab)):
                self._open_application(application, tab)
            case (int(application), "users", int(saas_user)):
                self._open_application(application, USERS)
                if self._view is not None:
                    self._view.show_user(saas_user)
            case _:
                self._stack.setCurrentWidget(self._list)
                begin_at(self, self.table.view)
                self.views.open(argument)

    def breadcrumb(self) -> Sequence[Crumb]:
        """Software, the application, the open tab."""
        view = self.view
        if view is None:
            return ()
        here = Crumb(self._name, "software", view.application)
        return (Crumb(self.tr("Software"), "software"), here, Crumb(view.tab_title(view.current_tab)))

    def commands(self) -> Sequence[Command]:
        """What can be done with the list that is shown."""
        commands = [*list_commands(self._shown_table(), self._on_export_wanted)]
        if (view := self.view) is None:
            commands += self.views.commands()
        else:
            commands += [
                Command(self.tr("Users of {0}").format(self._name), lambda: view.open_tab(USERS), "", "people", "Go"),
                Command(
                    self.tr("Licences of {0}").format(self._name), lambda: view.open_tab(LICENCES), "", "licence", "Go"
                ),
                Command(self.tr("Costs of {0}").format(self._name), lambda: view.open_tab(COSTS), "", "cost", "Go"),
                Command(self.tr("Actions of {0}").format(self._name), lambda: view.open_tab(ACTIONS), "", "run", "Go"),
                Command(
                    self.tr("History of {0}").format(self._name), lambda: view.open_tab(HISTORY), "", "history", "Go"
                ),
            ]
            if not self._store.moment:
                commands.append(Command(self.tr("Link to catalogue…"), self.link_to_catalogue, "", "link"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """What is shown."""
        view = self.view
        if view is not None and view.current_tab == COSTS:
            return (view.costs,)
        if view is not None and view.current_tab == ACTIONS:
            return (view.action_cards,)
        if view is not None and view.current_tab == HISTORY:
            return (view.history,)
        return (self._shown_table(),)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("software-page")
        self.header = PageHeader(theme, self.tr("Software"))
        self.reclaim = OutlinedButton(theme, self.tr("Reclaim seats"), icon="cost")
        self.reclaim.clicked.connect(lambda: self._frame.navigate("reclaim"))
        self.table = RecordTable(
            RecordList(self._store, ObjectKind.SAAS_APPLICATIONS),
            theme,
            self._readers,
            self._memory,
            "software",
            nothing_yet=NothingYet(
                self.tr("No software yet"),
                self.tr("An application appears with the first run of an integration that keeps users and SaaS users."),
                self._nothing_yet_buttons,
            ),
            sort=(("name", False),),
        )
        self.table.count_label.hide()
        self.views = self._views_of(self.table, ListObject.SAAS_APPLICATIONS)
        self.header.add_actions(self.views.button, self.reclaim)
        top = Column(theme, gap=0, margins=(24, 16, 24, 0))
        top.addWidget(self.header)
        self._list = QWidget()
        column = Column(theme, gap=0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self._list.setLayout(column)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)
        begin_at(self, self.table.view)

    def _connect(self, bridge: Bridge) -> None:
        self.table.opened.connect(self._on_opened)
        self.table.counted.connect(self._on_counted)
        self.table.export_wanted.connect(self._on_export_wanted)
        self.table.said.connect(self._frame.say)
        bridge.heard.connect(self._on_heard)

    def _nothing_yet_buttons(self) -> tuple[QPushButton, ...]:
        return connect_buttons(self._theme, self.table.view, self._connect_vendor)

    def _shown_table(self) -> RecordTable:
        view = self.view
        return self.table if view is None else view.table

    # One application

    def _open_application(self, application: int, tab: str | None) -> None:
        if self._view is None or self._view.application != application:
            self._let_view_go()
            self._view = self._make_view(application)
            self._stack.addWidget(self._view)
            self._name = ""
        self._stack.setCurrentWidget(self._view)
        begin_at(self, self._view)
        if tab is not None:
            self._view.open_tab(tab)
        self._read_head(application)

    def _make_view(self, application: int) -> ApplicationView:
        view = ApplicationView(self._services, self._theme, self._readers, self._memory, application, self._export)
        RunWorkflow(self._services, self._frame, self._readers, ObjectKind.SAAS_USERS, view).add_to(
            view.users, self._theme
        )
        for table, of in ((view.users, ListObject.SAAS_USERS), (view.licences, ListObject.LICENCES)):
            table.add_tool(self._views_of(table, of).button)
        view.person_wanted.connect(self._on_person_wanted)
        view.holder_wanted.connect(self._on_holder_wanted)
        view.users.row_menu_shown.connect(partial(self._fill_user_menu, view))
        view.tab_chosen.connect(self._on_tab_chosen)
        view.said.connect(self._frame.say)
        view.costs.failed.connect(self._on_facts_failed)
        view.history.failed.connect(self._on_facts_failed)
        view.history.session_wanted.connect(lambda session: self._frame.navigate("activity", session))
        view.costs.reclaim_wanted.connect(lambda: self._frame.navigate("reclaim", self._name))
        self._connect_actions(view)
        view.link_wanted.connect(self.link_to_catalogue)
        view.unlink_wanted.connect(self.unlink)
        return view

    def _connect_actions(self, view: ApplicationView) -> None:
        go, actions = self._frame.navigate, view.action_cards
        actions.plan_wanted.connect(lambda workflow, records: go("workflow_plan", (workflow, records)))
        actions.run_wanted.connect(self._run)
        actions.integration_wanted.connect(lambda integration: go("integration", integration))
        actions.workflows_wanted.connect(lambda: go("workflows"))
        actions.reclaim_wanted.connect(lambda: go("reclaim", self._name))

    def _fill_user_menu(self, view: ApplicationView, menu: QMenu) -> None:
        account = view.users.current_id()
        if account is not None:
            menu.addSeparator()
            self._matching.add_to_menu(menu, account)

    def _views_of(self, table: RecordTable, of: ListObject) -> SavedViews:
        return SavedViews(self._services, self._frame, self._theme, self._readers, self._memory, table, of)

    def _let_view_go(self) -> None:
        if self._view is not None:
            self._stack.removeWidget(self._view)
            self._view.deleteLater()
            self._view = None

    def _read_head(self, application: int) -> None:
        store = self._store
        self._reading.ask(
            "application", lambda _stop: application_facts(store, application), self._on_facts, self._on_facts_failed
        )

    def _on_facts(self, facts: ApplicationFacts | None) -> None:
        if facts is None:
            self._frame.toast(self.tr("This application is no longer here."), "warn")
            self._frame.navigate("software")
        elif self._view is not None and self._view.application == facts.id:
            self._facts = facts
            self._view.show_facts(facts)
            if self._name != facts.name:
                self._name = facts.name
                self._update_trail()

    def _on_facts_failed(self, reason: str) -> None:
        self._frame.toast(reason, "error")

    # The software catalogue

    def link_to_catalogue(self) -> None:
        """Choose the entry of the catalogue that the open application is."""
        if self._facts is not None and self.view is not None and self._facts.id == self.view.application:
            self._linking.link(self._facts.application)

    def unlink(self) -> None:
        """Take the open application's link away."""
        if self._facts is not None:
            self._linking.unlink(self._facts.application)

    # Answers to signals

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _update_trail(self) -> None:
        if self.isVisible():
            self._frame.update_trail()

    def _on_counted(self, shown: int, total: int) -> None:
        locale = QLocale()
        self.header.set_subtitle(
            ("" if not total else locale.toString(total))
            if shown == total
            else self.tr("{0} of {1}").format(locale.toString(shown), locale.toString(total))
        )

    def _on_opened(self, application: int) -> None:
        self._frame.navigate("software", application)

    def _on_tab_chosen(self, _tab: str) -> None:
        self._update_trail()

    def _on_person_wanted(self, saas_user: int) -> None:
        store = self._store
        self._reading.ask(
            "person",
            lambda _stop: person_of_saas_user(store, saas_user),
            partial(self._on_person_found, saas_user),
            self._on_facts_failed,
        )

    def _on_holder_wanted(self, licence: int) -> None:
        store = self._store
        self._reading.ask(
            "person", lambda _stop: person_of_licence(store, licence), self._on_holder_found, self._on_facts_failed
        )

    def _on_holder_found(self, person: int | None) -> None:
        if person is not None:
            self._frame.navigate("person", person)
        else:
            self._frame.toast(self.tr("Nobody is known to have this licence."))

    def _on_person_found(self, saas_user: int, person: int | None) -> None:
        if person is not None:
            self._frame.navigate("person", person)
            return
        match_it = (self.tr("Match…"), lambda: self._matching.ask(saas_user))
        whose = self.tr("Nobody in People is known to own this account.")
        self._frame.toast(whose, "info", match_it if self._matching.is_possible else None)

    def _on_export_wanted(self) -> None:
        self._export(self._shown_table().export_request())

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()
