"""How every workflow stands: what is still to do, when it last ran and runs next, and what waits for a person."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from saasdesk.clock import as_text, now
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.schedule import next_slot
from saasdesk.store import Store
from saasdesk.workflows.blocks import KINDS, Action, BeginSettings
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.rows import call_rows, run_rows
from saasdesk.workflows.validation import Problem
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import launched, list_workflows, problems


@dataclass(frozen=True, slots=True)
class Standing:
    """One workflow with what is known of its runs; `problems` keep a draft from being launched.

    `began_by` are the actions that its Begin names.
    """

    workflow: Workflow
    problems: tuple[Problem, ...]
    began_by: tuple[Action, ...]
    schedule: str = ""
    next_run: str | None = None
    last: run_rows.RunRow | None = None
    # Calls of which nobody knows whether they were carried out.
    open_calls: int = 0
    all_paused: bool = False

    @property
    def word(self) -> str:
        """Its state in one word; what needs a person comes before what it is set to."""
        if self.open_calls:
            return "review"
        if self.workflow.state is WorkflowState.ACTIVE and self.last is not None:
            return "failed" if self.last.state in {"failed", "interrupted"} else "active"
        return self.workflow.state.value

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at it."""
        return self.word in {"review", "failed"}


def standings(
    store: Store, vault: Vault, stop: threading.Event | None = None, moment: datetime | None = None
) -> list[Standing]:
    """All workflows as they stand, by name."""
    paused = store.settings().workflows_paused
    known = list_workflows(store)
    with store.reading(stop=stop) as db:
        last = run_rows.last_run_of_each(db)
        unknown = Counter(call_rows.workflows_of_open_calls(db))
    found = []
    for workflow in known:
        if stop is not None and stop.is_set():
            break
        begin = _begin_of(workflow.document)
        found.append(
            Standing(
                workflow,
                _still_to_do(store, vault, workflow),
                begin.actions if begin is not None else (),
                begin.schedule.in_words() if begin is not None and begin.schedule is not None else "",
                None if paused else _next_run(store, workflow, moment or now()),
                last.get(workflow.id),
                unknown[workflow.id],
                all_paused=paused,
            )
        )
    return found


def _still_to_do(store: Store, vault: Vault, workflow: Workflow) -> tuple[Problem, ...]:
    if workflow.state is not WorkflowState.DRAFT:
        return ()
    return tuple(problem for problem in problems(store, vault, workflow.document) if problem.is_error)


def _next_run(store: Store, workflow: Workflow, moment: datetime) -> str | None:
    if workflow.state is not WorkflowState.ACTIVE:
        return None
    begin = _begin_of(launched(store, workflow))
    if begin is None or begin.schedule is None or Action.SCHEDULE not in begin.actions:
        return None
    return as_text(next_slot(begin.schedule, moment))


def _begin_of(document: WorkflowDocument) -> BeginSettings | None:
    """What the one Begin says; None while there is none, or nothing that could be read."""
    begins = document.of_kind("begin")
    if len(begins) != 1:
        return None
    try:
        settings: BeginSettings = KINDS["begin"].settings_of(begins[0])
    except UserError:
        return None
    return settings
