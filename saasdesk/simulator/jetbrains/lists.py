"""The lists of licences, page by page, with the faults that a test puts in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from saasdesk.simulator.exchange import Answer, Place, Request, json_answer
from saasdesk.simulator.faults import HOSTILE_NAMES, LISTINGS, Fault, FaultKind, Faults
from saasdesk.simulator.jetbrains.questions import counted, per_page
from saasdesk.simulator.jetbrains.records import Records
from saasdesk.simulator.jetbrains.refusals import Refused
from saasdesk.simulator.jetbrains.stock import Stock


class Lists:
    """Answers with the licences that a list is about."""

    def __init__(self, vendor: str, stock: Stock, records: Records, faults: Faults) -> None:
        self._vendor = vendor
        self._stock, self._records, self._faults = stock, records, faults

    def list_them(self, request: Request, place: Place, team: int | None) -> Answer:
        """A page of the licences asked for."""
        fault = self._faults.take(LISTINGS, self._vendor, place.endpoint, place.page)
        if fault is not None and fault.kind is FaultKind.SHRINKING and place.page > 1:
            self._shrink(int(fault.amount), before=(place.page - 1) * per_page(request))
            fault = None
        number, size = place.page, per_page(request)
        if fault is not None and fault.kind is FaultKind.REPEATED_PAGE:
            number = 1
        wanted, is_whole = self._wanted(request, team)
        chosen = wanted[(number - 1) * size : number * size]
        more = number * size < len(wanted)
        total = len(wanted)
        if fault is not None:
            return self._spoilt_list(fault, chosen, total, place, size, more=more)
        body = orjson.dumps(chosen)
        return Answer(
            200, body, headers=counted(total, place.page, size, more=more), ends_listing=is_whole and not more
        )

    def _wanted(self, request: Request, team: int | None) -> tuple[Sequence[dict[str, Any]], bool]:
        """The licences a list is about, and whether that is all of them."""
        rows = self._records.rows()
        product, email = request.first("productCode"), request.first("assigneeEmail")
        assigned = request.first("assigned")
        if assigned not in (None, "true", "false"):
            raise Refused(400, "INVALID_PARAMETER", assigned or "")
        if product is None and email is None and assigned is None and team is None:
            return rows, True
        return [
            row
            for row in rows
            if (product is None or row["product"]["code"] == product)
            and (email is None or row.get("assignee", {}).get("email", "").lower() == email.strip().lower())
            and (assigned is None or ("assignee" in row) == (assigned == "true"))
            and (team is None or row.get("team", {}).get("id") == team)
        ], False

    def _spoilt_list(
        self, fault: Fault, chosen: Sequence[dict[str, Any]], total: int, place: Place, size: int, *, more: bool
    ) -> Answer:
        rows: list[Any] = [orjson.loads(orjson.dumps(row)) for row in chosen]
        match fault.kind:
            case FaultKind.EMPTY_LIST:
                rows, total, more = [], 0, False
            case FaultKind.ENDLESS:
                rows, more = [], True
            case FaultKind.REPEATED_PAGE:
                total, more = total + size * place.page, True
            case FaultKind.WRONG_TOTAL:
                total += int(fault.amount)
            case FaultKind.FORGETFUL:
                rows = rows[: -int(fault.amount)]
                total -= int(fault.amount)
            case FaultKind.MISSING_KEY:
                return replace(json_answer({}), headers=counted(total, place.page, size, more=more))
            case FaultKind.NOT_OBJECTS:
                rows = [row["licenseId"] for row in rows]
            case FaultKind.NO_ID:
                for row in rows[:1]:
                    del row["licenseId"]
            case FaultKind.HOSTILE_TEXT:
                assigned = [row for row in rows if row.get("assignee", {}).get("type") == "USER"]
                for row, text in zip(assigned, HOSTILE_NAMES, strict=False):
                    row["assignee"]["name"] = row["product"]["name"] = text
            case FaultKind.RECORDED_NULLS:
                for row in rows:
                    row.update(
                        {key: row.get(key) for key in ("assignee", "team", "subscription", "lastSeen", "domain")}
                    )
            case _:
                pass
        return replace(json_answer(rows), headers=counted(total, place.page, size, more=more))

    def _shrink(self, amount: int, *, before: int) -> None:
        """Let licences that were listed already disappear, so that the others move up."""
        with self._stock.writing:
            self._stock.cancel(self._stock.numbers()[: min(amount, before)])
