"""Prices and reclaim from the shell."""

import pytest

from tests.cli.conftest import CommandLine


@pytest.fixture
def company(connected: CommandLine) -> None:
    connected.sync()


def test_that_a_price_makes_the_figures_and_its_rows_agree(cli: CommandLine, company: None) -> None:
    assert cli.json("reclaim", "figures")["potential"]["monthly"] == "0.00"

    said = cli.ok("price", "set", "pagerduty", "10", "USD", "--from", "2020-01-01")
    cli.ok("price", "rate", "usd", "0.5", "--from", "2020-01-01")

    assert said == "A seat of PagerDuty costs 10.00 USD a month from 2020-01-01.\n"
    figures, rows = cli.json("reclaim", "figures"), cli.json("reclaim", "list")
    assert len(rows) == figures["potential"]["seats"] > 0
    assert sum(row["monthly"] for row in rows) == float(figures["potential"]["monthly"])
    assert {row["monthly"] for row in rows} == {5.0}
    (price,) = cli.json("price", "list")
    assert (price["saas_application"], price["amount"], price["currency"]) == ("PagerDuty", "10.00", "USD")

    cli.ok("price", "delete", "PagerDuty")

    assert cli.json("price", "list") == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("-1e3", "EUR"), "No such option"),
        (("1e99", "EUR"), "is no amount"),
        (("abc", "EUR"), "is no amount"),
        (("1", "XYZ"), "is no currency"),
        (("1", "EUR", "--from", "tomorrow"), "is no day"),
        (("1", "EUR", "--product", "a", "--role", "b"), "not for both"),
    ],
)
def test_that_a_price_that_is_none_is_refused_with_a_sentence(
    cli: CommandLine, company: None, words: tuple[str, ...], reason: str
) -> None:
    assert reason in cli.fails(2, "price", "set", "PagerDuty", *words)
    assert cli.json("price", "list") == []


def test_that_an_unknown_application_is_answered_with_the_known_ones(cli: CommandLine, company: None) -> None:
    assert "There are: PagerDuty" in cli.fails(2, "price", "set", "Slack", "1", "EUR")


def test_that_a_contract_is_kept_changed_listed_and_deleted(cli: CommandLine, company: None) -> None:
    words = ("contract", "set", "pagerduty", "Business", "1200", "USD", "--seats", "10")
    cli.ok(*words, "--renews", "2027-01-31", "--notice-days", "30")
    cli.ok("price", "rate", "USD", "0.5", "--from", "2020-01-01")

    (kept,) = cli.json("contract", "list")
    assert (kept["saas_application"], kept["total"], kept["seats"]) == ("PagerDuty", "1200.00", 10)
    assert kept["cancel_by"] == "2027-01-01"
    assert "2027-01-31" in cli.ok("contract", "list")
    assert {row["monthly"] for row in cli.json("reclaim", "list")} == {5.0}

    cli.ok("contract", "set", "PagerDuty", "business", "2400", "USD", "--seats", "10")
    assert [each["total"] for each in cli.json("contract", "list")] == ["2400.00"]
    assert "ends before it begins" in cli.fails(2, *words, "--starts", "2026-02-01", "--ends", "2026-01-01")
    assert "is no day" in cli.fails(2, *words, "--renews", "soon")
    assert "There are: business." in cli.fails(2, "contract", "delete", "PagerDuty", "Enterprise")

    cli.ok("contract", "delete", "PagerDuty", "BUSINESS")
    assert cli.json("contract", "list") == []
    assert cli.ok("price", "rate", "usd", "--delete") == "Exchange rates deleted: 1.\n"
    assert "no such exchange rate" in cli.fails(2, "price", "rate", "usd", "--delete")
