"""Activity: what is going on, and what every sync session did; one session opens with its errors and changes."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Ended, Job, Message, Work
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.sync import sessions
from saasdesk.sync.events import SyncResult
from saasdesk.sync.history import save_session
from saasdesk.sync.rows import SessionError, SessionRow
from saasdesk.sync.run import RunOptions
from saasdesk.sync.session_changes.rows import ChangeRow
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import duration_in_words, moment_in_words, number, seconds_between
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.activity.audit_view import AuditView
from saasdesk.ui.pages.activity.contents import SessionContents, raw_in_lines, read_changes, read_session
from saasdesk.ui.pages.activity.exports import export_changes, export_left
from saasdesk.ui.pages.activity.problem_panel import Problem
from saasdesk.ui.pages.activity.report import report_of
from saasdesk.ui.pages.activity.running_jobs import RunningJobs
from saasdesk.ui.pages.activity.session_view import SessionView
from saasdesk.ui.pages.activity.taking_back import TakingBack
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import Runs
from saasdesk.ui.pages.integrations.session_words import kind_of_session, started_by, status_of_session, undo_in_words
from saasdesk.ui.pages.workflows.approvals_view import ApprovalsView
from saasdesk.ui.pages.workflows.runs_view import RunsView
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import open_record
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.save_dialog import ask_where_to_save
from saasdesk.ui.widgets.tabs import Tabs

_SOON_MILLISECONDS = 150
SESSIONS, RUNS, APPROVALS, AUDIT = "sessions", "runs", "approvals", "audit"
_COUNTS = ("fetched", "created", "updated", "unchanged", "skipped", "deactivated", "reactivated", "failed")
_WIDE = 1500


class ActivityPage(QWidget):
    """`open(12)` shows session 12, `open("integration:3")` the sessions of integration 3.

    `open("runs")` shows what workflows did, `open("record:assets:7")` what they did with one record,
    `open("approvals")` what waits for a yes or no, `open("audit")` the audit log; anything else all sessions.
    """

    title = "Activity"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        watch: RunWatch,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._watch = services, frame, theme, watch
        self._bridge = bridge
        self._reading = Reading(readers, self)
        self._session: int | None = None
        self._integration: int | None = None
        self._record: tuple[ObjectKind, int] | None = None
        self._readers = readers
        self._name = ""
        self._dialog: QDialog | None = None
        self._export_job: Job | None = None
        self._is_retrying = False
        self._runs = Runs(services, frame, watch, self)
        self._build(memory, export)
        self._soon = soon(self, _SOON_MILLISECONDS, self.refresh)
        bridge.heard.connect(self._on_heard)
        watch.began.connect(self._on_run_began)
        watch.ended.connect(self._on_run_ended)

    # What the frame asks

    def refresh(self) -> None:
        """Read what is shown again."""
        store, integration = self._services.store, self._integration
        if self._session is not None:
            wanted = self._session
            self._reading.ask(
                "session", lambda stop: read_session(store, wanted, stop), self._show_session, self._show_failure
            )
            return
        self.approvals.refresh()
        if self.tabs.current == RUNS:
            self._show_runs()
        if self.tabs.current == AUDIT:
            self.audit.refresh()
        self._reading.ask(
            "sessions", lambda _stop: sessions.list_sessions(store, integration), self._show_list, self._show_failure
        )

    def open(self, argument: object) -> None:
        """Show one session, those of one integration, or all."""
        self._session = argument if isinstance(argument, int) else None
        self._integration = None
        self._frame.need_width(self._session is not None)
        what, _, rest = argument.partition(":") if isinstance(argument, str) else ("", "", "")
        self._record = None
        if what == "integration":
            self._integration = int(rest)
        if what == "record":
            kind, _, number_of_it = rest.partition(":")
            self._record = ObjectKind(kind), int(number_of_it)
        tab = {"runs": RUNS, "record": RUNS, "approvals": APPROVALS, "audit": AUDIT}.get(what, SESSIONS)
        if what or tab != SESSIONS:
            self.tabs.set_current(tab)
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Activity, and the session that is shown."""
        if self._session is None:
            return ()
        name = self.tr("{0}, session {1}").format(self._name, self._session) if self._name else str(self._session)
        return (Crumb(self.tr("Activity"), "activity"), Crumb(name))

    def commands(self) -> Sequence[Command]:
        """What can be done with an open session."""
        if self._session is None:
            return self.audit.commands() if self.tabs.current == AUDIT else ()
        commands = [
            Command(self.tr("Export the changes…"), self._ask_where_to_export, "Ctrl+E", "export", "File"),
            Command(self.tr("Export the session as JSON…"), self._ask_where_to_save, "", "export", "File"),
            Command(self.tr("Copy the session as report"), self._copy_report, "", "copy", "Edit"),
        ]
        contents = self.view.contents
        if contents is not None and contents.may_retry and contents.retryable:
            retry = partial(self._retry, contents.retryable)
            commands.append(Command(self.tr("Retry the failed records"), retry, "", "retry", "Run"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The list, or the session."""
        if self._session is not None:
            return (self.view,)
        match self.tabs.current:
            case "runs":
                return (self.runs.table, self.runs.trace)
            case "approvals":
                return (self.approvals,)
            case "audit":
                return (self.audit,)
            case _:
                return (self.table,)

    # Building

    def _build(self, memory: Memory, export: Callable[[ExportRequest], object]) -> None:
        theme = self._theme
        self.setObjectName("activity-page")
        self.header = PageHeader(theme, self.tr("Activity"))
        self.running = RunningJobs(theme, self._bridge, self._frame, self._watch)
        self.table = LineTable(
            theme,
            self.tr("Sync sessions"),
            (
                Heading(self.tr("Started"), 128),
                Heading(self.tr("Integration"), share=6),
                Heading(self.tr("Kind"), 92),
                Heading(self.tr("Status"), 204),
                Heading(self.tr("Took"), 96, from_width=1200),
                Heading(self.tr("Read"), 64, at_right=True),
                Heading(self.tr("Created"), 76, at_right=True),
                Heading(self.tr("Updated"), 80, at_right=True),
                Heading(self.tr("Unchanged"), 96, at_right=True, from_width=_WIDE),
                Heading(self.tr("Skipped"), 80, at_right=True, from_width=_WIDE),
                Heading(self.tr("Deact."), 68, at_right=True),
                Heading(self.tr("React."), 68, at_right=True, from_width=_WIDE),
                Heading(self.tr("Failed"), 64, at_right=True),
                Heading(self.tr("User"), 88, from_width=_WIDE),
                Heading(self.tr("Version"), 80, from_width=_WIDE),
                Heading(self.tr("Message"), share=6),
            ),
        )
        self.table.opened.connect(self._open_session)
        self._empty = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No runs yet"),
            self.tr("Every run of an integration leaves a session here: what it read, changed and left alone."),
        )
        self._all = QWidget()
        column = Column(theme, gap=8, margins=(0, 16, 0, 0))
        head = Row(theme, margins=(24, 0))
        head.addWidget(self.header)
        column.addLayout(head)
        body = Row(theme, margins=(24, 0))
        body.addWidget(self.running)
        column.addLayout(body)
        column.addLayout(self._build_tabs(memory, export))
        column.addWidget(self._parts, 1)
        self._all.setLayout(column)
        self.view = SessionView(theme)
        self.view.undo.clicked.connect(self._ask_to_undo)
        self._taking_back = TakingBack(self._services, self._frame, theme, self._bridge, self)
        self._taking_back.done.connect(self.refresh)
        self.view.export.clicked.connect(self._ask_where_to_export)
        self.view.plan.clicked.connect(self._open_plan)
        self.view.changes_wanted.connect(self._read_changes)
        self.view.record_wanted.connect(self._open_record)
        self.view.raw_wanted.connect(self._read_raw)
        self.view.retry_wanted.connect(self._retry)
        self.view.more.clicked.connect(self._show_more)
        panel = self.view.panel
        panel.accept_wanted.connect(self._ask_to_accept)
        panel.withdraw_wanted.connect(self._withdraw)
        panel.mapping_wanted.connect(self._open_mapping)
        panel.retry_wanted.connect(self._retry_problem)
        self._stack = QStackedWidget()
        for page in (self._all, self.view):
            self._stack.addWidget(page)
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)

    def _build_tabs(self, memory: Memory, export: Callable[[ExportRequest], object]) -> Column:
        """Sync sessions, runs of workflows, what waits for a person, and who did what."""
        theme = self._theme
        names = (
            (SESSIONS, self.tr("Sync Sessions")),
            (RUNS, self.tr("Workflow activity")),
            (APPROVALS, self.tr("Approvals")),
            (AUDIT, self.tr("Audit log")),
        )
        self.tabs = Tabs(theme, self.tr("Kinds of activity"), names)
        self.tabs.chosen.connect(self._on_tab_chosen)
        self.runs = RunsView(self._services, self._frame, theme, self._readers)
        self.runs.widened.connect(self._on_widened)
        self.approvals = ApprovalsView(self._services, self._frame, theme, self._readers)
        self.approvals.counted.connect(self._on_approvals_counted)
        self.audit = AuditView(self._services, self._frame, theme, self._bridge, self._readers, memory, export=export)
        self._sessions = QStackedWidget()
        for widget in (self.table, self._empty):
            self._sessions.addWidget(widget)
        self._parts = QStackedWidget()
        for part in (self._sessions, self.runs, self.approvals, self.audit):
            self._parts.addWidget(part)
        row = Row(theme, margins=(24, 0))
        row.addWidget(self.tabs)
        row.addStretch(1)
        column = Column(theme, gap=0)
        column.addLayout(row)
        column.addWidget(Hairline(theme))
        return column

    # Showing

    def _on_tab_chosen(self, tab: str) -> None:
        self._parts.setCurrentIndex((SESSIONS, RUNS, APPROVALS, AUDIT).index(tab))
        if tab == RUNS:
            self._show_runs()
        if tab == AUDIT:
            self.audit.refresh()
        self._frame.update_trail()

    def _on_widened(self) -> None:
        self._record = None
        self._show_runs()

    def _show_runs(self) -> None:
        if self._record is None:
            self.runs.show_all()
        else:
            self.runs.show_record(*self._record, may_widen=True)

    def _on_approvals_counted(self, count: int) -> None:
        self.tabs.rename(APPROVALS, self.tr("Approvals ({0})").format(count) if count else self.tr("Approvals"))
        self._frame.set_count("activity", count, "warn")

    def _show_list(self, found: list[SessionRow]) -> None:
        self.header.set_subtitle(found[0].integration_name if found and self._integration is not None else "")
        self.table.show_lines([_line(session) for session in found])
        self._sessions.setCurrentWidget(self.table if found or self._watch.running else self._empty)
        self._stack.setCurrentWidget(self._all)
        self._frame.update_trail()

    def _show_session(self, contents: SessionContents) -> None:
        self._name = contents.session.integration_name
        self.view.show_contents(contents)
        self._stack.setCurrentWidget(self.view)
        self._frame.update_trail()

    def _show_failure(self, sentence: str) -> None:
        self._empty.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence)
        self._sessions.setCurrentWidget(self._empty)
        self._stack.setCurrentWidget(self._all)

    def _read_changes(self, text: str) -> None:
        contents, store = self.view.contents, self._services.store
        if contents is not None:
            self._reading.ask(
                "changes",
                lambda stop: read_changes(store, contents, text, stop),
                self.view.show_changes,
                self._complain,
            )

    # What happens

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended):
            return
        if message.job.about.startswith(("workflow:", "workflow-run:", "due")) and self.isVisible():
            self._soon.start()
        if self._export_job is not None and message.job == self._export_job:
            self._export_job = None
            done = message.error is None
            self._frame.toast(self.tr("The file is saved.") if done else str(message.error), "ok" if done else "error")

    def _on_run_began(self, _name: str) -> None:
        self._soon.start()

    def _on_run_ended(self, _name: str, message: object) -> None:
        result = message.result if isinstance(message, Ended) else None
        if self._is_retrying and isinstance(result, SyncResult):
            self._is_retrying = False
            if self.isVisible():
                self._frame.navigate("activity", result.session)
        self._soon.start()

    def _open_plan(self) -> None:
        if self.view.contents is not None and self.view.contents.plan is not None:
            self._frame.navigate("plan", self.view.contents.plan)

    def _open_session(self, session: object) -> None:
        self._frame.navigate("activity", session)

    def _ask_to_undo(self) -> None:
        contents = self.view.contents
        if contents is None:
            return
        if contents.is_import_to_undo:
            self._taking_back.ask(contents)
            return
        keep = OutlinedButton(self._theme, self.tr("Leave them"))
        undo = DangerButton(self._theme, self.tr("Make {0} active again").format(number(contents.undo.back)))
        undo.clicked.connect(self._undo)
        question = Question(
            self._theme,
            self.tr("Undo the deactivations of session {0}?").format(contents.session.id),
            " ".join(
                (
                    undo_in_words(contents.undo),
                    self.tr("The next run may deactivate them anew, if the vendor still does not list them."),
                )
            ),
            [keep, undo],
            parent=self,
        )
        self._dialog = question
        question.open()

    def _undo(self) -> None:
        store, session = self._services.store, self._session
        if session is not None:
            self._reading.ask(
                "undo", lambda _stop: sessions.undo_deactivations(store, session), self._on_undone, self._complain
            )

    def _on_undone(self, count: int) -> None:
        self._frame.toast(self.tr("{0} records are active again.").format(number(count)), "ok")
        self.refresh()

    def _ask_to_accept(self, problem: Problem) -> None:
        error = problem.error
        if error is None or not error.vendor_id:
            return
        from saasdesk.ui.pages.activity.acceptance import AcceptanceDialog

        vendor_id = error.vendor_id
        dialog = AcceptanceDialog(self._theme, error.record, error.message, parent=self)
        dialog.accepted.connect(lambda: self._accept(vendor_id, dialog.note.text()))
        self._dialog = dialog
        dialog.open()

    def _withdraw(self, problem: Problem) -> None:
        store, session, error = self._services.store, self._session, problem.error
        if session is not None and error is not None and error.vendor_id:
            vendor_id = error.vendor_id
            self._reading.ask(
                "withdraw",
                lambda _stop: sessions.withdraw_acceptance(store, session, vendor_id),
                lambda _none: self._on_withdrawn(),
                self._complain,
            )

    def _on_withdrawn(self) -> None:
        self._frame.toast(self.tr("Withdrawn: from the next run on it counts again."), "ok")
        self.refresh()

    def _read_raw(self, error: SessionError) -> None:
        store = self._services.store
        self._reading.ask("raw", lambda _stop: raw_in_lines(store, error), self.view.panel.show_raw, self._complain)

    def _open_record(self, change: object) -> None:
        if isinstance(change, ChangeRow):
            store, kind = self._services.store, ObjectKind(change.object)
            open_record(self._reading, self._frame, store, kind, change.record)

    def _open_mapping(self, place: object) -> None:
        contents = self.view.contents
        if contents is not None and contents.integration is not None and place is not None:
            self._frame.navigate("mapping", (contents.integration.id, place))

    def _retry_problem(self, problem: Problem) -> None:
        errors = problem.group.errors if problem.error is None else (problem.error,)
        self._retry(sessions.retryable(errors))

    def _retry(self, vendor_ids: tuple[str, ...]) -> None:
        """Read these records once more; the page follows to the session of that."""
        contents = self.view.contents
        if contents is not None and contents.integration is not None and vendor_ids:
            self._is_retrying = self._runs.start(contents.integration, RunOptions(only=vendor_ids))

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("More actions"))
        menu.addAction(self.tr("Copy as report")).triggered.connect(self._copy_report)
        menu.addAction(self.tr("Export as JSON…")).triggered.connect(self._ask_where_to_save)
        if self.view.contents is not None and self.view.contents.groups:
            left = menu.addAction(self.tr("Export what was left as it was…"))
            left.triggered.connect(self._ask_where_to_export_left)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.more.mapToGlobal(QPoint(0, self.view.more.height())))

    def _copy_report(self) -> None:
        if self.view.contents is not None:
            QApplication.clipboard().setText(report_of(self.view.contents))
            self._frame.toast(self.tr("The report is in the clipboard."), "ok")

    def _ask_where_to_save(self) -> None:
        session, store = self._session, self._services.store
        if session is None or self._export_job is not None:
            return
        name = safe_file_name(f"session {session}", ".json")
        chosen = ask_where_to_save(self, self.tr("Export the session"), self._services.profile.exports / name)
        if chosen is not None:
            self._export_job = self._frame.start_job(
                lambda _tell, stop: save_session(store, session, chosen, stop), self.tr("Export the session")
            )

    def _accept(self, vendor_id: str, note: str) -> None:
        store, session = self._services.store, self._session
        if session is not None:
            self._reading.ask(
                "accept",
                lambda _stop: sessions.accept_conflict(store, session, vendor_id, note),
                lambda _none: self._on_accepted(),
                self._complain,
            )

    def _on_accepted(self) -> None:
        self._frame.toast(self.tr("Accepted: from the next run on it is listed without being counted."), "ok")
        self.refresh()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")

    def _ask_where_to_export(self) -> None:
        self._export("changes of session {0}", self.tr("Export the changes"), export_changes)

    def _ask_where_to_export_left(self) -> None:
        self._export("left as it was by session {0}", self.tr("Export what was left as it was"), export_left)

    def _export(self, name: str, title: str, make: Callable[[Services, int, Path], Work]) -> None:
        session = self._session
        if session is None or self._export_job is not None:
            return
        chosen = ask_where_to_save(self, title, self._services.profile.exports / safe_file_name(name.format(session)))
        if chosen is not None:
            self._export_job = self._frame.start_job(make(self._services, session, chosen), title)


def _line(session: SessionRow) -> Line:
    counts = [int(session.counts.get(name, 0)) for name in _COUNTS]
    seconds = seconds_between(session.started_at, session.finished_at)
    return Line(
        (
            Cell(moment_in_words(session.started_at)),
            Cell(session.integration_name, role="name"),
            Cell(started_by(session) if session.kind == "run" else kind_of_session(session), "muted"),
            Cell(status=status_of_session(session)),
            Cell("" if seconds is None else duration_in_words(seconds), "muted"),
            *(Cell(number(count), "text" if count else "muted", at_right=True) for count in counts),
            Cell(str(session.evidence.get("user", "")), "muted"),
            Cell(str(session.evidence.get("version", "")), "muted"),
            Cell(session.message, "muted"),
        ),
        session.id,
    )
