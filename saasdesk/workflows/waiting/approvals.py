"""Questions that workflows ask people, and the answers. Who answers lets the record go on: see `resuming`."""

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user
from saasdesk.workflows.blocks.kind import ApprovalState
from saasdesk.workflows.waiting import rows
from saasdesk.workflows.waiting.rows import ApprovalRow


def list_approvals(store: Store, *, only_open: bool = True, limit: int = 500) -> list[ApprovalRow]:
    """The questions that wait for an answer; or all, the open ones first."""
    with store.reading() as db:
        return rows.approvals(db, only_open=only_open, limit=limit)


def find_approval(store: Store, number: int) -> ApprovalRow:
    """The question of this number; a UserError names those that are open."""
    with store.reading() as db:
        found = rows.approval_numbered(db, number)
    if found is None:
        known = ", ".join(str(each.id) for each in list_approvals(store)) or "none"
        raise UserError(f"There is no question {number}. Open are: {known}.")
    return found


def approve(store: Store, number: int, *, note: str = "", by: str = "") -> ApprovalRow:
    """Say yes; refused when somebody answered already, or the time is over."""
    return _answer(store, number, ApprovalState.APPROVED, note, by)


def reject(store: Store, number: int, *, note: str = "", by: str = "") -> ApprovalRow:
    """Say no; refused when somebody answered already, or the time is over."""
    return _answer(store, number, ApprovalState.REJECTED, note, by)


def _answer(store: Store, number: int, state: ApprovalState, note: str, by: str) -> ApprovalRow:
    asked = find_approval(store, number)
    at = now_text()
    if asked.state == ApprovalState.OPEN and asked.until is not None and asked.until <= at:
        raise UserError(f"“{asked.subject}” had to be answered until {asked.until}: the record went on without you.")
    who = by or operating_system_user()

    def work(db: Connection) -> bool:
        return rows.answer(db, asked, state.value, who, note.strip()[:1_000], at)

    if not store.write(work):
        said = find_approval(store, number)
        by_whom = f" by {said.answered_by}" if said.answered_by else ""
        raise UserError(f"“{asked.subject}” is not open any more: {said.state.replace('_', ' ')}{by_whom}.")
    return find_approval(store, number)
