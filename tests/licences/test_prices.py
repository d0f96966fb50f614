from datetime import date
from decimal import Decimal

import pytest

from saasdesk.errors import UserError
from saasdesk.licences.money import Money, Period
from saasdesk.licences.prices import (
    Contract,
    ExchangeRate,
    Price,
    PriceScope,
    delete_price,
    keep_contract,
    keep_price,
    keep_rate,
    list_contracts,
    list_prices,
    read_tariff,
)
from saasdesk.store import Store
from tests.licences.conftest import day_in
from tests.records.listing.company import Company

LONG_AGO = date(2020, 1, 1)


def price(application: int, minor: int, *, currency: str = "EUR", since: date = LONG_AGO, **more: object) -> Price:
    return Price(application, Money(minor, currency), Period.MONTH, since, **more)  # type: ignore[arg-type]


def minors(store: Store) -> dict[str, int | None]:
    return {line.scope: line.minor for line in read_tariff(store).lines}


def test_that_of_several_prices_the_one_that_counts_today_is_taken(store: Store, company: Company) -> None:
    application = company.application("PagerDuty")
    for minor, since in ((100, LONG_AGO), (200, day_in(-1)), (300, day_in(1))):
        keep_price(store, price(application, minor, since=since))

    assert minors(store) == {"application": 200}
    assert len(list_prices(store, application)) == 3


def test_that_a_price_from_the_same_day_takes_the_place_of_the_one_before(store: Store, company: Company) -> None:
    application = company.application("PagerDuty")
    keep_price(store, price(application, 100, scope=PriceScope.PRODUCT, name="Business"))
    keep_price(store, price(application, 150, scope=PriceScope.PRODUCT, name="business "))

    assert [kept.money.minor for kept in list_prices(store)] == [150]


def test_that_another_currency_counts_with_the_latest_rate_and_says_so(store: Store, company: Company) -> None:
    keep_price(store, price(company.application("PagerDuty"), 1_000, currency="USD"))
    assert minors(store) == {"application": None}

    keep_rate(store, ExchangeRate("USD", "EUR", Decimal("0.5"), LONG_AGO))
    keep_rate(store, ExchangeRate("USD", "EUR", Decimal("0.9"), day_in(-1)))

    (line,) = read_tariff(store).lines
    assert line.minor == 900
    assert f"1 USD is 0.9 EUR since {day_in(-1)}" in line.computed


def test_that_a_contract_prices_a_seat_by_their_number_while_it_runs(store: Store, company: Company) -> None:
    application = company.application("PagerDuty")
    contract = Contract(application, "Business plan", Money(120_000, "EUR"), Period.YEAR, seats=100)
    keep_contract(store, contract)
    assert minors(store) == {"contract": 100}

    (kept,) = list_contracts(store)
    keep_contract(store, Contract(application, kept.name, kept.money, kept.period, 100, ends=day_in(-1), id=kept.id))

    assert minors(store) == {}


def test_that_the_last_day_to_cancel_lies_before_the_renewal() -> None:
    contract = Contract(1, "x", Money(1, "EUR"), Period.YEAR, renews_on=date(2027, 1, 31), notice_days=30)

    assert contract.last_day_to_cancel == date(2027, 1, 1)


def test_that_a_contract_that_ends_before_it_begins_is_refused(store: Store, company: Company) -> None:
    money = Money(1, "EUR")
    wrong = Contract(company.application("x"), "x", money, Period.YEAR, starts=day_in(2), ends=day_in(1))

    with pytest.raises(UserError, match="ends before it begins"):
        keep_contract(store, wrong)
    assert list_contracts(store) == []


def test_p16_that_prices_are_in_the_audit_log(store: Store, company: Company) -> None:
    keep_price(store, price(company.application("PagerDuty"), 4_100))
    delete_price(store, list_prices(store)[0])

    with store.reading() as db:
        rows = db.execute_sql("SELECT action, subject FROM audit").fetchall()
    assert rows == [("price.kept", "PagerDuty"), ("price.deleted", "PagerDuty")]
