"""The settings: only what really acts, and each acts as soon as it is chosen."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk.credentials.keyrings import KeyringState
from saasdesk.errors import UserError
from saasdesk.jobs import Ended, Job, Message
from saasdesk.services import Services
from saasdesk.settings import Settings
from saasdesk.store.health import Finding, check_database
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.pages.first_start.restoring import RestoreQuestion
from saasdesk.ui.pages.settings.about_section import AboutSection
from saasdesk.ui.pages.settings.appearance_section import AppearanceSection, FormatsSection
from saasdesk.ui.pages.settings.costs_section import CostsKeeper, CostsSection
from saasdesk.ui.pages.settings.diagnostics_section import DiagnosticsSection, SupportKeeper
from saasdesk.ui.pages.settings.keyring_section import KeyringSection
from saasdesk.ui.pages.settings.mail_account import MailAccountKeeper
from saasdesk.ui.pages.settings.mail_section import MailSection
from saasdesk.ui.pages.settings.network_section import NetworkKeeper, NetworkSection
from saasdesk.ui.pages.settings.notices_section import MutedKeeper, NoticesSection
from saasdesk.ui.pages.settings.protected_section import ProtectedKeeper, ProtectedSection
from saasdesk.ui.pages.settings.safety_section import SafetySection
from saasdesk.ui.pages.settings.schedules_section import SchedulesSection, TimerKeeper
from saasdesk.ui.pages.settings.section import Section, without_key
from saasdesk.ui.pages.settings.storage_facts import back_up, read_storage
from saasdesk.ui.pages.settings.storage_section import StorageSection
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.search_field import SearchField

_WIDEST = 880
_LIST_WIDTH = 184
_ROOM_FOR_LIST = 800
_ICONS = {
    "appearance": "theme",
    "formats": "calendar",
    "costs": "cost",
    "safety": "shield",
    "protected": "lock",
    "schedules": "clock",
    "notices": "bell",
    "mail": "mail",
    "network": "globe",
    "keyring": "key",
    "storage": "database",
    "diagnostics": "activity",
    "about": "info",
}


class SettingsPage(QWidget):
    """Sections below each other, with a list of them at the side; read anew whenever the page is opened."""

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
        # The section that was asked for, until somebody scrolls or begins with something.
        self._sought = ""
        self.restoring = RestoreQuestion(theme, readers, services.profile, self, restore, self._on_restore_refused)
        self._build()
        self._connect(bridge)

    # What the frame asks

    def refresh(self) -> None:
        """Read everything again; the check-up takes longer, and is run again by its own button."""
        store, profile = self._services.store, self._services.profile
        self._reading.ask("settings", lambda _stop: store.settings(), self._on_settings, self._on_failed)
        self._reading.ask("storage", lambda stop: read_storage(profile, stop), self.storage.show_facts, self._on_failed)
        self._look_at_keyring()
        self._costs_keeper.refresh()
        self._protected_keeper.refresh()
        self._muted_keeper.refresh()
        self._mail_keeper.refresh()
        self._network_keeper.refresh()
        self._timer_keeper.refresh()

    def open(self, argument: object) -> None:
        """Show the settings as they are; the name of a section scrolls to it."""
        self.refresh()
        if not self._was_examined:
            self._run_checkup()
        if argument == "mail":
            self.mail.host.setFocus()
        if isinstance(argument, str) and argument in self.sections:
            self.search.clear()
            self.show_section(argument)

    def breadcrumb(self) -> Sequence[Crumb]:
        """A page of the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """What can be done here."""
        return (
            Command(self.tr("Find a setting"), self.search.setFocus, "Ctrl+F", "search", "Edit"),
            Command(self.tr("Back up now"), self._on_backup_wanted, "", "save", "File"),
            Command(self.tr("Restore a backup…"), self.restoring.choose_file, "", "restore", "File"),
            Command(self.tr("Run the check-up"), self._run_checkup, "", "retry", "Tools"),
            Command(self.tr("Support bundle…"), self.support.open_bundle, "", "save", "Help"),
        )

    def show_section(self, name: str) -> None:
        """Scroll to a section, and mark it in the list; what is still being read may move it, and is followed."""
        self._sought = name
        self._scroll.verticalScrollBar().setValue(self.sections[name].y() - self._theme.px(16))
        self.list.set_current(name)

    def _seek_again(self) -> None:
        if self._sought:
            self.show_section(self._sought)

    def _seek_no_more(self) -> None:
        self._sought = ""

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._column.isAncestorOf(now):
            self._seek_no_more()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("settings-page")
        self.appearance = AppearanceSection(theme)
        self.formats = FormatsSection(theme)
        self.costs = CostsSection(theme)
        self._costs_keeper = CostsKeeper(self._services.store, self.costs, theme, self._reading)
        self.safety = SafetySection(theme)
        self.protected = ProtectedSection(theme)
        self._protected_keeper = ProtectedKeeper(
            self._services.store, self.protected, theme, self._reading, lambda said: self._frame.toast(said, "ok")
        )
        self.schedules = SchedulesSection(theme)
        self._timer_keeper = TimerKeeper(self._services.profile, self.schedules, self._reading)
        self.notices = NoticesSection(theme)
        self._muted_keeper = MutedKeeper(self._services.store, self.notices, self._reading)
        self.mail = MailSection(theme)
        self._mail_keeper = MailAccountKeeper(self._services, self.mail, self._reading)
        self.network = NetworkSection(theme)
        self._network_keeper = NetworkKeeper(self._services, self.network, self._reading)
        self.keyring = KeyringSection(theme)
        self.storage = StorageSection(theme)
        self.diagnostics = DiagnosticsSection(theme)
        self.support = SupportKeeper(
            self._services, self.diagnostics, theme, self._reading, self._examine, self._frame.toast
        )
        self.sections: dict[str, Section] = {
            "appearance": self.appearance,
            "formats": self.formats,
            "costs": self.costs,
            "safety": self.safety,
            "protected": self.protected,
            "schedules": self.schedules,
            "notices": self.notices,
            "mail": self.mail,
            "network": self.network,
            "keyring": self.keyring,
            "storage": self.storage,
            "diagnostics": self.diagnostics,
            "about": AboutSection(theme, self._services.profile),
        }
        self.search = SearchField(theme, self.tr("Find a setting"), 240)
        header = PageHeader(theme, self.tr("Settings"))
        header.add_actions(self.search)
        self.list = ChoiceList(
            theme,
            self.tr("Sections"),
            [ListedChoice(each.title, name, _ICONS[name]) for name, each in self.sections.items()],
        )
        self.list.setFixedWidth(theme.px(_LIST_WIDTH))
        self.paused = Banner(theme, "warn")
        self.paused.hide()
        self._nothing = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, "")
        self._nothing.hide()
        column = Column(theme, gap=16, margins=(0, 0, 24, 24))
        column.addWidget(self.paused)
        for section in self.sections.values():
            column.addWidget(section)
        column.addWidget(self._nothing)
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
        side = Column(theme, gap=0)
        side.addWidget(self.list)
        side.addStretch(1)
        below = Row(theme, gap=16, margins=(16, 0, 0, 0))
        below.addLayout(side)
        below.addWidget(self._scroll, 1)
        whole = Column(theme, gap=0)
        top = Column(theme, gap=0, margins=(24, 16, 24, 12))
        top.addWidget(header)
        whole.addLayout(top)
        whole.addLayout(below, 1)
        self.setLayout(whole)
        begin_at(self, self.search)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.list.setFixedWidth(self._theme.px(_LIST_WIDTH))
        # Where there is no room beside it, the search leads to a section.
        has_list = self.width() >= self._theme.px(_ROOM_FOR_LIST)
        self.list.setVisible(has_list)
        # Lines of more than this are hard to read; a narrow window gives what it has.
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        beside = self.list.width() + self._theme.px(16) if has_list else 0
        room = self.width() - beside - self._theme.px(16) - bar
        self._column.setFixedWidth(min(self._theme.px(_WIDEST), room))

    def _connect(self, bridge: Bridge) -> None:
        for section in self.sections.values():
            section.fields.chosen.connect(self._keep)
        self.appearance.chosen.connect(self._keep)
        self.costs.application_wanted.connect(lambda number: self._frame.navigate("software", (number, "costs")))
        self.notices.integration_wanted.connect(lambda number: self._frame.navigate("integration", number))
        self.storage.backup_wanted.connect(self._on_backup_wanted)
        self.storage.restore_wanted.connect(self._on_restore_wanted)
        self.storage.restore_this_wanted.connect(self._on_restore_this_wanted)
        self.storage.check_wanted.connect(self._on_check_wanted)
        self.keyring.look_wanted.connect(self._look_at_keyring)
        self.keyring.unlock_wanted.connect(self._on_unlock_wanted)
        self.diagnostics.run_wanted.connect(self._run_checkup)
        self.diagnostics.place_wanted.connect(lambda place: self._frame.navigate(*place.split(":", 1)))
        self.list.chosen.connect(self.show_section)
        self.search.searched.connect(self._on_searched)
        self._scroll.verticalScrollBar().valueChanged.connect(self._mark_section)
        self._scroll.verticalScrollBar().actionTriggered.connect(self._seek_no_more)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        # When the sections have found their places.
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: QTimer.singleShot(0, self, self._seek_again))
        self._theme.changed.connect(self._fit)
        bridge.heard.connect(self._on_heard)

    # Finding a section

    def _on_searched(self, words: str) -> None:
        found = [name for name, section in self.sections.items() if section.is_about(words)]
        for name, section in self.sections.items():
            section.setVisible(name in found)
            self.list.set_shown(name, shown=name in found)
        if not found:
            self._nothing.say(
                Emptiness.FILTER_HIDES_ALL,
                self.tr("No setting is called that"),
                self.tr("Escape shows all of them again."),
            )
        self._nothing.setVisible(not found)
        if found:
            self.list.set_current(found[0])
        self._scroll.verticalScrollBar().setValue(0)

    def _mark_section(self, top: int) -> None:
        """The section that is read is marked in the list: the last one that begins in the upper third."""
        line = top + self._scroll.viewport().height() // 3
        begun = [name for name, each in self.sections.items() if not each.isHidden() and each.y() <= line]
        is_at_end = top == self._scroll.verticalScrollBar().maximum() and top > 0
        shown = [name for name, each in self.sections.items() if not each.isHidden()]
        if is_at_end and shown:
            self.list.set_current(shown[-1])
        elif begun:
            self.list.set_current(begun[-1])

    # Settings

    def _on_settings(self, settings: Settings) -> None:
        for section in self.sections.values():
            section.show_settings(settings)
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
        for section in self.sections.values():
            if key in section.fields.keys:
                section.fields.note_kept(key, text)
        self._frame.say(self.tr("Saved"))
        match key:
            case "scheduling_paused":
                if text == "false":
                    self._frame.toast(self.tr("Schedules run again."), "ok")
                self.refresh()
            case "workflows_paused":
                self._frame.note_workflows_paused(text == "true")
            case "extra_ca":
                self.network.remove.setEnabled(bool(text))
                self._network_keeper.refresh()
            case "currency":
                self._costs_keeper.refresh()
            case _:
                pass

    def _on_refused(self, key: str, reason: str) -> None:
        for section in self.sections.values():
            if key in section.fields.keys:
                section.fields.show_refused(key, without_key(reason))
                return
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
        job = self._frame.start_job(lambda _tell, stop: back_up(store, stop), self.tr("Backing up"), "backup")
        if job is not None:
            self._backup = job
            self.storage.error.clear()
            self.storage.set_busy(is_busy=True)

    def _on_restore_wanted(self) -> None:
        self.storage.error.clear()
        self.restoring.choose_file()

    def _on_restore_this_wanted(self, path: object) -> None:
        self.storage.error.clear()
        if isinstance(path, Path):
            self.restoring.consider(path)

    def _on_check_wanted(self) -> None:
        store = self._services.store
        self.storage.error.clear()
        self.storage.show_checking()
        self._reading.ask(
            "database check",
            lambda stop: check_database(store, stop),
            self.storage.show_checked,
            self.storage.show_check_failure,
        )

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
