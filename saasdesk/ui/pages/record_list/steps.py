"""From one record to the next, in the order of the list they were opened from."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from saasdesk.ui.moments import number
from saasdesk.ui.navigation import Command
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class RecordSteps(QWidget):
    """Says where in the list a record stands, and leads to the one before and the one after.

    `order` has the records of the list as it is sorted and filtered, `go` opens one of them.
    """

    def __init__(
        self,
        theme: Theme,
        previous: str,
        following: str,
        order: Callable[[], Sequence[int]],
        go: Callable[[int], object],
    ) -> None:
        super().__init__()
        self._order, self._go = order, go
        self._record: int | None = None
        self.position = PlainLabel("", "secondary", "muted", digits=True)
        self.previous = IconButton(theme, "chevron-up", previous, shortcut="Alt+Up", outlined=True)
        self.next = IconButton(theme, "chevron-down", following, shortcut="Alt+Down", outlined=True)
        self.previous.clicked.connect(self.go_to_previous)
        self.next.clicked.connect(self.go_to_next)
        self._commands = (
            Command(previous, self.go_to_previous, "Alt+Up", "arrow-up", "Go"),
            Command(following, self.go_to_next, "Alt+Down", "arrow-down", "Go"),
        )
        row = Row(theme, gap=12)
        for widget in (self.position, self.previous, self.next):
            row.addWidget(widget)
        self.setLayout(row)

    def commands(self) -> Sequence[Command]:
        """The same by keyboard."""
        return self._commands

    def show_record(self, record: int | None) -> None:
        """Say where this record stands now; nowhere, if the list does not show it."""
        self._record = record
        place, order = self._place()
        self.previous.setEnabled(place is not None and place > 0)
        self.next.setEnabled(place is not None and place + 1 < len(order))
        text = "" if place is None else self.tr("{0} of {1}").format(number(place + 1), number(len(order)))
        self.position.set_text(text)

    def go_to_previous(self) -> None:
        """Show what the list has before this record."""
        self._step(-1)

    def go_to_next(self) -> None:
        """Show what the list has after this record."""
        self._step(1)

    def _step(self, by: int) -> None:
        place, order = self._place()
        if place is not None and 0 <= place + by < len(order):
            self._go(order[place + by])

    def _place(self) -> tuple[int | None, Sequence[int]]:
        order = self._order()
        try:
            return order.index(self._record) if self._record is not None else None, order
        except ValueError:
            return None, order
