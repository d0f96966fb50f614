"""The page of reports: the admin's own and the standard ones at the side, the chosen one with its lines beside them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.clock import now
from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Ended, Job, Message
from saasdesk.reports.csv_export import ExportResult, safe_file_name
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import ReportRow, add_report, delete_report, every_report, find_own, save_report
from saasdesk.reports.runs.due import next_run
from saasdesk.reports.runs.running import run_by_hand
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import moment_within
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.reports.files import ReportFiles
from saasdesk.ui.pages.reports.new_dialog import NewReportDialog
from saasdesk.ui.pages.reports.schedule_dialog import ReportScheduleDialog
from saasdesk.ui.pages.reports.standing_view import LINES, StandingView
from saasdesk.ui.reading import Reading
from saasdesk.ui.report_pdf import draw_report
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.save_dialog import ask_where_to_save
from saasdesk.ui.widgets.scroll_area import ScrollArea

_SIDE = 296
_MEMORY = "reports-page"
# What the window's clock calls its run of reports that are due.
_DUE = "reports"

Known = Sequence[tuple[ReportDocument, bool]]


class ReportsPage(QWidget):
    """`open("Inactive users")` shows the report of this name."""

    title = "Reports"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._memory = services, frame, theme, memory
        self._reading = Reading(readers, self)
        self._known: Known = ()
        kept = memory.get(_MEMORY)
        self._wanted = str(kept.get("report", "")) if isinstance(kept, dict) else ""
        self._job: Job | None = None
        self._is_stale = False
        self.setObjectName("reports-page")
        self.view = StandingView(services.store, frame, theme, readers, memory, export)
        self.run = PrimaryButton(theme, self.tr("Run"), "play")
        self.run.setToolTip(self.tr("Saves the lines as CSV in the folder of exports, in the report's own format"))
        self.more = IconButton(theme, "more", self.tr("More for this report"), outlined=True, tone="text")
        self.edit = OutlinedButton(theme, self.tr("Edit"), "edit")
        self.view.header.add_actions(self.edit, self.run, self.more)
        self.new = IconButton(theme, "plus", self.tr("New report"), shortcut="Ctrl+N", outlined=True, tone="text")
        self.files = ReportFiles(services, frame, readers, self)
        self._build()
        self.view.schedule_wanted.connect(self.ask_for_schedule)
        self.run.clicked.connect(self.run_now)
        self.edit.clicked.connect(self.edit_report)
        self.new.clicked.connect(self.ask_for_new)
        self.more.clicked.connect(self._show_more)
        self.files.imported.connect(self._on_made)
        bridge.heard.connect(self._on_heard)

    @property
    def document(self) -> ReportDocument | None:
        """The report that is shown."""
        return self.view.document

    # What the frame asks

    def refresh(self) -> None:
        """Read which reports there are, and the lines of the one that is shown."""
        self._is_stale = False
        store = self._services.store
        self._reading.ask("reports", lambda _stop: every_report(store), self._show, self._complain)

    def open(self, argument: object) -> None:
        """Show the report that is named, or the one that was looked at last."""
        if isinstance(argument, str) and argument:
            self._wanted = argument
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """It stands in the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """What can be done with the report."""
        commands = [
            Command(self.tr("New report…"), self.ask_for_new, "Ctrl+N", "plus", "File"),
            Command(self.tr("Run the report"), self.run_now, "Ctrl+R", "play", "Run"),
            Command(self.tr("Run to a workbook (XLSX)"), partial(self.run_as, FileFormat.XLSX), "", "table", "Run"),
            Command(self.tr("Run to a PDF"), partial(self.run_as, FileFormat.PDF), "", "page", "Run"),
            Command(self.tr("Copy the lines"), self.copy_lines, "", "copy", "Edit"),
            Command(self.tr("Export the lines…"), self.view.ask_to_export, "Ctrl+E", "export", "File"),
            Command(self.tr("Export the report…"), self._ask_where_to_export, "", "export", "File"),
            Command(self.tr("Import a report…"), self.files.ask_what_to_import, "", "import", "File"),
        ]
        commands += [
            Command(self.tr("Edit the report"), self.edit_report, "Ctrl+Shift+E", "edit", "Edit"),
            Command(self.tr("Schedule the report…"), self.ask_for_schedule, "", "clock", "Edit"),
            Command(self.tr("Duplicate the report"), self.duplicate, "", "copy", "Edit"),
        ]
        if self._is_own:
            commands.append(Command(self.tr("Delete the report"), self.delete, "", "trash", "Edit"))
        table = self.view.table
        if table is not None:
            commands += [
                Command(self.tr("Find in the lines"), table.focus_quick_filter, "", "search", "Edit"),
                Command(self.tr("Choose columns…"), table.choose_columns, "", "columns", "View"),
            ]
        for document, _is_standard in self._known:
            text = self.tr("Report: {0}").format(document.name)
            commands.append(Command(text, partial(self.show_report, document.name), "", "reports", "Go"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The list of reports, and the lines."""
        table = self.view.table
        return (self.list, table) if table is not None else (self.list,)

    @property
    def _is_own(self) -> bool:
        return any(document == self.document and not is_standard for document, is_standard in self._known)

    # Building and showing

    def _build(self) -> None:
        theme = self._theme
        self.list = ChoiceList(theme, self.tr("Reports"), ())
        self._side = Column(theme, gap=0, margins=(16, 4, 12, 16))
        self._side.addWidget(self.list)
        self._side.addStretch(1)
        content = QWidget()
        content.setLayout(self._side)
        head = Column(theme, gap=0, margins=(24, 16, 12, 0))
        heading = PageHeader(theme, self.tr("Reports"))
        heading.add_actions(self.new)
        head.addWidget(heading)
        self._left = side = QWidget()
        upright = Column(theme, gap=8)
        upright.addLayout(head)
        upright.addWidget(ScrollArea(content), 1)
        side.setLayout(upright)
        self._fit()
        theme.changed.connect(self._fit)
        row = Row(theme, gap=0)
        row.addWidget(side)
        row.addWidget(Line(theme, upright=True))
        row.addWidget(self.view, 1)
        self.setLayout(row)

    def _fit(self) -> None:
        self._left.setFixedWidth(self._theme.px(_SIDE))

    def _show(self, known: Known) -> None:
        names = [document.name for document, _ in known]
        if [(document.name, standard) for document, standard in self._known] != [
            (document.name, standard) for document, standard in known
        ]:
            self._put_list(known)
        self._known = known
        found = next((name for name in names if name.casefold() == self._wanted.casefold()), names[0])
        self.show_report(found)

    def _put_list(self, known: Known) -> None:
        own = [ListedChoice(document.name, document.name, "reports") for document, standard in known if not standard]
        standard = [ListedChoice(document.name, document.name, "reports") for document, is_one in known if is_one]
        choices = [ListedChoice(self.tr("Your own")), *own] if own else []
        if standard:
            choices += [ListedChoice(self.tr("Standard")), *standard]
        before, focused = self.list, self.focusWidget()
        had_focus = before.isAncestorOf(focused)
        self.list = ChoiceList(self._theme, self.tr("Reports"), choices)
        self.list.chosen.connect(self.show_report)
        self._side.replaceWidget(before, self.list)
        before.hide()
        before.deleteLater()
        if had_focus:
            self.list.setFocus()

    def show_report(self, name: str) -> None:
        """Show the report of this name, which is one of those at the side."""
        document = next(document for document, _ in self._known if document.name == name)
        self._wanted = name
        self._memory[_MEMORY] = {"report": name}
        self.list.set_current(name)
        self.view.show_report(document)
        self.edit.setText(self.tr("Edit") if self._is_own else self.tr("Edit a copy"))
        if self.isVisible():
            self._frame.update_trail()

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices: list[tuple[str, Callable[[], object]]] = [
            (self.tr("New report…"), self.ask_for_new),
            (self.tr("Duplicate"), self.duplicate),
            (self.tr("Schedule…"), self.ask_for_schedule),
            (self.tr("Run to a workbook (XLSX)"), partial(self.run_as, FileFormat.XLSX)),
            (self.tr("Run to a PDF"), partial(self.run_as, FileFormat.PDF)),
            (self.tr("Save as CSV…"), partial(self.ask_where_to_run, FileFormat.CSV)),
            (self.tr("Save as a workbook…"), partial(self.ask_where_to_run, FileFormat.XLSX)),
            (self.tr("Save as PDF…"), partial(self.ask_where_to_run, FileFormat.PDF)),
            (self.tr("Copy the lines"), self.copy_lines),
            (self.tr("Export the report…"), self._ask_where_to_export),
            (self.tr("Import a report…"), self.files.ask_what_to_import),
        ]
        if self._is_own:
            choices.append((self.tr("Delete"), self.delete))
        for text, run in choices:
            menu.addAction(text).triggered.connect(partial(_do, run))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _ask_where_to_export(self) -> None:
        if self.document is not None:
            self.files.ask_where_to_export(self.document)

    # Editing

    def ask_for_new(self) -> None:
        """Ask for the name of a new report; the builder asks the rest."""
        dialog = NewReportDialog(self._theme, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        store = self._services.store

        def made(report: ReportRow) -> None:
            dialog.accept()
            self._open_builder(report)

        def make(document: ReportDocument) -> None:
            self._reading.ask("new", lambda _stop: add_report(store, document), made, dialog.show_problem)

        dialog.wanted.connect(make)
        dialog.open()

    def edit_report(self) -> None:
        """Open the builder: on a report of one's own, or on a copy of a standard one, which stays as it is."""
        document, store = self.document, self._services.store
        if document is None:
            return
        if not self._is_own:
            self.duplicate()
            return
        self._reading.ask("edit", lambda _stop: find_own(store, document.name), self._open_builder, self._complain)

    def ask_for_schedule(self) -> None:
        """Ask when the report runs by itself, and where it goes; a standard one becomes one of one's own."""
        document, store, is_own = self.document, self._services.store, self._is_own
        if document is None:
            return
        dialog = ReportScheduleDialog(self._theme, document, is_own=is_own, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def write(wanted: ReportDocument) -> ReportRow:
            if not is_own:
                return add_report(store, wanted)
            return save_report(store, find_own(store, document.name).id, wanted)

        def kept(report: ReportRow) -> None:
            dialog.accept()
            self._frame.say(_scheduled(report.document))
            self.open(report.document.name)

        def keep(wanted: ReportDocument) -> None:
            if wanted == document:
                dialog.accept()
                return
            self._reading.ask("schedule", lambda _stop: write(wanted), kept, dialog.show_problem)

        dialog.wanted.connect(keep)
        dialog.open()

    def duplicate(self) -> None:
        """Make a report of one's own that asks the same, and open the builder on it."""
        document, store = self.document, self._services.store
        if document is not None:

            def made(report: ReportRow) -> None:
                self._frame.say(self.tr("“{0}” is a copy of your own.").format(report.document.name))
                self._open_builder(report)

            # Two that bring the same to the same people would be one too many.
            copy = document.unscheduled()
            self._reading.ask("new", lambda _stop: add_report(store, copy), made, self._complain)

    def _open_builder(self, report: ReportRow) -> None:
        self._wanted = report.document.name
        self._frame.navigate("report", report.id)

    def _on_made(self, report: ReportRow) -> None:
        self._frame.say(self.tr("“{0}” is here.").format(report.document.name))
        self.open(report.document.name)

    def delete(self) -> None:
        """Delete a report of one's own; a message offers to take that back."""
        document, store = self.document, self._services.store
        if document is None or not self._is_own:
            return

        def bring_back() -> None:
            self._reading.ask("new", lambda _stop: add_report(store, document), self._on_made, self._complain)

        def gone(_done: object) -> None:
            text = self.tr("“{0}” is deleted.").format(document.name)
            self._frame.toast(text, "info", (self.tr("Undo"), bring_back))
            self.refresh()

        work = partial(_delete, store, document.name)
        self._reading.ask("delete", lambda _stop: work(), gone, self._complain)

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error")

    # Running

    def run_now(self) -> None:
        """Save the lines as CSV, as the report says, in the folder of exports."""
        self.run_as(FileFormat.CSV)

    def run_as(self, file_format: FileFormat) -> None:
        """Save the lines as a file of this kind in the folder of exports."""
        if self.document is not None:
            self.run_into(self._suggested(self.document, file_format))

    def ask_where_to_run(self, file_format: FileFormat) -> None:
        """Save the lines as a file of one's choice."""
        if self.document is not None:
            target = ask_where_to_save(self, self.tr("Save the lines"), self._suggested(self.document, file_format))
            if target is not None:
                self.run_into(target)

    def run_into(self, target: Path) -> None:
        """Save the lines as this file, and note the run."""
        document, services = self.document, self._services
        if document is None or self._job is not None:
            return
        self._job = self._frame.start_job(
            lambda tell, stop: run_by_hand(services.store, document, target, tell, stop, draw_report),
            self.tr("Report “{0}”").format(document.name),
            f"report:{document.name}",
        )
        self.run.setEnabled(self._job is None)

    def _suggested(self, document: ReportDocument, file_format: FileFormat) -> Path:
        name = safe_file_name(f"{document.name} {now().astimezone():%Y-%m-%d %H%M%S}", file_format.ending)
        return self._services.profile.exports / name

    def copy_lines(self) -> None:
        """Put all lines on the clipboard, with headings, for a spreadsheet or a letter."""
        table = self.view.table
        if table is not None:
            self.view.show_tab(LINES)
            table.select_all_matching()
            table.copy(with_headings=True)

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended):
            return
        if self._job is not None and message.job == self._job:
            self._job = None
            self.run.setEnabled(True)
            self._tell(message)
            self.view.refresh()
        elif message.job.about == _DUE and message.result:
            # Reports ran by themselves: their history has more lines, and notices may have come.
            self._is_stale = True
            if self.isVisible():
                self.refresh()
        elif may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()

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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()


def _do(run: Callable[[], object], _checked: bool = False) -> None:
    run()


def _scheduled(document: ReportDocument) -> str:
    due = next_run(document)
    if due is None:
        return QCoreApplication.translate("ReportsPage", "“{0}” does not run by itself.").format(document.name)
    return QCoreApplication.translate("ReportsPage", "“{0}” runs next {1}.").format(document.name, moment_within(due))


def _open_folder(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))


def _delete(store: Store, name: str) -> None:
    delete_report(store, find_own(store, name))
