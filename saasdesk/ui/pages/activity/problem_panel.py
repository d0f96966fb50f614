"""One problem beside the list: why, what to do, the mapping line at fault, and what the vendor sent."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QWidget

from saasdesk.mapping.editing import Place
from saasdesk.sync.problems import ProblemGroup
from saasdesk.sync.rows import Acceptance, SessionError
from saasdesk.sync.sessions import retryable
from saasdesk.ui.moments import counted, moment_within
from saasdesk.ui.pages.activity.problem_list import may_accept
from saasdesk.ui.pages.activity.problem_words import cause_in_words, place_in_words, what_to_do
from saasdesk.ui.pages.plan.field_words import FieldWords
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

_WIDTH = 360
_RAW_HEIGHT = 220


@dataclass(frozen=True, slots=True)
class Problem:
    """A group, or one record of it."""

    group: ProblemGroup
    error: SessionError | None = None
    acceptance: Acceptance | None = None


class ProblemPanel(QWidget):
    """Shows a problem; the page does what its buttons say."""

    accept_wanted = Signal(object)
    withdraw_wanted = Signal(object)
    retry_wanted = Signal(object)
    mapping_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._problem: Problem | None = None
        self._place: Place | None = None
        self._build()
        theme.changed.connect(self._rescale)
        self._rescale()

    def _build(self) -> None:
        theme = self._theme
        self.raw = QPlainTextEdit()
        self._title = Paragraph(theme, "", role="card-title")
        self._message = Paragraph(theme, "")
        self._advice = Paragraph(theme, "", tone="muted")
        self._note = Paragraph(theme, "", tone="muted")
        self.mapping = LinkButton(theme, "", "mapping")
        self.retry = OutlinedButton(theme, self.tr("Try again"), "retry")
        self.accept = OutlinedButton(theme, self.tr("Accept conflict…"), "approve")
        self.withdraw = OutlinedButton(theme, self.tr("Withdraw"), "undo")
        self.mapping.clicked.connect(lambda: self.mapping_wanted.emit(self._place))
        self.retry.clicked.connect(lambda: self.retry_wanted.emit(self._problem))
        self.accept.clicked.connect(lambda: self.accept_wanted.emit(self._problem))
        self.withdraw.clicked.connect(lambda: self.withdraw_wanted.emit(self._problem))
        self._raw_title = PlainLabel(self.tr("WHAT THE VENDOR SENT"), "caption-strong", "muted")
        self.copy = LinkButton(theme, self.tr("Copy"), "copy", role="secondary")
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.raw.toPlainText()))
        self.raw.setReadOnly(True)
        self.raw.setAccessibleName(self.tr("What the vendor sent"))
        self.raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.raw.setTabChangesFocus(True)
        # One below the other: side by side they are wider than the panel where letters are large.
        buttons = Column(theme, gap=8)
        for button in (self.retry, self.accept, self.withdraw):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        raw_head = Row(theme, gap=8)
        raw_head.addWidget(self._raw_title)
        raw_head.addStretch(1)
        raw_head.addWidget(self.copy)
        content = QWidget()
        column = Column(theme, gap=8, margins=(16, 12))
        column.addWidget(self._title)
        column.addWidget(self._message)
        column.addWidget(PlainLabel(self.tr("WHAT TO DO"), "caption-strong", "muted"))
        column.addWidget(self._advice)
        column.addWidget(self._note)
        column.addWidget(self.mapping, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(buttons)
        column.addLayout(raw_head)
        column.addWidget(self.raw)
        column.addStretch(1)
        content.setLayout(column)
        area = ScrollArea(content)
        area.setFrameShape(QFrame.Shape.NoFrame)
        whole = Column(theme, gap=0)
        whole.addWidget(area)
        self.setLayout(whole)

    def show_problem(self, problem: Problem, words: FieldWords, *, may_retry: bool) -> None:
        """Show a group or a record; what the vendor sent of it comes with `show_raw`."""
        self._problem = problem
        group, error = problem.group, problem.error
        self._title.setText(cause_in_words(group.cause))
        count = counted(len(group.errors), self.tr("{0} record."), self.tr("{0} records."))
        self._message.setText(f"{error.record}: {error.message}" if error is not None else count)
        self._advice.setText(what_to_do(error.cause if error is not None and not error.accepted else group.cause))
        acceptance = problem.acceptance
        self._note.setVisible(acceptance is not None)
        if acceptance is not None:
            text = self.tr("Accepted {0} by {1}: {2}")
            self._note.setText(text.format(moment_within(acceptance.at), acceptance.who, acceptance.note))
        self._place = group.place
        self.mapping.setVisible(group.place is not None)
        self.mapping.setText(self.tr("Mapping of {0}").format(place_in_words(words, group.place)))
        self.accept.setVisible(error is not None and may_accept(error))
        self.withdraw.setVisible(acceptance is not None)
        one_or_all = self.tr("Try this one again") if error is not None else self.tr("Try these again")
        self.retry.setText(one_or_all)
        can_help = bool(retryable((error,) if error is not None else group.errors))
        self.retry.setVisible(may_retry and can_help)
        self.show_raw("")

    def show_raw(self, text: str) -> None:
        """Show what the vendor sent; nothing where it was not kept."""
        self.raw.setPlainText(visible_text(text, keep_line_breaks=True))
        for widget in (self._raw_title, self.copy, self.raw):
            widget.setVisible(bool(text))

    def _rescale(self) -> None:
        self.setFixedWidth(self._theme.px(_WIDTH))
        self.raw.setFixedHeight(self._theme.px(_RAW_HEIGHT))
        self.raw.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
