"""What an admin decides about an integration besides its document: launch, pause, resume, delete; from any page."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.clock import as_text, now
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.sync import integrations, muting, rows
from saasdesk.sync.beginning import duplicate
from saasdesk.sync.gate import GateLine, launch_gate
from saasdesk.sync.integration import Integration, IntegrationDocument
from saasdesk.ui.moments import counted, moment_within
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.editing.rename_dialog import RenameDialog
from saasdesk.ui.pages.integrations.gate_list import go_to, still_to_do
from saasdesk.ui.pages.integrations.problems import ProblemsDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.question import Question


class Decisions(QObject):
    """Asks what must be asked, writes in a worker, and says `done` so that the page reads again."""

    done = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._reading = Reading(readers, self)

    def plan_launch(self, integration: Integration, begin: Callable[[], object]) -> None:
        """The way out of Draft leads over the first plan, which `begin` makes; what is missing is listed instead."""
        self._if_nothing_lacks(integration, self.tr("“{0}” cannot be launched yet"), begin)

    def try_out(self, integration: Integration, begin: Callable[[], object]) -> None:
        """Test Run and Preview of a draft need what Launch needs; what is missing is listed instead."""
        self._if_nothing_lacks(integration, self.tr("“{0}” cannot be tried out yet"), begin)

    def _if_nothing_lacks(self, integration: Integration, title: str, begin: Callable[[], object]) -> None:
        services, name = self._services, integration.name

        def work(_stop: threading.Event) -> list[GateLine]:
            newest = integrations.find_integration(services.store, name)
            return still_to_do(launch_gate(services.store, newest, services.vault.known()))

        def looked(lacks: list[GateLine]) -> None:
            if lacks:
                self._show_problems(integration, title, lacks)
            else:
                begin()

        self._reading.ask(f"launch {integration.id}", work, looked, self._complain)

    def launch(self, integration: Integration) -> None:
        """Leave Draft or Paused; what is missing is listed instead."""
        services, name = self._services, integration.name

        def work(_stop: threading.Event) -> list[GateLine]:
            newest = integrations.find_integration(services.store, name)
            known = services.vault.known()
            lacks = still_to_do(launch_gate(services.store, newest, known))
            if not lacks:
                integrations.launch(services.store, newest, known)
            return lacks

        def launched(lacks: list[GateLine]) -> None:
            if lacks:
                self._show_problems(integration, self.tr("“{0}” cannot be launched yet"), lacks)
            else:
                self._finish(self.tr("“{0}” runs on its schedule now.").format(name))

        self._reading.ask(f"launch {integration.id}", work, launched, self._complain)

    def pause(self, integration: Integration) -> None:
        """Stop the schedule; records stay as they are."""
        self._write(
            integration, integrations.pause, self.tr("“{0}” is paused: its schedule rests.").format(integration.name)
        )

    def mute(self, integration: Integration, hours: int) -> None:
        """Tell nobody of it for so many hours, 0 is for good; a message offers to take that back."""
        until = now() + timedelta(hours=hours) if hours else None
        name = integration.name
        text = self.tr("“{0}” is muted for good: nobody is told of its failures.").format(name)
        if until is not None:
            words = self.tr("“{0}” is muted until {1}: nobody is told of its failures.")
            text = words.format(name, moment_within(as_text(until)))

        def muted(_done: object) -> None:
            self._frame.toast(text, "info", (self.tr("Undo"), partial(self.unmute, integration)))
            self.done.emit()

        self._change(integration, lambda store, found: muting.mute(store, found, until), muted)

    def unmute(self, integration: Integration) -> None:
        """Tell of it again."""
        self._write(integration, muting.unmute, self.tr("“{0}” is told of again.").format(integration.name))

    def rename(self, integration: Integration) -> None:
        """Ask for another name."""
        store = self._services.store

        def save(document: IntegrationDocument, then: Callable[[str], object]) -> None:
            def kept(_integration: Integration) -> None:
                then("")
                self._finish(self.tr("It is called “{0}” now.").format(document.name))

            self._reading.ask(
                "rename", lambda _: integrations.rename_integration(store, integration, document.name), kept, then
            )

        dialog = RenameDialog(self._theme, integration.document, save, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def duplicate(self, integration: Integration) -> None:
        """Make a draft like it, and open that."""
        store = self._services.store

        def made(copy: Integration) -> None:
            self._finish(self.tr("“{0}” is a draft like “{1}”.").format(copy.name, integration.name))
            self._frame.navigate("integration", copy.id)

        self._reading.ask("duplicate", lambda _: duplicate(store, integration), made, self._complain)

    def resume_schedules(self) -> None:
        """Let everything run by itself again that a restore has brought to rest."""
        store = self._services.store

        def work(_stop: threading.Event) -> None:
            store.save_setting("scheduling_paused", "false")

        text = self.tr("Schedules run again.")
        self._reading.ask("resume", work, lambda _none: self._finish(text), self._complain)

    def ask_to_delete(self, integration: Integration) -> None:
        """Forget the integration, after saying what becomes of its records."""
        store = self._services.store

        def count(_stop: threading.Event) -> dict[str, int]:
            with store.reading() as db:
                return rows.active_counts(db, integration.id)

        self._reading.ask("count", count, lambda counts: self._ask(integration, counts), self._complain)

    def _ask(self, integration: Integration, counts: dict[str, int]) -> None:
        people = counted(counts["people"], self.tr("{0} person"), self.tr("{0} people"))
        accounts = counted(counts["saas_users"], self.tr("{0} SaaS user"), self.tr("{0} SaaS users"))
        fed = self.tr("{0} and {1}").format(people, accounts)
        if integration.document.loads_assets:
            fed = counted(counts["assets"], self.tr("{0} asset"), self.tr("{0} assets"))
        text = self.tr(
            "It feeds {0}. They stay as they are, with their history, but nothing updates them any more. "
            "Plans that wait for a decision go with it. Its credential stays in the keyring."
        ).format(fed)
        if not any(counts.values()):
            text = self.tr("It feeds no record. Its credential stays in the keyring.")
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the integration"))
        delete.clicked.connect(lambda: self._delete(integration))
        question = Question(
            self._theme,
            self.tr("Delete “{0}”?").format(integration.name),
            text,
            [keep, delete],
            parent=self._page,
        )
        question.finished.connect(question.deleteLater)
        question.open()

    def _delete(self, integration: Integration) -> None:
        store, name = self._services.store, integration.name

        def work(_stop: threading.Event) -> Integration:
            newest = integrations.find_integration(store, name)
            integrations.delete_integration(store, newest)
            return newest

        def deleted(was: Integration) -> None:
            text = self.tr("“{0}” is deleted; its records stay.").format(name)
            self._frame.toast(text, "ok", (self.tr("Make it anew"), lambda: self._make_anew(was)))
            self.done.emit()

        self._reading.ask(f"delete {integration.id}", work, deleted, self._complain)

    def _make_anew(self, integration: Integration) -> None:
        """Bring back what was set up: a draft, which takes the accounts over that it had once it runs."""
        store = self._services.store

        def made(draft: Integration) -> None:
            self._finish(self.tr("“{0}” is a draft again.").format(draft.name))

        self._reading.ask(
            f"anew {integration.id}",
            lambda _: integrations.add_integration(store, integration.document),
            made,
            self._complain,
        )

    def _show_problems(self, integration: Integration, title: str, lines: list[GateLine]) -> None:
        dialog = ProblemsDialog(self._theme, title.format(integration.name), lines, self._page)
        dialog.chosen.connect(partial(go_to, self._frame, integration))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self, integration: Integration, change: Callable[[Store, Integration], object], text: str) -> None:
        self._change(integration, change, lambda _none: self._finish(text))

    def _change(
        self,
        integration: Integration,
        change: Callable[[Store, Integration], object],
        changed: Callable[[object], object],
    ) -> None:
        store, name = self._services.store, integration.name

        def work(_stop: threading.Event) -> object:
            return change(store, integrations.find_integration(store, name))

        self._reading.ask(f"change {integration.id}", work, changed, self._complain)

    def _finish(self, text: str) -> None:
        self._frame.say(text)
        self.done.emit()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
