"""One sync session: how it ended, what speaks for its being complete, what it left alone and what it changed."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.sync.problems import ProblemGroup
from saasdesk.sync.rows import SessionError, SessionRow
from saasdesk.ui.moments import (
    duration_in_words,
    moment_in_words,
    number,
    seconds_between,
)
from saasdesk.ui.pages.activity.contents import Changes, SessionContents, lines_of_changes, lines_of_phases
from saasdesk.ui.pages.activity.problem_list import lines_of_groups, narrowed, open_at_first
from saasdesk.ui.pages.activity.problem_panel import Problem, ProblemPanel
from saasdesk.ui.pages.integrations.session_words import (
    completeness,
    kind_of_session,
    reading,
    started_by,
    status_of_session,
    undo_in_words,
)
from saasdesk.ui.tables.lines import Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton
from saasdesk.ui.widgets.counter import Counter, CounterLink
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.tabs import Tabs

CHANGES, ERRORS, PHASES = "changes", "errors", "phases"
# Where the records are that a number counts: the tab, and the kind of change by which it is filtered.
_LOW = 400
_LISTED = {
    "created": (CHANGES, "create"),
    "updated": (CHANGES, "update"),
    "deactivated": (CHANGES, "deactivate"),
    "reactivated": (CHANGES, "reactivate"),
    "failed": (ERRORS, ""),
}


class SessionView(QWidget):
    """Shows one session; reading its changes and what can be done about it is the page's business."""

    changes_wanted = Signal(str)
    record_wanted = Signal(object)
    raw_wanted = Signal(object)
    retry_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.contents: SessionContents | None = None
        self._groups: tuple[ProblemGroup, ...] = ()
        self._opened: set[int] = set()
        self._build()

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("session-view")
        self.header = PageHeader(theme, "")
        self.state = StatusWord(theme, status("completed"))
        self.header.add_beside(self.state)
        self.plan = OutlinedButton(theme, self.tr("Show the plan"), "eye")
        self.undo = OutlinedButton(theme, self.tr("Undo deactivations…"), "undo")
        self.retry = OutlinedButton(theme, self.tr("Retry failed records"), "retry")
        self.retry.clicked.connect(self._on_retry_clicked)
        self.export = OutlinedButton(theme, self.tr("Export changes…"), "export")
        self.more = IconButton(theme, "more", self.tr("More actions"), outlined=True)
        self.header.add_actions(self.plan, self.retry, self.undo, self.export, self.more)
        self._facts = PlainLabel("", "body", "muted", elided=True)
        self._proof = StatusWord(theme, status("completed"), small=True)
        self._evidence = PlainLabel("", "secondary", "muted", elided=True)
        self._banner = Banner(theme, "info")
        self._counters = Row(theme, gap=32)
        upper = Column(theme, gap=8, margins=(24, 8, 24, 4))
        proof = Row(theme, gap=8)
        proof.addWidget(self._proof)
        proof.addWidget(self._evidence, 1)
        self._outlook = PlainLabel("", "secondary", "muted", elided=True)
        self._told = QWidget()
        told = Column(theme, gap=8)
        told.addWidget(self._facts)
        told.addWidget(self._outlook)
        told.addLayout(proof)
        self._told.setLayout(told)
        for item in (self.header, self._told, self._banner):
            upper.addWidget(item)
        upper.addLayout(self._counters)
        whole = Column(theme, gap=0)
        whole.addLayout(upper)
        whole.addLayout(self._build_bar())
        whole.addWidget(Hairline(theme))
        whole.addWidget(self._build_tables(), 1)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A low window has room for what went wrong and its numbers, or for all that is told of the run.
        self._told.setHidden(self.height() < self._theme.px(_LOW))

    def _build_bar(self) -> Row:
        theme = self._theme
        self.tabs = Tabs(
            theme,
            self.tr("Session"),
            ((CHANGES, self.tr("Changes")), (ERRORS, self.tr("Left as they were")), (PHASES, self.tr("Phases"))),
        )
        self.tabs.currentChanged.connect(self._show_tab)
        self._limit = PlainLabel("", "secondary", "muted", elided=True)
        self.filter = SearchField(theme, self.tr("Filter rows"), 200)
        self.filter.searched.connect(self._show_tab)
        bar = Row(theme, gap=8, margins=(24, 0))
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        for widget in (self._limit, self.filter):
            bar.addWidget(widget)
        return bar

    def _build_tables(self) -> QStackedWidget:
        theme = self._theme
        self.changes = LineTable(
            theme,
            self.tr("Changes"),
            (
                Heading(self.tr("Change"), 112),
                Heading(self.tr("Record"), share=10),
                Heading(self.tr("Kind"), 124),
                Heading(self.tr("Field"), share=8),
                Heading(self.tr("Before"), share=9),
                Heading(self.tr("After"), share=11),
                Heading(self.tr("Reason"), share=9),
            ),
        )
        self.changes.opened.connect(self.record_wanted)
        self.errors = LineTable(
            theme,
            self.tr("Records left as they were"),
            (Heading(self.tr("Record"), share=2), Heading(self.tr("Why"), share=6), Heading(self.tr("State"), 168)),
            keeps_mark=True,
        )
        self.errors.opened.connect(self._open_or_close)
        self.errors.current.connect(self._on_error_chosen)
        self.errors.clicked.connect(self._on_error_clicked)
        self.panel = ProblemPanel(theme)
        self._problems = QWidget()
        beside = Row(theme, gap=0)
        beside.addWidget(self.errors, 1)
        beside.addWidget(Hairline(theme, upright=True))
        beside.addWidget(self.panel)
        self._problems.setLayout(beside)
        self.phases = LineTable(
            theme,
            self.tr("Phases"),
            (
                Heading(self.tr("Phase"), 320),
                Heading(self.tr("Took"), 120, at_right=True),
                Heading(self.tr("Share"), 96, at_right=True),
                Heading("", share=1),
            ),
        )
        self._nothing = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, "")
        self._done = EmptyState(theme, Emptiness.NOTHING_YET, "", icon="check")
        self._stack = QStackedWidget()
        for widget in (self.changes, self._problems, self.phases, self._nothing, self._done):
            self._stack.addWidget(widget)
        return self._stack

    # Showing

    def show_contents(self, contents: SessionContents) -> None:
        """Show this session, and ask for its changes."""
        is_other = self.contents is None or self.contents.session.id != contents.session.id
        self.contents = contents
        session = contents.session
        self.header.title.set_text(self.tr("{0}, session {1}").format(session.integration_name, session.id))
        self.state.set_status(status_of_session(session))
        self._facts.set_text(_facts(session))
        self._outlook.set_text(undo_in_words(contents.undo))
        self._outlook.setVisible(bool(contents.undo.deactivated))
        proof = completeness(session)
        self._proof.setVisible(proof is not None)
        self._evidence.setVisible(proof is not None)
        if proof is not None:
            self._proof.set_status(proof[0])
            # What stands in the banner need not be said twice.
            text = "" if proof[1] == session.message else proof[1]
            opened = session.evidence.get("identity", "")
            whose = self.tr("The key opened {0}.").format(opened) if opened else ""
            self._evidence.set_text(" ".join(part for part in (text, whose) if part))
        self._show_message(contents)
        self._show_counts(session)
        self.plan.setVisible(contents.plan is not None)
        self.undo.setVisible(bool(contents.undo.back) or contents.is_import_to_undo)
        of_import = contents.is_import_to_undo
        self.undo.setText(self.tr("Take the import back…") if of_import else self.tr("Undo deactivations…"))
        self.retry.setVisible(contents.may_retry and bool(contents.retryable))
        count = number(len(contents.retryable))
        one = len(contents.retryable) == 1
        self.retry.setText(
            self.tr("Retry 1 failed record") if one else self.tr("Retry {0} failed records").format(count)
        )
        if is_other:
            self.filter.clear()
            self.changes.show_lines(())
            self._opened = open_at_first(contents.groups)
            # Whoever opens a run with problems has come for the problems.
            self.tabs.set_current(ERRORS if contents.problems else CHANGES)
        self._show_tab()

    def show_changes(self, found: Changes) -> None:
        """Show the changes that were asked for."""
        contents = self.contents
        if contents is None or found.session != contents.session.id:
            return
        self.export.setVisible(bool(found.changes) or bool(self.filter.text()))
        text = self.tr("The first {0} changes; the export has all").format(number(len(found.changes)))
        self._limit.set_text(text if found.has_more else "")
        if self.tabs.current == CHANGES:
            self._show_lines(self.changes, lines_of_changes(contents.words, found.changes), self._why_no_changes())

    def _show_message(self, contents: SessionContents) -> None:
        session = contents.session
        kinds = {0: "ok", 1: "warn", 130: "info"}
        kind = "info" if contents.decision else kinds.get(session.exit_code or 0, "error")
        self._banner.setVisible(bool(session.message))
        self._banner.say(kind, contents.decision, session.message)

    def _show_counts(self, session: SessionRow) -> None:
        clear_layout(self._counters)
        if not session.counts.get("fetched") and session.kind in {"run", "preview", "test"}:
            # Nothing was read: a row of noughts would say less than the message.
            return
        words = (
            ("fetched", self.tr("read")),
            ("created", self.tr("created")),
            ("updated", self.tr("updated")),
            ("unchanged", self.tr("unchanged")),
            ("deactivated", self.tr("deactivated")),
            ("reactivated", self.tr("reactivated")),
            ("skipped", self.tr("skipped")),
            ("filtered", self.tr("filtered")),
            ("failed", self.tr("failed")),
        )
        for name, word in words:
            count = int(session.counts.get(name, 0))
            tab, kind = _LISTED.get(name, ("", ""))
            if count and tab and (tab == ERRORS or session.kind not in {"preview", "test"}):
                link = CounterLink(self._theme, number(count), word)
                link.wanted.connect(partial(self._show_counted, tab, kind))
                self._counters.addWidget(link)
            else:
                self._counters.addWidget(Counter(self._theme, number(count), word, "text" if count else "muted"))
        self._counters.addStretch(1)

    def _show_counted(self, tab: str, kind: str) -> None:
        """List what a number counts."""
        self.filter.setText(kind)
        self.tabs.set_current(tab)
        self._show_tab()

    def _show_tab(self) -> None:
        contents = self.contents
        if contents is None:
            return
        tab = self.tabs.current
        self._limit.setVisible(tab == CHANGES)
        self.filter.setVisible(tab != PHASES)
        if tab == ERRORS:
            groups = narrowed(contents.groups, self.filter.text())
            if groups != self._groups and self.filter.text():
                self._opened = set(range(len(groups)))
            self._groups = groups
            self._show_groups(0)
        elif tab == PHASES:
            self._show_lines(self.phases, lines_of_phases(contents.session), self.tr("Its phases were not noted"))
        else:
            self.changes_wanted.emit(self.filter.text())

    def _show_groups(self, row: int) -> None:
        """Show the causes and the records of those that are open, with the keyboard on one line."""
        contents = self.contents
        if contents is None:
            return
        lines = lines_of_groups(self._groups, self._opened, contents.words)
        self._show_lines(self.errors, lines, self.tr("Every record was taken over"))
        if lines:
            self.errors.setCurrentIndex(self.errors.model_of_lines.index(row, 0))

    def _show_lines(self, table: LineTable, lines: Sequence[Line], nothing: str) -> None:
        table.show_lines(lines)
        self._stack.setCurrentWidget(self._nothing if not lines else self._problems if table is self.errors else table)
        if lines:
            return
        if self.filter.text():
            clear = OutlinedButton(self._theme, self.tr("Clear the filter"))
            clear.clicked.connect(self.filter.clear)
            self._nothing.say(Emptiness.FILTER_HIDES_ALL, self.tr("No line matches"), "", (clear,))
        else:
            self._done.say(Emptiness.NOTHING_YET, nothing)
            self._stack.setCurrentWidget(self._done)

    def _why_no_changes(self) -> str:
        is_preview = self.contents is not None and self.contents.session.kind in {"preview", "test"}
        return self.tr("A preview changes nothing") if is_preview else self.tr("Nothing was changed")

    # What happens

    def _on_error_chosen(self, chosen: object) -> None:
        contents = self.contents
        if contents is None:
            return
        if isinstance(chosen, ProblemGroup):
            self.panel.show_problem(Problem(chosen), contents.words, may_retry=contents.may_retry)
        elif isinstance(chosen, SessionError):
            group = next(group for group in self._groups if chosen in group.errors)
            acceptance = contents.acceptances.get(chosen.vendor_id or "") if chosen.accepted else None
            self.panel.show_problem(Problem(group, chosen, acceptance), contents.words, may_retry=contents.may_retry)
            self.raw_wanted.emit(chosen)

    def _on_error_clicked(self, index: QModelIndex) -> None:
        line = self.errors.model_of_lines.lines[index.row()]
        if line.is_heading:
            self._open_or_close(line.key)

    def _open_or_close(self, key: object) -> None:
        """A heading shows or hides its records; a record leads to what can be done about it."""
        if isinstance(key, ProblemGroup):
            row = self.errors.currentIndex().row()
            self._opened ^= {self._groups.index(key)}
            self._show_groups(row)
        elif isinstance(key, SessionError):
            self.panel.setFocus(Qt.FocusReason.OtherFocusReason)
            self.panel.focusNextChild()

    def _on_retry_clicked(self) -> None:
        if self.contents is not None:
            self.retry_wanted.emit(self.contents.retryable)


def _facts(session: SessionRow) -> str:
    kind = started_by(session) if session.kind == "run" else kind_of_session(session)
    parts = [kind, moment_in_words(session.started_at)]
    seconds = seconds_between(session.started_at, session.finished_at)
    if seconds is not None:
        parts.append(duration_in_words(seconds))
    if session.evidence.get("pages"):
        parts.append(reading(session))
    if session.evidence.get("user"):
        parts.append(QCoreApplication.translate("SessionView", "by {0}").format(session.evidence["user"]))
    if session.evidence.get("version"):
        parts.append(QCoreApplication.translate("SessionView", "saasdesk {0}").format(session.evidence["version"]))
    return " · ".join(parts)
