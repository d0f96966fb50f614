"""SQL of workflows: their documents, versions and states."""

from collections.abc import Callable, Sequence
from typing import Any

from saasdesk.store import Connection, audit
from saasdesk.store.preferences import write_setting
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.workflow import Workflow, WorkflowState, from_json, to_json

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


def pause_all(db: Connection, at: str) -> None:
    """Let no workflow do anything until a person switches them on again."""
    write_setting(db, "workflows_paused", "true")
    audit.record(db, "workflows.paused", "all", {"at": at, "why": "calls whose answers never came"})
