"""A dashboard as a picture, as numbers or as a file; and one out of a file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from saasdesk.clock import now
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.reports.dashboards.boards import add_board
from saasdesk.reports.dashboards.figures import Figure
from saasdesk.reports.dashboards.numbers_csv import export_numbers
from saasdesk.services import Services
from saasdesk.ui.charts.picture import picture_of, save_picture
from saasdesk.ui.document_files import DocumentFiles
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.dashboards.board_view import BoardView
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.times import exact_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.save_dialog import ask_where_to_save


class BoardFiles(DocumentFiles[BoardDocument]):
    """Pictures and numbers besides what every named document has."""

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        store = services.store
        super().__init__(
            services.profile, frame, readers, page, BoardDocument, lambda document: add_board(store, document)
        )
        self._theme = theme

    def ask_for_picture(self, name: str, board: BoardView) -> None:
        """Save what the whole board looks like."""
        self._ask(self.tr("Export the picture"), name, ".png", lambda file: self.save_picture(file, name, board))

    def save_picture(self, file: Path, name: str, board: BoardView) -> None:
        """Save what the whole board looks like as this file, with its name and the moment."""
        with board.without_controls():
            image = picture_of(board, self._theme, name, exact_time(now().astimezone()))
        self._write(lambda _stop: save_picture(image, file), file)

    def ask_for_numbers(self, name: str, figures: Sequence[Figure]) -> None:
        """Save every number of the board."""
        self._ask(self.tr("Export the numbers"), name, ".csv", lambda file: self.save_numbers(file, name, figures))

    def save_numbers(self, file: Path, name: str, figures: Sequence[Figure]) -> None:
        """Save every number of the board as this file."""
        self._write(lambda stop: export_numbers(file, name, figures, stop), file)

    def _ask(self, title: str, name: str, ending: str, then: Callable[[Path], None]) -> None:
        file = ask_where_to_save(self._page, title, self._folder / safe_file_name(name, ending))
        if file is not None:
            then(file)
