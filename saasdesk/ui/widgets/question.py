"""A question that must be answered before going on."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import PaintedButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 480


class Question(QDialog):
    """Icon, title, explanation, buttons. The first button is the safe one: it has the focus, and Escape means it."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        text: str,
        buttons: Sequence[PaintedButton],
        *,
        icon: str = "warning",
        tone: str = "warn",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.text = Paragraph(theme, text)
        self._buttons = list(buttons)
        upper = Row(theme, gap=16, margins=(24, 24, 24, 20))
        picture = IconLabel(theme, icon, tone, size=28)
        upper.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = Column(theme, gap=4)
        words.addWidget(PlainLabel(title, "section"))
        words.addWidget(self.text)
        upper.addLayout(words, 1)
        lower = Row(theme, gap=8, margins=(24, 16))
        lower.addStretch(1)
        for button in self._buttons:
            lower.addWidget(button)
            button.clicked.connect(self._close_after)
        foot = QWidget()
        foot.setObjectName("foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        foot.setLayout(lower)
        column = Column(theme, gap=0)
        column.addLayout(upper, 1)
        column.addWidget(Line(theme))
        column.addWidget(foot)
        self.setLayout(column)
        self._buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def buttons(self) -> tuple[PaintedButton, ...]:
        """The buttons, the safe one first."""
        return tuple(self._buttons)

    def _close_after(self) -> None:
        if self.sender() is self._buttons[0]:
            self.reject()
        else:
            self.accept()
