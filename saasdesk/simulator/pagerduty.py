"""PagerDuty's REST API v2 as far as people are concerned: users, licences, last sign-ins, and one way to delete.

Answers keep to the vendor's own document, so a key that the document does not let be null is left out; the fault
RECORDED_NULLS sends the nulls that were seen in life.
"""

import threading
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from hashlib import blake2b, md5
from typing import Any

import orjson

from saasdesk.simulator.company import Company, Kind, Person
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, Fault, FaultKind, Faults, spoil_records
from saasdesk.simulator.ids import Ids

API = "https://api.pagerduty.example.com"
WEB = "https://kestrel-heath.pagerduty.example.com"

_VENDOR_TYPE = "application/vnd.pagerduty+json"
_WALL = 10_000
_LARGEST_PAGE = 100
_LARGEST_ANALYTICS_PAGE = 1_000

_FULL_ROLES = ("owner", "admin", "user", "limited_user", "observer", "restricted_access")
_STAKEHOLDER_ROLES = ("read_only_user", "read_only_limited_user")
# A change of access moves somebody on to the next of these.
_ROLE_RING = (
    "limited_user",
    "user",
    "observer",
    "read_only_user",
    "restricted_access",
    "admin",
    "read_only_limited_user",
)
# Out of 256, for people who are on call and for the others.
_TECHNICAL_ROLES = ((165, "limited_user"), (215, "user"), (230, "admin"), (246, "observer"), (256, "restricted_access"))
_OTHER_ROLES = (
    (150, "read_only_user"), (190, "observer"), (230, "read_only_limited_user"), (245, "restricted_access"),
    (256, "limited_user"),
)  # fmt: skip
_COLORS = ("purple", "red", "green", "teal", "dark-slate-grey", "blue-violet", "crimson", "medium-pink", "sea-green")
_DESCRIPTIONS = ("On call every other week", "Ask me about runbooks", "Out on Fridays", "Was here before the pager")
_ABILITIES = (
    "advanced_permissions", "coordinated_responding", "manage_schedules", "read_only_users", "service_support_hours",
    "sso", "team_responders", "teams", "urgencies",
)  # fmt: skip
# The document says that these are never null; recordings say otherwise.
_SEEN_NULL = ("job_title", "time_zone")


class KeyKind(Enum):
    """The keys of the account: one for everything, one without writing, one for users alone, and so on.

    Without extras, licences and analytics answer 403; without the plan, analytics answers 402; the EU key is for the
    other region.
    """

    FULL = "full"
    READ_ONLY = "read_only"
    NO_EXTRAS = "no_extras"
    NO_PLAN = "no_plan"
    EU = "eu"


_REFUSED_ANALYTICS = {KeyKind.NO_EXTRAS: 403, KeyKind.NO_PLAN: 402}
_NOT_FOUND_PAGE = b"<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>"


@dataclass(frozen=True, slots=True)
class _Licence:
    name: str
    description: str
    roles: tuple[str, ...]
    role_group: str
    seats_per_hundred: int | None


# Two of them differ only in their description, as in the vendor's own example.
_LICENCES = (
    _Licence("Business (Full User)", "Event Intelligence", _FULL_ROLES, "FullUser", 30),
    _Licence("Business (Full User)", "", _FULL_ROLES, "FullUser", 75),
    _Licence("Business (Stakeholder)", "", _STAKEHOLDER_ROLES, "Stakeholder", None),
)

_MESSAGES = {
    400: (2001, "Invalid Input Provided"),
    401: (2006, "Unauthorized"),
    402: (2014, "Account does not have the abilities to perform the action"),
    403: (2010, "Access Denied"),
    404: (2100, "Not Found"),
    408: (2016, "Request Timeout"),
    429: (2020, "Rate Limit Exceeded"),
}


class _Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, status: int, *reasons: str) -> None:
        super().__init__(status)
        self.answer = error_answer(status, *reasons)


def error_answer(status: int, *reasons: str) -> Answer:
    """The vendor's general error body; without reasons it has no list of them."""
    code, message = _MESSAGES.get(status, (2000, "Internal Server Error"))
    error: dict[str, object] = {"message": message, "code": code}
    if reasons:
        error["errors"] = list(reasons)
    return json_answer({"error": error}, status)


