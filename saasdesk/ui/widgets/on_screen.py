"""How large a window may be: as it wishes, as far as the screen allows."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme

# What the frame that a desktop puts round a window may need.
_FRAME = 40


def size_on_screen(theme: Theme, window: QWidget, width: int, height: int) -> QSize:
    """This size at 100 %, larger with the letters, and never beyond the screen that the window is on."""
    room = window.screen().availableGeometry()
    return QSize(min(theme.px(width), room.width()), min(theme.px(height), room.height() - _FRAME))
