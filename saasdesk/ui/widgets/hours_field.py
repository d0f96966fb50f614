"""Hours of the day that may be left out, or not: a tick and two times."""

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.stepped_fields import TimeField

_FORM = "HH:mm"


class HoursField(QWidget):
    """`text` is "22:00-07:00", or nothing while it is not ticked; `entered` comes when somebody is through with it."""

    changed = Signal()
    entered = Signal()

    def __init__(self, theme: Theme, words: str, begin: str, end: str, *, ticked: bool = False) -> None:
        super().__init__()
        self.on = QCheckBox(words)
        self.on.setChecked(ticked)
        self.begin = TimeField(theme, self.tr("Quiet from"))
        self.end = TimeField(theme, self.tr("Quiet until"))
        self.begin.setTime(QTime.fromString(begin, _FORM))
        self.end.setTime(QTime.fromString(end, _FORM))
        row = Row(theme, gap=8)
        row.addWidget(self.on)
        row.addWidget(self.begin)
        row.addWidget(PlainLabel(self.tr("and")))
        row.addWidget(self.end)
        row.addStretch(1)
        self.setLayout(row)
        self.setFocusProxy(self.on)
        self.on.toggled.connect(self._on_toggled)
        self.on.clicked.connect(self.entered)
        for field in (self.begin, self.end):
            field.timeChanged.connect(self.changed)
            field.editingFinished.connect(self.entered)
        self._show_ticked()

    @property
    def hours(self) -> tuple[str, str]:
        """What stands in the two fields, ticked or not."""
        return self.begin.time().toString(_FORM), self.end.time().toString(_FORM)

    def text(self) -> str:
        """The hours in one word; empty while they are not ticked."""
        return "-".join(self.hours) if self.on.isChecked() else ""

    def set_text(self, text: str) -> None:
        """Show these hours; without any the fields keep what they had, for whoever ticks them again."""
        self.on.setChecked(bool(text))
        begin, _, end = text.partition("-")
        if text:
            self.begin.setTime(QTime.fromString(begin, _FORM))
            self.end.setTime(QTime.fromString(end, _FORM))
        self._show_ticked()

    def _on_toggled(self) -> None:
        self._show_ticked()
        self.changed.emit()

    def _show_ticked(self) -> None:
        for field in (self.begin, self.end):
            field.setEnabled(self.on.isChecked())
