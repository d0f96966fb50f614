"""Opens the form of a section and keeps what it says."""

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.connectors import ADMIN
from saasdesk.credentials import Credential
from saasdesk.records.software import application_names
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.sync.integration import Integration, IntegrationDocument
from saasdesk.sync.preparation import InputValue, find_inputs
from saasdesk.sync.samples import MANY, read_records, stored_records
from saasdesk.ui.dialogs.credential.actions import CredentialActions
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.editing.credential_dialog import CredentialDialog
from saasdesk.ui.pages.integrations.editing.details_dialog import DetailsDialog
from saasdesk.ui.pages.integrations.editing.rules_dialog import Records, RulesDialog
from saasdesk.ui.pages.integrations.editing.schedule_dialog import ScheduleDialog
from saasdesk.ui.pages.integrations.editing.section_dialog import Save
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.workflows import workflows
from saasdesk.workflows.role_lookups import role_lookups


class Sections(QObject):
    """`done` comes when a section was changed, so that the page reads again."""

    done = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._readers = readers
        self._reading = Reading(readers, self)

    def edit(self, section: str, integration: Integration) -> None:
        """Open the form of a section: details, credential, schedule or rules."""
        forms = {
            "details": self.edit_details,
            "credential": self.edit_credential,
            "schedule": self.edit_schedule,
            "rules": self.edit_rules,
        }
        forms[section](integration)

    def edit_details(self, integration: Integration) -> None:
        """Open the form of the details."""
        services, document = self._services, integration.document

        def read(_stop: threading.Event) -> tuple[list[str], dict[str, InputValue], list[str]]:
            wanted = document.credential.casefold()
            credential = next((known for known in services.vault.list() if known.name.casefold() == wanted), None)
            bare = document.model_copy(update={"inputs": {}})
            elsewhere = find_inputs(services.store, bare, credential.inputs if credential is not None else {})
            needless = [each.name for each in role_lookups(services.store, integration.connector)]
            return application_names(services.store), elsewhere, needless

        def show(found: tuple[list[str], dict[str, InputValue], list[str]]) -> None:
            save = self._saver(integration)
            self._open(DetailsDialog(self._theme, document, save, *found, self._pause_workflow, parent=self._page))

        self._reading.ask("details", read, show, self._complain)

    def _pause_workflow(self, name: str, then: Callable[[], object]) -> None:
        store = self._services.store

        def work(_stop: threading.Event) -> None:
            workflows.pause(store, workflows.find_workflow(store, name))

        self._reading.ask("pause", work, lambda _none: then(), self._complain)

    def edit_credential(self, integration: Integration) -> None:
        """Open the choice of the credential."""
        vault, document = self._services.vault, integration.document

        def read(_stop: threading.Event) -> list[Credential]:
            usable = vault.known()
            return [each for each in vault.list() if usable.get(each.name) == document.connector]

        def show(known: list[Credential]) -> None:
            dialog = CredentialDialog(self._theme, document, self._saver(integration), known, self._page)
            doing = CredentialActions(self._services, self._frame, self._theme, self._readers, dialog)
            dialog.work_with(doing)
            doing.changed.connect(partial(self._read_anew, dialog, read))
            self._open(dialog)

        self._reading.ask("credentials", read, show, self._complain)

    def _read_anew(
        self, dialog: CredentialDialog, read: Callable[[threading.Event], list[Credential]], name: str
    ) -> None:
        """A credential was made, changed or tested: it is the chosen one of its kind."""
        was = dialog.changed_document()

        def show(known: list[Credential]) -> None:
            kind = next((each.kind for each in known if each.name == name), None)
            users = name if kind == ADMIN else was.credential
            directory = name if kind is not None and kind != ADMIN else was.directory_credential
            dialog.show_credentials(known, users, directory)
            self.done.emit()

        self._reading.ask("credentials", read, show, self._complain)

    def edit_schedule(self, integration: Integration) -> None:
        """Open the form of the schedule."""
        self._open(ScheduleDialog(self._theme, integration.document, self._saver(integration), self._page))

    def edit_rules(self, integration: Integration) -> None:
        """Open the form of the rules, with the records that the last run kept to try them on."""
        store, vault = self._services.store, self._services.vault

        def fetch(then: Callable[[Records], object], failed: Callable[[str], object]) -> None:
            self._reading.ask(
                "vendor", lambda stop: read_records(store, vault, integration, lambda _news: None, stop), then, failed
            )

        def show(records: list[dict[str, object]]) -> None:
            self._open(
                RulesDialog(
                    self._theme,
                    integration.document,
                    self._saver(integration),
                    records,
                    lambda work, then: self._reading.ask("rules", work, then, self._complain),
                    fetch,
                    self._page,
                )
            )

        self._reading.ask("records", lambda _stop: stored_records(store, integration, MANY), show, self._complain)

    def _saver(self, integration: Integration) -> Save:
        store = self._services.store

        def save(document: IntegrationDocument, then: Callable[[str], object]) -> None:
            def work(_stop: threading.Event) -> None:
                integrations.save_integration(store, document, replaces=integration.name)

            def kept(_none: None) -> None:
                then("")
                self._frame.say(self.tr("“{0}” is updated.").format(document.name))
                self.done.emit()

            self._reading.ask("save", work, kept, then)

        return save

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
