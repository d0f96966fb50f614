"""JumpCloud's directory of the same company: system users, administrators, devices and the log of sign-ins.

Answers keep to the vendor's own document: keys that were never filled in are absent or empty text, not null, and two
records in a hundred look as they did before `state` was invented.
"""

import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson

from saasdesk.simulator.company import COMPANY_NAME, Company, Kind, Person
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, Fault, FaultKind, Faults, spoil_records

USER_ROLE = "User"
_LARGEST_PAGE = 100
_USUAL_PAGE = 10
_MOST_EVENTS = 10_000
_USUAL_EVENTS = 1_000
_RETENTION = timedelta(days=90)
_SERIALS = 1 << 24
# Users that were made by a call and are nobody of the company have numbers from here on.
_FIRST_MADE = 1 << 23
_DEVICES_A_PERSON = 4

# A change of access moves somebody on to the next of these.
_ROLE_RING = (USER_ROLE, "Help Desk", "Read Only", "Manager", "Command Runner")
_EVENT_TYPES = ("user_login_attempt", "sso_auth", "login_attempt", "ldap_bind", "radius_auth")
_LOCATIONS = ("Dublin", "Lisbon", "Toronto", "", "")
_NOT_FOUND_PAGE = b"<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>"
_TEXT_KEYS = ("displayname", "firstname", "lastname", "jobTitle")
# The document says text; recordings say otherwise.
_SEEN_NULL = ("employeeIdentifier", "manager", "displayname", "jobTitle")


class KeyKind(Enum):
    """Administrators' keys: one that may do everything, one without writing and without the list of administrators, a
    command runner's, which may not see the log, and one for many organisations, which has to say which one it means.
    """

    FULL = "full"
    READ_ONLY = "read_only"
    COMMAND_RUNNER = "command_runner"
    MANY_ORGANIZATIONS = "many_organizations"


@dataclass(frozen=True, slots=True)
class _Model:
    vendor: str
    family: str
    system: str
    version: str
    release: str
    arch: str
    template: str


_MODELS = (
    _Model("Apple Inc.", "darwin", "Mac OS X", "15.6.1", "Sequoia", "arm64", "macos"),
    _Model("Apple Inc.", "darwin", "Mac OS X", "26.0.1", "Tahoe", "arm64", "macos"),
    _Model("Dell Inc.", "windows", "Windows", "11 Pro", "24H2", "x86_64", "windows"),
    _Model("LENOVO", "windows", "Windows", "11 Pro", "25H2", "x86_64", "windows"),
    _Model("Dell Inc.", "linux", "Ubuntu", "24.04", "noble", "x86_64", "ubuntu"),
)
_VIRTUAL = _Model("VMware, Inc.", "linux", "Debian", "13", "trixie", "x86_64", "debian")


class _Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(status)
        self.answer = error_answer(status, message)


_MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
}


def error_answer(status: int, message: str = "") -> Answer:
    """The vendor's error body, of which only the message can be relied on."""
    return json_answer({"message": message or _MESSAGES.get(status, "Internal Server Error")}, status)


class _Ids:
    """Ids of 24 hexadecimal digits that grow with the number they were made from, as the vendor's grow with time."""

    def __init__(self, seed: int, topic: str) -> None:
        digest = blake2b(f"{seed}/{topic}".encode(), digest_size=5).digest()
        self._first = 0x5F000000 + digest[0] * 0x1000
        self._middle = digest.hex()
        self._pattern = re.compile(rf"[0-9a-f]{{8}}{self._middle}([0-9a-f]{{6}})")

    def make(self, number: int) -> str:
        """The id of a number."""
        return f"{self._first + number:08x}{self._middle}{number:06x}"

    def number(self, made: str) -> int:
        """The number of an id, -1 for one that was never made."""
        found = self._pattern.fullmatch(made)
        number = int(found[1], 16) if found else -1
        return number if found and self.make(number) == made else -1


@dataclass(frozen=True, slots=True)
class Device:
    """A device as a complete listing must show it; `owner` is the id of the person who mainly uses it."""

    id: str
    name: str
    serial_number: str
    active: bool
    owner: str | None


@dataclass(frozen=True, slots=True)
class _Event:
    moment: datetime
    id: str
    document: dict[str, object]


class _Roll:
    """Who and what is in the directory at one moment; what is worked out from it is kept until the next."""

    def __init__(self, directory: "JumpCloud", revision: tuple[int, int]) -> None:
        self.revision = revision
        self._directory = directory
        everybody = (*directory.company.serials, *directory.made_serials)
        self.serials = [serial for serial in everybody if directory.has_account(serial)]

    @cached_property
    def accounts(self) -> list[Account]:
        """Everybody, with what a sync must know of them."""
        return [self._directory.account(serial) for serial in self.serials]

    @cached_property
    def device_numbers(self) -> list[int]:
        """Every device by its number: a person's devices follow one another."""
        return [number for serial in self.serials for number in self._directory.device_numbers(serial)]

    @cached_property
    def administrators(self) -> list[dict[str, Any]]:
        """Everybody who may sign in to the console."""
        return self._directory.administrators(self.serials)

    @cached_property
    def events(self) -> list[_Event]:
        """The log of sign-ins, oldest first."""
        found = [event for account in self.accounts for event in self._directory.events_of(account)]
        return sorted(found, key=lambda event: (event.moment, event.id))


