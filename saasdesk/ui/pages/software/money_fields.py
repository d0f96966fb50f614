"""The fields of an amount: figures, currency, what it is paid for, and the exchange rate where one is missing."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk.currencies import DECIMALS
from saasdesk.errors import UserError
from saasdesk.licences.money import Money, Period, read_currency, read_money, read_rate
from saasdesk.licences.prices import ExchangeRate
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Row

_USUAL = ("EUR", "USD", "GBP", "CHF")


class MoneyFields(QWidget):
    """Lies in one line of a form; the rate has a line of its own below it."""

    def __init__(self, theme: Theme, money: Money | None, period: Period, reporting: str, known: Sequence[str]) -> None:
        super().__init__()
        self._reporting, self._known = reporting, frozenset(known) | {reporting}
        self.amount = QLineEdit(money.figures if money is not None else "")
        self.amount.setPlaceholderText("12.50")
        self.amount.setAccessibleName(self.tr("Amount"))
        self.currency = QComboBox()
        self.currency.setEditable(True)
        fill_with_currencies(self.currency, reporting)
        self.currency.setCurrentText(money.currency if money is not None else reporting)
        self.currency.setAccessibleName(self.tr("Currency"))
        self.period = QComboBox()
        self.period.addItem(self.tr("a month"), Period.MONTH)
        self.period.addItem(self.tr("a year"), Period.YEAR)
        self.period.setCurrentIndex(0 if period is Period.MONTH else 1)
        self.period.setAccessibleName(self.tr("Paid for"))
        self.rate = QLineEdit()
        self.rate.setPlaceholderText("0.92")
        row = Row(theme, gap=8)
        row.addWidget(self.amount, 3)
        row.addWidget(self.currency, 2)
        row.addWidget(self.period, 2)
        self.setLayout(row)
        self.setFocusProxy(self.amount)

    def add_to(self, grid: FormGrid, label: str) -> None:
        """Put the line, and the one of the rate, into a form."""
        self._grid = grid
        self._error = grid.add_field(label, self)
        self._rate_error = grid.add_field(
            self.tr("Exchange rate"),
            self.rate,
            self.tr("What one unit is worth in {0}, from the day on that stands below. Nobody looks it up.").format(
                self._reporting
            ),
        )
        self.amount.textChanged.connect(self._error.clear)
        self.rate.textChanged.connect(self._rate_error.clear)
        self.currency.currentTextChanged.connect(self.show_rate)

    def check(self) -> bool:
        """Whether it can be kept; what is wrong stands at its field."""
        self._error.show_error(complaint(lambda: read_money(self.amount.text(), self.currency.currentText())))
        self._rate_error.show_error(complaint(lambda: read_rate(self.rate.text())) if self._needs_rate else "")
        return not (self._error.message or self._rate_error.message)

    @property
    def money(self) -> Money:
        """The amount that was entered."""
        return read_money(self.amount.text(), self.currency.currentText())

    @property
    def chosen_period(self) -> Period:
        """What it is paid for."""
        return Period(self.period.currentData())

    def exchange_rate(self, day: date) -> ExchangeRate | None:
        """The rate that was entered, from this day on; None where none is needed."""
        if not self._needs_rate:
            return None
        return ExchangeRate(self.money.currency, self._reporting, read_rate(self.rate.text()), day)

    @property
    def _needs_rate(self) -> bool:
        try:
            return read_currency(self.currency.currentText()) not in self._known
        except UserError:
            return False

    def show_rate(self) -> None:
        """Show the rate only where one is missing; call it once when the form lies in its window."""
        self._error.clear()
        self._grid.set_shown(self.rate, shown=self._needs_rate)


def fill_with_currencies(box: QComboBox, *first: str, without: str = "") -> None:
    """Every currency there is: these and the usual ones first."""
    near = dict.fromkeys((*first, *_USUAL))
    box.addItems([each for each in (*near, *sorted(set(DECIMALS) - set(near))) if each != without])


def complaint(read: Callable[[], object]) -> str:
    """What is wrong with an entry; empty when it can be read."""
    try:
        read()
    except UserError as error:
        return str(error)
    return ""
