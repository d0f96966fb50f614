"""What every field of a block's form has in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.canvas.inspector.around import Around
from saasdesk.ui.canvas.inspector.names import Names
from saasdesk.ui.theme import Theme
from saasdesk.workflows.blocks import World
from saasdesk.workflows.blocks.form import FormField


@dataclass(frozen=True, slots=True)
class Setting:
    """What a field is made for: its place in the form, and what it can refer to just now."""

    field: FormField
    world: World
    # Asked for when they are wanted: a large workflow has many.
    names: Callable[[], Names]
    around: Around
    # All settings of the block: a credential goes by the preset beside it.
    settings: Mapping[str, Any]


class SettingField(QWidget):
    """Shows the value of one key as it stands in the document, half filled or not; `changed` when a person changes it.

    `value` gives it back the same way; None stands for a key that is not there.
    """

    changed = Signal()

    # Whether its changes follow each other key by key, and are one step to undo.
    is_typed = False
    # Whether it says its label itself.
    has_own_label = False
    # Whether its parts come and go: what is wrong is then said of the whole.
    has_loose_parts = False

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__()
        self._theme = theme
        self.setting = setting

    def value(self) -> Any:
        """What is filled in."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show what stands in the document, without saying so."""
        raise NotImplementedError

    @property
    def own_problem(self) -> str:
        """What the field itself says is wrong: nobody needs to say it once more below."""
        return ""

    def take_setting(self, setting: Setting) -> None:
        """The field stays as it is, and what is around it is another now."""
        self.setting = setting


def text_of(value: object) -> str:
    """A value for a field of text; what is no text by mistake is shown rather than lost."""
    return "" if value is None else value if isinstance(value, str) else str(value)