class JumpCloud:
    """The company's JumpCloud organisation: nearly everybody is in it, those who left are mostly suspended."""

    name = "jumpcloud"
    prefixes = ("jumpcloud",)

    def __init__(self, company: Company, faults: Faults) -> None:
        self.company = company
        self._faults = faults
        self.keys = {kind: _make_key(company.seed, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self._user_ids = _Ids(company.seed, "system user")
        self._admin_ids = _Ids(company.seed, "administrator")
        self._device_ids = _Ids(company.seed, "system")
        self.organization_id = _Ids(company.seed, "organization").make(0)
        self._deleted: frozenset[int] = frozenset()
        # What calls changed: keys of users by serial number, and whole users who were made.
        self._changed: dict[int, dict[str, Any]] = {}
        self._made: dict[int, dict[str, Any]] = {}
        self._writes = 0
        self._writing = threading.Lock()
        self._rendered: dict[int, tuple[int | None, bytes]] = {}
        self._latest_roll: _Roll | None = None

    # ----- what the server asks

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["api", "systemusers"]:
                return Place("users", _page_of(request))
            case ["api", "systems"]:
                return Place("systems", _page_of(request))
            case ["api", "users"]:
                return Place("administrators")
            case ["api", "organizations"]:
                return Place("organizations")
            case ["api", "systemusers", _]:
                return Place("user")
            case ["api", "systemusers", _, "unlock" | "expire" as endpoint]:
                return Place(endpoint)
            case ["api", "systemusers", _, "state", "activate"]:
                return Place("activate")
            case ["api", "systems", _]:
                return Place("system")
            case ["api", "v2", "systems", _, "users"]:
                return Place("system_users")
            case ["api", "v2", "users", _, "systems"]:
                return Place("user_systems")
            case ["insights", "directory", "v1", "events"]:
                return Place("events")
            case _:
                return Place("unknown")

    def answer(self, request: Request, place: Place) -> Answer:
        """Answer as the vendor does, refusals included."""
        kind = self._kinds.get(self.key_in(request))
        if kind is None:
            return self.error(401)
        try:
            self._check_organization(request, place, kind)
            return self._answer(request, place, kind)
        except _Refused as refused:
            return refused.answer

    def _check_organization(self, request: Request, place: Place, kind: KeyKind) -> None:
        """A key for many organisations has to name one, everywhere but where they are listed."""
        named = request.headers.get("x-org-id")
        if place.endpoint == "organizations":
            if named is not None:
                raise _Refused(403)
        elif named is None:
            if kind is KeyKind.MANY_ORGANIZATIONS:
                raise _Refused(401)
        elif not re.fullmatch(r"[0-9a-f]{24}", named):
            raise _Refused(400, "Bad Request: malformed x-org-id")
        elif named != self.organization_id:
            raise _Refused(404)

    def _answer(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        # The log is asked by POST, but only read.
        if request.method != "GET" and place.endpoint != "events":
            if kind in (KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER):
                raise _Refused(403)
            with self._writing:
                answer = self._write(request, place)
                self._writes += 1
                return answer
        match (request.method, place.endpoint):
            case ("GET", "users"):
                return self._list_users(request, place)
            case ("GET", "user"):
                return self._show_user(request, place)
            case ("GET", "systems"):
                return self._list_devices(request, place)
            case ("GET", "system"):
                return json_answer(self.device(self._device_number(_segment(request, 2))))
            case ("GET", "system_users"):
                return self._list_owners(request)
            case ("GET", "user_systems"):
                return self._list_devices_of(request)
            case ("GET", "administrators") if kind in (KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER):
                raise _Refused(403)
            case ("GET", "administrators"):
                return _page_answer(request, self._roll().administrators)
            case ("GET", "organizations"):
                return _page_answer(request, [self._organization()])
            case ("POST", "events") if kind is KeyKind.COMMAND_RUNNER:
                raise _Refused(403)
            case ("POST", "events"):
                return self._list_events(request)
            case _:
                return Answer(404, _NOT_FOUND_PAGE, "text/html; charset=utf-8")

    def _write(self, request: Request, place: Place) -> Answer:
        match (request.method, place.endpoint):
            case ("POST", "users"):
                return self._create_user(request)
            case ("PUT", "user"):
                return self._change_user(request)
            case ("DELETE", "user"):
                return self._delete_user(request)
            case ("POST", "unlock"):
                return self._set(request, {"account_locked": False, "account_locked_date": None})
            case ("POST", "expire"):
                return self._set(request, {"password_expired": True})
            case ("POST", "activate"):
                if self.user_of(self._serial(_segment(request, 2))).get("state") != "STAGED":
                    raise _Refused(400, "Bad Request: only a staged user can be activated")
                return self._set(request, {"state": "ACTIVATED", "suspended": False})
            case _:
                return Answer(404, _NOT_FOUND_PAGE, "text/html; charset=utf-8")

    def error(self, status: int) -> Answer:
        """The vendor's usual answer with this error status."""
        return error_answer(status)

    def key_in(self, request: Request) -> str:
        """The key a request carries; empty if there is none."""
        return request.headers.get("x-api-key", "")

    def limit_headers(self, limit: int, remaining: int, reset_seconds: int) -> Mapping[str, str]:  # noqa: ARG002 - the vendor publishes no limit
        """Nothing until the limit is reached; then how long to wait."""
        return {} if remaining else {"Retry-After": str(reset_seconds)}

    def access(self) -> Mapping[str, str]:
        """What an admin enters besides the base URL."""
        return {"key": self.keys[KeyKind.FULL]}

    def all_access(self, url: Callable[[str], str]) -> Mapping[str, str]:
        """Every key by what it may do, and the organisation that one of them has to name."""
        keys = {kind.value: key for kind, key in self.keys.items()}
        return {**keys, "organization_id": self.organization_id, "base_url": url(self.prefixes[0])}

    def truth(self) -> list[Account]:
        """Everybody a complete listing must show now."""
        return self._roll().accounts

    def devices(self) -> list[Device]:
        """Every device a complete listing must show now."""
        return [_device(self.device(number)) for number in self._roll().device_numbers]

    def prepare(self) -> None:
        """Render everybody, so that no answer is slower for being the first."""
        for serial in self._roll().serials:
            self._render(serial)

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The user objects of these people, with role and last sign-in beside the vendor's own keys."""
        found: dict[str, Mapping[str, object]] = {}
        for serial in sorted(serials):
            if self.has_account(serial):
                account = self.account(serial)
                extra = {"role": account.role, "last_activity": account.last_activity}
                found[account.id] = self.user_of(serial) | extra
        return found

    # ----- system users

    def has_account(self, serial: int) -> bool:
        """Whether somebody is in this directory: contractors partly, robots where a machine signs in as them."""
        if serial in self._made:
            return True
        if not self.company.is_here(serial) or serial in self._deleted:
            return False
        chance = self._dice(serial)[0]
        match self.company.kind_of(serial):
            case Kind.EMPLOYEE:
                return True
            case Kind.CONTRACTOR:
                return chance < 160
            case _:
                return chance < 110

    def id_of(self, serial: int) -> str:
        """The vendor's id of this person."""
        return self._user_ids.make(serial)

    @property
    def made_serials(self) -> Sequence[int]:
        """The numbers of those users who were made by a call."""
        return tuple(self._made)

    def account(self, serial: int) -> Account:
        """What a sync must know of one user."""
        if serial in self._made or serial in self._changed:
            return self._account_by_record(serial)
        person = self.company.person(serial)
        dice = self._dice(serial)
        seen = self._last_sign_in(person, dice)
        return Account(
            id=self.id_of(serial),
            email=_email(person),
            name=_display_name(person, dice) or f"{person.given} {person.family}",
            role=", ".join(self._roles(person, dice)) or USER_ROLE,
            active=_state(person, dice) == "ACTIVATED",
            last_activity=seen.strftime("%Y-%m-%dT%H:%M:%SZ") if seen else None,
            licences=(),
            serial=serial,
        )

    def _account_by_record(self, serial: int) -> Account:
        """The same for a user whom calls made or changed."""
        user, seen, role = self.user_of(serial), None, USER_ROLE
        if serial not in self._made:
            person, dice = self.company.person(serial), self._dice(serial)
            seen, role = self._last_sign_in(person, dice), ", ".join(self._roles(person, dice)) or USER_ROLE
        return Account(
            id=user["_id"],
            email=user["email"],
            name=user["displayname"] or f"{user['firstname']} {user['lastname']}".strip(),
            role=role,
            active=user["state"] == "ACTIVATED" if "state" in user else not user["suspended"],
            last_activity=seen.strftime("%Y-%m-%dT%H:%M:%SZ") if seen else None,
            licences=(),
            serial=serial,
        )

    def user_of(self, serial: int) -> dict[str, Any]:
        """The user object behind a number, with what calls changed of it."""
        user = self._made.get(serial) or self.user(self.company.person(serial))
        return user | self._changed.get(serial, {})

    def user(self, person: Person) -> dict[str, Any]:
        """The user object of one person of the company, before any call changed it."""
        dice = self._dice(person.serial)
        made, state, roles = self.id_of(person.serial), _state(person, dice), self._roles(person, dice)
        is_locked, is_expired = dice[3] < 6, dice[4] < 13
        joined = datetime(person.joined.year, person.joined.month, person.joined.day, 8, tzinfo=UTC)
        boss = self.company.manager_of(person)
        user: dict[str, Any] = {
            "_id": made,
            "id": made,
            "account_locked": is_locked,
            "account_locked_date": _moment(self._today - timedelta(days=dice[3])) if is_locked else None,
            "activated": state != "STAGED" and dice[5] >= 5,
            "addresses": [],
            "allow_public_key": dice[6] >= 40,
            "attributes": [{"name": "team", "value": person.team}],
            "company": "" if dice[7] < 200 else COMPANY_NAME,
            "costCenter": "",
            "created": _moment(joined + timedelta(milliseconds=dice[8] * 300_011)),
            "department": person.department,
            "description": "",
            "disableDeviceMaxLoginAttempts": dice[9] < 8,
            "displayname": _display_name(person, dice),
            "email": _email(person),
            "employeeType": {Kind.EMPLOYEE: "Employee", Kind.CONTRACTOR: "Contractor"}.get(person.kind, ""),
            "enable_managed_uid": False,
            "enable_user_portal_multifactor": dice[10] < 200,
            "external_dn": "",
            "external_source_type": "",
            "externally_managed": False,
            "firstname": person.given,
            "jobTitle": person.title,
            "lastname": person.family,
            "ldap_binding_user": person.kind is Kind.ROBOT,
            "location": _LOCATIONS[dice[11] % len(_LOCATIONS)],
            "mfa": {"configured": dice[10] < 190, "exclusion": False},
            "middlename": "",
            "organization": self.organization_id,
            "password_expired": is_expired,
            "password_never_expires": person.kind is Kind.ROBOT,
            "passwordless_sudo": False,
            "phoneNumbers": [],
            "samba_service_user": False,
            "ssh_keys": [],
            "state": state,
            "sudo": dice[13] < 20,
            "suspended": state == "SUSPENDED",
            "totp_enabled": dice[10] < 190,
            "unix_guid": 5_000 + person.serial,
            "unix_uid": 5_000 + person.serial,
            "username": person.email.partition("@")[0],
            "admin": {"id": self._admin_ids.make(person.serial), "roleName": roles[0], "roleNames": list(roles)}
            if roles
            else None,
        }
        # What was never filled in is not there at all, or is empty text.
        if boss is not None and person.kind is not Kind.ROBOT:
            user["manager"] = self.id_of(boss)
        elif dice[14] < 128:
            user["manager"] = ""
        if dice[15] < 90:
            user["alternateEmail"] = f"{user['username']}@mail.example.com"
        if person.kind is not Kind.ROBOT and dice[16] >= 30:
            user["password_expiration_date"] = _moment(self._quarter + timedelta(days=dice[16] - 100))
        if dice[17] < 200:
            user["employeeIdentifier"] = f"KH-{person.serial:05d}"
        if _is_old_record(dice):
            del user["state"], user["admin"]
        return user

    def _last_sign_in(self, person: Person, dice: bytes) -> datetime | None:
        """The newest sign-in that the log still has; whoever is not active cannot sign in."""
        seen = self.company.last_activity(person, dice[20:])
        if seen is None or seen < self._today - _RETENTION or _state(person, dice) == "STAGED":
            return None
        return seen

    def _roles(self, person: Person, dice: bytes) -> tuple[str, ...]:
        """What somebody may do in the console; most may not sign in there at all."""
        if person.serial == 0:
            return ("Administrator With Billing",)
        role = USER_ROLE
        if person.department in ("IT Operations", "Security") and person.kind is Kind.EMPLOYEE:
            choices = ("Administrator", "Manager", "Help Desk", "Command Runner", "Read Only", USER_ROLE)
            role = choices[dice[18] % len(choices)]
        if person.edits.access:
            start = _ROLE_RING.index(role) if role in _ROLE_RING else 0
            role = _ROLE_RING[(start + person.edits.access) % len(_ROLE_RING)]
        if role == USER_ROLE:
            return ()
        return (role, "Billing Only") if dice[19] < 20 else (role,)

    def _list_users(self, request: Request, place: Place) -> Answer:
        limit, skip = _paging(request)
        members: Sequence[int] = _in_order(request, self._wanted(request), skip)
        fault = self._faults.take(LISTINGS, self.name, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            skip = max(0, skip - limit) if fault.page is not None else 0
        chosen = members[skip : skip + limit]
        is_whole = len(members) == len(self._roll().serials)
        ends = is_whole and skip + len(chosen) >= len(members) and place.page > 0
        fields = (request.first("fields") or "").replace(",", " ").split()
        if fault is None and not fields:
            body = b",".join(map(self._render, chosen))
            return Answer(200, b'{"totalCount":%d,"results":[%b]}' % (len(members), body), ends_listing=ends)
        users = [self.user_of(serial) for serial in chosen]
        page = {"totalCount": len(members), "results": users}
        if fault is not None:
            self._spoil(fault, page, members, skip)
        if fields:
            page["results"] = [_only(user, fields) for user in users]
        return replace(json_answer(page), ends_listing=ends)

    def _wanted(self, request: Request) -> Sequence[int]:
        """Those whom every filter lets through, in the words `key:$eq:value`; without the sign one does nothing."""
        filters = [_FILTER.fullmatch(value) for key, value in request.query if re.fullmatch(r"filter(\[\d+\])?", key)]
        known = [found.groups() for found in filters if found is not None]
        if not known:
            return self._roll().serials

        def passes(serial: int) -> bool:
            user = self.user_of(serial)
            return all((_as_text(user.get(key)) == value) == (sign == "eq") for key, sign, value in known)

        return [serial for serial in self._roll().serials if passes(serial)]

    def _spoil(self, fault: Fault, page: dict[str, Any], members: Sequence[int], skip: int) -> None:
        """Change one page of users as the fault says."""
        users, count = page["results"], int(fault.amount)
        match fault.kind:
            case FaultKind.NO_ID:
                for user in users[:1]:
                    del user["_id"], user["id"]
            case FaultKind.EMPTY_LIST:
                page.update(totalCount=0, results=[])
            case FaultKind.ENDLESS:
                page.update(totalCount=page["totalCount"] + skip + len(users) + 1)
            case FaultKind.REPEATED_PAGE:
                page["totalCount"] += len(users)
            case FaultKind.WRONG_TOTAL:
                page["totalCount"] += count
            case FaultKind.SHRINKING:
                # Some of those already listed leave, so that others move up past the beginning of the next page.
                self.company.leave(members[1 : skip + len(users)][:count])
            case FaultKind.FORGETFUL:
                # The list lacks people who are still there, and its total agrees with it.
                page.update(totalCount=page["totalCount"] - count, results=users[:-count])
            case FaultKind.SHORT_PAGE:
                page["results"] = users[:-count]
            case FaultKind.NULL_ROWS:
                users[:count] = [None] * min(count, len(users))
            case FaultKind.MISSING_KEY:
                del page["results"]
            case FaultKind.NOT_OBJECTS:
                page["results"] = [user["_id"] for user in users]
            case _:
                spoil_records(fault, users, text_keys=_TEXT_KEYS, null_keys=_SEEN_NULL)

    def _show_user(self, request: Request, place: Place) -> Answer:
        user = self.user_of(self._serial(_segment(request, 2)))
        fault = self._faults.take({FaultKind.MISSING_KEY, FaultKind.NO_ID}, self.name, place.endpoint, place.page)
        if fault is not None:
            return json_answer({} if fault.kind is FaultKind.MISSING_KEY else {"email": user["email"]})
        return json_answer(user)

    def _render(self, serial: int) -> bytes:
        """A user object as JSON; kept while neither the person nor the manager changes."""
        if self.company.has_changed(serial) or serial in self._changed or serial in self._made:
            return orjson.dumps(self.user_of(serial))
        boss = self.company.manager_serial(serial)
        known = self._rendered.get(serial)
        if known is None or known[0] != boss:
            known = self._rendered[serial] = (boss, orjson.dumps(self.user(self.company.person(serial))))
        return known[1]

    # ----- calls that change something

    def _create_user(self, request: Request) -> Answer:
        """A new user, in the state that the organisation gives to those who are made by hand: staged."""
        asked = _body(request)
        missing = [key for key in ("username", "email") if not asked.get(key)]
        if missing:
            raise _Refused(400, f"Bad Request: {' and '.join(missing)} must be given")
        _check_types(asked)
        self._refuse_taken(asked, but=None)
        serial = _FIRST_MADE + self._writes
        made = self.id_of(serial)
        self._made[serial] = {
            **_EMPTY_USER,
            "_id": made,
            "id": made,
            "created": _moment(self._today),
            "organization": self.organization_id,
            "unix_uid": 5_000 + serial,
            "unix_guid": 5_000 + serial,
            **{key: value for key, value in asked.items() if key in _WRITABLE},
        }
        return json_answer(self._made[serial])

    def _change_user(self, request: Request) -> Answer:
        serial, asked = self._serial(_segment(request, 2)), _body(request)
        _check_types(asked)
        self._refuse_taken(asked, but=serial)
        wanted = {key: value for key, value in asked.items() if key in _WRITABLE}
        # The two say the same: whoever sets one of them changes the other.
        if "state" in wanted:
            wanted["suspended"] = wanted["state"] == "SUSPENDED"
        elif "suspended" in wanted and "state" in self.user_of(serial):
            wanted["state"] = "SUSPENDED" if wanted["suspended"] else "ACTIVATED"
        self._remember(serial, wanted)
        return json_answer(self.user_of(serial))

    def _delete_user(self, request: Request) -> Answer:
        """Somebody's manager is only deleted when it is said what becomes of the reports."""
        serial = self._serial(_segment(request, 2))
        user = self.user_of(serial)
        reports = [other for other in self._roll().serials if self.user_of(other).get("manager") == user["_id"]]
        heir = request.first("cascade_manager")
        if reports and heir is None:
            raise _Refused(409, "Conflict: the user is the manager of other users")
        if heir not in (None, "null"):
            self._serial(heir or "")
        for other in reports:
            self._remember(other, {"manager": "" if heir == "null" else heir})
        self._made.pop(serial, None)
        self._deleted |= {serial}
        return json_answer(user)

    def _set(self, request: Request, values: Mapping[str, object]) -> Answer:
        """Change what one of the small calls changes; they answer with hardly anything."""
        self._remember(self._serial(_segment(request, 2)), values)
        return json_answer("OK")

    def _remember(self, serial: int, values: Mapping[str, object]) -> None:
        self._changed[serial] = {**self._changed.get(serial, {}), **values}

    def _refuse_taken(self, asked: Mapping[str, object], *, but: int | None) -> None:
        """Names and addresses belong to one user each, however they are written."""
        wanted = {key: str(asked[key]).casefold() for key in ("username", "email") if asked.get(key)}
        for serial in self._roll().serials if wanted else ():
            user = self.user_of(serial)
            for key, value in wanted.items():
                if serial != but and user[key].casefold() == value:
                    raise _Refused(400, f"Bad Request: {key} already exists")

    # ----- administrators and the organisation

    def administrators(self, serials: Sequence[int]) -> list[dict[str, Any]]:
        """The console's log-ins: those of people here, and one of somebody from outside."""
        found = [self._administrator(-1, "console@partner.example.com", ("Billing Only",))] if serials else []
        for serial in serials:
            if serial in self._made:
                continue
            person, dice = self.company.person(serial), self._dice(serial)
            roles = self._roles(person, dice)
            if roles:
                # Log-ins were typed in by hand, not always as the directory writes them.
                email = _email(person).upper() if dice[19] % 3 == 0 else _email(person)
                found.append(self._administrator(serial, email, roles))
        return found

    def _administrator(self, serial: int, email: str, roles: tuple[str, ...]) -> dict[str, Any]:
        return {
            "_id": self._admin_ids.make(serial % _SERIALS),
            "email": email,
            "enableMultiFactor": True,
            "totpEnrolled": True,
            "suspended": False,
            "created": "2021-02-11T20:57:14.837Z",
            "organization": self.organization_id,
            "roleName": roles[0],
            "roleNames": list(roles),
        }

    def _organization(self) -> dict[str, object]:
        made = self.organization_id
        return {"_id": made, "id": made, "displayName": COMPANY_NAME, "logoUrl": "", "created": "2021-02-11T20:57:14Z"}

    # ----- the log of sign-ins

    def events_of(self, account: Account) -> Iterator[_Event]:
        """Somebody's last sign-ins; an attempt that failed can be newer than the last that did not."""
        if account.last_activity is None:
            return
        dice = self._dice(account.serial)
        last = datetime.fromisoformat(account.last_activity)
        yield self._event(account, last, 0, is_success=True)
        if dice[30] < 128:
            yield self._event(account, last - timedelta(hours=9), 1, is_success=True)
        if dice[31] < 60:
            yield self._event(account, last + timedelta(minutes=11), 2, is_success=False)

    def _event(self, account: Account, moment: datetime, nth: int, *, is_success: bool) -> _Event:
        made = f"{account.id}{nth}"
        who = {"id": account.id, "type": "user", "email": account.email}
        document: dict[str, object] = {
            "id": made,
            "event_type": _EVENT_TYPES[(account.serial + nth) % len(_EVENT_TYPES)],
            "timestamp": _moment(moment),
            "initiated_by": who,
            "success": is_success,
            "organization": self.organization_id,
            "client_ip": "192.0.2.7",
            "service": "directory",
            "@version": "1",
        }
        return _Event(moment, made, document)

    def _list_events(self, request: Request) -> Answer:
        asked = _events_question(request)
        is_ascending, limit = asked["is_ascending"], asked["limit"]
        events = self._roll().events
        start = bisect_right(events, (asked["start_time"], ""), key=lambda event: (event.moment, event.id))
        wanted = [event for event in events[start:] if event.document["event_type"] in asked["event_types"]]
        if asked["after"] is not None:
            wanted = [event for event in wanted if (_mark(event) > asked["after"]) == is_ascending]
            wanted = [event for event in wanted if _mark(event) != asked["after"]]
        if not is_ascending:
            wanted.reverse()
        chosen = wanted[:limit]
        last = list(_mark(chosen[-1])) if chosen else []
        headers = {
            "X-Result-Count": str(len(chosen)),
            "X-Limit": str(limit),
            "X-Sort": "ASC" if is_ascending else "DESC",
            "X-Search_after": orjson.dumps(last).decode(),
        }
        rows = [_only_keys(event.document, asked["fields"]) for event in chosen]
        return json_answer(rows).with_headers(headers)

    # ----- devices

    def device_numbers(self, serial: int) -> range:
        """The numbers of somebody's devices: most have one, some several, others none."""
        if serial in self._made:
            return range(0)
        dice = self._dice(serial)
        count = 0 if dice[32] < 40 else 1 if dice[32] < 215 else 2 if dice[32] < 246 else 3
        return range(serial * _DEVICES_A_PERSON, serial * _DEVICES_A_PERSON + count)

    def device(self, number: int) -> dict[str, Any]:
        """A device as the list shows it."""
        serial, nth = divmod(number, _DEVICES_A_PERSON)
        person = self.company.person(serial)
        dice = self.company.dice(number, "jumpcloud device")
        is_virtual = nth > 0 and dice[0] < 90
        model = _VIRTUAL if is_virtual else _MODELS[dice[1] % len(_MODELS)]
        account = self.account(serial)
        is_shared = dice[2] < 12
        seen = self._last_contact(account, dice)
        name = f"{'vm' if is_virtual else 'kh'}-{person.team.split()[0].lower()}-{number:05d}"
        made, username = self._device_ids.make(number), person.email.partition("@")[0]
        device: dict[str, Any] = {
            "_id": made,
            "id": made,
            "displayName": name if dice[3] < 200 else f"{person.given}'s {model.system}",
            "hostname": name,
            "serialNumber": ""
            if is_virtual or dice[4] < 6
            else f"KH{blake2b(made.encode(), digest_size=4).hexdigest().upper()}",
            "os": model.system,
            "osFamily": model.family,
            "version": model.version,
            "arch": model.arch,
            "osVersionDetail": {
                "osName": model.system,
                "releaseName": model.release,
                "version": model.version,
                "major": model.version.partition(".")[0],
            },
            "hwVendor": model.vendor,
            "templateName": model.template,
            "description": "" if dice[5] < 220 else "Shared desk",
            "agentVersion": ("2.47.1", "2.46.3", "2.40.0")[dice[6] % 3],
            "active": account.active and dice[7] < 190 and not is_shared,
            "lastContact": _moment(seen) if seen else None,
            "created": _moment(datetime(person.joined.year, person.joined.month, person.joined.day, 9, tzinfo=UTC)),
            "remoteIP": f"198.51.100.{dice[8]}",
            "networkInterfaces": [
                {"name": "en0", "family": "IPv4", "address": f"10.20.{dice[9]}.{dice[10]}", "internal": False}
            ],
            "fde": {"active": not is_virtual and dice[11] < 225, "keyPresent": not is_virtual and dice[11] < 215},
            "mdm": {"vendor": "internal" if model.family == "darwin" else "none"},
            "fileSystem": None,
            "primarySystemUser": {"id": None if is_shared else account.id},
            "userMetrics": [
                {
                    "userName": username,
                    "admin": dice[12] < 60,
                    "managed": not is_shared,
                    "suspended": not account.active,
                    "secureTokenEnabled": model.family == "darwin",
                }
            ],
            "attributes": [],
            "systemInsights": {"state": "enabled" if dice[13] < 200 else "deferred"},
            "organization": self.organization_id,
            "systemTimezone": 0,
        }
        if is_shared and dice[14] < 128:
            del device["primarySystemUser"]
        return device

    def _last_contact(self, account: Account, dice: bytes) -> datetime | None:
        """When a device was last heard of; those of people who are not active fell silent months ago."""
        if dice[15] < 5:
            return None
        if not account.active or dice[15] < 20:
            return self._quarter - timedelta(days=20 + dice[16] % 200, minutes=dice[17])
        return self._today - timedelta(days=1, minutes=int.from_bytes(dice[16:18]) % 1_400)

    def _list_devices(self, request: Request, place: Place) -> Answer:
        limit, skip = _paging(request)
        members = _in_order(request, self._roll().device_numbers, skip)
        chosen = members[skip : skip + limit]
        fault = self._faults.take(LISTINGS, self.name, place.endpoint, place.page)
        page = {"totalCount": len(members), "results": [self.device(number) for number in chosen]}
        match fault.kind if fault is not None else None:
            case FaultKind.EMPTY_LIST:
                page = {"totalCount": 0, "results": []}
            case FaultKind.MISSING_KEY:
                del page["results"]
            case FaultKind.SHRINKING:
                owners = [number // _DEVICES_A_PERSON for number in members[: skip + len(chosen)]]
                self.company.leave(sorted({owner for owner in owners if owner})[: int(fault.amount if fault else 0)])
            case _:
                pass
        return json_answer(page)

    def _list_owners(self, request: Request) -> Answer:
        """Who uses a device; the answer of the second API is a bare list, with its total in a header."""
        number = self._device_number(_segment(request, 3))
        is_bound = (self.device(number).get("primarySystemUser") or {}).get("id") is not None
        return _bound_answer(request, "user", [self.id_of(number // _DEVICES_A_PERSON)] if is_bound else [])

    def _list_devices_of(self, request: Request) -> Answer:
        serial = self._serial(_segment(request, 3))
        devices = (self.device(number) for number in self.device_numbers(serial))
        return _bound_answer(request, "system", [d["_id"] for d in devices if _device(d).owner is not None])

    # ----- inside

    @property
    def _today(self) -> datetime:
        today = self.company.today
        return datetime(today.year, today.month, today.day, tzinfo=UTC)

    @property
    def _quarter(self) -> datetime:
        """The beginning of the quarter: what hangs on it stays the same from day to day."""
        today = self.company.today
        return datetime(today.year, (today.month - 1) // 3 * 3 + 1, 1, 10, tzinfo=UTC)

    def _dice(self, serial: int) -> bytes:
        return self.company.dice(serial, "jumpcloud") + self.company.dice(serial, "jumpcloud more")

    def _roll(self) -> _Roll:
        """Who is in the directory now."""
        revision = (self.company.revision, self._writes)
        roll = self._latest_roll
        if roll is None or roll.revision != revision:
            roll = self._latest_roll = _Roll(self, revision)
        return roll

    def _serial(self, made: str) -> int:
        serial = self._user_ids.number(made)
        if serial < 0 or not self.has_account(serial):
            raise _Refused(404)
        return serial

    def _device_number(self, made: str) -> int:
        number = self._device_ids.number(made)
        serial = number // _DEVICES_A_PERSON
        if number < 0 or not self.has_account(serial) or number not in self.device_numbers(serial):
            raise _Refused(404)
        return number


_EMPTY_USER: Mapping[str, Any] = {
    "account_locked": False,
    "account_locked_date": None,
    "activated": False,
    "addresses": [],
    "allow_public_key": True,
    "attributes": [],
    "company": "",
    "costCenter": "",
    "department": "",
    "description": "",
    "disableDeviceMaxLoginAttempts": False,
    "displayname": "",
    "employeeType": "",
    "firstname": "",
    "jobTitle": "",
    "lastname": "",
    "location": "",
    "mfa": {"configured": False, "exclusion": False},
    "middlename": "",
    "password_expired": False,
    "phoneNumbers": [],
    "state": "STAGED",
    "sudo": False,
    "suspended": False,
    "totp_enabled": False,
    "admin": None,
}
_TEXTS = frozenset(
    {
        "username", "email", "firstname", "lastname", "middlename", "displayname", "jobTitle", "department", "company",
        "costCenter", "location", "description", "employeeType", "employeeIdentifier", "manager", "alternateEmail",
    }
)  # fmt: skip
_FLAGS = frozenset({"suspended", "account_locked", "allow_public_key", "sudo", "disableDeviceMaxLoginAttempts"})
_STATES = frozenset({"STAGED", "ACTIVATED", "SUSPENDED"})
_WRITABLE = _TEXTS | _FLAGS | {"state"}


def _body(request: Request) -> dict[str, Any]:
    """What a call that changes something carries."""
    try:
        asked = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise _Refused(400, "Bad Request: invalid JSON") from None
    if not isinstance(asked, dict):
        raise _Refused(400, "Bad Request: a JSON object is needed")
    return asked


def _check_types(asked: Mapping[str, object]) -> None:
    """Unknown keys are let be; known ones have to be what they are."""
    for key, value in asked.items():
        is_wrong = (
            (key in _TEXTS and not isinstance(value, str))
            or (key in _FLAGS and not isinstance(value, bool))
            or (key == "state" and value not in _STATES)
        )
        if is_wrong:
            raise _Refused(400, f"Bad Request: {key} is not valid")


def _make_key(seed: int, kind: KeyKind) -> str:
    return blake2b(f"{seed}/{kind.value}".encode(), digest_size=20, person=b"jumpcloud key").hexdigest()


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1_000:03d}Z"


def _is_old_record(dice: bytes) -> bool:
    """A record that lacks what the vendor added later."""
    return dice[1] < 6


def _state(person: Person, dice: bytes) -> str:
    """Newcomers wait for their first day, those who left are mostly shut out here, and so is who takes a long leave."""
    if person.left is not None:
        return "SUSPENDED" if dice[2] < 220 else "ACTIVATED"
    if person.serial == 0 or person.kind is Kind.ROBOT:
        return "ACTIVATED"
    if dice[2] < (90 if person.is_newcomer else 3) and not _is_old_record(dice):
        return "STAGED"
    return "SUSPENDED" if dice[2] < 6 else "ACTIVATED"


def _email(person: Person) -> str:
    """Robots have addresses behind one shared mailbox here."""
    return f"it+{person.email}" if person.kind is Kind.ROBOT else person.email


def _display_name(person: Person, dice: bytes) -> str:
    """Nobody has to fill it in."""
    return "" if dice[12] < 70 else person.name


def _segment(request: Request, position: int) -> str:
    return request.path.strip("/").split("/")[position]


def _page_of(request: Request) -> int:
    limit, skip = request.first("limit") or str(_USUAL_PAGE), request.first("skip") or "0"
    if not (limit.isdecimal() and skip.isdecimal()) or int(limit) < 2:
        return 0
    return int(skip) // int(limit) + 1


def _paging(request: Request) -> tuple[int, int]:
    """The limit and the offset; too large a limit is refused, not cut down."""
    limit = _whole_number(request, "limit", _USUAL_PAGE)
    skip = _whole_number(request, "skip", 0)
    if limit > _LARGEST_PAGE:
        raise _Refused(400, f'Bad Request: request parameter "limit" exceeds maximum value of {_LARGEST_PAGE}')
    return limit, skip


def _whole_number(request: Request, name: str, default: int) -> int:
    text = request.first(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise _Refused(400, f'Bad Request: request parameter "{name}" is not a whole number')
    return int(text)


def _in_order(request: Request, members: Sequence[int], skip: int) -> Sequence[int]:
    """The list as one page sees it: without an order every page is cut from another one."""
    match request.first("sort"):
        case "_id":
            return members
        case "-_id":
            return members[::-1]
        case _:
            shift = skip % 7 if len(members) > _LARGEST_PAGE else 0
            return [*members[shift:], *members[:shift]]


_FILTER = re.compile(r"(\w+):\$(eq|ne):(.*)", re.DOTALL)


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _page_answer(request: Request, rows: Sequence[dict[str, Any]]) -> Answer:
    limit, skip = _paging(request)
    return json_answer({"totalCount": len(rows), "results": rows[skip : skip + limit]})


def _bound_answer(request: Request, kind: str, ids: list[str]) -> Answer:
    limit, skip = _paging(request)
    rows = [{"id": made, "type": kind, "paths": [[]]} for made in ids]
    return json_answer(rows[skip : skip + limit]).with_headers({"x-total-count": str(len(rows))})


def _only(user: Any, fields: Sequence[str]) -> Any:
    return {key: user[key] for key in ("_id", "id", *fields) if key in user} if isinstance(user, dict) else user


def _only_keys(document: Mapping[str, object], fields: Sequence[str]) -> dict[str, object]:
    return {key: value for key, value in document.items() if not fields or key in fields}


def _device(device: Mapping[str, Any]) -> Device:
    owner = (device.get("primarySystemUser") or {}).get("id")
    return Device(device["_id"], device["displayName"], device["serialNumber"], device["active"], owner)


def _mark(event: _Event) -> tuple[int, str]:
    return int(event.moment.timestamp() * 1_000), event.id


def _events_question(request: Request) -> dict[str, Any]:
    """What a question to the log asks for, after the checks that the vendor makes."""
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise _Refused(400, "Bad Request: invalid JSON") from None
    if not isinstance(asked, dict) or "application/json" not in request.headers.get("content-type", ""):
        raise _Refused(400, "Bad Request: a JSON object is needed")
    try:
        start = datetime.fromisoformat(asked["start_time"])
        services = asked["service"]
    except (KeyError, ValueError, TypeError):
        raise _Refused(400, "Bad Request: service and start_time are needed") from None
    if not isinstance(services, list) or not services or start.tzinfo is None:
        raise _Refused(400, "Bad Request: service and start_time are needed")
    limit, after, fields = asked.get("limit"), asked.get("search_after"), asked.get("fields", [])
    return {
        # Whatever makes no sense falls back to what is usual, without a word.
        "limit": limit if type(limit) is int and 0 < limit <= _MOST_EVENTS else _USUAL_EVENTS,
        "is_ascending": str(asked.get("sort", "ASC")).upper() != "DESC",
        "start_time": start,
        "event_types": _event_types(asked.get("search_term")),
        "after": (int(after[0]), str(after[1])) if after else None,
        "fields": fields,
    }


def _event_types(search_term: object) -> tuple[str, ...]:
    """The kinds of events a search is for: one term that names one or several of them, or everything."""
    match search_term:
        case {"and": [{"event_type": str(one)}]}:
            return (one,)
        case {"and": [{"event_type": [*several]}]}:
            return tuple(map(str, several))
        case None:
            return _EVENT_TYPES
        case _:
            raise _Refused(400, "Bad Request: the search term was not understood")
