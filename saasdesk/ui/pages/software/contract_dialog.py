"""What was agreed with the vendor of one application: the total, for how many seats, until when."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk import clock
from saasdesk.errors import UserError
from saasdesk.licences.costs import Costs
from saasdesk.licences.money import Period
from saasdesk.licences.prices import Contract, checked_contract, keep_contract, keep_rate
from saasdesk.store import Store
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.pages.software.money_fields import MoneyFields
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.stepped_fields import NumberField


class ContractDialog(KeepingDialog):
    """All days may stay empty; with a renewal there is a reminder."""

    def __init__(self, theme: Theme, costs: Costs, contract: Contract | None, parent: QWidget | None = None) -> None:
        title = _tr("Add a contract") if contract is None else _tr("Change the contract")
        super().__init__(theme, title, _tr("ADD") if contract is None else _tr("UPDATE"), parent=parent)
        self._costs, self._before = costs, contract
        self.name = QLineEdit(contract.name if contract is not None else "")
        self.name.setPlaceholderText(self.tr("Enterprise agreement 2026"))
        self.product = QComboBox()
        self.product.setEditable(True)
        self.product.addItems(["", *costs.products])
        self.product.setCurrentText(contract.product if contract is not None else "")
        self.money = MoneyFields(
            theme,
            contract.money if contract is not None else None,
            contract.period if contract is not None else Period.YEAR,
            costs.currency,
            [rate.currency for rate in costs.rates if rate.reporting == costs.currency],
        )
        self.seats = NumberField(theme, self.tr("Seats"), 0, 999_999)
        self.seats.setSpecialValueText(self.tr("not said"))
        self.seats.setValue(contract.seats if contract is not None else 0)
        self.starts = DateField(contract.starts if contract is not None else None)
        self.ends = DateField(contract.ends if contract is not None else None)
        self.renews = DateField(contract.renews_on if contract is not None else None)
        self.notice = NumberField(theme, self.tr("Days of notice"), 0, 730)
        self.notice.setValue(contract.notice_days if contract is not None else 30)
        self.note = QLineEdit(contract.note if contract is not None else "")
        self.note.setPlaceholderText(self.tr("Renews by itself unless cancelled in writing"))
        grid = FormGrid(theme, label_width=112, gap=8)
        self.name_error = grid.add_field(self.tr("Contract"), self.name)
        grid.add_field(self.tr("Product"), self.product, self.tr("Empty: the contract is for the whole application."))
        self.money.add_to(grid, self.tr("Total price"))
        grid.add_field(
            self.tr("Seats"), self.seats, self.tr("With their number the contract prices each seat: total by seats.")
        )
        self.day_errors = {
            field: grid.add_field(label, field)
            for label, field in (
                (self.tr("Starts"), self.starts),
                (self.tr("Ends"), self.ends),
                (self.tr("Renews"), self.renews),
            )
        }
        grid.add_field(self.tr("Days of notice"), self.notice)
        grid.add_field(self.tr("Note"), self.note)
        self.body.addLayout(grid)
        self.money.show_rate()
        self.body.addStretch(1)
        self.name.textChanged.connect(self.name_error.clear)
        for field, error in self.day_errors.items():
            field.textChanged.connect(error.clear)
        self.fit(620)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def contract(self) -> Contract:
        """The contract as it stands in the form; a UserError where it is none."""
        return checked_contract(
            Contract(
                application=self._costs.application,
                name=self.name.text(),
                money=self.money.money,
                period=self.money.chosen_period,
                seats=self.seats.value(),
                product=self.product.currentText(),
                starts=self.starts.day,
                ends=self.ends.day,
                renews_on=self.renews.day,
                notice_days=self.notice.value(),
                note=self.note.text(),
                id=self._before.id if self._before is not None else 0,
            )
        )

    def check(self) -> bool:
        """Whether everything can be kept."""
        self.clear_problem()
        self.name_error.show_error("" if self.name.text().strip() else self.tr("Give the contract a name."))
        wrong: list[QWidget] = [self.name] if self.name_error.message else []
        if not self.money.check():
            wrong.append(self.money)
        for field, error in self.day_errors.items():
            error.show_error(field.problem(may_have_passed=True))
            if error.message:
                wrong.append(field)
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        try:
            _ = self.contract
        except UserError as error:
            self.show_problem(str(error))
            return False
        return True

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps everything as it is entered now."""
        contract = self.contract
        rate = self.money.exchange_rate(contract.starts or clock.now().date())

        def keep() -> None:
            if rate is not None:
                keep_rate(store, rate)
            keep_contract(store, contract)

        return keep


def _tr(text: str) -> str:
    return QCoreApplication.translate("ContractDialog", text)
