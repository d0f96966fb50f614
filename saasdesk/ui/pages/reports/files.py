"""A report as a file, and one out of a file."""

from PySide6.QtWidgets import QWidget

from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.reports import ReportRow, add_report
from saasdesk.services import Services
from saasdesk.ui.document_files import DocumentFiles
from saasdesk.ui.navigation import Frame
from saasdesk.ui.tables import TableReaders


class ReportFiles(DocumentFiles[ReportDocument]):
    """One that is imported names only fields of here, and its schedule rests."""

    def __init__(self, services: Services, frame: Frame, readers: TableReaders, page: QWidget) -> None:
        store = services.store

        def keep(document: ReportDocument) -> ReportRow:
            ReportLines(store, document).columns()
            return add_report(store, document.resting())

        super().__init__(services.profile, frame, readers, page, ReportDocument, keep)
