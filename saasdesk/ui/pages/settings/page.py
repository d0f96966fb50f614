"""The settings: only what really acts, and each acts as soon as it is chosen."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.credentials.keyrings import KeyringState
from saasdesk.errors import UserError
from saasdesk.jobs import Ended, Job, Message
from saasdesk.services import Services
from saasdesk.settings import Settings
from saasdesk.store.health import Finding
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.first_start.restoring import RestoreQuestion
from saasdesk.ui.pages.settings.mail_account import MailAccountKeeper
from saasdesk.ui.pages.settings.mail_section import MailSection
from saasdesk.ui.pages.settings.schedules_section import SchedulesSection, TimerKeeper
from saasdesk.ui.pages.settings.sections import (
    AppearanceSection,
    DiagnosticsSection,
    KeyringSection,
    NetworkSection,
    StorageSection,
)
from saasdesk.ui.pages.settings.storage_facts import back_up, read_storage
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.scroll_area import ScrollArea

_WIDEST = 880


class SettingsPage(QWidget):
    """Cards below each other, read anew whenever the page is opened."""

    title = "Settings"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        *,
        examine: Callable[[], Sequence[Finding]],
        restore: Callable[[Path], object],
    ) -> None:
        super().__init__()
        self._services = services
        self._frame = frame
        self._theme = theme
        self._examine = examine
        self._reading = Reading(readers, self)
        self._backup: Job | None = None
        self._was_examined = False
        self.restoring = RestoreQuestion(theme, readers, services.profile, self, restore, self._on_restore_refused)
        self._build()
        self._connect(bridge)

    # What the frame asks

    def refresh(self) -> None:
        """Read everything again; the check-up takes longer, and is run again by its own button."""
        store, profile = self._services.store, self._services.profile
        self._reading.ask("settings", lambda _stop: store.settings(), self._on_settings, self._on_failed)
        self._reading.ask("storage", lambda _stop: read_storage(profile), self.storage.show_facts, self._on_failed)
        self._look_at_keyring()
        self._mail_keeper.refresh()
        self._timer_keeper.refresh()

    def open(self, argument: object) -> None:
        """Show the settings as they are; "diagnostics" scrolls to the check-up, "mail" to the mail account."""
        self.refresh()
        if not self._was_examined:
            self._run_checkup()
        if argument == "diagnostics":
            self._scroll.ensureWidgetVisible(self.diagnostics)
        elif argument == "mail":
            self._scroll.ensureWidgetVisible(self.mail)
            self.mail.host.setFocus()

    def breadcrumb(self) -> Sequence[Crumb]:
        """A page of the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """What can be done here."""
        return (
            Command(self.tr("Back up now"), self._on_backup_wanted, "", "save", "File"),
            Command(self.tr("Restore a backup…"), self.restoring.choose_file, "", "restore", "File"),
            Command(self.tr("Run the check-up"), self._run_checkup, "", "retry", "Tools"),
        )

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("settings-page")
        self.appearance = AppearanceSection(theme)
        self.storage = StorageSection(theme)
        self.keyring = KeyringSection(theme)
        self.network = NetworkSection(theme)
        self.schedules = SchedulesSection(theme)
        self._timer_keeper = TimerKeeper(self._services.profile, self.schedules, self._reading)
        self.mail = MailSection(theme)
        self._mail_keeper = MailAccountKeeper(self._services, self.mail, self._reading)
        self.diagnostics = DiagnosticsSection(theme)
        self.paused = Banner(theme, "warn")
        self.paused.hide()
        column = Column(theme, gap=16, margins=(24, 16, 24, 24))
        column.addWidget(PageHeader(theme, self.tr("Settings")))
        column.addWidget(self.paused)
        for section in (
            self.appearance,
            self.storage,
            self.keyring,
            self.network,
            self.schedules,
            self.mail,
            self.diagnostics,
        ):
            column.addWidget(section)
        column.addStretch(1)
        self._column = QWidget()
        self._column.setLayout(column)
        content = QWidget()
        across = Row(theme, gap=0)
        across.addWidget(self._column)
        across.addStretch(1)
        content.setLayout(across)
        self._scroll = ScrollArea(content)
        content.setAutoFillBackground(False)
        whole = Column(theme, gap=0)
        whole.addWidget(self._scroll)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Lines of more than this are hard to read; a narrow window gives what it has.
        self._column.setFixedWidth(min(self._theme.px(_WIDEST), self._scroll.viewport().width()))

    def _connect(self, bridge: Bridge) -> None:
        self.appearance.chosen.connect(self._keep)
        self.network.chosen.connect(self._keep)
        self.schedules.chosen.connect(self._keep)
        self.storage.backup_wanted.connect(self._on_backup_wanted)
        self.storage.restore_wanted.connect(self._on_restore_wanted)
        self.keyring.look_wanted.connect(self._look_at_keyring)
        self.keyring.unlock_wanted.connect(self._on_unlock_wanted)
        self.diagnostics.run_wanted.connect(self._run_checkup)
        bridge.heard.connect(self._on_heard)

    # Settings

    def _on_settings(self, settings: Settings) -> None:
        self.network.show_settings(settings)
        self.schedules.show_settings(settings)
        self.mail.show_settings(settings)
        self.paused.setVisible(settings.scheduling_paused)
        if settings.scheduling_paused:
            resume = OutlinedButton(self._theme, self.tr("Resume schedules"), icon="play")
            resume.clicked.connect(self._on_resume)
            self.paused.say(
                "warn",
                self.tr("Schedules are paused."),
                self.tr("After a restore nothing runs by itself until you have looked around."),
                (resume,),
            )

    def _keep(self, key: str, text: str) -> None:
        store = self._services.store
        self._reading.ask(
            f"keep {key}",
            lambda _stop: store.save_setting(key, text),
            lambda _nothing: self._on_kept(key, text),
            lambda reason: self._on_refused(key, reason),
        )

    def _on_kept(self, key: str, text: str) -> None:
        if key in ("proxy", "extra_ca"):
            self.network.note_kept(key, text)
            self._frame.say(self.tr("Saved"))
        elif key == "scheduling_paused":
            self._frame.toast(self.tr("Schedules run again."), "ok")
            self.refresh()

    def _on_refused(self, key: str, reason: str) -> None:
        if key in ("proxy", "extra_ca"):
            self.network.show_refused(key, reason)
        else:
            self.appearance.error.show_error(reason)

    def _on_resume(self) -> None:
        self._keep("scheduling_paused", "false")

    # Keyring and check-up

    def _look_at_keyring(self) -> None:
        vault = self._services.vault
        self.keyring.show_looking()
        self._reading.ask("keyring", lambda _stop: vault.state(), self.keyring.show_state, self._on_keyring_failed)

    def _on_unlock_wanted(self) -> None:
        vault = self._services.vault

        def unlock(_stop: threading.Event) -> KeyringState:
            vault.unlock()
            return vault.state()

        self.keyring.show_looking()
        self._reading.ask("keyring", unlock, self.keyring.show_state, self._on_keyring_failed)

    def _on_keyring_failed(self, reason: str) -> None:
        self.keyring.error.show_error(reason)
        self.keyring.look.setEnabled(True)
        self.keyring.unlock.setEnabled(True)

    def _run_checkup(self) -> None:
        self._was_examined = True
        examine = self._examine
        self.diagnostics.show_running()
        self._reading.ask(
            "check-up", lambda _stop: examine(), self.diagnostics.show_findings, self.diagnostics.show_failure
        )

    # Backups

    def _on_backup_wanted(self) -> None:
        store = self._services.store
        job = self._frame.start_job(lambda _tell, _stop: back_up(store), self.tr("Backing up"), "backup")
        if job is not None:
            self._backup = job
            self.storage.error.clear()
            self.storage.set_busy(is_busy=True)

    def _on_restore_wanted(self) -> None:
        self.storage.error.clear()
        self.restoring.choose_file()

    def _on_restore_refused(self, reason: str) -> None:
        self.storage.error.show_error(reason)

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended) or message.job != self._backup:
            return
        self._backup = None
        self.storage.set_busy(is_busy=False)
        if message.error is None:
            self._frame.toast(self.tr("A backup was made and read from end to end."), "ok")
        elif isinstance(message.error, UserError):
            self.storage.error.show_error(str(message.error))
        self.refresh()

    def _on_failed(self, reason: str) -> None:
        self._frame.toast(reason, "error")
