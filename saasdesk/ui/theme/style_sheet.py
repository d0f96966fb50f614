"""Fills window.qss with colours, sizes and icons."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from saasdesk.resources import resource
from saasdesk.ui.theme.tokens import TextRole

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOR = re.compile(r"@([a-z0-9-]+)")
_ICON = re.compile(r"icon\(([a-z-]+), ([a-z-]+)\)")
_PIXELS = re.compile(r"\b(\d+)u\b")
_POINTS = re.compile(r"\b(\d+(?:\.\d+)?)t\b")


@cache
def _template() -> str:
    return _COMMENT.sub("", resource("theme/window.qss").read_text("utf-8"))


def make_style_sheet(
    colors: Mapping[str, str],
    text_roles: Mapping[str, TextRole],
    pixels: Callable[[int], int],
    points: Callable[[float], float],
    icon_file: Callable[[str, str], str],
) -> str:
    """The style sheet for these colours and this zoom."""
    sheet = _ICON.sub(lambda match: f'url("{icon_file(match[1], match[2])}")', _template() + _text_rules(text_roles))
    sheet = _COLOR.sub(lambda match: colors[match[1]], sheet)
    sheet = _PIXELS.sub(lambda match: f"{pixels(int(match[1]))}px", sheet)
    return _POINTS.sub(lambda match: f"{points(float(match[1])):g}pt", sheet)


def _text_rules(text_roles: Mapping[str, TextRole]) -> str:
    return "".join(
        f'QLabel[role="{name}"] {{'
        f" font-size: {role.points}t; font-weight: {role.weight}; min-height: {role.line}u; }}\n"
        for name, role in text_roles.items()
    )
