"""A list above, what is known of its current line below; or why there is no list."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState


class ListAndDetails(QStackedWidget):
    """`heights` are how high the two are at first."""

    def __init__(self, upper: QWidget, lower: QWidget, nothing: EmptyState, heights: Sequence[int] = ()) -> None:
        super().__init__()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(lower)
        if heights:
            split.setSizes(list(heights))
        self._split, self._nothing = split, nothing
        self.addWidget(split)
        self.addWidget(nothing)

    def show_list(self, *, is_empty: bool) -> None:
        """Show the list if there is one."""
        self.setCurrentWidget(self._nothing if is_empty else self._split)

    def show_failure(self, sentence: str) -> None:
        """Say why nothing could be read."""
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence)
        self.setCurrentWidget(self._nothing)
