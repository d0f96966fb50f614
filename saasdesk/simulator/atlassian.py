"""Atlassian's administration: organisations with managed accounts, user management, and a provisioning directory.

Three APIs in one place, each with keys and error bodies of its own, as they are in life. A name or an e-mail address
that its owner hides is left out; what else can be missing or null is missing or null for somebody.
"""

import re
import threading
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import blake2b
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson

from saasdesk.simulator.company import COMPANY_NAME, Company, Edits, Kind, Person
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, Fault, FaultKind, Faults, spoil_records

_PAGE = 100
# An answer without a body is not called JSON.
_NO_TYPE = "text/plain"
_LARGEST_SEARCH = 100
_USUAL_SEARCH = 50

_USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
_ACCOUNT_SCHEMA = "urn:scim:schemas:extension:atlassian-external:1.0"
_LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"
_FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+"([^"]*)"\s*', re.IGNORECASE)

_CODES = {
    400: ("ADMIN-400-24", "BAD_REQUEST", "Invalid request body"),
    401: ("ADMIN-401-2", "INSUFFICIENT_SCOPE", "Insufficient scope. Create a new API Key for your Organization"),
    403: ("ADMIN-403-3", "FORBIDDEN", "Not allowed to manage the org"),
    404: ("ADMIN-404-1", "NOT_FOUND", "Resource not found"),
    429: ("ADMIN-429-1", "RATE_LIMIT_EXCEEDED", "Rate limit exceeded"),
    500: ("ADMIN-500-1", "INTERNAL_ERROR", "Internal error"),
}
_BAD_CURSOR = ("ADMIN-400-1", "INVALID_CURSOR", "Invalid page cursor")
_NO_ORGANISATION = ("ADMIN-404-2", "NOT_FOUND", "Organization not found")
_NO_USER = ("ADMIN-404-8", "NOT_FOUND", "User not found")


class KeyKind(Enum):
    """The keys of an organisation: one without scopes, two with some, one that is too old, and the directory's own.

    Scoped keys are refused by all of user management, and by whatever changes something in the organisation.
    """

    FULL = "full"
    SCOPED = "scoped"
    ACCOUNTS_ONLY = "accounts_only"
    EXPIRED = "expired"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class _Site:
    """A product at one of the company's sites; Trello and Bitbucket have addresses of their own."""

    key: str
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One of the company's Atlassian organisations: who is in it, and whether it tells how many they are."""

    name: str
    title: str
    site: str
    # Out of 256 people, those who have an account; the others were never invited.
    share: int
    tells_total: bool


MAIN = Organisation("atlassian", COMPANY_NAME, "kestrel-heath", share=236, tells_total=True)
LABS = Organisation("atlassian-labs", f"{COMPANY_NAME} Labs", "kestrel-labs", share=64, tells_total=False)


def _bundles(site: str) -> tuple[tuple[_Site, ...], ...]:
    """What people are given, from everything an engineer needs to nothing but a wiki; a change of access is a step."""
    jira, tests = (_Site("jira-software", "Jira Software", f"{site}{part}.atlassian.net") for part in ("", "-sandbox"))
    wiki = _Site("confluence", "Confluence", f"{site}.atlassian.net")
    desk = _Site("jira-service-desk", "Jira Service Management", f"{site}-support.atlassian.net")
    code = _Site("bitbucket", "Bitbucket", "bitbucket.org")
    # Some products come without an address.
    boards, pages = _Site("trello", "Trello", None), _Site("statuspage", "Statuspage", f"{site}.statuspage.io")
    ideas = _Site("jira-product-discovery", "Jira Product Discovery", f"{site}.atlassian.net")
    return (
        (jira, tests, code, wiki),
        (jira, wiki, code),
        (jira, wiki),
        (wiki,),
        (code, boards),
        (jira, wiki, desk),
        (desk, wiki, pages),
        (wiki, boards),
        (jira, wiki, ideas),
    )


# Out of 256, for people who write software and for the others.
_TECHNICAL = ((90, 0), (160, 1), (200, 2), (225, 5), (240, 4), (256, 6))
_OTHERS = ((110, 3), (160, 7), (200, 2), (230, 8), (256, 5))


@dataclass(frozen=True, slots=True)
class _State:
    """What was done to an account here since the start; None where it is as the company has it."""

    status: str | None = None
    is_suspended: bool | None = None
    is_removed: bool = False
    is_deleting: bool = False
    is_synced: bool | None = None


_UNTOUCHED = _State()


@dataclass(frozen=True, slots=True)
class _Roll:
    """Who is listed at one moment."""

    revision: tuple[int, int]
    serials: Sequence[int]


class _Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def organisation_error(status: int, *, of: tuple[str, str, str] | None = None) -> Answer:
    """The error body of the organisation's API, where the status is text."""
    code, title, detail = of or _CODES.get(status, (f"ADMIN-{status}-1", "ERROR", "Request failed"))
    made = blake2b(code.encode(), digest_size=6).hexdigest()
    body = {"errors": [{"id": made, "status": str(status), "code": code, "title": title, "detail": detail}]}
    return json_answer(body, status)


