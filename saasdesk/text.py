"""Text from elsewhere: folded to be compared, and made safe to look at, with a token for what is invisible."""

import re
import unicodedata
from functools import lru_cache

# Letters by their category, yet nothing is seen of them.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_MARKS = re.compile("[\u0300-\u036f]+")
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d"})
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Soft hyphen, joiners, zero-width spaces, direction marks: they are not seen, and so they do not count.
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x034F, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
# The grapheme joiner, the only one of these that Python calls printable.
_PRINTABLE_INVISIBLE = "\u034f"


def fold_text(value: object) -> str | None:
    """The form in which a value is matched and kept unique; None when nothing is left of it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    if text.isascii():
        return text.strip().lower() or None
    seen = unicodedata.normalize("NFC", text)
    # Most texts have nothing invisible, and to see that is quicker than to go through all letters.
    if not seen.isprintable() or _PRINTABLE_INVISIBLE in seen:
        seen = seen.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", seen.strip().casefold()) or None


def sort_key(text: str | None) -> str | None:
    """Where a reader would look for a word: Å beside A, whatever its case."""
    if text is None:
        return None
    if text.isascii():
        return text.lower()
    return _sort_key_beyond_ascii(text)


# First names and titles repeat: to look one up is quicker than to take it apart.
@lru_cache(maxsize=16_384)
def _sort_key_beyond_ascii(text: str) -> str:
    return without_strokes(_MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold())


def without_strokes(text: str) -> str:
    """Small letters that have a stroke where Unicode knows no accent, as those without: ł is looked for as l."""
    return text.translate(_STROKES)


def is_invisible(number: int) -> bool:
    """Whether nothing is seen of the character with this number, so that it does not count when texts are compared."""
    return number in _INVISIBLE


def is_mail_address(text: str) -> bool:
    """Whether mail could be sent there, by its looks: one @ between a name and a domain, and nothing hidden."""
    return not why_no_mail_address(text)


def why_no_mail_address(text: str) -> str:
    """What keeps a text from being a mail address, as the end of a sentence; empty when it looks like one."""
    name, at, domain = text.rpartition("@")
    odd = re.search(r"[\s,;<>()\[\]]", text)
    if not at:
        return "it has no @"
    if visible_text(text) != text:
        return "it has a character that cannot be seen"
    if odd is not None:
        return "it has a space" if odd[0].isspace() else f"it has a “{odd[0]}”"
    if "@" in name:
        return "it has more than one @"
    if not name:
        return "nothing stands before the @"
    if not domain:
        return "nothing stands after the @"
    return "what stands after the @ is no domain" if domain.startswith((".", "-")) or domain.endswith(".") else ""


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
