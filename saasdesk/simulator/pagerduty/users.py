"""The people of the account: their list, one of them, and one way to delete."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, Fault, FaultKind, Faults, spoil_records
from saasdesk.simulator.pagerduty.keys import KeyKind
from saasdesk.simulator.pagerduty.members import Members
from saasdesk.simulator.pagerduty.questions import last_segment, paging
from saasdesk.simulator.pagerduty.records import Records
from saasdesk.simulator.pagerduty.refusals import Refused

# The document says that these are never null; recordings say otherwise.
_SEEN_NULL = ("job_title", "time_zone")


class Users:
    """Answers what is asked about people, with the faults that a test puts in."""

    def __init__(self, vendor: str, company: Company, records: Records, members: Members, faults: Faults) -> None:
        self._vendor = vendor
        self._company, self._records, self._members, self._faults = company, records, members, faults
        self._deleting = threading.Lock()

    def list_them(self, request: Request, place: Place) -> Answer:
        """A page of the people asked for."""
        limit, offset, wants_total = paging(request)
        members, is_whole = self._wanted(request)
        fault = self._faults.take(LISTINGS, self._vendor, place.endpoint, place.page)
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
            users = [self._members.render(serial) for serial in chosen]
        else:
            users = [orjson.dumps(self._complete_user(serial, request)) for serial in chosen]
        body = b'{"users":[' + b",".join(users) + b"]," + orjson.dumps(page)[1:]
        return Answer(200, body, ends_listing=ends)

    def _wanted(self, request: Request) -> tuple[Sequence[int], bool]:
        """The people a listing is about, and whether that is everybody."""
        roll = self._members.roll()
        query, teams = (request.first("query") or "").casefold(), frozenset(request.every("team_ids[]"))
        if not query and not teams:
            return roll.serials, True

        def is_wanted(serial: int) -> bool:
            person = self._company.person(serial)
            is_named = query in person.name.casefold() or query in person.email
            return is_named and (not teams or not teams.isdisjoint(self._records.team_ids(person)))

        question = f"{query}/{sorted(teams)}"
        return roll.keep(question, lambda: [serial for serial in roll.serials if is_wanted(serial)]), False

    def _complete_user(self, serial: int, request: Request) -> dict[str, Any]:
        """A user object with the objects that `include[]` asks for in place of references; other words are ignored."""
        person = self._company.person(serial)
        user = self._records.user(person)
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
                listed = self._members.roll().serials[1 : page["offset"] + len(users)]
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

    def show(self, request: Request, place: Place, kind: KeyKind) -> Answer:
        """One person, with more of them for a key that may see it."""
        serial = self._members.serial_of(last_segment(request))
        user = self._complete_user(serial, request)
        if kind is KeyKind.FULL and "calendar_urls" in request.every("include[]"):
            secret = self._records.calendar_secret(serial)
            user["http_cal_url"] = f"https://webcal.example.com/private/{secret}/feed"
            user["web_cal_url"] = f"webcal://webcal.example.com/private/{secret}/feed"
        fault = self._faults.take({FaultKind.MISSING_KEY, FaultKind.NO_ID}, self._vendor, place.endpoint, place.page)
        if fault is not None:
            return json_answer({} if fault.kind is FaultKind.MISSING_KEY else {"user": {"type": "user"}})
        return json_answer({"user": user})

    def delete(self, request: Request) -> Answer:
        """Take the login of somebody away."""
        with self._deleting:
            serial = self._members.serial_of(last_segment(request))
            if serial == 0:
                raise Refused(400, "The account owner cannot be deleted")
            if self._records.is_busy(self._company.person(serial)):
                raise Refused(400, "The user cannot be deleted because incidents are assigned to them")
            self._members.delete(serial)
        return Answer(204)
