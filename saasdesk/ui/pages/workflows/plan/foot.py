"""The foot of a workflow's plan: how much of the cap it takes, and the next step; while it runs, the way to stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import Danger
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.workflows.plan.contents import PlanContents
from saasdesk.ui.pages.workflows.words import counted_records, vendors_in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.meter import Meter
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.workflows.planning import WorkflowPlan


class PlanFoot(QWidget):
    """`go` is the next step, whichever button says it."""

    go = Signal()
    stop_wanted = Signal()
    runs_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._title = PlainLabel(self.tr("Cannot be undone"), "strong")
        self.meter = Meter(theme, self.tr("Destructive actions"))
        self._used = PlainLabel("", "body", elided=True, digits=True)
        self._advice = PlainLabel("", "secondary", "muted", elided=True)
        self.progress = ProgressBar(theme, self.tr("Records that are through"), 180)
        self.launch = PrimaryButton(theme, self.tr("Launch"), "play")
        self.run = PrimaryButton(theme, "", "run")
        self.act_for_good = DangerButton(theme, "", "warning")
        self.stop = DangerButton(theme, self.tr("Stop (Esc)"), "stop")
        self.runs = OutlinedButton(theme, self.tr("Show the runs"), "activity")
        for step in (self.launch, self.run, self.act_for_good):
            step.clicked.connect(self.go)
        self.stop.clicked.connect(self.stop_wanted)
        self.runs.clicked.connect(self.runs_wanted)
        upper = Row(theme, gap=8)
        for widget in (self._title, self.meter, self.progress, self._used):
            upper.addWidget(widget)
        upper.addStretch(1)
        words = Column(theme, gap=2)
        words.addLayout(upper)
        words.addWidget(self._advice)
        row = Row(theme, gap=12, margins=(24, 10))
        row.addWidget(IconLabel(theme, "shield", "warn", size=20))
        row.addLayout(words, 1)
        self._buttons = (self.runs, self.stop, self.launch, self.run, self.act_for_good)
        for button in self._buttons:
            row.addWidget(button)
        self.setLayout(row)
        self.show_waiting()

    def show_waiting(self) -> None:
        """There is no plan, or not yet."""
        self._show(title="", buttons=())
        self._advice.set_text("")
        self._used.set_text("")

    def show_plan(self, contents: PlanContents, wanted: WorkflowPlan) -> None:
        """Show what the ticked records come to."""
        destroyed, changed = wanted.calls[Danger.DESTROYS], wanted.calls[Danger.CHANGES]
        records = counted_records(len(wanted.ways), contents.document.object)
        vendors = vendors_in_words({request.vendor for way in wanted.ways for request in way.requests})
        self.meter.set_use(destroyed, max(1, contents.per_run))
        button: QWidget
        if contents.is_draft:
            advice = self.tr("Nothing is sent by launching it. From then on it begins as its Begin block says.")
            button = self.launch
        elif wanted.irreversible:
            self.act_for_good.setText(self.tr("Run for {0} in {1}…").format(records, vendors))
            advice = self.tr("Asked about once more. Each call is sent once, and read back.")
            button = self.act_for_good
        else:
            text = (
                self.tr("Run for {0} in {1}").format(records, vendors)
                if changed or destroyed
                else self.tr("Run for {0}").format(records)
            )
            self.run.setText(text)
            advice = self.tr("Records that have changed since are left alone.")
            button = self.run
        used = self.tr("{0} of {1} in one run").format(destroyed, contents.per_run)
        calls = counted(changed, self.tr("{0} call changes something"), self.tr("{0} calls change something"))
        self._used.set_text(f"{used} · {calls}" if changed else used)
        self._advice.set_text(advice)
        self._show(title=self.tr("Destructive actions"), buttons=(button,), meter=True)
        button.setEnabled(bool(wanted.ways) or contents.is_draft)

    def show_running(self, done: int, of: int, label: str = "") -> None:
        """Show how far the run is."""
        self.progress.set_share(done / of if of else 0)
        self._used.set_text(self.tr("{0} of {1}").format(done, of))
        self._advice.set_text(label)
        self._show(title=self.tr("Running"), buttons=(self.stop,), progress=True)
        if done == 0:
            self.stop.setEnabled(True)

    def show_stopping(self) -> None:
        """Stop was pressed; the call that is under way is still waited for."""
        self.stop.setEnabled(False)
        self._advice.set_text(self.tr("Stopping: the call that is on its way is waited for."))

    def show_result(self, words: str, note: str, *, has_acted: bool) -> None:
        """Show how the run came out."""
        self._used.set_text(words)
        read_back = self.tr("What reading back showed stands beside each record.") if has_acted else ""
        self._advice.set_text(note or read_back or self.tr("What happened to each record stands in the runs."))
        self._show(title=self.tr("Done"), buttons=(self.runs,))

    def _show(self, *, title: str, buttons: tuple[QWidget, ...], meter: bool = False, progress: bool = False) -> None:
        self._title.set_text(title)
        self.meter.setVisible(meter)
        self.progress.setVisible(progress)
        has_keyboard = self.window().focusWidget() in self._buttons
        for button in buttons:
            button.show()
        if has_keyboard and buttons:
            # Before the one that was pressed goes: the keyboard would go to wherever comes next.
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        for button in self._buttons:
            button.setVisible(button in buttons)
