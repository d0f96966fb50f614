"""The vendor as the server sees it: which endpoint a request is for, who may ask, and what an admin does by hand."""

from collections.abc import Callable, Mapping
from typing import Any

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import Faults
from saasdesk.simulator.jetbrains.keys import KeyKind, make_key
from saasdesk.simulator.jetbrains.lists import Lists
from saasdesk.simulator.jetbrains.organisations import FIRST_TEAM, LABS, MAIN, TEAMS, team_in
from saasdesk.simulator.jetbrains.questions import page_number
from saasdesk.simulator.jetbrains.records import Records, account_of, by_holder
from saasdesk.simulator.jetbrains.refusals import Refused, error_answer
from saasdesk.simulator.jetbrains.stock import Hand, Stock
from saasdesk.simulator.jetbrains.writing import Writing


class JetBrains:
    """One of the company's two organisations at JetBrains; people are known to it by the licences they have."""

    def __init__(self, company: Company, faults: Faults, *, is_second: bool = False) -> None:
        self.name = "jetbrains-labs" if is_second else "jetbrains"
        self.prefixes = (self.name,)
        self._company = company
        self._organisation = LABS if is_second else MAIN
        self.company_code = str(2_600_000 + company.seed * 7 % 90_000 + is_second * 417)
        self.keys = {kind: make_key(company.seed, self.name, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self.stock = Stock(self.name, company, self._organisation)
        self._records = Records(company, self._organisation, self.stock)
        self._lists = Lists(self.name, self.stock, self._records, faults)
        self._writing = Writing(company, self.stock, self._records)

    @property
    def team_id(self) -> int:
        """The team that the team admin's key is for."""
        return FIRST_TEAM

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["token"]:
                return Place("token")
            case ["customer", "licenses"]:
                return Place("licenses", page_number(request))
            case ["customer", "teams", _, "licenses"]:
                return Place("team_licenses", page_number(request))
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
        except Refused as refused:
            return refused.answer

    def _answer(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        if request.method == "POST" and kind is KeyKind.READ_ONLY:
            raise Refused(403, "INSUFFICIENT_PERMISSIONS", f"Missing Edit permission on customer {self.company_code}")
        match (request.method, place.endpoint):
            case ("GET", "token"):
                return json_answer(self._entity(kind))
            case ("GET", "licenses") if kind is KeyKind.TEAM:
                raise Refused(403, "TEAM_MISMATCH", f"Token was generated for team with id {self.team_id}")
            case ("GET", "licenses"):
                return self._lists.list_them(request, place, None)
            case ("GET", "team_licenses"):
                return self._lists.list_them(request, place, self._team_in(request.path.strip("/").split("/")[2], kind))
            case ("GET", "license"):
                return json_answer(self._records.row(self.stock.number_of(request.path.rstrip("/").rpartition("/")[2])))
            case ("POST", "assign"):
                return self._writing.assign(request)
            case ("POST", "revoke"):
                return self._writing.revoke(request)
            case ("POST", "change_team") if kind is KeyKind.TEAM:
                raise Refused(403, "TOKEN_TYPE_MISMATCH", "An organization token is required")
            case ("POST", "change_team"):
                return self._writing.change_team(request)
            case _:
                raise Refused(404, "NOT_FOUND", request.path)

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
        return [account_of(email, rows) for email, rows in by_holder(self._records.rows()).items()]

    def loose(self) -> dict[str, int]:
        """How many licences there are, and how many of them no person has, by why."""
        counts = {"total": 0, "unassigned": 0, "server": 0, "key": 0}
        for row in self._records.rows():
            kind = row.get("assignee", {}).get("type")
            counts["total"] += 1
            if kind != "USER":
                counts[{"SERVER": "server", "LICENSE_KEY": "key"}.get(kind, "unassigned")] += 1
        return counts

    def rows(self) -> list[dict[str, Any]]:
        """Every licence as the list shows it."""
        return self._records.rows()

    def hand_over(self, licence: str, email: str | None, name: str, *, suspended: bool = False) -> None:
        """Put a licence into other hands, or into nobody's, as an admin does on the vendor's web pages."""
        hand = None if email is None else Hand(email, name, -1, self._company.today, None, suspended)
        with self.stock.writing:
            self.stock.give([self.stock.number_of(licence)], hand)

    def take_back_what_was_done(self, licence: str) -> None:
        """Let a licence be again where it was before anybody handed it over."""
        with self.stock.writing:
            self.stock.forget_gift(self.stock.number_of(licence))

    def cancel(self, licence: str) -> None:
        """End a licence: it is not listed any more."""
        with self.stock.writing:
            self.stock.cancel([self.stock.number_of(licence)])

    def prepare(self) -> None:
        """Work out every licence, so that no answer is slower for being the first."""
        self._records.rows()

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """What a sync must know of these people, by their addresses."""
        numbers = (number for number in self.stock.numbers() if self.stock.serial_of(number) in serials)
        return {
            email: {
                "name": (account := account_of(email, rows)).name,
                "role": account.role,
                "active": account.active,
                "last_activity": account.last_activity,
                "licences": account.licences,
            }
            for email, rows in by_holder(map(self._records.row, numbers)).items()
        }

    def id_of(self, number: int) -> str:
        """The id of a licence by its number."""
        return self.stock.id_of(number)

    def _entity(self, kind: KeyKind) -> dict[str, object]:
        if kind is KeyKind.TEAM:
            return {"type": "TEAM", "id": self.team_id, "name": TEAMS[0]}
        return {"type": "CUSTOMER", "id": int(self.company_code), "name": self._organisation.name}

    def _team_in(self, text: str, kind: KeyKind) -> int:
        team = team_in(text)
        if kind is KeyKind.TEAM and team != self.team_id:
            raise Refused(403, "TEAM_MISMATCH", f"Token was generated for team with id {self.team_id}")
        return team
