"""The SQL of records that wait on their way through a workflow, and of the questions to people."""

from typing import Any, NamedTuple

import orjson

from saasdesk.store import Connection, audit


class OpenRun(NamedTuple):
    """A record that has not gone all the way through; `carried` is JSON."""

    id: int
    workflow: int | None
    version: int
    object: str
    record: int
    label: str
    event: str
    next_block: str | None
    carried: str
    waits_for: str
    agreed: int
    parent: int | None


class ApprovalRow(NamedTuple):
    """A question to people; `people` is JSON."""

    id: int
    run: int
    workflow: str
    record: str
    object: str
    record_id: int
    block: str
    subject: str
    message: str
    people: str
    state: str
    asked_at: str
    until: str | None
    answered_at: str | None
    answered_by: str
    note: str


_OPEN = "id, workflow, version, object, record, label, event, next_block, carried, waits_for, agreed, parent"
_APPROVAL = """
    SELECT a.id, a.run, r.workflow_name, r.label, r.object, r.record, a.block, a.subject, a.message, a.people, a.state,
        a.asked_at, a.until, a.answered_at, a.answered_by, a.note
    FROM approval a JOIN workflow_run r ON r.id = a.run
"""


def stand_at(db: Connection, run: int, block: str | None, carried: str) -> None:
    """The record comes to this block next; what it carries goes with it."""
    db.execute_sql("UPDATE workflow_run SET next_block = ?, carried = ? WHERE id = ?", (block, carried, run))


def let_wait(db: Connection, run: int, what: str, until: str | None, message: str) -> None:
    """The record waits at the block to which it came."""
    db.execute_sql(
        "UPDATE workflow_run SET state = 'waiting', waits_for = ?, due_at = ?, message = ? WHERE id = ?",
        (what, until, message, run),
    )


def wake(db: Connection, run: int, at: str) -> None:
    """What the record waited for has happened."""
    db.execute_sql("UPDATE workflow_run SET due_at = ? WHERE id = ? AND state = 'waiting'", (at, run))


def take_up(db: Connection, run: int) -> bool:
    """Claim a waiting record; False when it waits no more."""
    cursor = db.execute_sql(
        "UPDATE workflow_run SET state = 'running', waits_for = '', due_at = NULL WHERE id = ? AND state = 'waiting'",
        (run,),
    )
    return bool(cursor.rowcount)


def due_runs(db: Connection, moment: str, only: int | None = None) -> list[OpenRun]:
    """The records that wait no more: accounts before the people whose they are; or `only` one, with its person."""
    found = db.execute_sql(
        f"""
        SELECT {_OPEN} FROM workflow_run
        WHERE state = 'waiting' AND due_at <= ?1
            AND (?2 IS NULL OR id = ?2 OR id = (SELECT parent FROM workflow_run WHERE id = ?2))
        ORDER BY parent IS NULL, workflow, version, id
        """,
        (moment, only),
    ).fetchall()
    return [OpenRun(*row) for row in found]


def open_run(db: Connection, run: int) -> OpenRun | None:
    """One record's way, whatever its state."""
    row = db.execute_sql(f"SELECT {_OPEN} FROM workflow_run WHERE id = ?", (run,)).fetchone()
    return None if row is None else OpenRun(*row)


def state_of(db: Connection, run: int) -> str:
    """How far a record's way has come."""
    (state,) = db.execute_sql("SELECT state FROM workflow_run WHERE id = ?", (run,)).fetchone()
    return str(state)


def inner_runs(db: Connection, parent: int, event: str) -> list[tuple[int, str]]:
    """The runs of a person's accounts, with their states."""
    found = db.execute_sql(
        "SELECT id, state FROM workflow_run WHERE parent = ? AND event = ? ORDER BY id", (parent, event)
    ).fetchall()
    return [(int(number), str(state)) for number, state in found]


def wake_parent(db: Connection, run: int, at: str) -> None:
    """An account has gone through: its person goes on when no other of the person's accounts still waits."""
    db.execute_sql(
        """
        UPDATE workflow_run SET due_at = ?1
        WHERE state = 'waiting' AND waits_for = 'accounts'
            AND id = (SELECT parent FROM workflow_run WHERE id = ?2)
            AND NOT EXISTS (SELECT 1 FROM workflow_run w WHERE w.parent = workflow_run.id AND w.state = 'waiting')
        """,
        (at, run),
    )


