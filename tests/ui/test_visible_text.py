import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.ui.visible_text import escaped_ampersands, escaped_tip, visible_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        ("Юлия · 佐藤 · Łukasz", "Юлия · 佐藤 · Łukasz"),
        ("annual\u202egpj.exe", "annual⟨U+202E⟩gpj.exe"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x00b\tc\nd", "a⟨U+0000⟩b⟨U+0009⟩c⟨U+000A⟩d"),
        ("\ufeffkey", "⟨U+FEFF⟩key"),
        ("\u3164", "⟨U+3164⟩"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_that_hidden_characters_are_shown_as_tokens(text: str, shown: str) -> None:
    assert visible_text(text) == shown


def test_that_line_breaks_stay_where_several_lines_are_wanted() -> None:
    assert visible_text("one\ntwo\u200e", keep_line_breaks=True) == "one\ntwo⟨U+200E⟩"


@given(st.text())
def test_that_nothing_that_is_shown_can_hide(text: str) -> None:
    shown = visible_text(text)

    assert visible_text(shown) == shown
    assert "\u202e" not in shown
    assert "\n" not in shown


def test_that_ampersands_do_not_become_shortcuts() -> None:
    assert escaped_ampersands("R&D") == "R&&D"


@pytest.mark.parametrize("text", ["<img src='file:///etc/passwd'>", "a & b", "x" * 200])
def test_that_a_tool_tip_never_takes_data_for_markup(text: str) -> None:
    tip = escaped_tip(text)

    assert tip.startswith("<span")
    assert "<img" not in tip


def test_that_a_short_tool_tip_stays_plain() -> None:
    assert escaped_tip("Edit the mapping") == "Edit the mapping"
