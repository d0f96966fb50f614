"""The prices of today: of each kind of seat the one that counts, and what it comes to in a month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeVar

from saasdesk import clock
from saasdesk.currencies import DECIMALS
from saasdesk.licences.money import Money, Period, a_month
from saasdesk.licences.prices.prices import (
    Contract,
    ExchangeRate,
    Price,
    PriceScope,
    list_contracts,
    list_prices,
    list_rates,
)
from saasdesk.store import Store

Key = TypeVar("Key")
Dated = TypeVar("Dated", Price, ExchangeRate)

# Where prices may stand, the most particular first, and what of a seat they go by.
SCOPES: Mapping[str, str | None] = {
    "product": "product",
    "role": "role",
    "contract_product": "product",
    "contract": None,
    "application": None,
}

RULE = (
    "The most particular price counts: that of the product, else of the SaaS role, of the contract, of the application."
)


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A price as it counts today; `minor` is None where its currency has no exchange rate yet."""

    application: int
    # "product", "role", "contract", "contract_product" or "application"
    scope: str
    name: str
    minor: int | None
    # How it was computed, in one line a reader can check.
    computed: str
    # The price's number; 0 where it is a contract's.
    price: int = 0


@dataclass(frozen=True, slots=True)
class Tariff:
    """All prices that count today, in one currency."""

    currency: str
    lines: tuple[TariffLine, ...]

    def money(self, minor: int) -> Money:
        """So many of the smallest unit of the reporting currency."""
        return Money(minor, self.currency)

    def line_of(self, price: Price) -> TariffLine | None:
        """The line that a price has; None where it does not count today."""
        return next((line for line in self.lines if line.price == price.id), None)


def read_tariff(store: Store, today: date | None = None) -> Tariff:
    """The prices that count today, in the reporting currency of the settings."""
    day = today or clock.now().date()
    currency = store.settings().currency
    rates = _latest(
        (rate.currency, rate) for rate in list_rates(store) if rate.reporting == currency and rate.valid_from <= day
    )
    prices = _latest(
        ((price.application, price.scope, price.name.casefold()), price)
        for price in list_prices(store)
        if price.valid_from <= day
    )
    lines = [_line_of_price(price, rates, currency) for price in prices.values()]
    # Of two contracts for the same seats the one that was made last counts.
    contracts = {
        (contract.application, contract.product.casefold()): contract
        for contract in sorted(list_contracts(store), key=lambda each: (each.starts or date.min, each.id))
        if contract.seats and contract.runs_on(day)
    }
    lines += [_line_of_contract(contract, rates, currency) for contract in contracts.values()]
    return Tariff(currency, tuple(lines))


def _latest(each: Iterable[tuple[Key, Dated]]) -> dict[Key, Dated]:
    found: dict[Key, Dated] = {}
    for key, one in each:
        if key not in found or found[key].valid_from < one.valid_from:
            found[key] = one
    return found


def _line_of_price(price: Price, rates: Mapping[str, ExchangeRate], currency: str) -> TariffLine:
    of = {PriceScope.APPLICATION: "the application", PriceScope.PRODUCT: f"the product {price.name}"}
    what = of.get(price.scope, f"the SaaS role {price.name}")
    text = f"{price.money} a {price.period} from {price.valid_from}, the price of {what}"
    line = _line(price.application, price.scope.value, price.name, price.money, price.period, text, rates, currency)
    return replace(line, price=price.id)


def _line_of_contract(contract: Contract, rates: Mapping[str, ExchangeRate], currency: str) -> TariffLine:
    whole = contract.money
    a_seat = (Decimal(whole.minor) / contract.seats).quantize(Decimal(1), ROUND_HALF_EVEN)
    money = Money(int(a_seat), whole.currency)
    text = f"{whole} a {contract.period} for {contract.seats:,} seats by the contract {contract.name}: {money} a seat"
    scope = "contract_product" if contract.product else "contract"
    return _line(contract.application, scope, contract.product, money, contract.period, text, rates, currency)


def _line(
    application: int,
    scope: str,
    name: str,
    money: Money,
    period: Period,
    text: str,
    rates: Mapping[str, ExchangeRate],
    currency: str,
) -> TariffLine:
    rate = rates.get(money.currency)
    if money.currency != currency and rate is None:
        return TariffLine(application, scope, name, None, f"{text}; there is no exchange rate to {currency} yet")
    factor = Decimal(1) if rate is None or money.currency == currency else rate.rate
    minor = a_month(money, period, factor, currency)
    parts = [text]
    if rate is not None and money.currency != currency:
        parts.append(f"1 {money.currency} is {rate.rate:f} {currency} since {rate.valid_from}")
    if period is Period.YEAR or len(parts) > 1:
        parts.append(f"{Money(minor, currency)} a month")
    return TariffLine(application, scope, name, minor, "; ".join(parts))


def unit_of(currency: str) -> int:
    """How many of the smallest unit make one of the currency."""
    return int(10 ** DECIMALS[currency])