class _Roll:
    """Who is in the account at one moment; what is worked out from it is kept until the next."""

    def __init__(self, revision: tuple[int, int], serials: Sequence[int], account: Callable[[int], Account]) -> None:
        self.revision = revision
        self.serials = serials
        self.found: dict[str, Sequence[int]] = {}
        self._account = account

    @cached_property
    def accounts(self) -> list[Account]:
        """Everybody, with what a sync must know of them."""
        return [self._account(serial) for serial in self.serials]

    def keep(self, question: str, find: Callable[[], Sequence[int]]) -> Sequence[int]:
        """The answer to a question about the people here, found once."""
        if question not in self.found:
            self.found[question] = find()
        return self.found[question]


class PagerDuty:
    """The company's PagerDuty account, which everybody in the company has a login for.

    Under a second prefix the same account answers as the other region, for which only the EU key is good.
    """

    name = "pagerduty"
    prefixes = ("pagerduty", "pagerduty-eu")

    def __init__(self, company: Company, faults: Faults) -> None:
        self._company = company
        self._faults = faults
        self.keys = {kind: _make_key(company.seed, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self._user_ids = Ids(company.seed, "user")
        self._part_ids = Ids(company.seed, "part")
        self._deleted: frozenset[int] = frozenset()
        self._deleting = threading.Lock()
        self._team_id_of: dict[str, str] = {}
        self._rendered: dict[int, bytes] = {}
        self._latest_roll = self._new_roll()

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["users"]:
                limit, offset = request.first("limit") or "25", request.first("offset") or "0"
                if not (limit.isdecimal() and offset.isdecimal()) or int(limit) < 2:
                    return Place("users")
                return Place("users", int(offset) // min(int(limit), _LARGEST_PAGE) + 1)
            case ["users", "me"]:
                return Place("me")
            case ["users", _]:
                return Place("user")
            case ["licenses" | "license_allocations" | "abilities" as endpoint]:
                return Place(endpoint)
            case ["analytics", "raw", "users"]:
                return Place("analytics")
            case _:
                return Place("unknown")

    def answer(self, request: Request, place: Place) -> Answer:
        """Answer as the vendor does, refusals included."""
        kind = self._kinds.get(self.key_in(request))
        if kind is None or (kind is KeyKind.EU) != (request.prefix == "pagerduty-eu"):
            if _VENDOR_TYPE not in request.headers.get("accept", ""):
                return Answer(404, _NOT_FOUND_PAGE, "text/html; charset=utf-8")
            return self.error(401)
        try:
            return self._answer(request, place, kind)
        except _Refused as refused:
            return refused.answer

    def _answer(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        # Analytics is asked by POST, but only reads.
        if kind is KeyKind.READ_ONLY and request.method != "GET" and place.endpoint != "analytics":
            raise _Refused(403)
        match (request.method, place.endpoint):
            case ("GET", "users"):
                return self._list_users(request, place)
            case ("GET", "me"):
                raise _Refused(400, "The requester's user cannot be determined from an account-level access token")
            case ("GET", "user"):
                return self._show_user(request, place, kind)
            case ("DELETE", "user"):
                return self._delete_user(request)
            case ("GET", "licenses" | "license_allocations") if kind is KeyKind.NO_EXTRAS:
                raise _Refused(403, "Cannot read license allocations")
            case ("GET", "licenses"):
                return self._list_licences()
            case ("GET", "license_allocations"):
                return self._list_allocations(request)
            case ("POST", "analytics") if kind in _REFUSED_ANALYTICS:
                raise _Refused(_REFUSED_ANALYTICS[kind])
            case ("POST", "analytics"):
                return self._list_analytics(request)
            case ("GET", "abilities"):
                return json_answer({"abilities": list(_ABILITIES)})
            case _:
                raise _Refused(404)

    def error(self, status: int) -> Answer:
        """The vendor's usual answer with this error status."""
        return error_answer(status)

    def key_in(self, request: Request) -> str:
        """The key in the words the vendor insists on; empty if there is none."""
        words, _, key = request.headers.get("authorization", "").partition("=")
        return key if words == "Token token" else ""

    def limit_headers(self, limit: int, remaining: int, reset_seconds: int) -> Mapping[str, str]:
        """The vendor's own header names; the reset is in seconds from now."""
        return {
            "ratelimit-limit": str(limit),
            "ratelimit-remaining": str(remaining),
            "ratelimit-reset": str(reset_seconds),
        }

    def access(self) -> Mapping[str, str]:
        """What an admin enters besides the base URL."""
        return {"key": self.keys[KeyKind.FULL]}

    def all_access(self, url: Callable[[str], str]) -> Mapping[str, str]:
        """Every key by what it may do, and the other region's URL."""
        keys = {kind.value: key for kind, key in self.keys.items()}
        return {**keys, "eu_base_url": url("pagerduty-eu")}

    def truth(self) -> list[Account]:
        """Everybody a complete listing must show now."""
        return self._roll().accounts

    def prepare(self) -> None:
        """Render everybody whom the vendor lets anybody list, so that no answer is slower for being the first."""
        for serial in self._roll().serials[:_WALL]:
            self._render(serial)

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The user objects of these people, with their last sign-in and licence beside the vendor's own keys."""
        found: dict[str, Mapping[str, object]] = {}
        for serial in sorted(serials):
            if self._has_account(serial):
                person = self._company.person(serial)
                account = self._account(person)
                extra = {"last_sign_in_at": account.last_activity, "licence": account.licences}
                found[account.id] = self.user(person) | extra
        return found

    def user(self, person: Person) -> dict[str, Any]:
        """The user object of one person, as the list shows it."""
        dice = self._dice(person)
        made = self._user_ids.make(person.serial)
        url = f"{API}/users/{made}"
        email, role = self._email(person, dice), self._role(person, dice)
        digest = md5(email.encode(), usedforsecurity=False).hexdigest()
        user: dict[str, Any] = {
            "name": person.name,
            "email": email,
            "time_zone": person.time_zone,
            "color": _COLORS[dice[6] % len(_COLORS)],
            "avatar_url": f"https://avatars.example.com/{digest}.png?d=mm&r=PG",
            "billed": person.kind is not Kind.ROBOT,
            "role": role,
            "description": _DESCRIPTIONS[dice[7] % 4] if dice[7] < 26 else None,
            "invitation_sent": self._company.last_activity(person, dice) is None,
            "job_title": person.title,
            "created_via_sso": dice[9] < 150,
            "teams": [self._team_reference(team) for team in self._teams(person, role, dice)],
            "contact_methods": [
                self._part(person.serial, nth, f"{what}_contact_method_reference", label, f"{url}/contact_methods")
                for nth, (what, label) in enumerate(self._contacts(person, dice))
            ],
            "notification_rules": [
                self._part(
                    person.serial, 4 + nth, "assignment_notification_rule_reference", label, f"{url}/notification_rules"
                )
                for nth, label in enumerate(self._rules(person, dice))
            ],
            "coordinated_incidents": [],
            "id": made,
            "type": "user",
            "summary": person.name,
            "self": url,
            "html_url": f"{WEB}/users/{made}",
        }
        # A title that somebody filled in later is there, whatever the dice said at first.
        if dice[8] < 64 and not person.edits.title:
            del user["job_title"]
        if dice[9] >= 205:
            del user["created_via_sso"]  # accounts older than the key
        if dice[10] < 13:
            del user["time_zone"]
        return user

    def id_of(self, serial: int) -> str:
        """The vendor's id of this person."""
        return self._user_ids.make(serial)

    def busy_ids(self) -> list[str]:
        """The people who cannot be deleted because incidents are assigned to them."""
        return [account.id for account in self.truth() if self._is_busy(self._company.person(account.serial))]

    def _account(self, person: Person) -> Account:
        dice = self._dice(person)
        licence = self._licence(person, dice)
        seen = self._company.last_activity(person, dice)
        return Account(
            id=self._user_ids.make(person.serial),
            email=self._email(person, dice),
            name=person.name,
            role=self._role(person, dice),
            active=True,
            last_activity=seen.strftime("%Y-%m-%dT%H:%M:%SZ") if seen else None,
            licences=() if licence is None else (self._licence_id(licence),),
            serial=person.serial,
        )

    def _dice(self, person: Person) -> bytes:
        return self._company.dice(person.serial, "pagerduty")

    @staticmethod
    def _email(person: Person, dice: bytes) -> str:
        """Some addresses were typed in with capitals; the vendor keeps them so."""
        return person.email.title().replace("@Example.Com", "@example.com") if dice[11] < 8 else person.email

    @staticmethod
    def _role(person: Person, dice: bytes) -> str:
        if person.serial == 0:
            return "owner"
        roles = _TECHNICAL_ROLES if person.is_technical else _OTHER_ROLES
        role = next(role for below, role in roles if dice[12] < below)
        if person.is_lead and person.is_technical and dice[12] < 215:
            role = "user"
        if person.edits.access:
            role = _ROLE_RING[(_ROLE_RING.index(role) + person.edits.access) % len(_ROLE_RING)]
        return role

    def _licence(self, person: Person, dice: bytes) -> int | None:
        """Which of the licences somebody occupies; robots came with an integration and occupy none."""
        if person.kind is Kind.ROBOT:
            return None
        if self._role(person, dice) in _STAKEHOLDER_ROLES:
            return 2
        return 0 if dice[13] < 60 else 1

    @staticmethod
    def _teams(person: Person, role: str, dice: bytes) -> tuple[str, ...]:
        if person.kind is Kind.ROBOT or role in _STAKEHOLDER_ROLES:
            return ()
        return (person.team, "Incident Response") if dice[14] < 40 else (person.team,)

    @staticmethod
    def _contacts(person: Person, dice: bytes) -> tuple[tuple[str, str], ...]:
        if person.kind is Kind.ROBOT:
            return ()
        work = ("email", "Work" if dice[15] < 60 else "Default")
        if not person.is_technical or dice[15] < 90:
            return (work,)
        return (
            (work, ("phone", "Mobile"))
            if dice[15] < 200
            else (work, ("phone", "Mobile"), ("push_notification", "Phone"))
        )

    @staticmethod
    def _rules(person: Person, dice: bytes) -> tuple[str, ...]:
        if person.kind is Kind.ROBOT or not person.is_technical:
            return ()
        return ("0 minutes: Default",) if dice[16] < 180 else ("0 minutes: Default", "10 minutes: Mobile")

    def _is_busy(self, person: Person) -> bool:
        dice = self._dice(person)
        return person.kind is not Kind.ROBOT and person.is_technical and dice[17] < 20

    def _part(self, serial: int, nth: int, kind: str, label: str, parent_url: str) -> dict[str, object]:
        made = self._part_ids.make(serial * 8 + nth)
        return {"id": made, "type": kind, "summary": label, "self": f"{parent_url}/{made}", "html_url": None}

    def _team_id(self, team: str) -> str:
        known = self._team_id_of.get(team)
        if known is None:
            number = int.from_bytes(blake2b(team.encode(), digest_size=4).digest())
            known = self._team_id_of[team] = self._part_ids.make(-1_000 - number)
        return known

    def _team_reference(self, team: str) -> dict[str, object]:
        made = self._team_id(team)
        return {
            "id": made,
            "type": "team_reference",
            "summary": team,
            "self": f"{API}/teams/{made}",
            "html_url": f"{WEB}/teams/{made}",
        }

    def _has_account(self, serial: int) -> bool:
        return self._company.is_here(serial) and serial not in self._deleted

    def _roll(self) -> _Roll:
        """Who is in the account now."""
        roll = self._latest_roll
        if roll.revision != (self._company.revision, len(self._deleted)):
            roll = self._latest_roll = self._new_roll()
        return roll

    def _new_roll(self) -> _Roll:
        revision, deleted = self._company.revision, self._deleted
        serials = self._company.serials
        if deleted:
            serials = [serial for serial in serials if serial not in deleted]
        return _Roll((revision, len(deleted)), serials, lambda serial: self._account(self._company.person(serial)))

    def _serial(self, made: str) -> int:
        serial = self._user_ids.number(made)
        if not self._has_account(serial):
            raise _Refused(404)
        return serial

    def _list_users(self, request: Request, place: Place) -> Answer:
        limit, offset, wants_total = _paging(request)
        members, is_whole = self._wanted(request)
        fault = self._faults.take(LISTINGS, self.name, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            offset = max(0, offset - limit) if fault.page is not None else 0
        chosen = members[offset : offset + limit]
        more = offset + len(chosen) < len(members)
        total = len(members) if wants_total else None
        page: dict[str, Any] = {"limit": limit, "offset": offset, "more": more, "total": total}
        ends = is_whole and not more and place.page > 0
        if fault is not None:
            return replace(self._spoilt_page(fault, request, chosen, page), ends_listing=ends)
        if request.first("include[]") is None:
            users = [self._render(serial) for serial in chosen]
        else:
            users = [orjson.dumps(self._complete_user(serial, request)) for serial in chosen]
        body = b'{"users":[' + b",".join(users) + b"]," + orjson.dumps(page)[1:]
        return Answer(200, body, ends_listing=ends)

    def _wanted(self, request: Request) -> tuple[Sequence[int], bool]:
        """The people a listing is about, and whether that is everybody."""
        roll = self._roll()
        query, teams = (request.first("query") or "").casefold(), frozenset(request.every("team_ids[]"))
        if not query and not teams:
            return roll.serials, True

        def is_wanted(serial: int) -> bool:
            person = self._company.person(serial)
            is_named = query in person.name.casefold() or query in person.email
            return is_named and (not teams or not teams.isdisjoint(self._team_ids(person)))

        question = f"{query}/{sorted(teams)}"
        return roll.keep(question, lambda: [serial for serial in roll.serials if is_wanted(serial)]), False

    def _team_ids(self, person: Person) -> list[str]:
        dice = self._dice(person)
        return [self._team_id(team) for team in self._teams(person, self._role(person, dice), dice)]

    def _render(self, serial: int) -> bytes:
        """A user object as JSON; those of people who never changed are kept."""
        if self._company.has_changed(serial):
            return orjson.dumps(self.user(self._company.person(serial)))
        known = self._rendered.get(serial)
        if known is None:
            known = self._rendered[serial] = orjson.dumps(self.user(self._company.person(serial)))
        return known

    def _complete_user(self, serial: int, request: Request) -> dict[str, Any]:
        """A user object with the objects that `include[]` asks for in place of references; other words are ignored."""
        person = self._company.person(serial)
        user = self.user(person)
        for wanted in request.every("include[]"):
            match wanted:
                case "contact_methods":
                    for contact in user["contact_methods"]:
                        contact["type"] = contact["type"].removesuffix("_reference")
                        contact["label"] = contact["summary"]
                        contact["address"] = user["email"] if contact["type"].startswith("email") else "5550100"
                case "notification_rules":
                    for rule in user["notification_rules"]:
                        rule["type"] = rule["type"].removesuffix("_reference")
                        rule["start_delay_in_minutes"] = int(rule["summary"].partition(" ")[0])
                        rule["urgency"] = "high"
                case "teams":
                    for team in user["teams"]:
                        team |= {
                            "type": "team",
                            "name": team["summary"],
                            "description": None,
                            "default_role": "manager",
                        }
                case _:
                    pass
        return user

    def _spoilt_page(self, fault: Fault, request: Request, chosen: Sequence[int], page: dict[str, Any]) -> Answer:
        users = [self._complete_user(serial, request) for serial in chosen]
        spoil_records(fault, users, text_keys=("name", "summary", "job_title"), null_keys=_SEEN_NULL)
        match fault.kind:
            case FaultKind.EMPTY_LIST:
                users = []
                page.update(more=False, total=None if page["total"] is None else 0)
            case FaultKind.ENDLESS:
                users, page["more"] = [], True
            case FaultKind.REPEATED_PAGE:
                page["more"] = True
            case FaultKind.WRONG_TOTAL if page["total"] is not None:
                page["total"] += int(fault.amount)
            case FaultKind.SHRINKING:
                # Some of those already listed leave, so that others move up past the beginning of the next page.
                listed = self._roll().serials[1 : page["offset"] + len(users)]
                self._company.leave(listed[: int(fault.amount)])
            case FaultKind.FORGETFUL:
                # The list lacks people who are still there, and its total agrees with it.
                users = users[: -int(fault.amount)]
                if page["total"] is not None:
                    page["total"] -= int(fault.amount)
            case FaultKind.MISSING_KEY:
                return json_answer(page)
            case FaultKind.NOT_OBJECTS:
                return json_answer({"users": [user["id"] for user in users], **page})
            case _:
                pass
        return json_answer({"users": users, **page})

    def _show_user(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        serial = self._serial(_last_segment(request))
        user = self._complete_user(serial, request)
        if kind is KeyKind.FULL and "calendar_urls" in request.every("include[]"):
            secret = self._part_ids.make(serial * 8 + 7) * 3
            user["http_cal_url"] = f"https://webcal.example.com/private/{secret}/feed"
            user["web_cal_url"] = f"webcal://webcal.example.com/private/{secret}/feed"
        fault = self._faults.take({FaultKind.MISSING_KEY, FaultKind.NO_ID}, self.name, place.endpoint, place.page)
        if fault is not None:
            return json_answer({} if fault.kind is FaultKind.MISSING_KEY else {"user": {"type": "user"}})
        return json_answer({"user": user})

    def _delete_user(self, request: Request) -> Answer:
        with self._deleting:
            serial = self._serial(_last_segment(request))
            if serial == 0:
                raise _Refused(400, "The account owner cannot be deleted")
            if self._is_busy(self._company.person(serial)):
                raise _Refused(400, "The user cannot be deleted because incidents are assigned to them")
            self._deleted |= {serial}
        return Answer(204)

    def _list_licences(self) -> Answer:
        accounts = self.truth()
        used = Counter(licence for account in accounts for licence in account.licences)
        licences = []
        for number, licence in enumerate(_LICENCES):
            shown, seats = self._licence_object(number), licence.seats_per_hundred
            occupied = used[self._licence_id(number)]
            shown["current_value"] = occupied
            # Null is no limit.
            shown["allocations_available"] = (
                None if seats is None else max(0, len(accounts) * seats // 100 + 5 - occupied)
            )
            licences.append(shown)
        return json_answer({"licenses": licences})

    def _licence_id(self, number: int) -> str:
        return self._part_ids.make(-1 - number)

    def _licence_object(self, number: int) -> dict[str, object]:
        licence = _LICENCES[number]
        return {
            "id": self._licence_id(number),
            "name": licence.name,
            "description": licence.description,
            "valid_roles": list(licence.roles),
            "role_group": licence.role_group,
            "summary": licence.name,
            "type": "license",
            "self": None,
            "html_url": None,
        }

    def _list_allocations(self, request: Request) -> Answer:
        limit, offset, _ = _paging(request)
        roll = self._roll()
        holders = roll.keep("holders", lambda: [serial for serial in roll.serials if self._holds_licence(serial)])
        chosen = holders[offset : offset + limit]
        allocations = []
        for person in map(self._company.person, chosen):
            number = self._licence(person, self._dice(person))
            if number is not None:
                user = {"id": self._user_ids.make(person.serial), "type": "user_reference"}
                allocated_at = f"{person.joined.isoformat()}T00:00:00-05:00"
                allocations.append(
                    {"user": user, "license": self._licence_object(number), "allocated_at": allocated_at}
                )
        more = offset + len(chosen) < len(holders)
        page = {"offset": offset, "limit": limit, "more": more, "total": len(holders)}
        return json_answer({"license_allocations": allocations, **page})

    def _holds_licence(self, serial: int) -> bool:
        return self._company.kind_of(serial) is not Kind.ROBOT

    def _list_analytics(self, request: Request) -> Answer:
        asked = _analytics_question(request)
        limit, after, is_ascending = asked["limit"], asked["starting_after"], asked["order"] == "asc"
        roll, id_of = self._roll(), self._user_ids.make
        serials = roll.keep("by id", lambda: sorted(roll.serials, key=id_of))
        start = 0
        if after is not None:
            place = bisect_right(serials, after, key=id_of)
            # Backwards, the one named by the cursor must not come again.
            start = place if is_ascending else len(serials) + 1 - place
        if not is_ascending:
            serials = roll.keep("by id, backwards", lambda: list(reversed(roll.found["by id"])))
        chosen = [self._company.person(serial) for serial in serials[start : start + limit]]
        answer: dict[str, object] = {
            "data": [self._analytics_row(person) for person in chosen],
            "more": start + len(chosen) < len(serials),
            "limit": limit,
            "time_zone": "Etc/UTC",
            "order": asked["order"],
            "order_by": "user_id",
            "filters": {},
        }
        if chosen:
            answer |= {"first": _cursor(id_of(chosen[0].serial)), "last": _cursor(id_of(chosen[-1].serial))}
        return json_answer(answer)

    def _analytics_row(self, person: Person) -> dict[str, object]:
        """The timestamps have no zone, though they are in UTC."""
        account = self._account(person)
        dice = self._dice(person)
        teams = self._teams(person, account.role, dice)
        contacts = [what for what, _ in self._contacts(person, dice)]
        channels = {"email": "EmailChannel", "phone": "PhoneChannel", "push_notification": "PushNotificationChannel"}
        joined = datetime(person.joined.year, person.joined.month, person.joined.day, tzinfo=UTC)
        created = joined + timedelta(seconds=28_800 + dice[20] * 100)
        on_call = bool(self._rules(person, dice))
        return {
            "id": account.id,
            "description": None,
            "time_zone": None if dice[10] < 13 else person.time_zone,
            "role": account.role,
            "account_id": 1_454,
            "team_id": self._team_id(teams[0]) if teams else None,
            "team_name": teams[0] if teams else None,
            "created_at": created.strftime("%Y-%m-%dT%H:%M:%S"),
            "email": account.email,
            "user_name": account.name,
            "last_sign_in_at": account.last_activity.removesuffix("Z") if account.last_activity else None,
            "default_notification_channel_count": len(contacts),
            "escalation_policies_count": int(on_call),
            "schedules_count": int(on_call),
            "channel_types_configured": [channels[what] for what in contacts],
            "team_count": len(teams),
            "downloaded_mobile_app": "push_notification" in contacts,
            "notification_methods": bool(contacts),
            "on_escalation_policy": on_call,
            "on_schedule": on_call,
            "signed_up": account.last_activity is not None,
        }


def _make_key(seed: int, kind: KeyKind) -> str:
    digest = blake2b(f"{seed}/{kind.value}".encode(), digest_size=15, person=b"pagerduty key").digest()
    return b64encode(digest, altchars=b"_-").decode()


def _last_segment(request: Request) -> str:
    return request.path.rstrip("/").rpartition("/")[2]


def _paging(request: Request) -> tuple[int, int, bool]:
    """The limit, the offset and whether a total is wanted; too large a limit is cut down without a word."""
    limit = _whole_number(request, "limit", 25, smallest=1)
    offset = _whole_number(request, "offset", 0, smallest=0)
    total = request.first("total")
    if total not in (None, "true", "false"):
        raise _Refused(400, "Total must be either true or false")
    limit = min(limit, _LARGEST_PAGE)
    if offset + limit > _WALL:
        raise _Refused(400, f"Offset plus limit must be less than or equal to {_WALL}")
    return limit, offset, total == "true"


def _whole_number(request: Request, name: str, default: int, smallest: int) -> int:
    text = request.first(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) < smallest:
        raise _Refused(400, f"{name.capitalize()} must be a whole number of at least {smallest}")
    return int(text)


def _analytics_question(request: Request) -> dict[str, Any]:
    """What an analytics request asks for, after the checks that the vendor makes."""
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise _Refused(400, "Request body is not valid JSON") from None
    if not isinstance(asked, dict) or "application/json" not in request.headers.get("content-type", ""):
        raise _Refused(400, "Request body must be a JSON object")
    limit, order, after = asked.get("limit", 1_000), asked.get("order", "desc"), asked.get("starting_after")
    if type(limit) is not int or not 1 <= limit <= _LARGEST_ANALYTICS_PAGE:
        raise _Refused(400, f"Limit must be between 1 and {_LARGEST_ANALYTICS_PAGE}")
    if order not in ("asc", "desc") or asked.get("order_by", "user_id") != "user_id":
        raise _Refused(400, "Order must be asc or desc, by user_id")
    return {"limit": limit, "order": order, "starting_after": None if after is None else _cursor_id(after)}


def _cursor(made: str) -> str:
    return b64encode(orjson.dumps({"id": made, "order_by": "user_id", "value": made})).decode()


def _cursor_id(cursor: object) -> str:
    try:
        return str(orjson.loads(b64decode(str(cursor), validate=True))["id"])
    except (ValueError, KeyError, TypeError):
        raise _Refused(400, "Starting after is not a cursor") from None
