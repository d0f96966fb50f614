"""The log of sign-ins."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from saasdesk.simulator.exchange import Account, Answer, Request, json_answer
from saasdesk.simulator.jumpcloud.directory import Directory
from saasdesk.simulator.jumpcloud.records import moment_text
from saasdesk.simulator.jumpcloud.refusals import Refused
from saasdesk.simulator.kept import Kept

_MOST_EVENTS = 10_000
_USUAL_EVENTS = 1_000
_EVENT_TYPES = ("user_login_attempt", "sso_auth", "login_attempt", "ldap_bind", "radius_auth")


@dataclass(frozen=True, slots=True)
class _Event:
    moment: datetime
    id: str
    document: dict[str, object]


class SignIns:
    """What of everybody's sign-ins the log still has."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._records = directory.of_company
        self._events = Kept(directory, self._in_order)

    def _in_order(self) -> list[_Event]:
        """The log, oldest first."""
        found = [event for account in self._directory.accounts() for event in self._events_of(account)]
        return sorted(found, key=lambda event: (event.moment, event.id))

    def list_them(self, request: Request) -> Answer:
        """What a question asks for."""
        asked = _events_question(request)
        is_ascending, limit = asked["is_ascending"], asked["limit"]
        events = self._events()
        start = bisect_right(events, (asked["start_time"], ""), key=lambda event: (event.moment, event.id))
        wanted = [event for event in events[start:] if event.document["event_type"] in asked["event_types"]]
        if asked["after"] is not None:
            wanted = [event for event in wanted if (_mark(event) > asked["after"]) == is_ascending]
            wanted = [event for event in wanted if _mark(event) != asked["after"]]
        if not is_ascending:
            wanted.reverse()
        chosen = wanted[:limit]
        last = list(_mark(chosen[-1])) if chosen else []
        headers = {
            "X-Result-Count": str(len(chosen)),
            "X-Limit": str(limit),
            "X-Sort": "ASC" if is_ascending else "DESC",
            "X-Search_after": orjson.dumps(last).decode(),
        }
        rows = [_only_keys(event.document, asked["fields"]) for event in chosen]
        return json_answer(rows).with_headers(headers)

    def _events_of(self, account: Account) -> Iterator[_Event]:
        """Somebody's last sign-ins; an attempt that failed can be newer than the last that did not."""
        if account.last_activity is None:
            return
        dice = self._records.dice(account.serial)
        last = datetime.fromisoformat(account.last_activity)
        yield self._event(account, last, 0, is_success=True)
        if dice[30] < 128:
            yield self._event(account, last - timedelta(hours=9), 1, is_success=True)
        if dice[31] < 60:
            yield self._event(account, last + timedelta(minutes=11), 2, is_success=False)

    def _event(self, account: Account, moment: datetime, nth: int, *, is_success: bool) -> _Event:
        made = f"{account.id}{nth}"
        who = {"id": account.id, "type": "user", "email": account.email}
        document: dict[str, object] = {
            "id": made,
            "event_type": _EVENT_TYPES[(account.serial + nth) % len(_EVENT_TYPES)],
            "timestamp": moment_text(moment),
            "initiated_by": who,
            "success": is_success,
            "organization": self._records.organization_id,
            "client_ip": "192.0.2.7",
            "service": "directory",
            "@version": "1",
        }
        return _Event(moment, made, document)


def _only_keys(document: Mapping[str, object], fields: Sequence[str]) -> dict[str, object]:
    return {key: value for key, value in document.items() if not fields or key in fields}


def _mark(event: _Event) -> tuple[int, str]:
    return int(event.moment.timestamp() * 1_000), event.id


def _events_question(request: Request) -> dict[str, Any]:
    """What a question to the log asks for, after the checks that the vendor makes."""
    try:
        asked = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise Refused(400, "Bad Request: invalid JSON") from None
    if not isinstance(asked, dict) or "application/json" not in request.headers.get("content-type", ""):
        raise Refused(400, "Bad Request: a JSON object is needed")
    try:
        start = datetime.fromisoformat(asked["start_time"])
        services = asked["service"]
    except (KeyError, ValueError, TypeError):
        raise Refused(400, "Bad Request: service and start_time are needed") from None
    if not isinstance(services, list) or not services or start.tzinfo is None:
        raise Refused(400, "Bad Request: service and start_time are needed")
    limit, after, fields = asked.get("limit"), asked.get("search_after"), asked.get("fields", [])
    return {
        # Whatever makes no sense falls back to what is usual, without a word.
        "limit": limit if type(limit) is int and 0 < limit <= _MOST_EVENTS else _USUAL_EVENTS,
        "is_ascending": str(asked.get("sort", "ASC")).upper() != "DESC",
        "start_time": start,
        "event_types": _event_types(asked.get("search_term")),
        "after": (int(after[0]), str(after[1])) if after else None,
        "fields": fields,
    }


def _event_types(search_term: object) -> tuple[str, ...]:
    """The kinds of events a search is for: one term that names one or several of them, or everything."""
    match search_term:
        case {"and": [{"event_type": str(one)}]}:
            return (one,)
        case {"and": [{"event_type": [*several]}]}:
            return tuple(map(str, several))
        case None:
            return _EVENT_TYPES
        case _:
            raise Refused(400, "Bad Request: the search term was not understood")
