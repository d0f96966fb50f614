"""A moment of the past, and the store that shows the records as they were then."""

import itertools
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, time

from saasdesk import clock
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.past import rows as sql
from saasdesk.store import Connection, PastStore, Stage, Store, past_connection

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, and the last change made by then; `title` says it as it was chosen, `run` is the run it is after."""

    at: str
    position: int
    title: str
    run: int = 0


def moment_of_day(store: Store, chosen: datetime) -> Moment:
    """The moment as it was to the second; a UserError where no history reaches back to it."""
    at = clock.as_text(chosen)
    with store.reading() as db:
        _refuse_what_is_unknown(db, at)
        return Moment(at, sql.last_change(db, at), chosen.strftime("%Y-%m-%d %H:%M"))


def moment_of_text(store: Store, text: str) -> Moment:
    """`2026-11-02` (the end of that day here), `2026-11-02 08:30` here, or a run's number such as `#12`."""
    plain = text.strip()
    if plain.startswith("#"):
        return moment_of_run(store, plain[1:])
    try:
        chosen = datetime.fromisoformat(plain)
    except ValueError:
        raise UserError(
            f"“{plain}” is no moment. Write a day (2026-11-02), a day and a time (2026-11-02 08:30) or a run (#12)."
        ) from None
    if len(plain) == len("2026-11-02"):
        chosen = datetime.combine(chosen.date(), time(23, 59, 59))
    return moment_of_day(store, chosen.astimezone())


def moment_of_run(store: Store, number: str) -> Moment:
    """The moment at which a sync session was through."""
    with store.reading() as db:
        found = sql.end_of_session(db, int(number)) if number.isascii() and number.isdigit() else None
        if found is None:
            raise UserError(f"There is no sync session {number} that has ended.")
        name, at, last = found
        when = clock.from_text(at).astimezone()
        position = sql.last_change(db, at) if last is None else last
        return Moment(at, position, f"run #{number} ({name}, {when:%Y-%m-%d %H:%M})", int(number))


def past_store(
    store: Store, moment: Moment, tell: Callable[[float], None], stop: threading.Event | None = None
) -> PastStore:
    """A store that shows the records as they were; close it when nobody looks any more.

    Takes the longer the more records there are, and belongs into a worker; `tell` hears how much is done, 0 to 1.
    What no history is kept of is as it is now: fields without history, what only moves by itself, who feeds a record.
    """
    profile = store.profile
    file = profile.past(next(_numbers))
    with ExitStack() as on_failure:
        on_failure.callback(file.unlink, missing_ok=True)
        db = past_connection(file, profile.database)
        try:
            _copy(db, moment, tell, stop)
        finally:
            db.close()
        on_failure.pop_all()
    return PastStore(profile, file, sql.views(moment.at, moment.position), moment.title)


def _copy(db: Stage, moment: Moment, tell: Callable[[float], None], stop: threading.Event | None) -> None:
    # One transaction: everything is read as of one moment of the present.
    with db.atomic():
        sql.gather_later_changes(db, moment.position)
        for number, kind in enumerate(ObjectKind):
            for _ in sql.copy_records(db, kind, moment.position):
                if stop is not None and stop.is_set():
                    raise Cancelled
            tell((number + 1) / len(ObjectKind))
        sql.forget_later_changes(db)


def _refuse_what_is_unknown(db: Connection, at: str) -> None:
    if at > clock.now_text():
        raise UserError("That is in the future. Choose a moment that has been.")
    first = sql.first_change(db)
    if first is None:
        raise UserError("Nothing has ever changed here: there is no past to look at yet.")
    if at < first:
        raise UserError(f"The history begins at {first}. Choose a later moment.")
