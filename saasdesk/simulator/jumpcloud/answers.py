"""What the vendor says besides what was asked for: refusals, and pages of lists."""

from collections.abc import Sequence
from typing import Any

from saasdesk.simulator.exchange import Answer, Request, json_answer
from saasdesk.simulator.jumpcloud.questions import paging

NOT_FOUND = Answer(
    404,
    b"<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>",
    "text/html; charset=utf-8",
)


def page_answer(request: Request, rows: Sequence[dict[str, Any]]) -> Answer:
    """The page of these rows that a request asks for."""
    limit, skip = paging(request)
    return json_answer({"totalCount": len(rows), "results": rows[skip : skip + limit]})


def bound_answer(request: Request, kind: str, ids: list[str]) -> Answer:
    """Whom or what something is bound to, as the second API lists it: bare, with the total in a header."""
    limit, skip = paging(request)
    rows = [{"id": made, "type": kind, "paths": [[]]} for made in ids]
    return json_answer(rows[skip : skip + limit]).with_headers({"x-total-count": str(len(rows))})
