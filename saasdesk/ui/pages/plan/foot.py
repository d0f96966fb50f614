"""The foot of a plan: how many deactivations it uses up, and what can be done with it next."""

from PySide6.QtWidgets import QWidget

from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.plan_index import HELD
from saasdesk.ui.moments import counted, number
from saasdesk.ui.pages.plan.contents import PlanContents
from saasdesk.ui.pages.plan.ticks import Ticks
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.meter import Meter
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_ADVICE_WIDTH = 330


class PlanFoot(QWidget):
    """The meter at the left, the next step at the right. The page connects the buttons."""

    def __init__(self, theme: Theme, ticks: Ticks) -> None:
        super().__init__()
        self._theme, self._ticks = theme, ticks
        self._contents: PlanContents | None = None
        self._is_narrow = False
        foot = Row(theme, gap=12, margins=(24, 10))
        self.budget = PlainLabel("", "body", elided=True, digits=True)
        self._limit = PlainLabel("", "secondary", "muted", elided=True)
        self.meter = Meter(theme, self.tr("Deactivations"))
        upper = Row(theme, gap=8)
        self._deactivations = PlainLabel(self.tr("Deactivations"), "strong")
        upper.addWidget(self._deactivations)
        upper.addWidget(self.meter)
        upper.addWidget(self.budget)
        upper.addStretch(1)
        words = Column(theme, gap=2)
        words.addLayout(upper)
        words.addWidget(self._limit)
        self.advice = Paragraph(theme, "", role="secondary", tone="muted")
        self.preview = OutlinedButton(theme, self.tr("Preview again"))
        self.run = PrimaryButton(theme, self.tr("Run Now"), "run")
        self.apply = PrimaryButton(theme, self.tr("Apply"), "check")
        self.launch = PrimaryButton(theme, self.tr("Launch"), "play")
        self._shield = IconLabel(theme, "shield", "warn", size=20)
        foot.addWidget(self._shield)
        foot.addLayout(words, 1)
        foot.addWidget(self.advice)
        for button in (self.preview, self.run, self.apply, self.launch):
            button.hide()
            foot.addWidget(button)
        self.setLayout(foot)
        ticks.changed.connect(self._show_ticks)
        theme.changed.connect(self._rescale)
        self._rescale()

    def set_narrow(self, is_narrow: bool) -> None:
        """Leave the bar and the advice out where there is no room for them; why something cannot be done stays."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            if self._contents is not None:
                self.show_contents(self._contents)

    def show_contents(self, contents: PlanContents) -> None:
        """Show another plan, or the same as it is now."""
        self._contents = contents
        plan, integration = contents.plan, contents.integration
        is_preview = plan.kind == "preview" and plan.state == "preview" and integration is not None
        # An import deactivates nobody: there is no budget to speak of.
        for part in (self._shield, self._deactivations, self.meter, self.budget, self._limit):
            part.setVisible(not plan.is_import)
        is_draft = integration is not None and integration.state is IntegrationState.DRAFT
        is_open = (is_preview or plan.is_import) and not is_draft and not contents.obstacle
        if plan.is_import:
            self.advice.setText(
                contents.obstacle or self.tr("Lines that have changed since then are refused and listed.")
            )
        elif not is_preview:
            self.advice.setText("")
        elif is_draft:
            self.advice.setText(self.tr("Launch writes nothing either; it lets runs begin, and plans be applied."))
        elif is_open:
            self.advice.setText(
                self.tr(
                    "Lines that have changed since then are refused and listed. "
                    "Deactivations can be undone for 30 days."
                )
            )
        else:
            self.advice.setText(contents.obstacle)
        self.advice.setVisible(bool(self.advice.text()) and (not self._is_narrow or not is_open))
        self.run.setVisible(is_preview and not is_draft and not is_open)
        self.apply.setVisible(is_open)
        self.launch.setVisible(is_preview and is_draft)
        self.preview.setVisible(is_preview)
        self._show_ticks()

    def _show_ticks(self) -> None:
        contents = self._contents
        if contents is None:
            return
        count = self._ticks.count
        self.apply.setText(counted(count, self.tr("Apply {0} change"), self.tr("Apply {0} changes")))
        self.apply.setEnabled(count > 0)
        self._show_budget(contents)

    def _show_budget(self, contents: PlanContents) -> None:
        if contents.integration is None:
            return
        document = contents.integration.document
        is_decided = contents.plan.state not in {"held", "preview"}
        self.meter.setVisible(not is_decided and not self._is_narrow)
        if is_decided:
            # How many were active before the decision is not known any more.
            self.budget.set_text(self.tr("{0} planned").format(number(len(contents.leaving))))
            self._limit.set_text(self.tr("A decision was made about this plan; the next run works out its own."))
            return
        leaving = len(contents.leaving) - self._ticks.unticked_of("deactivate", contents.leaving)
        allowed = contents.allowed
        self.meter.set_use(leaving, max(allowed, 1))
        if not document.deactivate:
            self.budget.set_text(self.tr("Deactivate is off"))
            self._limit.set_text(self.tr("Whoever is missing stays active."))
            return
        text = self.tr("{0} of {1} deactivations allowed")
        if leaving > allowed or contents.sums.in_group(HELD):
            text = self.tr("{0} planned · {1} allowed")
        self.budget.set_text(text.format(number(leaving), number(allowed)))
        self._limit.set_text(
            self.tr("Limit for one run: {0} % of {1} active records (5 are always allowed), {2} at most").format(
                document.deactivate_limit_percent, number(contents.active), number(document.deactivate_limit_count)
            )
        )

    def _rescale(self) -> None:
        self.advice.setFixedWidth(self._theme.px(_ADVICE_WIDTH))
