"""One invented company: who works there and what they are called, the same for every vendor and for every start.

Nobody is stored. A person is computed from the seed and a serial number when somebody asks, so a company of 100,000 is
ready at once; what changes later is kept as a few small counters for each person who changed. Whoever was asked for
lately is remembered: in a small company, such as the demo's, that is everybody.
"""

import random
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cached_property, lru_cache
from hashlib import blake2b
from math import gcd
from types import MappingProxyType
from typing import Any, NamedTuple

from saasdesk.simulator.names import NAME_GROUPS, NameGroup

COMPANY_NAME = "Kestrel & Heath"
_FOUNDED = date(2016, 1, 1)
_HIRING_DAYS = 3_500
# How many people are remembered, and how many throws of their dice: each vendor throws a few for each of them.
_PEOPLE_REMEMBERED, _DICE_REMEMBERED = 1_000, 16_000


class Kind(Enum):
    """What sort of account holder somebody is."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    ROBOT = "robot"


class Aspect(Enum):
    """What can change about a person who stays; `ACCESS` is what a vendor turns into a role."""

    NAME = "name"
    EMAIL = "email"
    TITLE = "title"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Edits:
    """How often each aspect of a person has changed since the company was founded."""

    name: int = 0
    email: int = 0
    title: int = 0
    access: int = 0

    def with_one_more(self, aspect: Aspect) -> "Edits":
        """The same, after one more change of this aspect."""
        counts = {each: getattr(self, each.value) for each in Aspect}
        counts[aspect] += 1
        return Edits(**{each.value: count for each, count in counts.items()})


_NO_EDITS = Edits()


class Person(NamedTuple):
    """Somebody with accounts; a vendor's file decides what it shows of them."""

    serial: int
    kind: Kind
    given: str
    family: str
    name: str
    email: str
    title: str
    department: str
    team: str
    is_technical: bool
    is_lead: bool
    time_zone: str
    joined: date
    # The day somebody left whose accounts nobody closed.
    left: date | None
    is_newcomer: bool
    edits: Edits


@dataclass(frozen=True, slots=True)
class Churn:
    """What changed in the company from one moment to the next: the truth a sync has to find."""

    number: int
    edited: Mapping[int, Aspect] = field(default_factory=dict)
    gone: tuple[int, ...] = ()
    new: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Division:
    department: str
    team: str
    head: str
    titles: tuple[str, ...]
    is_technical: bool = False


_DIVISIONS = (
    _Division(
        "Engineering",
        "Platform",
        "Platform Engineering",
        ("Software Engineer", "Site Reliability Engineer"),
        is_technical=True,
    ),
    _Division(
        "Engineering",
        "Web",
        "Web Engineering",
        ("Software Engineer", "Frontend Engineer", "Test Engineer"),
        is_technical=True,
    ),
    _Division(
        "Engineering", "Mobile", "Mobile Engineering", ("Software Engineer", "Mobile Engineer"), is_technical=True
    ),
    _Division("Engineering", "Data", "Data Engineering", ("Data Engineer", "Data Scientist"), is_technical=True),
    _Division(
        "IT Operations", "Operations", "Operations", ("Systems Administrator", "Network Engineer"), is_technical=True
    ),
    _Division("Security", "Security", "Security", ("Security Engineer", "Security Analyst"), is_technical=True),
    _Division(
        "Customer Support",
        "Support Europe",
        "Support Europe",
        ("Support Engineer", "Support Specialist"),
        is_technical=True,
    ),
    _Division(
        "Customer Support",
        "Support Americas",
        "Support Americas",
        ("Support Engineer", "Support Specialist"),
        is_technical=True,
    ),
    _Division("Sales", "Sales Europe", "Sales Europe", ("Account Executive", "Sales Engineer")),
    _Division("Sales", "Sales Americas", "Sales Americas", ("Account Executive", "Sales Representative")),
    _Division("Sales", "Sales Asia", "Sales Asia", ("Account Executive", "Sales Representative")),
    _Division("Product", "Product", "Product", ("Product Manager", "Product Designer", "User Researcher")),
    _Division("Marketing", "Marketing", "Marketing", ("Content Writer", "Campaign Specialist")),
    _Division("Finance", "Finance", "Finance", ("Accountant", "Controller", "Buyer")),
    _Division("Legal", "Legal", "Legal", ("Legal Counsel", "Compliance Officer")),
    _Division("People & Culture", "People", "People", ("Recruiter", "Payroll Specialist", "Office Coordinator")),
)
_BOARD = _Division("Executive", "Executive", "", ())
_RANKS = ("", "Senior ", "Staff ", "Principal ", "Junior ")
_LEAD_RANKS = ("Manager", "Senior Manager", "Group Manager")
_HEAD_RANKS = ("VP", "Senior VP", "Executive VP")
_CHIEF_TITLES = ("Chief Executive Officer", "CEO & President", "Founder & CEO")
_ROBOT_TITLES = ("Service account", "Shared service account", "Service account (automation)")
_ROBOT_JOBS = ("Deploy", "Backup", "Monitoring", "Terraform", "Alert Relay", "Status Page", "Reporting")
_REPORTS = 8


