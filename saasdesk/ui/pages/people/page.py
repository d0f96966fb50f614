"""The page of all people: the list, and beside it the one who is looked at. Enter opens a person's own page."""

import threading
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from saasdesk.fields import ObjectKind
from saasdesk.licences.person_cost import read_person_cost
from saasdesk.records.history import AccountFacts, PersonFacts, person_facts
from saasdesk.ui.navigation import Command
from saasdesk.ui.pages.people.inspector import PersonInspector
from saasdesk.ui.pages.people.merging import PeopleMerging
from saasdesk.ui.pages.record_list import PageWords, RecordListPage
from saasdesk.ui.pages.record_list.naming import ask_whom_they_name
from saasdesk.ui.widgets.buttons import IconButton


class PeoplePage(RecordListPage[PersonFacts]):
    """All people."""

    title = "People"
    kind = ObjectKind.PEOPLE

    def words(self) -> PageWords:
        """How the page speaks of people."""
        return PageWords(
            "people",
            self.tr("People"),
            self.tr("Export people…"),
            self.tr("No people yet"),
            self.tr(
                "People come from your vendors: connect one, and its first run fills this list. A CSV file does, too."
            ),
            self.tr("Add person…"),
        )

    def _build(self) -> None:
        super()._build()
        self._merging = PeopleMerging(self._services, self._frame, self._theme, self._bridge, self._readers, self)
        self.merge_button = self._merging.add_to(self.table)

    def tools(self) -> tuple[QWidget, ...]:
        """Looking for people who are there twice."""
        self.duplicates = IconButton(self._theme, "merge", self.tr("Find duplicates"), outlined=True, tone="text")
        self.duplicates.clicked.connect(self._find_duplicates)
        # The past cannot be changed; it lies nowhere yet, so it is hidden and not shown.
        if self._store.moment:
            self.duplicates.hide()
        return (self.duplicates,)

    def commands(self) -> Sequence[Command]:
        """What can be done with a list, and looking for people who are there twice."""
        look = Command(self.tr("Find duplicates…"), self._find_duplicates, "", "merge", "Edit")
        return (*super().commands(), *((look,) if self._merging.is_possible else ()))

    def _find_duplicates(self) -> None:
        self._frame.navigate("duplicates")

    def make_inspector(self) -> PersonInspector:
        """The person with accounts, details and latest changes."""
        inspector = PersonInspector(self._theme)
        inspector.page_wanted.connect(self.open_record)
        inspector.account_wanted.connect(self._on_account_wanted)
        inspector.person_wanted.connect(self.open_record)
        self._person_inspector = inspector
        return inspector

    def read(self, record: int, stop: threading.Event) -> PersonFacts | None:
        """Everything a look at one person shows."""
        return person_facts(self._store, record, stop=stop)

    def look_further(self, facts: PersonFacts) -> None:
        """Whom the values name, and what the person costs: nobody waits for either."""
        store, inspector, person = self._store, self._person_inspector, facts.id
        ask_whom_they_name(store, self._reading, facts.values, lambda named: inspector.show_named(person, named))
        self._reading.ask(
            "cost",
            lambda stop: read_person_cost(store, person, stop),
            lambda cost: inspector.show_cost(person, cost.total),
            lambda _reason: None,
        )

    def open_record(self, record: int) -> None:
        """Go to the person's own page."""
        self._frame.navigate("person", record)

    def _on_account_wanted(self, account: object) -> None:
        if isinstance(account, AccountFacts):
            self._frame.navigate("software", (account.application, "users", account.id))
