"""The vendor as the server sees it: which endpoint a request is for, and who may ask."""

from collections.abc import Callable, Mapping

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import Faults
from saasdesk.simulator.pagerduty.analytics import Analytics
from saasdesk.simulator.pagerduty.keys import KeyKind, make_key
from saasdesk.simulator.pagerduty.licences import Licences
from saasdesk.simulator.pagerduty.members import Members
from saasdesk.simulator.pagerduty.questions import LARGEST_PAGE, WALL
from saasdesk.simulator.pagerduty.records import Records
from saasdesk.simulator.pagerduty.refusals import Refused, error_answer
from saasdesk.simulator.pagerduty.users import Users

_VENDOR_TYPE = "application/vnd.pagerduty+json"
_ABILITIES = (
    "advanced_permissions", "coordinated_responding", "manage_schedules", "read_only_users", "service_support_hours",
    "sso", "team_responders", "teams", "urgencies",
)  # fmt: skip
_REFUSED_ANALYTICS = {KeyKind.NO_EXTRAS: 403, KeyKind.NO_PLAN: 402}
_NOT_FOUND_PAGE = b"<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>"


class PagerDuty:
    """The company's PagerDuty account, which everybody in the company has a login for.

    Under a second prefix the same account answers as the other region, for which only the EU key is good.
    """

    name = "pagerduty"
    prefixes = ("pagerduty", "pagerduty-eu")

    def __init__(self, company: Company, faults: Faults) -> None:
        self._company = company
        self.keys = {kind: make_key(company.seed, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self._records = Records(company)
        self._members = Members(company, self._records)
        self._users = Users(self.name, company, self._records, self._members, faults)
        self._licences = Licences(company, self._records, self._members)
        self._analytics = Analytics(company, self._records, self._members)

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["users"]:
                limit, offset = request.first("limit") or "25", request.first("offset") or "0"
                if not (limit.isdecimal() and offset.isdecimal()) or int(limit) < 2:
                    return Place("users")
                return Place("users", int(offset) // min(int(limit), LARGEST_PAGE) + 1)
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
        except Refused as refused:
            return refused.answer

    def _answer(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        # Analytics is asked by POST, but only reads.
        if kind is KeyKind.READ_ONLY and request.method != "GET" and place.endpoint != "analytics":
            raise Refused(403)
        match (request.method, place.endpoint):
            case ("GET", "users"):
                return self._users.list_them(request, place)
            case ("GET", "me"):
                raise Refused(400, "The requester's user cannot be determined from an account-level access token")
            case ("GET", "user"):
                return self._users.show(request, place, kind)
            case ("DELETE", "user"):
                return self._users.delete(request)
            case ("GET", "licenses" | "license_allocations") if kind is KeyKind.NO_EXTRAS:
                raise Refused(403, "Cannot read license allocations")
            case ("GET", "licenses"):
                return self._licences.list_them()
            case ("GET", "license_allocations"):
                return self._licences.list_allocations(request)
            case ("POST", "analytics") if kind in _REFUSED_ANALYTICS:
                raise Refused(_REFUSED_ANALYTICS[kind])
            case ("POST", "analytics"):
                return self._analytics.list_them(request)
            case ("GET", "abilities"):
                return json_answer({"abilities": list(_ABILITIES)})
            case _:
                raise Refused(404)

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
        return self._members.roll().accounts

    def prepare(self) -> None:
        """Render everybody whom the vendor lets anybody list, so that no answer is slower for being the first."""
        for serial in self._members.roll().serials[:WALL]:
            self._members.render(serial)

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The user objects of these people, with their last sign-in and licence beside the vendor's own keys."""
        found: dict[str, Mapping[str, object]] = {}
        for serial in sorted(serials):
            if self._members.has_account(serial):
                person = self._company.person(serial)
                account = self._records.account(person)
                extra = {"last_sign_in_at": account.last_activity, "licence": account.licences}
                found[account.id] = self._records.user(person) | extra
        return found

    def id_of(self, serial: int) -> str:
        """The vendor's id of this person."""
        return self._records.id_of(serial)

    def delete(self, made: str) -> None:
        """Delete somebody, as an admin does on the vendor's web pages."""
        self._members.delete(self._members.serial_of(made))

    def bring_back(self, made: str) -> None:
        """Let somebody be here as if they had never been deleted."""
        self._members.bring_back(self._records.number_of(made))

    def busy_ids(self) -> list[str]:
        """The people who cannot be deleted because incidents are assigned to them."""
        return [account.id for account in self.truth() if self._records.is_busy(self._company.person(account.serial))]
