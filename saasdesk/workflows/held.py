"""A run that was held waits for a person: who is told of it, and when it waits no more."""

from saasdesk import notices
from saasdesk.clock import now_text
from saasdesk.notices import News, NoticeKind
from saasdesk.store import Connection, Store
from saasdesk.workflows.workflow import Workflow

CAUSE = "workflow-held"


def tell_of_held(store: Store, workflow: Workflow, why: str, records: int) -> None:
    """Say that a run waits, and why."""
    body = f"{why} Look at its plan and run it by hand: {records} records wait."
    title, place = f"“{workflow.name}” waits for you", f"workflow_plan:{workflow.id}"
    news = News(f"{CAUSE}:{workflow.name}", NoticeKind.WORKFLOW, title, body, place, once=True)
    store.write(lambda db: notices.tell(db, news, now_text()))


def settle_held(db: Connection, workflow: str) -> None:
    """Nothing of this workflow waits any more: it ran, or it was paused, changed, launched anew or deleted."""
    notices.settle(db, f"{CAUSE}:{workflow}", now_text())
