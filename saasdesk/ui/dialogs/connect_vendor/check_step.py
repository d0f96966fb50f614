"""What the key may do: feature, works, what to change."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.scope_table import ScopeTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph


class CheckStep(Step):
    """The answer of the vendor to the key, feature by feature."""

    again_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The key works")
        self.next_text = self.tr("Read the first records")
        self.answer = Banner(theme, "ok")
        self.memory = Banner(
            theme,
            "warn",
            self.tr("Kept for this start only."),
            self.tr("After the program is closed the key must be entered again, and schedules that use it wait."),
        )
        self.memory.hide()
        self.table = ScopeTable(theme)
        self.again = OutlinedButton(theme, self.tr("Check again"), icon="retry")
        row = Row(theme, gap=8)
        row.addWidget(self.again)
        row.addStretch(1)
        self.body.addWidget(self.answer)
        self.body.addWidget(self.memory)
        self.body.addWidget(Boxed(theme, self.table))
        self.body.addWidget(
            Paragraph(
                theme,
                self.tr("A feature that does not work costs only that: what it would have told stays unknown."),
                role="secondary",
                tone="muted",
            )
        )
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.again.clicked.connect(self.again_wanted)

    def begin(self, connecting: Connecting) -> None:
        """Show the answer."""
        probe = connecting.probe
        if probe is None:
            return
        title = connecting.connector.title
        lead = (
            self.tr("The key opens {0}.").format(probe.identity)
            if probe.identity
            else self.tr("{0} accepts the key.").format(title)
        )
        self.answer.say("ok", lead, self.tr("Credential “{0}”.").format(connecting.credential))
        self.memory.setVisible(connecting.in_memory)
        self.table.show_features(probe.features)

    def first_field(self) -> QWidget | None:
        """The button at the end."""
        return None

    def set_busy(self, *, is_busy: bool) -> None:
        self.again.setEnabled(not is_busy)
