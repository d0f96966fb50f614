"""Which integrations run just now and how far each is, for every page that shows it."""

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Ended, Job, Jobs, Message, Said
from saasdesk.sync.events import PagesRead, PhaseBegan
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.web import Waiting

_TOLD_EVERY_MILLISECONDS = 300


class RunWatch(QObject):
    """Listens to all jobs; made once at start, so that no page misses the beginning of a run.

    `changed` comes about three times a second while an integration runs, however much its run has to say. Integrations
    go by their names: one job may run several of them in turn, and a second job for the same one shows when the first
    is over.
    """

    began = Signal(str)
    changed = Signal(str)
    ended = Signal(str, object)

    def __init__(
        self, bridge: Bridge, jobs: Jobs, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._clock = clock
        self._running: dict[str, RunProgress] = {}
        self._askers: dict[str, QWidget] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_TOLD_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._tell)
        bridge.heard.connect(self._on_heard)

    @property
    def running(self) -> tuple[RunProgress, ...]:
        """Every run under way, the oldest first."""
        return tuple(self._running.values())

    def find(self, integration: str) -> RunProgress | None:
        """The run of this integration, if it runs."""
        return self._running.get(integration)

    def now(self) -> float:
        """The clock that progress is measured with."""
        return self._clock()

    def note_started(self, job: Job, integration: str, asked_on: QWidget | None = None) -> None:
        """Show a run from the moment it was asked for, before it has anything to say."""
        if asked_on is not None:
            self._askers[integration] = asked_on
        now = self._clock()
        self._running[integration] = RunProgress(job, integration, now, heard_at=now)
        self._timer.start()
        self.began.emit(integration)

    def is_awaited(self, integration: str) -> bool:
        """Whether the page on which the run that just ended was asked for is still looked at; it is asked once."""
        asker = self._askers.pop(integration, None)
        return asker is not None and asker.isVisible()

    def note_cancelling(self, integration: str) -> None:
        """Show at once that a run was asked to stop."""
        progress = self._running.get(integration)
        if progress is not None:
            self._running[integration] = replace(progress, is_cancelling=True)
            self.changed.emit(integration)

    def _on_heard(self, message: Message) -> None:
        match message:
            case Said(job=job, news=PhaseBegan() | PagesRead() as news):
                self._take(job, news.integration, news)
            case Said(job=job, news=Waiting() as news):
                for progress in self._of_job(job):
                    self._take(job, progress.integration, news)
            case Ended(job=job):
                for progress in self._of_job(job):
                    self._end(progress, message)
            case _:
                pass

    def _take(self, job: Job, integration: str, news: object) -> None:
        known = self._running.get(integration)
        if known is not None and known.job != job and known.job in self.jobs.running():
            return
        if known is None or known.job != job:
            # A job that turns to its next integration is through with the one before.
            for before in self._of_job(job):
                self._end(before, None)
            self.note_started(job, integration)
        self._running[integration] = self._running[integration].after(news, self._clock())

    def _end(self, progress: RunProgress, message: Ended | None) -> None:
        del self._running[progress.integration]
        if not self._running:
            self._timer.stop()
        self.ended.emit(progress.integration, message)

    def _of_job(self, job: Job) -> list[RunProgress]:
        return [progress for progress in self._running.values() if progress.job == job]

    def _tell(self) -> None:
        for integration in tuple(self._running):
            self.changed.emit(integration)
