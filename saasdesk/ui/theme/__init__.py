"""How the window looks: one token file becomes palette, style sheet, fonts and icons."""

from saasdesk.ui.theme.theme import Theme, ThemeMode, zoom_step

__all__ = ["Theme", "ThemeMode", "zoom_step"]
