"""Text from elsewhere, made safe to look at: what is invisible or turns the line round is shown as a token."""

import unicodedata
from functools import lru_cache

# Letters by their category, yet nothing is seen of them.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible_text(text: str, *, keep_line_breaks: bool = False) -> str:
    """The same text with control, zero-width and direction characters as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    if keep_line_breaks:
        return "\n".join(visible_text(line) for line in text.split("\n"))
    return "".join(map(_visible, text))


def visible_json(document: str) -> str:
    """JSON that means the same, with hidden characters inside its texts written as escapes."""
    return document if _is_plain(document) else "".join(map(_json_escaped, document))


def visible_toml(document: str) -> str:
    """TOML that means the same, with hidden characters inside its texts written as escapes."""
    return document if _is_plain(document) else "".join(map(_toml_escaped, document))


def _is_plain(document: str) -> bool:
    # What else is hidden in ASCII, JSON and TOML escape by themselves; line breaks stand between their lines.
    return document.isascii() and "\x7f" not in document


@lru_cache(maxsize=4096)
def _json_escaped(character: str) -> str:
    if character in "\n\t" or _visible(character) == character:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))


@lru_cache(maxsize=4096)
def _toml_escaped(character: str) -> str:
    if character in "\n\t" or _visible(character) == character:
        return character
    return f"\\U{ord(character):08X}"


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or character in _BLANK_LETTERS:
        return f"⟨U+{ord(character):04X}⟩"
    return character