def management_error(status: int, key: str, detail: str = "") -> Answer:
    """The error body of user management: a key, and for some of them an explanation."""
    more = {"context": f"Error: {detail}", "errorKey": key, "errorDetail": f"Error: {detail}"} if detail else {}
    return json_answer({"key": key, **more}, status)


def directory_error(status: int, detail: str, kind: str = "") -> Answer:
    """The error body of the provisioning directory."""
    body = {"schemas": [_ERROR_SCHEMA], "status": str(status), "detail": detail}
    return json_answer(body | ({"scimType": kind} if kind else {}), status)


class AccountIds:
    """Account ids in the three forms that Atlassian has given out over the years, turned back into serial numbers."""

    _SPACE = 1 << 64
    _FORMS = (re.compile(r"5[0-9a-f]{7}([0-9a-f]{16})"), re.compile(r"(?:557058|712020):([0-9a-f-]{36})"))

    def __init__(self, seed: int) -> None:
        digest = blake2b(f"{seed}/atlassian accounts".encode(), digest_size=16).digest()
        self._step = int.from_bytes(digest[:8]) | 1
        self._back = pow(self._step, -1, self._SPACE)
        self._start = int.from_bytes(digest[8:])

    def make(self, serial: int) -> str:
        """The account id of a serial number."""
        number = (serial * self._step + self._start) % self._SPACE
        if serial % 3 == 0:
            return f"5{number % 0xFFFFFFF:07x}{number:016x}"
        uuid = UUID(int=(number << 64) | (number ^ self._start))
        return f"{557058 if serial % 3 == 1 else 712020}:{uuid}"

    def number(self, made: str) -> int | None:
        """The serial number of an account id; None for what was never one."""
        for form in self._FORMS:
            found = form.fullmatch(made)
            if found is not None:
                text = found[1].replace("-", "")
                number = (int(text[:16], 16) - self._start) * self._back % self._SPACE
                # Accounts that the directory made have negative numbers.
                serial = number - self._SPACE if number > self._SPACE // 2 else number
                return serial if self.make(serial) == made else None
        return None


