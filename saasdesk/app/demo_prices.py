"""What the seats of the invented company cost, so that its pictures have money in them."""

import tomllib
from datetime import date
from typing import Any

from saasdesk.licences.money import Period, read_money, read_rate
from saasdesk.licences.prices import (
    Contract,
    ExchangeRate,
    Price,
    PriceScope,
    keep_contract,
    keep_price,
    keep_rate,
    list_prices,
)
from saasdesk.records.software import application_called
from saasdesk.resources import resource
from saasdesk.store import Store

FILE = "demo_prices.toml"


def enter_prices(store: Store, today: date) -> None:
    """Enter them once; whoever changed them since keeps the changes. Contracts end so long after `today`."""
    if list_prices(store):
        return
    told: dict[str, Any] = tomllib.loads(resource(FILE).read_text(encoding="utf-8"))
    since = date.fromisoformat(told["valid_from"])
    for rate in told["rates"]:
        keep_rate(store, ExchangeRate(rate["currency"], rate["reporting"], read_rate(rate["rate"]), since))
    for each in told["prices"]:
        application = application_called(store, each["application"])
        if application is not None:
            scope = PriceScope.PRODUCT if "product" in each else PriceScope.APPLICATION
            money, period = read_money(each["amount"], each["currency"]), Period(each["period"])
            keep_price(store, Price(application.id, money, period, since, scope, each.get("product", "")))
    for each in told["contracts"]:
        application = application_called(store, each["application"])
        if application is not None:
            renews = date.fromordinal(today.toordinal() + each["renews_in_days"])
            contract = Contract(
                application=application.id,
                name=each["name"],
                money=read_money(each["amount"], each["currency"]),
                period=Period(each["period"]),
                starts=date.fromordinal(renews.toordinal() - 365),
                ends=renews,
                renews_on=renews,
                notice_days=each["notice_days"],
                note=each["note"],
            )
            keep_contract(store, contract)
