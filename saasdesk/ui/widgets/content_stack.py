"""The content of a page about one thing, or why there is none and where to go instead."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState


class ContentStack(QStackedWidget):
    """Shows the content; where it could not be read or is gone, a sentence and the way to the list of all."""

    def __init__(self, theme: Theme, content: QWidget, way_back: str, go_back: Callable[[], object]) -> None:
        super().__init__()
        self._theme, self._content, self._way_back, self._go_back = theme, content, way_back, go_back
        self.nothing = EmptyState(theme, Emptiness.LOAD_FAILED, "")
        self.addWidget(content)
        self.addWidget(self.nothing)

    def show_content(self) -> None:
        """There is something."""
        self.setCurrentWidget(self._content)

    def show_nothing(self, sentence: str, title: str = "") -> None:
        """Say why there is nothing."""
        back = OutlinedButton(self._theme, self._way_back)
        back.clicked.connect(self._go_back)
        self.nothing.say(Emptiness.LOAD_FAILED, title or self.tr("There is nothing to show"), sentence, (back,))
        self.setCurrentWidget(self.nothing)
