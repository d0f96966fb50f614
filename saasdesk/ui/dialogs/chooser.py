"""Choosing one thing of many: a search over a list, what the choice would do, and the button that does it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.ui.tables.lines import Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line as Rule
from saasdesk.ui.widgets.on_screen import size_on_screen
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_WIDTH, _HEIGHT = 640, 560


class Chooser(QDialog):
    """A kind of choice says how it looks for words (`look_for`), what a choice would do (`show_choice`) and does it
    (`choose`)."""

    def __init__(
        self,
        theme: Theme,
        *,
        title: str,
        lead: str,
        search: str,
        things: str,
        headings: Sequence[Heading],
        verb: str,
        icon: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(title)
        self.setMinimumSize(size_on_screen(theme, self, _WIDTH, _HEIGHT))
        self.search = SearchField(theme, search)
        self.table = LineTable(theme, things, tuple(headings), compact=True)
        self.outcome = Paragraph(theme)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.take = PrimaryButton(theme, verb, icon)
        self.search.textChanged.connect(self.look_for)
        self.search.returnPressed.connect(self.choose)
        self.table.current.connect(lambda _key: self.show_choice())
        self.table.opened.connect(lambda _key: self.choose())
        self.cancel.clicked.connect(self.reject)
        self.take.clicked.connect(self.choose)
        self._upper = Column(theme, gap=10, margins=(24, 20, 24, 16))
        self._upper.addWidget(PlainLabel(lead, "section", elided=True))
        self._upper.addWidget(self.search)
        self._upper.addWidget(self.table, 1)
        self._upper.addWidget(self.outcome)
        self._foot = Row(theme, gap=8, margins=(24, 14))
        self._foot.addStretch(1)
        self._foot.addWidget(self.cancel)
        self._foot.addWidget(self.take)
        whole = Column(theme, gap=0)
        whole.addLayout(self._upper, 1)
        whole.addWidget(Rule(theme))
        whole.addLayout(self._foot)
        self.setLayout(whole)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_for(self, text: str) -> None:
        """Find what has these words, and show it with `show_found`."""
        raise NotImplementedError

    def show_choice(self) -> None:
        """Say what the current line would do, and whether it can be taken."""
        raise NotImplementedError

    def choose(self) -> None:
        """Take the current line, if it can be taken."""
        raise NotImplementedError

    def show_found(self, lines: Sequence[Line]) -> None:
        """Show what was found, the first chosen."""
        self.table.show_lines(lines)
        if lines:
            self.table.setCurrentIndex(self.table.model().index(0, 0))
        self.show_choice()
