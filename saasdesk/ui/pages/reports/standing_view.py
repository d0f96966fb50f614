"""A report with its standing: when it runs by itself, how it differs from its latest run, and what was run before."""

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.runs import RunRow
from saasdesk.reports.runs.difference import Difference, difference_now
from saasdesk.reports.runs.due import next_run
from saasdesk.reports.runs.running import list_runs
from saasdesk.reports.runs.words import differs_in_words
from saasdesk.store import Store
from saasdesk.ui.moments import moment_within
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.reports.difference_view import DifferenceView
from saasdesk.ui.pages.reports.report_view import ReportView
from saasdesk.ui.pages.reports.runs_view import ReportRunsView
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.tables.times import exact_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.tabs import Tabs

LINES, DIFFERENCES, RUNS = "lines", "differences", "runs"
# More lines are compared when somebody asks for the differences, not each time that the report is looked at.
_COMPARED_AT_ONCE = 20_000

_Compared = tuple[Difference | None, Sequence[ListColumn]]


class StandingView(ReportView):
    """`schedule_wanted` says that somebody wants to decide when the report runs."""

    schedule_wanted = Signal()

    def __init__(
        self,
        store: Store,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__(store, frame, theme, readers, memory, export)
        self._runs: Sequence[RunRow] = ()
        self._difference: Difference | None = None
        self._is_compared = False
        self.standing = PlainLabel("", "secondary", "muted", elided=True)
        self.schedule = LinkButton(theme, self.tr("Schedule…"))
        self.schedule.clicked.connect(self.schedule_wanted)
        self.since = LinkButton(theme, "", "history", inline=True)
        self.since.clicked.connect(lambda: self.show_tab(DIFFERENCES))
        row = Row(theme, gap=8)
        row.addWidget(IconLabel(theme, "clock", "muted", size=14))
        row.addWidget(self.standing)
        row.addWidget(self.schedule)
        row.addStretch(1)
        since = Row(theme, gap=0)
        since.addWidget(self.since)
        since.addStretch(1)
        names = ((LINES, self.tr("Lines")), (DIFFERENCES, self.tr("Differences")), (RUNS, self.tr("Runs")))
        self.tabs = Tabs(theme, self.tr("Parts of the report"), names)
        self.tabs.chosen.connect(self._on_tab)
        self.top.addLayout(row)
        self.top.addLayout(since)
        self.top.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self.differences = DifferenceView(frame, theme, readers, memory, export)
        self.differences.opened.connect(self._open_record)
        self.runs = ReportRunsView(frame, theme, readers, memory)
        self._lines: Column = Column(theme, gap=0)
        lines = QWidget()
        lines.setLayout(self._lines)
        self._views = QStackedWidget()
        for view in (lines, self.differences, self.runs):
            self._views.addWidget(view)
        self._column.addWidget(self._views, 1)
        if store.moment:
            # These are told of the present only; the sentence in their place says so.
            for widget in (self.schedule, self.since, self.tabs):
                widget.hide()

    def show_tab(self, tab: str) -> None:
        """Show this part of the report."""
        self.tabs.set_current(tab)
        self._on_tab(tab)

    def ask_to_export(self) -> None:
        """Open the export dialog on the lines, or on the differences where those are shown."""
        if self.tabs.current == DIFFERENCES:
            self.differences.ask_to_export()
        else:
            super().ask_to_export()

    def show_report(self, document: ReportDocument) -> None:
        is_other = self.document is None or self.document.name != document.name
        if is_other:
            self._runs, self._difference = (), None
            self.since.hide()
            self.runs.show_runs(())
            self.show_tab(LINES)
        self._is_compared = False
        super().show_report(document)
        self._show_standing(document)
        self._read_runs(document)

    def refresh(self) -> None:
        super().refresh()
        if self.document is not None:
            self._is_compared = False
            self._read_runs(self.document)

    # Where it goes, and when

    def _show_standing(self, document: ReportDocument) -> None:
        delivery = document.delivery
        if self._store.moment:
            words = self.tr("As of {0}; its schedule, its runs and their differences belong to the present.")
            self.standing.set_text(words.format(exact_time(self._store.now().astimezone())))
            return
        if document.schedule is None or delivery is None:
            self.standing.set_text(self.tr("Runs when somebody asks"))
            return
        places = [*([delivery.folder] if delivery.folder else []), *delivery.contacts]
        due = next_run(document)
        when = self.tr("next {0}").format(moment_within(due)) if due is not None else self.tr("paused")
        self.standing.set_text(f"{document.schedule.in_words()} · {when} · {', '.join(places)}")

    # What was run

    def _read_runs(self, document: ReportDocument) -> None:
        store = self._store
        if store.moment:
            return
        self._reading.ask("runs", lambda _stop: list_runs(store, document.name), self._show_runs, self._complain)

    def _show_runs(self, runs: Sequence[RunRow]) -> None:
        self._runs = runs
        self.runs.show_runs(runs)
        kept = next((run for run in runs if run.kept), None)
        self.since.setVisible(kept is not None)
        if kept is None:
            self.differences.show_difference(None, ())
            return
        self.since.setText(self.tr("Compare with the run of {0}").format(moment_within(kept.began_at)))
        if kept.lines <= _COMPARED_AT_ONCE or self.tabs.current == DIFFERENCES:
            self._compare()

    # What differs

    def _compare(self) -> None:
        document, store = self.document, self._store
        if document is None or self._is_compared:
            return
        self._is_compared = True

        def work(stop: threading.Event) -> _Compared:
            return difference_now(store, document, stop), ReportLines(store, document).columns()

        self._reading.ask("difference", work, self._show_difference, self.differences.show_failure)

    def _show_difference(self, found: _Compared) -> None:
        difference, columns = found
        self._difference = difference
        groups = self.document.group_by if self.document is not None else ()
        self.differences.show_difference(difference, columns, groups)
        self.since.setVisible(difference is not None)
        if difference is not None:
            told = differs_in_words(difference.added, difference.removed, difference.changed)
            when = moment_within(difference.since.began_at)
            self.since.setText(self.tr("Since the run of {0}: {1}").format(when, told))

    def _on_tab(self, tab: str) -> None:
        self._views.setCurrentIndex((LINES, DIFFERENCES, RUNS).index(tab))
        if tab == DIFFERENCES and self._runs:
            self._compare()
