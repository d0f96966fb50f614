"""Everything about the money of one application: its seats, prices, contracts and idle threshold."""

import threading
from dataclasses import dataclass

from saasdesk.licences.prices import Contract, ExchangeRate, Price, Tariff, list_contracts, list_prices, list_rates
from saasdesk.licences.prices.tariff import read_tariff
from saasdesk.licences.seats import (
    ApplicationSeats,
    Figure,
    OwnDays,
    list_own_days,
    own_days,
    read_application_seats,
    read_findings,
)
from saasdesk.licences.seats.judging import names_in
from saasdesk.store import Store


@dataclass(frozen=True, slots=True)
class Costs:
    """What the tab *Costs & renewal* shows of an application; `seats` is None where it has none."""

    application: int
    currency: str
    seats: ApplicationSeats | None
    potential: Figure
    prices: tuple[Price, ...]
    contracts: tuple[Contract, ...]
    rates: tuple[ExchangeRate, ...]
    tariff: Tariff
    own_days: int | None
    usual_days: int
    # By which prices may go.
    products: tuple[str, ...]
    roles: tuple[str, ...]


def read_costs(store: Store, application: int, stop: threading.Event | None = None) -> Costs:
    """Read all of it."""
    settings = store.settings()
    products, roles = names_in(store, application)
    return Costs(
        application=application,
        currency=settings.currency,
        seats=next(iter(read_application_seats(store, stop, application)), None),
        potential=read_findings(store, stop, application).potential,
        prices=tuple(list_prices(store, application)),
        contracts=tuple(list_contracts(store, application)),
        rates=tuple(list_rates(store)),
        tariff=read_tariff(store),
        own_days=own_days(store, application),
        usual_days=settings.idle_days,
        products=tuple(products),
        roles=tuple(roles),
    )


@dataclass(frozen=True, slots=True)
class CostRules:
    """By what the money of every application is told; `unrated` are the currencies that no rate leads from yet."""

    currency: str
    rates: tuple[ExchangeRate, ...]
    unrated: tuple[str, ...]
    own_days: tuple[OwnDays, ...]


def read_cost_rules(store: Store) -> CostRules:
    """Read the exchange rates to the reporting currency, and who has an idle threshold of its own."""
    currency = store.settings().currency
    rates = tuple(rate for rate in list_rates(store) if rate.reporting == currency)
    used = {price.money.currency for price in list_prices(store)}
    used |= {contract.money.currency for contract in list_contracts(store)}
    unrated = used - {currency} - {rate.currency for rate in rates}
    return CostRules(currency, rates, tuple(sorted(unrated)), tuple(list_own_days(store)))
