"""A list of vendors that is searched by typing."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import Connector
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.search_field import SearchField


class OfVendor(Protocol):
    """A widget that stands for one vendor."""

    connector: Connector

    def fits(self, words: Sequence[str]) -> bool:
        """Whether all of these words stand in what is known of the vendor."""


V = TypeVar("V", bound=OfVendor)


class VendorSearch(Step, Generic[V]):
    """A search, and below it a widget for each vendor; Enter in the search takes the first that fits."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, vendors: Sequence[V]) -> None:
        super().__init__(theme)
        self.title = self.tr("Which vendor?")
        self.vendors = tuple(vendors)
        self.search = SearchField(theme, self.tr("Search vendors"))
        self._nothing = Paragraph(theme, self.tr("No vendor of this name is known here."), tone="muted")
        self.body.addWidget(self.search)
        for vendor in self.vendors:
            self.body.addWidget(cast(QWidget, vendor))
        self.body.addWidget(self._nothing)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._on_return_pressed)
        self._filter("")

    @property
    def matches(self) -> list[V]:
        """The vendors that fit the search, in their order."""
        return [vendor for vendor in self.vendors if vendor.fits(self.search.text().split())]

    def first_field(self) -> QWidget:
        """The search."""
        return self.search

    def _on_return_pressed(self) -> None:
        if self.matches:
            self.chosen.emit(self.matches[0].connector)

    def _filter(self, _text: str) -> None:
        matches = self.matches
        for vendor in self.vendors:
            cast(QWidget, vendor).setVisible(vendor in matches)
        self._nothing.setVisible(not matches)
        self.search.set_count(self.tr("{0} of {1}").format(len(matches), len(self.vendors)))
