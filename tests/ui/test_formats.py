import pytest
from PySide6.QtCore import QLocale

from saasdesk.licences.money import Money
from saasdesk.ui.formats import choose_formats, days_as_chosen
from saasdesk.ui.money import money_text


def test_that_thousands_are_separated_where_the_desktop_has_no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", QLocale.c)

    choose_formats("system", "words")

    assert money_text(Money(354181, "EUR")) == "3,541.81 EUR"


def test_that_days_within_a_sentence_are_written_as_chosen_and_names_of_files_stay() -> None:
    choose_formats("1,234.56", "day-first")

    assert days_as_chosen("It renews on 2026-12-01, or 2027-01-15.") == "It renews on 01/12/2026, or 15/01/2027."
    for kept in (
        "Seats 2026-11-30 093000.csv",
        "/srv/2026-11-30/x",
        "key-2026-11-30",
        "2026-11-30T09:30:00Z",
        "2026-13-40",
    ):
        assert days_as_chosen(f"See {kept} there") == f"See {kept} there"
