"""Text as the search index knows it: no case, no accents, nothing invisible.

Letter by letter, whatever stands beside it. So a text that contains a word in any of its spellings still contains it
when both are written plainly, and no find is lost; the few that are no finds are told apart afterwards.
"""

import unicodedata

from saasdesk.text import is_invisible, without_strokes


class _PlainLetters(dict[int, str]):
    """A letter's number → how it is written plainly; each is worked out once."""

    def __missing__(self, number: int) -> str:
        plain = self[number] = "" if is_invisible(number) else _without_marks(chr(number))
        return plain


def _without_marks(letter: str) -> str:
    # The dotless i has a capital that is everybody's I. What folding makes of a letter may fall apart once more.
    folded = unicodedata.normalize("NFKD", letter).replace("\N{LATIN SMALL LETTER DOTLESS I}", "i").casefold()
    folded = unicodedata.normalize("NFKD", folded).casefold()
    seen = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return without_strokes(seen)


_LETTERS = _PlainLetters()


def plain(text: str) -> str:
    """The text, written plainly."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)
