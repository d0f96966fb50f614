"""Export… and Import…: an integration as a file, from any page."""

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.definitions import write_file
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.sync.files import Import, look_at, read_document
from saasdesk.sync.integration import Integration
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.import_dialog import ImportDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.save_dialog import ask_where_to_save

_KIND_OF_FILE = "TOML (*.toml)"


class IntegrationFiles(QObject):
    """Asks for the file, reads or writes it in a worker; `imported` says which integration came of it."""

    imported = Signal(int)

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._reading = Reading(readers, self)

    def ask_where_to_export(self, integration: Integration) -> None:
        """Save an integration as a file of one's choice."""
        suggested = self._services.profile.exports / safe_file_name(integration.name, ".toml")
        chosen = ask_where_to_save(self._page, self.tr("Export the integration"), suggested)
        if chosen is not None:
            self.export_to(chosen, integration)

    def export_to(self, file: Path, integration: Integration) -> None:
        """Save an integration as this file."""
        self._reading.ask(
            "export",
            lambda _stop: write_file(file, integration.document),
            lambda _none: self._frame.toast(self.tr("Saved as {0}; no key is in it.").format(file.name), "ok"),
            lambda text: self._frame.toast(text, "error"),
        )

    def ask_what_to_import(self) -> None:
        """Make an integration from a file of one's choice."""
        folder = str(self._services.profile.exports)
        chosen, _ = QFileDialog.getOpenFileName(self._page, self.tr("Import an integration"), folder, _KIND_OF_FILE)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, file: Path) -> None:
        """Show what this file would make; nothing is changed before that is agreed to."""
        services = self._services

        def work(_stop: threading.Event) -> Import:
            return look_at(services.store, read_document(file), services.vault.known())

        self._reading.ask("look", work, lambda found: self._offer(found, file), self._say_what_is_wrong)

    def _offer(self, found: Import, file: Path) -> None:
        dialog = ImportDialog(self._theme, found, file.name, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        store = self._services.store

        def take(replaces: bool) -> None:
            keep = integrations.save_integration if replaces else integrations.add_integration
            self._reading.ask("import", lambda _stop: keep(store, found.document), kept, dialog.show_problem)

        def kept(integration: Integration) -> None:
            dialog.accept()
            self._frame.say(self.tr("“{0}” is imported.").format(integration.name))
            self.imported.emit(integration.id)

        dialog.wanted.connect(take)
        dialog.open()

    def _say_what_is_wrong(self, sentence: str) -> None:
        close = OutlinedButton(self._theme, self.tr("Close"))
        other = PrimaryButton(self._theme, self.tr("Choose another file…"))
        other.clicked.connect(self.ask_what_to_import)
        question = Question(
            self._theme,
            self.tr("This file cannot be imported"),
            self.tr("{0} Nothing was changed.").format(sentence),
            [close, other],
            icon="error",
            tone="error",
            parent=self._page,
        )
        question.finished.connect(question.deleteLater)
        question.open()
