"""Text from vendors, made safe to look at: what is invisible or turns the line round is shown as a token."""

import unicodedata
from functools import lru_cache
from html import escape

# Letters by their category, yet nothing is seen of them.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_LONGEST_TIP_LINE = 80
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible_text(text: str, *, keep_line_breaks: bool = False) -> str:
    """The same text with control, zero-width and direction characters as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    if keep_line_breaks:
        return "\n".join(visible_text(line) for line in text.split("\n"))
    return "".join(map(_visible, text))


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or character in _BLANK_LETTERS:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def escaped_ampersands(text: str) -> str:
    """Text for buttons, tabs and menus, where Qt takes a single & for a shortcut."""
    return text.replace("&", "&&")


def escaped_tip(text: str) -> str:
    """A tool tip that shows data as it is: Qt takes tips that look like markup for markup, and wraps only those."""
    shown = visible_text(text, keep_line_breaks=True)
    is_plain = len(shown) <= _LONGEST_TIP_LINE and "<" not in shown and "&" not in shown
    return shown if is_plain else f"<span style='white-space: pre-wrap'>{escape(shown)}</span>"
