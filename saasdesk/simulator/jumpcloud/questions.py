"""What requests ask for: pages, orders, bodies."""

from collections.abc import Sequence
from typing import Any

import orjson

from saasdesk.simulator.exchange import Request
from saasdesk.simulator.jumpcloud.refusals import Refused

_LARGEST_PAGE = 100
_USUAL_PAGE = 10


def segment(request: Request, position: int) -> str:
    """One part of the path."""
    return request.path.strip("/").split("/")[position]


def page_of(request: Request) -> int:
    """Which page of a list is asked for; 0 for a single record."""
    limit, skip = request.first("limit") or str(_USUAL_PAGE), request.first("skip") or "0"
    if not (limit.isdecimal() and skip.isdecimal()) or int(limit) < 2:
        return 0
    return int(skip) // int(limit) + 1


def paging(request: Request) -> tuple[int, int]:
    """The limit and the offset; too large a limit is refused, not cut down."""
    limit = _whole_number(request, "limit", _USUAL_PAGE)
    skip = _whole_number(request, "skip", 0)
    if limit > _LARGEST_PAGE:
        raise Refused(400, f'Bad Request: request parameter "limit" exceeds maximum value of {_LARGEST_PAGE}')
    return limit, skip


def _whole_number(request: Request, name: str, default: int) -> int:
    text = request.first(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise Refused(400, f'Bad Request: request parameter "{name}" is not a whole number')
    return int(text)


def in_order(request: Request, members: Sequence[int], skip: int) -> Sequence[int]:
    """The list as one page sees it: without an order every page is cut from another one."""
    match request.first("sort"):
        case "_id":
            return members
        case "-_id":
            return members[::-1]
        case _:
            shift = skip % 7 if len(members) > _LARGEST_PAGE else 0
            return [*members[shift:], *members[:shift]]


def body(request: Request) -> dict[str, Any]:
    """What a call that changes something carries."""
    try:
        asked = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise Refused(400, "Bad Request: invalid JSON") from None
    if not isinstance(asked, dict):
        raise Refused(400, "Bad Request: a JSON object is needed")
    return asked
