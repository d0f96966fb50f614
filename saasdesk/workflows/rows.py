"""The SQL of workflows."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson

from saasdesk.fields import Field, ObjectKind, quote
from saasdesk.fields.rows import list_fields
from saasdesk.store import Connection, audit
from saasdesk.store.preferences import write_setting
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.requests import PresetRequest
from saasdesk.workflows.workflow import Workflow, WorkflowState, from_json, to_json

_LABELS = {
    ObjectKind.PEOPLE: "coalesce(r.name, r.email, r.username, 'person ' || r.id)",
    ObjectKind.SAAS_USERS: "coalesce(r.name, r.email, r.saas_user_id, 'SaaS user ' || r.id)",
    ObjectKind.ASSETS: "coalesce(r.name, 'asset ' || r.id)",
}
# Fields whose column holds the number of another record: what a template means is its name.
_NAMED = {
    "saas_application": "(SELECT a.name FROM saas_application a WHERE a.id = r.saas_application)",
    "person": "(SELECT p.username FROM person p WHERE p.id = r.person)",
}
_CALLED = {
    ObjectKind.PEOPLE: "username__key = fold(?1) OR email__key = fold(?1)",
    ObjectKind.SAAS_USERS: "saas_user_id = ?1 OR email__key = fold(?1)",
    ObjectKind.ASSETS: "name = ?1 OR serial_number = ?1",
}


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


class AnswerRow(NamedTuple):
    """What somebody said to a question of a workflow."""

    subject: str
    state: str
    answered_by: str
    answered_at: str | None
    note: str


class TriggerRow(NamedTuple):
    """Something that happened to a record; `fields` is JSON, of an edited one."""

    id: int
    record: int
    event: str
    cause: str
    fields: str | None
    at: str

    def touches(self, wanted: Sequence[str]) -> bool:
        """Whether one of these fields was changed; without any, each one counts."""
        return not wanted or not set(wanted).isdisjoint(orjson.loads(self.fields or "[]"))


_WORKFLOW = "id, document, version, state, launched_version, launched_at, created_at, updated_at"


def insert_workflow(db: Connection, name: str, document: str, at: str) -> None:
    """Keep a new workflow, as a draft."""
    db.execute_sql(
        "INSERT INTO workflow (name, document, state, created_at, updated_at) VALUES (?, ?, 'draft', ?, ?)",
        (name, document, at, at),
    )


def update_workflow(db: Connection, workflow: int, name: str, document: str, state: str, at: str) -> None:
    """Give a workflow another document."""
    db.execute_sql(
        "UPDATE workflow SET name = ?, document = ?, state = ?, version = version + 1, updated_at = ? WHERE id = ?",
        (name, document, state, at, workflow),
    )


def rewrite_documents(db: Connection, change: Callable[[WorkflowDocument], WorkflowDocument], at: str) -> list[str]:
    """Change the documents of all workflows and of what was launched of them, without a new version; whose they are."""
    found = []
    for workflow in workflows(db):
        changed = change(workflow.document)
        if changed != workflow.document:
            db.execute_sql(
                "UPDATE workflow SET document = ?, updated_at = ? WHERE id = ?", (to_json(changed), at, workflow.id)
            )
            found.append(workflow.name)
    for number, version, text in db.execute_sql("SELECT workflow, version, document FROM workflow_version").fetchall():
        document = from_json(text)
        if (changed := change(document)) != document:
            sql = "UPDATE workflow_version SET document = ? WHERE workflow = ? AND version = ?"
            db.execute_sql(sql, (to_json(changed), number, version))
    return found


def rename_workflow(db: Connection, workflow: int, name: str, document: str, at: str) -> None:
    """Give a workflow another name; version and state stay."""
    db.execute_sql(
        "UPDATE workflow SET name = ?, document = ?, updated_at = ? WHERE id = ?", (name, document, at, workflow)
    )


def rearrange_workflow(db: Connection, workflow: int, document: str, at: str) -> None:
    """Keep a document that does the same; version and state stay."""
    db.execute_sql("UPDATE workflow SET document = ?, updated_at = ? WHERE id = ?", (document, at, workflow))


def delete_workflow(db: Connection, workflow: int) -> None:
    """Forget a workflow."""
    db.execute_sql("DELETE FROM workflow WHERE id = ?", (workflow,))


def workflows(db: Connection) -> list[Workflow]:
    """All workflows, by name."""
    return [_workflow(row) for row in db.execute_sql(f"SELECT {_WORKFLOW} FROM workflow ORDER BY name").fetchall()]


def workflow_named(db: Connection, name: str) -> Workflow | None:
    """The workflow of this name."""
    row = db.execute_sql(f"SELECT {_WORKFLOW} FROM workflow WHERE name = ?", (name,)).fetchone()
    return None if row is None else _workflow(row)


def _workflow(row: Sequence[Any]) -> Workflow:
    number, document, version, state, launched, launched_at, created_at, updated_at = row
    return Workflow(
        number, from_json(document), version, WorkflowState(state), launched, launched_at, created_at, updated_at
    )


def launch_workflow(db: Connection, workflow: Workflow, document: str, at: str) -> None:
    """Make the present version the one that runs; it is kept as it is."""
    db.execute_sql(
        "INSERT OR IGNORE INTO workflow_version (workflow, version, document, launched_at) VALUES (?, ?, ?, ?)",
        (workflow.id, workflow.version, document, at),
    )
    db.execute_sql(
        """
        UPDATE workflow SET state = 'active', launched_version = ?1, launched_at = ?2, updated_at = ?2,
            trigger_seen = coalesce((SELECT max(id) FROM trigger), 0)
        WHERE id = ?3
        """,
        (workflow.version, at, workflow.id),
    )


def version_of(db: Connection, workflow: int, version: int) -> WorkflowDocument | None:
    """A version as it was launched."""
    row = db.execute_sql(
        "SELECT document FROM workflow_version WHERE workflow = ? AND version = ?", (workflow, version)
    ).fetchone()
    return None if row is None else from_json(row[0])


def versions_of(db: Connection, workflow: int) -> list[tuple[int, WorkflowDocument, str]]:
    """Every version that was launched, the newest first: its number, its document, and when."""
    found = db.execute_sql(
        "SELECT version, document, launched_at FROM workflow_version WHERE workflow = ? ORDER BY version DESC",
        (workflow,),
    ).fetchall()
    return [(int(version), from_json(text), at) for version, text, at in found]


def set_state(db: Connection, workflow: int, state: str, at: str) -> None:
    """Pause a workflow, or resume it."""
    db.execute_sql("UPDATE workflow SET state = ?, updated_at = ? WHERE id = ?", (state, at, workflow))


def accounts_of(db: Connection, person: int) -> list[int]:
    """The active SaaS users of a person, by application."""
    found = db.execute_sql(
        """
        SELECT u.id FROM saas_user u LEFT JOIN saas_application a ON a.id = u.saas_application
        WHERE u.person = ? AND NOT u.deactivated AND NOT u.archived ORDER BY a.name COLLATE NOCASE, u.id
        """,
        (person,),
    ).fetchall()
    return [int(number) for (number,) in found]


def record_called(db: Connection, kind: ObjectKind, key: str) -> int | None:
    """The one record of this name; None when there is none, or more than one."""
    sql = f"SELECT id FROM {kind.table} WHERE NOT archived AND ({_CALLED[kind]}) LIMIT 2"
    found = db.execute_sql(sql, (key,)).fetchall()
    return int(found[0][0]) if len(found) == 1 else None


def record_views(db: Connection, kind: ObjectKind, ids: Sequence[int]) -> dict[int, RecordView]:
    """What workflows see of these records."""
    fields = list_fields(db, kind)
    own = [(field.external_id, _NAMED.get(field.external_id) or f"r.{quote(field.external_id)}") for field in fields]
    join, theirs = _of_the_person(db, kind, fields)
    columns = ", ".join(sql for _, sql in (*own, *theirs))
    names = [name for name, _ in (*own, *theirs)]
    found = db.execute_sql(
        f"""
        SELECT r.id, {_LABELS[kind]}, r.deactivated OR r.archived, {columns}
        FROM {kind.table} r {join} WHERE r.id IN (SELECT value FROM json_each(?))
        """,
        (orjson.dumps(list(ids)).decode(),),
    ).fetchall()
    return {
        row[0]: RecordView(kind, row[0], row[1], dict(zip(names, row[3:], strict=True)), is_active=not row[2])
        for row in found
    }


def _of_the_person(db: Connection, kind: ObjectKind, fields: Sequence[Field]) -> tuple[str, list[tuple[str, str]]]:
    """A SaaS user also has what is known of the person behind it, where it has no field of that name itself."""
    if kind is not ObjectKind.SAAS_USERS:
        return "", []
    own = {field.external_id for field in fields}
    theirs = [field.external_id for field in list_fields(db, ObjectKind.PEOPLE) if field.external_id not in own]
    return "LEFT JOIN person q ON q.id = r.person", [(name, f"q.{quote(name)}") for name in theirs]


def begin_run(
    db: Connection,
    workflow: Workflow,
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


def active_accounts_of(db: Connection, person: int) -> list[tuple[int, str, str]]:
    """The active SaaS users of a person: number, application, and by which name people know them."""
    found = db.execute_sql(
        f"""
        SELECT r.id, {_NAMED["saas_application"]}, {_LABELS[ObjectKind.SAAS_USERS]}
        FROM saas_user r WHERE r.person = ? AND NOT r.deactivated AND NOT r.archived ORDER BY 2, 3
        """,
        (person,),
    ).fetchall()
    return [(int(number), str(application or ""), str(label)) for number, application, label in found]


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


def workflows_of_open_calls(db: Connection) -> list[int]:
    """For each call of which nobody knows whether it was carried out, the workflow that made it."""
    found = db.execute_sql(
        "SELECT r.workflow FROM vendor_action a JOIN workflow_run r ON r.id = a.run WHERE a.state = 'unknown'"
    ).fetchall()
    return [int(number) for (number,) in found]


def application_of(db: Connection, saas_user: int) -> int | None:
    """The SaaS application that a SaaS user belongs to."""
    row = db.execute_sql("SELECT saas_application FROM saas_user WHERE id = ?", (saas_user,)).fetchone()
    return None if row is None else int(row[0])


def steps_of(db: Connection, run: int) -> list[StepRow]:
    """What the blocks did with the record of a run, in their order."""
    rows = db.execute_sql(f"SELECT {_STEP} FROM workflow_step WHERE run = ? ORDER BY seq", (run,)).fetchall()
    return [StepRow(*row) for row in rows]


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


def pause_all(db: Connection, at: str) -> None:
    """Let no workflow do anything until a person switches them on again."""
    write_setting(db, "workflows_paused", "true")
    audit.record(db, "workflows.paused", "all", {"at": at, "why": "calls whose answers never came"})


def active_accounts_at(db: Connection, connector: str) -> int:
    """How many active accounts of this vendor are known."""
    row = db.execute_sql(
        """
        SELECT count(*) FROM saas_user u JOIN integration i ON i.id = u.owner_integration
        WHERE json_extract(i.document, '$.connector') = ? AND NOT u.deactivated AND NOT u.archived
        """,
        (connector,),
    ).fetchone()
    return int(row[0])


def active_beside(db: Connection, kind: ObjectKind, records: Sequence[int]) -> int:
    """How many active records there are of the same application as these, or in all where they belong to none."""
    ids = orjson.dumps(list(records)).decode()
    if kind is ObjectKind.SAAS_USERS:
        where = """saas_application IN (
            SELECT saas_application FROM saas_user WHERE id IN (SELECT value FROM json_each(?)))"""
        parameters: tuple[str, ...] = (ids,)
    else:
        where, parameters = "1", ()
    row = db.execute_sql(
        f"SELECT count(*) FROM {kind.table} WHERE NOT deactivated AND NOT archived AND {where}", parameters
    ).fetchone()
    return int(row[0])


def triggers_since(db: Connection, workflow: int, kind: str) -> tuple[int, list[TriggerRow]]:
    """What happened to records of this kind since the workflow last looked, and how far that is."""
    (seen,) = db.execute_sql("SELECT trigger_seen FROM workflow WHERE id = ?", (workflow,)).fetchone()
    found = db.execute_sql(
        "SELECT id, record, event, cause, fields, at FROM trigger WHERE id > ? AND object = ? ORDER BY id", (seen, kind)
    ).fetchall()
    triggers = [TriggerRow(*row) for row in found]
    return (triggers[-1].id if triggers else int(seen)), triggers


def edits_of(db: Connection, kind: str, trigger: TriggerRow) -> list[tuple[str, object, object]]:
    """What an edit changed: each field with what it had before and after."""
    found = db.execute_sql(
        """
        SELECT field, before, after FROM change
        WHERE object = ? AND record = ? AND at = ? AND cause = ? AND kind = 'update' AND field IS NOT NULL ORDER BY id
        """,
        (kind, trigger.record, trigger.at, trigger.cause),
    ).fetchall()
    return [(str(field), before, after) for field, before, after in found]


def rounds_since(db: Connection, workflow: int, record: int, at: str) -> int:
    """How often what happened to a record has sent it through a workflow since then."""
    row = db.execute_sql(
        """
        SELECT count(*) FROM workflow_run
        WHERE workflow = ? AND record = ? AND parent IS NULL AND event LIKE 'trigger %' AND started_at >= ?
        """,
        (workflow, record, at),
    ).fetchone()
    return int(row[0])


def note_seen(db: Connection, workflow: int, trigger: int) -> None:
    """The workflow has seen everything up to here."""
    db.execute_sql("UPDATE workflow SET trigger_seen = max(trigger_seen, ?) WHERE id = ?", (trigger, workflow))


def was_run_by_hand(db: Connection, workflow: int, version: int) -> bool:
    """Whether a person has sent a record through this version."""
    sql = "SELECT 1 FROM workflow_run WHERE workflow = ? AND version = ? AND event LIKE 'by hand%' LIMIT 1"
    return db.execute_sql(sql, (workflow, version)).fetchone() is not None
