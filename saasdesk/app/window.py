"""The window's side of the composition: Qt application, services, pages; one window after the other in one process."""

import logging
import os
import platform
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from saasdesk import __version__, cli
from saasdesk.app import handover, logs
from saasdesk.app.background import Background, TrayChoice
from saasdesk.app.due import DueClock
from saasdesk.app.pages import Pages
from saasdesk.app.printing import draw_pdf
from saasdesk.app.recovery import recover
from saasdesk.app.stalls import Stalls
from saasdesk.credentials import KeyringState as Keyring
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.jobs import Ended, Jobs, Message, Tell, Work
from saasdesk.profile import LockedProfile, Profile, ProfileLock, open_profile, usual_folder
from saasdesk.services import Services
from saasdesk.settings import Settings
from saasdesk.simulator.control import Simulator
from saasdesk.store import DamagedDatabase, Store
from saasdesk.store.backup import daily_backup, restore_from
from saasdesk.store.contents import is_untouched
from saasdesk.sync.due import has_schedules
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration
from saasdesk.sync.latest import latest_good_reading
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.together import about
from saasdesk.sync.watchdog import watch
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.collector import Collector
from saasdesk.ui.dialogs.failure import tell_failure
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.indexing import describe_indexing
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.navigation import Command
from saasdesk.ui.notices import NoticeCentre
from saasdesk.ui.notices.centre import SHORTCUT as NOTICES_SHORTCUT
from saasdesk.ui.pages.integrations.run_progress import describe_news
from saasdesk.ui.pages.workflows.words import describe_run
from saasdesk.ui.palette_places import palette_places
from saasdesk.ui.past import LookingBack
from saasdesk.ui.status_bar import DEMO, LIVE, KeyringState, Mode
from saasdesk.ui.theme import Theme, ThemeMode
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.window_memory import FileMemory

# Long enough for a window to be painted and used before work of our own begins.
_SETTLE_MILLISECONDS = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """What should be open after this window: the demo or one's own profile, perhaps after a restore.

    `delete_demo` is done on the way there, while neither is open.
    """

    demo: bool = False
    restore: Path | None = None
    delete_demo: bool = False


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where the demo lies, and how large its company is."""

    folder: Path
    people: int = 250


def open_window(
    own: Callable[[], Profile], *, debug: bool = False, first: Wish | None = None, demo: DemoPlace | None = None
) -> int:
    """Show the window on one's own profile (or on `first`) until it is closed, and then what was wished for in it.

    A second start brings the first window to the front. `own` makes the profile, when it is wanted. What keeps a window
    from opening is said in one of its own, for nobody may see the terminal, and raised.
    """
    application = make_application()
    try:
        return _open_windows(application, own, first, demo, debug=debug)
    except UserError as error:
        tell_failure(Theme(application), "saasdesk cannot be opened", str(error))
        raise


def _open_windows(
    application: QApplication, own: Callable[[], Profile], first: Wish | None, demo: DemoPlace | None, *, debug: bool
) -> int:
    place = demo or DemoPlace(usual_folder(demo=True))
    wish: Wish | None = first or Wish()
    while wish is not None:
        if wish.delete_demo:
            delete_demo(place.folder)
        is_demo = wish.demo
        profile = open_profile(place.folder, demo=True) if is_demo else own()
        try:
            wish = _one_window(application, profile, wish, place, debug=debug)
        except LockedProfile:
            if handover.raise_open_window(profile):
                return 0
            raise
        except DamagedDatabase as damage:
            chosen = _offer_restore(application, damage)
            wish = Wish(demo=is_demo, restore=chosen) if chosen is not None else None
    return 0


def _one_window(
    application: QApplication, profile: Profile, wish: Wish, place: DemoPlace, *, debug: bool
) -> Wish | None:
    if wish.restore is not None:
        _restore(application, profile, wish.restore)
    if wish.demo:
        from saasdesk.app.demo import demo_services, launched
        from saasdesk.app.demo_story import BEGAN

        with demo_services(place.folder, place.people, debug=debug, began=BEGAN) as (services, simulator):
            _give_a_past(application, services, simulator)
            return show_services(application, services, fill=launched(services))
    with _services(profile, debug=debug) as services:
        return show_services(application, services)


def _restore(application: QApplication, profile: Profile, backup: Path) -> None:
    """Put the backup in the place of the database; where that fails, say why, and go on with what was there."""
    with ProfileLock(profile):
        try:
            restore_from(profile, backup)
        except UserError as error:
            tell_failure(Theme(application), "The backup was not restored", str(error))


def _give_a_past(application: QApplication, services: Services, simulator: Simulator) -> None:
    """Before a new demo's window opens, its company lives through the last weeks."""
    from saasdesk.app.demo_story import has_past, tell_story
    from saasdesk.ui.dialogs.patience import Patience

    if has_past(services):
        return
    settings = services.store.settings()
    theme = Theme(application, settings.theme, settings.zoom)
    patience = Patience(
        theme,
        "The demo company is getting a past",
        "Its last ninety days are replayed against simulated vendors on this computer. Nothing leaves it.",
        "Open it without the rest",
    )
    try:
        patience.wait_for(lambda tell, stop: tell_story(services, simulator, tell, stop))
    finally:
        patience.deleteLater()
        # Not "": Qt would take its style from windows half gone.
        application.setStyleSheet("QWidget {}")
        theme.deleteLater()


