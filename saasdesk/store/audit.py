"""Who did what: rows that each carry the hash of the one before, so that editing one shows.

It detects editing, inserting and deleting; a whole file put in the place of another it cannot detect.
"""

import getpass
import hashlib
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from saasdesk.clock import now_text
from saasdesk.store.connections import Connection

if TYPE_CHECKING:
    from saasdesk.store.database import Store

_BEFORE_THE_FIRST = "0" * 64
_LONE_SURROGATES = re.compile("[\ud800-\udfff\0]")

# The last row's number and hash, kept apart: a chain that lost its end still hangs together.
_HEAD_KEY = "audit_head"


def record(db: Connection, action: str, subject: str, detail: Mapping[str, object]) -> int:
    """Add a row to the audit log, inside the transaction that does what it tells of."""
    last = db.execute_sql("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    number, previous = (last[0] + 1, last[1]) if last else (1, _BEFORE_THE_FIRST)
    written = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    columns = [_storable(text) for text in (now_text(), operating_system_user(), action, subject, written)]
    digest = _row_hash(number, columns, previous)
    db.execute_sql(
        "INSERT INTO audit (id, at, who, action, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *columns, previous, digest),
    )
    db.execute_sql("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (_HEAD_KEY, f"{number}:{digest}"))
    return number


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not agree; `row` is the first row of the log that cannot be trusted, if it is one."""

    sentence: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was looked at, from the first row to the last, and what does not agree in it."""

    rows: int
    first_at: str | None
    last_at: str | None
    sessions: int
    problems: tuple[Problem, ...] = ()


def verify(store: "Store", stop: threading.Event | None = None) -> list[str]:
    """What does not agree: a broken chain, and runs whose changes are not those they recorded. Nothing, as a rule."""
    return [problem.sentence for problem in inspect(store, stop).problems]


def inspect(
    store: "Store", stop: threading.Event | None = None, tell: Callable[[float], object] = lambda _share: None
) -> Inspection:
    """Compute every hash anew; `tell` hears which share of it is done."""
    with store.reading(snapshot=True, stop=stop) as db:
        # Bytes that are no text were not written by us: they are to be found here, not to stop the search.
        db.connection().text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            count, first, last = db.execute_sql("SELECT count(*), min(at), max(at) FROM audit").fetchone()
            (changes,) = db.execute_sql("SELECT coalesce(max(id), 0) FROM change").fetchone()
            (sessions,) = db.execute_sql(f"SELECT count(*) {_HASHED}").fetchone()
            share = _Share(count + changes, tell)
            problems = (*_chain_problems(db, share), *_session_problems(db, share, sessions, changes))
            return Inspection(count, first, last, sessions, problems)
        finally:
            db.connection().text_factory = str


class _Share:
    """How much of the work is done, told a hundred times at most."""

    def __init__(self, whole: int, tell: Callable[[float], object]) -> None:
        self._whole, self._tell = max(whole, 1), tell
        self._done, self._told = 0.0, 0

    def add(self, done: float) -> None:
        self._done += done
        percent = int(100 * self._done / self._whole)
        if percent > self._told:
            self._told = percent
            self._tell(min(self._done / self._whole, 1.0))


_HASHED = "FROM sync_session WHERE finished_at NOT NULL AND changes_hash NOT NULL"


def changes_hash(db: Connection, session_id: int) -> str:
    """The hash over everything that a run changed, in the order in which it was written down."""
    digest = hashlib.sha256()
    # SQLite writes each row as JSON: a third faster than fetching its columns, and one run can have millions of rows.
    before, after = _exact("before"), _exact("after")
    cursor = db.execute_sql(
        f"""
        SELECT CAST(json_array(id, cause, at, object, record, kind, field, {before}, {after}, reason) AS BLOB)
          FROM change
         WHERE session = ?
         ORDER BY id
        """,  # noqa: S608 - the two inserted expressions are written here
        (session_id,),
    )
    while rows := cursor.fetchmany(500):
        digest.update(b"\n".join([row for (row,) in rows]) + b"\n")
    return digest.hexdigest()


def _exact(column: str) -> str:
    # How many digits of a fraction are written differs between SQLite's versions; millionths are the same in all.
    return f"""
        CASE typeof({column})
        WHEN 'real' THEN 'real ' || CAST({column} * 1000000 AS INTEGER)
        WHEN 'blob' THEN 'blob ' || hex({column})
        ELSE {column} END
    """


def operating_system_user() -> str:
    """The person at this computer, as the system knows them; not what an environment variable says."""
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _chain_problems(db: Connection, share: _Share) -> Iterator[Problem]:
    """The first place where the chain breaks; what comes after it proves nothing any more."""
    expected, previous = 1, _BEFORE_THE_FIRST
    for number, *columns, named, digest in db.execute_sql(
        "SELECT id, at, who, action, subject, detail, previous, hash FROM audit ORDER BY id"
    ):
        share.add(1)
        if number != expected:
            yield Problem(f"Audit row {expected} is missing.", expected)
            return
        if named != previous:
            sentence = f"Audit row {number} does not follow the row before it: one of the two was replaced."
            yield Problem(sentence, number)
            return
        if digest != _row_hash(number, columns, previous):
            yield Problem(f"Audit row {number} was edited.", number)
            return
        expected, previous = number + 1, digest
    head = db.execute_sql("SELECT value FROM setting WHERE key = ?", (_HEAD_KEY,)).fetchone()
    written = 0 if head is None else int(head[0].partition(":")[0])
    if written > expected - 1:
        sentence = f"Audit row {expected} is missing: {written} rows were written, {expected - 1} are there."
        yield Problem(sentence, expected)
    elif expected > 1 and (head is None or head[0] != f"{expected - 1}:{previous}"):
        yield Problem(f"Audit row {written + 1} was added by something else than saasdesk.", written + 1)


def _session_problems(db: Connection, share: _Share, count: int, changes: int) -> Iterator[Problem]:
    recorded = _recorded_hashes(db)
    sessions = db.execute_sql(f"SELECT id, changes_hash {_HASHED} ORDER BY id").fetchall()
    kept = dict(sessions)
    for session, digest in sessions:
        if recorded.get(session, digest) != digest:
            yield Problem(f"Session {session} names other changes than the audit log does.")
        elif changes_hash(db, session) != digest:
            yield Problem(f"The changes of session {session} are not the ones it made.")
        share.add(changes / count)
    for session in sorted(recorded.keys() - kept.keys()):
        yield Problem(f"Session {session} stands in the audit log, but its changes are no longer kept with it.")


def _recorded_hashes(db: Connection) -> dict[int, str]:
    """What the audit rows of runs say: a row that names a session and its changes, {"session": 7, "changes": "…"}."""
    found: dict[int, str] = {}
    for (detail,) in db.execute_sql('SELECT detail FROM audit WHERE detail LIKE \'%"changes":"%\' ORDER BY id'):
        content: dict[str, Any] = orjson.loads(detail)
        session, digest = content.get("session"), content.get("changes")
        if isinstance(session, int) and isinstance(digest, str):
            found[session] = digest
    return found


def _row_hash(number: int, columns: list[str], previous: str) -> str:
    return hashlib.sha256(orjson.dumps([number, *columns, previous], default=repr)).hexdigest()


def _storable(text: str) -> str:
    return _LONE_SURROGATES.sub("\ufffd", text)
