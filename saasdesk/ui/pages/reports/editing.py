"""Making, changing, scheduling and deleting reports from their page."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import ReportRow, add_report, delete_report, find_own, save_report
from saasdesk.reports.runs.due import next_run
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.moments import moment_within
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.reports.new_dialog import NewReportDialog
from saasdesk.ui.pages.reports.schedule_dialog import ReportScheduleDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme


class ReportEditing(QObject):
    """`shown` says which report it is about, and whether that is the admin's own; `kept` carries the name to show."""

    kept = Signal(str)
    gone = Signal()

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        page: QWidget,
        shown: Callable[[], tuple[ReportDocument | None, bool]],
    ) -> None:
        super().__init__(page)
        self._store, self._frame, self._theme, self._page, self._shown = services.store, frame, theme, page, shown
        self._reading = Reading(readers, self)

    def ask_for_new(self) -> None:
        """Ask for the name of a new report; the builder asks the rest."""
        dialog = NewReportDialog(self._theme, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        store = self._store

        def made(report: ReportRow) -> None:
            dialog.accept()
            self._open_builder(report)

        def make(document: ReportDocument) -> None:
            self._reading.ask("new", lambda _stop: add_report(store, document), made, dialog.show_problem)

        dialog.wanted.connect(make)
        dialog.open()

    def edit(self) -> None:
        """Open the builder: on a report of one's own, or on a copy of a standard one, which stays as it is."""
        (document, is_own), store = self._shown(), self._store
        if document is None:
            return
        if not is_own:
            self.duplicate()
            return
        self._reading.ask("edit", lambda _stop: find_own(store, document.name), self._open_builder, self._complain)

    def ask_for_schedule(self) -> None:
        """Ask when the report runs by itself, and where it goes; a standard one becomes one of one's own."""
        (document, is_own), store = self._shown(), self._store
        if document is None:
            return
        dialog = ReportScheduleDialog(self._theme, document, is_own=is_own, parent=self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def write(wanted: ReportDocument) -> ReportRow:
            if not is_own:
                return add_report(store, wanted)
            return save_report(store, find_own(store, document.name).id, wanted)

        def kept(report: ReportRow) -> None:
            dialog.accept()
            self._frame.say(_scheduled(report.document))
            self.kept.emit(report.document.name)

        def keep(wanted: ReportDocument) -> None:
            if wanted == document:
                dialog.accept()
                return
            self._reading.ask("schedule", lambda _stop: write(wanted), kept, dialog.show_problem)

        dialog.wanted.connect(keep)
        dialog.open()

    def duplicate(self) -> None:
        """Make a report of one's own that asks the same, and open the builder on it."""
        (document, _is_own), store = self._shown(), self._store
        if document is not None:

            def made(report: ReportRow) -> None:
                self._frame.say(self.tr("“{0}” is a copy of your own.").format(report.document.name))
                self._open_builder(report)

            # Two that bring the same to the same people would be one too many.
            copy = document.unscheduled()
            self._reading.ask("new", lambda _stop: add_report(store, copy), made, self._complain)

    def _open_builder(self, report: ReportRow) -> None:
        self._frame.navigate("report", report.id)

    def delete(self) -> None:
        """Delete a report of one's own; a message offers to take that back."""
        (document, is_own), store = self._shown(), self._store
        if document is None or not is_own:
            return

        def back(report: ReportRow) -> None:
            self._frame.say(self.tr("“{0}” is here.").format(report.document.name))
            self.kept.emit(report.document.name)

        def bring_back() -> None:
            self._reading.ask("new", lambda _stop: add_report(store, document), back, self._complain)

        def gone(_done: object) -> None:
            text = self.tr("“{0}” is deleted.").format(document.name)
            self._frame.toast(text, "info", (self.tr("Undo"), bring_back))
            self.gone.emit()

        work = partial(_delete, store, document.name)
        self._reading.ask("delete", lambda _stop: work(), gone, self._complain)

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error")


def _scheduled(document: ReportDocument) -> str:
    due = next_run(document)
    if due is None:
        return QCoreApplication.translate("ReportEditing", "“{0}” does not run by itself.").format(document.name)
    return QCoreApplication.translate("ReportEditing", "“{0}” runs next {1}.").format(document.name, moment_within(due))


def _delete(store: Store, name: str) -> None:
    delete_report(store, find_own(store, name))
