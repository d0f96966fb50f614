"""What an admin enters about money: prices, exchange rates, contracts. Everything is checked before it is kept."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from saasdesk.errors import UserError
from saasdesk.licences.money import Money, Period, read_currency, read_rate
from saasdesk.licences.prices import rows
from saasdesk.store import Connection, Store, audit

_LONGEST = 200
_LONGEST_NOTE = 1_000
_MOST_SEATS = 10_000_000
_MOST_NOTICE_DAYS = 730


class PriceScope(StrEnum):
    """What a price is for: all seats of an application, or those of a product, or of accounts with a SaaS role."""

    APPLICATION = "application"
    PRODUCT = "product"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Price:
    """What one seat costs from a day on."""

    application: int
    money: Money
    period: Period
    valid_from: date
    scope: PriceScope = PriceScope.APPLICATION
    # The product or the SaaS role; empty where the price is the application's.
    name: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of a currency is worth in the reporting currency, from a day on."""

    currency: str
    reporting: str
    rate: Decimal
    valid_from: date


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed with a vendor: the total for so many seats, until when, and by when to say no.

    `seats` 0 means that nobody said how many; then the contract prices no seat.
    """

    application: int
    name: str
    money: Money
    period: Period
    seats: int = 0
    product: str = ""
    starts: date | None = None
    ends: date | None = None
    renews_on: date | None = None
    notice_days: int = 0
    note: str = ""
    id: int = 0

    @property
    def last_day_to_cancel(self) -> date | None:
        """By when notice must be given; None where nothing renews."""
        return None if self.renews_on is None else self.renews_on - timedelta(days=self.notice_days)

    def runs_on(self, day: date) -> bool:
        """Whether the contract holds on this day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


def checked_price(price: Price) -> Price:
    """The price as it is kept; a UserError says what is wrong with it."""
    name = " ".join(price.name.split())
    if price.scope is PriceScope.APPLICATION:
        return replace(price, name="")
    if not name or len(name) > _LONGEST:
        what = "product" if price.scope is PriceScope.PRODUCT else "SaaS role"
        raise UserError(f"Say which {what} the price is for, in {_LONGEST} letters at most.")
    return replace(price, name=name)


def list_prices(store: Store, application: int | None = None) -> list[Price]:
    """Prices of one application or of all, the newest of each first."""
    with store.reading() as db:
        found = rows.prices(db, application)
    return [
        Price(of, Money(minor, currency), Period(period), date.fromisoformat(since), PriceScope(scope), name, number)
        for number, of, scope, name, minor, currency, period, since in found
    ]


def keep_price(store: Store, price: Price) -> None:
    """Keep a price; one for the same seats from the same day is replaced."""
    price = checked_price(price)

    def work(db: Connection) -> None:
        called = _application_name(db, price.application)
        money = price.money
        values = (price.application, price.scope.value, price.name, money.minor, money.currency, price.period.value)
        rows.keep_price(db, price.id, (*values, price.valid_from.isoformat()))
        what = {"price": f"{money.figures} {money.currency} a {price.period.value}", "from": str(price.valid_from)}
        audit.record(db, "price.kept", called, {price.scope.value: price.name or called, **what})

    store.write(work)


def delete_price(store: Store, price: Price) -> None:
    """Forget a price; the seats get the next less particular one, or none. A UserError where it is gone already."""

    def work(db: Connection) -> None:
        if not rows.delete_price(db, price.id):
            raise UserError("This price was deleted meanwhile.")
        what = {price.scope.value: price.name, "price": str(price.money), "from": str(price.valid_from)}
        audit.record(db, "price.deleted", _application_name(db, price.application), what)

    store.write(work)


def list_rates(store: Store) -> list[ExchangeRate]:
    """All exchange rates, the newest of each currency first."""
    with store.reading() as db:
        found = rows.rates(db)
    return [
        ExchangeRate(currency, reporting, Decimal(rate), date.fromisoformat(day))
        for currency, reporting, rate, day in found
    ]


