"""SQL of the log of vendor actions."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from saasdesk.store import Connection, audit
from saasdesk.workflows.requests import PresetRequest


class ActionRow(NamedTuple):
    """One call that was to change something at a vendor."""

    id: int
    run: int
    block: str
    connector: str
    preset: str
    targets: str
    method: str
    host: str
    path: str
    state: str
    status: int | None
    message: str
    verified: str
    armed_at: str
    finished_at: str | None


def workflows_of_open_calls(db: Connection) -> list[int]:
    """For each call of which nobody knows whether it was carried out, the workflow that made it."""
    found = db.execute_sql(
        "SELECT r.workflow FROM vendor_action a JOIN workflow_run r ON r.id = a.run WHERE a.state = 'unknown'"
    ).fetchall()
    return [int(number) for (number,) in found]


def arm(
    db: Connection,
    *,
    run: int,
    block: str,
    number: int,
    connector: str,
    request: PresetRequest,
    body_hash: str,
    at: str,
) -> int | None:
    """Write down that a call is about to leave; None when the same one left before."""
    earlier = db.execute_sql(
        "SELECT state FROM vendor_action WHERE run = ? AND block = ? ORDER BY try DESC LIMIT 1", (run, block)
    ).fetchone()
    if earlier is not None and earlier[0] not in {"refused", "not_sent"}:
        return None
    preset = request.preset
    made = db.execute_sql(
        """
        INSERT OR IGNORE INTO vendor_action
            (run, block, try, connector, preset, danger, targets, method, host, path, body_hash, state, armed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'armed', ?) RETURNING id
        """,
        (
            run,
            block,
            number,
            connector,
            preset.key,
            preset.danger.value,
            orjson.dumps(dict(request.targets)).decode(),
            preset.method,
            request.host,
            request.path,
            body_hash,
            at,
        ),
    ).fetchone()
    return None if made is None else int(made[0])


def note_action(
    db: Connection, action: int, state: str, status: int | None, message: str, verified: str, at: str
) -> None:
    """Write down what became of a call."""
    db.execute_sql(
        "UPDATE vendor_action SET state = ?, status = ?, message = ?, verified = ?, finished_at = ? WHERE id = ?",
        (state, status, message, verified, at, action),
    )
    run, preset, method, host, path = db.execute_sql(
        "SELECT run, preset, method, host, path FROM vendor_action WHERE id = ?", (action,)
    ).fetchone()
    detail = {"action": action, "run": run, "call": f"{method} {host}{path}", "state": state, "verified": verified}
    audit.record(db, "vendor.called", preset, detail)


def destructive_since(db: Connection, connector: str, at: str) -> int:
    """How many destructive calls left for this vendor since then, or may have."""
    row = db.execute_sql(
        """
        SELECT count(*) FROM vendor_action
        WHERE connector = ? AND armed_at >= ? AND danger = 'destroys' AND state NOT IN ('refused', 'not_sent')
        """,
        (connector, at),
    ).fetchone()
    return int(row[0])


_ACTION = """id, run, block, connector, preset, targets, method, host, path, state, status, message, verified, armed_at,
    finished_at"""


def actions_of(db: Connection, run: int | None, states: Sequence[str] = ()) -> list[ActionRow]:
    """The calls of a run, or of all, the oldest first; `states` narrows them."""
    rows = db.execute_sql(
        f"""
        SELECT {_ACTION} FROM vendor_action
        WHERE (?1 IS NULL OR run = ?1) AND (?2 = '[]' OR state IN (SELECT value FROM json_each(?2))) ORDER BY id
        """,
        (run, orjson.dumps(list(states)).decode()),
    ).fetchall()
    return [ActionRow(*row) for row in rows]


def open_call_like(db: Connection, connector: str, preset: str, body_hash: str) -> ActionRow | None:
    """The same call as it was made before, of which nobody knows whether it was carried out."""
    row = db.execute_sql(
        f"""
        SELECT {_ACTION} FROM vendor_action
        WHERE connector = ? AND preset = ? AND body_hash = ? AND state = 'unknown' ORDER BY id DESC LIMIT 1
        """,
        (connector, preset, body_hash),
    ).fetchone()
    return None if row is None else ActionRow(*row)


def call_like_since(db: Connection, connector: str, preset: str, body_hash: str, run: int) -> ActionRow | None:
    """The same call, made for another run, that was found to be carried out after this run began."""
    row = db.execute_sql(
        f"""
        SELECT {_ACTION} FROM vendor_action
        WHERE connector = ?1 AND preset = ?2 AND body_hash = ?3 AND state = 'resolved' AND run != ?4
            AND finished_at >= (SELECT started_at FROM workflow_run WHERE id = ?4) ORDER BY id DESC LIMIT 1
        """,
        (connector, preset, body_hash, run),
    ).fetchone()
    return None if row is None else ActionRow(*row)


def has_open_ends(db: Connection) -> bool:
    """Whether anything is on its way, or was when the program ended."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM workflow_run WHERE state = 'running')
            OR EXISTS (SELECT 1 FROM vendor_action WHERE state = 'armed')
    """
    return bool(db.execute_sql(sql).fetchone()[0])


def after_a_crash(db: Connection, at: str) -> int:
    """What was on its way when the program ended: nobody knows whether it arrived. Returns how many calls."""
    # What was not calling a vendor just then goes on where it was.
    db.execute_sql(
        """
        UPDATE workflow_run
        SET state = 'waiting', waits_for = 'its turn', due_at = ?1, message = 'The program ended meanwhile; it goes on.'
        WHERE state = 'running' AND next_block IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM vendor_action a WHERE a.run = workflow_run.id AND a.state = 'armed')
        """,
        (at,),
    )
    db.execute_sql(
        "UPDATE workflow_run SET state = 'interrupted', finished_at = ?, message = 'The program ended meanwhile.' "
        "WHERE state = 'running'",
        (at,),
    )
    cursor = db.execute_sql(
        "UPDATE vendor_action SET state = 'unknown', finished_at = ?, "
        "message = 'The program ended while the call was on its way.' WHERE state = 'armed'",
        (at,),
    )
    return int(cursor.rowcount)
