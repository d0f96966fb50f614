"""Going on without a window: what closing means, the tray's icon, and what the desktop is told meanwhile."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from saasdesk.clock import now
from saasdesk.jobs import Ended, Job, Jobs, Message
from saasdesk.notices import Notice
from saasdesk.notices.desktop import DesktopNews
from saasdesk.notices.quiet import is_quiet
from saasdesk.services import Services
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.integrations import list_integrations
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.formats import days_as_chosen
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.notices import NoticeCentre
from saasdesk.ui.pages.integrations.runs import Runs
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tray import Tray, has_tray

_LOOK_EVERY_MILLISECONDS = 30_000


class TrayChoice:
    """What closing the window means: the setting, and before it was ever chosen, a question."""

    def __init__(self, services: Services, jobs: Jobs) -> None:
        self._services, self._jobs = services, jobs
        self.has_schedules = False

    def is_possible(self) -> bool:
        """Whether this desktop has a tray."""
        return has_tray()

    def answer(self) -> bool | None:
        """Whether closing leaves the program in the tray; without a schedule nobody is asked."""
        setting = self._services.store.settings().tray
        if setting == "ask":
            return None if self.has_schedules else False
        return setting == "keep"

    def keep(self, answer: bool) -> None:
        """Remember what the admin said, in the settings."""
        store, setting = self._services.store, "keep" if answer else "quit"
        self._jobs.start(lambda _tell, _stop: store.save_setting("tray", setting), "Keeping the choice", "tray")


class Background(QObject):
    """The tray's icon, as long as there is a tray; without one, nothing of it."""

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        notices: NoticeCentre,
        bridge: Bridge,
        readers: TableReaders,
        runs: Runs,
        *,
        open_window: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._services, self._window, self._notices, self._runs = services, window, notices, runs
        self._open_window, self._clock = open_window, clock
        self._reading = Reading(readers, self)
        self._news = DesktopNews()
        # What was held back is told when quiet hours are over, or the hour is.
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_EVERY_MILLISECONDS)
        self._looking.timeout.connect(self._tell_news)
        self._awaited: set[Job] = set()
        self.tray: Tray | None = None
        if has_tray():
            self.tray = self._make_tray()
            notices.arrived.connect(self._on_arrived)
            notices.counted.connect(self.tray.set_unread)
            window.hidden_away.connect(self._on_hidden_away)
            bridge.heard.connect(self._on_heard)
            self._looking.start()
            self.tray.show()

    def close(self) -> None:
        """Take the icon away."""
        self._looking.stop()
        if self.tray is not None:
            self.tray.close()
            self.tray = None

    def _make_tray(self) -> Tray:
        tray = Tray(self)
        tray.open_wanted.connect(self._open_window)
        tray.message_clicked.connect(self._show_notices)
        tray.notices_wanted.connect(self._show_notices)
        tray.run_all_wanted.connect(self._run_all)
        tray.pause_wanted.connect(self._pause)
        tray.quit_wanted.connect(self._quit)
        tray.opening.connect(self._on_opening)
        return tray

    def _on_opening(self) -> None:
        if self.tray is not None:
            self.tray.set_paused(is_paused=self._services.store.settings().scheduling_paused)

    def _show_notices(self) -> None:
        self._open_window()
        self._notices.open()

    def _run_all(self) -> None:
        store = self._services.store
        self._reading.ask(
            "all",
            lambda _stop: [i for i in list_integrations(store) if i.state is IntegrationState.ACTIVE],
            self._runs.start_all,
            self._say,
        )

    def _pause(self, paused: bool) -> None:
        store = self._services.store
        self._reading.ask(
            "pause",
            lambda _stop: store.save_setting("scheduling_paused", "true" if paused else "false"),
            lambda _nothing: self._window.refresh_page(),
            self._say,
        )

    def _quit(self) -> None:
        if self._window.status.jobs_to_lose():
            # There is something to be asked, and a question needs its window.
            self._open_window()
        self._window.quit()

    def _say(self, reason: str) -> None:
        if self.tray is not None:
            self.tray.tell("saasdesk", reason, is_trouble=True)

    # News

    def _on_arrived(self, notices: Sequence[Notice]) -> None:
        self._news.take(notices, self._clock())
        self._tell_news()

    def _tell_news(self) -> None:
        if self.tray is None or not self._news.is_waiting:
            return
        if self._window.isActiveWindow():
            self._news.forget()
            return
        message = self._news.next_message(self._notices.unread_causes, self._clock(), is_quiet=self._is_quiet())
        if message is not None:
            self.tray.tell(days_as_chosen(message.title), days_as_chosen(message.text), is_trouble=True)

    def _is_quiet(self) -> bool:
        return is_quiet(self._services.store.settings().quiet_hours, now())

    def _on_hidden_away(self) -> None:
        self._awaited = set(self._window.status.shown_jobs())

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended) or message.job not in self._awaited:
            return
        self._awaited.discard(message.job)
        result = message.result
        # In quiet hours a run that went well is not worth a word; one that did not is told afterwards as a notice.
        is_hidden = self.tray is not None and not self._window.isVisible()
        if self.tray is not None and is_hidden and isinstance(result, SyncResult) and not self._is_quiet():
            counts = result.counts
            text = f"{counts['fetched']:,} read, {counts['created']:,} new, {counts['updated']:,} changed"
            self.tray.tell(f"“{result.integration}” is done", result.message or text, is_trouble=result.exit_code != 0)
