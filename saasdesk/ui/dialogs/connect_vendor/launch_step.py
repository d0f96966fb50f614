"""Launched: what happens by itself from now on, and the first real run."""

from PySide6.QtCore import Signal

from saasdesk.sync.due import next_run
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import PrimaryButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel


class LaunchStep(Step):
    """The end of the way."""

    run_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Launched")
        self.done = Banner(theme, "ok")
        self.run_now = PrimaryButton(theme, self.tr("Run Now"), icon="play")
        self._next_run = PlainLabel("", elided=True)
        self._schedule = PlainLabel("", elided=True)
        self._credential = PlainLabel("", elided=True)
        grid = FormGrid(theme)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.add_value(self.tr("Schedule"), self._schedule)
        grid.add_value(self.tr("Next run"), self._next_run)
        grid.add_value(self.tr("Credential"), self._credential)
        row = Row(theme, gap=12)
        row.addWidget(self.run_now)
        row.addWidget(
            Paragraph(theme, self.tr("The first run writes what the plan showed."), role="secondary", tone="muted"), 1
        )
        self.body.addWidget(self.done)
        self.body.addLayout(grid)
        self.body.addSpacing(theme.px(8))
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.run_now.clicked.connect(self.run_wanted)

    def begin(self, connecting: Connecting) -> None:
        """Say what is there now."""
        integration = connecting.integration
        if integration is None:
            return
        self.done.say("ok", self.tr("“{0}” is launched.").format(integration.name), self.tr("Nothing was written yet."))
        following = next_run(integration)
        self._schedule.set_text(integration.document.schedule.in_words())
        self._next_run.set_text(moment_in_words(following) if following else self.tr("None"))
        self._credential.set_text(connecting.credential)

    def first_field(self) -> PrimaryButton:
        """The first real run."""
        return self.run_now
