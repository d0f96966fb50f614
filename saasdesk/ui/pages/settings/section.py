"""What the sections of the settings have in common."""

import re

from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from saasdesk.settings import Settings
from saasdesk.ui.pages.settings.kept_fields import KeptFields
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.paragraph import Paragraph


class Section(Card):
    """A card with a title and a line that says what it is about; `error` at its end says what went wrong with it."""

    def __init__(self, theme: Theme, title: str, about: str = "", *actions: QWidget) -> None:
        super().__init__(theme, gap=12, margins=(16, 12, 16, 16))
        self._theme = theme
        self.title = title
        self.setAccessibleName(title)
        self.add_title(title, *actions)
        if about:
            self.body.addWidget(Paragraph(theme, about, role="secondary", tone="muted"))
        self.fields = KeptFields(self)
        self.error = InlineError(theme, self)

    def finish(self) -> None:
        """Nothing more comes."""
        self.body.addWidget(self.error)

    def show_settings(self, settings: Settings) -> None:
        """Show what is kept."""
        self.fields.show_settings(settings)

    def is_about(self, words: str) -> bool:
        """Whether all of these words stand somewhere in here, or in the shell's names of the settings."""
        texts = [self.title, *self.fields.keys]
        texts += [label.text() for label in self.findChildren(QLabel)]
        texts += [button.text() or button.accessibleName() for button in self.findChildren(QAbstractButton)]
        texts += [edit.placeholderText() for edit in self.findChildren(QLineEdit)]
        whole = " ".join(texts).casefold()
        return all(word in whole for word in words.casefold().split())


def section_grid(theme: Theme) -> FormGrid:
    """A form that lies in a section."""
    grid = FormGrid(theme, gap=12)
    grid.setContentsMargins(0, 0, 0, 0)
    return grid


def without_key(reason: str) -> str:
    """Why a value cannot be, for a place where it is seen of which setting: the names of the keys are the shell's."""
    return re.sub(r"^The setting \w+ cannot be ", "", reason)
