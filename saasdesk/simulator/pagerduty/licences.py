"""The licences of the account, and who occupies them."""

from collections import Counter
from dataclasses import dataclass

from saasdesk.simulator.company import Company, Kind
from saasdesk.simulator.exchange import Answer, Request, json_answer
from saasdesk.simulator.pagerduty.members import Members
from saasdesk.simulator.pagerduty.questions import paging
from saasdesk.simulator.pagerduty.records import FULL_ROLES, STAKEHOLDER_ROLES, Records


@dataclass(frozen=True, slots=True)
class _Licence:
    name: str
    description: str
    roles: tuple[str, ...]
    role_group: str
    seats_per_hundred: int | None


# Two of them differ only in their description, as in the vendor's own example.
_LICENCES = (
    _Licence("Business (Full User)", "Event Intelligence", FULL_ROLES, "FullUser", 30),
    _Licence("Business (Full User)", "", FULL_ROLES, "FullUser", 75),
    _Licence("Business (Stakeholder)", "", STAKEHOLDER_ROLES, "Stakeholder", None),
)


class Licences:
    """Answers what is asked about licences."""

    def __init__(self, company: Company, records: Records, members: Members) -> None:
        self._company, self._records, self._members = company, records, members

    def list_them(self) -> Answer:
        """Every licence, with how many seats are taken and how many are left."""
        accounts = self._members.roll().accounts
        used = Counter(licence for account in accounts for licence in account.licences)
        licences = []
        for number, licence in enumerate(_LICENCES):
            shown, seats = self._licence_object(number), licence.seats_per_hundred
            occupied = used[self._records.licence_id(number)]
            shown["current_value"] = occupied
            # Null is no limit.
            shown["allocations_available"] = (
                None if seats is None else max(0, len(accounts) * seats // 100 + 5 - occupied)
            )
            licences.append(shown)
        return json_answer({"licenses": licences})

    def _licence_object(self, number: int) -> dict[str, object]:
        licence = _LICENCES[number]
        return {
            "id": self._records.licence_id(number),
            "name": licence.name,
            "description": licence.description,
            "valid_roles": list(licence.roles),
            "role_group": licence.role_group,
            "summary": licence.name,
            "type": "license",
            "self": None,
            "html_url": None,
        }

    def list_allocations(self, request: Request) -> Answer:
        """A page of who occupies which licence."""
        limit, offset, _ = paging(request)
        roll = self._members.roll()
        holders = roll.keep("holders", lambda: [serial for serial in roll.serials if self._holds_licence(serial)])
        chosen = holders[offset : offset + limit]
        allocations = []
        for person in map(self._company.person, chosen):
            number = self._records.licence(person, self._records.dice(person))
            if number is not None:
                user = {"id": self._records.id_of(person.serial), "type": "user_reference"}
                allocated_at = f"{person.joined.isoformat()}T00:00:00-05:00"
                allocations.append(
                    {"user": user, "license": self._licence_object(number), "allocated_at": allocated_at}
                )
        more = offset + len(chosen) < len(holders)
        page = {"offset": offset, "limit": limit, "more": more, "total": len(holders)}
        return json_answer({"license_allocations": allocations, **page})

    def _holds_licence(self, serial: int) -> bool:
        return self._company.kind_of(serial) is not Kind.ROBOT
