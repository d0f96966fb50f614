"""What a table shows while it reads: a moving line at once, and a way to stop it when it takes longer."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar

# Nothing flickers where the answer comes at once; nobody waits longer than this for a sign that it does not.
_LINE_AFTER = 80
_WORDS_AFTER = 600
_GAP = 12


class WaitingSign(QWidget):
    """Words and a Cancel, in the middle of the lower edge."""

    cancelled = Signal()

    def __init__(self, theme: Theme, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._words = PlainLabel("", "secondary")
        self.cancel = LinkButton(theme, self.tr("Cancel"), inline=True, role="secondary")
        row = Row(theme, gap=8, margins=(12, 4))
        row.addWidget(self._words)
        row.addWidget(self.cancel)
        self.setLayout(row)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def say(self, words: str) -> None:
        """Show what is going on, over the lower edge of the parent."""
        self._words.set_text(words)
        self.adjustSize()
        area = self._view.viewport().geometry()
        top = area.bottom() - self.height() - self._theme.px(_GAP)
        self.move(area.center().x() - self.width() // 2, top)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        radius = theme.measure("radius")
        draw_box(QPainter(self), area_of(self), radius, theme.color("raised"), theme.color("line-strong"))


class Waiting(QWidget):
    """The moving line over the first pixels of the rows; it looks after its sign, too."""

    cancelled = Signal()

    def __init__(self, theme: Theme, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self._words = ""
        self.line = ProgressBar(theme, self.tr("Reading"), parent=view)
        self.line.set_share(None)
        self.line.hide()
        self.sign = WaitingSign(theme, view)
        self.sign.cancelled.connect(self.cancelled)
        self._line_timer = soon(self, _LINE_AFTER, self._show_line)
        self._words_timer = soon(self, _WORDS_AFTER, self._show_words)
        self.hide()

    def begin(self, words: str) -> None:
        """Something is being read."""
        self._words = words
        if not self._line_timer.isActive() and not self.line.isVisible():
            self._line_timer.start()
            self._words_timer.start()
        if self.sign.isVisible():
            self.sign.say(words)

    def end(self) -> None:
        """It is there, or will not come."""
        self._line_timer.stop()
        self._words_timer.stop()
        self.line.hide()
        self.sign.hide()

    def _show_line(self) -> None:
        rows = self._view.viewport().geometry()
        self.line.setGeometry(rows.left(), rows.top(), rows.width(), self.line.sizeHint().height())
        self.line.show()
        self.line.raise_()

    def _show_words(self) -> None:
        self.sign.say(self._words)
