"""What a workflow did: a line for each record that went through, and below it what happened to that record."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.definitions import write_json
from saasdesk.fields import ObjectKind
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.ui.moments import counted, duration_in_words, moment_in_words, seconds_between
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.workflows.plan.contents import Again
from saasdesk.ui.pages.workflows.trace import TraceView
from saasdesk.ui.pages.workflows.words import event_in_words, state_of_run, verified_word
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.chip import Chip
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.list_and_details import ListAndDetails
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.save_dialog import ask_where_to_save
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.workflows import history, open_calls, workflows
from saasdesk.workflows.certificate import certificate_of, write_csv, write_html
from saasdesk.workflows.history import Passage
from saasdesk.workflows.workflow import Workflow

_MOST = 500
_RETRYABLE = frozenset({"failed", "cancelled", "interrupted"})
_PAGES = {ObjectKind.PEOPLE.value: "person", ObjectKind.ASSETS.value: "asset"}


class RunsView(QWidget):
    """Of one workflow, of one record, or of all; `trace_wanted` says which run a canvas is to show over its blocks."""

    trace_wanted = Signal(object)
    changed = Signal()
    widened = Signal()

    def __init__(
        self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, *, beside_canvas: bool = False
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._beside_canvas = beside_canvas
        self._read: Callable[[], list[Passage]] | None = None
        self._passages: dict[int, Passage] = {}
        self._build()

    def show_workflow(self, workflow: Workflow) -> None:
        """Read what this workflow did."""
        store = self._services.store
        self._show_what(lambda: history.latest_runs(store, workflow, _MOST))

    def show_record(self, kind: ObjectKind, record: int, *, may_widen: bool = False) -> None:
        """Read what workflows did with this record; with `may_widen` a press shows that of all others too."""
        store = self._services.store
        self.only.setVisible(may_widen)
        self._show_what(lambda: history.runs_of_record(store, kind, record, _MOST))

    def show_all(self) -> None:
        """Read what all workflows did."""
        store = self._services.store
        self.only.hide()
        self._show_what(lambda: history.latest_runs(store, None, _MOST))

    def _show_what(self, read: Callable[[], list[Passage]]) -> None:
        self._read = read
        self.refresh()

    def refresh(self) -> None:
        """Read again what is shown."""
        read = self._read
        if read is not None:
            self._reading.ask("runs", lambda _stop: read(), self._show, self._stack.show_failure)

    @property
    def current(self) -> Passage | None:
        """The run that is looked at."""
        key = self.table.current_key
        return self._passages.get(key) if isinstance(key, int) else None

    def _build(self) -> None:
        theme = self._theme
        self.filter = SearchField(theme, self.tr("Filter runs"), 200)
        self.filter.searched.connect(self._show_lines)
        self._count = PlainLabel("", "body", "muted", digits=True)
        words = self.tr("Show on the canvas") if self._beside_canvas else self.tr("Open the workflow")
        self.trace_button = OutlinedButton(theme, words, "eye" if self._beside_canvas else "workflows")
        self.trace_button.clicked.connect(self._on_trace_wanted)
        self.record_button = OutlinedButton(theme, self.tr("Open the record"), "person")
        self.record_button.clicked.connect(self._open_record)
        self.retry_button = OutlinedButton(theme, self.tr("Try again…"), "retry")
        self.retry_button.setMenu(self._build_retries())
        self.export_button = OutlinedButton(theme, self.tr("Export…"), "export")
        self.export_button.setMenu(self._build_exports())
        self.only = Chip(theme, self.tr("This record only"))
        for signal in (self.only.removed, self.only.clicked):
            signal.connect(self._on_widened)
        flow = Flow(theme)
        buttons = (self.trace_button, self.record_button, self.retry_button, self.export_button)
        parts = (self.filter, self.only, self._count, *buttons)
        for place, part in enumerate(parts):
            flow.insert(place, part)
        self.only.hide()
        tools = Row(theme, margins=(24, 12, 24, 8))
        tools.addWidget(flow)
        self.table = LineTable(
            theme,
            self.tr("Runs"),
            (
                Heading(self.tr("Started"), 128),
                *([] if self._beside_canvas else [Heading(self.tr("Workflow"), share=6)]),
                Heading(self.tr("Record"), share=7),
                Heading(self.tr("Begun by"), 124),
                Heading(self.tr("State"), 120),
                Heading(self.tr("Read back"), 104),
                Heading(self.tr("Took"), 88, from_width=1200),
                Heading(self.tr("Version"), 72, at_right=True, from_width=1200),
                Heading(self.tr("What happened"), share=9),
            ),
            keeps_mark=True,
        )
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.trace = TraceView(theme)
        self.trace.decided.connect(self._decide)
        self._nothing = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No runs yet"),
            self.tr("Every record that goes through leaves a run here: its steps, its calls, and what was read back."),
            icon="activity",
        )
        self._stack = ListAndDetails(self.table, self.trace, self._nothing, (theme.px(280), theme.px(320)))
        column = Column(theme, gap=0)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    def _build_retries(self) -> QMenu:
        """From where a record is sent again, and in which version; its plan comes first."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Try again"))
        for words, from_start, current in (
            (self.tr("From where it failed"), False, False),
            (self.tr("From the start"), True, False),
            (self.tr("From where it failed, in the version of now"), False, True),
            (self.tr("From the start, in the version of now"), True, True),
        ):
            menu.addAction(words).triggered.connect(partial(self._try_again, from_start, current))
        return menu

    def _build_exports(self) -> QMenu:
        """The chosen run as a sheet to keep, or everything that is listed."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Export"))
        page, table = self.tr("Certificate of this run as a page…"), self.tr("Certificate of this run as a table…")
        menu.addAction(page).triggered.connect(partial(self._ask_for_certificate, ".html"))
        menu.addAction(table).triggered.connect(partial(self._ask_for_certificate, ".csv"))
        menu.addSeparator()
        menu.addAction(self.tr("All runs as JSON…")).triggered.connect(self._ask_where_to_export)
        return menu

    def _ask_for_certificate(self, ending: str, _checked: bool = False) -> None:
        passage = self.current
        if passage is None:
            return
        name = safe_file_name(f"certificate {passage.run.label}", ending)
        chosen = ask_where_to_save(self, self.tr("Certificate"), self._services.profile.exports / name)
        if chosen is not None:
            self.save_certificate(chosen, passage.run.id)

    def save_certificate(self, file: Path, run: int) -> None:
        """Save what became of the record of this run: a table if the file is called .csv, else a page."""
        store = self._services.store

        def work(stop: threading.Event) -> None:
            found = certificate_of(store, run)
            if file.suffix == ".csv":
                write_csv(found, file, stop)
            else:
                write_html(found, file)

        done = self.tr("Saved as {0}.").format(file.name)
        self._reading.ask("certificate", work, lambda _none: self._frame.toast(done, "ok"), self._complain)

    def _try_again(self, from_start: bool, current_version: bool, _checked: bool = False) -> None:
        passage = self.current
        if passage is not None:
            again = Again(passage.run.id, from_start=from_start, current_version=current_version)
            self._frame.navigate("workflow_plan", again)

    def _on_widened(self) -> None:
        self.widened.emit()

    # Showing

    def _show(self, found: list[Passage]) -> None:
        self._passages = {passage.run.id: passage for passage in found}
        self._show_lines()

    def _show_lines(self) -> None:
        words = self.filter.text().casefold().split()
        shown = [each for each in self._passages.values() if all(word in _said(each) for word in words)]
        current = self.table.current_key
        self.table.show_lines([_line(passage, with_workflow=not self._beside_canvas) for passage in shown])
        self._count.set_text(counted(len(shown), self.tr("{0} run"), self.tr("{0} runs")))
        self._stack.show_list(is_empty=not shown)
        for button in (self.trace_button, self.record_button, self.export_button):
            button.setEnabled(bool(shown))
        if not shown:
            # Of what there is, the current line says whether it can be tried again.
            self.retry_button.setEnabled(False)
        if shown:
            kept = next((row for row, each in enumerate(shown) if each.run.id == current), 0)
            self.table.setCurrentIndex(self.table.model_of_lines.index(kept, 0))
        elif self._passages:
            clear = OutlinedButton(self._theme, self.tr("Clear the filter"))
            clear.clicked.connect(self.filter.clear)
            clear.clicked.connect(self._show_lines)
            self._nothing.say(Emptiness.FILTER_HIDES_ALL, self.tr("No run matches"), "", (clear,))

    def _on_current(self, key: object) -> None:
        passage = self._passages.get(key) if isinstance(key, int) else None
        self.retry_button.setEnabled(passage is not None and passage.run.state in _RETRYABLE)
        if passage is None:
            self.trace.show_nothing()
        else:
            self.trace.show_passage(passage)

    # What happens

    def _on_opened(self, _key: object) -> None:
        self.trace.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_trace_wanted(self) -> None:
        passage = self.current
        if passage is None:
            return
        if self._beside_canvas:
            self.trace_wanted.emit(passage)
            return
        store, name = self._services.store, passage.run.workflow
        self._reading.ask(
            "workflow",
            lambda _stop: workflows.find_workflow(store, name),
            lambda found: self._frame.navigate("workflow", (found.id, "runs")),
            self._complain,
        )

    def _open_record(self) -> None:
        passage = self.current
        if passage is None:
            return
        page = _PAGES.get(passage.run.object)
        if page is not None:
            self._frame.navigate(page, passage.run.record)
            return
        store, record = self._services.store, passage.run.record

        def go(application: int | None) -> None:
            if application is None:
                self._frame.toast(self.tr("This SaaS user is not here any more."), "warn")
            else:
                self._frame.navigate("software", (application, "users", record))

        self._reading.ask("record", lambda _stop: history.application_of(store, record), go, self._complain)

    def _decide(self, action: int, was_carried_out: bool) -> None:
        store = self._services.store

        def decided(_none: None) -> None:
            self._frame.toast(self.tr("Noted. The call is not open any more."), "ok")
            self.refresh()
            self.changed.emit()

        self._reading.ask(
            "decide",
            lambda _stop: open_calls.decide(store, action, was_carried_out=was_carried_out),
            decided,
            self._complain,
        )

    def _ask_where_to_export(self, _checked: bool = False) -> None:
        suggested = self._services.profile.exports / safe_file_name("workflow runs", ".json")
        chosen = ask_where_to_save(self, self.tr("Export the runs"), suggested)
        if chosen is not None:
            self.export_to(chosen)

    def export_to(self, file: Path) -> None:
        """Save all runs that were read as this file."""
        passages = list(self._passages.values())

        def work(_stop: threading.Event) -> None:
            write_json(file, [history.as_json(each) for each in passages])

        done = self.tr("Saved as {0}.").format(file.name)
        self._reading.ask("export", work, lambda _none: self._frame.toast(done, "ok"), self._complain)

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")


def _said(passage: Passage) -> str:
    run = passage.run
    return " ".join(
        (run.workflow, run.label, state_of_run(run.state).word, event_in_words(run.event), passage.in_words)
    ).casefold()


def _line(passage: Passage, *, with_workflow: bool) -> Line:
    run = passage.run
    seconds = seconds_between(run.started_at, run.finished_at)
    verified = next((step.verified for step in reversed(passage.steps) if step.verified), "")
    return Line(
        (
            Cell(moment_in_words(run.started_at)),
            *([Cell(run.workflow)] if with_workflow else []),
            Cell(run.label, role="name"),
            Cell(event_in_words(run.event), "muted"),
            Cell(status=state_of_run(run.state)),
            Cell(verified_word(verified) if verified else "—", "text" if verified else "muted"),
            Cell("" if seconds is None else duration_in_words(seconds), "muted"),
            Cell(str(run.version), "muted", at_right=True),
            Cell(run.message or _way(passage), "muted"),
        ),
        run.id,
    )


def _way(passage: Passage) -> str:
    return " → ".join(step.title for step in passage.steps) or QCoreApplication.translate("Runs", "Nothing yet")
