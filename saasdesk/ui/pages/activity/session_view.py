"""One sync session: how it ended, what speaks for its being complete, what it left alone and what it changed."""

import threading
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store
from saasdesk.sync import rows, sessions
from saasdesk.sync.rows import ChangeRow, SessionError, SessionRow
from saasdesk.ui.pages.integrations.moments import duration_in_words, moment_in_words, number, seconds_between
from saasdesk.ui.pages.integrations.session_words import kind_of_session, status_of_run
from saasdesk.ui.pages.plan.contents import kind_in_words, object_in_words
from saasdesk.ui.pages.plan.lines import Cell, Heading, Line, LineTable
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
_TAGS = {
    "create": ("ok", "plus"),
    "update": ("accent", "edit"),
    "reactivate": ("ok", "undo"),
    "deactivate": ("warn", "minus"),
}


@dataclass(frozen=True, slots=True)
class SessionContents:
    """A session with everything that belongs to it."""

    session: SessionRow
    errors: tuple[SessionError, ...]
    changes: tuple[ChangeRow, ...]
    labels: dict[tuple[str, str], str]
    undoable: int


def read_session(store: Store, number_of_session: int, stop: threading.Event) -> SessionContents:
    """Read a session; raises a UserError when there is none."""
    session = sessions.find_session(store, number_of_session)
    errors = tuple(sessions.errors_of(store, number_of_session))
    changes = () if stop.is_set() else tuple(sessions.changes_of(store, number_of_session))
    with store.reading() as db:
        labels = {
            (kind.value, field.external_id): field.label
            for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.LICENCES, ObjectKind.SAAS_APPLICATIONS)
            for field in list_fields(db, kind)
        }
        undoable = 0 if session.undone_at else len(rows.deactivated_by(db, number_of_session))
    return SessionContents(session, errors, changes, labels, undoable)


class SessionView(QWidget):
    """Shows one session; what can be done about it is the page's business."""

    accept_wanted = Signal(str, str, str)

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
        self.undo = OutlinedButton(theme, self.tr("Undo deactivations…"), "undo")
        self.export = OutlinedButton(theme, self.tr("Export changes…"), "export")
        self.header.add_actions(self.undo, self.export)
        self._facts = PlainLabel("", "body", "muted", elided=True)
        self._banner = Banner(theme, "info")
        self._counters = Row(theme, gap=32)
        self.tabs = Tabs(
            theme, self.tr("Session"), ((CHANGES, self.tr("Changes")), (ERRORS, self.tr("Left as they were")))
        )
        self.tabs.currentChanged.connect(self._show_tab)
        self.filter = SearchField(theme, self.tr("Filter rows"), 200)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(self._show_tab)
        self.filter.textChanged.connect(self._on_typed)
        bar = Row(theme, gap=8, margins=(24, 0))
        bar.addWidget(self.tabs, 1)
        bar.addWidget(self.filter)
        self.changes = LineTable(
            theme,
            self.tr("Changes"),
            (
                Heading(self.tr("Change"), 128),
                Heading(self.tr("Record"), share=4),
                Heading(self.tr("Kind"), 96),
                Heading(self.tr("Field"), share=3),
                Heading(self.tr("Before"), share=3),
                Heading(self.tr("After"), share=4),
                Heading(self.tr("Reason"), share=3),
            ),
        )
        self.errors = LineTable(
            theme,
            self.tr("Records left as they were"),
            (Heading(self.tr("Record"), share=2), Heading(self.tr("Why"), share=6), Heading(self.tr("State"), 128)),
        )
        self.errors.opened.connect(self._on_error_opened)
        self._nothing = EmptyState(theme, Emptiness.NOTHING_YET, "")
        self._stack = QStackedWidget()
        for widget in (self.changes, self.errors, self._nothing):
            self._stack.addWidget(widget)
        upper = Column(theme, gap=8, margins=(24, 8, 24, 4))
        upper.addWidget(self.header)
        upper.addWidget(self._facts)
        upper.addWidget(self._banner)
        upper.addLayout(self._counters)
        whole = Column(theme, gap=8)
        whole.addLayout(upper)
        whole.addLayout(bar)
        whole.addWidget(Hairline(theme))
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)

    def show_contents(self, contents: SessionContents) -> None:
        """Show this session."""
        is_other = self.contents is None or self.contents.session.id != contents.session.id
        self.contents = contents
        session = contents.session
        self.header.title.set_text(self.tr("{0}, session {1}").format(session.integration_name, session.id))
        self.state.set_status(status_of_run(session.status))
        self._facts.set_text(_facts(contents))
        self._show_message(session)
        self._show_counts(session)
        self.undo.setVisible(bool(contents.undoable))
        self.export.setVisible(bool(contents.changes))
        if is_other:
            self.tabs.set_current(ERRORS if contents.errors and not contents.changes else CHANGES)
        self._show_tab()

    def _show_message(self, session: SessionRow) -> None:
        kinds = {0: "ok", 1: "warn", 130: "info"}
        self._banner.setVisible(bool(session.message))
        self._banner.say(kinds.get(session.exit_code or 0, "error"), session.message)

    def _show_counts(self, session: SessionRow) -> None:
        clear_layout(self._counters)
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

    def _on_typed(self) -> None:
        self._pause.start()

    def _show_tab(self) -> None:
        contents = self.contents
        if contents is None:
            return
        words = self.filter.text().casefold().split()
        if self.tabs.current == ERRORS:
            lines = [_error_line(error) for error in contents.errors]
            table = self.errors
            nothing = self.tr("Every record was taken over")
        else:
            lines = _change_lines(contents)
            table = self.changes
            nothing = self.tr("Nothing was changed")
        shown = [line for line in lines if _matches(line, words)]
        table.show_lines(shown)
        self._stack.setCurrentWidget(table if shown else self._nothing)
        if not shown and lines:
            self._nothing.say(Emptiness.FILTER_HIDES_ALL, self.tr("0 of {0} match").format(number(len(lines))))
        elif not shown:
            self._nothing.say(Emptiness.NOTHING_YET, nothing)

    def _on_error_opened(self, error: object) -> None:
        if isinstance(error, SessionError) and error.vendor_id and not error.accepted:
            self.accept_wanted.emit(error.vendor_id, error.record, error.message)


