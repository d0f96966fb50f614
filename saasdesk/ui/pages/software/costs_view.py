"""Costs & renewal of one application: what its seats cost, how they are used, prices, contracts, the idle threshold."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from saasdesk.licences.costs import Costs, read_costs
from saasdesk.licences.prices import Contract, Price, PriceScope, delete_contract, delete_price
from saasdesk.licences.seats import Use
from saasdesk.store import Store
from saasdesk.ui.money import figure_text, money_text, price_text, seats_text, unpriced_text
from saasdesk.ui.pages.software.contract_dialog import ContractDialog
from saasdesk.ui.pages.software.idle_dialog import IdleDialog
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.pages.software.price_dialog import PriceDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.kept_lines import KeptLines
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.tables.times import in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

# Narrower than this, the figures stand below each other.
_ROOM_FOR_THREE = 880


class CostsView(QWidget):
    """Everything is read in a thread; what is entered is kept in one."""

    # The seats of this application that could be given back.
    reclaim_wanted = Signal()
    said = Signal(str)
    failed = Signal(str)

    def __init__(self, store: Store, theme: Theme, readers: TableReaders, application: int) -> None:
        super().__init__()
        self._store, self._theme, self._application = store, theme, application
        self._reading = Reading(readers, self)
        self.costs: Costs | None = None
        self._build()
        self._connect()
        if store.moment:
            for lines in (self.prices, self.contracts):
                lines.only_show()
            self.change_days.hide()

    def refresh(self) -> None:
        """Read everything again."""
        store, application = self._store, self._application
        self._reading.ask(
            "costs", lambda stop: read_costs(store, application, stop), self._show, self._on_reading_failed
        )

    def ask_for_price(self, price: object = None) -> None:
        """Open the form of a new price, or of one that is changed."""
        if self.costs is not None:
            before = price if isinstance(price, Price) else None
            self._open(PriceDialog(self._theme, self.costs, before, self))

    def ask_for_contract(self, contract: object = None) -> None:
        """Open the form of a new contract, or of one that is changed."""
        if self.costs is not None:
            before = contract if isinstance(contract, Contract) else None
            self._open(ContractDialog(self._theme, self.costs, before, self))

    def ask_for_days(self) -> None:
        """Open the form of the idle threshold."""
        if self.costs is not None:
            self._open(IdleDialog(self._theme, self.costs, self))

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("costs-view")
        self.wrong = Banner(theme, "error")
        self.wrong.hide()
        self.total = PlainLabel("", "figure", digits=True)
        self.total_note = PlainLabel("", "secondary", "muted", elided=True)
        self.potential = PlainLabel("", "figure", digits=True)
        self.show_seats = LinkButton(theme, self.tr("Show the seats"), inline=True)
        self.use = Paragraph(theme)
        self.threshold = PlainLabel("", "secondary", "muted", elided=True)
        self.change_days = LinkButton(theme, self.tr("Change…"), inline=True)
        self.change_days.setAccessibleName(self.tr("Change the idle threshold"))
        figures = self._figures = Row(theme, gap=12)
        figures.addWidget(self._card(self.tr("All seats"), self.total, self.total_note), 1)
        figures.addWidget(self._card(self.tr("Could be given back"), self.potential, self.show_seats), 1)
        days = Row(theme, gap=8)
        days.addWidget(self.threshold)
        days.addWidget(self.change_days)
        days.addStretch(1)
        used = Card(theme, gap=4)
        used.body.addWidget(PlainLabel(self.tr("Use"), "secondary", "muted"))
        used.body.addWidget(self.use)
        used.body.addStretch(1)
        used.body.addLayout(days)
        figures.addWidget(used, 2)
        self.prices = KeptLines(
            theme,
            self.tr("Prices"),
            (
                Heading(self.tr("For"), share=4),
                Heading(self.tr("One seat"), width=168, at_right=True),
                Heading(self.tr("A month"), width=136, at_right=True),
                Heading(self.tr("Valid from"), width=136),
            ),
            add=self.tr("Add a price…"),
            delete=self.tr("Delete"),
            empty=self.tr("Nobody entered what a seat costs, so its amounts say “not priced”."),
        )
        self.contracts = KeptLines(
            theme,
            self.tr("Contracts"),
            (
                Heading(self.tr("Contract"), share=4),
                Heading(self.tr("Price"), width=168, at_right=True),
                Heading(self.tr("Seats"), width=72, at_right=True),
                Heading(self.tr("Ends"), width=112),
                Heading(self.tr("Renews"), width=112),
                Heading(self.tr("Cancel by"), width=112),
            ),
            add=self.tr("Add a contract…"),
            delete=self.tr("Delete"),
            empty=self.tr("With a contract you are reminded before it renews."),
        )
        inside = QWidget()
        column = Column(theme, gap=20, margins=(24, 16))
        column.addWidget(self.wrong)
        column.addLayout(figures)
        column.addWidget(self.prices)
        column.addWidget(self.contracts)
        column.addStretch(1)
        inside.setLayout(column)
        whole = Column(theme, gap=0)
        whole.addWidget(ScrollArea(inside))
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = self.width() >= self._theme.px(_ROOM_FOR_THREE)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._figures.setDirection(beside if has_room else below)

    def _card(self, title: str, figure: QWidget, below: QWidget) -> Card:
        card = Card(self._theme, gap=4)
        card.body.addWidget(PlainLabel(title, "secondary", "muted"))
        card.body.addWidget(figure)
        foot = Row(self._theme, gap=0)
        # As high as a link, so that what stands above it is at the same height in every card.
        foot.hold_height(lambda: self.show_seats.sizeHint().height())
        foot.addWidget(below)
        foot.addStretch(1)
        card.body.addLayout(foot)
        card.body.addStretch(1)
        return card

    def _connect(self) -> None:
        self.show_seats.clicked.connect(self.reclaim_wanted)
        self.change_days.clicked.connect(self.ask_for_days)
        self.prices.add_wanted.connect(self.ask_for_price)
        self.prices.change_wanted.connect(self.ask_for_price)
        self.prices.delete_wanted.connect(self._delete)
        self.contracts.add_wanted.connect(self.ask_for_contract)
        self.contracts.change_wanted.connect(self.ask_for_contract)
        self.contracts.delete_wanted.connect(self._delete)

    # Showing

    def _show(self, costs: Costs) -> None:
        self.costs = costs
        self.wrong.hide()
        locale = QLocale()
        seats = costs.seats
        self.total.set_text(figure_text(seats.total) if seats is not None else self.tr("No seats"))
        notes = [] if seats is None else [seats_text(seats.total.seats), unpriced_text(seats.total)]
        self.total_note.set_text(" · ".join(note for note in notes if note))
        self.potential.set_text(figure_text(costs.potential))
        self.show_seats.setText(self.tr("Show {0}").format(seats_text(costs.potential.seats)))
        self.show_seats.setVisible(bool(costs.potential.seats))
        words = {
            Use.ACTIVE: self.tr("{0} active"),
            Use.IDLE: self.tr("{0} idle"),
            Use.UNKNOWN: self.tr("{0} unknown"),
            Use.NEW: self.tr("{0} new"),
            Use.UNASSIGNED: self.tr("{0} unassigned"),
            Use.NO_PERSONS: self.tr("{0} of servers and keys"),
        }
        counts = {} if seats is None else seats.by_use
        parts = [words[use].format(locale.toString(counts[use])) for use in Use if counts.get(use)]
        self.use.set_runs(" · ".join(parts) or self.tr("Nothing is known yet."))
        days = costs.own_days or costs.usual_days
        own = self.tr("Idle after {0} days, for this application only")
        self.threshold.set_text(
            (own if costs.own_days is not None else self.tr("Idle after {0} days, as everywhere")).format(days)
        )
        self.prices.show_lines([self._price_line(costs, price) for price in costs.prices])
        self.contracts.show_lines([self._contract_line(contract) for contract in costs.contracts])

    def _price_line(self, costs: Costs, price: Price) -> Line:
        what = {
            PriceScope.APPLICATION: self.tr("Every seat"),
            PriceScope.PRODUCT: self.tr("Product {0}").format(price.name),
            PriceScope.ROLE: self.tr("SaaS role {0}").format(price.name),
        }[price.scope]
        tariff = costs.tariff
        line = tariff.line_of(price)
        if line is None:
            monthly = Cell(self.tr("not today"), "muted", at_right=True)
        elif line.minor is None:
            monthly = Cell(self.tr("no exchange rate"), "warn", at_right=True)
        else:
            monthly = Cell(money_text(tariff.money(line.minor)), at_right=True)
        cells = (Cell(what, role="strong"), Cell(price_text(price.money, price.period), at_right=True), monthly)
        return Line((*cells, Cell(in_words(price.valid_from))), price)

    def _contract_line(self, contract: Contract) -> Line:
        def day(moment: date | None) -> Cell:
            return Cell(in_words(moment)) if moment is not None else Cell("–", "muted")  # noqa: RUF001 - a dash says: none

        name = f"{contract.name} · {contract.product}" if contract.product else contract.name
        seats = QLocale().toString(contract.seats) if contract.seats else "–"  # noqa: RUF001 - a dash says: none
        return Line(
            (
                Cell(name, role="strong", note=contract.note),
                Cell(price_text(contract.money, contract.period), at_right=True),
                Cell(seats, at_right=True),
                day(contract.ends),
                day(contract.renews_on),
                day(contract.last_day_to_cancel),
            ),
            contract,
        )

    # Keeping

    def _open(self, dialog: KeepingDialog) -> None:
        dialog.open_to_keep(self._store, self._reading, lambda _none: self.refresh())

    def _delete(self, kept: object) -> None:
        store = self._store
        work: Callable[[], None]
        match kept:
            case Price() as price:
                work = partial(delete_price, store, price)
            case Contract() as contract:
                work = partial(delete_contract, store, contract)
            case _:
                return
        self._reading.ask("delete", lambda _stop: work(), lambda _none: self.refresh(), self.failed.emit)

    def _on_reading_failed(self, reason: str) -> None:
        self.wrong.say("error", self.tr("The costs could not be read."), reason)
        self.wrong.show()
