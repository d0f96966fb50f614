"""Accepting a known conflict: with a note that says why it is all right."""

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 520


class AcceptanceDialog(QDialog):
    """The conflict in words, and a field for the reason."""

    def __init__(self, theme: Theme, record: str, message: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Accept the conflict of {0}?").format(record)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.note = QLineEdit()
        self.note.setAccessibleName(self.tr("Why it is all right"))
        self.note.textChanged.connect(self._on_typed)
        label = PlainLabel(self.tr("Why it is all right"), "strong")
        label.setBuddy(self.note)
        column = Column(theme, gap=12, margins=(24, 24, 24, 20))
        column.addWidget(PlainLabel(title, "section"))
        column.addWidget(Paragraph(theme, message))
        column.addWidget(
            Paragraph(theme, self.tr("It stays listed, and counts again as soon as it changes."), tone="muted")
        )
        column.addWidget(label)
        column.addWidget(self.note)
        self.accept_button = PrimaryButton(theme, self.tr("Accept"))
        self.accept_button.setEnabled(False)
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        cancel = OutlinedButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot = Row(theme, gap=8, margins=(24, 16))
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.accept_button)
        whole = Column(theme, gap=0)
        whole.addLayout(column, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        self.note.setFocus()

    def _on_typed(self, text: str) -> None:
        self.accept_button.setEnabled(bool(text.strip()))
