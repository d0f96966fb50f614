"""What a workflow did: a line for each record that went through, and below it what happened to that record."""

import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from saasdesk.definitions import write_json
from saasdesk.fields import ObjectKind
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.moments import counted, duration_in_words, moment_in_words, seconds_between
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.plan.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.pages.workflows.editor.trace import TraceView
from saasdesk.ui.pages.workflows.words import event_in_words, state_of_run, verified_word
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.workflows import history, open_calls
from saasdesk.workflows.history import Passage
from saasdesk.workflows.workflow import Workflow

_MOST = 500
_PAGES = {ObjectKind.PEOPLE.value: "person", ObjectKind.ASSETS.value: "hardware"}


class RunsView(QWidget):
    """`trace_wanted` says which run the canvas is to show over its blocks."""

    trace_wanted = Signal(object)
    changed = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._workflow: Workflow | None = None
        self._passages: dict[int, Passage] = {}
        self._build()

    def show_workflow(self, workflow: Workflow) -> None:
        """Read what this workflow did."""
        self._workflow = workflow
        store = self._services.store
        self._reading.ask(
            "runs", lambda _stop: history.latest_runs(store, workflow, _MOST), self._show, self._show_failure
        )

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
        self.trace_button = OutlinedButton(theme, self.tr("Show on the canvas"), "eye")
        self.trace_button.clicked.connect(self._on_trace_wanted)
        self.record_button = OutlinedButton(theme, self.tr("Open the record"), "person")
        self.record_button.clicked.connect(self._open_record)
        self.export_button = OutlinedButton(theme, self.tr("Export…"), "export")
        self.export_button.clicked.connect(self._ask_where_to_export)
        tools = Row(theme, gap=8, margins=(24, 12, 24, 8))
        tools.addWidget(self.filter)
        tools.addWidget(self._count)
        tools.addStretch(1)
        for button in (self.trace_button, self.record_button, self.export_button):
            tools.addWidget(button)
        self.table = LineTable(
            theme,
            self.tr("Runs"),
            (
                Heading(self.tr("Started"), 128),
                Heading(self.tr("Record"), share=5),
                Heading(self.tr("Begun by"), 148),
                Heading(self.tr("State"), 132),
                Heading(self.tr("Read back"), 124),
                Heading(self.tr("Took"), 88, from_width=1000),
                Heading(self.tr("Version"), 72, at_right=True, from_width=1000),
                Heading(self.tr("What happened"), share=9),
            ),
            keeps_mark=True,
        )
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.trace = TraceView(theme)
        self.trace.decided.connect(self._decide)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.trace)
        self._nothing = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No runs yet"),
            self.tr("Every record that goes through leaves a run here: its steps, its calls, and what was read back."),
            icon="activity",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        self._stack.addWidget(self._nothing)
        column = Column(theme, gap=0)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    # Showing

    def _show(self, found: list[Passage]) -> None:
        self._passages = {passage.run.id: passage for passage in found}
        self._show_lines()

    def _show_failure(self, sentence: str) -> None:
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence)
        self._stack.setCurrentWidget(self._nothing)

    def _show_lines(self) -> None:
        words = self.filter.text().casefold().split()
        shown = [each for each in self._passages.values() if all(word in _said(each) for word in words)]
        current = self.table.current_key
        self.table.show_lines([_line(passage) for passage in shown])
        self._count.set_text(counted(len(shown), self.tr("{0} run"), self.tr("{0} runs")))
        self._stack.setCurrentIndex(0 if shown else 1)
        for button in (self.trace_button, self.record_button, self.export_button):
            button.setEnabled(bool(shown))
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
        if passage is None:
            self.trace.show_nothing()
        else:
            self.trace.show_passage(passage)

    # What happens

    def _on_opened(self, _key: object) -> None:
        self.trace.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_trace_wanted(self) -> None:
        if self.current is not None:
            self.trace_wanted.emit(self.current)

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
            if self._workflow is not None:
                self.show_workflow(self._workflow)
            self.changed.emit()

        self._reading.ask(
            "decide",
            lambda _stop: open_calls.decide(store, action, was_carried_out=was_carried_out),
            decided,
            self._complain,
        )

    def _ask_where_to_export(self) -> None:
        workflow = self._workflow
        if workflow is None:
            return
        name = safe_file_name(f"runs of {workflow.name}", ".json")
        suggested = str(self._services.profile.exports / name)
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export the runs"), suggested, "JSON (*.json)")
        if chosen:
            self.export_to(Path(chosen))

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
    return " ".join((run.label, state_of_run(run.state).word, event_in_words(run.event), passage.in_words)).casefold()


def _line(passage: Passage) -> Line:
    run = passage.run
    seconds = seconds_between(run.started_at, run.finished_at)
    verified = next((step.verified for step in reversed(passage.steps) if step.verified), "")
    return Line(
        (
            Cell(moment_in_words(run.started_at)),
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
