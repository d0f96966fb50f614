"""Two moments side by side: what is there in one only, and what differs; what changed and changed back is nothing."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from saasdesk.records.past import rows as sql
from saasdesk.records.past.past import Moment
from saasdesk.records.past.rows import Difference
from saasdesk.store import Store

__all__ = ["Comparison", "Difference", "compare", "stream_differences"]

Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, the first so many of them; `total` counts all."""

    since: Moment
    until: Moment | None
    differences: tuple[Difference, ...]
    total: int


def compare(
    store: Store, since: Moment, until: Moment | None, most: int, stop: threading.Event | None = None
) -> Comparison:
    """What differs between two moments, or between one and now."""
    found: list[Difference] = []
    total = 0
    with store.reading(snapshot=True, stop=stop) as db:
        for difference in sql.differences(db, since.position, None if until is None else until.position):
            total += 1
            if total <= most:
                found.append(difference)
    return Comparison(since, until, tuple(found), total)


def stream_differences(
    store: Store, since: Moment, until: Moment | None, stop: threading.Event | None = None
) -> Iterator[Row]:
    """(object, record, application, change, field, before, after) of every difference, for an export."""
    with store.reading(snapshot=True, stop=stop) as db:
        for each in sql.differences(db, since.position, None if until is None else until.position):
            yield (each.object, each.label, each.application_name, each.change, each.field, each.before, each.after)