def delete_demo(folder: Path) -> None:
    """Take the demo away with everything in it; nothing but a demo, and not while somebody looks at it."""
    profile = open_profile(folder, demo=True)
    with ProfileLock(profile):
        pass
    try:
        shutil.rmtree(profile.folder)
    except OSError as error:
        raise UserError(f"The demo in {profile.folder} could not be deleted whole: {error.strerror}.") from None


@contextmanager
def _services(profile: Profile, *, debug: bool) -> Iterator[Services]:
    with Store.open(profile) as store, logs.writing_to(profile, debug=debug, level=store.settings().log_level):
        recover(store)
        yield Services(profile, store, Vault(store))


def make_application() -> QApplication:
    """The one Qt application of this process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    os.environ.setdefault("QT_API", "pyside6")
    QGuiApplication.setDesktopFileName("saasdesk")
    application = QApplication(sys.argv[:1])
    application.setApplicationName("saasdesk")
    application.setQuitOnLastWindowClosed(False)
    logs.catch_lost_errors()
    qInstallMessageHandler(_log_of_qt)
    return application


def _log_of_qt(kind: QtMsgType, _context: object, text: str) -> None:
    """What Qt has to say goes to the log, redacted like everything there, not over the admin's terminal."""
    is_serious = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    logging.getLogger("saasdesk.qt").log(logging.ERROR if is_serious else logging.INFO, "%s", text)


def show_services(application: QApplication, services: Services, fill: Sequence[Integration] = ()) -> Wish | None:
    """Show a window until it is closed, and return what should be open next."""
    desk = WindowDesk(application, services)
    desk.open(fill)
    return desk.run()


