"""SQL of workflow runs: one record each, its steps, and the answers of people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from saasdesk.store import Connection, audit
from saasdesk.workflows.record import RecordView

if TYPE_CHECKING:
    # Every start looks for what a crash left, and needs no workflow's document for it.
    from saasdesk.workflows.workflow import Workflow


class RunRow(NamedTuple):
    """One record that went through a workflow."""

    id: int
    workflow: str
    version: int
    object: str
    record: int
    label: str
    event: str
    state: str
    message: str
    started_at: str
    finished_at: str | None
    # Where it stands while it waits, what for, and until when; whose account it is about, and what it tries again.
    next_block: str | None = None
    waits_for: str = ""
    due_at: str | None = None
    parent: int | None = None
    retry_of: int | None = None


class StepRow(NamedTuple):
    """What one block did with it; `changes`, `inputs` and `variables` are JSON, and no key is in any of it."""

    block: str
    title: str
    outlet: str | None
    message: str
    verified: str
    changes: str
    at: str
    inputs: str = "{}"
    variables: str = "{}"
    request: str = ""
    answer: str = ""
    status: int | None = None
    tries: int = 0
    seconds: float = 0


_RUN = """id, workflow_name, version, object, record, label, event, state, message, started_at, finished_at, next_block,
    waits_for, due_at, parent, retry_of"""
_STEP = """block, title, outlet, message, verified, changes, at, inputs, variables, request, answer, status, tries,
    seconds"""


class AnswerRow(NamedTuple):
    """What somebody said to a question of a workflow."""

    subject: str
    state: str
    answered_by: str
    answered_at: str | None
    note: str


def begin_run(
    db: Connection,
    workflow: "Workflow",
    record: RecordView,
    event: str,
    at: str,
    *,
    agreed: int = 0,
    parent: int | None = None,
    retry_of: int | None = None,
    state: str = "running",
) -> int | None:
    """Begin to send a record through; None when this event has sent it through already."""
    made = db.execute_sql(
        """
        INSERT OR IGNORE INTO workflow_run
            (workflow, workflow_name, version, object, record, label, event, state, started_at, agreed, parent,
                retry_of)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
        """,
        (
            workflow.id,
            workflow.name,
            workflow.version,
            record.kind.value,
            record.id,
            record.label,
            event,
            state,
            at,
            agreed,
            parent,
            retry_of,
        ),
    ).fetchone()
    return None if made is None else int(made[0])


def under_way(db: Connection, workflow: int, record: RecordView) -> int | None:
    """The run in which the record is on its way through the workflow already; None where it is not."""
    row = db.execute_sql(
        """
        SELECT id FROM workflow_run
        WHERE workflow = ? AND object = ? AND record = ? AND state IN ('waiting', 'running') AND parent IS NULL
        ORDER BY id LIMIT 1
        """,
        (workflow, record.kind.value, record.id),
    ).fetchone()
    return None if row is None else int(row[0])


def add_steps(db: Connection, run: int, seq: int, steps: Sequence[StepRow]) -> None:
    """Write down what blocks did, one after the other."""
    connection = db.connection()
    connection.executemany(
        f"INSERT INTO workflow_step (run, seq, {_STEP}) VALUES ({', '.join('?' * 16)})",
        [(run, number, *step) for number, step in enumerate(steps, start=seq)],
    )


def finish_run(db: Connection, run: int, state: str, message: str, at: str) -> None:
    """A record has gone through, or got stuck."""
    name, kind, record = db.execute_sql(
        """
        UPDATE workflow_run SET state = ?, message = ?, finished_at = ?, waits_for = '', due_at = NULL WHERE id = ?
        RETURNING workflow_name, object, record
        """,
        (state, message, at, run),
    ).fetchone()
    audit.record(db, "workflow.went", name, {"run": run, "object": kind, "record": record, "state": state})


def runs_of(db: Connection, workflow: int | None, limit: int) -> list[RunRow]:
    """The latest runs, of one workflow or of all, newest first."""
    rows = db.execute_sql(
        f"SELECT {_RUN} FROM workflow_run WHERE ?1 IS NULL OR workflow = ?1 ORDER BY id DESC LIMIT ?2",
        (workflow, limit),
    ).fetchall()
    return [RunRow(*row) for row in rows]


def run_with_its_accounts(db: Connection, run: int) -> list[RunRow]:
    """A person's run, and after it those of the person's accounts."""
    sql = f"SELECT {_RUN} FROM workflow_run WHERE id = ?1 OR parent = ?1 ORDER BY id"
    return [RunRow(*row) for row in db.execute_sql(sql, (run,)).fetchall()]


def answers_of(db: Connection, run: int) -> list[AnswerRow]:
    """What people said to the questions of a run."""
    sql = "SELECT subject, state, answered_by, answered_at, note FROM approval WHERE run = ? ORDER BY id"
    return [AnswerRow(*row) for row in db.execute_sql(sql, (run,)).fetchall()]


def runs_of_record(db: Connection, kind: str, record: int, limit: int) -> list[RunRow]:
    """The latest runs of one record, newest first."""
    found = db.execute_sql(
        f"SELECT {_RUN} FROM workflow_run WHERE object = ? AND record = ? ORDER BY id DESC LIMIT ?",
        (kind, record, limit),
    ).fetchall()
    return [RunRow(*row) for row in found]


def last_run_of_each(db: Connection) -> dict[int, RunRow]:
    """The latest run of every workflow, by the workflow's number."""
    latest = "SELECT max(id) FROM workflow_run WHERE workflow NOT NULL GROUP BY workflow"
    found = db.execute_sql(f"SELECT workflow, {_RUN} FROM workflow_run WHERE id IN ({latest})").fetchall()
    return {workflow: RunRow(*row) for workflow, *row in found}


def steps_of(db: Connection, run: int) -> list[StepRow]:
    """What the blocks did with the record of a run, in their order."""
    rows = db.execute_sql(f"SELECT {_STEP} FROM workflow_step WHERE run = ? ORDER BY seq", (run,)).fetchall()
    return [StepRow(*row) for row in rows]


def was_run_by_hand(db: Connection, workflow: int, version: int) -> bool:
    """Whether a person has sent a record through this version."""
    sql = "SELECT 1 FROM workflow_run WHERE workflow = ? AND version = ? AND event LIKE 'by hand%' LIMIT 1"
    return db.execute_sql(sql, (workflow, version)).fetchone() is not None
