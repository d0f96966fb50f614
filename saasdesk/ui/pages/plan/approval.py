"""The question before held deactivations are applied: whom they are about, and the count to be typed."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.ui.dialogs.confirmation import Check, Confirmation, ConfirmationDialog, Named, Use
from saasdesk.ui.moments import moment_within, number
from saasdesk.ui.pages.integrations.session_words import completeness
from saasdesk.ui.pages.plan.contents import PlanContents
from saasdesk.ui.theme import Theme


class ApprovalDialog(ConfirmationDialog):
    """`approved` carries the number of deactivations."""

    def __init__(self, theme: Theme, contents: PlanContents, parent: QWidget | None = None) -> None:
        plan = contents.plan
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
            note=_which_are_named(contents),
            named=tuple(Named(one.label, one.address, one.reason) for one in contents.named),
            checks=_checks(contents),
            use=Use(
                _tr("Safeguard"),
                plan.deactivations,
                max(contents.allowed, 1),
                _tr("{0} planned · {1} allowed").format(count, number(contents.allowed)),
            ),
        )
        super().__init__(theme, asked, parent)


def _which_are_named(contents: PlanContents) -> str:
    if len(contents.named) == len(contents.leaving):
        return ""
    words = _tr("The first {0} of {1} stand here; the plan lists all.")
    return words.format(number(len(contents.named)), number(len(contents.leaving)))


def _checks(contents: PlanContents) -> tuple[Check, ...]:
    """What speaks for it: that the vendor's list was all of it."""
    found = completeness(contents.session)
    if found is None:
        return ()
    _, why = found
    when = _tr("read {0}").format(moment_within(contents.session.started_at))
    if contents.session.evidence.get("stated_end", True):
        return (Check("passed", _tr("The list that they are missing from is complete."), when),)
    return (Check("partly", why, when),)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ApprovalDialog", text)
