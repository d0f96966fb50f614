"""The way to the present page: back, forward, and a link for each step."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.navigation import Crumb
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel


class Trail(QWidget):
    """Hidden on the pages of the rail, where there is no way to show."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("trail")
        self.back = IconButton(theme, "arrow-left", self.tr("Back"), shortcut="Alt+Left", tone="text")
        self.forward = IconButton(theme, "arrow-right", self.tr("Forward"), shortcut="Alt+Right", tone="text")
        self._steps = Row(theme, gap=2)
        row = Row(theme, gap=4, margins=(18, 8, 24, 0))
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addLayout(self._steps, 1)
        self.setLayout(row)
        self.hide()

    def show_trail(self, crumbs: Sequence[Crumb], *, can_go_back: bool, can_go_forward: bool) -> None:
        """Show another way."""
        self.back.setEnabled(can_go_back)
        self.forward.setEnabled(can_go_forward)
        clear_layout(self._steps)
        for crumb in crumbs[:-1]:
            link = LinkButton(self._theme, crumb.title, inline=True)
            link.clicked.connect(partial(self.chosen.emit, crumb))
            self._steps.addWidget(link)
            self._steps.addWidget(IconLabel(self._theme, "chevron-right", size=12))
        if crumbs:
            self._steps.addSpacing(self._theme.px(3))
            self._steps.addWidget(PlainLabel(crumbs[-1].title, "strong", elided=True))
        self._steps.addStretch(1)
        self.setVisible(len(crumbs) > 1)
