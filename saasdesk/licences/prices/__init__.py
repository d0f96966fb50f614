"""Prices a seat, exchange rates and contracts, as somebody entered them."""

from saasdesk.licences.prices.prices import (
    Contract,
    ExchangeRate,
    Price,
    PriceScope,
    checked_contract,
    checked_price,
    delete_contract,
    delete_price,
    delete_rate,
    keep_contract,
    keep_price,
    keep_rate,
    list_contracts,
    list_prices,
    list_rates,
)
from saasdesk.licences.prices.tariff import RULE, Tariff, TariffLine, read_tariff

__all__ = [
    "RULE",
    "Contract",
    "ExchangeRate",
    "Price",
    "PriceScope",
    "Tariff",
    "TariffLine",
    "checked_contract",
    "checked_price",
    "delete_contract",
    "delete_price",
    "delete_rate",
    "keep_contract",
    "keep_price",
    "keep_rate",
    "list_contracts",
    "list_prices",
    "list_rates",
    "read_tariff",
]
