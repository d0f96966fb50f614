"""What a person pastes becomes a key, or a sentence that shows none of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.credentials.entry import clean_key
from saasdesk.errors import ExitCode, UserError
from saasdesk.web import HeaderKey


@pytest.mark.parametrize("pasted", ["abcdefgh", "  abcdefgh\t", "abcdefgh\n", "abcdefgh\r\n", "\ufeff abcdefgh"[1:]])
def test_that_space_and_line_ends_around_a_key_are_dropped(pasted):
    assert clean_key(pasted).reveal() == "abcdefgh"


def test_that_the_vendors_prefix_is_dropped():
    assert clean_key("Token token=abcdefgh\n", HeaderKey("Authorization", "Token token=")).reveal() == "abcdefgh"


@pytest.mark.parametrize("length", [8, 1200])
def test_that_the_shortest_and_the_longest_key_are_taken(length):
    assert len(clean_key("k" * length).reveal()) == length


@pytest.mark.parametrize("pasted", ["", "   ", "k" * 7, "k" * 1201])
def test_that_a_key_of_an_impossible_length_is_refused(pasted):
    with pytest.raises(UserError, match="between 8 and 1,200") as raised:
        clean_key(pasted)

    assert raised.value.exit_code == ExitCode.CREDENTIAL


@pytest.mark.parametrize("odd", ["\n", "\x00", "\t", "ü", "\u2013", "\u200b", "\u202e", "\x7f", "😀"])
def test_p07_a_character_that_cannot_be_sent_is_named_by_its_place_only(odd):
    with pytest.raises(UserError) as raised:
        clean_key(f"abcd{odd}secret")

    assert str(raised.value).startswith("Character 5 of the key is not a plain letter, digit or sign.")
    assert "secret" not in str(raised.value)


@given(st.text())
def test_that_whatever_is_accepted_can_be_sent(pasted):
    try:
        key = clean_key(pasted).reveal()
    except UserError:
        return

    assert key.isascii()
    assert key.isprintable()
    assert key == key.strip()
