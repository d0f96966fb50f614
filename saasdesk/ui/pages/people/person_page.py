"""One person: every account they have, what is known of them and by whom, and what happened."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Message
from saasdesk.licences.person_cost import read_person_cost
from saasdesk.records.assets import DeviceFacts, assets_of_person
from saasdesk.records.history import AccountFacts, LicenceFacts, PersonFacts, person_facts
from saasdesk.records.merging import MergeRow, merges_of
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import moment_within, number
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.accounts import AccountMatching
from saasdesk.ui.pages.people import person_lists as lists
from saasdesk.ui.pages.people.account_strip import AccountStrip, StripArea
from saasdesk.ui.pages.people.cost_card import CostCard
from saasdesk.ui.pages.people.merging import PeopleMerging
from saasdesk.ui.pages.people.person_cards import DetailsCard, DevicesCard, LicencesCard
from saasdesk.ui.pages.people.person_timeline import PersonTimeline
from saasdesk.ui.pages.record_list.naming import ask_whom_they_name
from saasdesk.ui.pages.record_list.record_editing import RecordEditing
from saasdesk.ui.pages.workflows.run_menu import RunWorkflow
from saasdesk.ui.pages.workflows.runs_view import RunsView
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import Status, StatusWord, status
from saasdesk.ui.widgets.tabs import Tabs

OVERVIEW, ACCOUNTS, TIMELINE, HISTORY, WORKFLOWS = "overview", "accounts", "timeline", "history", "workflows"
# So many changes are read at first; earlier ones come when asked for.
_CHANGES_AT_ONCE = 300
_SIDE_WIDTH = 388
_WIDE_ENOUGH_FOR_TWO = 860


class PersonPage(QWidget):
    """`open(7)` shows person 7, `open((7, "accounts"))` a tab of theirs.

    `order` says whom the list of people shows, in its order: what comes before and after is a key away.
    """

    title = "Person"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        *,
        order: Callable[[], Sequence[int]],
    ) -> None:
        super().__init__()
        self._store, self._frame, self._theme, self._order = services.store, frame, theme, order
        self._services, self._readers = services, readers
        self._reading = Reading(readers, self)
        self._run_workflow = RunWorkflow(services, frame, readers, ObjectKind.PEOPLE, self)
        self._merging = PeopleMerging(services, frame, theme, bridge, readers, self)
        self._matching = AccountMatching(services, frame, theme, bridge, readers, self)
        self._editing = RecordEditing(services, frame, theme, bridge, readers, ObjectKind.PEOPLE, self)
        self._person: int | None = None
        self._most_changes = _CHANGES_AT_ONCE
        # Whom the values of this person name, by field.
        self._named: Mapping[str, int] = {}
        self._is_stale = False
        self.shown: PersonFacts | None = None
        self._build()
        bridge.heard.connect(self._on_heard)
        theme.changed.connect(self._on_theme_changed)

    # What the frame asks

    def refresh(self) -> None:
        """Read the person again."""
        self._is_stale = False
        self._show_workflow_runs()
        person, store, most = self._person, self._store, self._most_changes
        if person is not None:
            self._reading.ask(
                "person",
                lambda stop: person_facts(store, person, most, stop),
                self._show,
                self._show_failure,
            )
            self._reading.ask("merges", lambda _stop: merges_of(store, person), self._show_merges, lambda _reason: None)
            self._reading.ask(
                "cost", lambda stop: read_person_cost(store, person, stop), self.cost.show_cost, self.cost.show_failure
            )

    def open(self, argument: object) -> None:
        """Show the person of this number, and a tab if one is named."""
        before = self._person
        match argument:
            case int(person):
                self._person = person
            case (int(person), str(tab)):
                self._person = person
                self.tabs.set_current(tab)
            case _:
                pass
        if self._person != before:
            self._most_changes = _CHANGES_AT_ONCE
        self._show_place()
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """People, the person."""
        name = self.shown.name if self.shown is not None else self.tr("Person")
        return (Crumb(self.tr("People"), "people", self._person), Crumb(name))

    def commands(self) -> Sequence[Command]:
        """Whom and what can be gone to."""
        tabs = (
            (OVERVIEW, self.tr("Overview of the person")),
            (ACCOUNTS, self.tr("Accounts of the person")),
            (TIMELINE, self.tr("Timeline of the person")),
            (HISTORY, self.tr("History of the person")),
            (WORKFLOWS, self.tr("Workflow activity of the person")),
        )
        return (
            Command(self.tr("Previous person"), self.go_to_previous, "Alt+Up", "arrow-up", "Go"),
            Command(self.tr("Next person"), self.go_to_next, "Alt+Down", "arrow-down", "Go"),
            *self._acting(),
            *(
                Command(text, lambda key=key: self.tabs.set_current(key), "", "person", "Go")  # type: ignore[misc]  # a default binds it now
                for key, text in tabs
            ),
        )

    def _acting(self) -> tuple[Command, ...]:
        """What changes the person; nobody acts on what was."""
        if self._store.moment:
            return ()
        return (
            Command(self.tr("Edit…"), self._on_edit_wanted, "F2", "edit", "Edit"),
            Command(self.tr("Run workflow…"), self._on_run_wanted, "", "workflows", "Run"),
            Command(self.tr("Off-board…"), self._on_off_board_wanted, "", "leave", "Run"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The accounts, then what is below them."""
        return (self.strip, self._stack)

    def view_state(self) -> object:
        """The open tab."""
        return self.tabs.current

    def restore_view(self, state: object) -> None:
        """Open the same tab again."""
        if isinstance(state, str):
            self.tabs.set_current(state)

    # Before and after

    def go_to_previous(self) -> None:
        """Show whom the list has before this person."""
        self._step(-1)

    def go_to_next(self) -> None:
        """Show whom the list has after this person."""
        self._step(1)

    def _step(self, by: int) -> None:
        place, order = self._place()
        if place is not None and 0 <= place + by < len(order):
            self._frame.navigate("person", order[place + by])

    def _place(self) -> tuple[int | None, Sequence[int]]:
        order = self._order()
        try:
            return order.index(self._person) if self._person is not None else None, order
        except ValueError:
            return None, order

    def _show_place(self) -> None:
        place, order = self._place()
        self.previous.setEnabled(place is not None and place > 0)
        self.next.setEnabled(place is not None and place + 1 < len(order))
        text = "" if place is None else self.tr("{0} of {1}").format(number(place + 1), number(len(order)))
        self._position.set_text(text)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("person-page")
        self.strip = AccountStrip(theme)
        self.strip.account_wanted.connect(self._open_account)
        self.strip.menu_wanted.connect(self._show_account_menu)
        self.tabs = Tabs(
            theme,
            self.tr("Person"),
            (
                (OVERVIEW, self.tr("Overview")),
                (ACCOUNTS, self.tr("Accounts")),
                (TIMELINE, self.tr("Timeline")),
                (HISTORY, self.tr("History")),
                (WORKFLOWS, self.tr("Workflow activity")),
            ),
        )
        self.tabs.chosen.connect(self._on_tab_chosen)
        self._no_accounts = PlainLabel(self.tr("No account is known."), "body", "muted")
        upper = Column(theme, gap=12, margins=(24, 8, 24, 0))
        upper.addLayout(self._build_head())
        upper.addWidget(self._no_accounts)
        upper.addWidget(StripArea(self.strip))
        upper.addWidget(self.tabs)
        self._stack = QStackedWidget()
        self._scrolled = {
            OVERVIEW: self._build_overview(),
            ACCOUNTS: self._build_accounts(),
            TIMELINE: self._build_timeline(),
        }
        self.workflow_runs = RunsView(self._services, self._frame, theme, self._readers)
        self._pages: dict[str, QWidget] = {
            **self._scrolled,
            HISTORY: self._build_history(),
            WORKFLOWS: ScrollArea(self.workflow_runs),
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        content = QWidget()
        column = Column(theme, gap=0)
        column.addLayout(upper)
        column.addWidget(self._stack, 1)
        content.setLayout(column)
        self.empty = EmptyState(theme, Emptiness.NOTHING_YET, "", icon="person")
        self._whole = QStackedWidget()
        self._whole.addWidget(content)
        self._whole.addWidget(self.empty)
        outer = Column(theme, gap=0)
        outer.addWidget(self._whole)
        self.setLayout(outer)
        begin_at(self, self.tabs)

    def _build_head(self) -> Row:
        theme = self._theme
        self._avatar = Monogram(theme, "?", size=48)
        self.name = PlainLabel("", "page-title", elided=True)
        self.state = StatusWord(theme, status("active"))
        self._line = PlainLabel("", "body", "muted", elided=True)
        self._position = PlainLabel("", "secondary", "muted", digits=True)
        self.previous = IconButton(theme, "chevron-up", self.tr("Previous person"), shortcut="Alt+Up", outlined=True)
        self.next = IconButton(theme, "chevron-down", self.tr("Next person"), shortcut="Alt+Down", outlined=True)
        self.previous.clicked.connect(self.go_to_previous)
        self.next.clicked.connect(self.go_to_next)
        below = Row(theme, gap=12)
        below.addWidget(self.state)
        below.addWidget(self._line, 1)
        words = Column(theme, gap=0)
        words.addWidget(self.name)
        words.addLayout(below)
        head = Row(theme, gap=12)
        head.addWidget(self._avatar)
        head.addLayout(words, 1)
        self.actions_button = OutlinedButton(theme, self.tr("Actions"))
        menu = QMenu(self)
        menu.addAction(self.tr("Edit…")).triggered.connect(self._on_edit_wanted)
        self._archive_action = menu.addAction(self.tr("Archive"))
        self._archive_action.triggered.connect(self._on_archive_wanted)
        menu.addSeparator()
        menu.addAction(self.tr("Run workflow…")).triggered.connect(self._on_run_wanted)
        menu.addAction(self.tr("Off-board…")).triggered.connect(self._on_off_board_wanted)
        self._accounts_menu = QMenu(self.tr("Accounts"), menu)
        menu.addSeparator()
        menu.addMenu(self._accounts_menu)
        self._merges = QMenu(self.tr("Undo a merge"), menu)
        self._merges.menuAction().setVisible(False)
        menu.addMenu(self._merges)
        self.actions_button.setMenu(menu)
        if self._store.moment:
            # Nobody acts on what was.
            self.actions_button.hide()
        for widget in (self.actions_button, self._position, self.previous, self.next):
            head.addWidget(widget)
        return head

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

    def _on_edit_wanted(self) -> None:
        if self._person is not None:
            self._editing.edit(self._person)

    def _on_archive_wanted(self) -> None:
        if self.shown is None:
            return
        if self.shown.is_archived:
            self._editing.restore([self.shown.id])
        else:
            self._editing.archive([self.shown.id])

    def _on_run_wanted(self) -> None:
        if self._person is not None:
            self._run_workflow.offer([self._person], self.actions_button)

    def _on_off_board_wanted(self) -> None:
        if self._person is not None:
            self._run_workflow.off_board(self._person, self._theme)

    def _build_overview(self) -> ScrollArea:
        theme = self._theme
        self.latest = PersonTimeline(theme, self._open_session)
        self.details = DetailsCard(theme, self._open_person)
        self.licences = LicencesCard(theme, lambda: self.tabs.set_current(ACCOUNTS), self._open_licence)
        self._side = QWidget()
        side = Column(theme, gap=16)
        side.addWidget(self.details)
        self.devices = DevicesCard(theme, lambda asset: self._frame.navigate("hardware", asset))
        side.addWidget(self.licences)
        self.cost = CostCard(theme, lambda application: self._frame.navigate("software", (application, "costs")))
        side.addWidget(self.cost)
        side.addWidget(self.devices)
        side.addStretch(1)
        self._side.setLayout(side)
        content = QWidget()
        self._columns = Row(theme, gap=24, margins=(24, 16, 24, 24))
        self._columns.addWidget(self.latest, 1)
        self._columns.addWidget(self._side)
        content.setLayout(self._columns)
        return ScrollArea(content)

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
        self.story = PersonTimeline(self._theme, self._open_session)
        content = QWidget()
        column = Column(self._theme, gap=0, margins=(24, 16, 24, 24))
        column.addWidget(self.story)
        content.setLayout(column)
        return ScrollArea(content)

    def _build_history(self) -> QWidget:
        self.history = LineTable(self._theme, self.tr("History"), lists.change_headings(), compact=True)
        self.history.opened.connect(self._open_session)
        self._limit = PlainLabel("", "secondary", "muted")
        self.earlier = LinkButton(self._theme, self.tr("Show earlier changes"), inline=True, role="secondary")
        self.earlier.clicked.connect(self._show_earlier_changes)
        page = QWidget()
        limit = Row(self._theme, gap=8)
        limit.addWidget(self._limit)
        limit.addWidget(self.earlier)
        limit.addStretch(1)
        column = Column(self._theme, gap=8, margins=(24, 16, 24, 0))
        column.addLayout(limit)
        column.addWidget(self.history, 1)
        page.setLayout(column)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_place()
        if self._is_stale:
            self.refresh()

    def _lay_out(self) -> None:
        theme = self._theme
        # With large letters the tab gives way, for it scrolls, and not the row of accounts above it.
        self._stack.setMinimumHeight(theme.px(80))
        has_room = self.width() >= theme.px(_WIDE_ENOUGH_FOR_TWO)
        direction = QBoxLayout.Direction.LeftToRight if has_room else QBoxLayout.Direction.BottomToTop
        self._columns.setDirection(direction)
        self._side.setMinimumWidth(theme.px(_SIDE_WIDTH) if has_room else 0)
        self._side.setMaximumWidth(theme.px(_SIDE_WIDTH) if has_room else 16_777_215)

    # Showing

    def _show(self, facts: PersonFacts | None) -> None:
        if facts is None:
            self.shown = None
            back = OutlinedButton(self._theme, self.tr("To the list of people"))
            back.clicked.connect(lambda: self._frame.navigate("people"))
            self._say(Emptiness.NOTHING_YET, self.tr("No longer here"), self.tr("This record was removed."), back)
            return
        is_same = self.shown is not None and self.shown.id == facts.id
        self.shown = facts
        self._avatar.set_name(facts.name)
        self.name.set_text(facts.name)
        self.setAccessibleDescription(visible_text(facts.name))
        self.state.set_status(_state(facts))
        self._line.set_text(_line(facts))
        self._archive_action.setText(self.tr("Take out of the archive") if facts.is_archived else self.tr("Archive"))
        self.strip.show_accounts(facts.accounts, facts.licences)
        self._show_accounts_menu(facts.accounts)
        self._no_accounts.setVisible(not facts.accounts)
        self._named = self._named if is_same else {}
        self.details.show_person(facts, self._named)
        ask_whom_they_name(self._store, self._reading, facts.values, self._on_people_found)
        self.licences.show_licences(facts.licences)
        self._ask_for_devices(facts.id, is_same=is_same)
        self._show_tables(facts)
        for timeline in (self.latest, self.story):
            timeline.show_person(facts, is_same=is_same)
        if not is_same:
            for page in self._scrolled.values():
                page.verticalScrollBar().setValue(0)
        self._whole.setCurrentIndex(0)
        self._show_place()
        self._lay_out()
        if self.isVisible():
            self._frame.update_trail()

    def _on_people_found(self, people: Mapping[str, int]) -> None:
        if self.shown is not None and people != self._named:
            self._named = people
            self.details.show_person(self.shown, people)

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
        self.history.show_lines(lists.change_lines(facts.changes))
        is_cut = len(facts.changes) == self._most_changes
        self._limit.setVisible(is_cut)
        self.earlier.setVisible(is_cut)
        self._limit.set_text(self.tr("The latest {0} changes.").format(number(len(facts.changes))))

    def _show_earlier_changes(self) -> None:
        self._most_changes += 4 * _CHANGES_AT_ONCE
        self.refresh()

    def _show_failure(self, reason: str) -> None:
        self.shown = None
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self._say(Emptiness.LOAD_FAILED, self.tr("Could not be read"), reason, retry)

    def _say(self, why: Emptiness, title: str, sentence: str, button: OutlinedButton) -> None:
        self.empty.say(why, title, sentence, (button,))
        self._whole.setCurrentWidget(self.empty)
        self._frame.update_trail()

    # What happens

    def _on_theme_changed(self) -> None:
        self._lay_out()
        if self.shown is not None:
            self.details.show_person(self.shown, self._named)

    def _on_tab_chosen(self, tab: str) -> None:
        self._stack.setCurrentWidget(self._pages[tab])
        self._show_workflow_runs()

    def _show_workflow_runs(self) -> None:
        if self._person is not None and self.tabs.current == WORKFLOWS:
            self.workflow_runs.show_record(ObjectKind.PEOPLE, self._person)

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

    def _open_session(self, session: object) -> None:
        if isinstance(session, int):
            self._frame.navigate("activity", session)

    def _open_person(self, person: int) -> None:
        self._frame.navigate("person", person)

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()


def _state(facts: PersonFacts) -> Status:
    if facts.is_archived:
        return status("archived")
    return status("deactivated" if facts.is_deactivated else "active")


def _line(facts: PersonFacts) -> str:
    parts = [facts.value("job_title"), facts.value("department"), facts.value("location")]
    if facts.is_deactivated:
        since = moment_within(facts.deactivated_at) if facts.deactivated_at else ""
        parts = [" ".join(filter(None, (since, facts.deactivated_reason))), *parts]
    return " · ".join(filter(None, parts))
