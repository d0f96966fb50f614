"""The figures of seats: how many could be given back and what that would save, how those of an application are used."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from saasdesk.licences.money import Money
from saasdesk.licences.seats import rows
from saasdesk.licences.seats.judging import read_yardstick
from saasdesk.store import Store


class Finding(StrEnum):
    """Why a seat could be given back, the strongest reason first."""

    UNASSIGNED = "Unassigned"
    LEAVER = "Leaver"
    SUSPENDED = "Suspended elsewhere"
    EXPIRED = "Expired"
    SECOND = "Second licence"
    IDLE = "Idle"
    NOBODYS = "Without a person"


class Lane(StrEnum):
    """What can be done about a finding; a seat is in one lane only, so no sum holds it twice."""

    READY = "Ready"
    REVIEW = "Needs review"
    PROTECTED = "Protected"
    APPROVED = "Approved"


class Use(StrEnum):
    """How a seat is used. Unknown is not idle."""

    ACTIVE = "active"
    IDLE = "idle"
    UNKNOWN = "unknown"
    NEW = "new"
    UNASSIGNED = "unassigned"
    NO_PERSONS = "no person's"


@dataclass(frozen=True, slots=True)
class Figure:
    """So many seats, and what those with a price cost a month."""

    seats: int
    priced: int
    monthly: Money

    @property
    def unpriced(self) -> int:
        """Seats that the amount says nothing about."""
        return self.seats - self.priced


@dataclass(frozen=True, slots=True)
class FindingCount:
    """The seats of one product for which the same was found."""

    lane: Lane
    finding: Finding
    application: int
    application_name: str
    product: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings, counted."""

    currency: str
    counts: tuple[FindingCount, ...]

    @property
    def potential(self) -> Figure:
        """What could still be given back: what is ready and what needs a look, nothing protected or approved."""
        return self._sum(each for each in self.counts if each.lane in (Lane.READY, Lane.REVIEW))

    def lane(self, lane: Lane) -> Figure:
        """The seats of one lane."""
        return self._sum(each for each in self.counts if each.lane is lane)

    def of_lane(self, lane: Lane) -> list[tuple[str, Figure]]:
        """The seats of one lane by application, the most expensive first."""
        names = dict.fromkeys(each.application_name for each in self.counts if each.lane is lane)
        sums = [
            (name, self._sum(each for each in self.counts if each.lane is lane and each.application_name == name))
            for name in names
        ]
        return sorted(sums, key=lambda each: (-each[1].monthly.minor, -each[1].seats, each[0]))

    def _sum(self, counts: Iterable[FindingCount]) -> Figure:
        seats = priced = minor = 0
        for each in counts:
            seats += each.figure.seats
            priced += each.figure.priced
            minor += each.figure.monthly.minor
        return Figure(seats, priced, Money(minor, self.currency))


@dataclass(frozen=True, slots=True)
class ApplicationSeats:
    """How the seats of one application are used, and what all of them cost a month."""

    application: int
    name: str
    by_use: Counter[str]
    total: Figure


def read_findings(store: Store, stop: threading.Event | None = None, application: int | None = None) -> Findings:
    """Count what could be given back, of all applications or of one."""
    currency, yardstick = store.settings().currency, read_yardstick(store)
    with store.reading(stop=stop) as db:
        counted = rows.count_findings(db, yardstick, application)
    return Findings(
        currency,
        tuple(
            FindingCount(
                Lane(lane), Finding(finding), of, name, product or "", Figure(seats, priced, Money(minor, currency))
            )
            for lane, finding, of, name, product, seats, priced, minor in counted
        ),
    )


def read_application_seats(
    store: Store, stop: threading.Event | None = None, application: int | None = None
) -> list[ApplicationSeats]:
    """Of each application, or of one, its seats by use, and what they cost."""
    currency, yardstick = store.settings().currency, read_yardstick(store)
    with store.reading(stop=stop) as db:
        counted = rows.count_seats(db, yardstick, application)
    found: dict[int, ApplicationSeats] = {}
    for of, name, use, seats, priced, minor in counted:
        known = found.get(of)
        by_use = Counter[str]() if known is None else known.by_use
        before = Figure(0, 0, Money(0, currency)) if known is None else known.total
        by_use[use] += seats
        total = Figure(before.seats + seats, before.priced + priced, Money(before.monthly.minor + minor, currency))
        found[of] = ApplicationSeats(of, name, by_use, total)
    return list(found.values())
