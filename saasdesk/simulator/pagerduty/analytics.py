"""The table of analytics: who signed in when, which the lists of users do not say."""

from base64 import b64decode, b64encode
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from saasdesk.clock import as_text
from saasdesk.simulator.company import Company, Person
from saasdesk.simulator.exchange import Account, Answer, Request, json_answer
from saasdesk.simulator.kept import KeptEach
from saasdesk.simulator.pagerduty.members import Members
from saasdesk.simulator.pagerduty.records import Records
from saasdesk.simulator.pagerduty.refusals import Refused

_LARGEST_PAGE = 1_000


class Analytics:
    """Answers what is asked about the use of the account; it is asked by POST, but only read."""

    def __init__(self, company: Company, records: Records, members: Members) -> None:
        self._company, self._records, self._members = company, records, members
        self._rows = KeptEach(self._row)

    def list_them(self, request: Request) -> Answer:
        """A page of rows in the order of ids, from where the one before ended."""
        asked = _question(request)
        limit, after, is_ascending = asked["limit"], asked["starting_after"], asked["order"] == "asc"
        roll, id_of = self._members.roll(), self._records.id_of
        serials = roll.keep("by id", lambda: sorted(roll.serials, key=id_of))
        start = 0
        if after is not None:
            place = bisect_right(serials, after, key=id_of)
            # Backwards, the one named by the cursor must not come again.
            start = place if is_ascending else len(serials) + 1 - place
        if not is_ascending:
            serials = roll.keep("by id, backwards", lambda: list(reversed(roll.found["by id"])))
        chosen = [self._company.person(serial) for serial in serials[start : start + limit]]
        answer: dict[str, object] = {
            "data": [self._rows(p.serial, (p, self._records.account(p))) for p in chosen],
            "more": start + len(chosen) < len(serials),
            "limit": limit,
            "time_zone": "Etc/UTC",
            "order": asked["order"],
            "order_by": "user_id",
            "filters": {},
        }
        if chosen:
            answer |= {"first": _cursor(id_of(chosen[0].serial)), "last": _cursor(id_of(chosen[-1].serial))}
        return json_answer(answer)

    def _row(self, _serial: int, made_from: tuple[Person, Account]) -> dict[str, object]:
        """The timestamps have no zone, though they are in UTC."""
        person, account = made_from
        dice = self._records.dice(person)
        teams = self._records.teams(person, account.role, dice)
        contacts = [what for what, _ in self._records.contacts(person, dice)]
        channels = {"email": "EmailChannel", "phone": "PhoneChannel", "push_notification": "PushNotificationChannel"}
        joined = datetime(person.joined.year, person.joined.month, person.joined.day, tzinfo=UTC)
        created = joined + timedelta(seconds=28_800 + dice[20] * 100)
        on_call = bool(self._records.rules(person, dice))
        return {
            "id": account.id,
            "description": None,
            "time_zone": None if dice[10] < 13 else person.time_zone,
            "role": account.role,
            "account_id": 1_454,
            "team_id": self._records.team_id(teams[0]) if teams else None,
            "team_name": teams[0] if teams else None,
            "created_at": as_text(created).removesuffix("Z"),
            "email": account.email,
            "user_name": account.name,
            "last_sign_in_at": account.last_activity.removesuffix("Z") if account.last_activity else None,
            "default_notification_channel_count": len(contacts),
            "escalation_policies_count": int(on_call),
            "schedules_count": int(on_call),
            "channel_types_configured": [channels[what] for what in contacts],
            "team_count": len(teams),
            "downloaded_mobile_app": "push_notification" in contacts,
            "notification_methods": bool(contacts),
            "on_escalation_policy": on_call,
            "on_schedule": on_call,
            "signed_up": account.last_activity is not None,
        }


def _question(request: Request) -> dict[str, Any]:
    """What an analytics request asks for, after the checks that the vendor makes."""
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise Refused(400, "Request body is not valid JSON") from None
    if not isinstance(asked, dict) or "application/json" not in request.headers.get("content-type", ""):
        raise Refused(400, "Request body must be a JSON object")
    limit, order, after = asked.get("limit", 1_000), asked.get("order", "desc"), asked.get("starting_after")
    if type(limit) is not int or not 1 <= limit <= _LARGEST_PAGE:
        raise Refused(400, f"Limit must be between 1 and {_LARGEST_PAGE}")
    if order not in ("asc", "desc") or asked.get("order_by", "user_id") != "user_id":
        raise Refused(400, "Order must be asc or desc, by user_id")
    return {"limit": limit, "order": order, "starting_after": None if after is None else _cursor_id(after)}


def _cursor(made: str) -> str:
    return b64encode(orjson.dumps({"id": made, "order_by": "user_id", "value": made})).decode()


def _cursor_id(cursor: object) -> str:
    try:
        return str(orjson.loads(b64decode(str(cursor), validate=True))["id"])
    except (ValueError, KeyError, TypeError):
        raise Refused(400, "Starting after is not a cursor") from None
