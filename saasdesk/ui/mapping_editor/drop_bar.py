"""The question at a field that has a source already: replace it, combine both, or leave it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class DropBar(Card):
    """Enter replaces, Escape leaves everything as it is."""

    replaced = Signal()
    combined = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, edge=CardEdge.CHOSEN, margins=(10, 6), parent=parent)
        self._words = PlainLabel("", "secondary", elided=True)
        self.replace = PrimaryButton(theme, self.tr("Replace"))
        self.combine = OutlinedButton(theme, self.tr("Combine"))
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        for button, signal in ((self.replace, self.replaced), (self.combine, self.combined), (self.cancel, self.left)):
            button.clicked.connect(self.hide)
            button.clicked.connect(signal)
        row = Row(theme, gap=8)
        row.addWidget(self._words, 1)
        for button in (self.replace, self.combine, self.cancel):
            row.addWidget(button)
        self.body.addLayout(row)
        self.hide()

    def ask(self, words: str, right_end: QPoint, width: int) -> None:
        """Ask at this place of the parent."""
        self._words.set_text(words)
        self.adjustSize()
        self.resize(min(max(self.sizeHint().width(), width // 2), width), self.sizeHint().height())
        self.move(max(0, right_end.x() - self.width()), right_end.y())
        self.show()
        self.raise_()
        self.replace.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
        else:
            super().keyPressEvent(event)
