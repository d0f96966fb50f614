"""What one seat costs: of the whole application, of a product, or of a SaaS role."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk import clock
from saasdesk.errors import UserError
from saasdesk.licences.costs import Costs
from saasdesk.licences.money import Period
from saasdesk.licences.prices import RULE, Price, PriceScope, checked_price, keep_price, keep_rate
from saasdesk.store import Store
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.pages.software.money_fields import MoneyFields, complaint
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph


class PriceDialog(KeepingDialog):
    """For whom, how much, from when."""

    def __init__(self, theme: Theme, costs: Costs, price: Price | None, parent: QWidget | None = None) -> None:
        title = _tr("Add a price") if price is None else _tr("Change the price")
        super().__init__(theme, title, _tr("ADD") if price is None else _tr("UPDATE"), parent=parent)
        self._costs, self._before = costs, price
        self.scope = QComboBox()
        for scope, text in (
            (PriceScope.APPLICATION, self.tr("every seat of the application")),
            (PriceScope.PRODUCT, self.tr("the seats of a product")),
            (PriceScope.ROLE, self.tr("the seats of a SaaS role")),
        ):
            self.scope.addItem(text, scope)
        self.name = QComboBox()
        self.name.setEditable(True)
        self.money = MoneyFields(
            theme,
            price.money if price is not None else None,
            price.period if price is not None else Period.MONTH,
            costs.currency,
            [rate.currency for rate in costs.rates if rate.reporting == costs.currency],
        )
        self.since = DateField(price.valid_from if price is not None else clock.now().date().replace(day=1))
        grid = FormGrid(theme, label_width=112, gap=10)
        grid.add_field(self.tr("For"), self.scope)
        self.name_error = grid.add_field(self.tr("Which"), self.name)
        self.money.add_to(grid, self.tr("One seat costs"))
        self.since_error = grid.add_field(self.tr("Valid from"), self.since)
        self._grid = grid
        self.body.addLayout(grid)
        self.money.show_rate()
        self.body.addWidget(Paragraph(theme, RULE, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.scope.currentIndexChanged.connect(self._show_names)
        self.name.editTextChanged.connect(self.name_error.clear)
        self.since.textChanged.connect(self.since_error.clear)
        if price is not None:
            self.scope.setCurrentIndex(self.scope.findData(price.scope))
        self._show_names()
        if price is not None:
            self.name.setEditText(price.name)
        self.fit(400)
        self.money.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def price(self) -> Price:
        """The price as it stands in the form; a UserError where it is none."""
        day = self.since.day
        if day is None:
            raise UserError("Write the day from which on the price counts, such as 2026-01-01.")
        return checked_price(
            Price(
                self._costs.application,
                self.money.money,
                self.money.chosen_period,
                day,
                PriceScope(self.scope.currentData()),
                self.name.currentText(),
                self._before.id if self._before is not None else 0,
            )
        )

    def check(self) -> bool:
        """Whether everything can be kept; what is wrong stands at its field, and the first of them has the keyboard."""
        self.clear_problem()
        is_right = self.money.check()
        empty = "" if self.since.text().strip() else self.tr("Write the day, such as 2026-01-01.")
        self.since_error.show_error(empty or self.since.problem(may_have_passed=True))
        if is_right and not self.since_error.message:
            self.name_error.show_error(complaint(lambda: self.price))
        for error, field in ((self.name_error, self.name), (self.since_error, self.since)):
            if error.message:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
        if not is_right:
            self.money.setFocus(Qt.FocusReason.OtherFocusReason)
        return is_right and not (self.since_error.message or self.name_error.message)

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps everything as it is entered now."""
        price = self.price
        rate = self.money.exchange_rate(price.valid_from)

        def keep() -> None:
            if rate is not None:
                keep_rate(store, rate)
            keep_price(store, price)

        return keep

    def _show_names(self) -> None:
        scope = PriceScope(self.scope.currentData())
        self._grid.set_shown(self.name, shown=scope is not PriceScope.APPLICATION)
        names = self._costs.products if scope is PriceScope.PRODUCT else self._costs.roles
        self.name.clear()
        self.name.addItems(list(names))
        self.name_error.clear()


def _tr(text: str) -> str:
    return QCoreApplication.translate("PriceDialog", text)
