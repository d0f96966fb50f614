"""The question before something that cannot be taken back: who it is about, what was checked, the number to type."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.initials_row import InitialsRow
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.meter import Meter
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status

_WIDTH = 640
# Above this number a phrase is typed: nobody types that by habit.
MOST_BY_NUMBER = 10
_ROWS_SEEN = 5


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom it is about, and two words on them."""

    name: str
    detail: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at before asking; a state's key, the sentence, and when or how many."""

    state: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a limit this takes."""

    title: str
    value: int
    limit: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Everything that the question says; above ten `verb`, number and `subject` are typed as a phrase."""

    title: str
    text: str
    count: int
    button: str
    verb: str = ""
    subject: str = ""
    note: str = ""
    named: tuple[Named, ...] = ()
    checks: tuple[Check, ...] = ()
    use: Use | None = None
    aside: str = ""

    @property
    def wanted(self) -> str:
        """What has to be typed: the number, above ten a phrase."""
        if self.count <= MOST_BY_NUMBER or not self.verb:
            return str(self.count)
        return f"{self.verb} {self.count} {self.subject}".strip().upper()


class ConfirmationDialog(QDialog):
    """Opens with the focus on Cancel; the button works only when what is typed fits, and Enter never presses it.

    `approved` carries the count.
    """

    approved = Signal(int)

    def __init__(self, theme: Theme, asked: Confirmation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._asked = theme, asked
        self.setWindowTitle(asked.title)
        self.setMinimumWidth(theme.px(_WIDTH))
        column = Column(theme, gap=16, margins=(24, 24, 24, 20))
        column.addLayout(self._build_words())
        if asked.named:
            column.addWidget(self._build_names())
        if asked.checks:
            column.addLayout(self._build_checks())
        column.addLayout(self._build_field())
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.confirm = DangerButton(theme, asked.button)
        self.confirm.setEnabled(False)
        self.confirm.clicked.connect(self._on_confirmed)
        foot = Row(theme, gap=8, margins=(24, 16))
        foot.addWidget(PlainLabel(asked.note, "secondary", "muted", elided=True), 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.confirm)
        whole = Column(theme, gap=0)
        whole.addLayout(column, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        self.cancel.setFocus()

    # Building

    def _build_words(self) -> Row:
        theme, asked = self._theme, self._asked
        words = Column(theme, gap=4)
        words.addWidget(PlainLabel(asked.title, "section", elided=True))
        words.addWidget(Paragraph(theme, asked.text))
        if asked.aside:
            words.addWidget(Paragraph(theme, asked.aside, tone="muted"))
        row = Row(theme, gap=16)
        row.addWidget(IconLabel(theme, "warning", "error", size=28), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _build_names(self) -> QWidget:
        theme = self._theme
        content = QWidget()
        column = Column(theme, gap=0)
        for one in self._asked.named:
            column.addWidget(InitialsRow(theme, one.name, one.detail, one.note))
        column.addStretch(1)
        content.setLayout(column)
        area = ScrollArea(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Whom it is about"))
        shown = min(len(self._asked.named), _ROWS_SEEN)
        area.setFixedHeight(shown * theme.px(InitialsRow.HEIGHT) + 2)
        return area

    def _build_checks(self) -> Column:
        theme = self._theme
        column = Column(theme, gap=6)
        column.addWidget(PlainLabel(self.tr("Checked just now"), "strong"))
        for check in self._asked.checks:
            row = Row(theme, gap=8)
            row.addWidget(StatusWord(theme, status(check.state)))
            row.addWidget(Paragraph(theme, check.text), 1)
            if check.note:
                row.addWidget(PlainLabel(check.note, "secondary", "muted"))
            column.addLayout(row)
        return column

    def _build_field(self) -> Row:
        theme, asked = self._theme, self._asked
        self.field = QLineEdit()
        self.field.textChanged.connect(self._on_typed)
        label = PlainLabel(self.tr("Type {0} to go on").format(asked.wanted), "strong")
        label.setBuddy(self.field)
        self.field.setAccessibleName(label.text())
        left = Column(theme, gap=6)
        left.addWidget(label)
        left.addWidget(self.field)
        row = Row(theme, gap=24)
        row.addLayout(left, 3)
        if asked.use is None:
            row.addStretch(2)
            return row
        use = asked.use
        right = Column(theme, gap=6)
        right.addWidget(PlainLabel(use.title, "body"))
        right.addWidget(Meter(theme, use.title, use.value, use.limit))
        right.addWidget(PlainLabel(use.sentence, "secondary", "muted"))
        row.addLayout(right, 2)
        return row

    # What happens

    @property
    def is_typed(self) -> bool:
        """Whether the field says what has to be typed; capitals and spaces at the ends do not count."""
        return " ".join(self.field.text().split()).casefold() == self._asked.wanted.casefold()

    def _on_typed(self) -> None:
        self.confirm.setEnabled(self.is_typed)

    def _on_confirmed(self) -> None:
        if self.is_typed:
            self.approved.emit(self._asked.count)
            self.accept()
