"""Export… and Import…: a workflow as a file, from any page."""

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.definitions import write_file
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.workflows.import_dialog import ImportDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.save_dialog import ask_where_to_save
from saasdesk.workflows import keeping, workflows
from saasdesk.workflows.validation import Problem
from saasdesk.workflows.workflow import Workflow

_KIND_OF_FILE = "TOML (*.toml)"


class WorkflowFiles(QObject):
    """Asks for the file, reads or writes it in a worker; `imported` says which workflow came of it."""

    imported = Signal(int)

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._reading = Reading(readers, self)

    def ask_where_to_export(self, workflow: Workflow) -> None:
        """Save a workflow as a file of one's choice."""
        suggested = self._services.profile.exports / safe_file_name(workflow.name, ".toml")
        chosen = ask_where_to_save(self._page, self.tr("Export the workflow"), suggested)
        if chosen is not None:
            self.export_to(chosen, workflow)

    def export_to(self, file: Path, workflow: Workflow) -> None:
        """Save a workflow as this file."""
        self._reading.ask(
            "export",
            lambda _stop: write_file(file, workflow.document),
            lambda _none: self._frame.toast(self.tr("Saved as {0}; no key is in it.").format(file.name), "ok"),
            self._complain,
        )

    def ask_what_to_import(self) -> None:
        """Make a workflow from a file of one's choice."""
        folder = str(self._services.profile.exports)
        chosen, _ = QFileDialog.getOpenFileName(self._page, self.tr("Import a workflow"), folder, _KIND_OF_FILE)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, file: Path) -> None:
        """Show what this file would make; nothing is changed before that is agreed to."""
        services = self._services

        def work(_stop: threading.Event) -> tuple[keeping.Import, list[Problem]]:
            found = keeping.look_at(services.store, keeping.read_document(file))
            return found, workflows.problems(services.store, services.vault, found.document)

        self._reading.ask("look", work, lambda answer: self._offer(*answer, file), self._say_what_is_wrong)

    def _offer(self, found: keeping.Import, problems: list[Problem], file: Path) -> None:
        dialog = ImportDialog(self._theme, found, problems, file.name, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        store = self._services.store

        def take(replaces: bool) -> None:
            keep = workflows.save_workflow if replaces else keeping.add_workflow
            self._reading.ask("import", lambda _stop: keep(store, found.document), kept, dialog.show_problem)

        def kept(workflow: Workflow) -> None:
            dialog.accept()
            self._frame.say(self.tr("“{0}” is imported.").format(workflow.name))
            self.imported.emit(workflow.id)

        dialog.wanted.connect(take)
        dialog.open()

    def _say_what_is_wrong(self, sentence: str) -> None:
        self._frame.toast(
            self.tr("{0} Nothing was changed.").format(sentence),
            "error",
            (self.tr("Choose another file…"), self.ask_what_to_import),
            20,
        )

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
