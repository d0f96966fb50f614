"""`saasdesk price`: what a seat costs, and what other currencies are worth."""

from datetime import date

import typer

from saasdesk import clock
from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.errors import UserError
from saasdesk.licences.money import Period, read_money, read_rate
from saasdesk.licences.prices import (
    ExchangeRate,
    Price,
    PriceScope,
    delete_price,
    delete_rate,
    keep_price,
    keep_rate,
    list_prices,
    list_rates,
)
from saasdesk.records.software import SaasApplication, application_called, application_names
from saasdesk.store import Store

NAME = "price"
app = typer.Typer(help="What seats cost, and exchange rates.")

_PRODUCT = typer.Option("", "--product", help="Only the seats of this product.")
_ROLE = typer.Option("", "--role", help="Only the seats of this SaaS role.")
_FROM = typer.Option("", "--from", help="The day from which it counts, such as 2026-01-31; today without it.")


@app.command("set", help="Say what one seat of an application costs: price set PagerDuty 41.00 USD --a year.")
def set_one(
    ctx: typer.Context,
    application: str,
    amount: str,
    currency: str,
    period: Period = typer.Option(Period.MONTH, "--a", help="What it is paid for."),
    product: str = _PRODUCT,
    role: str = _ROLE,
    valid_from: str = _FROM,
) -> None:
    """Keep a price."""
    desk: Desk = ctx.obj
    scope, name = _scope(product, role)
    money, day = read_money(amount, currency), day_of(valid_from)
    with desk.writing() as services:
        found = application_named(services.store, application)
        keep_price(services.store, Price(found.id, money, period, day, scope, name))
    desk.terminal.say(f"A seat of {found.name} costs {money} a {period} from {day}.")


@app.command("list", help="All prices and exchange rates.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All prices."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        store = services.store
        names = names_by_number(store)
        prices, rates = list_prices(store), list_rates(store)
    if as_json:
        desk.terminal.json(
            [
                {
                    "saas_application": names.get(price.application),
                    "for": price.scope.value,
                    "name": price.name,
                    "amount": price.money.figures,
                    "currency": price.money.currency,
                    "period": price.period.value,
                    "valid_from": price.valid_from.isoformat(),
                }
                for price in prices
            ]
        )
        return
    desk.terminal.table(
        ("Application", "For", "One seat", "Valid from"),
        (
            (
                names.get(price.application, ""),
                "every seat" if price.scope is PriceScope.APPLICATION else f"{price.scope.value} {price.name}",
                f"{price.money} a {price.period}",
                price.valid_from,
            )
            for price in prices
        ),
        right=("One seat",),
    )
    for rate in rates:
        desk.terminal.say(f"1 {rate.currency} is {rate.rate:f} {rate.reporting} from {rate.valid_from}.")


@app.command("delete", help="Forget a price; every date of it without --from.")
def delete(
    ctx: typer.Context, application: str, product: str = _PRODUCT, role: str = _ROLE, valid_from: str = _FROM
) -> None:
    """Forget prices."""
    desk: Desk = ctx.obj
    scope, name = _scope(product, role)
    with desk.writing() as services:
        found = application_named(services.store, application)
        gone = [
            price
            for price in list_prices(services.store, found.id)
            if (price.scope, price.name.casefold()) == (scope, name.casefold())
            and (not valid_from or price.valid_from == day_of(valid_from))
        ]
        if not gone:
            raise UserError(f"{found.name} has no such price. See: saasdesk price list")
        for price in gone:
            delete_price(services.store, price)
    desk.terminal.say(f"Prices deleted: {len(gone)}.")


@app.command("rate", help="Say what one unit of a currency is worth in the reporting currency: price rate USD 0.92.")
def rate_one(
    ctx: typer.Context,
    currency: str,
    rate: str = typer.Argument("", help="Empty with --delete."),
    valid_from: str = _FROM,
    delete: bool = typer.Option(False, "--delete", help="Forget its rates; only that of a day with --from."),
) -> None:
    """Keep an exchange rate, or forget it."""
    desk: Desk = ctx.obj
    day = day_of(valid_from)
    with desk.writing() as services:
        if delete:
            gone = [
                each
                for each in list_rates(services.store)
                if each.currency == currency.upper() and (not valid_from or each.valid_from == day)
            ]
            if not gone:
                raise UserError(f"There is no such exchange rate of {currency.upper()}. See: saasdesk price list")
            for each in gone:
                delete_rate(services.store, each)
            desk.terminal.say(f"Exchange rates deleted: {len(gone)}.")
            return
        kept = ExchangeRate(currency, services.store.settings().currency, read_rate(rate), day)
        keep_rate(services.store, kept)
    desk.terminal.say(f"1 {kept.currency.upper()} is {kept.rate:f} {kept.reporting} from {day}.")


def names_by_number(store: Store) -> dict[int, str]:
    """What each application is called."""
    applications = (application_called(store, name) for name in application_names(store))
    return {found.id: found.name for found in applications if found is not None}


def application_named(store: Store, name: str) -> SaasApplication:
    """The application that was meant; a UserError names those that there are."""
    found = application_called(store, name)
    if found is None:
        known = ", ".join(application_names(store)) or "none yet"
        raise UserError(f"There is no SaaS application {name!r}. There are: {known}.")
    return found


def _scope(product: str, role: str) -> tuple[PriceScope, str]:
    if product and role:
        raise UserError("A price is for a product or for a SaaS role, not for both.")
    if product:
        return PriceScope.PRODUCT, product
    return (PriceScope.ROLE, role) if role else (PriceScope.APPLICATION, "")


def day_of(text: str) -> date:
    """The day that was typed; today where none was."""
    if not text:
        return clock.now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text!r} is no day. Write it as year-month-day, such as 2026-01-31.") from None