def keep_rate(store: Store, rate: ExchangeRate, instead_of: ExchangeRate | None = None) -> None:
    """Keep an exchange rate; one of the same day is replaced, and so is the one that it changes.

    A UserError where the currency is the reporting one.
    """
    currency, reporting = read_currency(rate.currency), read_currency(rate.reporting)
    if currency == reporting:
        raise UserError(f"{currency} is the reporting currency itself: it needs no exchange rate.")
    read_rate(f"{rate.rate:f}")

    def work(db: Connection) -> None:
        if instead_of is not None:
            rows.delete_rate(db, instead_of.currency, instead_of.reporting, instead_of.valid_from.isoformat())
        rows.keep_rate(db, (currency, reporting, rate.valid_from.isoformat(), f"{rate.rate:f}"))
        what = {"reporting": reporting, "rate": f"{rate.rate:f}", "from": str(rate.valid_from)}
        audit.record(db, "exchange_rate.kept", currency, what)

    store.write(work)


def delete_rate(store: Store, rate: ExchangeRate) -> None:
    """Forget an exchange rate. A UserError where it is gone already."""

    def work(db: Connection) -> None:
        if not rows.delete_rate(db, rate.currency, rate.reporting, rate.valid_from.isoformat()):
            raise UserError("This exchange rate was deleted meanwhile.")
        audit.record(db, "exchange_rate.deleted", rate.currency, {"from": str(rate.valid_from)})

    store.write(work)


def checked_contract(contract: Contract) -> Contract:
    """The contract as it is kept; a UserError says what is wrong with it."""
    name, product = " ".join(contract.name.split()), " ".join(contract.product.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UserError(f"A contract needs a name of 1 to {_LONGEST} printable characters.")
    if len(product) > _LONGEST or len(contract.note) > _LONGEST_NOTE:
        raise UserError(f"The product takes {_LONGEST} letters at most, the note {_LONGEST_NOTE:,}.")
    if not 0 <= contract.seats <= _MOST_SEATS:
        raise UserError(f"A contract is for 1 to {_MOST_SEATS:,} seats, or for a number that nobody said.")
    if not 0 <= contract.notice_days <= _MOST_NOTICE_DAYS:
        raise UserError(f"Notice is given 0 to {_MOST_NOTICE_DAYS} days before the renewal.")
    if contract.starts and contract.ends and contract.ends < contract.starts:
        raise UserError("The contract ends before it begins. Correct one of the two days.")
    return replace(contract, name=name, product=product, note=contract.note.strip())


def list_contracts(store: Store, application: int | None = None) -> list[Contract]:
    """Contracts of one application or of all, the next renewal first."""
    with store.reading() as db:
        return [_contract(row) for row in rows.contracts(db, application)]


def keep_contract(store: Store, contract: Contract) -> None:
    """Keep a contract, a new one or a changed one."""
    contract = checked_contract(contract)

    def work(db: Connection) -> None:
        called = _application_name(db, contract.application)
        money = contract.money
        days = (contract.starts, contract.ends, contract.renews_on)
        values = (
            *(contract.application, contract.name, contract.product),
            *(money.minor, money.currency, contract.period.value, contract.seats),
            *(None if day is None else day.isoformat() for day in days),
            *(contract.notice_days, contract.note),
        )
        rows.keep_contract(db, contract.id, values)
        audit.record(db, "contract.kept", contract.name, {"application": called, "price": str(money)})

    store.write(work)


def delete_contract(store: Store, contract: Contract) -> None:
    """Forget a contract. A UserError where it is gone already."""

    def work(db: Connection) -> None:
        if not rows.delete_contract(db, contract.id):
            raise UserError("This contract was deleted meanwhile.")
        audit.record(db, "contract.deleted", contract.name, {})

    store.write(work)


def _application_name(db: Connection, application: int) -> str:
    name = rows.application_name(db, application)
    if name is None:
        raise UserError("This application is no longer here.")
    return name


def _contract(row: tuple[object, ...]) -> Contract:
    number, of, name, product, minor, currency, period, seats, starts, ends, renews_on, notice_days, note = row
    start, end, renewal = (None if day is None else date.fromisoformat(str(day)) for day in (starts, ends, renews_on))
    return Contract(
        application=int(str(of)),
        name=str(name),
        money=Money(int(str(minor)), str(currency)),
        period=Period(str(period)),
        seats=int(str(seats)),
        product=str(product),
        starts=start,
        ends=end,
        renews_on=renewal,
        notice_days=int(str(notice_days)),
        note=str(note),
        id=int(str(number)),
    )
