import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.ui.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Asha Nair", "AN"),
        ("Łukasz Żak", "ŁŻ"),
        ("Юлия Соколова", "ЮС"),
        ("Αλέξης Παππάς", "ΑΠ"),
        ("ليلى حداد", "لح"),
        ("佐藤 花子", "佐"),
        ("王小明", "王"),
        ("김민준", "김"),
        ("आशीष वर्मा", "आ"),
        ("สมชาย ใจดี", "ส"),
        ("เอกชัย", "อ"),
        ("ana.ruiz@example.com", "AR"),
        ("Maria de la Cruz", "MC"),
        ("Cher", "C"),
        ("2nd Admin", "2A"),
        ("", "?"),
        ("—", "?"),
    ],
)
def test_that_initials_suit_the_script(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text())
def test_that_any_name_gives_one_or_two_characters(name: str) -> None:
    assert 1 <= len(initials(name)) <= 2
