"""Which licences there are just now, and in whose hands: as the company's people brought it about, and as calls did."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from types import MappingProxyType

from saasdesk.simulator.company import Company, Kind, Person
from saasdesk.simulator.ids import Ids
from saasdesk.simulator.jetbrains.organisations import Organisation
from saasdesk.simulator.jetbrains.refusals import Refused
from saasdesk.simulator.kept import Kept

SLOTS = 4
# The kinds of licences that are bought ahead, by the last digit of their number.
POOL, SERVER, KEY = range(3)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who has a licence, as JetBrains writes it, and since when."""

    email: str
    name: str
    serial: int
    since: date | None
    seen: date | None
    suspended: bool = False


class Stock:
    """The licences by their numbers. Whoever writes holds `writing` while they look at it and change it."""

    def __init__(self, vendor: str, company: Company, organisation: Organisation) -> None:
        self._vendor = vendor
        self._company, self._organisation = company, organisation
        self._licence_ids = Ids(company.seed, vendor)
        # Numbers of licences: the hand they were given to, or None for taken back; and the team they were moved to.
        self._given: Mapping[int, Hand | None] = MappingProxyType({})
        self._moved: Mapping[int, int] = MappingProxyType({})
        self._cancelled: frozenset[int] = frozenset()
        self._writes = 0
        self.writing = threading.Lock()
        self.numbers = Kept(self, self._numbers)

    @property
    def revision(self) -> tuple[int, int]:
        """Another one whenever anything has changed."""
        return self._company.revision, self._writes

    # ----- what calls change

    def give(self, numbers: Collection[int], hand: Hand | None) -> None:
        """Put licences into other hands, or into nobody's."""
        self._given = MappingProxyType({**self._given, **dict.fromkeys(numbers, hand)})
        self._writes += bool(numbers)

    def forget_gift(self, number: int) -> None:
        """Let a licence be again where it was before anybody gave it away."""
        self._given = MappingProxyType({each: hand for each, hand in self._given.items() if each != number})
        self._writes += 1

    def move(self, numbers: Collection[int], team: int) -> None:
        """Put licences into another team."""
        self._moved = MappingProxyType({**self._moved, **dict.fromkeys(numbers, team)})
        self._writes += bool(numbers)

    def cancel(self, numbers: Collection[int]) -> None:
        """End licences: they are not listed any more."""
        self._cancelled |= frozenset(numbers)
        self._writes += 1

    def moved_to(self, number: int) -> int | None:
        """The team that a licence was moved to; None where nobody moved it."""
        return self._moved.get(number)

    # ----- which licences there are

    def id_of(self, number: int) -> str:
        """The id of a licence by its number."""
        tail = blake2b(b"%d/%d" % (self._company.seed, number), digest_size=2).hexdigest().upper()
        return self._licence_ids.make(number)[1:] + tail

    def _numbers(self) -> list[int]:
        company = self._company
        numbers: list[int] = []
        newest = max(company.serials, default=-1)
        # A licence stays when its holder leaves: it is free then.
        for serial in range(max(company.people, newest + 1)):
            if self._is_customer(serial) and self._pool_number(serial) is None:
                person = company.person(serial)
                numbers += (serial * SLOTS + slot for slot in self._slots(person))
        numbers += (-1 - (nth * 3 + POOL) for nth in range(self._bought_ahead(1)))
        numbers += (-1 - (nth * 3 + SERVER) for nth in range(self._bought_ahead(5)))
        numbers += (-1 - (nth * 3 + KEY) for nth in range(self._bought_ahead(7)))
        return [number for number in numbers if number not in self._cancelled]

    def _bought_ahead(self, rarer: int) -> int:
        return self._company.people // (self._organisation.people_a_free_licence * rarer)

    def _is_customer(self, serial: int) -> bool:
        """Whether somebody gets licences here; mostly people who write programs."""
        dice = self.dice(serial, "has")
        share = max(self._organisation.technical, self._organisation.others)
        if dice[0] >= share or self._company.kind_of(serial) is Kind.ROBOT:
            return False
        person = self._company.person(serial)
        return dice[0] < (self._organisation.technical if person.is_technical else self._organisation.others)

    def _slots(self, person: Person) -> list[int]:
        dice = self.dice(person.serial, "has")
        count = 1 + (dice[1] < 130) + (dice[1] < 50)
        # A change of access brings another licence, or takes it away again.
        return [*range(count), *((3,) if person.edits.access % 2 else ())]

    def _pool_number(self, serial: int) -> int | None:
        """The licence bought ahead that a newcomer takes, as long as there are some left."""
        nth = serial - self._company.people
        return -1 - (nth * 3 + POOL) if 0 <= nth < self._bought_ahead(2) else None

    def serial_of(self, number: int) -> int | None:
        """Whose licence this is; None for nobody's."""
        given = self._given.get(number)
        if number in self._given:
            return given.serial if given else None
        if number >= 0:
            serial = number // SLOTS
        else:
            nth, kind = divmod(-1 - number, 3)
            if kind != POOL or nth >= self._bought_ahead(2):
                return None
            serial = self._company.people + nth
            if not (self._company.is_here(serial) and self._is_customer(serial)):
                return None
        return serial if self._company.is_here(serial) else None

    def number_of(self, made: str) -> int:
        """The licence with this id; refused where there is none."""
        number = self._licence_ids.number("P" + made[:6])
        for candidate in (number, number - 36**6):
            if self.id_of(candidate) == made and candidate in self.numbers():
                return candidate
        raise Refused(404, "LICENSE_NOT_FOUND", made)

    def dice(self, number: int, topic: str) -> bytes:
        """What is left to chance about a licence or a person, always the same."""
        return self._company.dice(number, f"{self._vendor[:12]}{topic[:4]}")

    def hand(self, number: int) -> Hand | None:
        """Who has a licence; None where no person has it."""
        if number in self._given:
            return self._given[number]
        serial = self.serial_of(number)
        if serial is None:
            return None
        person = self._company.person(serial)
        dice, habits = self.dice(number, "row"), self.dice(serial, "ways")
        email, name = person.email, person.name
        if dice[10] < 40:
            # Typed in by hand: JetBrains keeps the capitals.
            email = email.title().replace("@Example.Com", "@example.com")
        if dice[11] < 25:
            name = " ".join(word[:2] + "*" * max(3, len(word) - 2) for word in person.name.split())
        seen = self._company.last_activity(person, dice[12:18])
        return Hand(
            email=email,
            name=name,
            serial=serial,
            since=person.joined,
            seen=seen.date() if seen else None,
            # A few have nothing left that works, a few more one licence of several.
            suspended=habits[0] < 6 or dice[18] < 8,
        )