def accounts_through(db: Connection, run: int) -> frozenset[int]:
    """The accounts of a person that came through in this run, or in those that it tried again."""
    found = db.execute_sql(
        """
        WITH RECURSIVE tried(id) AS (
            SELECT ?1 UNION SELECT r.retry_of FROM workflow_run r JOIN tried t ON r.id = t.id
            WHERE r.retry_of IS NOT NULL
        )
        SELECT record FROM workflow_run WHERE parent IN (SELECT id FROM tried) AND state = 'completed'
        """,
        (run,),
    ).fetchall()
    return frozenset(int(record) for (record,) in found)


def steps_done(db: Connection, run: int) -> int:
    """How many steps are written down."""
    (count,) = db.execute_sql("SELECT coalesce(max(seq) + 1, 0) FROM workflow_step WHERE run = ?", (run,)).fetchone()
    return int(count)


def withdraw(db: Connection, workflow: int, at: str) -> None:
    """The workflow goes: nothing of it waits any longer, and nobody is asked."""
    db.execute_sql(
        "UPDATE approval SET state = 'withdrawn', answered_at = ?1 WHERE state = 'open' "
        "AND run IN (SELECT id FROM workflow_run WHERE workflow = ?2)",
        (at, workflow),
    )
    db.execute_sql(
        "UPDATE workflow_run SET state = 'cancelled', finished_at = ?1, message = 'The workflow was deleted.' "
        "WHERE workflow = ?2 AND state = 'waiting'",
        (at, workflow),
    )


# ----- questions to people


def ask(
    db: Connection,
    run: int,
    block: str,
    subject: str,
    message: str,
    people: tuple[str, ...],
    until: str | None,
    at: str,
) -> bool:
    """Write a question down; False when it was asked before."""
    cursor = db.execute_sql(
        """
        INSERT OR IGNORE INTO approval (run, block, subject, message, people, asked_at, until)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (run, block, subject, message, orjson.dumps(people).decode(), at, until),
    )
    if cursor.rowcount:
        audit.record(db, "approval.asked", subject, {"run": run, "block": block, "until": until})
    return bool(cursor.rowcount)


def approval_at(db: Connection, run: int, block: str) -> ApprovalRow | None:
    """The question that a record waits for at a block."""
    row = db.execute_sql(f"{_APPROVAL} WHERE a.run = ? AND a.block = ?", (run, block)).fetchone()
    return None if row is None else ApprovalRow(*row)


def approval_numbered(db: Connection, number: int) -> ApprovalRow | None:
    """The question of this number."""
    row = db.execute_sql(f"{_APPROVAL} WHERE a.id = ?", (number,)).fetchone()
    return None if row is None else ApprovalRow(*row)


def approvals(db: Connection, *, only_open: bool, limit: int) -> list[ApprovalRow]:
    """Questions, the open ones first, then the newest."""
    where = "WHERE a.state = 'open'" if only_open else ""
    found: list[Any] = db.execute_sql(
        f"{_APPROVAL} {where} ORDER BY a.state <> 'open', a.asked_at DESC, a.id DESC LIMIT ?", (limit,)
    ).fetchall()
    return [ApprovalRow(*row) for row in found]


def answer(db: Connection, approval: ApprovalRow, state: str, by: str, note: str, at: str) -> bool:
    """Write an answer down, and let the record go on; False when somebody was faster."""
    cursor = db.execute_sql(
        "UPDATE approval SET state = ?, answered_at = ?, answered_by = ?, note = ? WHERE id = ? AND state = 'open'",
        (state, at, by, note, approval.id),
    )
    if not cursor.rowcount:
        return False
    audit.record(
        db,
        f"approval.{state}",
        approval.subject,
        {"approval": approval.id, "run": approval.run, "record": approval.record_id, "by": by, "note": note},
    )
    wake(db, approval.run, at)
    return True
