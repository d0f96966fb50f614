"""Which vendor the new key is for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import Connector
from saasdesk.ui.connector_entry import nothing_from_the_cloud
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField


class VendorCard(Card):
    """A vendor and the button that goes on with it."""

    def __init__(self, theme: Theme, connector: Connector) -> None:
        super().__init__(theme, margins=(12, 10))
        self.connector = connector
        words = Column(theme, gap=0)
        words.addWidget(PlainLabel(connector.title, "strong"))
        role = connector.help.role_needed
        words.addWidget(Paragraph(theme, self.tr("API Key: {0}").format(role), role="secondary", tone="muted"))
        self.forward = IconButton(theme, "chevron-right", self.tr("Go on with {0}").format(connector.title))
        row = Row(theme, gap=12)
        letters = Monogram(theme, connector.title, letters=mark_of(connector.title), size=32, tile=True)
        row.addWidget(letters, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.forward)
        self.body.addLayout(row)

    def fits(self, words: Sequence[str]) -> bool:
        """Whether every word stands in the name."""
        name = f"{self.connector.title} {self.connector.key}".casefold()
        return all(word.casefold() in name for word in words)


class VendorPage(Step):
    """Enter in the search takes the first vendor that fits."""

    chosen = Signal(object)
    advanced_wanted = Signal()

    def __init__(self, theme: Theme, connectors: Sequence[Connector]) -> None:
        super().__init__(theme)
        self.title = self.tr("Which vendor?")
        self.search = SearchField(theme, self.tr("Search vendors"))
        self.body.addWidget(self.search)
        self.cards = [VendorCard(theme, connector) for connector in connectors]
        for card in self.cards:
            card.forward.clicked.connect(lambda _checked=False, connector=card.connector: self.chosen.emit(connector))
            self.body.addWidget(card)
        self._nothing = Paragraph(theme, self.tr("No vendor of this name is known here."), tone="muted")
        self.body.addWidget(self._nothing)
        self.advanced = OutlinedButton(theme, self.tr("Advanced Mode"), "code")
        self.advanced.clicked.connect(self.advanced_wanted)
        text = Paragraph(
            theme,
            Run(self.tr("Not in the list?"), strong=True),
            " ",
            self.tr("Advanced Mode takes a key for any host, or in a header of your own."),
        )
        row = Row(theme, gap=12, margins=(0, 4))
        row.addWidget(text, 1)
        row.addWidget(self.advanced)
        self.body.addLayout(row)
        self.body.addLayout(nothing_from_the_cloud(theme))
        self.body.addStretch(1)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._on_return_pressed)
        self._filter("")

    @property
    def matches(self) -> list[VendorCard]:
        """The vendors that fit the search, in their order."""
        return [card for card in self.cards if card.fits(self.search.text().split())]

    def first_field(self) -> QWidget:
        """The search."""
        return self.search

    def _on_return_pressed(self) -> None:
        if self.matches:
            self.chosen.emit(self.matches[0].connector)

    def _filter(self, _text: str) -> None:
        matches = self.matches
        for card in self.cards:
            card.setVisible(card in matches)
        self._nothing.setVisible(not matches)
        self.search.set_count(self.tr("{0} of {1}").format(len(matches), len(self.cards)))
