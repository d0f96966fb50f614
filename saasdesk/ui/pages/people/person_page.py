"""One person: every account they have, what is known of them and by whom, and what happened."""

import threading
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.licences.person_cost import read_person_cost
from saasdesk.records.assets import DeviceFacts, assets_of_person
from saasdesk.records.history import AccountFacts, LicenceFacts, PersonFacts, person_facts
from saasdesk.records.merging import MergeRow, merges_of
from saasdesk.ui.moments import moment_within
from saasdesk.ui.navigation import Command
from saasdesk.ui.pages.accounts import AccountMatching
from saasdesk.ui.pages.people import person_lists as lists
from saasdesk.ui.pages.people.account_strip import AccountStrip, StripArea
from saasdesk.ui.pages.people.cost_card import CostCard
from saasdesk.ui.pages.people.merging import PeopleMerging
from saasdesk.ui.pages.people.person_cards import DevicesCard, LicencesCard, details_of_person
from saasdesk.ui.pages.people.person_timeline import PersonTimeline
from saasdesk.ui.pages.record_list.details_card import DetailsCard
from saasdesk.ui.pages.record_list.naming import ask_whom_they_name
from saasdesk.ui.pages.record_list.record_page import HISTORY, OVERVIEW, WORKFLOWS, RecordPage, RecordPageWords
from saasdesk.ui.tables.lines import LineTable
from saasdesk.ui.visible_text import escaped_ampersands, visible_text
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

ACCOUNTS, TIMELINE = "accounts", "timeline"
_HIGH_ENOUGH_FOR_ACCOUNTS = 420


