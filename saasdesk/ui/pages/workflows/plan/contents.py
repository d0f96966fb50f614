"""What the page of a workflow's plan shows, worked out in a worker."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.held import why_held
from saasdesk.workflows.planning import Way, WorkflowPlan, plan_workflow
from saasdesk.workflows.retrying import Retry, plan_retry
from saasdesk.workflows.runner import within_caps
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import launched, list_workflows

# What a record's way comes to; each has its own line at the side of the page.
DESTROYS, CHANGES, LOCAL, NOTHING = "destroys", "changes", "local", "nothing"
HELD, PROTECTED, PROBLEM = "held", "protected", "problem"
# In these nothing can be ticked.
KEPT_BACK = frozenset({HELD, PROTECTED})


@dataclass(frozen=True, slots=True)
class Again:
    """A run that is to be tried again: from the block where it failed or from the start, in its version or today's."""

    run: int
    from_start: bool = False
    current_version: bool = False


@dataclass(frozen=True, slots=True)
class PlanContents:
    """A workflow's plan with what the caps would keep back."""

    workflow: Workflow
    document: WorkflowDocument
    plan: WorkflowPlan
    kinds: dict[int, str]
    per_run: int
    counts: Counter[str] = field(default_factory=Counter)
    # Set where a run is tried again.
    retry: Retry | None = None
    # Why a run that began by itself waits for a person; empty where none waits.
    held_because: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether it has to be launched first."""
        return self.retry is None and self.workflow.state is not WorkflowState.ACTIVE

    def kind_of(self, way: Way) -> str:
        """What the way of a record comes to."""
        return self.kinds[way.record]

    @property
    def goes(self) -> tuple[Way, ...]:
        """The records that a run would send through, as far as the caps let them."""
        return tuple(way for way in self.plan.ways if self.kinds[way.record] not in KEPT_BACK)


def read_plan(services: Services, number: int, only: Sequence[int] | None, stop: threading.Event) -> PlanContents:
    """Make the plan of a workflow: of the version that runs, or of the draft where none does."""
    store = services.store
    workflow = next((each for each in list_workflows(store) if each.id == number), None)
    if workflow is None:
        raise UserError("This workflow was deleted. What it did is still in Activity.")
    is_active = workflow.state is WorkflowState.ACTIVE
    document = launched(store, workflow) if is_active else workflow.document
    plan = plan_workflow(store, services.vault, document, only=only, stop=stop)
    found = _sorted(services, workflow, document, plan)
    return found if only else replace(found, held_because=why_held(store, workflow))


def read_retry(services: Services, again: Again) -> PlanContents:
    """Make the plan of trying a run again."""
    found = plan_retry(
        services.store,
        services.vault,
        again.run,
        from_start=again.from_start,
        current_version=again.current_version,
    )
    return _sorted(services, found.workflow, found.document, found.plan, found)


def _sorted(
    services: Services,
    workflow: Workflow,
    document: WorkflowDocument,
    plan: WorkflowPlan,
    again: Retry | None = None,
) -> PlanContents:
    store = services.store
    _going, held, protected = within_caps(store, plan)
    kept = {way.record: HELD for way in held} | {way.record: PROTECTED for way in protected}
    kinds = {way.record: kept.get(way.record) or _kind(way) for way in plan.ways}
    per_run = store.settings().destructive_calls_per_run
    return PlanContents(workflow, document, plan, kinds, per_run, Counter(kinds.values()), again)


def chosen(plan: WorkflowPlan, records: frozenset[int]) -> WorkflowPlan:
    """The plan of these records alone."""
    return replace(plan, ways=tuple(way for way in plan.ways if way.record in records))


def _kind(way: Way) -> str:
    if way.problem:
        return PROBLEM
    if any(request.is_irreversible for request in way.requests):
        return DESTROYS
    if way.acts:
        return CHANGES
    return LOCAL if way.changes else NOTHING
