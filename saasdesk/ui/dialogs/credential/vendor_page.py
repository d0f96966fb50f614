"""Which vendor the new key is for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from saasdesk.connectors import Connector
from saasdesk.ui.connector_entry import nothing_from_the_cloud
from saasdesk.ui.dialogs.connect_vendor.vendor_search import VendorSearch
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel


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


class VendorPage(VendorSearch[VendorCard]):
    """The vendors, and the way to a key for anything else."""

    advanced_wanted = Signal()

    def __init__(self, theme: Theme, connectors: Sequence[Connector]) -> None:
        super().__init__(theme, [VendorCard(theme, connector) for connector in connectors])
        for card in self.vendors:
            card.forward.clicked.connect(lambda _checked=False, connector=card.connector: self.chosen.emit(connector))
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
