"""Workflows that begin by themselves: by a schedule, or because something happened to a record."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from saasdesk import notices
from saasdesk.clock import as_text, from_text, now, now_text
from saasdesk.connectors import Danger
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.notices import News, NoticeKind
from saasdesk.schedule import latest_slot, slot_key
from saasdesk.schedule import rows as slots
from saasdesk.store import Connection, Store
from saasdesk.workflows.blocks import KINDS, Action, BeginSettings
from saasdesk.workflows.held import tell_of_held
from saasdesk.workflows.planning import plan_workflow
from saasdesk.workflows.rows import run_rows, trigger_rows
from saasdesk.workflows.runner import RunState, WorkflowResult, run_workflow
from saasdesk.workflows.waiting.resuming import resume_waiting
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import launched, list_workflows

# So often workflows may bring each other the same record back in an hour.
_MOST_ROUNDS = 3

Tell = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Records that wait for a workflow: by record the event that brings it, None where a schedule brings all."""

    events: dict[int, str] | None
    event: str = ""
    seen: int = 0


def run_due_workflows(
    store: Store,
    vault: Vault,
    *,
    moment: datetime | None = None,
    tell: Tell = lambda _news: None,
    stop: threading.Event | None = None,
) -> list[WorkflowResult]:
    """Send through whatever is due, what waited on its way first; nothing while schedules or workflows are paused."""
    settings = store.settings()
    if settings.scheduling_paused or settings.workflows_paused:
        return []
    done = resume_waiting(store, vault, moment=moment, tell=tell, stop=stop)
    for resumed in done:
        _tell_of_failures(store, resumed)
    for workflow in list_workflows(store):
        if workflow.state is not WorkflowState.ACTIVE:
            continue
        for waiting in _waiting(store, workflow, moment or now()):
            result = _run(store, vault, workflow, waiting, tell, stop)
            if result is not None:
                done.append(result)
    return done


def _waiting(store: Store, workflow: Workflow, moment: datetime) -> list[Waiting]:
    document = launched(store, workflow)
    (begin,) = document.of_kind("begin")
    settings: BeginSettings = KINDS["begin"].settings_of(begin)
    found = []
    happened = _happened(store, workflow, settings)
    if happened is not None:
        found.append(happened)
    slot = _slot(store, workflow, settings, moment)
    if slot:
        found.append(Waiting(None, f"schedule {slot}"))
    return found


def _happened(store: Store, workflow: Workflow, settings: BeginSettings) -> Waiting | None:
    """What happened to records since the workflow last looked; what it did itself does not count."""
    wanted = {action.value for action in settings.actions}
    with store.reading() as db:
        kind = workflow.document.object
        latest, triggers = trigger_rows.triggers_since(db, workflow.id, kind)
        events = {
            trigger.record: f"trigger {trigger.id}"
            for trigger in triggers
            if trigger.event in wanted
            and trigger.cause != workflow.cause
            and (trigger.event != Action.EDITED or _counts(db, kind, settings, trigger))
        }
    by_workflows = {trigger.record for trigger in triggers if trigger.cause.startswith("workflow “")}
    for record in by_workflows & events.keys():
        if _goes_round(store, workflow, record):
            del events[record]
    if events:
        return Waiting(events, seen=latest)
    if triggers:
        store.write(lambda db: trigger_rows.note_seen(db, workflow.id, latest))
    return None


def _counts(db: Connection, kind: str, settings: BeginSettings, trigger: trigger_rows.TriggerRow) -> bool:
    """Whether an edit is one that the workflow waits for."""
    if not trigger.touches(settings.fields):
        return False
    if not (settings.changed_from or settings.changed_to):
        return True
    return settings.suits(trigger_rows.edits_of(db, kind, trigger))


def _goes_round(store: Store, workflow: Workflow, record: int) -> bool:
    """Whether workflows send each other the same record again and again; then it stops here, and a person is told."""
    with store.reading() as db:
        rounds = trigger_rows.rounds_since(db, workflow.id, record, as_text(now() - timedelta(hours=1)))
    if rounds < _MOST_ROUNDS:
        return False
    title = f"“{workflow.name}” goes round in a circle"
    body = (
        f"A record came back {rounds} times in an hour because another workflow changed it each time. It is left out; "
        "look at what both of them change."
    )
    _tell(store, workflow.name, "circle", title, body)
    return True


def _slot(store: Store, workflow: Workflow, settings: BeginSettings, moment: datetime) -> str:
    """The slot of the schedule that nobody has taken yet, taken; empty where there is none."""
    if Action.SCHEDULE not in settings.actions or settings.schedule is None or workflow.launched_at is None:
        return ""
    slot = latest_slot(settings.schedule, moment)
    if slot is None or slot < from_text(workflow.launched_at):
        return ""
    key = slot_key(settings.schedule, slot)
    return key if store.write(lambda db: slots.take_slot(db, "workflow", workflow.id, key, as_text(moment))) else ""


def _run(
    store: Store, vault: Vault, workflow: Workflow, waiting: Waiting, tell: Tell, stop: threading.Event | None
) -> WorkflowResult | None:
    try:
        only = None if waiting.events is None else list(waiting.events)
        plan = plan_workflow(store, vault, launched(store, workflow), only=only, stop=stop)
        destructive = plan.calls[Danger.DESTROYS]
        if destructive and not _was_run_by_hand(store, workflow):
            why = "It would delete or close something at a vendor, and was never run by hand."
            tell_of_held(store, workflow, why, len(plan.ways))
            return None
        result = run_workflow(
            store,
            vault,
            workflow,
            plan,
            approved=destructive,
            event=waiting.event,
            events=waiting.events or {},
            tell=tell,
            stop=stop,
        )
    except UserError as problem:
        _tell(store, workflow.name, "failed", f"“{workflow.name}” could not run", str(problem))
        return None
    if waiting.events is not None:
        store.write(lambda db: trigger_rows.note_seen(db, workflow.id, waiting.seen))
    if result.held:
        why = f"{len(result.held)} of {len(plan.ways)} records exceed the caps."
        tell_of_held(store, workflow, why, len(plan.ways))
    else:
        _tell_of_failures(store, result)
    return result


def _tell_of_failures(store: Store, result: WorkflowResult) -> None:
    failed = result.count(RunState.FAILED)
    if result.note or failed:
        records = "1 record" if failed == 1 else f"{failed} records"
        body = result.note or next((each.message for each in result.ended if each.state is RunState.FAILED), "")
        title = (
            f"“{result.workflow}”: {records} did not come through" if failed else f"“{result.workflow}” stopped early"
        )
        _tell(store, result.workflow, "failed", title, body)


def _was_run_by_hand(store: Store, workflow: Workflow) -> bool:
    with store.reading() as db:
        return run_rows.was_run_by_hand(db, workflow.id, workflow.version)


def _tell(store: Store, workflow: str, what: str, title: str, body: str) -> None:
    news = News(f"workflow-{what}:{workflow}", NoticeKind.WORKFLOW, title, body, "activity:runs", once=True)
    store.write(lambda db: notices.tell(db, news, now_text()))
