"""What still keeps an integration from being launched, as a list of things to do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 520


class ProblemsDialog(QDialog):
    """Every problem on a line of its own."""

    def __init__(self, theme: Theme, name: str, problems: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("“{0}” cannot be launched yet").format(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        column = Column(theme, gap=10, margins=(24, 24, 24, 20))
        column.addWidget(PlainLabel(title, "section", elided=True))
        column.addWidget(Paragraph(theme, self.tr("Still to do:"), tone="muted"))
        for problem in problems:
            row = Row(theme, gap=10)
            row.addWidget(IconLabel(theme, "warning", "warn", size=16), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Paragraph(theme, problem), 1)
            column.addLayout(row)
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
        self.close_button.setFocus(Qt.FocusReason.TabFocusReason)
