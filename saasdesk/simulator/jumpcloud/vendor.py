"""The vendor as the server sees it: which endpoint a request is for, and who may ask."""

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account, Answer, Place, Request
from saasdesk.simulator.faults import Faults
from saasdesk.simulator.jumpcloud.answers import NOT_FOUND, page_answer
from saasdesk.simulator.jumpcloud.devices import Device, Devices
from saasdesk.simulator.jumpcloud.directory import Directory
from saasdesk.simulator.jumpcloud.keys import KeyKind, make_key
from saasdesk.simulator.jumpcloud.questions import page_of, segment
from saasdesk.simulator.jumpcloud.refusals import Refused, error_answer
from saasdesk.simulator.jumpcloud.sign_ins import SignIns
from saasdesk.simulator.jumpcloud.users import Users


class JumpCloud:
    """The company's JumpCloud organisation: nearly everybody is in it, those who left are mostly suspended."""

    name = "jumpcloud"
    prefixes = ("jumpcloud",)

    def __init__(self, company: Company, faults: Faults) -> None:
        self.keys = {kind: make_key(company.seed, kind) for kind in KeyKind}
        self._kinds = {key: kind for kind, key in self.keys.items()}
        self.directory = Directory(company)
        self.organization_id = self.directory.of_company.organization_id
        self._users = Users(self.name, self.directory, faults)
        self._devices = Devices(self.name, self.directory, faults)
        self._sign_ins = SignIns(self.directory)
        self._writing = threading.Lock()

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for."""
        match request.path.strip("/").split("/"):
            case ["api", "systemusers"]:
                return Place("users", page_of(request))
            case ["api", "systems"]:
                return Place("systems", page_of(request))
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
        except Refused as refused:
            return refused.answer

    def _check_organization(self, request: Request, place: Place, kind: KeyKind) -> None:
        """A key for many organisations has to name one, everywhere but where they are listed."""
        named = request.headers.get("x-org-id")
        if place.endpoint == "organizations":
            if named is not None:
                raise Refused(403)
        elif named is None:
            if kind is KeyKind.MANY_ORGANIZATIONS:
                raise Refused(401)
        elif not re.fullmatch(r"[0-9a-f]{24}", named):
            raise Refused(400, "Bad Request: malformed x-org-id")
        elif named != self.organization_id:
            raise Refused(404)

    def _answer(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        # The log is asked by POST, but only read.
        if request.method != "GET" and place.endpoint != "events":
            if kind in (KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER):
                raise Refused(403)
            with self._writing:
                answer = self._write(request, place)
                self.directory.note_write()
                return answer
        match (request.method, place.endpoint):
            case ("GET", "users"):
                return self._users.list_them(request, place)
            case ("GET", "user"):
                return self._users.show(request, place)
            case ("GET", "systems"):
                return self._devices.list_them(request, place)
            case ("GET", "system"):
                return self._devices.show(request)
            case ("GET", "system_users"):
                return self._devices.list_owners(request)
            case ("GET", "user_systems"):
                return self._devices.list_of_user(request)
            case ("GET", "administrators") if kind in (KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER):
                raise Refused(403)
            case ("GET", "administrators"):
                return page_answer(request, self.directory.administrators())
            case ("GET", "organizations"):
                return page_answer(request, [self.directory.of_company.organization()])
            case ("POST", "events") if kind is KeyKind.COMMAND_RUNNER:
                raise Refused(403)
            case ("POST", "events"):
                return self._sign_ins.list_them(request)
            case _:
                return NOT_FOUND

    def _write(self, request: Request, place: Place) -> Answer:
        match (request.method, place.endpoint):
            case ("POST", "users"):
                return self._users.create(request)
            case ("PUT", "user"):
                return self._users.change(request)
            case ("DELETE", "user"):
                return self._users.delete(request)
            case ("POST", "unlock"):
                return self._users.set_values(request, {"account_locked": False, "account_locked_date": None})
            case ("POST", "expire"):
                return self._users.set_values(request, {"password_expired": True})
            case ("POST", "activate"):
                if self.user_of(self.directory.serial_of(segment(request, 2))).get("state") != "STAGED":
                    raise Refused(400, "Bad Request: only a staged user can be activated")
                return self._users.set_values(request, {"state": "ACTIVATED", "suspended": False})
            case _:
                return NOT_FOUND

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
        return self.directory.accounts()

    def devices(self) -> list[Device]:
        """Every device a complete listing must show now."""
        return self._devices.truth()

    def prepare(self) -> None:
        """Render everybody, so that no answer is slower for being the first."""
        for serial in self.directory.serials():
            self.directory.render(serial)

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The user objects of these people, with role and last sign-in beside the vendor's own keys."""
        found: dict[str, Mapping[str, object]] = {}
        for serial in sorted(serials):
            if self.directory.has_account(serial):
                account = self.directory.account(serial)
                extra = {"role": account.role, "last_activity": account.last_activity}
                found[account.id] = self.user_of(serial) | extra
        return found

    def user_of(self, serial: int) -> dict[str, Any]:
        """The user object behind a number, with what calls changed of it."""
        return self.directory.user_of(serial)
