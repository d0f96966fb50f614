"""JetBrains Account: the licences that the company bought, and in whose hands they are.

A row is a licence, not a person. Answers keep to the reconstructed document, so what it does not let be null is left
out; the fault RECORDED_NULLS sends the nulls that were seen in life. A second company has its own code, keys and
licences, some of them in the same hands.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import orjson

from saasdesk.simulator.company import Company, Kind, Person
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import HOSTILE_NAMES, LISTINGS, Fault, FaultKind, Faults
from saasdesk.simulator.ids import Ids

API = "https://account.jetbrains.example.com/api/v1"
EXPIRED_ROLE = "Expired Subscription"
_USUAL_PAGE = 100
_LARGEST_PAGE = 100
_REVOCABLE_AFTER = timedelta(days=30)
_SLOTS = 4

_PRODUCTS = (
    ("II", "IntelliJ IDEA Ultimate"),
    ("WS", "WebStorm"),
    ("PC", "PyCharm"),
    ("ALL", "All Products Pack"),
    ("RD", "Rider"),
    ("GO", "GoLand"),
    ("DG", "DataGrip"),
)
_ADD_ON = ("AIP", "AI Pro")
_TEAMS = ("Platform", "Web", "Mobile", "Data", "Operations")
_FIRST_TEAM = 1_874_050
# The kinds of licences that are bought ahead, by the last digit of their number.
_POOL, _SERVER, _KEY = range(3)
_BAD_REQUEST_PAGE = b"<!DOCTYPE html><html><head><title>400</title></head><body><h1>Bad Request</h1></body></html>"


class KeyKind(Enum):
    """Keys are as good as their owner: an organisation's admin, somebody who may only look, the admin of one team."""

    FULL = "full"
    READ_ONLY = "read_only"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class _Organisation:
    """How much of the company one JetBrains company covers; shares are out of 256 people."""

    name: str
    technical: int
    others: int
    people_a_free_licence: int


_MAIN = _Organisation("Kestrel & Heath", technical=190, others=20, people_a_free_licence=12)
_LABS = _Organisation("Kestrel Labs", technical=40, others=3, people_a_free_licence=40)


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who has a licence, as JetBrains writes it, and since when."""

    email: str
    name: str
    serial: int
    since: date | None
    seen: date | None
    suspended: bool = False


class _Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, status: int, code: str, description: str = "") -> None:
        super().__init__(status)
        self.answer = error_answer(status, code, description)


class _Undecodable(_Refused):
    """A body that cannot be read is answered with a web page."""

    def __init__(self) -> None:
        super().__init__(400, "")
        self.answer = Answer(400, _BAD_REQUEST_PAGE, "text/html; charset=utf-8")


def error_answer(status: int, code: str, description: str = "") -> Answer:
    """The vendor's error body; the description is often the offending value alone."""
    return json_answer({"code": code, "description": description}, status)