def _division(serial: int) -> _Division:
    return _DIVISIONS[(serial - 1) % len(_DIVISIONS)] if serial else _BOARD


def _level(serial: int) -> tuple[int, int]:
    """Where the level of the tree of managers begins that this person is on, and how many people it takes."""
    start, size = 1, len(_DIVISIONS)
    while serial >= start + size:
        start, size = start + size, size * _REPORTS
    return start, size


def _first_report(serial: int) -> int:
    """Who would be the first to report to this person."""
    start, size = _level(serial)
    row, division = divmod(serial - start, len(_DIVISIONS))
    return start + size + row * _REPORTS * len(_DIVISIONS) + division


def _manager_of(serial: int) -> int:
    """Who this person reports to: eight people to one manager, everybody within their division."""
    start, size = _level(serial)
    row, division = divmod(serial - start, len(_DIVISIONS))
    return 0 if start == 1 else start - size // _REPORTS + row // _REPORTS * len(_DIVISIONS) + division


# What happens to each tenth of those who change; the order makes even a small churn a mixed one.
_CHURN_PATTERN: tuple[Aspect | str, ...] = (
    Aspect.ACCESS, "gone", Aspect.TITLE, "new", Aspect.EMAIL,
    Aspect.NAME, Aspect.ACCESS, Aspect.TITLE, "new", Aspect.TITLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    serials: Sequence[int]
    edits: Mapping[int, Edits]
    gone: frozenset[int]
    next_serial: int
    rounds: int
    revision: int


class Company:
    """The people, in the order in which they joined, and how they change.

    Everything read comes from one immutable state that `apply` replaces, so readers need no lock.
    """

    def __init__(self, people: int, seed: int, today: date) -> None:
        self.people = people
        self.seed = seed
        self.today = today
        # People who stopped using something stopped before this day, whatever day it becomes.
        self._half_year = date(today.year, 1 if today.month < 7 else 7, 1)
        self._kept_today: list[dict[int, Any]] = []
        self._state = _State(range(people), MappingProxyType({}), frozenset(), people, 0, 0)
        self._changing = threading.Lock()
        self._remembered = lru_cache(_PEOPLE_REMEMBERED)(self._work_out)
        self._thrown = lru_cache(_DICE_REMEMBERED)(self._throw)

    @property
    def serials(self) -> Sequence[int]:
        """The serial numbers of everybody who is here now."""
        return self._state.serials

    @property
    def revision(self) -> int:
        """Grows whenever anything about anybody changed."""
        return self._state.revision

    def turn_to(self, today: date) -> None:
        """Let it be another day: whoever comes by regularly was here shortly before that one."""
        with self._changing:
            self.today = today
            self._state = replace(self._state, revision=self._state.revision + 1)
            for kept in self._kept_today:
                kept.clear()

    def keep_for_today(self, kept: dict[int, Any]) -> None:
        """What was worked out of people into this holds for one day, and is forgotten when another begins."""
        self._kept_today.append(kept)

    def is_here(self, serial: int) -> bool:
        """Whether this serial number belongs to somebody who is here now."""
        state = self._state
        return 0 <= serial < state.next_serial and serial not in state.gone

    def has_changed(self, serial: int) -> bool:
        """Whether anything about this person differs from what it was at the start."""
        return serial in self._state.edits

    def dice(self, serial: int, topic: str) -> bytes:
        """Thirty-two bytes of chance for one person and topic, always the same ones."""
        return self._thrown(serial, topic)

    def _throw(self, serial: int, topic: str) -> bytes:
        return blake2b(b"%d/%d" % (self.seed, serial), digest_size=32, person=topic.encode()[:16]).digest()

    def person(self, serial: int) -> Person:
        """Who this is, as they are now."""
        return self._remembered(
            serial, self._state.edits.get(serial, _NO_EDITS), self.today if serial >= self.people else None
        )

    def _work_out(self, serial: int, edits: Edits, came: date | None) -> Person:
        """Who this is after these changes; newcomers came on the day that it is."""
        dice = self.dice(serial, "person")
        is_newcomer = came is not None
        is_lead = serial <= len(_DIVISIONS) or _first_report(serial) < self.people
        kind = self._kind(dice, is_lead=is_lead)
        division = _division(serial)

        if kind is Kind.ROBOT:
            job = _ROBOT_JOBS[dice[1] % len(_ROBOT_JOBS)]
            given, family = job, ("Robot", "Bot", "Automation")[edits.name % 3] + f" {serial}"
            name = f"{given} {family}"
            mailbox = ("svc-{}-{}", "svc_{}_{}", "svc.{}.{}")[edits.email % 3].format(
                job.replace(" ", "").lower(), serial
            )
            mailbox += f".{edits.email // 3}" if edits.email >= 3 else ""
            time_zone = "Etc/UTC"
        else:
            group, given, family, mailbox = self._name(serial, edits)
            name = group.pattern.format(given=given, family=family)
            mailbox += ".ext" if kind is Kind.CONTRACTOR else ""
            time_zone = group.zones[dice[2] % len(group.zones)]

        joined = came if came is not None else _FOUNDED + timedelta(int.from_bytes(dice[3:5]) % _HIRING_DAYS)
        has_left = kind is not Kind.ROBOT and not is_lead and not is_newcomer and dice[5] < 12
        return Person(
            serial=serial,
            kind=kind,
            given=given,
            family=family,
            name=name,
            email=f"{mailbox}@example.com",
            title=self._title(serial, kind, dice, edits, is_lead=is_lead),
            department=division.department,
            team=division.team,
            is_technical=division.is_technical,
            is_lead=is_lead,
            time_zone=time_zone,
            joined=joined,
            left=max(joined, self._half_year - timedelta(1 + dice[6] % 150)) if has_left else None,
            is_newcomer=is_newcomer,
            edits=edits,
        )

    def kind_of(self, serial: int) -> Kind:
        """What `person` would say, at a tenth of its cost."""
        is_lead = serial <= len(_DIVISIONS) or _first_report(serial) < self.people
        return self._kind(self.dice(serial, "person"), is_lead=is_lead)

    def manager_of(self, person: Person) -> int | None:
        """The next one up the tree of managers who has not left; robots report to who looks after them."""
        return self.manager_serial(person.serial)

    def manager_serial(self, serial: int) -> int | None:
        """What `manager_of` would say, without working out who the person is."""
        gone = self._state.gone
        while serial:
            serial = _manager_of(serial)
            if serial not in gone:
                return serial
        return None

    def reports_of(self, serials: Collection[int]) -> list[int]:
        """Everybody who reports to one of these people now."""
        if not serials:
            return []
        bosses = frozenset(serials)
        return [serial for serial in self._state.serials if self.manager_serial(serial) in bosses]

    def last_activity(self, person: Person, dice: bytes) -> datetime | None:
        """When somebody last used an application, judged by that application's own dice; None if never.

        People who come by regularly were here lately, others stopped at a day that stays the same for half a year:
        so a new day changes those who are active, not everybody.
        """
        if person.is_newcomer or dice[0] < 20:
            return None
        if person.left is not None:
            day = max(person.joined, person.left - timedelta(dice[1] % 20))
        elif dice[0] < 55:
            day = max(person.joined, self._half_year - timedelta(95 + int.from_bytes(dice[1:3]) % 600))
        else:
            every, phase = 1 + dice[1] % 9, dice[2]
            last = self.today.toordinal() - 1 - phase
            day = date.fromordinal(last - last % every + phase)
        moment = time(6 + dice[3] % 14, dice[4] % 60, dice[5] % 60)
        return datetime.combine(day, moment, UTC)

    def plan_churn(self, fraction: float) -> Churn:
        """Decide who changes next, for this fraction of the people here: always the same ones at the same point.

        A part of the fraction are newcomers, so that the company keeps its size more or less.
        """
        state = self._state
        count = min(len(state.serials), max(1, int(fraction * len(state.serials) + 0.5))) if fraction > 0 else 0
        chance = random.Random(f"{self.seed}/{state.rounds}")  # noqa: S311 - a game, not a secret
        edited: dict[int, Aspect] = {}
        gone: list[int] = []
        newcomers = 0
        for position, index in enumerate(chance.sample(range(len(state.serials)), count)):
            serial = state.serials[index]
            happens = _CHURN_PATTERN[position % len(_CHURN_PATTERN)]
            if happens == "new":
                newcomers += 1
            elif serial == 0 and happens in ("gone", Aspect.ACCESS):
                # The chief stays, and owns the accounts.
                edited[serial] = Aspect.TITLE
            elif isinstance(happens, Aspect):
                edited[serial] = happens
            else:
                gone.append(serial)
        new = tuple(range(state.next_serial, state.next_serial + newcomers))
        return Churn(state.rounds + 1, MappingProxyType(edited), tuple(sorted(gone)), new)

    def apply(self, churn: Churn) -> None:
        """Let what was planned happen."""
        with self._changing:
            state = self._state
            edits = dict(state.edits)
            for serial, aspect in churn.edited.items():
                edits[serial] = edits.get(serial, _NO_EDITS).with_one_more(aspect)
            self._state = _State(
                serials=self._without(state, churn.gone) + list(churn.new),
                edits=MappingProxyType(edits),
                gone=state.gone.union(churn.gone),
                next_serial=state.next_serial + len(churn.new),
                rounds=churn.number,
                revision=state.revision + 1,
            )

    def leave(self, serials: Sequence[int]) -> None:
        """Let these people leave at once, all their accounts with them."""
        self.apply(Churn(self._state.rounds, gone=tuple(serials)))

    def come_back(self, serials: Sequence[int]) -> None:
        """Let people who left be here again, with the accounts they had."""
        with self._changing:
            state = self._state
            self._state = replace(
                state,
                serials=sorted({*state.serials, *serials}),
                gone=state.gone.difference(serials),
                revision=state.revision + 1,
            )

    @staticmethod
    def _kind(dice: bytes, *, is_lead: bool) -> Kind:
        """Robots and contractors have nobody reporting to them."""
        if is_lead or dice[0] > 38:
            return Kind.EMPLOYEE
        return Kind.ROBOT if dice[0] < 8 else Kind.CONTRACTOR

    @staticmethod
    def _without(state: _State, gone: Sequence[int]) -> list[int]:
        leaving = frozenset(gone)
        return [serial for serial in state.serials if serial not in leaving] if leaving else list(state.serials)

    @cached_property
    def _name_deal(self) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
        """For each place in the round the name group and the place in it; for each group how its names are shuffled."""
        chance = random.Random(f"{self.seed}/names")  # noqa: S311 - a game, not a secret
        places = [(group, nth) for group, names in enumerate(NAME_GROUPS) for nth in range(names.share)]
        chance.shuffle(places)
        shuffles = []
        for names in NAME_GROUPS:
            pairs = len(names.givens) * len(names.families)
            steps = [step for step in range(pairs // 3, pairs) if gcd(step, pairs) == 1]
            shuffles.append((chance.choice(steps), chance.randrange(pairs)))
        return tuple(places), tuple(shuffles)

    def _name(self, serial: int, edits: Edits) -> tuple[NameGroup, str, str, str]:
        """Deal out every pair of names once before any comes again: the number in the address then tells them apart."""
        places, shuffles = self._name_deal
        number, nth = places[serial % len(places)]
        group = NAME_GROUPS[number]
        rank = serial // len(places) * group.share + nth
        step, start = shuffles[number]
        again, rank = divmod(rank, len(group.givens) * len(group.families))
        pair = (rank * step + start) % (len(group.givens) * len(group.families))
        first, second = divmod(pair, len(group.families))
        given, born = group.givens[first], group.families[second]
        married = group.families[(second + edits.name) % len(group.families)]
        separator = "._-"[edits.email % 3]
        mailbox = f"{given.plain}{separator}{born.plain}{again + 1 if again else ''}"
        mailbox += f".{edits.email // 3}" if edits.email >= 3 else ""
        return group, given.written, married.written, mailbox

    @staticmethod
    def _title(serial: int, kind: Kind, dice: bytes, edits: Edits, *, is_lead: bool) -> str:
        if kind is Kind.ROBOT:
            return _ROBOT_TITLES[edits.title % len(_ROBOT_TITLES)]
        if serial == 0:
            return _CHIEF_TITLES[edits.title % len(_CHIEF_TITLES)]
        division = _division(serial)
        if serial <= len(_DIVISIONS):
            return f"{_HEAD_RANKS[edits.title % len(_HEAD_RANKS)]} {division.head}"
        if is_lead:
            return f"{_LEAD_RANKS[(dice[7] + edits.title) % len(_LEAD_RANKS)]}, {division.team}"
        rank = _RANKS[(dice[7] % 3 + edits.title) % len(_RANKS)]
        title = division.titles[dice[8] % len(division.titles)]
        return f"{rank}{title} (contract)" if kind is Kind.CONTRACTOR else f"{rank}{title}"
