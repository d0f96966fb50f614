"""A moment of the past, and the store that shows the records as they were then."""

import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from saasdesk import clock
from saasdesk.errors import Cancelled, UserError
from saasdesk.records.past import rows as sql
from saasdesk.store import Connection, PastStore, Store

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, and the last change made by then; `title` says it as it was chosen.

    `run` is the run it is after, `integration` whose run that is.
    """

    at: str
    position: int
    title: str
    run: int = 0
    integration: str = ""


def moment_of_day(store: Store, chosen: datetime) -> Moment:
    """The moment as it was to the second; a UserError where no history reaches back to it."""
    at = clock.as_text(chosen)
    with store.reading() as db:
        _refuse_what_is_unknown(db, at)
        return Moment(at, sql.last_change(db, at), chosen.strftime("%Y-%m-%d %H:%M"))


def moment_of_text(store: Store, text: str) -> Moment:
    """`2026-11-02` (the end of that day here), `2026-11-02 08:30` here, or a run's number such as `#12`.

    A UserError where it is none of these.
    """
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
    """The moment at which a sync session was through. A UserError where there is none of this number that has ended."""
    with store.reading() as db:
        found = sql.end_of_session(db, int(number)) if number.isascii() and number.isdigit() else None
        if found is None:
            raise UserError(f"There is no sync session {number} that has ended.")
        name, at, last = found
        when = clock.from_text(at).astimezone()
        position = sql.last_change(db, at) if last is None else last
        return Moment(at, position, f"run #{number} ({name}, {when:%Y-%m-%d %H:%M})", int(number), name)


def last_changes_of_runs(store: Store) -> dict[int, int]:
    """The last change of each run that made any, by the run's number: it tells which of two was saved first."""
    with store.reading() as db:
        return sql.last_changes(db)


def past_store(
    store: Store, moment: Moment, tell: Callable[[float], None], stop: threading.Event | None = None
) -> PastStore:
    """A store that shows the records as they were; close it when nobody looks any more.

    Takes the longer the more records there are, and belongs into a worker; `tell` hears how much is done, 0 to 1, from
    threads of its own. What no history is kept of is as it is now: fields without history, what only moves by itself,
    who feeds a record.
    """
    files = {part: store.profile.past(next(_numbers)) for part in sql.PARTS}
    with ExitStack() as on_failure:
        for file in files.values():
            on_failure.callback(file.unlink, missing_ok=True)
        while not _copy(store, files, moment, tell, stop):
            for file in files.values():
                file.unlink()
        on_failure.pop_all()
    return PastStore(store.profile, files, sql.views(moment.at, moment.position), moment.title, moment.at)


def _copy(
    store: Store,
    files: Mapping[str, Path],
    moment: Moment,
    tell: Callable[[float], None],
    stop: threading.Event | None,
) -> bool:
    """Copy the parts side by side, each into its file; whether all of them were read as of one moment of the present.

    They are not where something was written just between the beginning of the one and that of the other.
    """
    with store.reading() as present:
        sizes = sql.sizes(present)
    done: list[int] = []

    def copy(part: str) -> int:
        with store.beside(files[part], stop) as db:
            # The copies have no ties to one another.
            db.execute_sql("PRAGMA foreign_keys = OFF")
            with db.atomic():
                newest = sql.newest_change(db)
                sql.gather_later_changes(db, sql.PARTS[part], moment.position)
                for kind in sql.PARTS[part]:
                    for _ in sql.copy_records(db, kind, moment.position):
                        if stop is not None and stop.is_set():
                            raise Cancelled
                        done.append(sizes[kind])
                        tell(sum(done) / (sql.STEPS * sum(sizes.values())))
                sql.forget_later_changes(db)
            return newest

    # SQLite lets go of the interpreter while it works: two threads take half as long as one.
    with ThreadPoolExecutor(len(files), "past") as threads:
        return len(set(threads.map(copy, files))) == 1


def _refuse_what_is_unknown(db: Connection, at: str) -> None:
    if at > clock.now_text():
        raise UserError("That is in the future. Choose a moment that has been.")
    first = sql.first_change(db)
    if first is None:
        raise UserError("Nothing has ever changed here: there is no past to look at yet.")
    if at < first:
        raise UserError(f"The history begins at {first}. Choose a later moment.")
