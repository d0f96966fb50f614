"""The questions that workflows ask people: each is approved or rejected here, and the record goes on."""

import threading
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Tell
from saasdesk.services import Services
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import open_record
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.chip import ToggleChip
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.list_and_details import ListAndDetails
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import Status, status
from saasdesk.workflows.waiting import approvals
from saasdesk.workflows.waiting.resuming import resume_waiting
from saasdesk.workflows.waiting.rows import ApprovalRow

APPROVE, REJECT = "approve", "reject"
_LONGEST_NOTE = 1_000


class ApprovalsView(QWidget):
    """The questions above, below them the chosen one with its answer; `counted` says how many are open.

    Enter goes on to the answer, and from a question that has one to the record.
    """

    counted = Signal(int)

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._known: dict[int, ApprovalRow] = {}
        self._build()

    def refresh(self) -> None:
        """Read the questions again."""
        store, everything = self._services.store, self.answered.isChecked()
        self._reading.ask(
            "approvals",
            lambda _stop: approvals.list_approvals(store, only_open=not everything),
            self._show,
            self._stack.show_failure,
        )

    @property
    def current(self) -> ApprovalRow | None:
        """The question that is looked at."""
        key = self.table.current_key
        return self._known.get(key) if isinstance(key, int) else None

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.answered = ToggleChip(theme, self.tr("Answered ones too"))
        self.answered.toggled.connect(self.refresh)
        tools = Row(theme, gap=8, margins=(24, 12, 24, 8))
        tools.addWidget(self.answered)
        tools.addStretch(1)
        self.table = LineTable(
            theme,
            self.tr("Approvals"),
            (
                Heading(self.tr("Asked"), 128),
                Heading(self.tr("Question"), share=7),
                Heading(self.tr("Record"), share=5),
                Heading(self.tr("Workflow"), share=6),
                Heading(self.tr("State"), 140),
                Heading(self.tr("Until"), 128),
            ),
            keeps_mark=True,
        )
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self._nothing = EmptyState(theme, Emptiness.NOTHING_YET, "", "", icon="approve")
        self._stack = ListAndDetails(self.table, self._build_answer(), self._nothing, (theme.px(320), theme.px(220)))
        column = Column(theme, gap=0)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    def _build_answer(self) -> QWidget:
        theme = self._theme
        self._subject = PlainLabel("", "card-title", elided=True)
        self._about = PlainLabel("", "secondary", "muted", elided=True)
        self._message = Paragraph(theme)
        self._said = Paragraph(theme, tone="muted")
        self.note = QLineEdit()
        self.note.setMaxLength(_LONGEST_NOTE)
        self.note.setPlaceholderText(self.tr("Why, for the history"))
        self._note_label = PlainLabel(self.tr("Note"), "heading")
        self._note_label.setBuddy(self.note)
        self.approve = PrimaryButton(theme, self.tr("Approve"), "approve")
        self.approve.clicked.connect(partial(self._answer, APPROVE))
        self.reject = OutlinedButton(theme, self.tr("Reject"), "close")
        self.reject.clicked.connect(partial(self._answer, REJECT))
        buttons = Row(theme, gap=8)
        buttons.addWidget(self.note, 1)
        buttons.addWidget(self.reject)
        buttons.addWidget(self.approve)
        whole = QWidget()
        column = Column(theme, gap=6, margins=(24, 12, 24, 16))
        for widget in (self._subject, self._about, self._message, self._said):
            column.addWidget(widget)
        column.addSpacing(theme.px(6))
        column.addWidget(self._note_label)
        column.addLayout(buttons)
        column.addStretch(1)
        whole.setLayout(column)
        return whole

    # Showing

    def _show(self, found: list[ApprovalRow]) -> None:
        self._known = {each.id: each for each in found}
        current = self.table.current_key
        self.table.show_lines([_line(each) for each in found])
        self.counted.emit(sum(each.state == "open" for each in found))
        if not found:
            self._nothing.say(
                Emptiness.NOTHING_YET,
                self.tr("Nothing waits for you"),
                self.tr("An Approval block stops a record here until somebody says yes or no."),
            )
        self._stack.show_list(is_empty=not found)
        if found:
            kept = next((row for row, each in enumerate(found) if each.id == current), 0)
            self.table.setCurrentIndex(self.table.model_of_lines.index(kept, 0))

    def _on_current(self, _key: object) -> None:
        asked = self.current
        if asked is None:
            return
        is_open = asked.state == "open"
        self._subject.set_text(asked.subject)
        self._about.set_text(f"{asked.record} · {asked.workflow}")
        self._message.setText(asked.message)
        self._message.setVisible(bool(asked.message))
        self._said.setText("" if is_open else _answer_in_words(asked))
        self._said.setVisible(not is_open)
        for widget in (self._note_label, self.note, self.approve, self.reject):
            widget.setVisible(is_open)

    def _on_opened(self, _key: object) -> None:
        asked = self.current
        if asked is None:
            return
        if asked.state == "open":
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            store, kind = self._services.store, ObjectKind(asked.object)
            open_record(self._reading, self._frame, store, kind, asked.record_id)

    # Answering

    def _answer(self, answer: str, _checked: bool = False) -> None:
        asked = self.current
        if asked is None:
            return
        store, note = self._services.store, self.note.text()
        say = approvals.approve if answer == APPROVE else approvals.reject

        def said(row: ApprovalRow) -> None:
            self.note.clear()
            self._frame.say(self.tr("{0}: {1}.").format(row.record, _state(row).word))
            self._go_on(row)
            self.refresh()

        def refused(sentence: str) -> None:
            self._frame.toast(sentence, "error", seconds=12)
            self.refresh()

        self._reading.ask("answer", lambda _stop: say(store, asked.id, note=note), said, refused)

    def _go_on(self, row: ApprovalRow) -> None:
        """Send the record on: what follows may take long, and speak to a vendor."""
        services = self._services

        def work(tell: Tell, stop: threading.Event) -> object:
            return resume_waiting(services.store, services.vault, only=row.run, tell=tell, stop=stop)

        self._frame.start_job(work, row.workflow, f"workflow-run:{row.run}")


def _line(asked: ApprovalRow) -> Line:
    return Line(
        (
            Cell(moment_in_words(asked.asked_at)),
            Cell(asked.subject, role="name"),
            Cell(asked.record),
            Cell(asked.workflow, "muted"),
            Cell(status=_state(asked)),
            Cell(moment_in_words(asked.until) if asked.until else "—", "muted"),
        ),
        asked.id,
    )


def _state(asked: ApprovalRow) -> Status:
    match asked.state:
        case "open":
            return status("waiting", _tr("Waits for you"))
        case "approved":
            return status("approved")
        case "rejected":
            return status("cancelled", _tr("Rejected"))
        case "timed_out":
            return status("timed_out")
        case other:
            return status("cancelled", other.replace("_", " ").capitalize())


def _answer_in_words(asked: ApprovalRow) -> str:
    when = moment_in_words(asked.answered_at) if asked.answered_at else ""
    parts = [_state(asked).word, when, asked.answered_by, f"“{asked.note}”" if asked.note else ""]
    return " · ".join(part for part in parts if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Approvals", text)
