"""By what money is told: the currency, its exchange rates, and after how many days without use a seat is idle."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from saasdesk.licences.costs import CostRules, read_cost_rules
from saasdesk.licences.prices import ExchangeRate, delete_rate
from saasdesk.licences.seats import OwnDays, keep_own_days
from saasdesk.store import Store
from saasdesk.ui.pages.settings.rate_dialog import RateDialog
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.pages.software.money_fields import fill_with_currencies
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables.kept_lines import KeptLines
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.tables.times import in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.stepped_fields import NumberField

_ANY_NUMBER = 9_999_999


class CostsSection(Section):
    """Shows the rules; the keeper reads and writes them."""

    application_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate(
            "Settings", "Prices and contracts are entered with each application; here stands what counts for all."
        )
        super().__init__(theme, QCoreApplication.translate("Settings", "Costs"), about)
        self.currency = QComboBox()
        self.currency.setEditable(True)
        self.currency.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        fill_with_currencies(self.currency, "EUR")
        self.idle_days = NumberField(theme, self.tr("Idle after"), 0, _ANY_NUMBER)
        self.grace_days = NumberField(theme, self.tr("Grace"), 0, _ANY_NUMBER)
        for field in (self.idle_days, self.grace_days):
            field.setSuffix(self.tr(" days"))
        grid = section_grid(theme)
        self.fields.add(grid, "currency", self.tr("Currency"), self.currency)
        self.fields.add(grid, "idle_days", self.tr("Idle after"), self.idle_days)
        self.fields.add(grid, "grace_days", self.tr("Grace"), self.grace_days)
        self.body.addLayout(grid)
        self.rates = KeptLines(
            theme,
            self.tr("Exchange rates"),
            (
                Heading(self.tr("One"), width=96),
                Heading(self.tr("Is worth"), share=2, at_right=True),
                Heading(self.tr("From"), width=176),
            ),
            add=self.tr("Add a rate…"),
            delete=self.tr("Delete"),
            empty=self.tr("Only needed for prices in another currency. Nobody looks them up for you."),
        )
        self.own_days = KeptLines(
            theme,
            self.tr("Own idle thresholds"),
            (Heading(self.tr("Application"), share=3), Heading(self.tr("Idle after"), width=136, at_right=True)),
            delete=self.tr("As everywhere"),
            empty=self.tr("None; they are set with an application, under Costs & renewal."),
        )
        self.body.addWidget(self.rates)
        self.body.addWidget(self.own_days)
        self.finish()
        self.own_days.change_wanted.connect(self._on_own_days_opened)

    def show_rules(self, rules: CostRules) -> None:
        """Show the exchange rates and who has a threshold of its own."""
        self.rates.show_lines(
            [
                Line(
                    (
                        Cell(rate.currency, role="strong"),
                        Cell(f"{rate.rate:f} {rate.reporting}", at_right=True),
                        Cell(in_words(rate.valid_from)),
                    ),
                    rate,
                )
                for rate in rules.rates
            ]
        )
        if rules.unrated:
            missing = self.tr("There are prices in {0}, and no exchange rate to {1} yet.")
            self.rates.note.set_text(missing.format(", ".join(rules.unrated), rules.currency))
        days = self.tr("{0} days")
        self.own_days.show_lines(
            [
                Line((Cell(own.name, role="strong"), Cell(days.format(own.days), at_right=True)), own)
                for own in rules.own_days
            ]
        )

    def _on_own_days_opened(self, own: object) -> None:
        if isinstance(own, OwnDays):
            self.application_wanted.emit(own.application)


class CostsKeeper(QObject):
    """Between the section and the store."""

    def __init__(self, store: Store, section: CostsSection, theme: Theme, reading: Reading) -> None:
        super().__init__(section)
        self._store, self._section, self._theme, self._reading = store, section, theme, reading
        self._rules: CostRules | None = None
        section.rates.add_wanted.connect(self.ask_for_rate)
        section.rates.change_wanted.connect(self.ask_for_rate)
        section.rates.delete_wanted.connect(self._delete_rate)
        section.own_days.delete_wanted.connect(self._forget_days)

    def refresh(self) -> None:
        """Read the rules again."""
        store = self._store
        self._reading.ask(
            "cost rules", lambda _stop: read_cost_rules(store), self._show, self._section.error.show_error
        )

    def ask_for_rate(self, rate: object = None) -> None:
        """Open the form of a new exchange rate, or of one that is changed."""
        if self._rules is None:
            return
        before = rate if isinstance(rate, ExchangeRate) else None
        dialog = RateDialog(self._theme, self._rules, before, self._section)
        dialog.open_to_keep(self._store, self._reading, lambda _none: self.refresh())

    def _show(self, rules: CostRules) -> None:
        self._rules = rules
        self._section.error.clear()
        self._section.show_rules(rules)

    def _delete_rate(self, rate: object) -> None:
        if isinstance(rate, ExchangeRate):
            self._do(partial(delete_rate, self._store, rate))

    def _forget_days(self, own: object) -> None:
        if isinstance(own, OwnDays):
            self._do(partial(keep_own_days, self._store, own.application, None))

    def _do(self, work: Callable[[], None]) -> None:
        self._reading.ask("forget", lambda _stop: work(), lambda _none: self.refresh(), self._section.error.show_error)
