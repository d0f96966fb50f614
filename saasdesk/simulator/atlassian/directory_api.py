"""The provisioning directory, by the standard called SCIM."""

import re
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from saasdesk.simulator.atlassian.accounts import Accounts
from saasdesk.simulator.atlassian.keys import KeyKind
from saasdesk.simulator.atlassian.links import PAGE, base_of
from saasdesk.simulator.atlassian.refusals import NO_BODY, Refused, directory_error
from saasdesk.simulator.exchange import Answer, Request, json_answer

_USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
_ACCOUNT_SCHEMA = "urn:scim:schemas:extension:atlassian-external:1.0"
_LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+"([^"]*)"\s*', re.IGNORECASE)


class DirectoryApi:
    """Its endpoints, for the one key that it has."""

    def __init__(self, directory_id: str, accounts: Accounts) -> None:
        self.id = directory_id
        self._accounts = accounts

    def answer(self, request: Request, parts: list[str], kind: KeyKind | None) -> Answer:
        """Answer what the path is for."""
        if kind is not KeyKind.DIRECTORY:
            return Answer(401, content_type=NO_BODY)
        if len(parts) < 4 or parts[2] != self.id or parts[3] != "Users" or len(parts) > 5:
            raise Refused(directory_error(404, "Resource not found"))
        match (request.method, parts[4:]):
            case ("GET", []):
                return self._list_directory(request)
            case ("POST", []):
                return self._provision(request)
            case ("GET", [user]):
                # Read back alone, a record may lack its state.
                shown = self._directory_user(self._synced(user), request)
                if self._accounts.dice(self._synced(user))[22] < 20:
                    del shown["active"]
                return json_answer(shown)
            case ("PATCH", [user]):
                return self._patch(request, self._synced(user))
            case ("DELETE", [user]):
                self._accounts.change(self._synced(user), is_synced=False, status="inactive")
                return Answer(204)
            case _:
                raise Refused(directory_error(404, "Resource not found"))

    def _directory_id_of(self, serial: int) -> str:
        digest = blake2b(f"{self.id}/{serial}".encode(), digest_size=16).digest()
        return str(UUID(bytes=digest))

    def _synced(self, made: str) -> int:
        for serial in self._accounts.serials():
            if self._directory_id_of(serial) == made and self._accounts.is_synced(serial):
                return serial
        raise Refused(directory_error(404, "Resource not found"))

    def _user_name(self, serial: int) -> str:
        return self._accounts.person(serial).email

    def _directory_user(self, serial: int, request: Request) -> dict[str, Any]:
        person, made = self._accounts.person(serial), self._directory_id_of(serial)
        status = self._accounts.status(person)
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
                "location": f"{base_of(request)}/scim/directory/{self.id}/Users/{made}",
                "created": moment,
                "lastModified": moment,
            },
            _ACCOUNT_SCHEMA: {"atlassianAccountId": self._accounts.id_of(serial)},
        }

    def _list_directory(self, request: Request) -> Answer:
        if request.first("attributes") is not None and request.first("excludedAttributes") is not None:
            raise Refused(directory_error(400, "attributes and excludedAttributes exclude each other", "invalidValue"))
        start, count = _number(request, "startIndex", 1), _number(request, "count", PAGE)
        found = [serial for serial in self._accounts.serials() if self._accounts.is_synced(serial)]
        wanted = request.first("filter")
        if wanted is not None:
            asked = _FILTER.fullmatch(wanted)
            if asked is None:
                raise Refused(directory_error(400, "Unsupported filter", "invalidFilter"))
            value = asked[2].casefold()
            by_name = asked[1].casefold() == "username"
            found = [s for s in found if value == (self._user_name(s).casefold() if by_name else f"kh-{s}")]
        shown = found[start - 1 : start - 1 + min(count, PAGE)]
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
            raise Refused(directory_error(400, "userName and emails are needed", "invalidValue"))
        wanted = name.casefold()
        known = next((s for s in self._accounts.serials() if self._user_name(s).casefold() == wanted), None)
        if known is not None and self._accounts.is_synced(known):
            raise Refused(directory_error(409, "User already exists", "uniqueness"))
        if known is None:
            known = self._accounts.make(asked)
        self._accounts.change(known, is_synced=True, status="active" if asked.get("active", True) else "inactive")
        return json_answer(self._directory_user(known, request), 201)

    def _patch(self, request: Request, serial: int) -> Answer:
        asked = _json_body(request)
        # The vendor's document spells the word in lower case, the standard does not.
        steps = asked.get("operations", asked.get("Operations"))
        if not isinstance(steps, list):
            raise Refused(directory_error(400, "operations are needed", "invalidSyntax"))
        for step in steps:
            match step:
                case {"op": str(), "path": "active", "value": bool(active)}:
                    self._accounts.change(serial, status="active" if active else "inactive")
                case {"op": str()}:
                    continue
                case _:
                    raise Refused(directory_error(400, "An operation has an op", "invalidSyntax"))
        return json_answer(self._directory_user(serial, request))


def _number(request: Request, name: str, default: int) -> int:
    text = request.first(name)
    if text is None:
        return default
    if not text.isdecimal() or (name == "startIndex" and int(text) < 1):
        raise Refused(directory_error(400, f"{name} is no number", "invalidValue"))
    return int(text)


def _json_body(request: Request) -> dict[str, Any]:
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        asked = None
    if not isinstance(asked, dict):
        raise Refused(directory_error(400, "The body is no JSON object", "invalidSyntax"))
    return asked
