"""A run that was held waits for a person: who is told of it, and when it waits no more."""

from saasdesk import notices
from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.notices import News, NoticeKind
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.workflows.rows import trigger_rows
from saasdesk.workflows.workflow import Workflow

CAUSE = "workflow-held"
_ADVICE = " Look at its plan, and allow it once or reject it:"


def tell_of_held(store: Store, workflow: Workflow, why: str, records: int) -> None:
    """Say that a run waits, and why."""
    body = f"{why}{_ADVICE} {'1 record waits' if records == 1 else f'{records} records wait'}."
    title, place = f"“{workflow.name}” waits for you", f"workflow_plan:{workflow.id}"
    news = News(f"{CAUSE}:{workflow.name}", NoticeKind.WORKFLOW, title, body, place, once=True)
    store.write(lambda db: notices.tell(db, news, now_text()))


def settle_held(db: Connection, workflow: str) -> None:
    """Nothing of this workflow waits any more: it ran, or it was paused, changed, launched anew or deleted."""
    notices.settle(db, f"{CAUSE}:{workflow}", now_text())


def why_held(store: Store, workflow: Workflow) -> str:
    """Why a run of it waits for a person; empty where none waits."""
    cause = f"{CAUSE}:{workflow.name}"
    found = (each for each in notices.list_notices(store) if each.cause == cause and each.solved_at is None)
    return next((each.body.partition(_ADVICE)[0] for each in found), "")


def reject_held(store: Store, workflow: Workflow) -> None:
    """Let the run that waits not happen: what brought it counts as seen, and whatever comes next is looked at anew.

    A UserError where nothing waits any more.
    """

    def work(db: Connection) -> bool:
        was_held = bool(notices.settle(db, f"{CAUSE}:{workflow.name}", now_text()))
        if was_held:
            latest, _triggers = trigger_rows.triggers_since(db, workflow.id, workflow.document.object)
            trigger_rows.note_seen(db, workflow.id, latest)
            record(db, "workflow.held_rejected", workflow.name, {"version": workflow.version})
        return was_held

    if not store.write(work):
        raise UserError(f"Nothing of “{workflow.name}” waits for you. It may have been run or rejected meanwhile.")
