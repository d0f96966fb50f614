import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.text import fold_text


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("Ana.Ruiz@Example.COM ", "ana.ruiz@example.com"),
        ("A\u0308rger", "ärger"),
        ("Stra\u00dfe", "strasse"),
        ("ana\u200b@example.com", "ana@example.com"),
        ("\ufeffana", "ana"),
        ("\u202eana\u202c", "ana"),
        ("\u200b \u200b", None),
        ("", None),
        (None, None),
        (42, "42"),
        ("佐藤", "佐藤"),
    ],
)
def test_that_what_people_would_call_the_same_is_the_same(value: object, folded: str | None) -> None:
    assert fold_text(value) == folded


@given(st.text())
def test_that_what_is_folded_stays_as_it_is(text: str) -> None:
    folded = fold_text(text)

    assert fold_text(folded) == folded


@given(st.text(st.characters(codec="ascii")))
def test_that_plain_letters_are_folded_like_all_others(text: str) -> None:
    short_way, long_way = fold_text(text), fold_text(f"{text}\u200b")

    assert short_way == long_way
