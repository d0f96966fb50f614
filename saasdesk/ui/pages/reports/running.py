"""Running a report from its page: into the folder of exports, or wherever somebody says."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from saasdesk.clock import now
from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Ended, Job, Message
from saasdesk.reports.csv_export import ExportResult, safe_file_name
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.run import run_report
from saasdesk.reports.runs.running import run_by_hand
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Frame
from saasdesk.ui.report_pdf import draw_report
from saasdesk.ui.widgets.save_dialog import ask_where_to_save


class ReportRunning(QObject):
    """One run at a time, of the report that `shown` names; `ended` comes after each, however it went."""

    busy_changed = Signal(bool)
    ended = Signal()

    def __init__(
        self,
        services: Services,
        frame: Frame,
        bridge: Bridge,
        page: QWidget,
        shown: Callable[[], ReportDocument | None],
    ) -> None:
        super().__init__(page)
        self._services, self._frame, self._page, self._shown = services, frame, page, shown
        self._job: Job | None = None
        bridge.heard.connect(self._on_heard)

    def run_now(self) -> None:
        """Save the lines as CSV, as the report says, in the folder of exports."""
        self.run_as(FileFormat.CSV)

    def run_as(self, file_format: FileFormat) -> None:
        """Save the lines as a file of this kind in the folder of exports."""
        document = self._shown()
        if document is not None:
            self.run_into(self._suggested(document, file_format))

    def ask_where(self, file_format: FileFormat) -> None:
        """Save the lines as a file of one's choice."""
        document = self._shown()
        if document is not None:
            suggested = self._suggested(document, file_format)
            target = ask_where_to_save(self._page, self.tr("Save the lines"), suggested)
            if target is not None:
                self.run_into(target)

    def run_into(self, target: Path) -> None:
        """Save the lines as this file, and note the run; a look at the past leaves no note in the present."""
        document, store = self._shown(), self._services.store
        if document is None or self._job is not None:
            return
        run = run_report if store.moment else run_by_hand
        self._job = self._frame.start_job(
            lambda tell, stop: run(store, document, target, tell, stop, draw_report),
            self.tr("Report “{0}”").format(document.name),
            f"report:{document.name}",
        )
        self._tell_if_busy()

    def _tell_if_busy(self) -> None:
        self.busy_changed.emit(self._job is not None)

    def _suggested(self, document: ReportDocument, file_format: FileFormat) -> Path:
        moment = self._services.store.moment
        of = f" as of {moment}," if moment else ""
        name = safe_file_name(f"{document.name}{of} {now().astimezone():%Y-%m-%d %H%M%S}", file_format.ending)
        return self._services.profile.exports / name

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and self._job is not None and message.job == self._job:
            self._job = None
            self._tell_if_busy()
            self._tell(message)
            self.ended.emit()

    def _tell(self, ended: Ended) -> None:
        match ended:
            case Ended(result=ExportResult(path=path, rows=rows)):
                text = self.tr("{0} lines saved as {1}.").format(f"{rows:,}", path.name)
                self._frame.toast(text, "ok", (self.tr("Open folder"), lambda: _open_folder(path)), seconds=12)
            case Ended(error=UserError() as error):
                self._frame.toast(str(error), "error", seconds=12)
            case Ended(error=Cancelled()):
                self._frame.toast(self.tr("Cancelled. Nothing was saved."), "info")
            case _:
                # What is a fault of the program is shown by the window.
                pass


def _open_folder(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
