import pytest
from PySide6.QtCore import QLocale

from saasdesk.licences.money import Money
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.money import money_text


def test_that_thousands_are_separated_where_the_desktop_has_no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", QLocale.c)

    choose_formats("system", "words")

    assert money_text(Money(354181, "EUR")) == "3,541.81 EUR"
