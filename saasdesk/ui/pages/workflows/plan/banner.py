"""What stands above a workflow's plan: a run that waits for a person, what the caps keep back, who is protected."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from saasdesk.ui.moments import counted
from saasdesk.ui.pages.workflows.plan.contents import HELD, PROTECTED, PlanContents
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton


class PlanBanner(Banner):
    """A run that is held is answered here: `allowed` once, or `rejected`."""

    allowed = Signal()
    rejected = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "warn", icon="shield")
        self.hide()

    def show_plan(self, contents: PlanContents) -> None:
        """Say what is the matter with the plan, if anything is."""
        held, protected = contents.counts[HELD], contents.counts[PROTECTED]
        per_run = self.tr("The caps allow {0} destructive actions in one run; the rest waits for another one.").format(
            contents.per_run
        )
        if contents.held_because:
            lead = self.tr("It wanted to begin by itself, and was held.")
            text = self.tr("{0} Nothing was sent. Allowed once, this plan is run; rejected, nothing is.").format(
                contents.held_because
            )
            self.say("warn", lead, f"{text} {per_run}" if held else text, self._answers())
        elif held:
            self.say("warn", counted(held, self.tr("{0} record is held."), self.tr("{0} records are held.")), per_run)
        elif protected:
            lead = self.tr("{0} are protected.").format(protected)
            self.say("info", lead, self.tr("No vendor action touches them; Settings has the list."))
        self.setVisible(bool(contents.held_because or held or protected))

    def _answers(self) -> tuple[QPushButton, QPushButton]:
        reject = OutlinedButton(self._theme, self.tr("Reject"), "close")
        reject.clicked.connect(self.rejected)
        allow = OutlinedButton(self._theme, self.tr("Allow once…"), "check")
        allow.clicked.connect(self.allowed)
        return reject, allow
