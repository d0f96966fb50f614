"""A report as a file, and one out of a file."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.definitions import read_file, write_file
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.reports.report.document import ReportDocument, parse_report
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.reports import ReportRow, add_report
from saasdesk.services import Services
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.widgets.save_dialog import ask_where_to_save


class ReportFiles(QObject):
    """Asks for the file, reads or writes it in a worker; `imported` carries the report that came of it."""

    imported = Signal(object)

    def __init__(self, services: Services, frame: Frame, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._page = services, frame, page
        self._reading = Reading(readers, self)

    def ask_where_to_export(self, document: ReportDocument) -> None:
        """Save the report itself, for another computer or to change a copy."""
        suggested = self._services.profile.exports / safe_file_name(document.name, ".toml")
        file = ask_where_to_save(self._page, self.tr("Export the report"), suggested)
        if file is not None:
            self.export_to(file, document)

    def export_to(self, file: Path, document: ReportDocument) -> None:
        """Save the report itself as this file."""
        done = self.tr("Saved as {0}.").format(file.name)
        self._reading.ask(
            "file",
            lambda _stop: write_file(file, document),
            lambda _done: self._frame.toast(done, "ok"),
            self._complain,
        )

    def ask_what_to_import(self) -> None:
        """Make a report from a file of one's choice."""
        folder = str(self._services.profile.exports)
        chosen, _ = QFileDialog.getOpenFileName(self._page, self.tr("Import a report"), folder, "TOML (*.toml)")
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, file: Path) -> None:
        """Make a report from this file; it takes nobody's place, names only fields of here, and its schedule rests."""
        store = self._services.store

        def work() -> ReportRow:
            document = parse_report(read_file(file, "a report file"), file.name)
            ReportLines(store, document).columns()
            return add_report(store, document.resting())

        self._reading.ask("import", lambda _stop: work(), self.imported.emit, self._complain)

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error", seconds=12)
