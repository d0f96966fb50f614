"""The window's clock: starts what is due, once, while the window is open."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from saasdesk.app.printing import draw_pdf
from saasdesk.clock import now
from saasdesk.jobs import Ended, Jobs, Message, Tell
from saasdesk.records.search import bring_up_to_date
from saasdesk.reports.runs import RunRow
from saasdesk.reports.runs.due import has_scheduled_reports, run_due_reports
from saasdesk.services import Services
from saasdesk.sync.due import due_integrations, has_schedules, take_due
from saasdesk.sync.events import BY_SCHEDULE, SyncResult
from saasdesk.sync.integration import Integration
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.together import about
from saasdesk.sync.watchdog import watch
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Frame
from saasdesk.ui.status_bar import INDEXING
from saasdesk.workflows.due import run_due_workflows

# After start or wake the network needs a moment; then a look every half minute is enough for schedules of minutes.
_EVERY_MILLISECONDS = 30_000
_SECONDS_OF_SLEEP = 90
_ABOUT = "due"
_MAIL = "mail"
_WORKFLOWS = "workflows"
_REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class _Found:
    moment: datetime
    due: list[Integration]
    has_schedules: bool


class DueClock(QObject):
    """Looks every half minute which integrations are due, and runs them side by side.

    Slots missed while the program was off or the computer asleep coalesce to one run at the next look. Each look also
    tells whether there is any schedule at all.
    """

    found_schedules = Signal(bool)

    def __init__(
        self,
        services: Services,
        frame: Frame,
        jobs: Jobs,
        bridge: Bridge,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._looked_at: tuple[datetime, float] | None = None
        self._services, self._frame, self._jobs = services, frame, jobs
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._running: set[str] = set()
        self._is_stopped = False
        bridge.heard.connect(self._on_heard)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()
        self._keep_search_up_to_date()

    def stop(self) -> None:
        """Look no more, and start nothing that was found before."""
        self._timer.stop()
        self._is_stopped = True

    def look(self) -> None:
        """Ask in a worker what is due, unless something due is running; send mail, and keep the search up to date."""
        moment = now()
        if self._has_slept(moment):
            # The network is not back yet; the next look is in half a minute.
            return
        self._send_mail()
        self._keep_search_up_to_date()
        self._run_workflows()
        self._run_reports()
        if self._running:
            return
        store = self._services.store

        def work(_tell: Tell, _stop: threading.Event) -> _Found:
            watch(store, moment)
            is_scheduled = has_schedules(store) or has_scheduled_reports(store)
            return _Found(moment, due_integrations(store, moment), is_scheduled)

        self._jobs.start(work, "Looking what is due", _ABOUT)

    def _send_mail(self) -> None:
        if self._jobs.find(_MAIL) is not None:
            return
        services = self._services

        def work(_tell: Tell, stop: threading.Event) -> None:
            # Only here: it brings a whole mail library along.
            from saasdesk.notices.outbox import open_account, send_waiting

            send_waiting(services.store, lambda: open_account(services.store, services.vault), stop=stop)

        self._jobs.start(work, "Sending mail", _MAIL)

    def _keep_search_up_to_date(self) -> None:
        if self._jobs.find(INDEXING) is not None:
            return
        store = self._services.store
        self._jobs.start(lambda tell, stop: bring_up_to_date(store, tell, stop), "Preparing the search", INDEXING)

    def _run_workflows(self) -> None:
        if self._jobs.find(_WORKFLOWS) is not None:
            return
        services = self._services

        def work(tell: Tell, stop: threading.Event) -> None:
            run_due_workflows(services.store, services.vault, tell=tell, stop=stop)

        self._jobs.start(work, "Workflows", _WORKFLOWS)

    def _run_reports(self) -> None:
        if self._jobs.find(_REPORTS) is not None:
            return
        services = self._services

        def work(tell: Tell, stop: threading.Event) -> list[RunRow]:
            return run_due_reports(services.store, draw_pdf=draw_pdf, tell=tell, stop=stop)

        self._jobs.start(work, "Reports", _REPORTS)

    def _on_heard(self, message: Message) -> None:
        if self._is_stopped or not isinstance(message, Ended):
            return
        if message.job.about == _ABOUT and isinstance(message.result, _Found):
            self.found_schedules.emit(message.result.has_schedules)
            for integration in message.result.due:
                self._start(integration, message.result.moment)
        else:
            self._running.discard(message.job.about)

    def _has_slept(self, moment: datetime) -> bool:
        """Whether the wall clock went on while the computer did not."""
        before, self._looked_at = self._looked_at, (moment, self._monotonic())
        if before is None:
            return False
        wall = (moment - before[0]).total_seconds()
        return wall - (self._looked_at[1] - before[1]) > _SECONDS_OF_SLEEP

    def _start(self, integration: Integration, moment: datetime) -> None:
        services = self._services

        def work(tell: Tell, stop: threading.Event) -> SyncResult | None:
            if not take_due(services.store, integration, moment):
                return None
            options = RunOptions(started_by=BY_SCHEDULE)
            return run_integration(services.store, services.vault, integration, options, tell, stop)

        if self._frame.start_job(work, integration.name, about(integration)) is not None:
            self._running.add(about(integration))
