"""Plain text is never stricter than the quick filter: two spellings of one letter are the same letter here."""

import unicodedata

import pytest

from saasdesk.records.listing.rows.words import forms_of
from saasdesk.records.search.plain import plain
from saasdesk.text import fold_text


def has_spellings(letter: str) -> bool:
    return len({letter, letter.upper(), letter.lower(), letter.casefold(), unicodedata.normalize("NFD", letter)}) > 1


LETTERS = [chr(number) for number in range(0x30000) if not 0xD800 <= number < 0xE000]


def test_that_every_letter_is_written_as_all_its_spellings_are() -> None:
    spellings = {
        letter: [
            *forms_of(letter),
            letter.casefold(),
            unicodedata.normalize("NFC", letter),
            unicodedata.normalize("NFD", letter),
        ]
        for letter in filter(has_spellings, LETTERS)
    }

    assert [
        (letter, other) for letter, others in spellings.items() for other in others if plain(other) != plain(letter)
    ] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë ÅNGSTRÖM", "zoe angstrom"),
        ("Straße", "strasse"),
        ("Łukasz Sørensen Đorđe", "lukasz sorensen dorde"),
        ("DIŞ KAPI \N{LATIN SMALL LETTER DOTLESS I}ss\N{LATIN SMALL LETTER DOTLESS I}z", "dis kapi issiz"),
        ("佐藤 🙂", "佐藤 🙂"),
        ("so\u00adft \u202eright", "soft right"),
        ("Ανδρέας", "ανδρεασ"),
    ],
)
def test_that_case_accents_and_what_is_invisible_do_not_count(text: str, written: str) -> None:
    assert plain(text) == written
    assert plain(unicodedata.normalize("NFD", text)) == written
    assert (plain(fold_text(text) or "")) == written
