"""Where on the way somebody is: the steps by name, those behind with a tick."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class StepsBar(QWidget):
    """Names and ticks; screen readers hear "Step 2 of 7: Key"."""

    def __init__(self, theme: Theme, names: Sequence[str]) -> None:
        super().__init__()
        self._names = tuple(names)
        self._labels: list[PlainLabel] = []
        self._ticks: list[IconLabel] = []
        row = Row(theme, gap=6, margins=(24, 0, 24, 10))
        for place, name in enumerate(names):
            if place:
                row.addWidget(IconLabel(theme, "chevron-right", "disabled", size=10))
            tick = IconLabel(theme, "check", "ok", size=12)
            label = PlainLabel(name, "secondary", "muted")
            row.addWidget(tick)
            row.addWidget(label)
            self._ticks.append(tick)
            self._labels.append(label)
        row.addStretch(1)
        self.setLayout(row)
        self.show_place(0)

    def show_place(self, current: int) -> None:
        """Show how far it is."""
        for place, (tick, label) in enumerate(zip(self._ticks, self._labels, strict=True)):
            tick.setVisible(place < current)
            if place == current:
                label.set_look("secondary-strong", "accent")
            else:
                label.set_look("secondary", "text" if place < current else "muted")
        self.setAccessibleName(
            self.tr("Step {0} of {1}: {2}").format(current + 1, len(self._names), self._names[current])
        )
