"""What the sections of the settings have in common."""

import re

from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.inline_error import InlineError


class Section(Card):
    """A card with a title; `error` at its end says what went wrong with it."""

    def __init__(self, theme: Theme, title: str, *actions: QWidget) -> None:
        super().__init__(theme, gap=12, margins=(16, 12, 16, 16))
        self._theme = theme
        self.setAccessibleName(title)
        self.add_title(title, *actions)
        self.error = InlineError(theme, self)

    def finish(self) -> None:
        """Nothing more comes."""
        self.body.addWidget(self.error)


def without_key(reason: str) -> str:
    """Why a value cannot be, for a place where it is seen of which setting: the names of the keys are the shell's."""
    return re.sub(r"^The setting \w+ cannot be ", "", reason)
