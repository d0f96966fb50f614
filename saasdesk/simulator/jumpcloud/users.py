"""The calls that read and change users."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from saasdesk.simulator.exchange import Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, Fault, FaultKind, Faults, spoil_records
from saasdesk.simulator.jumpcloud.directory import Directory
from saasdesk.simulator.jumpcloud.questions import body, in_order, paging, segment
from saasdesk.simulator.jumpcloud.refusals import Refused

_TEXT_KEYS = ("displayname", "firstname", "lastname", "jobTitle")
# The document says text; recordings say otherwise.
_SEEN_NULL = ("employeeIdentifier", "manager", "displayname", "jobTitle")
_FILTER = re.compile(r"(\w+):\$(eq|ne):(.*)", re.DOTALL)
_TEXTS = frozenset(
    {
        "username", "email", "firstname", "lastname", "middlename", "displayname", "jobTitle", "department", "company",
        "costCenter", "location", "description", "employeeType", "employeeIdentifier", "manager", "alternateEmail",
    }
)  # fmt: skip
_FLAGS = frozenset({"suspended", "account_locked", "allow_public_key", "sudo", "disableDeviceMaxLoginAttempts"})
_STATES = frozenset({"STAGED", "ACTIVATED", "SUSPENDED"})
_WRITABLE = _TEXTS | _FLAGS | {"state"}


class Users:
    """The endpoints of system users."""

    def __init__(self, name: str, directory: Directory, faults: Faults) -> None:
        self._name, self._directory, self._faults = name, directory, faults

    def list_them(self, request: Request, place: Place) -> Answer:
        """One page of the list."""
        limit, skip = paging(request)
        members: Sequence[int] = in_order(request, self._wanted(request), skip)
        fault = self._faults.take(LISTINGS, self._name, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            skip = max(0, skip - limit) if fault.page is not None else 0
        chosen = members[skip : skip + limit]
        is_whole = len(members) == len(self._directory.serials())
        ends = is_whole and skip + len(chosen) >= len(members) and place.page > 0
        fields = (request.first("fields") or "").replace(",", " ").split()
        if fault is None and not fields:
            rows = b",".join(map(self._directory.render, chosen))
            return Answer(200, b'{"totalCount":%d,"results":[%b]}' % (len(members), rows), ends_listing=ends)
        users = [self._directory.user_of(serial) for serial in chosen]
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
            return self._directory.serials()

        def passes(serial: int) -> bool:
            user = self._directory.user_of(serial)
            return all((_as_text(user.get(key)) == value) == (sign == "eq") for key, sign, value in known)

        return [serial for serial in self._directory.serials() if passes(serial)]

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
                self._directory.company.leave(members[1 : skip + len(users)][:count])
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

    def show(self, request: Request, place: Place) -> Answer:
        """One user."""
        user = self._directory.user_of(self._directory.serial_of(segment(request, 2)))
        fault = self._faults.take({FaultKind.MISSING_KEY, FaultKind.NO_ID}, self._name, place.endpoint, place.page)
        if fault is not None:
            return json_answer({} if fault.kind is FaultKind.MISSING_KEY else {"email": user["email"]})
        return json_answer(user)

    def create(self, request: Request) -> Answer:
        """Make a user of what a request says."""
        asked = body(request)
        missing = [key for key in ("username", "email") if not asked.get(key)]
        if missing:
            raise Refused(400, f"Bad Request: {' and '.join(missing)} must be given")
        _check_types(asked)
        self._refuse_taken(asked, but=None)
        wanted = {key: value for key, value in asked.items() if key in _WRITABLE}
        return json_answer(self._directory.create(wanted))

    def change(self, request: Request) -> Answer:
        """Change what a request names."""
        serial, asked = self._directory.serial_of(segment(request, 2)), body(request)
        _check_types(asked)
        self._refuse_taken(asked, but=serial)
        wanted = {key: value for key, value in asked.items() if key in _WRITABLE}
        # The two say the same: whoever sets one of them changes the other.
        if "state" in wanted:
            wanted["suspended"] = wanted["state"] == "SUSPENDED"
        elif "suspended" in wanted and "state" in self._directory.user_of(serial):
            wanted["state"] = "SUSPENDED" if wanted["suspended"] else "ACTIVATED"
        self._directory.remember(serial, wanted)
        return json_answer(self._directory.user_of(serial))

    def delete(self, request: Request) -> Answer:
        """Somebody's manager is only deleted when it is said what becomes of the reports."""
        serial = self._directory.serial_of(segment(request, 2))
        user = self._directory.user_of(serial)
        reports = [
            other for other in self._directory.serials() if self._directory.user_of(other).get("manager") == user["_id"]
        ]
        heir = request.first("cascade_manager")
        if reports and heir is None:
            raise Refused(409, "Conflict: the user is the manager of other users")
        if heir not in (None, "null"):
            self._directory.serial_of(heir or "")
        for other in reports:
            self._directory.remember(other, {"manager": "" if heir == "null" else heir})
        self._directory.delete(serial)
        return json_answer(user)

    def set_values(self, request: Request, values: Mapping[str, object]) -> Answer:
        """Change what one of the small calls changes; they answer with hardly anything."""
        self._directory.remember(self._directory.serial_of(segment(request, 2)), values)
        return json_answer("OK")

    def _refuse_taken(self, asked: Mapping[str, object], *, but: int | None) -> None:
        """Names and addresses belong to one user each, however they are written."""
        wanted = {key: str(asked[key]).casefold() for key in ("username", "email") if asked.get(key)}
        for serial in self._directory.serials() if wanted else ():
            user = self._directory.user_of(serial)
            for key, value in wanted.items():
                if serial != but and user[key].casefold() == value:
                    raise Refused(400, f"Bad Request: {key} already exists")


def _check_types(asked: Mapping[str, object]) -> None:
    """Unknown keys are let be; known ones have to be what they are."""
    for key, value in asked.items():
        is_wrong = (
            (key in _TEXTS and not isinstance(value, str))
            or (key in _FLAGS and not isinstance(value, bool))
            or (key == "state" and value not in _STATES)
        )
        if is_wrong:
            raise Refused(400, f"Bad Request: {key} is not valid")


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _only(user: Any, fields: Sequence[str]) -> Any:
    return {key: user[key] for key in ("_id", "id", *fields) if key in user} if isinstance(user, dict) else user
