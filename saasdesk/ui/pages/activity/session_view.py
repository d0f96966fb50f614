"""One sync session: how it ended, what speaks for its being complete, what it left alone and what it changed."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.sync.rows import SessionError, SessionRow
from saasdesk.ui.pages.activity.contents import (
    Changes,
    SessionContents,
    lines_of_changes,
    lines_of_errors,
    may_accept,
)
from saasdesk.ui.pages.integrations.moments import (
    duration_in_words,
    moment_in_words,
    moment_within,
    number,
    seconds_between,
)
from saasdesk.ui.pages.integrations.session_words import (
    completeness,
    kind_of_session,
    reading,
    started_by,
    status_of_run,
)
from saasdesk.ui.pages.plan.lines import Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.counter import Counter
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.tabs import Tabs

CHANGES, ERRORS = "changes", "errors"


class SessionView(QWidget):
    """Shows one session; reading its changes and what can be done about it is the page's business."""

    accept_wanted = Signal(str, str, str)
    changes_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.contents: SessionContents | None = None
        self._build()

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("session-view")
        self.header = PageHeader(theme, "")
        self.state = StatusWord(theme, status("completed"))
        self.header.add_beside(self.state)
        self.plan = OutlinedButton(theme, self.tr("Show the plan"), "eye")
        self.undo = OutlinedButton(theme, self.tr("Undo deactivations…"), "undo")
        self.export = OutlinedButton(theme, self.tr("Export changes…"), "export")
        self.header.add_actions(self.plan, self.undo, self.export)
        self._facts = PlainLabel("", "body", "muted", elided=True)
        self._proof = StatusWord(theme, status("completed"), small=True)
        self._evidence = PlainLabel("", "secondary", "muted", elided=True)
        self._banner = Banner(theme, "info")
        self._counters = Row(theme, gap=32)
        upper = Column(theme, gap=8, margins=(24, 8, 24, 4))
        proof = Row(theme, gap=8)
        proof.addWidget(self._proof)
        proof.addWidget(self._evidence, 1)
        for item in (self.header, self._facts):
            upper.addWidget(item)
        upper.addLayout(proof)
        upper.addWidget(self._banner)
        upper.addLayout(self._counters)
        whole = Column(theme, gap=0)
        whole.addLayout(upper)
        whole.addLayout(self._build_bar())
        whole.addWidget(Hairline(theme))
        whole.addWidget(self._build_tables(), 1)
        self.setLayout(whole)

    def _build_bar(self) -> Row:
        theme = self._theme
        self.tabs = Tabs(
            theme, self.tr("Session"), ((CHANGES, self.tr("Changes")), (ERRORS, self.tr("Left as they were")))
        )
        self.tabs.currentChanged.connect(self._show_tab)
        self._limit = PlainLabel("", "secondary", "muted", elided=True)
        self.accept = OutlinedButton(theme, self.tr("Accept conflict…"), "approve")
        self.accept.clicked.connect(self._on_accept_clicked)
        self.filter = SearchField(theme, self.tr("Filter rows"), 200)
        self.filter.searched.connect(self._show_tab)
        bar = Row(theme, gap=8, margins=(24, 0))
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        for widget in (self._limit, self.accept, self.filter):
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
        self.errors = LineTable(
            theme,
            self.tr("Records left as they were"),
            (Heading(self.tr("Record"), share=2), Heading(self.tr("Why"), share=6), Heading(self.tr("State"), 168)),
        )
        self.errors.opened.connect(self._ask_to_accept)
        self.errors.current.connect(self._on_error_chosen)
        self._nothing = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, "")
        self._done = EmptyState(theme, Emptiness.NOTHING_YET, "", icon="check")
        self._stack = QStackedWidget()
        for widget in (self.changes, self.errors, self._nothing, self._done):
            self._stack.addWidget(widget)
        return self._stack

    # Showing

    def show_contents(self, contents: SessionContents) -> None:
        """Show this session, and ask for its changes."""
        is_other = self.contents is None or self.contents.session.id != contents.session.id
        self.contents = contents
        session = contents.session
        self.header.title.set_text(self.tr("{0}, session {1}").format(session.integration_name, session.id))
        self.state.set_status(status_of_run(session.status))
        self._facts.set_text(_facts(session))
        proof = completeness(session)
        self._proof.setVisible(proof is not None)
        self._evidence.setVisible(proof is not None)
        if proof is not None:
            self._proof.set_status(proof[0])
            # What stands in the banner need not be said twice.
            text = "" if proof[1] == session.message else proof[1]
            self._evidence.set_text(" ".join(part for part in (text, session.evidence.get("identity", "")) if part))
        self._show_message(session)
        self._show_counts(session)
        self.plan.setVisible(contents.plan is not None)
        self.undo.setVisible(bool(contents.undoable))
        if is_other:
            self.filter.clear()
            self.changes.show_lines(())
            # Whoever opens a run with problems has come for the problems.
            self.tabs.set_current(ERRORS if contents.errors else CHANGES)
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

    def _show_message(self, session: SessionRow) -> None:
        kinds = {0: "ok", 1: "warn", 130: "info"}
        self._banner.setVisible(bool(session.message))
        self._banner.say(kinds.get(session.exit_code or 0, "error"), "", session.message)

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
            self._counters.addWidget(Counter(self._theme, number(count), word, "text" if count else "muted"))
        self._counters.addStretch(1)

    def _show_tab(self) -> None:
        contents = self.contents
        if contents is None:
            return
        is_errors = self.tabs.current == ERRORS
        self.accept.setVisible(is_errors and any(may_accept(error) for error in contents.errors))
        self._limit.setVisible(not is_errors)
        if is_errors:
            lines = lines_of_errors(contents.errors, self.filter.text())
            self._show_lines(self.errors, lines, self.tr("Every record was taken over"))
            self._on_error_chosen(self.errors.current_key)
        else:
            self.changes_wanted.emit(self.filter.text())

    def _show_lines(self, table: LineTable, lines: Sequence[Line], nothing: str) -> None:
        table.show_lines(lines)
        self._stack.setCurrentWidget(table if lines else self._nothing)
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

    def _on_error_chosen(self, error: object) -> None:
        self.accept.setEnabled(isinstance(error, SessionError) and may_accept(error))

    def _on_accept_clicked(self) -> None:
        self._ask_to_accept(self.errors.current_key)

    def _ask_to_accept(self, error: object) -> None:
        if isinstance(error, SessionError) and error.vendor_id and may_accept(error):
            self.accept_wanted.emit(error.vendor_id, error.record, error.message)


def _facts(session: SessionRow) -> str:
    kind = started_by(session) if session.kind == "run" else kind_of_session(session)
    parts = [kind, moment_in_words(session.started_at)]
    seconds = seconds_between(session.started_at, session.finished_at)
    if seconds is not None:
        parts.append(duration_in_words(seconds))
    if session.evidence.get("pages"):
        parts.append(reading(session))
    if session.undone_at:
        undone = moment_within(session.undone_at)
        parts.append(QCoreApplication.translate("SessionView", "deactivations undone {0}").format(undone))
    return " · ".join(parts)
