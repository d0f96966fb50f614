"""The two decisions about seats: approve them for giving back, or leave them alone."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk import clock
from saasdesk.licences.reclaim import ExemptionScope, approve, exempt
from saasdesk.store import Store
from saasdesk.ui.money import seats_text
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.tables.times import in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph


class ApproveDialog(KeepingDialog):
    """A name for the list; nothing happens at any vendor."""

    def __init__(self, theme: Theme, seats: Sequence[int], parent: QWidget | None = None) -> None:
        title = _tr("Approve {0} for giving back").format(seats_text(len(seats)))
        super().__init__(theme, title, _tr("APPROVE"), parent=parent)
        self._seats = tuple(seats)
        self.name = QLineEdit(self.tr("Reclaim of {0}").format(in_words(clock.now().date())))
        self.name.selectAll()
        grid = FormGrid(theme, label_width=96, gap=10)
        self.name_error = grid.add_field(self.tr("List"), self.name)
        self.body.addLayout(grid)
        note = self.tr(
            "The list is kept with what each seat costs today. Nothing is sent to any vendor: run a workflow on the "
            "list, or give the seats back by hand. What is protected stays out. A seat counts as realised when a later "
            "complete listing does not have it any more."
        )
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.name.textChanged.connect(self.name_error.clear)
        self.fit(280)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> bool:
        """A list needs a name."""
        self.clear_problem()
        self.name_error.show_error("" if self.name.text().strip() else self.tr("Give the list a name."))
        return not self.name_error.message

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps the list; it answers with its number and how many seats are on it."""
        seats, name = self._seats, self.name.text()
        return lambda: approve(store, seats, name)


class ExemptDialog(KeepingDialog):
    """Which seats, why, and until when."""

    def __init__(self, theme: Theme, seats: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(theme, _tr("Leave seats alone"), _tr("EXEMPT"), parent=parent)
        self._seats = tuple(seats)
        self.scope = QComboBox()
        for scope, text in (
            (ExemptionScope.SEAT, self.tr("only the selected: {0}").format(seats_text(len(seats)))),
            (ExemptionScope.PRODUCT, self.tr("every seat of the same product")),
            (ExemptionScope.ROLE, self.tr("every seat of the same SaaS role")),
            (ExemptionScope.TEAM, self.tr("every seat of the same team")),
            (ExemptionScope.APPLICATION, self.tr("every seat of the application")),
        ):
            self.scope.addItem(text, scope)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("On parental leave"))
        self.until = DateField()
        grid = FormGrid(theme, label_width=96, gap=10)
        grid.add_field(self.tr("Which"), self.scope)
        self.reason_error = grid.add_field(self.tr("Why"), self.reason)
        self.until_error = grid.add_field(
            self.tr("Until"), self.until, self.tr("Empty: until somebody ends it under Exemptions.")
        )
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.reason.textChanged.connect(self.reason_error.clear)
        self.until.textChanged.connect(self.until_error.clear)
        self.fit(300)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> bool:
        """A reason, and a day that is one."""
        self.clear_problem()
        self.reason_error.show_error("" if self.reason.text().strip() else self.tr("Say why: whoever looks next asks."))
        self.until_error.show_error(self.until.problem(may_have_passed=True))
        for error, field in ((self.until_error, self.until), (self.reason_error, self.reason)):
            if error.message:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
        return not (self.reason_error.message or self.until_error.message)

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps the exemption; it answers with how many rules it came to."""
        seats, scope = self._seats, ExemptionScope(self.scope.currentData())
        reason, until = self.reason.text(), self.until.day
        return lambda: exempt(store, seats, scope, reason, until)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReclaimDialog", text)
