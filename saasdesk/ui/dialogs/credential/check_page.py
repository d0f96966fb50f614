"""What the vendor answered to a key that is not kept yet."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from saasdesk.connectors import Probe
from saasdesk.errors import UserError
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.scope_table import ScopeTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.paragraph import Paragraph


class CheckPage(Step):
    """Feature, works, what to change; CREATE keeps the key."""

    read_only_wanted = Signal()
    unlock_wanted = Signal()
    memory_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The key works")
        self.next_text = self.tr("CREATE")
        self.answer = Banner(theme, "ok")
        self.warning = Banner(theme, "warn")
        self.warning.hide()
        self.table = ScopeTable(theme)
        self._box = Boxed(theme, self.table)
        self._note = Paragraph(
            theme,
            self.tr("A feature that does not work costs only that: what it would have told stays unknown."),
            role="secondary",
            tone="muted",
        )
        self.where = Paragraph(theme, role="secondary", tone="muted")
        for widget in (self.answer, self.warning, self._box, self._note, self.where):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_answer(self, found: Probe, lacks: Sequence[str], *, is_demo: bool, unproven: str = "") -> None:
        """Show what a test found; `lacks` are the changes at the vendor that the key was refused.

        `unproven` says what a key must be that is to change something, where no test can show whether it is that.
        """
        self.clear_problem()
        self.answer.say("ok", self.tr("The key opens {0}.").format(found.identity))
        self.warning.setVisible(bool(lacks or unproven))
        if unproven:
            self.warning.say(
                "info",
                self.tr("Whether it may act shows only when it first does."),
                self.tr("It has to be {0}.").format(unproven.rstrip(".")),
            )
        if lacks:
            read_only = LinkButton(self._theme, self.tr("Use it for reading only"))
            read_only.clicked.connect(self.read_only_wanted)
            self.warning.say(
                "warn",
                self.tr("It may read, but not do all that “Read and act” is for."),
                self.tr("Go back and enter another key, or use this one for reading only."),
                (read_only,),
            )
        self._box.setVisible(bool(found.features))
        self._note.setVisible(bool(found.features))
        self.table.show_features(found.features)
        where = self.tr("CREATE puts the key into this computer's keyring. It is never shown again.")
        if is_demo:
            where = self.tr("CREATE keeps the key in memory: this is the demo.")
        self.where.set_runs(where)

    def show_no_keyring(self, error: UserError, *, may_unlock: bool) -> None:
        """The keyring refuses: say why, and what can be done instead."""
        retry = OutlinedButton(self._theme, self.tr("Unlock and retry") if may_unlock else self.tr("Retry"))
        retry.clicked.connect(self.unlock_wanted)
        memory = LinkButton(self._theme, self.tr("Keep for this start only"))
        memory.clicked.connect(self.memory_wanted)
        text = self.tr("Kept for this start only, schedules that use it wait after the next start.")
        self.problem.say("error", str(error), text, (retry, memory))
        self.problem.show()
        retry.setFocus()
