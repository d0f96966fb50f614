"""The API of organisations: managed accounts, directories, and the members in them."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from saasdesk.simulator.atlassian.accounts import Accounts, nickname_of
from saasdesk.simulator.atlassian.keys import KeyKind
from saasdesk.simulator.atlassian.links import PAGE, base_of, cursor_of, offset_in
from saasdesk.simulator.atlassian.organisations import LABS, MAIN, Organisation, uuid_of
from saasdesk.simulator.atlassian.refusals import (
    BAD_CURSOR,
    NO_BODY,
    NO_ORGANISATION,
    NO_USER,
    Refused,
    organisation_error,
)
from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, Fault, FaultKind, Faults, spoil_records

_LARGEST_SEARCH = 100
_USUAL_SEARCH = 50
_SEARCH_LISTS = ("accountIds", "emails", "status", "accountStatus", "membershipStatus", "emailDomains", "expand")


class OrganisationApi:
    """Its endpoints; a scoped key reads some of them and changes nothing."""

    def __init__(self, company: Company, organisation: Organisation, accounts: Accounts, faults: Faults) -> None:
        self._company, self._organisation = company, organisation
        self._accounts, self._faults = accounts, faults
        self.id = uuid_of(company.seed, organisation, "organisation")
        self._members_id = uuid_of(company.seed, organisation, "members")

    def answer(self, request: Request, place: Place, parts: list[str], kind: KeyKind) -> Answer:
        """Answer what the path is for."""
        method = request.method
        if place.endpoint == "orgs" and method == "GET":
            # A good key has been seen to get an empty list here.
            return json_answer({"data": [], "links": {"self": f"{base_of(request)}{request.path}", "next": None}})
        if place.endpoint == "unknown":
            raise Refused(organisation_error(404))
        if parts[3] != self.id:
            known = {uuid_of(self._company.seed, other, "organisation") for other in (MAIN, LABS)}
            raise Refused(organisation_error(403) if parts[3] in known else organisation_error(404, of=NO_ORGANISATION))
        reads = method == "GET" or place.endpoint == "search"
        if (kind is not KeyKind.FULL and not reads) or (kind is KeyKind.ACCOUNTS_ONLY and parts[1] == "v2"):
            raise Refused(organisation_error(401))
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
                return json_answer({"data": self.member_object(self._member_in(parts), expand=("productAccess",))})
            case ("DELETE", "member"):
                self._accounts.change(self._member_in(parts), is_removed=True)
                return Answer(202, content_type=NO_BODY)
            case ("POST", "suspend" | "restore" as step):
                self._accounts.change(self._member_in(parts), is_suspended=step == "suspend")
                return Answer(204)
            case _:
                raise Refused(organisation_error(404))

    def _show_organisation(self, request: Request) -> Answer:
        here = f"{base_of(request)}{request.path}"
        related = {part: {"links": {"related": f"{here}/{part}"}} for part in ("domains", "users")}
        name = {"name": self._organisation.title}
        shown = {"id": self.id, "type": "orgs", "attributes": name, "relationships": related}
        return json_answer({"data": {**shown, "links": {"self": here}}})

    def _list_accounts(self, request: Request, place: Place) -> Answer:
        offset = offset_in(request.first("cursor"))
        if offset is None:
            raise Refused(organisation_error(400, of=BAD_CURSOR))
        fault = self._faults.take(LISTINGS, self._organisation.name, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.REJECTED_CURSOR:
            raise Refused(organisation_error(400, of=BAD_CURSOR))
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            offset = max(0, offset - PAGE) if fault.page is not None else 0
        serials = self._accounts.serials()
        chosen = serials[offset : offset + PAGE]
        end = offset + len(chosen)
        page = self._frame(request, offset, end if end < len(serials) else None, len(serials))
        if fault is not None:
            return self._spoilt_page(fault, request, chosen, page, offset)
        accounts = b",".join(map(self._accounts.render, chosen))
        body = b'{"data":[' + accounts + b"]," + orjson.dumps(page)[1:]
        return Answer(200, body, ends_listing=end >= len(serials))

    def _frame(self, request: Request, offset: int, following: int | None, total: int) -> dict[str, Any]:
        here = f"{base_of(request)}{request.path}"
        links = {"self": here if not offset else f"{here}?cursor={cursor_of(offset)}"}
        if following is not None:
            links["next"] = f"{here}?cursor={cursor_of(following)}"
        return {"links": links, **({"meta": {"total": total}} if self._organisation.tells_total else {})}

    def _spoilt_page(
        self, fault: Fault, request: Request, chosen: Sequence[int], page: dict[str, Any], offset: int
    ) -> Answer:
        accounts = [self._accounts.account(self._accounts.person(serial)) for serial in chosen]
        nullable = ("email", "last_active", "product_access", "access_billable")
        spoil_records(fault, accounts, text_keys=("name",), null_keys=nullable, id_key="account_id")
        here = f"{base_of(request)}{request.path}"
        match fault.kind:
            case FaultKind.EMPTY_LIST:
                accounts, page = [], self._frame(request, 0, None, 0)
            case FaultKind.ENDLESS:
                accounts, page["links"]["next"] = [], f"{here}?cursor={cursor_of(offset + PAGE)}"
            case FaultKind.REPEATED_PAGE:
                page["links"]["next"] = f"{here}?cursor={cursor_of(offset + PAGE)}"
            case FaultKind.FOREIGN_NEXT:
                page["links"]["next"] = f"{fault.location}?cursor={cursor_of(offset + PAGE)}"
            case FaultKind.WRONG_TOTAL if "meta" in page:
                page["meta"]["total"] += int(fault.amount)
            case FaultKind.SHRINKING:
                # Some of those already listed leave, so that others move up past the beginning of the next page.
                listed = [serial for serial in self._accounts.serials()[1 : offset + len(accounts)] if serial > 0]
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
        person = self._accounts.person(serial)
        shown = [
            {
                "id": f"ari:cloud:{product['key']}::site/{self._members_id}",
                "key": product["key"],
                "last_active": product["last_active"][:10],
                "last_active_timestamp": product["last_active"],
            }
            for product in self._accounts.products(person)
            if product.get("last_active")
        ]
        added = person.joined.isoformat()
        data = {"product_access": shown, "added_to_org": added, "added_to_org_timestamp": f"{added}T09:00:00Z"}
        return json_answer({"data": data, "links": {"next": None}})

    def _list_directories(self, request: Request) -> Answer:
        wanted, account = request.every("directoryIds"), request.first("accountId")
        data = [{"directoryId": self._members_id, "name": "Default directory"}]
        if account is not None and not self.is_member(self._accounts.serial_in(account)):
            data = []
        if wanted and self._members_id not in wanted:
            data = []
        return json_answer({"data": data, "links": {"self": None, "next": None}})

    def _search(self, request: Request, directory: str) -> Answer:
        self._check_directory(directory)
        asked = _search_question(request)
        offset = offset_in(asked.get("cursor"))
        if offset is None:
            raise Refused(organisation_error(400, of=BAD_CURSOR))
        expand = tuple(asked.get("expand", ()))
        members = [
            member
            for serial in self._searched(asked)
            if self.is_member(serial) and _is_wanted(member := self.member_object(serial, expand), asked)
        ]
        end = offset + asked.get("limit", _USUAL_SEARCH)
        # Unlike the list of accounts, this one gives the bare token.
        return json_answer(
            {"data": members[offset:end], "links": {"next": cursor_of(end) if end < len(members) else None}}
        )

    def _searched(self, asked: Mapping[str, Any]) -> Sequence[int]:
        if "accountIds" not in asked:
            return self._accounts.serials()
        found = map(self._accounts.serial_in, asked["accountIds"])
        return [serial for serial in found if serial is not None and self._accounts.has_account(serial)]

    def member_object(self, serial: int, expand: Sequence[str] = ()) -> dict[str, Any]:
        """A member of the directory, as searches show it."""
        person, dice = self._accounts.person(serial), self._accounts.dice(serial)
        account, state = self._accounts.account(person), self._accounts.state(serial)
        suspended = self._accounts.is_suspended(serial)
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
            "nickname": nickname_of(person),
            "email": account.get("email"),
            "emailVerified": dice[20] > 4,
            "picture": account["picture"],
            "managementSource": "synced" if self._accounts.is_synced(serial) else "invited",
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
                for product in self._accounts.products(person)
            ]
        if "groups" in expand:
            member["groups"] = [
                {"id": uuid_of(self._company.seed, self._organisation, person.team), "name": person.team}
            ]
        return member

    def _member(self, account: str) -> int:
        serial = self._accounts.serial_in(account)
        if serial is None or not self._accounts.has_account(serial):
            raise Refused(organisation_error(404, of=NO_USER))
        return serial

    def _member_in(self, parts: list[str]) -> int:
        self._check_directory(parts[5], may_be_any=False)
        serial = self._member(parts[7])
        if not self.is_member(serial):
            raise Refused(organisation_error(404, of=NO_USER))
        return serial

    def is_member(self, serial: int | None) -> bool:
        """Whether an account is in the organisation and was not taken out of it."""
        return serial is not None and self._accounts.has_account(serial) and not self._accounts.state(serial).is_removed

    def _check_directory(self, directory: str, *, may_be_any: bool = True) -> None:
        if directory != self._members_id and not (may_be_any and directory == "-"):
            raise Refused(organisation_error(404))


def _search_question(request: Request) -> dict[str, Any]:
    """What a search asks for, after the checks that the vendor makes."""
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise Refused(organisation_error(400)) from None
    if not isinstance(asked, dict) or any(not isinstance(asked.get(name, []), list) for name in _SEARCH_LISTS):
        raise Refused(organisation_error(400))
    limit = asked.get("limit", _USUAL_SEARCH)
    by_id = "accountIds" in asked or "emails" in asked
    if type(limit) is not int or not 1 <= limit <= _LARGEST_SEARCH or (by_id and "searchTerm" in asked):
        raise Refused(organisation_error(400))
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