class PersonPage(RecordPage[PersonFacts]):
    """One person."""

    title = "Person"
    kind = ObjectKind.PEOPLE

    def words(self) -> RecordPageWords:
        """How the page speaks of people."""
        return RecordPageWords(
            "person",
            self.tr("Person"),
            "person",
            "people",
            self.tr("People"),
            self.tr("To the list of people"),
            self.tr("Previous person"),
            self.tr("Next person"),
        )

    def tab_titles(self) -> Sequence[tuple[str, str]]:
        """The tabs."""
        return (
            (OVERVIEW, self.tr("Overview")),
            (ACCOUNTS, self.tr("Accounts")),
            (TIMELINE, self.tr("Timeline")),
            (HISTORY, self.tr("History")),
            (WORKFLOWS, self.tr("Workflow activity")),
        )

    def read(self, record: int, most_changes: int, stop: threading.Event) -> PersonFacts | None:
        """Everything that is shown of a person."""
        return person_facts(self._store, record, most_changes, stop)

    def ask_further(self, record: int) -> None:
        """What they cost, and with whom they were made one."""
        store = self._store
        self._reading.ask("merges", lambda _stop: merges_of(store, record), self._show_merges, lambda _reason: None)
        self._reading.ask(
            "cost", lambda stop: read_person_cost(store, record, stop), self.cost.show_cost, self.cost.show_failure
        )

    def own_commands(self) -> Sequence[Command]:
        """Off-boarding, and a way to each tab."""
        tabs = (
            (OVERVIEW, self.tr("Overview of the person")),
            (ACCOUNTS, self.tr("Accounts of the person")),
            (TIMELINE, self.tr("Timeline of the person")),
            (HISTORY, self.tr("History of the person")),
            (WORKFLOWS, self.tr("Workflow activity of the person")),
        )
        leave = Command(self.tr("Off-board…"), self._on_off_board_wanted, "", "leave", "Run")
        return (
            *(() if self._store.moment else (leave,)),
            *(
                Command(text, lambda key=key: self.tabs.set_current(key), "", "person", "Go")  # type: ignore[misc]  # a default binds it now
                for key, text in tabs
            ),
        )

    def panes(self) -> Sequence[QWidget]:
        """The accounts, then what is below them."""
        return (self.strip, *super().panes())

    # Building

    def _build(self) -> None:
        # Whom the values of this person name, by field.
        self._named: Mapping[str, int] = {}
        self._merging = PeopleMerging(self._services, self._frame, self._theme, self._bridge, self._readers, self)
        self._matching = AccountMatching(self._services, self._frame, self._theme, self._bridge, self._readers, self)
        super()._build()

    def avatar(self) -> QWidget:
        """The initials."""
        self._monogram = Monogram(self._theme, "?", size=48)
        return self._monogram

    def build_above_tabs(self, column: Column) -> None:
        """The accounts."""
        self.strip = AccountStrip(self._theme)
        self.strip.account_wanted.connect(self._open_account)
        self.strip.menu_wanted.connect(self._show_account_menu)
        self._no_accounts = PlainLabel(self.tr("No account is known."), "body", "muted")
        column.addWidget(self._no_accounts)
        self._strip_area = StripArea(self.strip)
        column.addWidget(self._strip_area)

    def fill_actions(self, menu: QMenu) -> None:
        """Off-boarding, what can be done with the accounts, and taking merged people apart again."""
        menu.addAction(self.tr("Off-board…")).triggered.connect(self._on_off_board_wanted)
        self._accounts_menu = QMenu(self.tr("Accounts"), menu)
        menu.addSeparator()
        menu.addMenu(self._accounts_menu)
        self._merges = QMenu(self.tr("Undo a merge"), menu)
        self._merges.menuAction().setVisible(False)
        menu.addMenu(self._merges)

    def make_tabs(self) -> Mapping[str, QWidget]:
        """What happened and what is known, the accounts with their licences, and the whole story."""
        return {OVERVIEW: self._build_overview(), ACCOUNTS: self._build_accounts(), TIMELINE: self._build_timeline()}

    def _build_overview(self) -> ScrollArea:
        theme = self._theme
        self.latest = PersonTimeline(theme, self.open_session)
        self.details = DetailsCard(theme, self.open_person)
        self.licences = LicencesCard(theme, lambda: self.tabs.set_current(ACCOUNTS), self._open_licence)
        self.cost = CostCard(theme, lambda application: self._frame.navigate("software", (application, "costs")))
        self.devices = DevicesCard(theme, lambda asset: self._frame.navigate("asset", asset))
        return self.build_overview(self.latest, (self.details, self.licences, self.cost, self.devices))

    def _build_accounts(self) -> ScrollArea:
        theme = self._theme
        self.account_table = LineTable(theme, self.tr("Accounts"), lists.account_headings())
        self.account_table.opened.connect(self._open_account)
        self.licence_table = LineTable(theme, self.tr("Licences"), lists.licence_headings())
        self.licence_table.opened.connect(self._open_licence)
        self._licences_title = PlainLabel(self.tr("Licences"), "section")
        self._no_licences = PlainLabel(self.tr("No licence is known."), "body", "muted")
        content = QWidget()
        column = Column(theme, gap=12, margins=(24, 16, 24, 24))
        for widget in (self.account_table, self._licences_title, self._no_licences, self.licence_table):
            column.addWidget(widget)
        column.addStretch(1)
        content.setLayout(column)
        return ScrollArea(content)

    def _build_timeline(self) -> ScrollArea:
        self.story = PersonTimeline(self._theme, self.open_session)
        content = QWidget()
        column = Column(self._theme, gap=0, margins=(24, 16, 24, 24))
        column.addWidget(self.story)
        content.setLayout(column)
        return ScrollArea(content)

    def _lay_out(self) -> None:
        super()._lay_out()
        # A low window has room for the accounts, or for more than a line of history.
        has_room = self.height() >= self._theme.px(_HIGH_ENOUGH_FOR_ACCOUNTS)
        self._strip_area.setVisible(has_room or self.tabs.current == OVERVIEW)

    # Showing

    def head_line(self, facts: PersonFacts) -> Iterable[str]:
        """What they do, and where."""
        return (facts.value(field) for field in ("job_title", "department", "location"))

    def show_own(self, facts: PersonFacts, *, is_same: bool) -> None:
        """The accounts, what is known, and what happened."""
        self._monogram.set_name(facts.name)
        self.strip.show_accounts(facts.accounts, facts.licences)
        self._show_accounts_menu(facts.accounts)
        self._no_accounts.setVisible(not facts.accounts)
        self._named = self._named if is_same else {}
        self.details.show_details(details_of_person(facts, self._named))
        ask_whom_they_name(self._store, self._reading, facts.values, self._on_people_found)
        self.licences.show_licences(facts.licences)
        self._ask_for_devices(facts.id, is_same=is_same)
        self._show_tables(facts)
        for timeline in (self.latest, self.story):
            timeline.show_person(facts, is_same=is_same)

    def _on_people_found(self, people: Mapping[str, int]) -> None:
        if self.shown is not None and people != self._named:
            self._named = people
            self.details.show_details(details_of_person(self.shown, people))

    def _ask_for_devices(self, person: int, *, is_same: bool) -> None:
        store = self._store
        if not is_same:
            self.devices.show_devices(())
        self._reading.ask(
            "devices",
            lambda stop: assets_of_person(store, person, stop),
            lambda found: self._on_devices_found(person, found),
            lambda _reason: None,
        )

    def _on_devices_found(self, person: int, devices: Sequence[DeviceFacts]) -> None:
        if self.shown is not None and self.shown.id == person:
            self.devices.show_devices(devices)

    def _show_tables(self, facts: PersonFacts) -> None:
        self.account_table.show_lines(lists.account_lines(facts.accounts))
        self.licence_table.show_lines(lists.licence_lines(facts.licences))
        self._no_licences.setVisible(not facts.licences)
        for table, things in ((self.account_table, facts.accounts), (self.licence_table, facts.licences)):
            table.setFixedHeight(table.height_of_all())
            table.setVisible(bool(things))

    # What happens

    def _show_accounts_menu(self, accounts: Sequence[AccountFacts]) -> None:
        """What the menu of each card has stands under Actions too, where it is looked for."""
        self._accounts_menu.clear()
        self._accounts_menu.menuAction().setVisible(bool(accounts) and self._matching.is_possible)
        for account in accounts:
            name = " · ".join(filter(None, (account.application_name, account.name)))
            self._matching.add_to_menu(self._accounts_menu.addMenu(escaped_ampersands(visible_text(name))), account.id)

    def _show_merges(self, merges: Sequence[MergeRow]) -> None:
        """Offer to take this person apart again, as long as there is something to take apart."""
        self._merges.clear()
        self._merges.menuAction().setVisible(bool(merges) and self._merging.is_possible)
        for made in merges:
            words = self.tr("Merged with {0}, {1}").format(visible_text(made.gone_name), moment_within(made.at))
            action = self._merges.addAction(escaped_ampersands(words))
            action.triggered.connect(lambda _checked=False, number=made.id: self._merging.undo(number))

    def _on_off_board_wanted(self) -> None:
        if self._record is not None:
            self._run_workflow.off_board(self._record, self._theme)

    def _open_account(self, account: object) -> None:
        if isinstance(account, AccountFacts):
            self._frame.navigate("software", (account.application, "users", account.id))

    def _show_account_menu(self, account: AccountFacts, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(visible_text(account.application_name))
        menu.addAction(self.tr("Open the account")).triggered.connect(lambda: self._open_account(account))
        self._matching.add_to_menu(menu, account.id)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _open_licence(self, licence: object) -> None:
        if isinstance(licence, LicenceFacts):
            self._frame.navigate("software", (licence.application, "licences"))
