"""The page of reports: the admin's own and the standard ones at the side, the chosen one with its lines beside them."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.jobs import Ended, Message
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import ReportRow, every_report
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.reports.editing import ReportEditing
from saasdesk.ui.pages.reports.files import ReportFiles
from saasdesk.ui.pages.reports.running import ReportRunning
from saasdesk.ui.pages.reports.standing_view import LINES, StandingView
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, visible_text
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.scroll_area import ScrollArea

_SIDE, _ROOM_FOR_LIST = 296, 800
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
        self._is_stale = False
        self.setObjectName("reports-page")
        self.view = StandingView(services.store, frame, theme, readers, memory, export)
        self.run = PrimaryButton(theme, self.tr("Run"), "play")
        self.run.setToolTip(self.tr("Saves the lines as CSV in the folder of exports, in the report's own format"))
        self.more = IconButton(theme, "more", self.tr("More for this report"), outlined=True, tone="text")
        self.edit = OutlinedButton(theme, self.tr("Edit"), "edit")
        # Where there is no room for the list, a button has it.
        self.picker = OutlinedButton(theme, self.tr("Reports"), "reports")
        self.picker.setMenu(QMenu(self))
        self.view.header.add_actions(self.picker, self.edit, self.run, self.more)
        self.new = IconButton(theme, "plus", self.tr("New report"), shortcut="Ctrl+N", outlined=True, tone="text")
        self.files = ReportFiles(services, frame, readers, self)
        self.running = ReportRunning(services, frame, bridge, self, lambda: self.document)
        self.editing = ReportEditing(services, frame, theme, readers, self, lambda: (self.document, self._is_own))
        self._build()
        # The past can be run and handed on; what a report asks is decided in the present.
        self._is_past = bool(services.store.moment)
        for button in (self.edit, self.new):
            button.setHidden(self._is_past)
        self.view.schedule_wanted.connect(self.editing.ask_for_schedule)
        self.run.clicked.connect(self.running.run_now)
        self.edit.clicked.connect(self.editing.edit)
        self.new.clicked.connect(self.editing.ask_for_new)
        self.more.clicked.connect(self._show_more)
        self.files.imported.connect(self._on_made)
        self.running.busy_changed.connect(self.run.setDisabled)
        self.running.ended.connect(self.view.refresh)
        self.editing.kept.connect(self.open)
        self.editing.gone.connect(self.refresh)
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
            Command(self.tr("Run the report"), self.running.run_now, "Ctrl+R", "play", "Run"),
            Command(
                self.tr("Run to a workbook (XLSX)"), partial(self.running.run_as, FileFormat.XLSX), "", "table", "Run"
            ),
            Command(self.tr("Run to a PDF"), partial(self.running.run_as, FileFormat.PDF), "", "page", "Run"),
            Command(self.tr("Copy the lines"), self.copy_lines, "", "copy", "Edit"),
            Command(self.tr("Export the lines…"), self.view.ask_to_export, "Ctrl+E", "export", "File"),
            Command(self.tr("Export the report…"), self._ask_where_to_export, "", "export", "File"),
        ]
        commands += self._commands_that_change()
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

    def _commands_that_change(self) -> list[Command]:
        """What decides which reports there are and what they ask; none of it in the past."""
        if self._is_past:
            return []
        commands = [
            Command(self.tr("New report…"), self.editing.ask_for_new, "Ctrl+N", "plus", "File"),
            Command(self.tr("Import a report…"), self.files.ask_what_to_import, "", "import", "File"),
            Command(self.tr("Edit the report"), self.editing.edit, "Ctrl+Shift+E", "edit", "Edit"),
            Command(self.tr("Schedule the report…"), self.editing.ask_for_schedule, "", "clock", "Edit"),
            Command(self.tr("Duplicate the report"), self.editing.duplicate, "", "copy", "Edit"),
        ]
        if self._is_own:
            commands.append(Command(self.tr("Delete the report"), self.editing.delete, "", "trash", "Edit"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The list of reports, and the lines."""
        table = self.view.table
        lists = () if self._left.isHidden() else (self.list,)
        return lists if table is None else (*lists, table)

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
        theme.changed.connect(self._fit)
        row = Row(theme, gap=0)
        self._line = Line(theme, upright=True)
        row.addWidget(side)
        row.addWidget(self._line)
        row.addWidget(self.view, 1)
        self.setLayout(row)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._left.setFixedWidth(self._theme.px(_SIDE))
        has_list = self.width() >= self._theme.px(_ROOM_FOR_LIST)
        for widget in (self._left, self._line):
            widget.setHidden(not has_list)
        self.picker.setHidden(has_list)

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
        self._fill_picker([choice.key for choice in (*own, *standard)], len(own))
        before, focused = self.list, self.focusWidget()
        had_focus = before.isAncestorOf(focused)
        self.list = ChoiceList(self._theme, self.tr("Reports"), choices)
        self.list.chosen.connect(self.show_report)
        self._side.replaceWidget(before, self.list)
        before.hide()
        before.deleteLater()
        if had_focus:
            self.list.setFocus()

    def _fill_picker(self, names: Sequence[str], own: int) -> None:
        menu = self.picker.menu()
        menu.clear()
        for place, name in enumerate(names):
            if place == own and own:
                menu.addSeparator()
            action = menu.addAction(escaped_ampersands(visible_text(name)))
            action.triggered.connect(lambda _checked, wanted=name: self.show_report(wanted))

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
        changing: list[tuple[str, Callable[[], object]]] = [
            (self.tr("New report…"), self.editing.ask_for_new),
            (self.tr("Import a report…"), self.files.ask_what_to_import),
            (self.tr("Duplicate"), self.editing.duplicate),
            (self.tr("Schedule…"), self.editing.ask_for_schedule),
        ]
        choices: list[tuple[str, Callable[[], object]]] = [
            *([] if self._is_past else changing),
            (self.tr("Run to a workbook (XLSX)"), partial(self.running.run_as, FileFormat.XLSX)),
            (self.tr("Run to a PDF"), partial(self.running.run_as, FileFormat.PDF)),
            (self.tr("Save as CSV…"), partial(self.running.ask_where, FileFormat.CSV)),
            (self.tr("Save as a workbook…"), partial(self.running.ask_where, FileFormat.XLSX)),
            (self.tr("Save as PDF…"), partial(self.running.ask_where, FileFormat.PDF)),
            (self.tr("Copy the lines"), self.copy_lines),
            (self.tr("Export the report…"), self._ask_where_to_export),
        ]
        if self._is_own and not self._is_past:
            choices.append((self.tr("Delete"), self.editing.delete))
        for text, run in choices:
            menu.addAction(text).triggered.connect(partial(_do, run))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _ask_where_to_export(self) -> None:
        if self.document is not None:
            self.files.ask_where_to_export(self.document)

    def _on_made(self, report: ReportRow) -> None:
        self._frame.say(self.tr("“{0}” is here.").format(report.document.name))
        self.open(report.document.name)

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error")

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
        # Reports that ran by themselves have a longer history.
        if (message.job.about == _DUE and message.result) or may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()


def _do(run: Callable[[], object], _checked: bool = False) -> None:
    run()
