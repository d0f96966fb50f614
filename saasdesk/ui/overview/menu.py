"""What can be done with a thing of an overview: groups of words, each of which is one wish."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.ui.visible_text import escaped_ampersands

Entry = tuple[str, str]
"""What stands in the menu, and the wish that it says."""
Say = Callable[[str], object]


def add_groups(menu: QMenu, groups: Sequence[Sequence[Entry]], say: Say) -> None:
    """Put groups of entries into a menu, with a line between them; `say` hears the wish that was chosen."""
    for group in groups:
        if not menu.isEmpty():
            menu.addSeparator()
        for text, wish in group:
            action = menu.addAction(escaped_ampersands(text))
            action.triggered.connect(partial(_say, say, wish))
            if wish == "rename":
                # Shown only: who has the keyboard hears the key itself.
                action.setShortcut(QKeySequence(Qt.Key.Key_F2))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)


def pop_up_below(button: QWidget, menu: QMenu) -> None:
    """Show a menu below the button that it belongs to; it goes when it is closed."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))


def _say(say: Say, wish: str, _checked: bool = False) -> None:
    say(wish)
