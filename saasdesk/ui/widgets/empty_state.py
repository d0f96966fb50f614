"""What a page says when it has nothing to show, and why it has nothing."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel


class Emptiness(Enum):
    """The three reasons, never mixed up."""

    NOTHING_YET = "nothing yet"
    FILTER_HIDES_ALL = "the filter hides everything"
    LOAD_FAILED = "loading failed"


_ICONS = {
    Emptiness.NOTHING_YET: ("plus", "muted"),
    Emptiness.FILTER_HIDES_ALL: ("filter", "muted"),
    Emptiness.LOAD_FAILED: ("error", "error"),
}


class EmptyState(QWidget):
    """One sentence on what would be here, one main button, one other way."""

    def __init__(
        self,
        theme: Theme,
        why: Emptiness,
        title: str,
        sentence: str = "",
        buttons: tuple[QPushButton, ...] = (),
        *,
        icon: str = "",
        centred: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(theme, icon or _ICONS[why][0], _ICONS[why][1], size=28)
        self._own_icon = icon
        self._title = PlainLabel("", "section" if centred else "card-title")
        self._sentence = Paragraph(theme, tone="muted")
        self._sentence.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._sentence.setMaximumWidth(theme.px(480))
        self._buttons = Row(theme, gap=8)
        side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        self._sentence.setAlignment(side)
        column = Column(theme, gap=4, margins=(32, 24))
        column.addStretch(1)
        if centred:
            column.addWidget(self._icon, 0, side)
            column.addSpacing(theme.px(4))
        else:
            self._icon.hide()
        column.addWidget(self._title, 0, side)
        line = Row(theme, gap=0)
        if centred:
            line.addStretch(1)
        line.addWidget(self._sentence, 10)
        line.addStretch(1)
        column.addLayout(line)
        column.addSpacing(theme.px(8))
        row = Row(theme)
        if centred:
            row.addStretch(1)
        row.addLayout(self._buttons)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2 if centred else 1)
        self.setLayout(column)
        self.say(why, title, sentence, buttons)

    def say(self, why: Emptiness, title: str, sentence: str = "", buttons: tuple[QPushButton, ...] = ()) -> None:
        """Give another reason."""
        icon, token = _ICONS[why]
        self._icon.set_icon(self._own_icon or icon, token)
        self._title.set_text(title)
        self._sentence.set_runs(sentence)
        self._sentence.setVisible(bool(sentence))
        clear_layout(self._buttons)
        for button in buttons:
            self._buttons.addWidget(button)
