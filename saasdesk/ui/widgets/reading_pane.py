"""A pane that is read from top to bottom: what is known of the one thing that was chosen above it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.focus_ring import FocusRing
from saasdesk.ui.widgets.layouts import Column, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.scroll_area import ScrollArea


class ReadingPane(ScrollArea):
    """The keyboard scrolls it; while nothing is chosen it says what can be."""

    def __init__(self, theme: Theme, name: str, hint: str) -> None:
        self._theme, self._hint = theme, hint
        content = QWidget()
        super().__init__(content)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        FocusRing(theme, self)
        self.column = Column(theme, gap=6, margins=(24, 12, 24, 16))
        content.setLayout(self.column)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say what can be chosen."""
        self.clear()
        self.column.addWidget(Paragraph(self._theme, self._hint, tone="muted"))
        self.column.addStretch(1)

    def clear(self) -> None:
        """Make room for something else."""
        clear_layout(self.column)

    def end(self) -> None:
        """All of it is there: begin to read at the top."""
        self.column.addStretch(1)
        self.verticalScrollBar().setValue(0)
