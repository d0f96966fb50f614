"""Workflows that an integration makes needless once it deactivates, each with the way to pause it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph, Run

Pause = Callable[[str, Callable[[], object]], object]
"""Pauses the workflow of this name; the second argument is called once it is paused."""


class WorkflowHint(QWidget):
    """One line a workflow. It is paused at once: that is no part of the form."""

    def __init__(self, theme: Theme, vendor: str, names: Sequence[str], pause: Pause) -> None:
        super().__init__()
        self._pause = pause
        self.is_needed = bool(names)
        self.buttons: dict[str, LinkButton] = {}
        self.lines: dict[str, Paragraph] = {}
        column = Column(theme, gap=4)
        for name in names:
            words = self.tr("The workflow “{0}” looks up the same users of {1}. A run does that itself now: pause it.")
            line = Paragraph(theme, words.format(name, vendor), role="secondary", tone="warn")
            button = LinkButton(theme, self.tr("Pause"), "pause")
            button.setAccessibleName(self.tr("Pause the workflow “{0}”").format(name))
            button.clicked.connect(partial(self._on_pause, name))
            self.lines[name], self.buttons[name] = line, button
            row = Row(theme, gap=8)
            row.addWidget(line, 1)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        self.setLayout(column)

    def _on_pause(self, name: str, _checked: object = None) -> None:
        self.buttons[name].setEnabled(False)
        self._pause(name, partial(self._show_paused, name))

    def _show_paused(self, name: str) -> None:
        self.buttons[name].hide()
        self.lines[name].set_runs(Run(self.tr("The workflow “{0}” is paused.").format(name), tone="muted"))
