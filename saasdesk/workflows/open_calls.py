"""Calls that may have been carried out, and nobody knows: a person looks at the vendor and says what became of them."""

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store, audit
from saasdesk.workflows.actions import ActionState
from saasdesk.workflows.rows import call_rows


def decide(store: Store, action: int, *, was_carried_out: bool) -> None:
    """Write down what a person found at the vendor. Nothing is sent again, whichever it was.

    A UserError where the call is not open any more.
    """

    def work(db: Connection) -> None:
        found = next(
            (each for each in call_rows.actions_of(db, None, (ActionState.UNKNOWN,)) if each.id == action), None
        )
        if found is None:
            raise UserError("This call is not open any more. Look at the run again.")
        said = "it was carried out" if was_carried_out else "it was not carried out"
        message = f"{found.message} A person looked at the vendor: {said}.".strip()
        state = ActionState.RESOLVED if was_carried_out else ActionState.NOT_SENT
        audit.record(db, "vendor.call_decided", found.preset, {"call": action, "run": found.run, "found": said})
        call_rows.note_action(db, action, state, found.status, message, found.verified, now_text())

    store.write(work)
