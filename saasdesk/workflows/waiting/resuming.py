"""Lets records go on that waited on their way: the time has come, somebody answered, or the program ended meanwhile."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby

from saasdesk.clock import as_text, now
from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import ObjectKind
from saasdesk.store import Store
from saasdesk.workflows.blocks.kind import WaitsFor, World
from saasdesk.workflows.caps import Caps, destroyed_at
from saasdesk.workflows.drawing import Drawing
from saasdesk.workflows.passing import Passing
from saasdesk.workflows.planning import way_of
from saasdesk.workflows.records import read_records
from saasdesk.workflows.results import Ended, WorkflowResult
from saasdesk.workflows.rows import document_rows
from saasdesk.workflows.runner import TURN
from saasdesk.workflows.sessions import Vendors
from saasdesk.workflows.waiting import rows as waiting_rows
from saasdesk.workflows.waiting.carried import Carried
from saasdesk.workflows.waiting.rows import OpenRun
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import list_workflows, world_of

Tell = Callable[[object], None]


def resume_waiting(
    store: Store,
    vault: Vault,
    *,
    only: int | None = None,
    moment: datetime | None = None,
    tell: Tell = lambda _news: None,
    stop: threading.Event | None = None,
) -> list[WorkflowResult]:
    """Send on whatever waits no more, each in the version with which it began; nothing while workflows are paused.

    A paused workflow's records wait until it is launched again. `only` is the number of one run: after an answer, say.
    """
    if store.settings().workflows_paused:
        return []
    stop = stop or threading.Event()
    done: list[WorkflowResult] = []
    known = {workflow.id: workflow for workflow in list_workflows(store)}
    # A person goes on when the last account has: that may be only now.
    for _ in range(2):
        with store.reading() as db:
            due = waiting_rows.due_runs(db, as_text(moment or now()), only)
        for (number, version), runs in groupby(due, key=lambda run: (run.workflow, run.version)):
            workflow = None if number is None else known.get(number)
            if workflow is not None and workflow.state is not WorkflowState.PAUSED:
                with TURN:
                    done.append(_go_on(store, vault, workflow, version, list(runs), tell, stop))
    return [result for result in done if result.ended or result.note]


def _go_on(
    store: Store,
    vault: Vault,
    workflow: Workflow,
    version: int,
    runs: Iterable[OpenRun],
    tell: Tell,
    stop: threading.Event,
) -> WorkflowResult:
    with store.reading() as db:
        document = document_rows.version_of(db, workflow.id, version)
    if document is None:
        return WorkflowResult(workflow.name, ())
    vendors = Vendors(store, vault, stop, tell)
    ended: list[Ended] = []
    note = ""
    try:
        world = world_of(store, vault, document.record_kind)
        passing = Passing(store, workflow, Drawing(document), world, vendors, stop)
        caps = Caps(store)
        for waiting in runs:
            if not caps.take(_would_destroy(passing, waiting)):
                _postpone(store, waiting)
            elif store.write(lambda db, waiting=waiting: waiting_rows.take_up(db, waiting.id)):  # type: ignore[misc]
                passing.event = waiting.event
                ended.append(passing.go_on(waiting))
            if stop.is_set():
                break
        note = passing.deactivate_leavers()
    except (Cancelled, UserError) as problem:
        note = str(problem) or "Cancelled."
    finally:
        vendors.close()
    return WorkflowResult(workflow.name, tuple(ended), note=note)


def _would_destroy(passing: Passing, waiting: OpenRun) -> list[str]:
    """The vendors at which the rest of a record's way destroys something."""
    kind = ObjectKind(waiting.object)
    record = next(iter(read_records(passing.store, kind, [waiting.record])), None)
    block = passing.drawing.blocks.get(waiting.next_block or "")
    if record is None or block is None:
        return []
    carried = Carried.from_json(waiting.carried)
    world: World = passing.world if kind is passing.kind else passing.world.of_accounts
    rest = way_of(passing.drawing, world, record, begin=block, values=carried.values, variables=carried.variables)
    return destroyed_at(rest)


def _postpone(store: Store, waiting: OpenRun) -> None:
    """Today's calls are used up: it goes on tomorrow."""
    tomorrow = now().astimezone().replace(hour=0, minute=1, second=0, microsecond=0) + timedelta(days=1)
    message = "The destructive calls of today are used up; it goes on tomorrow."
    what = waiting.waits_for or WaitsFor.ITS_TURN.value
    store.write(lambda db: waiting_rows.let_wait(db, waiting.id, what, as_text(tomorrow), message))