class Atlassian:
    """One organisation: most of the company's people have an account in it, under the same id in every organisation.

    Suspending, deactivating, deleting and provisioning do what they say, in this organisation alone.
    """

    def __init__(self, company: Company, faults: Faults, organisation: Organisation = MAIN) -> None:
        self.name = organisation.name
        self.prefixes = (organisation.name,)
        self._company = company
        self._faults = faults
        self._organisation = organisation
        self.organisation_id = _uuid(company.seed, organisation, "organisation")
        self.directory_id = _uuid(company.seed, organisation, "provisioning")
        self.keys = {kind: _make_key(company.seed, organisation, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self._members_id = _uuid(company.seed, organisation, "members")
        self._account_ids = AccountIds(company.seed)
        self._bundles = _bundles(organisation.site)
        self._states: Mapping[int, _State] = {}
        self._made: tuple[Person, ...] = ()
        self._changes = 0
        self._changing = threading.Lock()
        self._rendered: dict[int, bytes] = {}
        self._latest_roll = _Roll((-1, -1), ())

    # ----- for the server

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["admin", "v1", "orgs"]:
                return Place("orgs")
            case ["admin", "v1", "orgs", _]:
                return Place("org")
            case ["admin", "v1", "orgs", _, "users"]:
                offset = _offset_in(request.first("cursor"))
                return Place("users", 0 if offset is None else offset // _PAGE + 1)
            case ["admin", "v1", "orgs", _, "directory", "users", _, "last-active-dates"]:
                return Place("last_active")
            case ["admin", "v2", "orgs", _, "directories"]:
                return Place("directories")
            case ["admin", "v2", "orgs", _, "directories", _, "users", "search"]:
                return Place("search")
            case ["admin", "v2", "orgs", _, "directories", _, "users", _]:
                return Place("member")
            case ["admin", "v2", "orgs", _, "directories", _, "users", _, "suspend" | "restore" as step]:
                return Place(step)
            case ["users", _, "manage"]:
                return Place("manage")
            case ["users", _, "manage", "profile"]:
                return Place("profile")
            case ["users", _, "manage", "lifecycle", "disable" | "enable" | "delete" | "cancel-delete" as step]:
                return Place(step)
            case ["scim", "directory", _, "Users"]:
                return Place("scim_users")
            case ["scim", "directory", _, "Users", _]:
                return Place("scim_user")
            case _:
                return Place("unknown")

    def answer(self, request: Request, place: Place) -> Answer:
        """Answer as the vendor does, refusals included."""
        kind = self._kinds.get(self.key_in(request))
        parts = request.path.strip("/").split("/")
        try:
            if parts[0] == "scim":
                return self._answer_directory(request, parts, kind)
            if kind is None or kind in (KeyKind.EXPIRED, KeyKind.DIRECTORY):
                return json_answer({"code": 401, "message": "Unauthorized"}, 401)
            if parts[0] == "users":
                return self._answer_management(request, place, parts, kind)
            return self._answer_organisation(request, place, parts, kind)
        except _Refused as refused:
            return refused.answer

    def error(self, status: int) -> Answer:
        """The vendor's usual answer with this error status."""
        return organisation_error(status)

    def key_in(self, request: Request) -> str:
        """The bearer token of a request; empty if there is none."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        return key if scheme == "Bearer" else ""

    def limit_headers(self, limit: int, remaining: int, reset_seconds: int) -> Mapping[str, str]:
        """The reset is an instant, and its seconds are cut off: a wait of less than a minute is said in seconds too."""
        reset = datetime.now(UTC) + timedelta(seconds=reset_seconds)
        seconds = {"Retry-After": str(reset_seconds)} if reset_seconds < 60 and not remaining else {}
        return seconds | {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%MZ"),
        }

    # ----- for the controls

    def access(self) -> Mapping[str, str]:
        """What an admin enters besides the base URL."""
        return {
            "key": self.keys[KeyKind.FULL],
            "organization_id": self.organisation_id,
            "directory_id": self.directory_id,
            "directory_key": self.keys[KeyKind.DIRECTORY],
        }

    def all_access(self, url: Callable[[str], str]) -> Mapping[str, str]:
        """Every key by what it may do, and what is entered beside them."""
        keys = {kind.value: key for kind, key in self.keys.items()}
        return {"base_url": url(self.prefixes[0]), **self.access(), **keys}

    def prepare(self) -> None:
        """Render everybody, so that no answer is slower for being the first."""
        for serial in self._roll().serials:
            self._render(serial)

    def truth(self) -> list[Account]:
        """Everybody a complete listing must show now; whoever hides the e-mail address has none here either."""
        return [self._account(self._person(serial)) for serial in self._roll().serials]

    def is_in_directory(self, account: Account) -> bool:
        """Whether the provisioning directory knows this account, too."""
        return self._is_synced(account.serial)

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The managed accounts of these people."""
        return {
            self.id_of(serial): self.account(self._person(serial))
            for serial in sorted(serials)
            if self._has_account(serial)
        }

    def id_of(self, serial: int) -> str:
        """The account id of this person, the same in every organisation."""
        return self._account_ids.make(serial)

    # ----- what is shown of a person

    def account(self, person: Person) -> dict[str, Any]:
        """A managed account, as the list shows it."""
        dice = self._dice(person.serial)
        made = self.id_of(person.serial)
        account: dict[str, Any] = {
            "account_id": made,
            "account_type": self._type(person, dice),
            "account_status": self._status(person),
            "name": _nickname(person) if self._hides(person, dice) else person.name,
            "picture": f"https://avatars.example.com/{blake2b(made.encode(), digest_size=8).hexdigest()}/128",
        }
        email = self._email(person, dice)
        if email:
            account["email"] = email
        if person.kind is not Kind.ROBOT:
            account["access_billable"] = None if dice[3] < 6 else dice[3] < 240
        last_active, products = self._last_active(person), self._products(person)
        if last_active or dice[4] < 128:
            account["last_active"] = last_active
        if products or dice[5] < 170:
            account["product_access"] = None if not products and dice[5] < 40 else products
        account["links"] = {"self": f"https://api.atlassian.com/users/{quote(made, safe='')}/manage/profile"}
        return account

    def _account(self, person: Person) -> Account:
        shown = self.account(person)
        products = shown.get("product_access") or []
        times = [shown.get("last_active"), *(product.get("last_active") for product in products)]
        return Account(
            id=shown["account_id"],
            email=shown.get("email", ""),
            name=shown["name"],
            role=", ".join(dict.fromkeys(product["name"] for product in products)),
            active=shown["account_status"] not in ("inactive", "closed"),
            last_activity=max((f"{time[:19]}Z" for time in times if time), default=None),
            licences=tuple(" ".join(filter(None, (p["key"], p.get("url")))) for p in products),
            serial=person.serial,
        )

    def _dice(self, serial: int) -> bytes:
        """Chance for what an account is, whichever organisation looks at it."""
        return self._company.dice(serial, "atlassian")

    def _dice_here(self, serial: int) -> bytes:
        """Chance for what an account has and does in this organisation."""
        return self._company.dice(serial, self.name)

    @staticmethod
    def _type(person: Person, dice: bytes) -> str:
        if person.kind is Kind.ROBOT:
            return "app"
        return "customer" if person.kind is Kind.CONTRACTOR and dice[6] < 60 else "atlassian"

    def _status(self, person: Person) -> str:
        state, dice = self._state(person.serial), self._dice(person.serial)
        if state.is_deleting:
            return "inactive"
        if state.status is not None:
            return state.status
        # Most of those who left still have their account: nobody told whoever looks after Atlassian.
        if person.left is not None and dice[7] < 90:
            return "closed" if dice[7] < 12 else "inactive"
        return "inactive" if dice[7] < 2 and person.serial and not person.is_newcomer else "active"

    @staticmethod
    def _hides(person: Person, dice: bytes) -> bool:
        return person.serial != 0 and not person.edits.email and dice[8] < 5

    def _email(self, person: Person, dice: bytes) -> str:
        """Robots have no address, some people hide theirs, and some were typed in with capitals."""
        if person.kind is Kind.ROBOT or self._hides(person, dice):
            return ""
        return person.email.title().replace("@Example.Com", "@example.com") if dice[9] < 8 else person.email

    def _last_active(self, person: Person) -> str | None:
        dice = self._dice_here(person.serial)
        seen = None if person.kind is Kind.ROBOT else self._company.last_activity(person, dice)
        if seen is None:
            return None
        return seen.strftime("%Y-%m-%dT%H:%M:%S") + (f".{dice[10] * 3:03d}Z" if dice[10] < 200 else "Z")

    def _products(self, person: Person) -> list[dict[str, Any]]:
        """What the account may use, each with its last use; an account that is closed may use nothing."""
        if person.kind is Kind.ROBOT or self._status(person) != "active":
            return []
        dice = self._dice_here(person.serial)
        wanted = _TECHNICAL if person.is_technical else _OTHERS
        bundle = next(number for below, number in wanted if dice[11] < below) + person.edits.access
        seen = self._company.last_activity(person, dice)
        products = []
        for nth, site in enumerate(self._bundles[bundle % len(self._bundles)]):
            product: dict[str, Any] = {"key": site.key, "name": site.name, "url": site.url}
            if seen is not None and dice[12 + nth] < 200:
                # The first product is where somebody was last; a few have used none for years.
                used = seen - timedelta(days=dice[12 + nth] % 90 if nth else 0)
                product["last_active"] = used.strftime("%Y-%m-%dT%H:%M:%SZ")
            elif dice[12 + nth] > 250:
                product["last_active"] = None
            products.append(product)
        return products

    # ----- who is here

    def _person(self, serial: int) -> Person:
        return self._company.person(serial) if serial >= 0 else self._made[-serial - 1]

    def _has_account(self, serial: int) -> bool:
        if serial < 0:
            return -serial <= len(self._made)
        return self._company.is_here(serial) and (
            (serial == 0 and self._organisation is MAIN) or self._dice_here(serial)[23] < self._organisation.share
        )

    def _roll(self) -> _Roll:
        roll, revision = self._latest_roll, (self._company.revision, len(self._made))
        if roll.revision != revision:
            invited = [serial for serial in self._company.serials if self._has_account(serial)]
            made = [-1 - nth for nth in range(len(self._made))]
            roll = self._latest_roll = _Roll(revision, invited + made)
        return roll

    def _render(self, serial: int) -> bytes:
        """A managed account as JSON; those of people who never changed are kept."""
        if serial in self._states or serial < 0 or self._company.has_changed(serial):
            return orjson.dumps(self.account(self._person(serial)))
        known = self._rendered.get(serial)
        if known is None:
            known = self._rendered[serial] = orjson.dumps(self.account(self._person(serial)))
        return known

    def _state(self, serial: int) -> _State:
        return self._states.get(serial, _UNTOUCHED)

    def _change(self, serial: int, **what: Any) -> None:
        with self._changing:
            self._states = {**self._states, serial: replace(self._state(serial), **what)}

    def _is_suspended(self, serial: int) -> bool:
        suspended = self._state(serial).is_suspended
        return self._dice_here(serial)[18] < 6 if suspended is None else suspended

    def _comes_from_elsewhere(self, serial: int) -> bool:
        """Whether another directory looks after the account, so that this API may not."""
        return self._dice(serial)[19] < 10

    # ----- the organisation's API

    def _answer_organisation(self, request: Request, place: Place, parts: list[str], kind: KeyKind) -> Answer:
        method = request.method
        if place.endpoint == "orgs" and method == "GET":
            # A good key has been seen to get an empty list here.
            return json_answer({"data": [], "links": {"self": f"{_base(request)}{request.path}", "next": None}})
        if place.endpoint == "unknown":
            raise _Refused(organisation_error(404))
        if parts[3] != self.organisation_id:
            known = {_uuid(self._company.seed, other, "organisation") for other in (MAIN, LABS)}
            raise _Refused(
                organisation_error(403) if parts[3] in known else organisation_error(404, of=_NO_ORGANISATION)
            )
        reads = method == "GET" or place.endpoint == "search"
        if (kind is not KeyKind.FULL and not reads) or (kind is KeyKind.ACCOUNTS_ONLY and parts[1] == "v2"):
            raise _Refused(organisation_error(401))
        match (method, place.endpoint):
            case ("GET", "org"):
                return self._show_organisation(request)
            case ("GET", "users"):
                return self._list_accounts(request, place)
            case ("GET", "last_active"):
                return self._show_last_active(self._member(parts[6]))
            case ("GET", "directories"):
                return self._list_directories(request)
            case ("POST", "search"):
                return self._search(request, parts[5])
            case ("GET", "member"):
                return json_answer({"data": self._member_object(self._member_in(parts), expand=("productAccess",))})
            case ("DELETE", "member"):
                self._change(self._member_in(parts), is_removed=True)
                return Answer(202, content_type=_NO_TYPE)
            case ("POST", "suspend" | "restore" as step):
                self._change(self._member_in(parts), is_suspended=step == "suspend")
                return Answer(204)
            case _:
                raise _Refused(organisation_error(404))

    def _show_organisation(self, request: Request) -> Answer:
        here = f"{_base(request)}{request.path}"
        related = {part: {"links": {"related": f"{here}/{part}"}} for part in ("domains", "users")}
        name = {"name": self._organisation.title}
        shown = {"id": self.organisation_id, "type": "orgs", "attributes": name, "relationships": related}
        return json_answer({"data": {**shown, "links": {"self": here}}})

    def _list_accounts(self, request: Request, place: Place) -> Answer:
        offset = _offset_in(request.first("cursor"))
        if offset is None:
            raise _Refused(organisation_error(400, of=_BAD_CURSOR))
        fault = self._faults.take(LISTINGS, self.name, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.REJECTED_CURSOR:
            raise _Refused(organisation_error(400, of=_BAD_CURSOR))
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            offset = max(0, offset - _PAGE) if fault.page is not None else 0
        serials = self._roll().serials
        chosen = serials[offset : offset + _PAGE]
        end = offset + len(chosen)
        page = self._frame(request, offset, end if end < len(serials) else None, len(serials))
        if fault is not None:
            return self._spoilt_page(fault, request, chosen, page, offset)
        accounts = b",".join(map(self._render, chosen))
        body = b'{"data":[' + accounts + b"]," + orjson.dumps(page)[1:]
        return Answer(200, body, ends_listing=end >= len(serials))

    def _frame(self, request: Request, offset: int, following: int | None, total: int) -> dict[str, Any]:
        here = f"{_base(request)}{request.path}"
        links = {"self": here if not offset else f"{here}?cursor={_cursor(offset)}"}
        if following is not None:
            links["next"] = f"{here}?cursor={_cursor(following)}"
        return {"links": links, **({"meta": {"total": total}} if self._organisation.tells_total else {})}

    def _spoilt_page(
        self, fault: Fault, request: Request, chosen: Sequence[int], page: dict[str, Any], offset: int
    ) -> Answer:
        accounts = [self.account(self._person(serial)) for serial in chosen]
        nullable = ("email", "last_active", "product_access", "access_billable")
        spoil_records(fault, accounts, text_keys=("name",), null_keys=nullable, id_key="account_id")
        here = f"{_base(request)}{request.path}"
        match fault.kind:
            case FaultKind.EMPTY_LIST:
                accounts, page = [], self._frame(request, 0, None, 0)
            case FaultKind.ENDLESS:
                accounts, page["links"]["next"] = [], f"{here}?cursor={_cursor(offset + _PAGE)}"
            case FaultKind.REPEATED_PAGE:
                page["links"]["next"] = f"{here}?cursor={_cursor(offset + _PAGE)}"
            case FaultKind.FOREIGN_NEXT:
                page["links"]["next"] = f"{fault.location}?cursor={_cursor(offset + _PAGE)}"
            case FaultKind.WRONG_TOTAL if "meta" in page:
                page["meta"]["total"] += int(fault.amount)
            case FaultKind.SHRINKING:
                # Some of those already listed leave, so that others move up past the beginning of the next page.
                listed = [serial for serial in self._roll().serials[1 : offset + len(accounts)] if serial > 0]
                self._company.leave(listed[: int(fault.amount)])
            case FaultKind.FORGETFUL:
                accounts = accounts[: -int(fault.amount)]
                if "meta" in page:
                    page["meta"]["total"] -= int(fault.amount)
            case FaultKind.MISSING_KEY:
                return json_answer(page)
            case FaultKind.NOT_OBJECTS:
                return json_answer({"data": [account["account_id"] for account in accounts], **page})
            case _:
                pass
        return json_answer({"data": accounts, **page}, 200)

    def _show_last_active(self, serial: int) -> Answer:
        """Days and moments of use for each product; an empty list is never."""
        person = self._person(serial)
        shown = [
            {
                "id": f"ari:cloud:{product['key']}::site/{self._members_id}",
                "key": product["key"],
                "last_active": product["last_active"][:10],
                "last_active_timestamp": product["last_active"],
            }
            for product in self._products(person)
            if product.get("last_active")
        ]
        added = person.joined.isoformat()
        data = {"product_access": shown, "added_to_org": added, "added_to_org_timestamp": f"{added}T09:00:00Z"}
        return json_answer({"data": data, "links": {"next": None}})

    def _list_directories(self, request: Request) -> Answer:
        wanted, account = request.every("directoryIds"), request.first("accountId")
        data = [{"directoryId": self._members_id, "name": "Default directory"}]
        if account is not None and not self._is_member(self._account_ids.number(account)):
            data = []
        if wanted and self._members_id not in wanted:
            data = []
        return json_answer({"data": data, "links": {"self": None, "next": None}})

    def _search(self, request: Request, directory: str) -> Answer:
        self._check_directory(directory)
        asked = _search_question(request)
        offset = _offset_in(asked.get("cursor"))
        if offset is None:
            raise _Refused(organisation_error(400, of=_BAD_CURSOR))
        expand = tuple(asked.get("expand", ()))
        members = [
            member
            for serial in self._searched(asked)
            if self._is_member(serial) and _is_wanted(member := self._member_object(serial, expand), asked)
        ]
        end = offset + asked.get("limit", _USUAL_SEARCH)
        # Unlike the list of accounts, this one gives the bare token.
        return json_answer(
            {"data": members[offset:end], "links": {"next": _cursor(end) if end < len(members) else None}}
        )

    def _searched(self, asked: Mapping[str, Any]) -> Sequence[int]:
        if "accountIds" not in asked:
            return self._roll().serials
        found = map(self._account_ids.number, asked["accountIds"])
        return [serial for serial in found if serial is not None and self._has_account(serial)]

    def _member_object(self, serial: int, expand: Sequence[str] = ()) -> dict[str, Any]:
        person, dice = self._person(serial), self._dice(serial)
        account, state = self.account(person), self._state(serial)
        suspended = self._is_suspended(serial)
        status = "suspended" if suspended else "active"
        if account["account_status"] != "active":
            status = "for_deletion" if state.is_deleting else "deactivated"
        member = {
            "accountId": account["account_id"],
            "accountType": account["account_type"],
            "status": status,
            "accountStatus": account["account_status"],
            "membershipStatus": "suspended" if suspended else "active",
            "claimStatus": "managed",
            "addedToOrg": f"{person.joined.isoformat()}T09:00:00Z",
            "name": account["name"],
            "nickname": _nickname(person),
            "email": account.get("email"),
            "emailVerified": dice[20] > 4,
            "picture": account["picture"],
            "managementSource": "synced" if self._is_synced(serial) else "invited",
            "jobTitle": person.title if dice[21] < 150 else None,
            "department": person.department if dice[21] < 150 else None,
            "timeZone": person.time_zone,
            "forDeletion": state.is_deleting,
        }
        if "productAccess" in expand:
            member["productAccess"] = [
                {
                    "key": product["key"],
                    "id": f"ari:cloud:{product['key']}::site/{self._members_id}",
                    "lastActiveTimestamp": product.get("last_active"),
                }
                for product in self._products(person)
            ]
        if "groups" in expand:
            member["groups"] = [{"id": _uuid(self._company.seed, self._organisation, person.team), "name": person.team}]
        return member

    def _member(self, account: str) -> int:
        serial = self._account_ids.number(account)
        if serial is None or not self._has_account(serial):
            raise _Refused(organisation_error(404, of=_NO_USER))
        return serial

    def _member_in(self, parts: list[str]) -> int:
        self._check_directory(parts[5], may_be_any=False)
        serial = self._member(parts[7])
        if not self._is_member(serial):
            raise _Refused(organisation_error(404, of=_NO_USER))
        return serial

    def _is_member(self, serial: int | None) -> bool:
        return serial is not None and self._has_account(serial) and not self._state(serial).is_removed

    def _check_directory(self, directory: str, *, may_be_any: bool = True) -> None:
        if directory != self._members_id and not (may_be_any and directory == "-"):
            raise _Refused(organisation_error(404))

    # ----- user management

    def _answer_management(self, request: Request, place: Place, parts: list[str], kind: KeyKind) -> Answer:
        if kind is not KeyKind.FULL:
            raise _Refused(management_error(403, "forbidden", "The scope manage:org is needed"))
        serial = self._account_ids.number(parts[1])
        if serial is None:
            raise _Refused(management_error(404, "notFound"))
        if not self._has_account(serial):
            raise _Refused(management_error(403, "forbidden"))
        match (request.method, place.endpoint):
            case ("GET", "manage"):
                return self._show_privileges(request, serial)
            case ("GET", "profile"):
                return self._show_profile(serial)
            case ("POST", "disable" | "enable" | "delete" | "cancel-delete" as step):
                return self._turn(serial, step)
            case _:
                raise _Refused(management_error(404, "notFound"))

    def _show_privileges(self, request: Request, serial: int) -> Answer:
        elsewhere = self._comes_from_elsewhere(serial)
        reason = {"reason": {"key": "externalDirectory.scim.managed"}}
        privileges = {
            "profile": {"allowed": True},
            "profile.write": {"allowed": not elsewhere} | (reason if elsewhere else {}),
            "email.set": {"allowed": False} | reason,
            "lifecycle.enablement": {"allowed": not elsewhere} | (reason if elsewhere else {}),
        }
        wanted = request.every("privileges")
        return json_answer({name: value for name, value in privileges.items() if not wanted or name in wanted})

    def _show_profile(self, serial: int) -> Answer:
        person, dice = self._person(serial), self._dice(serial)
        if dice[20] <= 4:
            detail = "Cannot perform action on unverified account"
            raise _Refused(management_error(403, "forbidden.targetUnverified", detail))
        account = self.account(person)
        shown = {key: account[key] for key in ("account_id", "account_type", "account_status", "name", "picture")}
        more = {"email": account["email"]} if "email" in account else {}
        extended = {"job_title": person.title, "department": person.department} if dice[21] < 150 else {}
        profile = {**shown, **more, "nickname": _nickname(person), "email_verified": True, "locale": "en-GB"}
        return json_answer({"account": {**profile, "zoneinfo": person.time_zone, "extended_profile": extended}})

    def _turn(self, serial: int, step: str) -> Answer:
        """Deactivate, activate, delete or keep an account after all."""
        if self._comes_from_elsewhere(serial):
            raise _Refused(management_error(403, "forbidden.action"))
        state, person = self._state(serial), self._person(serial)
        status = self._status(person)
        if step == "enable" and (status == "closed" or state.is_deleting):
            raise _Refused(management_error(403, "forbidden"))
        if step == "cancel-delete" and not state.is_deleting:
            raise _Refused(management_error(404, "notFound"))
        match step:
            case "disable":
                self._change(serial, status="inactive")
            case "enable":
                self._change(serial, status="active")
            case _:
                self._change(serial, is_deleting=step == "delete")
        return Answer(204)

    # ----- the provisioning directory

    def _answer_directory(self, request: Request, parts: list[str], kind: KeyKind | None) -> Answer:
        if kind is not KeyKind.DIRECTORY:
            return Answer(401, content_type=_NO_TYPE)
        if len(parts) < 4 or parts[2] != self.directory_id or parts[3] != "Users" or len(parts) > 5:
            raise _Refused(directory_error(404, "Resource not found"))
        match (request.method, parts[4:]):
            case ("GET", []):
                return self._list_directory(request)
            case ("POST", []):
                return self._provision(request)
            case ("GET", [user]):
                # Read back alone, a record may lack its state.
                shown = self._directory_user(self._synced(user), request)
                if self._dice(self._synced(user))[22] < 20:
                    del shown["active"]
                return json_answer(shown)
            case ("PATCH", [user]):
                return self._patch(request, self._synced(user))
            case ("DELETE", [user]):
                self._change(self._synced(user), is_synced=False, status="inactive")
                return Answer(204)
            case _:
                raise _Refused(directory_error(404, "Resource not found"))

    def _is_synced(self, serial: int) -> bool:
        synced = self._state(serial).is_synced
        if synced is None:
            return serial < 0 or (self._dice_here(serial)[24] < 210 and self._person(serial).kind is not Kind.ROBOT)
        return synced

    def _directory_id_of(self, serial: int) -> str:
        digest = blake2b(f"{self.directory_id}/{serial}".encode(), digest_size=16).digest()
        return str(UUID(bytes=digest))

    def _synced(self, made: str) -> int:
        for serial in self._roll().serials:
            if self._directory_id_of(serial) == made and self._is_synced(serial):
                return serial
        raise _Refused(directory_error(404, "Resource not found"))

    def _user_name(self, serial: int) -> str:
        return self._person(serial).email

    def _directory_user(self, serial: int, request: Request) -> dict[str, Any]:
        person, made = self._person(serial), self._directory_id_of(serial)
        status = self._status(person)
        moment = f"{person.joined.isoformat()}T09:00:00.000000Z"
        return {
            "schemas": [_ACCOUNT_SCHEMA, _USER_SCHEMA],
            "userName": person.email,
            "emails": [{"value": person.email, "type": "work", "primary": True}],
            "id": made,
            "externalId": f"kh-{person.serial}",
            "name": {"formatted": person.name, "familyName": person.family, "givenName": person.given},
            "displayName": person.name,
            "title": person.title,
            "department": person.department,
            "timezone": person.time_zone,
            "groups": [],
            "active": status == "active",
            "meta": {
                "resourceType": "User",
                "location": f"{_base(request)}/scim/directory/{self.directory_id}/Users/{made}",
                "created": moment,
                "lastModified": moment,
            },
            _ACCOUNT_SCHEMA: {"atlassianAccountId": self.id_of(serial)},
        }

    def _list_directory(self, request: Request) -> Answer:
        if request.first("attributes") is not None and request.first("excludedAttributes") is not None:
            raise _Refused(directory_error(400, "attributes and excludedAttributes exclude each other", "invalidValue"))
        start, count = _number(request, "startIndex", 1), _number(request, "count", _PAGE)
        found = [serial for serial in self._roll().serials if self._is_synced(serial)]
        wanted = request.first("filter")
        if wanted is not None:
            asked = _FILTER.fullmatch(wanted)
            if asked is None:
                raise _Refused(directory_error(400, "Unsupported filter", "invalidFilter"))
            value = asked[2].casefold()
            by_name = asked[1].casefold() == "username"
            found = [s for s in found if value == (self._user_name(s).casefold() if by_name else f"kh-{s}")]
        shown = found[start - 1 : start - 1 + min(count, _PAGE)]
        return json_answer(
            {
                "schemas": [_LIST_SCHEMA],
                "totalResults": len(found),
                "startIndex": start,
                "itemsPerPage": len(shown),
                "Resources": [self._directory_user(serial, request) for serial in shown],
            }
        )

    def _provision(self, request: Request) -> Answer:
        """Make a user: the account of that address if there is one, else a new one."""
        asked = _json_body(request)
        name = asked.get("userName")
        if not isinstance(name, str) or not name or not isinstance(asked.get("emails"), list):
            raise _Refused(directory_error(400, "userName and emails are needed", "invalidValue"))
        wanted = name.casefold()
        known = next((s for s in self._roll().serials if self._user_name(s).casefold() == wanted), None)
        if known is not None and self._is_synced(known):
            raise _Refused(directory_error(409, "User already exists", "uniqueness"))
        if known is None:
            with self._changing:
                known = -1 - len(self._made)
                self._made = (*self._made, _new_person(known, asked, self._company))
        self._change(known, is_synced=True, status="active" if asked.get("active", True) else "inactive")
        return json_answer(self._directory_user(known, request), 201)

    def _patch(self, request: Request, serial: int) -> Answer:
        asked = _json_body(request)
        # The vendor's document spells the word in lower case, the standard does not.
        steps = asked.get("operations", asked.get("Operations"))
        if not isinstance(steps, list):
            raise _Refused(directory_error(400, "operations are needed", "invalidSyntax"))
        for step in steps:
            match step:
                case {"op": str(), "path": "active", "value": bool(active)}:
                    self._change(serial, status="active" if active else "inactive")
                case {"op": str()}:
                    continue
                case _:
                    raise _Refused(directory_error(400, "An operation has an op", "invalidSyntax"))
        return json_answer(self._directory_user(serial, request))


def _make_key(seed: int, organisation: Organisation, kind: KeyKind) -> str:
    text = f"{seed}/{organisation.name}/{kind.value}"
    digest = blake2b(text.encode(), digest_size=42, person=b"atlassian key").digest()
    return "ATCTT3xFfGN0" + b64encode(digest, altchars=b"_-").decode()


def _uuid(seed: int, organisation: Organisation, topic: str) -> str:
    digest = blake2b(f"{seed}/{organisation.name}/{topic}".encode(), digest_size=16, person=b"atlassian").digest()
    return str(UUID(bytes=digest))


def _nickname(person: Person) -> str:
    return person.given


def _base(request: Request) -> str:
    """The address at which the client found us: links in answers are whole addresses."""
    return f"http://{request.headers.get('host', '127.0.0.1')}/{request.prefix}"


def _cursor(offset: int) -> str:
    return urlsafe_b64encode(f"after:{offset}".encode()).decode().rstrip("=")


def _offset_in(cursor: object) -> int | None:
    """Where the page of a cursor begins: 0 without one, None for one that was never given out."""
    if cursor is None:
        return 0
    text = str(cursor)
    try:
        word, _, offset = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
    except ValueError:
        return None
    return int(offset) if word == "after" and offset.isdecimal() else None


def _number(request: Request, name: str, default: int) -> int:
    text = request.first(name)
    if text is None:
        return default
    if not text.isdecimal() or (name == "startIndex" and int(text) < 1):
        raise _Refused(directory_error(400, f"{name} is no number", "invalidValue"))
    return int(text)


def _json_body(request: Request) -> dict[str, Any]:
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        asked = None
    if not isinstance(asked, dict):
        raise _Refused(directory_error(400, "The body is no JSON object", "invalidSyntax"))
    return asked


_SEARCH_LISTS = ("accountIds", "emails", "status", "accountStatus", "membershipStatus", "emailDomains", "expand")


def _search_question(request: Request) -> dict[str, Any]:
    """What a search asks for, after the checks that the vendor makes."""
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise _Refused(organisation_error(400)) from None
    if not isinstance(asked, dict) or any(not isinstance(asked.get(name, []), list) for name in _SEARCH_LISTS):
        raise _Refused(organisation_error(400))
    limit = asked.get("limit", _USUAL_SEARCH)
    by_id = "accountIds" in asked or "emails" in asked
    if type(limit) is not int or not 1 <= limit <= _LARGEST_SEARCH or (by_id and "searchTerm" in asked):
        raise _Refused(organisation_error(400))
    return asked


def _is_wanted(member: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    email = str(member["email"] or "").casefold()
    term = str(asked.get("searchTerm", "")).casefold()
    return (
        ("emails" not in asked or email in {str(wanted).casefold() for wanted in asked["emails"]})
        and ("emailDomains" not in asked or email.partition("@")[2] in asked["emailDomains"])
        and (not term or term in member["name"].casefold() or term in email)
        and asked.get("claimStatus", "managed") == member["claimStatus"]
        and all(name not in asked or member[name] in asked[name] for name in _SEARCH_LISTS[2:5])
    )


def _new_person(serial: int, asked: Mapping[str, Any], company: Company) -> Person:
    """Somebody whom the directory made and the company does not know."""
    match asked.get("name"):
        case dict() as name:
            given, family = str(name.get("givenName", "")), str(name.get("familyName", ""))
        case _:
            given = family = ""
    shown = str(asked.get("displayName") or f"{given} {family}".strip() or asked["userName"])
    return Person(
        serial=serial,
        kind=Kind.EMPLOYEE,
        given=given or shown.partition(" ")[0],
        family=family or shown.rpartition(" ")[2],
        name=shown,
        email=str(asked["userName"]),
        title=str(asked.get("title", "")),
        department=str(asked.get("department", "")),
        team="",
        is_technical=False,
        is_lead=False,
        time_zone=str(asked.get("timezone", "Etc/UTC")),
        joined=company.today,
        left=None,
        is_newcomer=True,
        edits=Edits(email=1),
    )
