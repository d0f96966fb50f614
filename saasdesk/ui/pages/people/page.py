"""The page of all people: the list, and beside it the one who is looked at. Enter opens a person's own page."""

import threading

from saasdesk.fields import ObjectKind
from saasdesk.records.history import AccountFacts, PersonFacts, person_facts
from saasdesk.ui.pages.people.inspector import PersonInspector
from saasdesk.ui.pages.record_list import PageWords, RecordListPage


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
            self.tr("People come from your vendors: connect one, and its first run fills this list."),
            self.tr("Add person…"),
        )

    def make_inspector(self) -> PersonInspector:
        """The person with accounts, details and latest changes."""
        inspector = PersonInspector(self._theme)
        inspector.page_wanted.connect(self.open_record)
        inspector.account_wanted.connect(self._on_account_wanted)
        return inspector

    def read(self, record: int, stop: threading.Event) -> PersonFacts | None:
        """Everything a look at one person shows."""
        return person_facts(self._store, record, stop=stop)

    def open_record(self, record: int) -> None:
        """Go to the person's own page."""
        self._frame.navigate("person", record)

    def _on_account_wanted(self, account: object) -> None:
        if isinstance(account, AccountFacts):
            self._frame.navigate("software", (account.application, "users", account.id))
