"""Text as it is compared: what two people would call the same is the same here."""

import unicodedata

# Soft hyphen, joiners, zero-width spaces, direction marks: they are not seen, and so they do not count.
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x034F, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)


def fold_text(value: object) -> str | None:
    """The form in which a value is matched and kept unique; None when nothing is left of it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    if text.isascii():
        return text.strip().lower() or None
    seen = unicodedata.normalize("NFC", text).translate(_INVISIBLE).strip()
    return unicodedata.normalize("NFC", seen.casefold()) or None