class _Roll:
    """All licences at one moment; what is worked out from them is kept until the next."""

    def __init__(
        self, revision: tuple[int, int], numbers: Sequence[int], show: Callable[[int], dict[str, Any]]
    ) -> None:
        self.revision = revision
        self.numbers = numbers
        self._show = show

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Every licence as the list shows it."""
        return [self._show(number) for number in self.numbers]


class JetBrains:
    """One of the company's two organisations at JetBrains; people are known to it by the licences they have."""

    def __init__(self, company: Company, faults: Faults, *, is_second: bool = False) -> None:
        self.name = "jetbrains-labs" if is_second else "jetbrains"
        self.prefixes = (self.name,)
        self._company = company
        self._faults = faults
        self._organisation = _LABS if is_second else _MAIN
        self.company_code = str(2_600_000 + company.seed * 7 % 90_000 + is_second * 417)
        self.keys = {kind: _make_key(company.seed, self.name, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self._ids = Ids(company.seed, self.name)
        # Numbers of licences: the hand they were given to, or None for taken back; and the team they were moved to.
        self._given: Mapping[int, _Hand | None] = MappingProxyType({})
        self._moved: Mapping[int, int] = MappingProxyType({})
        self._cancelled: frozenset[int] = frozenset()
        self._writes = 0
        self._writing = threading.Lock()
        self._latest_roll = self._new_roll()

    @property
    def team_id(self) -> int:
        """The team that the team admin's key is for."""
        return _FIRST_TEAM

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["token"]:
                return Place("token")
            case ["customer", "licenses"]:
                return Place("licenses", _page_number(request))
            case ["customer", "teams", _, "licenses"]:
                return Place("team_licenses", _page_number(request))
            case ["customer", "licenses", ("assign" | "revoke") as endpoint]:
                return Place(endpoint)
            case ["customer", "licenses", _]:
                return Place("license")
            case ["customer", "changeLicensesTeam"]:
                return Place("change_team")
            case _:
                return Place("unknown")

    def answer(self, request: Request, place: Place) -> Answer:
        """Answer as the vendor does, refusals included."""
        if not self.key_in(request):
            return error_answer(401, "MISSING_TOKEN_HEADER", "X-Api-Key header is required")
        if not request.headers.get("x-customer-code"):
            return error_answer(401, "MISSING_CUSTOMER_HEADER", "X-Customer-Code header is required")
        kind = self._kinds.get(self.key_in(request))
        if kind is None or request.headers["x-customer-code"] != self.company_code:
            return self.error(401)
        try:
            return self._answer(request, place, kind)
        except _Refused as refused:
            return refused.answer

    def _answer(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        if request.method == "POST" and kind is KeyKind.READ_ONLY:
            raise _Refused(403, "INSUFFICIENT_PERMISSIONS", f"Missing Edit permission on customer {self.company_code}")
        match (request.method, place.endpoint):
            case ("GET", "token"):
                return json_answer(self._entity(kind))
            case ("GET", "licenses") if kind is KeyKind.TEAM:
                raise _Refused(403, "TEAM_MISMATCH", f"Token was generated for team with id {self.team_id}")
            case ("GET", "licenses"):
                return self._list(request, place, None)
            case ("GET", "team_licenses"):
                return self._list(request, place, self._team_in(request.path.strip("/").split("/")[2], kind))
            case ("GET", "license"):
                return json_answer(self._row(self._number(request.path.rstrip("/").rpartition("/")[2])))
            case ("POST", "assign"):
                return self._assign(request)
            case ("POST", "revoke"):
                return self._revoke(request)
            case ("POST", "change_team") if kind is KeyKind.TEAM:
                raise _Refused(403, "TOKEN_TYPE_MISMATCH", "An organization token is required")
            case ("POST", "change_team"):
                return self._change_team(request)
            case _:
                raise _Refused(404, "NOT_FOUND", request.path)

    def error(self, status: int) -> Answer:
        """The vendor's usual answer with this error status."""
        if status == 401:
            return error_answer(401, "INVALID_TOKEN", "The token provided is invalid")
        return error_answer(status, "TOO_MANY_REQUESTS" if status == 429 else "INTERNAL_ERROR")

    def key_in(self, request: Request) -> str:
        """The key a request carries; empty if there is none."""
        return request.headers.get("x-api-key", "")

    def limit_headers(self, limit: int, remaining: int, reset_seconds: int) -> Mapping[str, str]:
        """No limit is published; whoever has one says when to come again."""
        del limit
        return {} if remaining else {"Retry-After": str(reset_seconds)}

    def access(self) -> Mapping[str, str]:
        """What an admin enters besides the base URL."""
        return {"key": self.keys[KeyKind.FULL], "company_code": self.company_code}

    def all_access(self, url: Callable[[str], str]) -> Mapping[str, str]:
        """Every key by what it may do, the company code, and the team of the team admin's key."""
        keys = {kind.value: key for kind, key in self.keys.items()}
        codes = {"company_code": self.company_code, "team_id": str(self.team_id)}
        return {**keys, **codes, "base_url": url(self.prefixes[0])}

    def truth(self) -> list[Account]:
        """Everybody who has a licence here."""
        return [_account(email, rows) for email, rows in self._by_holder(self._roll().rows).items()]

    def loose(self) -> dict[str, int]:
        """How many licences there are, and how many of them no person has, by why."""
        counts = {"total": 0, "unassigned": 0, "server": 0, "key": 0}
        for row in self._roll().rows:
            kind = row.get("assignee", {}).get("type")
            counts["total"] += 1
            if kind != "USER":
                counts[{"SERVER": "server", "LICENSE_KEY": "key"}.get(kind, "unassigned")] += 1
        return counts

    def rows(self) -> list[dict[str, Any]]:
        """Every licence as the list shows it."""
        return self._roll().rows

    def hand_over(self, licence: str, email: str | None, name: str, *, suspended: bool = False) -> None:
        """Put a licence into other hands, or into nobody's, as an admin does on the vendor's web pages."""
        hand = None if email is None else _Hand(email, name, -1, self._company.today, None, suspended)
        with self._writing:
            self._given = MappingProxyType({**self._given, self._number(licence): hand})
            self._writes += 1

    def take_back_what_was_done(self, licence: str) -> None:
        """Let a licence be again where it was before anybody handed it over."""
        with self._writing:
            given = dict(self._given)
            given.pop(self._number(licence), None)
            self._given = MappingProxyType(given)
            self._writes += 1

    def cancel(self, licence: str) -> None:
        """End a licence: it is not listed any more."""
        with self._writing:
            self._cancelled |= {self._number(licence)}
            self._writes += 1

    def prepare(self) -> None:
        """Work out every licence, so that no answer is slower for being the first."""
        _ = self._roll().rows

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """What a sync must know of these people, by their addresses."""
        numbers = (number for number in self._roll().numbers if self._serial_of(number) in serials)
        return {
            email: {
                "name": (account := _account(email, rows)).name,
                "role": account.role,
                "active": account.active,
                "last_activity": account.last_activity,
                "licences": account.licences,
            }
            for email, rows in self._by_holder(map(self._row, numbers)).items()
        }

    def id_of(self, number: int) -> str:
        """The id of a licence by its number."""
        tail = blake2b(b"%d/%d" % (self._company.seed, number), digest_size=2).hexdigest().upper()
        return self._ids.make(number)[1:] + tail

    # ----- which licences there are

    def _roll(self) -> _Roll:
        if self._latest_roll.revision != (self._company.revision, self._writes):
            self._latest_roll = self._new_roll()
        return self._latest_roll

    def _new_roll(self) -> _Roll:
        revision = (self._company.revision, self._writes)
        return _Roll(revision, self._numbers(), self._row)

    def _numbers(self) -> list[int]:
        company = self._company
        numbers: list[int] = []
        newest = max(company.serials, default=-1)
        # A licence stays when its holder leaves: it is free then.
        for serial in range(max(company.people, newest + 1)):
            if self._is_customer(serial) and self._pool_number(serial) is None:
                person = company.person(serial)
                numbers += (serial * _SLOTS + slot for slot in self._slots(person))
        numbers += (-1 - (nth * 3 + _POOL) for nth in range(self._bought_ahead(1)))
        numbers += (-1 - (nth * 3 + _SERVER) for nth in range(self._bought_ahead(5)))
        numbers += (-1 - (nth * 3 + _KEY) for nth in range(self._bought_ahead(7)))
        return [number for number in numbers if number not in self._cancelled]

    def _bought_ahead(self, rarer: int) -> int:
        return self._company.people // (self._organisation.people_a_free_licence * rarer)

    def _is_customer(self, serial: int) -> bool:
        """Whether somebody gets licences here; mostly people who write programs."""
        dice = self._dice(serial, "has")
        share = max(self._organisation.technical, self._organisation.others)
        if dice[0] >= share or self._company.kind_of(serial) is Kind.ROBOT:
            return False
        person = self._company.person(serial)
        return dice[0] < (self._organisation.technical if person.is_technical else self._organisation.others)

    def _slots(self, person: Person) -> list[int]:
        dice = self._dice(person.serial, "has")
        count = 1 + (dice[1] < 130) + (dice[1] < 50)
        # A change of access brings another licence, or takes it away again.
        return [*range(count), *((3,) if person.edits.access % 2 else ())]

    def _pool_number(self, serial: int) -> int | None:
        """The licence bought ahead that a newcomer takes, as long as there are some left."""
        nth = serial - self._company.people
        return -1 - (nth * 3 + _POOL) if 0 <= nth < self._bought_ahead(2) else None

    def _serial_of(self, number: int) -> int | None:
        """Whose licence this is; None for nobody's."""
        given = self._given.get(number)
        if number in self._given:
            return given.serial if given else None
        if number >= 0:
            serial = number // _SLOTS
        else:
            nth, kind = divmod(-1 - number, 3)
            if kind != _POOL or nth >= self._bought_ahead(2):
                return None
            serial = self._company.people + nth
            if not (self._company.is_here(serial) and self._is_customer(serial)):
                return None
        return serial if self._company.is_here(serial) else None

    def _number(self, made: str) -> int:
        number = self._ids.number("P" + made[:6])
        for candidate in (number, number - 36**6):
            if self.id_of(candidate) == made and candidate in self._roll().numbers:
                return candidate
        raise _Refused(404, "LICENSE_NOT_FOUND", made)

    # ----- what a licence looks like

    def _dice(self, number: int, topic: str) -> bytes:
        return self._company.dice(number, f"{self.name[:12]}{topic[:4]}")

    def _row(self, number: int) -> dict[str, Any]:
        dice = self._dice(number, "row")
        hand = self._hand(number, dice)
        kind = divmod(-1 - number, 3)[1] if number < 0 else _POOL
        code, product = self._product(number, dice)
        row: dict[str, Any] = {
            "licenseId": self.id_of(number),
            "product": {"code": code, "name": product},
            "subscription": self._subscription(dice),
            "isAvailableToAssign": hand is None and kind == _POOL,
            "isTransferableBetweenTeams": dice[2] >= 12,
            "isTrial": dice[3] < 6,
            "isSuspended": bool(hand and hand.suspended),
        }
        if dice[4] < 10:
            # Bought once and for ever: no subscription, but a day until which newer versions are included.
            del row["subscription"]
            row["perpetual"] = {"isOutdated": dice[5] < 128, "upgradeDueDate": f"{self._company.today.year}-03-31"}
        team = self._team_of(number, dice)
        if team is not None:
            row["team"] = {"id": team, "name": _TEAMS[team - _FIRST_TEAM]}
        if hand is not None:
            row["assignee"] = {"type": "USER", "name": hand.name, "email": hand.email}
            # Older licences have no such object at all.
            if dice[6] >= 14:
                seen = {} if hand.seen is None else {"lastSeenDate": hand.seen.isoformat()}
                since = {} if hand.since is None else {"lastAssignmentDate": hand.since.isoformat()}
                row["lastSeen"] = {**since, **seen, "isOfflineCodeGenerated": dice[7] < 16}
        elif kind == _SERVER:
            server = ("LICENSE_SERVER", "LICENSE_VAULT")[dice[8] % 2]
            row["assignee"] = {"type": "SERVER", "serverType": server, "uid": dice[9:17].hex()}
        elif kind == _KEY:
            key = f"{row['licenseId']}-{dice[9:25].hex()}"
            row["assignee"] = {"type": "LICENSE_KEY", "registrationName": self._organisation.name}
            row["assignee"] |= {"key": key, "legacyKey": f"legacy-{key}"}
        return row

    def _hand(self, number: int, dice: bytes) -> _Hand | None:
        if number in self._given:
            return self._given[number]
        serial = self._serial_of(number)
        if serial is None:
            return None
        person = self._company.person(serial)
        habits = self._dice(serial, "ways")
        email, name = person.email, person.name
        if dice[10] < 40:
            # Typed in by hand: JetBrains keeps the capitals.
            email = email.title().replace("@Example.Com", "@example.com")
        if dice[11] < 25:
            name = " ".join(word[:2] + "*" * max(3, len(word) - 2) for word in person.name.split())
        seen = self._company.last_activity(person, dice[12:18])
        return _Hand(
            email=email,
            name=name,
            serial=serial,
            since=person.joined,
            seen=seen.date() if seen else None,
            # A few have nothing left that works, a few more one licence of several.
            suspended=habits[0] < 6 or dice[18] < 8,
        )

    def _product(self, number: int, dice: bytes) -> tuple[str, str]:
        if number < 0:
            return _PRODUCTS[dice[0] % len(_PRODUCTS)]
        serial, slot = divmod(number, _SLOTS)
        habits = self._dice(serial, "ways")
        if slot == 2:
            return _ADD_ON
        # Some have the same product twice: waste that a report should find.
        step = 0 if slot == 1 and habits[2] < 30 else slot
        return _PRODUCTS[(habits[1] + step) % len(_PRODUCTS)]

    def _subscription(self, dice: bytes) -> dict[str, object]:
        is_outdated = dice[19] < 14
        year = self._company.today.year + (-1 if is_outdated else 1)
        until = f"{year}-{1 + dice[20] % 12:02d}-{1 + dice[21] % 28:02d}T00:00:00.000+03:00"
        return {
            "subscriptionPackRef": f"{1_200 + dice[22] % 40}/1{dice[23:25].hex().upper()}",
            "validUntilDate": until,
            "isOutdated": is_outdated,
            "isAutomaticallyRenewed": not is_outdated and dice[25] < 200,
        }

    def _team_of(self, number: int, dice: bytes) -> int | None:
        if number in self._moved:
            return self._moved[number]
        return None if dice[26] < 12 else _FIRST_TEAM + dice[27] % len(_TEAMS)

    @staticmethod
    def _by_holder(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row.get("assignee", {}).get("type") == "USER":
                found.setdefault(row["assignee"]["email"].lower(), []).append(row)
        return found

    # ----- reading

    def _entity(self, kind: KeyKind) -> dict[str, object]:
        if kind is KeyKind.TEAM:
            return {"type": "TEAM", "id": self.team_id, "name": _TEAMS[0]}
        return {"type": "CUSTOMER", "id": int(self.company_code), "name": self._organisation.name}

    def _team_in(self, text: str, kind: KeyKind) -> int:
        team = int(text) if text.isdecimal() else 0
        if not _FIRST_TEAM <= team < _FIRST_TEAM + len(_TEAMS):
            raise _Refused(404, "TEAM_NOT_FOUND", text)
        if kind is KeyKind.TEAM and team != self.team_id:
            raise _Refused(403, "TEAM_MISMATCH", f"Token was generated for team with id {self.team_id}")
        return team

    def _list(self, request: Request, place: Place, team: int | None) -> Answer:
        fault = self._faults.take(LISTINGS, self.name, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.SHRINKING and place.page > 1:
            self._cancel(int(fault.amount), before=(place.page - 1) * _per_page(request))
            fault = None
        number, size = place.page, _per_page(request)
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            number = 1
        wanted, is_whole = self._wanted(request, team)
        chosen = wanted[(number - 1) * size : number * size]
        more = number * size < len(wanted)
        total = len(wanted)
        if fault is not None:
            return self._spoilt_list(fault, chosen, total, place, size, more=more)
        body = orjson.dumps(chosen)
        return Answer(
            200, body, headers=_counted(total, place.page, size, more=more), ends_listing=is_whole and not more
        )

    def _wanted(self, request: Request, team: int | None) -> tuple[Sequence[dict[str, Any]], bool]:
        """The licences a list is about, and whether that is all of them."""
        rows = self._roll().rows
        product, email = request.first("productCode"), request.first("assigneeEmail")
        assigned = request.first("assigned")
        if assigned not in (None, "true", "false"):
            raise _Refused(400, "INVALID_PARAMETER", assigned or "")
        if product is None and email is None and assigned is None and team is None:
            return rows, True
        return [
            row
            for row in rows
            if (product is None or row["product"]["code"] == product)
            and (email is None or row.get("assignee", {}).get("email", "").lower() == email.strip().lower())
            and (assigned is None or ("assignee" in row) == (assigned == "true"))
            and (team is None or row.get("team", {}).get("id") == team)
        ], False

    def _spoilt_list(
        self, fault: Fault, chosen: Sequence[dict[str, Any]], total: int, place: Place, size: int, *, more: bool
    ) -> Answer:
        rows: list[Any] = [orjson.loads(orjson.dumps(row)) for row in chosen]
        match fault.kind:
            case FaultKind.EMPTY_LIST:
                rows, total, more = [], 0, False
            case FaultKind.ENDLESS:
                rows, more = [], True
            case FaultKind.REPEATED_PAGE:
                total, more = total + size * place.page, True
            case FaultKind.WRONG_TOTAL:
                total += int(fault.amount)
            case FaultKind.FORGETFUL:
                rows = rows[: -int(fault.amount)]
                total -= int(fault.amount)
            case FaultKind.MISSING_KEY:
                return replace(json_answer({}), headers=_counted(total, place.page, size, more=more))
            case FaultKind.NOT_OBJECTS:
                rows = [row["licenseId"] for row in rows]
            case FaultKind.NO_ID:
                for row in rows[:1]:
                    del row["licenseId"]
            case FaultKind.HOSTILE_TEXT:
                assigned = [row for row in rows if row.get("assignee", {}).get("type") == "USER"]
                for row, text in zip(assigned, HOSTILE_NAMES, strict=False):
                    row["assignee"]["name"] = row["product"]["name"] = text
            case FaultKind.RECORDED_NULLS:
                for row in rows:
                    row.update(
                        {key: row.get(key) for key in ("assignee", "team", "subscription", "lastSeen", "domain")}
                    )
            case _:
                pass
        return replace(json_answer(rows), headers=_counted(total, place.page, size, more=more))

    # ----- writing

    def _assign(self, request: Request) -> Answer:
        asked = _body(request)
        contact = asked.get("contact")
        if not isinstance(contact, dict):
            raise _Undecodable
        email, first, last = (contact.get(key) for key in ("email", "firstName", "lastName"))
        if not isinstance(email, str) or email.count("@") != 1 or email.strip("@") != email:
            raise _Refused(400, "INVALID_CONTACT_EMAIL", str(email or ""))
        for name in (first, last):
            if not isinstance(name, str) or not name.strip() or any(map(str.isdigit, name)):
                raise _Refused(400, "INVALID_CONTACT_NAME", str(name or ""))
        with self._writing:
            number = self._to_assign(asked)
            hand = _Hand(email, f"{first} {last}", -1, self._company.today, None)
            self._given = MappingProxyType({**self._given, number: hand})
            self._writes += 1
        return Answer(200, content_type="text/plain")

    def _to_assign(self, asked: Mapping[str, Any]) -> int:
        wanted, licence = asked.get("license"), asked.get("licenseId")
        if isinstance(licence, str):
            # Whatever else was asked for is not even looked at.
            number = self._number(licence)
            row = self._row(number)
            if row.get("assignee", {}).get("type") == "USER":
                raise _Refused(400, "LICENSE_IS_NOT_AVAILABLE_TO_ASSIGN", "ALLOCATED")
            if "assignee" in row:
                raise _Refused(400, "LICENSE_IS_NOT_AVAILABLE_TO_ASSIGN", "NON_PER_USER")
            if row.get("subscription", {}).get("isOutdated"):
                raise _Refused(400, "LICENSE_IS_NOT_AVAILABLE_TO_ASSIGN", "EXPIRED_WITHOUT_FALLBACK")
            return number
        if not isinstance(wanted, dict):
            raise _Refused(400, "MISSING_FIELD", "Either licenseId or license must be provided")
        code, team = wanted.get("productCode"), wanted.get("team")
        if not isinstance(code, str) or type(team) is not int:
            raise _Undecodable
        self._team_in(str(team), KeyKind.FULL)
        if code not in {known for known, _ in (*_PRODUCTS, _ADD_ON)}:
            raise _Refused(404, "PRODUCT_NOT_FOUND", code)
        for number in self._roll().numbers:
            row = self._row(number)
            if row["isAvailableToAssign"] and row["product"]["code"] == code and row.get("team", {}).get("id") == team:
                return number
        raise _Refused(
            400,
            "NO_AVAILABLE_LICENSE_TO_ASSIGN",
            f"No available license found to assign in the team {team} with product {code}",
        )

    def _revoke(self, request: Request) -> Answer:
        licence, email, product = (request.first(name) for name in ("licenseId", "email", "productCode"))
        with self._writing:
            if licence is not None:
                numbers = [self._number(licence)]
            elif email is not None:
                numbers = [
                    number
                    for number in self._roll().numbers
                    if (row := self._row(number)).get("assignee", {}).get("email", "").lower() == email.lower()
                    and product in (None, row["product"]["code"])
                ]
            else:
                raise _Refused(400, "MISSING_FIELD", "Either licenseId or email must be provided")
            numbers = [number for number in numbers if self._row(number).get("assignee", {}).get("type") == "USER"]
            for number in numbers:
                hand = self._hand(number, self._dice(number, "row"))
                if hand and hand.since and hand.since + _REVOCABLE_AFTER > self._company.today:
                    raise _Refused(400, "RECENTLY_ASSIGNED_LICENSE_IS_NOT_AVAILABLE_FOR_REVOKE", self.id_of(number))
            self._given = MappingProxyType({**self._given, **dict.fromkeys(numbers)})
            self._writes += bool(numbers)
        return json_answer({"licenseIds": [self.id_of(number) for number in numbers]})

    def _change_team(self, request: Request) -> Answer:
        asked = _body(request)
        ids, team = asked.get("licenseIds"), asked.get("targetTeamId")
        if not isinstance(ids, list) or type(team) is not int:
            raise _Undecodable
        self._team_in(str(team), KeyKind.FULL)
        moved: dict[int, int] = {}
        with self._writing:
            for made in ids:
                try:
                    number = self._number(str(made))
                except _Refused:
                    continue  # left out without a word
                if self._row(number)["isTransferableBetweenTeams"]:
                    moved[number] = team
            self._moved = MappingProxyType({**self._moved, **moved})
            self._writes += bool(moved)
        return json_answer({"licenseIds": [self.id_of(number) for number in moved]})

    def _cancel(self, amount: int, *, before: int) -> None:
        """Let licences that were listed already disappear, so that the others move up."""
        with self._writing:
            self._cancelled |= frozenset(self._roll().numbers[: min(amount, before)])
            self._writes += 1


def _account(email: str, rows: Sequence[dict[str, Any]]) -> Account:
    names = [row["assignee"]["name"] for row in rows]
    seen = [row["lastSeen"]["lastSeenDate"] for row in rows if "lastSeenDate" in row.get("lastSeen", {})]
    roles = {EXPIRED_ROLE if row.get("subscription", {}).get("isOutdated") else row["product"]["name"] for row in rows}
    return Account(
        id=email,
        email=email,
        name=next((name for name in names if "*" not in name), names[0]),
        role=", ".join(sorted(roles)),
        active=not all(row["isSuspended"] for row in rows),
        last_activity=f"{max(seen)}T00:00:00Z" if seen else None,
        licences=tuple(sorted(row["licenseId"] for row in rows)),
        serial=-1,
    )


def _make_key(seed: int, name: str, kind: KeyKind) -> str:
    digest = blake2b(f"{seed}/{name}/{kind.value}".encode(), digest_size=18, person=b"jetbrains key").hexdigest()
    return digest[:25]


def _page_number(request: Request) -> int:
    text = request.first("page") or "1"
    return int(text) if text.isdecimal() and int(text) > 0 else 1


def _per_page(request: Request) -> int:
    text = request.first("perPage") or ""
    return min(int(text), _LARGEST_PAGE) if text.isdecimal() and int(text) > 0 else _USUAL_PAGE


def _counted(total: int, number: int, size: int, *, more: bool) -> dict[str, str]:
    pages = [("first", 1), *([("next", number + 1)] if more else [])]
    links = ", ".join(f'<{API}/customer/licenses?page={page}&perPage={size}>; rel="{rel}"' for rel, page in pages)
    return {"X-Total-Count": str(total), "Link": links}


def _body(request: Request) -> dict[str, Any]:
    try:
        asked = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise _Undecodable from None
    if not isinstance(asked, dict):
        raise _Undecodable
    return asked
