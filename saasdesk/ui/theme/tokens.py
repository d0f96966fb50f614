"""The named colours, fonts and measures of the window, read from one file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from saasdesk.resources import resource


@dataclass(frozen=True, slots=True)
class TextRole:
    """How large and how heavy a kind of text is at 100 %, and how far its lines are apart."""

    points: float
    weight: int
    line: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything that tokens.json says."""

    light: Mapping[str, str]
    dark: Mapping[str, str]
    contrast_replaces: Mapping[str, str]
    contrast_edge: int
    family: str
    text_roles: Mapping[str, TextRole]
    measures: Mapping[str, int]

    def colors(self, *, dark: bool, high_contrast: bool) -> dict[str, str]:
        """Every token's colour; in high contrast tints go and hairlines become real edges."""
        plain = self.dark if dark else self.light
        if not high_contrast:
            return dict(plain)
        return {token: plain[self._stand_in(token)] for token in plain}

    def _stand_in(self, token: str) -> str:
        while token in self.contrast_replaces:
            token = self.contrast_replaces[token]
        return token


@cache
def load_tokens() -> Tokens:
    """Read tokens.json once."""
    data = json.loads(resource("theme/tokens.json").read_text("utf-8"))
    return Tokens(
        light=data["light"],
        dark=data["dark"],
        contrast_replaces=data["high_contrast"]["replace"],
        contrast_edge=data["high_contrast"]["edge"],
        family=data["fonts"]["family"],
        text_roles={role: TextRole(*numbers) for role, numbers in data["fonts"]["roles"].items()},
        measures=data["measures"],
    )
