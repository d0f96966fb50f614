from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.currencies import DECIMALS
from saasdesk.errors import UserError
from saasdesk.licences.money import Money, Period, a_month, read_money, read_rate


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.50", "EUR", 1250), ("12,5", "eur", 1250), (" 7 ", "USD", 700), ("1200", "JPY", 1200), ("0.125", "KWD", 125)],
)
def test_that_an_amount_is_kept_as_a_whole_number_of_its_smallest_unit(text: str, currency: str, minor: int) -> None:
    assert read_money(text, currency) == Money(minor, currency.upper())


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("-1", "EUR", "never below zero"),
        ("1e99", "EUR", "is no amount"),
        ("abc", "EUR", "is no amount"),
        ("", "EUR", "Write the amount"),
        ("NaN", "EUR", "is no amount"),
        ("1234567890", "EUR", "at most"),
        ("٣", "EUR", "is no amount"),
        ("1.005", "EUR", "has 2 decimals"),
        ("1.5", "JPY", "has no decimals"),
        ("1", "EURO", "is no currency"),
        ("1", "XYZ", "is no currency"),
    ],
)
def test_that_what_is_no_amount_is_answered_with_a_sentence(text: str, currency: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_money(text, currency)


@pytest.mark.parametrize("text", ["0", "-0.9", "1e3", "", "x"])
def test_that_what_is_no_exchange_rate_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is no exchange rate"):
        read_rate(text)


def test_that_a_price_a_year_is_a_twelfth_a_month_rounded_once() -> None:
    assert a_month(Money(77_900, "EUR"), Period.YEAR, Decimal(1), "EUR") == 6_492


def test_that_an_amount_changes_its_decimals_with_its_currency() -> None:
    assert a_month(Money(1_000, "JPY"), Period.MONTH, Decimal("0.0062"), "EUR") == 620


@given(st.integers(0, 99_999_999_999), st.sampled_from(sorted(DECIMALS)))
def test_that_figures_are_read_back_as_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor % 10 ** (8 + DECIMALS[currency]), currency)

    assert read_money(money.figures, currency) == money
