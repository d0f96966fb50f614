"""Brings the search index up to date, a thousand records at a time: whoever else writes waits for a moment only.

Nobody has to wait for it: until it is through, searching looks at the records themselves.
"""

import threading
from dataclasses import dataclass
from functools import partial

from saasdesk.errors import Cancelled
from saasdesk.fields import ObjectKind
from saasdesk.jobs import Tell
from saasdesk.records.search import rows
from saasdesk.store import Connection, Store

_AT_ONCE = 1000
# A small index is worn out soon, and does not matter.
_LEAST_WORN = 10_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """How far the index is, of so many records that it did not know at the beginning."""

    done: int
    of: int


def bring_up_to_date(store: Store, tell: Tell = lambda _news: None, stop: threading.Event | None = None) -> None:
    """Put into the index what was changed or made since the last time; where there is nothing, nothing is written."""
    with store.reading() as db:
        if not rows.can_index(db):
            return
        left = {kind: rows.waiting(db, kind) for kind in rows.INDEXED if not _is_up_to_date(db, kind)}
    if not left:
        return
    for kind in left:
        store.write(partial(_begin, kind=kind), stop)
    with store.reading() as db:
        everything = sum(rows.waiting(db, kind) for kind in left)
    done = 0
    for kind in left:
        while store.write(partial(rows.index_some, kind=kind, at_once=_AT_ONCE), stop):
            if stop is not None and stop.is_set():
                raise Cancelled
            done = min(done + _AT_ONCE, everything)
            tell(Indexed(done, everything))


def _is_up_to_date(db: Connection, kind: ObjectKind) -> bool:
    state = rows.read_state(db, kind)
    return (
        state is not None
        and state.columns == frozenset(rows.searched_columns(db, kind))
        and rows.waiting(db, kind) == 0
        and not rows.is_worn(db, kind, _LEAST_WORN)
    )


def _begin(db: Connection, kind: ObjectKind) -> None:
    rows.agree_on_columns(db, kind)
    if rows.is_worn(db, kind, _LEAST_WORN):
        rows.begin_anew(db, kind)
