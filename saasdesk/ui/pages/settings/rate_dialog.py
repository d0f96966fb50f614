"""What one unit of another currency is worth, from a day on."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk import clock
from saasdesk.errors import UserError
from saasdesk.licences.costs import CostRules
from saasdesk.licences.money import read_currency, read_rate
from saasdesk.licences.prices import ExchangeRate, keep_rate
from saasdesk.store import Store
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.pages.software.money_fields import complaint, fill_with_currencies
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph


class RateDialog(KeepingDialog):
    """A currency, a rate, a day."""

    def __init__(
        self, theme: Theme, rules: CostRules, rate: ExchangeRate | None, parent: QWidget | None = None
    ) -> None:
        title = _tr("Add an exchange rate") if rate is None else _tr("Change the exchange rate")
        super().__init__(theme, title, _tr("ADD") if rate is None else _tr("UPDATE"), width=480, parent=parent)
        self._reporting, self._before = rules.currency, rate
        self.currency = QComboBox()
        self.currency.setEditable(True)
        fill_with_currencies(self.currency, *rules.unrated, "USD", without=rules.currency)
        self.rate = QLineEdit()
        self.rate.setPlaceholderText("0.92")
        self.since = DateField(rate.valid_from if rate is not None else clock.now().astimezone().date())
        grid = FormGrid(theme, label_width=112, gap=10)
        self.currency_error = grid.add_field(self.tr("One"), self.currency)
        self.rate_error = grid.add_field(
            self.tr("Is worth"), self.rate, self.tr("In {0}, the currency of costs.").format(rules.currency)
        )
        self.since_error = grid.add_field(self.tr("From"), self.since)
        self.body.addLayout(grid)
        note = self.tr("Of several rates the latest one counts whose day has come.")
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        if rate is not None:
            self.currency.setCurrentText(rate.currency)
            self.rate.setText(f"{rate.rate:f}")
        self.currency.editTextChanged.connect(self.currency_error.clear)
        self.rate.textChanged.connect(self.rate_error.clear)
        self.since.textChanged.connect(self.since_error.clear)
        self.fit(344)
        self.rate.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> bool:
        """Whether everything can be kept; what is wrong stands at its field, and the first of them has the keyboard."""
        self.clear_problem()
        self.currency_error.show_error(complaint(self._read_currency))
        self.rate_error.show_error(complaint(lambda: read_rate(self.rate.text())))
        empty = "" if self.since.text().strip() else self.tr("Write the day, such as 2026-01-01.")
        self.since_error.show_error(empty or self.since.problem(may_have_passed=True))
        checked = (
            (self.currency_error, self.currency),
            (self.rate_error, self.rate),
            (self.since_error, self.since),
        )
        wrong = next((field for error, field in checked if error.message), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is None

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps the rate, in the place of the one that was changed."""
        day = self.since.day
        if day is None:
            raise UserError(self.tr("Write the day, such as 2026-01-01."))
        rate = ExchangeRate(self._read_currency(), self._reporting, read_rate(self.rate.text()), day)
        return partial(keep_rate, store, rate, self._before)

    def _read_currency(self) -> str:
        currency = read_currency(self.currency.currentText())
        if currency == self._reporting:
            raise UserError(self.tr("{0} is the currency of costs itself: it needs no rate.").format(currency))
        return currency


def _tr(text: str) -> str:
    return QCoreApplication.translate("RateDialog", text)
