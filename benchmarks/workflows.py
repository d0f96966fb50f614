"""Records through a workflow whose blocks do everything here: planned, sent through, each step written down."""

import tempfile
import time
from pathlib import Path

from benchmarks.result import Findings
from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.store import Connection, Store
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument, document_from
from saasdesk.workflows.planning import plan_workflow
from saasdesk.workflows.runner import run_workflow

AT_LEAST = 1_000


def measure(people: int) -> Findings:
    """How many records a second of processor time."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(open_profile(Path(folder) / "profile", demo=True))
        try:
            seconds, through = _send(store, people)
        finally:
            store.close()
    rate = through / seconds
    found.add(
        "12",
        f"{people:,} records through Begin → Conditional → Update → End, planned and written down",
        f"≥ {AT_LEAST:,} a second of processor time",
        f"{rate:,.0f} a second",
        rate >= AT_LEAST,
    )
    return found


def _send(store: Store, people: int) -> tuple[float, int]:
    store.write(lambda db: _fill(db, people))
    vault = Vault(store)
    workflow = workflows.launch(store, vault, workflows.save_workflow(store, _document()))
    began = time.process_time()
    plan = plan_workflow(store, vault, workflow.document)
    result = run_workflow(store, vault, workflow, plan, approved=0, event="by hand")
    return time.process_time() - began, len(result.ended)


def _fill(db: Connection, people: int) -> None:
    db.connection().executemany(
        """
        INSERT INTO person (username, username__key, email, email__key, role, name, created_at, updated_at)
        VALUES (?1, ?1, ?2, ?2, ?3, ?4, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')
        """,
        [
            (f"u{each}", f"u{each}@example.com", "Leaver" if each % 2 else "Employee", f"User {each}")
            for each in range(people)
        ],
    )


def _document() -> WorkflowDocument:
    leaver = {"field": "role", "operator": "equals", "value": "Leaver"}
    return document_from(
        {
            "name": "Departments",
            "object": "people",
            "block": [
                {"id": "begin", "kind": "begin"},
                {"id": "fork", "kind": "conditional", "settings": {"branches": [{"name": "leaver", "rule": leaver}]}},
                {"id": "gone", "kind": "update", "settings": {"values": {"department": "Gone: {{ name }}"}}},
                {"id": "here", "kind": "update", "settings": {"values": {"department": "Here: {{ name }}"}}},
                {"id": "done", "kind": "end"},
            ],
            "link": [
                {"from": "begin", "outlet": "next", "to": "fork"},
                {"from": "fork", "outlet": "leaver", "to": "gone"},
                {"from": "fork", "outlet": "otherwise", "to": "here"},
                {"from": "gone", "to": "done"},
                {"from": "here", "to": "done"},
            ],
        },
        "the benchmark",
    )
