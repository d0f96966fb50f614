"""Named documents as files: one is saved for another computer, and one is made of a file."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from saasdesk.definitions import read_file, write_file
from saasdesk.profile import Profile
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.reports.documents import Kept, NamedDocument
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.widgets.save_dialog import ask_where_to_save

Document = TypeVar("Document", bound=NamedDocument)


class DocumentFiles(QObject, Generic[Document]):
    """Asks for the file, reads or writes it in a worker; `imported` carries what was kept of a file."""

    imported = Signal(object)

    def __init__(
        self,
        profile: Profile,
        frame: Frame,
        readers: TableReaders,
        page: QWidget,
        model: type[Document],
        keep: Callable[[Document], Kept[Document]],
    ) -> None:
        """`keep` is called in a worker; a UserError of it says why the document is not kept."""
        super().__init__(page)
        self._folder, self._frame, self._page = profile.exports, frame, page
        self._model, self._keep = model, keep
        self._reading = Reading(readers, self)

    def ask_where_to_export(self, document: NamedDocument) -> None:
        """Save a document as a file of one's choice."""
        title = self.tr("Export the {0}").format(document.noun)
        file = ask_where_to_save(self._page, title, self._folder / safe_file_name(document.name, ".toml"))
        if file is not None:
            self.export_to(file, document)

    def export_to(self, file: Path, document: NamedDocument) -> None:
        """Save a document as this file."""
        self._write(lambda _stop: write_file(file, document), file)

    def ask_what_to_import(self) -> None:
        """Make a document of a file of one's choice."""
        title = self.tr("Import a {0}").format(self._model.noun)
        chosen, _ = QFileDialog.getOpenFileName(self._page, title, str(self._folder), "TOML (*.toml)")
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, file: Path) -> None:
        """Make a document of this file; it takes nobody's place."""
        model, keep = self._model, self._keep

        def work() -> Kept[Document]:
            return keep(model.parse(read_file(file, f"a {model.noun} file"), file.name))

        self._reading.ask("import", lambda _stop: work(), self.imported.emit, self._complain)

    def _write(self, work: Callable[[threading.Event], object], file: Path) -> None:
        done = self.tr("Saved as {0}.").format(file.name)
        self._reading.ask("file", work, lambda _done: self._frame.toast(done, "ok"), self._complain)

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error", seconds=12)
