"""Sends records through a launched workflow: planned first, within its caps, each step written down as it happens."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from saasdesk.connectors import Danger
from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.store import Store
from saasdesk.workflows.actions import TooManyUnknown, Vendors
from saasdesk.workflows.caps import within_caps
from saasdesk.workflows.drawing import Drawing
from saasdesk.workflows.held import settle_held
from saasdesk.workflows.passing import Passing
from saasdesk.workflows.planning import Way, WorkflowPlan, plan_workflow
from saasdesk.workflows.results import Ended, Progress, RunState, WorkflowResult
from saasdesk.workflows.together import AT_ONCE, send_together
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import launched, world_of

Tell = Callable[[object], None]

# Caps are counted before calls leave: two runs at once would both find room for theirs.
TURN = threading.Lock()

_CANCELLED = "Cancelled; the records that are not listed were left alone."


def run_workflow(
    store: Store,
    vault: Vault,
    workflow: Workflow,
    plan: WorkflowPlan,
    *,
    approved: int,
    event: str,
    events: Mapping[int, str] | None = None,
    tell: Tell = lambda _news: None,
    stop: threading.Event | None = None,
) -> WorkflowResult:
    """Send the plan's records through. `approved` is the number of calls that a person agreed to, of those that
    cannot be undone or of all that destroy.

    The event is what brings the records, `events` by record where each has one of its own: no event brings one twice.

    Raises before anything happens when workflows are paused, the workflow is not launched, or the numbers differ.
    """
    stop = stop or threading.Event()
    if workflow.state is not WorkflowState.ACTIVE:
        raise UserError(f"“{workflow.name}” is not launched. Launch it first.")
    refuse_while_paused(store)
    refuse_other_number(plan, approved)
    with TURN:
        result = _send_all(store, vault, workflow, plan, event, events or {}, tell, stop)
    if not result.held and not result.note:
        store.write(lambda db: settle_held(db, workflow.name))
    return result


def refuse_while_paused(store: Store) -> None:
    """Raise while no workflow may do anything."""
    if store.settings().workflows_paused:
        raise UserError("All workflows are paused. Switch them on again in the settings: workflows_paused.")


def refuse_other_number(plan: WorkflowPlan, approved: int) -> None:
    """Raise unless a person agreed to as many calls as cannot be undone, or to all that the plan destroys."""
    destructive = plan.calls[Danger.DESTROYS]
    if approved not in {plan.irreversible, destructive}:
        raise UserError(
            f"The plan has {destructive} destructive {'call' if destructive == 1 else 'calls'}, and {approved} "
            "were agreed to. Look at the plan again; nothing was sent."
        )


def _send_all(
    store: Store,
    vault: Vault,
    workflow: Workflow,
    plan: WorkflowPlan,
    event: str,
    events: Mapping[int, str],
    tell: Tell,
    stop: threading.Event,
) -> WorkflowResult:
    document = launched(store, workflow)
    going, held, protected = within_caps(store, plan)
    vendors = Vendors(store, vault, stop, tell)
    ended: list[Ended] = []
    note = ""
    try:
        world = world_of(store, vault, document.record_kind)
        passing = Passing(store, workflow, Drawing(document), world, vendors, stop, event, events)
        for ways in _in_turns(going):
            tell(Progress(len(ended), len(going), ways[0].label))
            ended += _send(passing, ways, tell)
            if stop.is_set():
                note = _CANCELLED
                break
        else:
            note = passing.deactivate_leavers()
    except Cancelled:
        note = _CANCELLED
    except TooManyUnknown as problem:
        note = str(problem)
    finally:
        vendors.close()
    return WorkflowResult(workflow.name, tuple(ended), tuple(held), tuple(protected), note)


def _in_turns(going: Sequence[Way]) -> Iterator[Sequence[Way]]:
    """Records whose ways stay here many at once, the others one by one."""
    for is_local, ways in groupby(going, key=lambda way: way.is_local):
        yield from _chunks(list(ways), AT_ONCE if is_local else 1)


def _chunks(ways: Sequence[Way], size: int) -> Iterator[Sequence[Way]]:
    for start in range(0, len(ways), size):
        yield ways[start : start + size]


def _send(passing: Passing, ways: Sequence[Way], tell: Tell) -> list[Ended]:
    """Send some records through; whoever cannot go with the others goes alone."""
    ended: list[Ended] = []
    alone = ways
    if ways[0].is_local:
        ended, alone = send_together(passing, ways)
        for each in ended:
            tell(each)
    for way in alone:
        found = passing.send_through(way)
        if found is not None:
            ended.append(found)
            tell(found)
        if passing.stop.is_set():
            break
    return ended


__all__ = ["Ended", "Progress", "RunState", "WorkflowResult", "plan_workflow", "run_workflow", "within_caps"]
