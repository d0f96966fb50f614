"""The question before held deactivations are applied: the count must be typed, so that nobody approves by habit."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from saasdesk.sync.rows import PlanRow
from saasdesk.ui.pages.integrations.moments import number
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 520


class ApprovalDialog(QDialog):
    """Opens with the focus on Cancel; the button works only when the number fits. `approved` carries what was typed."""

    approved = Signal(int)

    def __init__(self, theme: Theme, plan: PlanRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = plan.deactivations
        title = self.tr("Deactivate {0} in {1}?").format(number(plan.deactivations), plan.integration_name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("The number of deactivations"))
        self.field.setMaximumWidth(theme.px(120))
        self.field.textChanged.connect(self._on_typed)
        label = PlainLabel(self.tr("Type {0} to confirm").format(plan.deactivations), "strong")
        label.setBuddy(self.field)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.confirm = DangerButton(theme, self.tr("Deactivate {0}").format(number(plan.deactivations)))
        self.confirm.setEnabled(False)
        self.confirm.clicked.connect(self._on_confirmed)
        column = Column(theme, gap=12, margins=(24, 24, 24, 20))
        column.addWidget(PlainLabel(title, "section"))
        column.addWidget(Paragraph(theme, plan.reason))
        column.addWidget(
            Paragraph(
                theme,
                self.tr(
                    "Each is looked at once more. Only records here change, nothing at the vendor, "
                    "and it can be undone for 30 days."
                ),
                tone="muted",
            )
        )
        column.addWidget(label)
        column.addWidget(self.field)
        foot = Row(theme, gap=8, margins=(24, 16))
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.confirm)
        whole = Column(theme, gap=0)
        whole.addLayout(column, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        self.cancel.setFocus()

    def _on_typed(self) -> None:
        self.confirm.setEnabled(self._typed() == self._count)

    def _on_confirmed(self) -> None:
        typed = self._typed()
        if typed is not None:
            self.approved.emit(typed)
            self.accept()

    def _typed(self) -> int | None:
        text = self.field.text().strip()
        return int(text) if text.isascii() and text.isdigit() else None
