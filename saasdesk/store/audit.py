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
from collections.abc import Iterator, Mapping
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


def verify(store: "Store", stop: threading.Event | None = None) -> list[str]:
    """What does not agree: a broken chain, and runs whose changes are not those they recorded. Nothing, as a rule."""
    with store.reading(snapshot=True, stop=stop) as db:
        # Bytes that are no text were not written by us: they are to be found here, not to stop the search.
        db.connection().text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            return [*_chain_problems(db), *_session_problems(db)]
        finally:
            db.connection().text_factory = str


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


def _chain_problems(db: Connection) -> Iterator[str]:
    """The first place where the chain breaks; what comes after it proves nothing any more."""
    expected, previous = 1, _BEFORE_THE_FIRST
    for number, *columns, named, digest in db.execute_sql(
        "SELECT id, at, who, action, subject, detail, previous, hash FROM audit ORDER BY id"
    ):
        if number != expected:
            yield f"Audit row {expected} is missing."
            return
        if named != previous:
            yield f"Audit row {number} does not follow the row before it: one of the two was replaced."
            return
        if digest != _row_hash(number, columns, previous):
            yield f"Audit row {number} was edited."
            return
        expected, previous = number + 1, digest
    head = db.execute_sql("SELECT value FROM setting WHERE key = ?", (_HEAD_KEY,)).fetchone()
    written = 0 if head is None else int(head[0].partition(":")[0])
    if written > expected - 1:
        yield f"Audit row {expected} is missing: {written} rows were written, {expected - 1} are there."
    elif expected > 1 and (head is None or head[0] != f"{expected - 1}:{previous}"):
        yield f"Audit row {written + 1} was added by something else than saasdesk."


def _session_problems(db: Connection) -> Iterator[str]:
    recorded = _recorded_hashes(db)
    sessions = db.execute_sql(
        "SELECT id, changes_hash FROM sync_session WHERE finished_at NOT NULL AND changes_hash NOT NULL ORDER BY id"
    ).fetchall()
    kept = dict(sessions)
    for session, digest in sessions:
        if recorded.get(session, digest) != digest:
            yield f"Session {session} names other changes than the audit log does."
        elif changes_hash(db, session) != digest:
            yield f"The changes of session {session} are not the ones it made."
    for session in sorted(recorded.keys() - kept.keys()):
        yield f"Session {session} stands in the audit log, but its changes are no longer kept with it."


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
