"""What calls do to licences: give one to somebody, take it back, move it to another team."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Answer, Request, json_answer
from saasdesk.simulator.jetbrains.organisations import ADD_ON, PRODUCTS, team_in
from saasdesk.simulator.jetbrains.questions import body_of
from saasdesk.simulator.jetbrains.records import Records
from saasdesk.simulator.jetbrains.refusals import Refused, Undecodable
from saasdesk.simulator.jetbrains.stock import Hand, Stock

_REVOCABLE_AFTER = timedelta(days=30)


class Writing:
    """Answers calls that change something, with the vendor's own checks."""

    def __init__(self, company: Company, stock: Stock, records: Records) -> None:
        self._company, self._stock, self._records = company, stock, records

    def assign(self, request: Request) -> Answer:
        """Give a licence to somebody: the one that is named, or any free one of a product and team."""
        asked = body_of(request)
        contact = asked.get("contact")
        if not isinstance(contact, dict):
            raise Undecodable
        email, first, last = (contact.get(key) for key in ("email", "firstName", "lastName"))
        if not isinstance(email, str) or email.count("@") != 1 or email.strip("@") != email:
            raise Refused(400, "INVALID_CONTACT_EMAIL", str(email or ""))
        for name in (first, last):
            if not isinstance(name, str) or not name.strip() or any(map(str.isdigit, name)):
                raise Refused(400, "INVALID_CONTACT_NAME", str(name or ""))
        with self._stock.writing:
            number = self._to_assign(asked)
            hand = Hand(email, f"{first} {last}", -1, self._company.today, None)
            self._stock.give([number], hand)
        return Answer(200, content_type="text/plain")

    def _to_assign(self, asked: Mapping[str, Any]) -> int:
        wanted, licence = asked.get("license"), asked.get("licenseId")
        if isinstance(licence, str):
            # Whatever else was asked for is not even looked at.
            number = self._stock.number_of(licence)
            row = self._records.row(number)
            if row.get("assignee", {}).get("type") == "USER":
                raise Refused(400, "LICENSE_IS_NOT_AVAILABLE_TO_ASSIGN", "ALLOCATED")
            if "assignee" in row:
                raise Refused(400, "LICENSE_IS_NOT_AVAILABLE_TO_ASSIGN", "NON_PER_USER")
            if row.get("subscription", {}).get("isOutdated"):
                raise Refused(400, "LICENSE_IS_NOT_AVAILABLE_TO_ASSIGN", "EXPIRED_WITHOUT_FALLBACK")
            return number
        if not isinstance(wanted, dict):
            raise Refused(400, "MISSING_FIELD", "Either licenseId or license must be provided")
        code, team = wanted.get("productCode"), wanted.get("team")
        if not isinstance(code, str) or type(team) is not int:
            raise Undecodable
        team_in(str(team))
        if code not in {known for known, _ in (*PRODUCTS, ADD_ON)}:
            raise Refused(404, "PRODUCT_NOT_FOUND", code)
        for number in self._stock.numbers():
            row = self._records.row(number)
            if row["isAvailableToAssign"] and row["product"]["code"] == code and row.get("team", {}).get("id") == team:
                return number
        raise Refused(
            400,
            "NO_AVAILABLE_LICENSE_TO_ASSIGN",
            f"No available license found to assign in the team {team} with product {code}",
        )

    def revoke(self, request: Request) -> Answer:
        """Take one licence back, or all that somebody has."""
        licence, email, product = (request.first(name) for name in ("licenseId", "email", "productCode"))
        with self._stock.writing:
            if licence is not None:
                numbers = [self._stock.number_of(licence)]
            elif email is not None:
                numbers = [
                    number
                    for number in self._stock.numbers()
                    if (row := self._records.row(number)).get("assignee", {}).get("email", "").lower() == email.lower()
                    and product in (None, row["product"]["code"])
                ]
            else:
                raise Refused(400, "MISSING_FIELD", "Either licenseId or email must be provided")
            numbers = [
                number for number in numbers if self._records.row(number).get("assignee", {}).get("type") == "USER"
            ]
            for number in numbers:
                hand = self._stock.hand(number)
                if hand and hand.since and hand.since + _REVOCABLE_AFTER > self._company.today:
                    raise Refused(
                        400, "RECENTLY_ASSIGNED_LICENSE_IS_NOT_AVAILABLE_FOR_REVOKE", self._stock.id_of(number)
                    )
            self._stock.give(numbers, None)
        return json_answer({"licenseIds": [self._stock.id_of(number) for number in numbers]})

    def change_team(self, request: Request) -> Answer:
        """Move licences; those that cannot be moved are left out without a word."""
        asked = body_of(request)
        ids, team = asked.get("licenseIds"), asked.get("targetTeamId")
        if not isinstance(ids, list) or type(team) is not int:
            raise Undecodable
        team_in(str(team))
        moved: list[int] = []
        with self._stock.writing:
            for made in ids:
                try:
                    number = self._stock.number_of(str(made))
                except Refused:
                    continue  # left out without a word
                if self._records.row(number)["isTransferableBetweenTeams"]:
                    moved.append(number)
            self._stock.move(moved, team)
        return json_answer({"licenseIds": [self._stock.id_of(number) for number in moved]})
