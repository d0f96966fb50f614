"""One SaaS application: who has an account there, and which licences there are."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery
from saasdesk.services import Services
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import begin_at
from saasdesk.ui.pages.software.actions_view import ActionsView
from saasdesk.ui.pages.software.costs_view import CostsView
from saasdesk.ui.pages.software.history_view import HistoryView
from saasdesk.ui.pages.software.sources import EXPIRING, EXPIRY_DAYS, ApplicationFacts, ListOfApplication
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.tabs import Tabs
from saasdesk.ui.widgets.tag import Tag

USERS, LICENCES, COSTS, ACTIONS, HISTORY = "users", "licences", "costs", "actions", "history"
# In a narrower page, or with large letters, the name of the application needs the room.
_ROOM_FOR_LINKS = 960


class ApplicationView(QWidget):
    """A head and tabs: the same table in two of them, what everything costs, and what changed."""

    person_wanted = Signal(int)
    holder_wanted = Signal(int)
    tab_chosen = Signal(str)
    said = Signal(str)
    link_wanted = Signal()
    unlink_wanted = Signal()

    def __init__(
        self,
        services: Services,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        application: int,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        store = services.store
        self.application = application
        self._is_past = bool(store.moment)
        self._facts: ApplicationFacts | None = None
        self._theme = theme
        self._export = export
        self.setObjectName("application-view")
        self.users = RecordTable(
            ListOfApplication(store, ObjectKind.SAAS_USERS, application),
            theme,
            readers,
            memory,
            "application-users",
            nothing_yet=NothingYet(
                self.tr("No users yet"),
                self.tr("Users come with the next run of an integration that keeps SaaS users."),
            ),
            sort=(("name", False),),
        )
        self.licences = RecordTable(
            ListOfApplication(store, ObjectKind.LICENCES, application),
            theme,
            readers,
            memory,
            "application-licences",
            nothing_yet=NothingYet(
                self.tr("No licences known"),
                self.tr("Licences come with a run whose key may read them; the integration's credential says whether."),
            ),
            sort=(("product", False), ("assigned_to", False)),
        )
        self.costs = CostsView(store, theme, readers, application)
        self.action_cards = ActionsView(services, theme, readers, application, lambda: list(self.users.selected_ids()))
        self.history = HistoryView(store, theme, readers, application)
        # Whom another page named.
        self._wanted: int | None = None
        self._build()
        self._connect()

    @property
    def current_tab(self) -> str:
        """Which tab is open."""
        return self.tabs.current

    @property
    def table(self) -> RecordTable:
        """The table of the open tab, or that of the users where there is none."""
        return self.licences if self.current_tab == LICENCES else self.users

    def show_facts(self, facts: ApplicationFacts) -> None:
        """Fill the head."""
        self.header.title.set_text(facts.name)
        is_linked = bool(facts.catalogue_entry)
        self.linked.setVisible(is_linked)
        is_namesake = facts.catalogue_entry == facts.name
        linked_to = self.tr("Linked to the catalogue") if is_namesake else self.tr("Linked to {0}")
        self.linked.set_text(linked_to.format(facts.catalogue_entry))
        self.linked.setToolTip(self.tr("{0} in the software catalogue").format(facts.catalogue_entry))
        self.unlink_action.setEnabled(is_linked)
        self._tile.set_name(facts.name, letters=mark_of(facts.name))
        self.user_count.setText(counted(facts.active_users, self.tr("{0} active user"), self.tr("{0} active users")))
        self.licence_count.setText(counted(facts.licences, self.tr("{0} licence"), self.tr("{0} licences")))
        self._facts = facts
        self._fit_head()
        ending = counted(facts.expiring, self.tr("{0} ends"), self.tr("{0} end"))
        self.expiring.setText(self.tr("{0} within {1} days").format(ending, EXPIRY_DAYS))
        self.expiring.setAccessibleName(self.tr("Licences: {0}").format(self.expiring.text()))
        self.expiring.setVisible(bool(facts.expiring))
        self.why_unknown.setVisible(bool(facts.why_unknown))
        self.why_unknown.say("info", self.tr("Last activity is unknown for everybody."), facts.why_unknown)

    def _fit_head(self) -> None:
        """Where there is room the counts lead to their lists; else they are words, for the tabs lead there too."""
        facts = self._facts
        if facts is None:
            return
        has_room = self.width() >= self._theme.px(_ROOM_FOR_LINKS)
        counts = (self.user_count, self.licence_count)
        for link in counts:
            link.setVisible(has_room)
        fed_by = self.tr("fed by {0}").format(", ".join(facts.fed_by)) if facts.fed_by else ""
        vendor = facts.vendor if facts.vendor != facts.name else ""
        words = () if has_room else tuple(link.label for link in counts)
        self.header.set_subtitle(" · ".join(part for part in (vendor, facts.category, *words, fed_by) if part))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def tab_title(self, tab: str) -> str:
        """What a tab is called."""
        return {
            USERS: self.tr("Users"),
            LICENCES: self.tr("Licences"),
            COSTS: self.tr("Costs & renewal"),
            ACTIONS: self.tr("Actions"),
            HISTORY: self.tr("History"),
        }[tab]

    def open_tab(self, tab: str) -> None:
        """Show users, licences, costs or history."""
        self.tabs.set_current(tab)

    def show_user(self, saas_user: int) -> None:
        """Look at one of the users, as soon as the list is there; filters that would hide it go."""
        self._wanted = saas_user
        if self.users.query.is_narrowed or self.users.query.active is not None:
            self.users.show_query(ListQuery(sort=self.users.query.sort, active=None))
        self._select_wanted()

    def show_expiring(self) -> None:
        """List the licences that end soon, the next one first."""
        self.licences.show_query(ListQuery(EXPIRING, sort=(("valid_until", False),)))
        self.open_tab(LICENCES)

    def _show_active(self, table: RecordTable, tab: str) -> None:
        """List what a number of the head counts."""
        table.show_query(ListQuery(sort=table.query.sort))
        self.open_tab(tab)

    def refresh(self) -> None:
        """Read everything again."""
        self.users.refresh()
        self.licences.refresh()
        if self.current_tab == COSTS:
            self.costs.refresh()
        elif self.current_tab == ACTIONS:
            self.action_cards.refresh()
        elif self.current_tab == HISTORY:
            self.history.refresh()

    def export(self) -> None:
        """Export what the open tab lists."""
        self._export(self.table.export_request())

    def _build(self) -> None:
        theme = self._theme
        self._tile = Monogram(theme, "?", size=32, tile=True)
        self.header = PageHeader(theme, "")
        self.linked = Tag(theme, "", "neutral", "link")
        self.linked.hide()
        self.expiring = LinkButton(theme, "", "calendar", inline=True)
        self.expiring.hide()
        self.user_count, self.licence_count = (LinkButton(theme, "", inline=True) for _ in range(2))
        for link in (self.user_count, self.licence_count):
            link.hide()
        self.header.add_beside(self.user_count, self.licence_count, self.linked, self.expiring)
        self.catalogue_button = OutlinedButton(theme, self.tr("Catalogue"))
        menu = QMenu(self)
        menu.addAction(self.tr("Link to catalogue…")).triggered.connect(self.link_wanted)
        self.unlink_action = menu.addAction(self.tr("Unlink"))
        self.unlink_action.triggered.connect(self.unlink_wanted)
        self.catalogue_button.setMenu(menu)
        self.header.add_actions(self.catalogue_button)
        if self._is_past:
            self.catalogue_button.hide()
        self.tabs = Tabs(
            theme,
            self.tr("Sections"),
            [(key, self.tab_title(key)) for key in (USERS, LICENCES, COSTS, ACTIONS, HISTORY)],
        )
        self.why_unknown = Banner(theme, "info")
        self.why_unknown.hide()
        head = Row(theme, gap=12, margins=(24, 8, 24, 4))
        head.addWidget(self._tile)
        head.addWidget(self.header, 1)
        tabs = Row(theme, gap=0, margins=(24, 0))
        tabs.addWidget(self.tabs)
        tabs.addStretch(1)
        notice = Column(theme, gap=0, margins=(24, 8, 24, 0))
        notice.addWidget(self.why_unknown)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.users)
        self._stack.addWidget(self.licences)
        self._stack.addWidget(self.costs)
        self._stack.addWidget(self.action_cards)
        self._stack.addWidget(self.history)
        column = Column(theme, gap=0)
        column.addLayout(head)
        column.addLayout(tabs)
        column.addWidget(Line(theme))
        column.addLayout(notice)
        column.addWidget(self._stack, 1)
        self.setLayout(column)
        begin_at(self, self.users.view)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab_chosen)
        for table in (self.users, self.licences):
            table.export_wanted.connect(self.export)
            table.said.connect(self.said)
        self.expiring.clicked.connect(self.show_expiring)
        self.user_count.clicked.connect(lambda: self._show_active(self.users, USERS))
        self.licence_count.clicked.connect(lambda: self._show_active(self.licences, LICENCES))
        self.action_cards.users_wanted.connect(lambda: self.open_tab(USERS))
        self.users.opened.connect(self.person_wanted)
        self.licences.opened.connect(self.holder_wanted)
        self.users.counted.connect(self._select_wanted)
        self.users.row_menu_shown.connect(self._on_row_menu_shown)

    def _select_wanted(self) -> None:
        if self._wanted is None or self.users.is_reading or self._wanted not in self.users.model.record_ids:
            return
        row, view = self.users.row_of(self._wanted) or 0, self.users.view
        self._wanted = None
        view.select_rows([row])
        view.make_current(row)
        middle = QAbstractItemView.ScrollHint.PositionAtCenter
        view.scrollTo(self.users.model.index(row, view.header.shown_sections()[0]), middle)

    def _on_tab_chosen(self, tab: str) -> None:
        if tab == COSTS:
            self._stack.setCurrentWidget(self.costs)
            begin_at(self, self.costs.prices.add)
            self.costs.refresh()
        elif tab == ACTIONS:
            self._stack.setCurrentWidget(self.action_cards)
            begin_at(self, self.action_cards)
            self.action_cards.refresh()
        elif tab == HISTORY:
            self._stack.setCurrentWidget(self.history)
            begin_at(self, self.history.table)
            self.history.refresh()
        else:
            self._stack.setCurrentWidget(self.table)
            begin_at(self, self.table.view)
        self.tab_chosen.emit(tab)

    def _on_row_menu_shown(self, menu: QMenu) -> None:
        number = self.users.current_id()
        if number is not None:
            first = menu.actions()[0] if menu.actions() else None
            action = menu.addAction(self.tr("Open the person"))
            action.triggered.connect(lambda: self.person_wanted.emit(number))
            if first is not None:
                menu.removeAction(action)
                menu.insertAction(first, action)
                menu.insertSeparator(first)
