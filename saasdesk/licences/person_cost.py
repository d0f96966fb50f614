"""What the seats of one person cost."""

import threading
from dataclasses import dataclass

from saasdesk.licences.money import Money
from saasdesk.licences.seats.figures import Figure
from saasdesk.licences.seats.judging import read_yardstick
from saasdesk.licences.seats.rows import price_seats, seats_of_person
from saasdesk.store import Store


@dataclass(frozen=True, slots=True)
class SeatCost:
    """One seat; `monthly` is None where nobody entered a price."""

    application: int
    application_name: str
    product: str
    monthly: Money | None
    computed: str


@dataclass(frozen=True, slots=True)
class PersonCost:
    """The sum, and the seats that it is the sum of, the most expensive first."""

    total: Figure
    seats: tuple[SeatCost, ...]


def read_person_cost(store: Store, person: int, stop: threading.Event | None = None) -> PersonCost:
    """Read what the active seats of this person cost a month."""
    currency, yardstick = store.settings().currency, read_yardstick(store)
    with store.reading(stop=stop) as db:
        found = price_seats(db, yardstick, seats_of_person(db, person))
    seats = tuple(
        SeatCost(application, name, product or "", None if minor is None else Money(minor, currency), computed)
        for application, name, product, minor, computed in found
    )
    known = [seat.monthly.minor for seat in seats if seat.monthly is not None]
    return PersonCost(Figure(len(seats), len(known), Money(sum(known), currency)), seats)
