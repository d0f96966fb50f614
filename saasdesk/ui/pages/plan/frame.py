"""How the page of a plan is laid out: head, kinds at the side, lines, and the next step along the foot."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

_WIDTH = 216
_BETWEEN = 12


class PlanSide(ScrollArea):
    """Parts below each other, each with a caption; small print is a little further in."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        content = QWidget()
        super().__init__(content)
        self._column = Column(theme, gap=4, margins=(8, 12))
        self._column.addStretch(1)
        content.setLayout(self._column)
        theme.changed.connect(self._rescale)
        self._rescale()

    def add_part(self, caption: str, *widgets: QWidget) -> None:
        """A part with its caption."""
        if self._column.count() > 1:
            self._column.insertSpacing(self._column.count() - 1, self._theme.px(_BETWEEN))
        label = PlainLabel(caption, "caption-strong", "muted")
        label.setIndent(self._theme.px(10))
        for widget in (label, *widgets):
            self._column.insertWidget(self._column.count() - 1, widget)

    def add_small_print(self, *widgets: QWidget) -> None:
        """What is read rather than pressed."""
        words = Column(self._theme, gap=2, margins=(10, 0))
        for widget in widgets:
            words.addWidget(widget)
        self._column.insertLayout(self._column.count() - 1, words)

    def add_below(self, widget: QWidget) -> None:
        """What goes on from there, as wide as it is."""
        self._column.insertWidget(self._column.count() - 1, widget, 0, Qt.AlignmentFlag.AlignLeft)

    def add_space(self) -> None:
        """A gap before what does not belong to the part above."""
        self._column.insertSpacing(self._column.count() - 1, self._theme.px(_BETWEEN))

    def _rescale(self) -> None:
        self.setFixedWidth(self._theme.px(_WIDTH))


def plan_layout(theme: Theme, header: QWidget, side: PlanSide, lines: QWidget, foot: QWidget) -> Column:
    """The layout of the page, with lines between its areas."""
    head = Row(theme, margins=(24, 8, 24, 12))
    head.addWidget(header)
    middle = Row(theme, gap=0)
    middle.addWidget(side)
    middle.addWidget(Hairline(theme, upright=True))
    middle.addWidget(lines, 1)
    whole = Column(theme, gap=0)
    whole.addLayout(head)
    whole.addWidget(Hairline(theme))
    whole.addLayout(middle, 1)
    whole.addWidget(Hairline(theme))
    whole.addWidget(foot)
    return whole
