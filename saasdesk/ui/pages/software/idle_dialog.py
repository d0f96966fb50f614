"""After how many days without use a seat of one application is idle."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from saasdesk.licences.costs import Costs
from saasdesk.licences.seats import LONGEST_DAYS, keep_own_days
from saasdesk.store import Store
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.stepped_fields import NumberField


class IdleDialog(KeepingDialog):
    """The usual threshold, or one of its own."""

    def __init__(self, theme: Theme, costs: Costs, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("IdleDialog", "When a seat is idle")
        super().__init__(theme, title, QCoreApplication.translate("IdleDialog", "UPDATE"), parent=parent)
        self._application = costs.application
        self.usual = QCheckBox(self.tr("As everywhere: after {0} days").format(costs.usual_days))
        self.usual.setChecked(costs.own_days is None)
        self.days = NumberField(theme, self.tr("Days without use"), 1, LONGEST_DAYS)
        self.days.setValue(costs.own_days or costs.usual_days)
        grid = FormGrid(theme, label_width=136, gap=10)
        grid.add_field(self.tr("Threshold"), self.usual)
        grid.add_field(self.tr("Days without use"), self.days)
        self.body.addLayout(grid)
        note = self.tr("A seat whose last use is not known is unknown, never idle; a newly given one has its grace.")
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.usual.toggled.connect(self.days.setDisabled)
        self.days.setDisabled(self.usual.isChecked())
        self.fit(264)
        self.usual.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> bool:
        """The fields take nothing that is wrong."""
        self.clear_problem()
        return True

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps the threshold."""
        return partial(keep_own_days, store, self._application, None if self.usual.isChecked() else self.days.value())
