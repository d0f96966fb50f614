"""The views of an overview, or why none of them is shown: nothing yet, nothing that matches, nothing that was read."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.ui.moments import counted
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState


class OverviewStack(QStackedWidget):
    """Shows one of the views, or one of the three reasons.

    `one` and `many` count the things: "{0} workflow", "{0} workflows". `clear` takes the filter away, `retry` reads
    again.
    """

    def __init__(
        self,
        theme: Theme,
        views: Sequence[QWidget],
        nothing_yet: EmptyState,
        one: str,
        many: str,
        *,
        clear: Callable[[], object],
        retry: Callable[[], object],
    ) -> None:
        super().__init__()
        self._theme, self._one, self._many, self._clear, self._retry = theme, one, many, clear, retry
        self._nothing_yet = nothing_yet
        self._failure = EmptyState(theme, Emptiness.LOAD_FAILED, "")
        self._none = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, "")
        for widget in (*views, nothing_yet, self._failure, self._none):
            self.addWidget(widget)

    def counted(self, count: int) -> str:
        """ "12 workflows"."""
        return counted(count, self._one, self._many)

    def show_view(self, view: QWidget, count: int, accepted: int) -> None:
        """Show this view if it has something to show; `accepted` of `count` things get through the filter."""
        if not count:
            self.setCurrentWidget(self._nothing_yet)
        elif not accepted:
            clear = OutlinedButton(self._theme, self.tr("Clear the filter"))
            clear.clicked.connect(self._clear)
            title = self.tr("0 of {0} match").format(self.counted(count))
            self._none.say(Emptiness.FILTER_HIDES_ALL, title, "", (clear,))
            self.setCurrentWidget(self._none)
        else:
            self.setCurrentWidget(view)

    def show_failure(self, sentence: str) -> None:
        """Say why nothing could be read."""
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self._retry)
        self._failure.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence, (retry,))
        self.setCurrentWidget(self._failure)
