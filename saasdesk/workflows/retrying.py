"""Tries a record again that did not come through: from the block where it failed, or from the start.

It is a run of its own, planned and agreed to like any other; what blocks before had written and set comes along.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import orjson

from saasdesk.clock import now, now_text
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.store import Connection, Store
from saasdesk.workflows.actions import TooManyUnknown
from saasdesk.workflows.blocks.kind import WaitsFor, World
from saasdesk.workflows.caps import within_caps
from saasdesk.workflows.drawing import Drawing
from saasdesk.workflows.graph import FAILURE, Block, WorkflowDocument
from saasdesk.workflows.passing import Passing
from saasdesk.workflows.planning import WorkflowPlan, way_of
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.records import read_records
from saasdesk.workflows.results import Ended, RunState, WorkflowResult
from saasdesk.workflows.rows import document_rows, run_rows
from saasdesk.workflows.runner import TURN, refuse_other_number, refuse_while_paused
from saasdesk.workflows.sessions import Vendors
from saasdesk.workflows.waiting import rows as waiting_rows
from saasdesk.workflows.waiting.carried import Carried
from saasdesk.workflows.waiting.rows import OpenRun
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import list_workflows, world_of

Tell = Callable[[object], None]
_UNDER_WAY = frozenset({RunState.RUNNING, RunState.WAITING})


@dataclass(frozen=True, slots=True)
class Retry:
    """What would be done again: the plan for the one record, from which block on, and in which version."""

    run: int
    workflow: Workflow
    document: WorkflowDocument
    block: str
    carried: Carried
    record: RecordView
    plan: WorkflowPlan
    parent: int | None = None
    # A person's accounts that came through already: they do not go again.
    through: frozenset[int] = frozenset()


def plan_retry(
    store: Store, vault: Vault, run: int, *, from_start: bool = False, current_version: bool = False
) -> Retry:
    """What trying this run's record again would do; a UserError says why it cannot be tried."""
    earlier, state, steps = _earlier(store, run)
    workflow = next((each for each in list_workflows(store) if each.id == earlier.workflow), None)
    if workflow is None:
        raise UserError("The workflow of this run was deleted: there is nothing to try it with.")
    if state in _UNDER_WAY:
        raise UserError(f"Run {run} is still under way: {state}.")
    version = workflow.launched_version if current_version else earlier.version
    with store.reading() as db:
        document = None if version is None else document_rows.version_of(db, workflow.id, version)
    if version is None or document is None:
        raise UserError(f"“{workflow.name}” has no such version any more. Try it with the current one.")
    drawing = Drawing(document)
    block, before = _begin_at(drawing, earlier, steps, from_start=from_start)
    record = next(iter(read_records(store, ObjectKind(earlier.object), [earlier.record])), None)
    if record is None:
        raise UserError(f"{earlier.label} is not here any more.")
    with store.reading() as db:
        through = frozenset() if from_start else waiting_rows.accounts_through(db, run)
    world = _without(world_of(store, vault, document.record_kind), through)
    seen = world if record.kind is document.record_kind else world.of_accounts
    carried = _carried(before)
    way = way_of(drawing, seen, record, begin=block, values=carried.values, variables=carried.variables)
    plan = WorkflowPlan(workflow.name, (way,), object=record.kind)
    return Retry(
        run, replace(workflow, version=version), document, block.id, carried, record, plan, earlier.parent, through
    )


def retry(
    store: Store,
    vault: Vault,
    wanted: Retry,
    *,
    approved: int,
    tell: Tell = lambda _news: None,
    stop: threading.Event | None = None,
) -> WorkflowResult:
    """Try the record again. `approved` is the number that a person agreed to, as for `run_workflow`.

    A UserError while the workflow is paused.
    """
    if wanted.workflow.state is WorkflowState.PAUSED:
        raise UserError(f"“{wanted.workflow.name}” is paused. Launch it first.")
    refuse_while_paused(store)
    refuse_other_number(wanted.plan, approved)
    going, held, protected = within_caps(store, wanted.plan)
    ended: list[Ended] = []
    note = ""
    if going:
        with TURN:
            ended, note = _send(store, vault, wanted, tell, stop or threading.Event())
    return WorkflowResult(wanted.workflow.name, tuple(ended), tuple(held), tuple(protected), note)


def _earlier(store: Store, run: int) -> tuple[OpenRun, str, list[run_rows.StepRow]]:
    with store.reading() as db:
        found = waiting_rows.open_run(db, run)
        if found is None:
            raise UserError(f"There is no run {run}. `saasdesk workflow runs` lists them.")
        return found, waiting_rows.state_of(db, run), run_rows.steps_of(db, run)


def _begin_at(
    drawing: Drawing, earlier: OpenRun, steps: Sequence[run_rows.StepRow], *, from_start: bool
) -> tuple[Block, Sequence[run_rows.StepRow]]:
    """The block to begin at, and the steps whose results come along."""
    place, wanted = 0, steps[0].block if steps else earlier.next_block or drawing.begin.id
    if not from_start:
        failed = next((number for number, step in enumerate(steps) if step.outlet == FAILURE), None)
        place = len(steps) if failed is None else failed
        wanted = steps[failed].block if failed is not None else earlier.next_block or wanted
    block = drawing.blocks.get(wanted)
    if block is None:
        raise UserError(f"This version has no block {wanted}. Try it from the start, or in the version of that run.")
    return block, steps[:place]


def _without(world: World, through: frozenset[int]) -> World:
    """The world in which these accounts need not go any more."""
    if not through:
        return world

    def remaining(person: int) -> Sequence[RecordView]:
        return tuple(account for account in world.accounts_of(person) if account.id not in through)

    return replace(world, accounts_of=remaining)


def _carried(steps: Sequence[run_rows.StepRow]) -> Carried:
    carried = Carried()
    for step in steps:
        for field, before, after in orjson.loads(step.changes):
            carried.before.setdefault(field, before)
            carried.values[field] = after
        carried.variables.update(orjson.loads(step.variables))
    return carried


def _send(store: Store, vault: Vault, wanted: Retry, tell: Tell, stop: threading.Event) -> tuple[list[Ended], str]:
    event = f"retry of run {wanted.run} {now().isoformat(timespec='microseconds')}"

    def begin(db: Connection) -> OpenRun | None:
        at = now_text()
        run = run_rows.begin_run(
            db,
            wanted.workflow,
            wanted.record,
            event,
            at,
            agreed=wanted.plan.ways[0].destructive,
            parent=wanted.parent,
            retry_of=wanted.run,
        )
        if run is None:
            return None
        waiting_rows.stand_at(db, run, wanted.block, wanted.carried.to_json())
        waiting_rows.let_wait(db, run, WaitsFor.ITS_TURN.value, at, "")
        waiting_rows.take_up(db, run)
        return waiting_rows.open_run(db, run)

    begun = store.write(begin)
    vendors = Vendors(store, vault, stop, tell)
    note = ""
    ended: list[Ended] = []
    try:
        world = _without(world_of(store, vault, wanted.document.record_kind), wanted.through)
        passing = Passing(store, wanted.workflow, Drawing(wanted.document), world, vendors, stop, event)
        if begun is not None:
            ended.append(passing.go_on(begun))
        note = passing.deactivate_leavers()
    except TooManyUnknown as problem:
        note = str(problem)
    finally:
        vendors.close()
    return ended, note
