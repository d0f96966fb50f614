"""Every shortcut of the window on one sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from saasdesk.ui.navigation import Command, Keys
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.key_cap import KeyCap, native_keys
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.on_screen import size_on_screen
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea


class ShortcutSheet(QDialog):
    """The commands that have a shortcut, by group, and the keys of the parts of the page."""

    def __init__(
        self, theme: Theme, commands: Sequence[Command], keys: Sequence[Keys] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        groups: dict[str, list[tuple[str, str]]] = {}
        for command in commands:
            if command.shortcut:
                groups.setdefault(command.group, []).append((command.text, native_keys(command.shortcut)))
        for part in keys:
            groups[part.title] = list(part.lines)
        content = QWidget()
        columns = Row(theme, gap=48, margins=(24, 20))
        sides = [Column(theme, gap=16), Column(theme, gap=16)]
        lengths = [0, 0]
        for group, members in groups.items():
            shorter = 0 if lengths[0] <= lengths[1] else 1
            sides[shorter].addLayout(_group(theme, group, members))
            lengths[shorter] += len(members) + 2
        for side in sides:
            side.addStretch(1)
            columns.addLayout(side, 1)
        content.setLayout(columns)
        close = OutlinedButton(theme, self.tr("Close"))
        close.clicked.connect(self.accept)
        buttons = Row(theme, margins=(24, 12))
        buttons.addStretch(1)
        buttons.addWidget(close)
        foot = QWidget()
        foot.setObjectName("foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        foot.setLayout(buttons)
        column = Column(theme, gap=0)
        column.addWidget(ScrollArea(content), 1)
        column.addWidget(Line(theme))
        column.addWidget(foot)
        self.setLayout(column)
        self.resize(size_on_screen(theme, self, 760, 520))
        close.setFocus(Qt.FocusReason.OtherFocusReason)


def _group(theme: Theme, title: str, lines: Sequence[tuple[str, str]]) -> Column:
    column = Column(theme, gap=8)
    column.addWidget(PlainLabel(title, "card-title"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(6))
    grid.setColumnStretch(0, 1)
    for row, (text, keys) in enumerate(lines):
        grid.addWidget(PlainLabel(text), row, 0)
        grid.addWidget(KeyCap(theme, keys), row, 1, Qt.AlignmentFlag.AlignRight)
    column.addLayout(grid)
    return column
