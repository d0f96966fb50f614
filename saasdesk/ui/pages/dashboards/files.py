"""A dashboard as a picture, as numbers or as a file; and one out of a file."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.definitions import read_file, write_file
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.reports.dashboards.board import BoardDocument, parse_board
from saasdesk.reports.dashboards.boards import BoardRow, add_board
from saasdesk.reports.dashboards.figures import Figure
from saasdesk.reports.dashboards.numbers_csv import export_numbers
from saasdesk.services import Services
from saasdesk.ui.charts.picture import picture_of, save_picture
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme

_PNG, _CSV, _TOML = "PNG (*.png)", "CSV (*.csv)", "TOML (*.toml)"


class BoardFiles(QObject):
    """Asks for the file, reads or writes it in a worker; `imported` says which dashboard came of it."""

    imported = Signal(object)

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._reading = Reading(readers, self)

    def ask_for_picture(self, name: str, board: QWidget) -> None:
        """Save what the whole board looks like."""
        self._ask(self.tr("Export the picture"), name, ".png", _PNG, lambda file: self.save_picture(file, board))

    def save_picture(self, file: Path, board: QWidget) -> None:
        """Save what the whole board looks like as this file."""
        image = picture_of(board, self._theme)
        self._write(lambda _stop: save_picture(image, file), file)

    def ask_for_numbers(self, name: str, figures: Sequence[Figure]) -> None:
        """Save every number of the board."""
        self._ask(
            self.tr("Export the numbers"), name, ".csv", _CSV, lambda file: self.save_numbers(file, name, figures)
        )

    def save_numbers(self, file: Path, name: str, figures: Sequence[Figure]) -> None:
        """Save every number of the board as this file."""
        self._write(lambda stop: export_numbers(file, name, figures, stop), file)

    def ask_where_to_export(self, document: BoardDocument) -> None:
        """Save the dashboard itself, for another computer."""
        self._ask(
            self.tr("Export the dashboard"),
            document.name,
            ".toml",
            _TOML,
            lambda file: self._write(lambda _stop: write_file(file, document), file),
        )

    def ask_what_to_import(self) -> None:
        """Make a dashboard from a file of one's choice."""
        folder = str(self._services.profile.exports)
        chosen, _ = QFileDialog.getOpenFileName(self._page, self.tr("Import a dashboard"), folder, _TOML)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, file: Path) -> None:
        """Make a dashboard from this file; it takes nobody's place."""
        store = self._services.store

        def work() -> BoardRow:
            return add_board(store, parse_board(read_file(file, "a dashboard file"), file.name))

        self._reading.ask("import", lambda _stop: work(), self.imported.emit, self._complain)

    def _ask(self, title: str, name: str, ending: str, kind: str, then: Callable[[Path], None]) -> None:
        suggested = str(self._services.profile.exports / safe_file_name(name, ending))
        chosen, _ = QFileDialog.getSaveFileName(self._page, title, suggested, kind)
        if chosen:
            file = Path(chosen)
            then(file if file.suffix else file.with_suffix(ending))

    def _write(self, work: Callable[[threading.Event], object], file: Path) -> None:
        self._reading.ask("file", work, lambda _done: self._say(file), self._complain)

    def _say(self, file: Path) -> None:
        self._frame.toast(self.tr("Saved as {0}.").format(file.name), "ok")

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error")
