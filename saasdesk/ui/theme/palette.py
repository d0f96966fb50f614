"""Tokens as a QPalette, for everything that the style sheet does not name."""

from collections.abc import Mapping

from PySide6.QtGui import QColor, QPalette

_Role = QPalette.ColorRole

_ROLES = {
    _Role.Window: "bg",
    _Role.WindowText: "text",
    _Role.Base: "bg",
    _Role.AlternateBase: "surface",
    _Role.Text: "text",
    _Role.Button: "raised",
    _Role.ButtonText: "text",
    _Role.BrightText: "on-accent",
    _Role.ToolTipBase: "tooltip",
    _Role.ToolTipText: "on-tooltip",
    _Role.PlaceholderText: "muted",
    _Role.Highlight: "selection",
    _Role.HighlightedText: "text",
    _Role.Accent: "accent",
    _Role.Link: "accent",
    _Role.LinkVisited: "demo",
    # The shades from which Fusion makes its edges.
    _Role.Light: "raised",
    _Role.Midlight: "line",
    _Role.Mid: "line-strong",
    _Role.Dark: "border",
    _Role.Shadow: "border",
}

_DISABLED_ROLES = {
    _Role.WindowText: "disabled",
    _Role.Text: "disabled",
    _Role.ButtonText: "disabled",
    _Role.PlaceholderText: "disabled",
    _Role.HighlightedText: "disabled",
    _Role.Highlight: "neutral-tint",
    _Role.Accent: "disabled",
    _Role.Link: "disabled",
    _Role.LinkVisited: "disabled",
    _Role.Button: "neutral-tint",
}


def make_palette(colors: Mapping[str, str]) -> QPalette:
    """A palette with every role set, so that nothing of the desktop's own colours shows through."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(QPalette.ColorGroup.All, role, QColor(colors[token]))
    for role, token in _DISABLED_ROLES.items():
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors[token]))
    return palette
