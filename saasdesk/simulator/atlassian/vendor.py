"""The vendor as the server sees it: which API a request is for, and with which key."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from saasdesk.simulator.atlassian.accounts import Accounts
from saasdesk.simulator.atlassian.directory_api import DirectoryApi
from saasdesk.simulator.atlassian.keys import KeyKind, make_key
from saasdesk.simulator.atlassian.links import PAGE, offset_in
from saasdesk.simulator.atlassian.management_api import ManagementApi
from saasdesk.simulator.atlassian.organisation_api import OrganisationApi
from saasdesk.simulator.atlassian.organisations import MAIN, Organisation, uuid_of
from saasdesk.simulator.atlassian.refusals import Refused, organisation_error
from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import Faults


class Atlassian:
    """One organisation: most of the company's people have an account in it, under the same id in every organisation."""

    def __init__(self, company: Company, faults: Faults, organisation: Organisation = MAIN) -> None:
        self.name = organisation.name
        self.prefixes = (organisation.name,)
        self.keys = {kind: make_key(company.seed, organisation, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self.accounts = Accounts(company, organisation)
        self.organisation = OrganisationApi(company, organisation, self.accounts, faults)
        self._management = ManagementApi(self.accounts)
        self._directory = DirectoryApi(uuid_of(company.seed, organisation, "provisioning"), self.accounts)
        self.organisation_id, self.directory_id = self.organisation.id, self._directory.id

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["admin", "v1", "orgs"]:
                return Place("orgs")
            case ["admin", "v1", "orgs", _]:
                return Place("org")
            case ["admin", "v1", "orgs", _, "users"]:
                offset = offset_in(request.first("cursor"))
                return Place("users", 0 if offset is None else offset // PAGE + 1)
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
                return self._directory.answer(request, parts, kind)
            if kind is None or kind in (KeyKind.EXPIRED, KeyKind.DIRECTORY):
                return json_answer({"code": 401, "message": "Unauthorized"}, 401)
            if parts[0] == "users":
                return self._management.answer(request, place, parts, kind)
            return self.organisation.answer(request, place, parts, kind)
        except Refused as refused:
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
        for serial in self.accounts.serials():
            self.accounts.render(serial)

    def truth(self) -> list[Account]:
        """Everybody a complete listing must show now; whoever hides the e-mail address has none here either."""
        return [self.accounts.as_synced(self.accounts.person(serial)) for serial in self.accounts.serials()]

    def is_in_directory(self, account: Account) -> bool:
        """Whether the provisioning directory knows this account, too."""
        return self.accounts.is_synced(account.serial)

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The managed accounts of these people."""
        return {
            self.accounts.id_of(serial): self.accounts.account(self.accounts.person(serial))
            for serial in sorted(serials)
            if self.accounts.has_account(serial)
        }
