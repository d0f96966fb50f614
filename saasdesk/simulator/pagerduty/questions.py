"""What requests ask for, and how the vendor answers questions that make no sense."""

from saasdesk.simulator.exchange import Request
from saasdesk.simulator.pagerduty.refusals import Refused

# No list goes further than this, whatever its pages.
WALL = 10_000
LARGEST_PAGE = 100


def last_segment(request: Request) -> str:
    """The id at the end of a path."""
    return request.path.rstrip("/").rpartition("/")[2]


def paging(request: Request) -> tuple[int, int, bool]:
    """The limit, the offset and whether a total is wanted; too large a limit is cut down without a word."""
    limit = _whole_number(request, "limit", 25, smallest=1)
    offset = _whole_number(request, "offset", 0, smallest=0)
    total = request.first("total")
    if total not in (None, "true", "false"):
        raise Refused(400, "Total must be either true or false")
    limit = min(limit, LARGEST_PAGE)
    if offset + limit > WALL:
        raise Refused(400, f"Offset plus limit must be less than or equal to {WALL}")
    return limit, offset, total == "true"


def _whole_number(request: Request, name: str, default: int, smallest: int) -> int:
    """A parameter that has to be a whole number."""
    text = request.first(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) < smallest:
        raise Refused(400, f"{name.capitalize()} must be a whole number of at least {smallest}")
    return int(text)