class WindowDesk:
    """One window with everything that lives as long as it does."""

    def __init__(self, application: QApplication, services: Services) -> None:
        self._application = application
        self._services = services
        self._wish: Wish | None = None
        self._collector = Collector()
        self._collector.start()
        settings = services.store.settings()
        self._memory = FileMemory(services.profile.folder / "window-memory.json")
        self._looks = (settings.theme, settings.zoom)
        # What closed before goes first: Qt would take its style from windows half gone.
        application.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        self.theme = Theme(application, settings.theme, settings.zoom, by_window=True)
        self._wear(settings)
        self.bridge = Bridge()
        self.jobs = Jobs(self.bridge.listener)
        self.pages = Pages(
            services,
            self.theme,
            self.bridge,
            self.jobs,
            explore_demo=lambda: self._wish_for(Wish(demo=True)),
            restore=lambda file: self._wish_for(Wish(demo=services.profile.is_demo, restore=file)),
        )
        self._staying = TrayChoice(services, self.jobs)
        self._looking_back: LookingBack | None = None
        self.window = self._make_window()
        self._looking_back = LookingBack(
            services,
            self.window,
            self.theme,
            self.bridge,
            self.pages.readers,
            self.pages.show_records_of,
            self._present,
        )
        self.notices = NoticeCentre(services.store, self.window, self.theme, self.bridge, self.pages.readers)
        self.background = Background(
            services,
            self.window,
            self.notices,
            self.bridge,
            self.pages.readers,
            self.pages.runs,
            open_window=self._raise,
        )
        if self.background.tray is not None:
            self.theme.dress(self.background.tray.menu)
        self._stalls = Stalls(services.store, self.jobs, self.pages.watch, self.window)
        self._clock = DueClock(services, self.window, self.jobs, self.bridge)
        self._clock.found_schedules.connect(self._note_schedules)
        self._listener: handover.Listener | None = None
        self._is_closed = False
        self._settling = QTimer()
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)

    def _make_window(self) -> MainWindow:
        services = self._services
        window = MainWindow(
            self.theme,
            self.bridge,
            self.jobs,
            self.pages.entries(),
            memory=self._memory,
            commands=self._commands,
            places=lambda: palette_places(self.window, self.window.page),
            describe=lambda news: describe_news(news) or describe_run(news) or describe_indexing(news),
            on_about=self._show_about,
            staying=self._staying,
            shows_first_page=False,
        )
        window.stayed.connect(self._forget_wish)
        self.pages.meet(window)
        window.set_mode(self._present)
        window.status.set_database("Demo database" if services.profile.is_demo else "Database on this computer")
        return window

    @property
    def _present(self) -> Mode:
        return DEMO if self._services.profile.is_demo else LIVE

    @property
    def looking_back(self) -> LookingBack:
        """What leads to the past and back."""
        if self._looking_back is None:
            raise RuntimeError("the window is not made yet")
        return self._looking_back

    def _commands(self) -> tuple[Command, ...]:
        """What can be done from every page: reading the notices, going to the demo, and back from it."""
        notices = Command("Notices", self._toggle_notices, NOTICES_SHORTCUT, "bell", "Go")
        past = self._looking_back.commands() if self._looking_back is not None else ()
        if not self._services.profile.is_demo:
            explore = Command("Explore the demo company", lambda: self._wish_for(Wish(demo=True)), "", "demo", "File")
            return (notices, *past, explore)
        return (
            notices,
            *past,
            Command("Leave the demo", lambda: self._wish_for(Wish()), "", "leave", "File"),
            Command("Delete the demo…", self._ask_to_delete_demo, "", "trash", "File"),
        )

    def _note_schedules(self, found: bool) -> None:
        self._staying.has_schedules = found

    def _toggle_notices(self) -> None:
        self.notices.toggle()

    def _ask_to_delete_demo(self) -> None:
        keep = OutlinedButton(self.theme, "Keep it")
        delete = DangerButton(self.theme, "Delete the demo")
        delete.clicked.connect(lambda: self._wish_for(Wish(delete_demo=True)))
        question = Question(
            self.theme,
            "Delete the demo?",
            f"Its invented company, what you tried out in it and the folder {self._services.profile.folder} go. "
            "Your own profile opens, and stays as it is. The demo can be explored anew at any time.",
            [keep, delete],
            parent=self.window,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _show_about(self) -> None:
        close = OutlinedButton(self.theme, "Close")
        versions = f"Python {platform.python_version()}, Qt {qVersion()}"
        about_it = Question(
            self.theme,
            f"saasdesk {__version__}",
            f"{versions}. Profile: {self._services.profile.folder}. MIT licence. No account, no telemetry.",
            [close],
            icon="info",
            tone="accent",
            parent=self.window,
        )
        about_it.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        about_it.open()

    def open(self, fill: Sequence[Integration] = (), *, page: str = "home", argument: object = None) -> None:
        """Show the window with this page, and begin what goes on behind it; `fill` runs at once."""
        self.bridge.heard.connect(self._on_heard)
        is_new = not self._services.profile.is_demo and is_untouched(self._services.store)
        self.window.navigate("start" if is_new else page, argument if not is_new else None)
        self.window.show()
        self._settling.start(_SETTLE_MILLISECONDS)
        for integration in fill:
            self.window.start_job(self._first_run(integration), integration.name, about(integration))

    def _first_run(self, integration: Integration) -> Work:
        services, options = self._services, RunOptions(started_by="demo")

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            return run_integration(services.store, services.vault, integration, options, tell, stop)

        return work

    def run(self) -> Wish | None:
        """Let Qt and asyncio take turns until the window is closed."""
        import asyncio

        import qasync  # type: ignore[import-untyped]  # it ships no types

        loop = qasync.QEventLoop(self._application, already_running=False)
        asyncio.set_event_loop(loop)
        closed = asyncio.Event()
        self.window.closed.connect(closed.set)
        self._listen_to_signals()
        profile = self._services.profile
        self._listener = handover.Listener(
            profile, self._make_desk, self._raise_from_anywhere, carried_out=self._refresh_from_anywhere
        )
        try:
            with loop:
                loop.run_until_complete(closed.wait())
        finally:
            self._listener.close()
            self.close()
            asyncio.set_event_loop(None)
        return self._wish

    def close(self) -> None:
        """End everything that lives as long as the window: nothing reaches it once it is gone."""
        self._is_closed = True
        self._collector.stop()
        self._settling.stop()
        self._clock.stop()
        self.background.close()
        self.jobs.stop_all()
        self._save_looks()
        self.bridge.heard.disconnect()
        self.pages.close()
        if self._looking_back is not None:
            self._looking_back.close()
        self.window.close_at_once()
        self.window.deleteLater()
        # At once: its style sheet names files that go with the theme.
        self._application.sendPostedEvents(self.window, int(QEvent.Type.DeferredDelete.value))
        self.theme.deleteLater()

    def _settle(self) -> None:
        """What may wait until the window is there."""
        store = self._services.store
        self.jobs.start(lambda _tell, _stop: _watch(store), "Looking for what is overdue", "watchdog")
        self.jobs.start(lambda _tell, _stop: latest_good_reading(store), "Looking at the data's age", "age")
        self._look_at_workflows()
        if not self._services.profile.is_demo:
            # The demo's keys lie in memory, and protect nothing.
            self.jobs.start(lambda _tell, _stop: self._services.vault.state(), "Looking at the keyring", "keyring")
            self.jobs.start(lambda _tell, _stop: daily_backup(store), "Daily backup", "backup")
        self._clock.start()

    def _on_heard(self, message: Message) -> None:
        # What was on its way when the window closed comes all the same.
        if self._is_closed or not isinstance(message, Ended):
            return
        if message.job.about.startswith(("workflow:", "workflow-run:", "due")):
            # A run whose answers never come pauses all of them.
            self._look_at_workflows()
        match message.job.about:
            case "workflows paused":
                self.window.note_workflows_paused(message.result is True)
            case "keyring":
                self._show_keyring(message.result)
            case "watchdog":
                self._note_schedules(message.result is True)
            case "age":
                self.window.status.set_data_age(message.result if isinstance(message.result, datetime) else None)
            case thing if thing.startswith("integration:"):
                store = self._services.store
                self.jobs.start(lambda _tell, _stop: latest_good_reading(store), "Looking at the data's age", "age")
            case _:
                pass
        if message.error is not None and not isinstance(message.error, UserError):
            logs.report_bug(message.error)
            self.window.toast("Something went wrong that should not have. The log says more.", "error")

    def _look_at_workflows(self) -> None:
        store = self._services.store
        self.jobs.start(
            lambda _tell, _stop: store.settings().workflows_paused, "Looking at the workflows", "workflows paused"
        )

    def _show_keyring(self, state: object) -> None:
        if not isinstance(state, Keyring):
            self.window.status.set_keyring(KeyringState.MISSING)
        elif state.is_usable:
            self.window.status.set_keyring(KeyringState.UNLOCKED, state.name)
        else:
            known = KeyringState.LOCKED if "locked" in state.text.casefold() else KeyringState.MISSING
            self.window.status.set_keyring(known, state.name)

    def _wish_for(self, wish: Wish) -> None:
        """Close this window and open what was wished for; whoever would rather stay is asked nothing later."""
        self._wish = wish
        self.window.quit()

    def _forget_wish(self) -> None:
        self._wish = None

    def _save_looks(self) -> None:
        """Keep what was chosen by menu or key like what is chosen on the Settings page."""
        before, now = self._looks, (self.theme.mode.value, self.theme.zoom)
        for key, old, new in zip(("theme", "zoom"), before, now, strict=True):
            if new != old:
                self._services.store.save_setting(key, str(new))

    def _wear(self, settings: Settings) -> None:
        """Draw lists, motion, numbers and days as the settings say."""
        self.theme.reduces_motion = settings.motion == "reduced"
        self.theme.is_compact = settings.density == "compact"
        choose_formats(settings.numbers, settings.dates)

    def _refresh_from_anywhere(self) -> None:
        """A command that was typed in a shell is through; called from the listener's thread."""
        QTimer.singleShot(0, self.window, self._show_what_changed)

    def _show_what_changed(self) -> None:
        settings = self._services.store.settings()
        looks = (settings.theme, settings.zoom)
        if looks != self._looks:
            self._looks = looks
            self.theme.mode, self.theme.zoom = ThemeMode(settings.theme), settings.zoom
        self._wear(settings)
        self.window.refresh_page()
        self.notices.refresh()

    def _make_desk(self, terminal: cli.Terminal) -> cli.Desk:
        """The surroundings of a command that was typed beside this window."""

        @contextmanager
        def services() -> Iterator[Services]:
            yield self._services

        def refuse(*_: object) -> int:
            raise UserError("Close the window first: this would replace what it has open.")

        def refuse_restore(_file: Path) -> Path | None:
            raise UserError("Close the window first: a restore replaces the database that it has open.")

        from saasdesk.app.checkup import examine

        return cli.Desk(
            terminal=terminal,
            writing=services,
            reading=services,
            jobs=self.jobs,
            restore=refuse_restore,
            start_demo=refuse,
            examine=lambda: examine(self._services.profile),
            draw_pdf=draw_pdf,
        )

    def _raise_from_anywhere(self) -> None:
        """Bring the window to the front; called from the listener's thread."""
        QTimer.singleShot(0, self.window, self._raise)

    def _raise(self) -> None:
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _listen_to_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        # Python handles a signal only when it runs: a timer lets it, even while the window is idle.
        self._wake = QTimer(self.window)
        self._wake.start(200)
        self._wake.timeout.connect(lambda: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.window.quit_quietly())


def _watch(store: Store) -> bool:
    """Tell of what is overdue; whether anything runs by itself."""
    watch(store)
    return has_schedules(store)


def _offer_restore(application: QApplication, damage: DamagedDatabase) -> Path | None:
    """A damaged database: say so, and offer the newest good backup."""
    from saasdesk.ui.dialogs.damaged_database import ask_about_damage

    return ask_about_damage(Theme(application), str(damage), damage.newest_backup)
