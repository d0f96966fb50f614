"""What requests ask for, and what the vendor adds to its pages."""

from typing import Any

import orjson

from saasdesk.simulator.exchange import Request
from saasdesk.simulator.jetbrains.refusals import Undecodable

API = "https://account.jetbrains.example.com/api/v1"
_USUAL_PAGE = 100
_LARGEST_PAGE = 100


def page_number(request: Request) -> int:
    """Which page is asked for; nonsense means the first."""
    text = request.first("page") or "1"
    return int(text) if text.isdecimal() and int(text) > 0 else 1


def per_page(request: Request) -> int:
    """How many licences a page is to have."""
    text = request.first("perPage") or ""
    return min(int(text), _LARGEST_PAGE) if text.isdecimal() and int(text) > 0 else _USUAL_PAGE


def counted(total: int, number: int, size: int, *, more: bool) -> dict[str, str]:
    """The headers that say how many there are, and where the next page is."""
    pages = [("first", 1), *([("next", number + 1)] if more else [])]
    links = ", ".join(f'<{API}/customer/licenses?page={page}&perPage={size}>; rel="{rel}"' for rel, page in pages)
    return {"X-Total-Count": str(total), "Link": links}


def body_of(request: Request) -> dict[str, Any]:
    """What a call says; refused where that is no object."""
    try:
        asked = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise Undecodable from None
    if not isinstance(asked, dict):
        raise Undecodable
    return asked
