"""What is going on just now: each job with how far it is and a way to cancel it."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Ended, Job, Message, Said
from saasdesk.reports.csv_export import Exported
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import counted, duration_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.progress_panel import ProgressPanel
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.status_bar import STALLED_AFTER_SECONDS
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.scroll_area import ScrollArea

_LOOK_EVERY_MILLISECONDS = 500
# Three runs and a bit of the fourth, so that nobody overlooks that there are more.
_MOST_HEIGHT = 420


class RunningJob(Card):
    """One job; its texts change, its widgets stay, so that Cancel keeps the keyboard."""

    def __init__(self, theme: Theme, job: Job) -> None:
        super().__init__(theme, edge=CardEdge.BUSY)
        self.setAccessibleName(job.name)
        self.panel = ProgressPanel(theme)
        self.phase = PlainLabel(self.tr("Working"), "secondary", "muted", elided=True)
        self.bar = ProgressBar(theme, self.tr("Progress of {0}").format(job.name))
        self.bar.set_share(None)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"), "close")
        self.cancel.setAccessibleName(self.tr("Cancel {0}").format(job.name))
        words = Column(theme, gap=4)
        words.addWidget(PlainLabel(job.name, "card-title", elided=True))
        for widget in (self.phase, self.bar, self.panel):
            words.addWidget(widget)
        row = Row(theme, gap=24)
        row.addWidget(IconLabel(theme, "running", "accent", size=20), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        self.panel.hide()

    def show_run(self, progress: RunProgress, clock: float) -> None:
        """Show how far the run of an integration is."""
        self.panel.show()
        self.phase.hide()
        self.bar.hide()
        self.panel.show_progress(progress, progress.integration, clock)
        self.cancel.setEnabled(not progress.is_cancelling)

    def show_news(self, text: str) -> None:
        """Show what another job says of itself."""
        if self.cancel.isEnabled():
            self.phase.set_text(text)

    def show_cancelling(self) -> None:
        """Show that it was asked to stop."""
        self.cancel.setEnabled(False)
        self.phase.set_text(self.tr("Cancelling…"))


class RunningJobs(QWidget):
    """Takes no room while nothing goes on, and not all of it while much does. Jobs over in a blink get no line."""

    def __init__(self, theme: Theme, bridge: Bridge, frame: Frame, watch: RunWatch) -> None:
        super().__init__()
        self._theme, self._frame, self._watch = theme, frame, watch
        self.rows: dict[int, RunningJob] = {}
        self._heard_at: dict[int, float] = {}
        self._stalled: set[int] = set()
        self._seen_before: frozenset[int] = frozenset()
        self._column = Column(theme, gap=8)
        self._content = QWidget()
        self._content.setLayout(self._column)
        self._scroll = ScrollArea(self._content)
        self.cancel_all = LinkButton(theme, self.tr("Cancel all"))
        self.cancel_all.clicked.connect(self._cancel_all)
        self.cancel_all.hide()
        head = Row(theme)
        head.addStretch(1)
        head.addWidget(self.cancel_all)
        whole = Column(theme, gap=8)
        whole.addLayout(head)
        whole.addWidget(self._scroll)
        self.setLayout(whole)
        theme.changed.connect(self._fit)
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_EVERY_MILLISECONDS)
        self._clock.timeout.connect(self.look)
        bridge.heard.connect(self._on_heard)
        watch.began.connect(self._on_run_changed)
        watch.changed.connect(self._on_run_changed)
        self.look()

    def look(self) -> None:
        """Show what goes on now."""
        running = {job.number: job for job in self._watch.jobs.running()}
        runs = {progress.job.number: progress for progress in self._watch.running}
        for gone in [shown for shown in self.rows if shown not in running]:
            row = self.rows.pop(gone)
            self._heard_at.pop(gone, None)
            self._column.removeWidget(row)
            row.deleteLater()
        for started, job in running.items():
            if started not in self.rows and (started in runs or started in self._seen_before):
                self._add(job)
            if started in self.rows and started in runs:
                self.rows[started].show_run(runs[started], self._watch.now())
            elif started in self.rows:
                self._show_if_stalled(started)
        self._seen_before = frozenset(running)
        self.cancel_all.setVisible(sum(row.cancel.isEnabled() for row in self.rows.values()) > 1)
        self._fit()

    def _show_if_stalled(self, number: int) -> None:
        now = self._watch.now()
        silent = now - self._heard_at.setdefault(number, now)
        if silent > STALLED_AFTER_SECONDS:
            self._stalled.add(number)
            self.rows[number].show_news(self.tr("Stalled: nothing heard for {0}").format(duration_in_words(silent)))

    def _note_sign_of_life(self, number: int) -> None:
        self._heard_at[number] = self._watch.now()
        if number in self._stalled:
            self._stalled.discard(number)
            self.rows[number].show_news(self.tr("Working"))

    def _fit(self) -> None:
        self._scroll.setVisible(bool(self.rows))
        self._scroll.setFixedHeight(min(self._content.sizeHint().height(), self._theme.px(_MOST_HEIGHT)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _add(self, job: Job) -> None:
        row = self.rows[job.number] = RunningJob(self._theme, job)
        row.cancel.clicked.connect(lambda: self._cancel(job))
        self._column.addWidget(row)

    def _cancel_all(self) -> None:
        for job in self._watch.jobs.running():
            if job.number in self.rows and self.rows[job.number].cancel.isEnabled():
                self._cancel(job)
        self.look()

    def _cancel(self, job: Job) -> None:
        self.rows[job.number].show_cancelling()
        for progress in self._watch.running:
            if progress.job == job:
                self._watch.note_cancelling(progress.integration)
        self._frame.cancel_job(job)

    def _on_run_changed(self, _name: str) -> None:
        self.look()

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Said) and message.job.number in self.rows:
            self._note_sign_of_life(message.job.number)
        match message:
            case Said(job=job, news=Exported(rows=rows)) if job.number in self.rows:
                text = counted(rows, self.tr("{0} row written"), self.tr("{0} rows written"))
                self.rows[job.number].show_news(text)
            case Ended():
                self.look()
            case _:
                pass
