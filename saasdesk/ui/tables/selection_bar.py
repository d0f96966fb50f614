"""What is selected, what it sums up to, and what can be done with it."""

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, TextButton, fit_words
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel

_HEIGHT = 40


class SelectionBar(QWidget):
    """There is one only while something is selected; pages add their actions to it."""

    all_wanted = Signal()
    none_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counted = PlainLabel("", "strong")
        self._sums = PlainLabel("", "body", "muted", digits=True, elided=True)
        self.select_all = LinkButton(theme, "", inline=True)
        self.select_none = LinkButton(theme, self.tr("Clear the selection"), inline=True)
        self._actions = Row(theme)
        self._row = row = Row(theme, gap=16, margins=(24, 0))
        row.addWidget(self._counted)
        row.addWidget(self._sums)
        row.addWidget(self.select_all)
        row.addWidget(self.select_none)
        row.addStretch(1)
        row.addLayout(self._actions)
        self.setLayout(row)
        self.select_all.clicked.connect(self.all_wanted)
        self.select_none.clicked.connect(self.none_wanted)
        theme.changed.connect(self._rescale)
        self._rescale()
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says."""
        return " ".join(part for part in (self._counted.text(), self._sums.text()) if part)

    def add_actions(self, *widgets: QWidget) -> None:
        """Put what a page can do with a selection at the right."""
        for widget in widgets:
            self._actions.addWidget(widget)

    def show_selection(self, selected: int, matching: int) -> None:
        """Say how many rows are selected, out of how many."""
        locale = QLocale()
        self._counted.set_text(self.tr("{0} selected").format(locale.toString(selected)))
        self.select_all.setText(self.tr("Select all {0} matching").format(locale.toString(matching)))
        self.select_all.setVisible(selected < matching)
        self.select_none.setVisible(selected == matching)
        self.setVisible(selected > 0)
        if not selected:
            self.show_sums("")

    def show_sums(self, text: str) -> None:
        """Say what the numbers of the selected rows come to."""
        self._sums.set_text(text)
        self._sums.setVisible(bool(text))

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            items = (self._actions.itemAt(place) for place in range(self._actions.count()))
            widgets = (item.widget() for item in items if item is not None)
            buttons = [each for each in widgets if isinstance(each, TextButton)]
            fit_words(buttons, self._row.minimumSize().width(), self.width())
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.fillRect(0, 0, self.width(), self._theme.edge, self._theme.color("line-strong"))

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT))
