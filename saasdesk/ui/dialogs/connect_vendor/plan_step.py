"""The first plan: how far it is, and what a first run would do."""

import time
from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Job
from saasdesk.sync.events import Status, SyncResult
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.moments import number
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.counter import Counter
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar

_SHOWN_PROBLEMS = 5
_TICK = 300
# How a preview can end and still show what a run would do.
_WITH_A_PLAN = frozenset(
    {Status.COMPLETED, Status.COMPLETED_WITH_ERRORS, Status.INCOMPLETE, Status.STOPPED_BY_SAFEGUARD, Status.EMPTY}
)


class PlanStep(Step):
    """Runs by itself when it is first shown; can be cancelled and begun again."""

    begin_wanted = Signal()
    cancel_wanted = Signal()
    plan_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The first plan")
        self.next_text = self.tr("Launch")
        self._vendor = ""
        self._progress: RunProgress | None = None
        self._result: SyncResult | None = None
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def can_go_on(self) -> bool:
        """Whether there is a plan to launch after."""
        return self._result is not None and self._result.status in _WITH_A_PLAN

    def begin(self, connecting: Connecting) -> None:
        """Show the plan that is there; without one nothing yet."""
        self._vendor = connecting.connector.title
        if connecting.plan is None:
            self._result = None
            self.outcome.hide()
            self.counts.hide()
        self.changed.emit()

    def note_started(self, job: Job, integration: str) -> None:
        """A plan is being made."""
        now = time.monotonic()
        self._progress = RunProgress(job, integration, now, heard_at=now)
        self._result = None
        self.outcome.hide()
        self.counts.hide()
        self.running.show()
        self.cancel.setEnabled(True)
        self._timer.start()
        self._tick()
        self.changed.emit()

    def note_news(self, news: object) -> None:
        """It says how far it is."""
        if self._progress is not None:
            self._progress = self._progress.after(news, time.monotonic())

    def note_cancelling(self) -> None:
        """It was asked to stop."""
        self.cancel.setEnabled(False)
        self.phase.set_text(self.tr("Cancelling after this request…"))
        self._timer.stop()

    def show_result(self, result: SyncResult) -> None:
        """It is made, or could not be."""
        self._stop_showing_progress()
        self._result = result
        self.outcome.show()
        again = OutlinedButton(self._theme, self.tr("Plan again"), icon="retry")
        again.clicked.connect(self.begin_wanted)
        match result.status:
            case Status.COMPLETED | Status.EMPTY:
                self.outcome.say("ok", self.tr("Nothing is written yet."), result.message or self._in_words(result))
            case Status.COMPLETED_WITH_ERRORS:
                self.outcome.say("warn", self.tr("Nothing is written yet."), result.message)
            case Status.INCOMPLETE | Status.STOPPED_BY_SAFEGUARD:
                self.outcome.say("warn", self.tr("Nothing is written yet."), result.message, (again,))
            case Status.CANCELLED:
                self.outcome.say("info", self.tr("The plan was cancelled."), self.tr("Nothing was written."), (again,))
            case _:
                self.outcome.say("error", result.message, "", (again,))
        self._show_counts(result)
        self.changed.emit()

    def show_failure(self, reason: str) -> None:
        """The program failed while planning."""
        self._stop_showing_progress()
        again = OutlinedButton(self._theme, self.tr("Plan again"), icon="retry")
        again.clicked.connect(self.begin_wanted)
        self.outcome.say("error", reason, "", (again,))
        self.outcome.show()
        self.changed.emit()

    def first_field(self) -> QWidget | None:
        """Cancel while it runs."""
        return self.cancel if self.running.isVisibleTo(self) else None

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.body.addWidget(
            Paragraph(
                theme,
                self.tr(
                    "Every user is read now, and compared with what is here. You see what a run would do before one "
                    "does it."
                ),
                tone="muted",
            )
        )
        self.running = Card(theme, edge=CardEdge.BUSY)
        self.phase = PlainLabel("", elided=True)
        self.time = PlainLabel("", "secondary", "muted", digits=True)
        self.bar = ProgressBar(theme, self.tr("Progress of the first plan"))
        self.cancel = OutlinedButton(theme, self.tr("Cancel the plan"), icon="close")
        head = Row(theme, gap=8)
        head.addWidget(self.phase, 1)
        head.addWidget(self.time)
        self.running.body.addLayout(head)
        self.running.body.addWidget(self.bar)
        self._read = Counter(theme, "0", self.tr("read"))
        foot = Row(theme, gap=8)
        foot.addWidget(self._read)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        self.running.body.addLayout(foot)
        self.running.hide()
        self.outcome = Banner(theme, "ok")
        self.outcome.hide()
        self.counts = Card(theme, gap=12)
        self._numbers = Row(theme, gap=24)
        self._numbers_place = Column(theme, gap=0)
        self._numbers_place.addLayout(self._numbers)
        self.counts.body.addLayout(self._numbers_place)
        self._counters = {
            name: Counter(theme, "0", word)
            for name, word in (
                ("fetched", self.tr("read")),
                ("created", self.tr("to create")),
                ("updated", self.tr("to change")),
                ("deactivated", self.tr("to deactivate")),
                ("unchanged", self.tr("the same")),
                ("failed", self.tr("left as they are")),
            )
        }
        for counter in self._counters.values():
            self._numbers.addWidget(counter)
        self._numbers.addStretch(1)
        self._details = Paragraph(theme, role="secondary", tone="muted")
        self.problems = Paragraph(theme, role="secondary")
        self.link = LinkButton(theme, self.tr("See every line of the plan"), icon="open")
        links = Row(theme, gap=0)
        links.addWidget(self.link)
        links.addStretch(1)
        self.counts.body.addWidget(self._details)
        self.counts.body.addWidget(self.problems)
        self.counts.body.addLayout(links)
        self.counts.hide()
        self.body.addWidget(self.running)
        self.body.addWidget(self.outcome)
        self.body.addWidget(self.counts)
        self.body.addStretch(1)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.link.clicked.connect(self._on_link_clicked)

    # Showing

    def _tick(self) -> None:
        progress = self._progress
        if progress is None:
            return
        now = time.monotonic()
        self.phase.set_text(progress.phase_in_words(self._vendor, now, datetime.now(UTC)))
        self.time.set_text(progress.time_in_words(now))
        self.bar.set_share(progress.share)
        self._read.set_number(number(progress.numbers[0]))

    def _stop_showing_progress(self) -> None:
        self._timer.stop()
        self._progress = None
        self.running.hide()

    def _show_counts(self, result: SyncResult) -> None:
        self.counts.setVisible(result.status in _WITH_A_PLAN)
        for name, counter in self._counters.items():
            counter.set_number(number(result.counts.get(name, 0)))
            counter.setVisible(name not in ("deactivated", "failed", "unchanged") or bool(result.counts.get(name)))
        people, users, licences = (number(_touched(result, kind)) for kind in ("people", "saas_users", "licences"))
        assets = _touched(result, "assets")
        self._details.set_runs(
            self.tr("That is {0} assets.").format(number(assets))
            if assets
            else self.tr("That is {0} people and {1} SaaS users; {2} licences come with them.").format(
                people, users, licences
            )
        )
        shown = result.errors[:_SHOWN_PROBLEMS]
        lines = [Run(f"{problem.record}: {problem.message}\n") for problem in shown]
        more = len(result.errors) - len(shown)
        if more > 0:
            lines.append(Run(self.tr("and {0} more").format(number(more)), tone="muted"))
        self.problems.set_runs(*lines)
        self.problems.setVisible(bool(lines))
        self.link.setVisible(result.plan is not None)

    def _in_words(self, result: SyncResult) -> str:
        counts = result.counts
        if not counts.get("created") and not counts.get("updated"):
            return self.tr("A run would change nothing.")
        return self.tr("This is what a run would do.")

    def _on_link_clicked(self) -> None:
        if self._result is not None and self._result.plan is not None:
            self.plan_wanted.emit(self._result.plan)


def _touched(result: SyncResult, kind: str) -> int:
    part = result.counts.get(kind, {})
    return sum(part.get(name, 0) for name in ("created", "updated", "deactivated", "reactivated"))