def _facts(contents: SessionContents) -> str:
    session = contents.session
    parts = [kind_of_session(session), moment_in_words(session.started_at)]
    seconds = seconds_between(session.started_at, session.finished_at)
    if seconds is not None:
        parts.append(duration_in_words(seconds))
    evidence = session.evidence
    if evidence.get("pages"):
        parts.append(f"{number(int(evidence['pages']))} pages")
        complete = evidence.get("stated_end") and not evidence.get("unproven_because")
        parts.append("the vendor stated the end of its list" if complete else "not proven complete")
    if evidence.get("identity"):
        parts.append(str(evidence["identity"]))
    if session.undone_at:
        parts.append(f"deactivations undone {moment_in_words(session.undone_at)}")
    return " · ".join(parts)


def _matches(line: Line, words: list[str]) -> bool:
    text = " ".join(cell.words for cell in line.cells).casefold()
    return all(word in text for word in words)


def _change_lines(contents: SessionContents) -> list[Line]:
    made: list[Line] = []
    last: tuple[str, int, str] | None = None
    for change in contents.changes:
        here = (change.object, change.record, change.kind)
        is_first, last = here != last, here
        tag, icon = _TAGS.get(change.kind, ("neutral", "edit"))
        label = contents.labels.get((change.object, change.field), change.field)
        before, after = change.before, change.after
        if change.kind in {"deactivate", "reactivate"} and not change.field:
            label = "Status"
            before, after = ("active", "deactivated") if change.kind == "deactivate" else ("deactivated", "active")
        made.append(
            Line(
                (
                    Cell(kind_in_words(change.kind), tag=tag, icon=icon) if is_first else Cell(),
                    Cell(change.label, role="strong", has_monogram=bool(change.label)) if is_first else Cell(),
                    Cell(object_in_words(change.object), "muted") if is_first else Cell(),
                    Cell(label),
                    Cell("" if before is None else str(before), "muted"),
                    Cell("(empty)" if after is None and change.kind == "update" else str(after or ""), role="strong"),
                    Cell(change.reason if is_first else "", "muted"),
                ),
                change,
            )
        )
    return made


def _error_line(error: SessionError) -> Line:
    state = status("approved", "Accepted") if error.accepted else status("review", "Open to accept")
    if error.vendor_id is None:
        state = status("errors", "Reported")
    return Line((Cell(error.record, role="strong", has_monogram=True), Cell(error.message), Cell(status=state)), error)
