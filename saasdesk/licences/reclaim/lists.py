"""Approved lists of seats to give back, and what became of each seat since.

What a seat cost is kept as it was when it was approved. Only a run can make it realised: a complete listing that does
not have the licence, or the account, any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.licences.money import Money
from saasdesk.licences.reclaim import rows
from saasdesk.licences.seats import read_yardstick
from saasdesk.store import Connection, Store, audit
from saasdesk.store.audit import operating_system_user

_LONGEST_NAME = 120


class Given(StrEnum):
    """What became of a seat that was approved."""

    HELD = "Still held"
    FREE = "Free, still paid for"
    REALISED = "Realised"


@dataclass(frozen=True, slots=True)
class ListedSeat:
    """A seat as it was when it was approved, and what became of it."""

    seat: int
    holder: str
    application: str
    product: str
    finding: str
    why: str
    # None where nobody had entered a price.
    monthly: Money | None
    computed: str
    given: Given
    since: str


@dataclass(frozen=True, slots=True)
class ReclaimList:
    """An approved list with its two sums, which are never added up: what is still paid for, and what is gone."""

    id: int
    name: str
    approved_at: str
    approved_by: str
    currency: str
    open_seats: int
    open_minor: int
    realised_seats: int
    realised_minor: int

    @property
    def approved(self) -> Money:
        """What the seats cost a month that are approved, and not gone yet."""
        return Money(self.open_minor, self.currency)

    @property
    def realised(self) -> Money:
        """What a later complete listing proved to be saved a month."""
        return Money(self.realised_minor, self.currency)


def approve(store: Store, seats: Sequence[int], name: str) -> tuple[int, int]:
    """Keep these seats as a list; returns its number and how many seats are on it.

    Whatever is protected, exempt, approved already or not found any more stays out.

    A UserError without a name, or where none of the seats can be approved.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UserError(f"A reclaim list needs a name of 1 to {_LONGEST_NAME} printable characters.")
    currency, yardstick = store.settings().currency, read_yardstick(store)

    def work(db: Connection) -> tuple[int, int]:
        number = rows.add_list(db, name, currency, now_text(), operating_system_user())
        kept = rows.add_seats(db, number, yardstick, seats)
        if not kept:
            raise UserError(
                "None of these seats can be approved: they are protected, on a list already, or in use again."
            )
        audit.record(db, "reclaim.approved", name, {"seats": kept})
        return number, kept

    return store.write(work)


def list_reclaims(store: Store) -> list[ReclaimList]:
    """All lists, the newest first."""
    with store.reading() as db:
        return [ReclaimList(*row) for row in rows.lists(db)]


def seats_of_list(store: Store, number: int) -> list[ListedSeat]:
    """The seats of one list, those that are still paid for first."""
    with store.reading() as db:
        found = rows.seats_of(db, number)
    return [
        ListedSeat(
            *(seat, holder, application, product, finding, why),
            None if minor is None else Money(minor, currency),
            *(computed, Given(given), since or ""),
        )
        for seat, holder, application, product, finding, why, minor, computed, currency, given, since in found
    ]


def take_back(store: Store, reclaim: ReclaimList) -> int:
    """Approve the seats no longer that are still held; what is realised stays on record. Returns how many it was."""

    def work(db: Connection) -> int:
        released = rows.release(db, reclaim.id)
        audit.record(db, "reclaim.taken_back", reclaim.name, {"seats": released})
        return released

    return store.write(work)


def accounts_of(store: Store, seats: Sequence[int]) -> list[int]:
    """The SaaS users who hold these seats, each once."""
    with store.reading() as db:
        return rows.accounts_of(db, seats)


def place_of(store: Store, seat: int) -> tuple[int | None, int | None, int | None]:
    """The person who holds a seat, the account they hold it by, and its application; None for what there is not."""
    with store.reading() as db:
        return rows.place_of(db, seat)


def sum_given(amounts: Iterable[Money]) -> list[Money]:
    """The sum of each currency: lists of different currencies are never added up."""
    sums: dict[str, int] = {}
    for each in amounts:
        sums[each.currency] = sums.get(each.currency, 0) + each.minor
    return [Money(minor, currency) for currency, minor in sums.items()]
