import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.text import fold_text, is_mail_address, why_no_mail_address


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


HIDDEN = "\u00ad\u034f\u180e\u200b\u200d\u200e\u202a\u202e\u2060\u206f\ufeff"


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda letter: f"{ord(letter):04x}")
def test_that_what_is_not_seen_does_not_count_among_letters_beyond_ascii(hidden: str) -> None:
    assert fold_text(f"Zo{hidden}ë") == fold_text("zoë")


@pytest.mark.parametrize("text", ["it@example.com", "o'hara+saas@mail.example.com", "jörg@example.com"])
def test_that_an_address_can_be_written_to(text: str) -> None:
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it",
        "@example.com",
        "it@",
        "a@b@c",
        "it @example.com",
        "it@.com",
        "it@com.",
        "A <a@example.com>",
        "a\u202e@b.c",
    ],
)
def test_that_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert not is_mail_address(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ana", "it has no @"),
        ("ana ruiz@example.com", "it has a space"),
        ("Ana <ana@example.com>", "it has a space"),
        ("ana,li@example.com", "it has a “,”"),
        ("ana@li@example.com", "it has more than one @"),
        ("@example.com", "nothing stands before the @"),
        ("ana@", "nothing stands after the @"),
        ("ana@.com", "what stands after the @ is no domain"),
        ("ana\u200b@example.com", "it has a character that cannot be seen"),
        ("ana@example.com", ""),
    ],
)
def test_that_it_is_said_what_keeps_a_text_from_being_an_address(text: str, reason: str) -> None:
    assert why_no_mail_address(text) == reason
