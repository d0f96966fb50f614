"""What still keeps an integration from being launched, as a list of things to do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.sync.gate import GateLine
from saasdesk.ui.pages.integrations.gate_list import GateList
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 600


class ProblemsDialog(QDialog):
    """Every problem on a line of its own, with a link to its place; `chosen` says which was taken, and closes it."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, title: str, lines: Sequence[GateLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.list = GateList(theme, lines)
        self.list.chosen.connect(self._on_chosen)
        column = Column(theme, gap=10, margins=(24, 24, 24, 20))
        column.addWidget(PlainLabel(title, "section", elided=True))
        column.addWidget(Paragraph(theme, self.tr("Still to do:"), tone="muted"))
        column.addWidget(self.list)
        column.addStretch(1)
        self.close_button = OutlinedButton(theme, self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        foot = Row(theme, gap=8, margins=(24, 16))
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = Column(theme, gap=0)
        whole.addLayout(column, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        first = self.list.links[0] if self.list.links else self.close_button
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_chosen(self, line: GateLine) -> None:
        self.accept()
        self.chosen.emit(line)
