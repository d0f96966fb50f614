"""What the steps of connecting a vendor have in common."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.scroll_area import bring_into_view


class Step(QWidget):
    """One page of the dialog. `changed` says that the button at the end may have become (un)usable.

    A step shows and asks; what is done with its answers is the dialog's.
    """

    changed = Signal()
    next_text = ""
    title = ""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.body = Column(theme, gap=12, margins=(24, 16, 24, 16))
        self.problem = Banner(theme, "error")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.setLayout(self.body)

    @property
    def can_go_on(self) -> bool:
        """Whether the button at the end can be pressed."""
        return True

    def begin(self, connecting: Connecting) -> None:
        """Show how far things are."""

    def check(self) -> bool:
        """Look through what was entered; what is wrong is said under its field, and the first one gets the focus."""
        return True

    def first_field(self) -> QWidget | None:
        """What gets the keyboard when the step is shown; None for the button at the end."""
        return None

    def set_busy(self, *, is_busy: bool) -> None:
        """Nothing can be changed while something goes on with it."""

    def show_problem(self, lead: str, text: str = "") -> None:
        """Say on top of the step what went wrong."""
        self.problem.say("error", lead, text)
        self.problem.show()
        bring_into_view(self.problem)

    def clear_problem(self) -> None:
        """Nothing is wrong any more."""
        self.problem.hide()
