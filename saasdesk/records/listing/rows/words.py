"""Conditions that find a word in texts, whatever its case."""

import unicodedata
from collections.abc import Sequence

from saasdesk.fields import fold_key
from saasdesk.records.listing.rows.shape import Searched


def contains(searched: Sequence[Searched], word: str) -> tuple[str, list[str]]:
    """A condition that finds the word in any of the texts, whatever its case, and never calls Python.

    LIKE knows the case of ASCII letters only; for others a GLOB names both forms of each letter.
    """
    folded = _like_pattern(fold_key(word) or word)
    globs = [] if word.isascii() else [_glob(form) for form in _spellings(word)]
    alternatives: list[str] = []
    parameters: list[str] = []
    for text in searched:
        if text.is_folded or folded.isascii():
            alternatives.append(f"{text.expression} LIKE ? ESCAPE '\\'")
            parameters.append(folded)
        if not text.is_folded:
            for condition, values in globs:
                alternatives.append(condition.format(x=text.expression))
                parameters += values
    return f"({' OR '.join(alternatives)})", parameters


def _like_pattern(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _spellings(word: str) -> set[str]:
    """The word with its accents joined to their letters, and beside them: vendors send both."""
    return {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)}


def _glob(word: str) -> tuple[str, list[str]]:
    """A condition on {x}, and its values: a GLOB is slow, so whatever lacks the rarest letter is left out before it."""
    rare = sorted(forms_of(next(letter for letter in word if not letter.isascii())))
    has_rare = " OR ".join(["instr({x}, ?)"] * len(rare))
    pattern = "".join(map(_either_case, word))
    return f"(({has_rare}) AND {{x}} GLOB ?)", [*rare, f"*{pattern}*"]


def _either_case(letter: str) -> str:
    forms = forms_of(letter)
    return letter if len(forms) == 1 and letter not in "*?[" else f"[{''.join(sorted(forms))}]"


def forms_of(letter: str) -> set[str]:
    """Every letter that is the same one, whatever its case."""
    forms = {form for form in (letter, letter.lower(), letter.upper(), letter.casefold()) if len(form) == 1}
    # Greek has a second small sigma for the end of a word.
    return forms | set("Σσς") if forms & set("σς") else forms
