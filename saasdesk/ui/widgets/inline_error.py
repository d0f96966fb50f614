"""What is wrong with a field, right under it."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.scroll_area import bring_into_view


class InlineError(QWidget):
    """Hidden until there is something to say; the field gets a red edge and tells screen readers the same.

    Of several the one whose field has the keyboard is scrolled to: on a long form nobody would see it otherwise.
    """

    def __init__(self, theme: Theme, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A field that is made of several is marked where the keyboard goes.
        self._field = field.focusProxy() or field
        row = Row(theme, gap=6)
        self._icon = IconLabel(theme, "error", "error", size=14)
        self._text = Paragraph(theme, role="secondary", tone="error")
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        self.setLayout(row)
        self.hide()

    @property
    def message(self) -> str:
        """What is said now; empty when the field is right."""
        return self._text.text()

    def show_error(self, message: str) -> None:
        """Say what is wrong; an empty message takes everything back."""
        self._text.set_runs(message)
        self._field.setProperty("invalid", bool(message))
        self._field.setAccessibleDescription(message)
        self._field.style().unpolish(self._field)
        self._field.style().polish(self._field)
        self.setVisible(bool(message))
        if message:
            QTimer.singleShot(0, self, self._come_into_view)

    def _come_into_view(self) -> None:
        # By now the form has given the keyboard to the first field that is wrong.
        if self._field.hasFocus():
            bring_into_view(self, self._field)

    def clear(self) -> None:
        """Nothing is wrong any more."""
        self.show_error("")
