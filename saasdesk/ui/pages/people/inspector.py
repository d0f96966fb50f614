"""The pane beside the list of people: who is looked at, with accounts, details and latest changes."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.fields import Field
from saasdesk.licences.seats import Figure
from saasdesk.records.history import PersonFacts, RecordChange
from saasdesk.ui.money import figure_text
from saasdesk.ui.pages.people.account_strip import AccountStrip
from saasdesk.ui.pages.record_list import InspectorWords, RecordInspector
from saasdesk.ui.pages.record_list.naming import link_to_person
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row, at_left
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel


class PersonInspector(RecordInspector[PersonFacts]):
    """One person at a glance."""

    page_wanted = Signal(int)
    account_wanted = Signal(object)
    person_wanted = Signal(int)

    in_the_head = frozenset({"name", "job_title", "department"})

    # Known a moment later than the person: whose they are, whom the values name by field, what the seats cost.
    _whose = 0
    _named: Mapping[str, int] = {}
    _cost: Figure | None = None

    def words(self) -> InspectorWords:
        """People are somebody."""
        return InspectorWords(
            self.tr("Person"),
            "person",
            self.tr("Nobody chosen"),
            self.tr("Choose somebody in the list to see accounts, details and latest changes."),
            self.tr("The filters of the list hide this person."),
        )

    def avatar(self) -> QWidget:
        """The initials."""
        self._monogram = Monogram(self._theme, "?", size=40)
        return self._monogram

    def head_line(self, facts: PersonFacts) -> Iterable[str]:
        """Job and department."""
        return (facts.value("job_title"), facts.value("department"))

    def build_own(self, state: Row, column: Column) -> None:
        """The way to the person's own page, and the accounts."""
        theme = self._theme
        self.page_link = LinkButton(theme, self.tr("Open page"), inline=True)
        self.page_link.setAccessibleName(self.tr("Open the page of this person"))
        self.page_link.clicked.connect(self._on_page_wanted)
        state.addWidget(self.page_link)
        self._accounts_title = PlainLabel(self.tr("Accounts"), "card-title")
        self._no_accounts = Paragraph(theme, self.tr("No account is known."), role="secondary", tone="muted")
        self.strip = AccountStrip(theme, columns=2)
        self.strip.account_wanted.connect(self.account_wanted)
        column.addWidget(self._accounts_title)
        column.addWidget(self._no_accounts)
        column.addWidget(self.strip)

    def show_own(self, facts: PersonFacts) -> None:
        """The initials, and the accounts with their number."""
        if self._whose != facts.id:
            self._whose, self._named, self._cost = facts.id, {}, None
        self._monogram.set_name(facts.name)
        accounts = facts.accounts
        self.strip.show_accounts(accounts, facts.licences)
        self._no_accounts.setVisible(not accounts)
        number = QLocale().toString(len(accounts))
        self._accounts_title.set_text(
            self.tr("Accounts") if len(accounts) < 2 else self.tr("Accounts · {0}").format(number)
        )

    def value_of(self, facts: PersonFacts, field: Field, shown: str) -> str | QWidget:
        """A value that names somebody leads to them, as soon as it is known who that is."""
        person = self._named.get(field.external_id)
        if person is None:
            return super().value_of(facts, field, shown)
        return at_left(self._theme, link_to_person(self._theme, shown, lambda: self.person_wanted.emit(person)))

    def further_details(self, facts: PersonFacts) -> Iterable[tuple[str, str]]:
        """What the person costs."""
        del facts
        yield self.tr("Cost"), "" if self._cost is None else figure_text(self._cost)

    def show_named(self, person: int, named: Mapping[str, int]) -> None:
        """Whom the values of this person name, by field."""
        if self.shown is not None and self.shown.id == person and named != self._named:
            self._named = named
            self.show_details(self.shown)

    def show_cost(self, person: int, cost: Figure) -> None:
        """What the seats of this person cost."""
        if self.shown is not None and self.shown.id == person and cost != self._cost:
            self._cost = cost
            self.show_details(self.shown)

    def origin(self, facts: PersonFacts) -> Iterable[tuple[str, str]]:
        """Who made the person, and which integrations feed them."""
        if facts.created_by:
            yield self.tr("Created by"), facts.created_by
        yield self.tr("Fed by"), ", ".join(facts.fed_by) or self.tr("no integration now")

    def latest(self, facts: PersonFacts) -> Sequence[RecordChange]:
        """Without every time that a run found the person active."""
        return facts.events

    def _on_page_wanted(self) -> None:
        if self.shown is not None:
            self.page_wanted.emit(self.shown.id)
