"""One or two letters that stand for a name, in any script."""

import re
import unicodedata

_BREAKS = re.compile(r"[\s._\-+/]+")
# Scripts in which two initials are usual; elsewhere the first character says more.
_TWO_INITIALS = ("LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "ARMENIAN", "GEORGIAN")
# Thai and Lao vowels that are written before their consonant.
_LEADING_VOWELS = range(0x0E40, 0x0E45), range(0x0EC0, 0x0EC5)


def initials(name: str) -> str:
    """ "Łukasz Żak" → "ŁŻ", "佐藤 花子" → "佐", "ana.ruiz@example.com" → "AR"; "?" when there is no letter."""
    name = unicodedata.normalize("NFC", name.strip())
    if "@" in name and " " not in name:
        name = name.partition("@")[0]
    letters = [letter for word in _BREAKS.split(name) if (letter := _first_letter(word))]
    if not letters:
        return "?"
    if len(letters) > 1 and _takes_two(letters[0]):
        return letters[0] + letters[-1]
    return letters[0]


def _first_letter(word: str) -> str:
    for character in word:
        is_leading_vowel = any(ord(character) in vowels for vowels in _LEADING_VOWELS)
        if character.isalnum() and not is_leading_vowel:
            return character.upper()[0]
    return ""


def _takes_two(letter: str) -> bool:
    return letter.isdigit() or unicodedata.name(letter, "").startswith(_TWO_INITIALS)
