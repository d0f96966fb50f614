"""The question before held deactivations are applied: the count must be typed, so that nobody approves by habit."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.sync.rows import PlanRow
from saasdesk.ui.dialogs.confirmation import Confirmation, ConfirmationDialog
from saasdesk.ui.pages.integrations.moments import number
from saasdesk.ui.theme import Theme


class ApprovalDialog(ConfirmationDialog):
    """`approved` carries the number of deactivations."""

    def __init__(self, theme: Theme, plan: PlanRow, parent: QWidget | None = None) -> None:
        count = number(plan.deactivations)
        asked = Confirmation(
            title=_tr("Deactivate {0} in {1}?").format(count, plan.integration_name),
            text=plan.reason,
            aside=_tr(
                "Each is looked at once more. Only records here change, nothing at the vendor, "
                "and it can be undone for 30 days."
            ),
            count=plan.deactivations,
            button=_tr("Deactivate {0}").format(count),
        )
        super().__init__(theme, asked, parent)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ApprovalDialog", text)
