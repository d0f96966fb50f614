"""What one block does for one record: writes here, calls to vendors, questions and news to people."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from saasdesk import notices
from saasdesk.clock import now_text
from saasdesk.connectors import Connector
from saasdesk.credentials import Credential
from saasdesk.fields import ObjectKind
from saasdesk.notices import News, NoticeKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import ChangeKind, FieldEdit, RecordEdit
from saasdesk.store import Connection
from saasdesk.workflows.blocks.kind import Answered, ApprovalState, Done, FieldChange, Seen, Tally, WaitsFor, World
from saasdesk.workflows.graph import Block
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.requests import PresetRequest
from saasdesk.workflows.waiting import rows as waiting_rows
from saasdesk.workflows.waiting.carried import Carried
from saasdesk.workflows.waiting.rows import OpenRun

if TYPE_CHECKING:
    from saasdesk.workflows.passing import Passing


@dataclass
class WorkingHands:
    """The hands of whichever block the record is at; `waited` is how it stood there, if it goes on after a stop."""

    passing: "Passing"
    run: int
    record: RecordView
    world: World
    carried: Carried
    came_back: OpenRun | None = None
    block: Block = field(init=False)

    def waited(self) -> bool:
        """Whether the time that the record waited for at this block has come."""
        back = self.came_back
        return back is not None and back.next_block == self.block.id and back.waits_for == WaitsFor.TIME

    def write(self, changes: tuple[FieldChange, ...], why: str) -> str:
        """Change the record; what comes back says why not."""
        edits = tuple(FieldEdit(change.field, change.before, change.after) for change in changes)
        return self._apply(RecordEdit(ChangeKind.UPDATE, self.record.id, self.record.label, why, edits))

    def retire(self, why: str, *, archive: bool) -> str:
        """Deactivate the record, or archive it besides; what comes back says why not."""
        kinds = (ChangeKind.DEACTIVATE, ChangeKind.ARCHIVE) if archive else (ChangeKind.DEACTIVATE,)
        return self._apply(*(RecordEdit(kind, self.record.id, self.record.label, why) for kind in kinds))

    def deactivate(self, why: str) -> None:
        """Have the record deactivated at the end of the run, with all others that leave."""
        self.passing.leaving.append((self.record, why))

    def look(self, connector: Connector, credential: Credential, request: PresetRequest) -> Seen:
        """Ask the vendor for the user whom the request is about."""
        return self.passing.caller.look(connector, credential, request)

    def call(self, connector: Connector | None, credential: Credential, request: PresetRequest) -> Done:
        """Send the request at most once."""
        return self.passing.caller.call(self.run, self.block.id, connector, credential, request)

    def notify(self, subject: str, message: str, to: tuple[str, ...]) -> None:
        """Tell people about the record."""
        self._tell("", subject, message, to)

    def ask(self, subject: str, message: str, to: tuple[str, ...], until: str | None) -> Answered:
        """What people said to the question of this block."""
        store, at = self.passing.store, now_text()
        asked = store.write(lambda db: waiting_rows.ask(db, self.run, self.block.id, subject, message, to, until, at))
        if asked:
            self._tell("asked", f"Approval needed: {subject}", message, to)
        with store.reading() as db:
            found = waiting_rows.approval_at(db, self.run, self.block.id)
        if found is None:
            return Answered(ApprovalState.WITHDRAWN)
        if found.state == ApprovalState.OPEN and found.until is not None and found.until <= at:
            store.write(lambda db: waiting_rows.answer(db, found, ApprovalState.TIMED_OUT.value, "", "", at))
            return Answered(ApprovalState.TIMED_OUT)
        return Answered(ApprovalState(found.state), found.answered_by, found.note)

    def send_each(self, accounts: tuple[RecordView, ...]) -> Tally:
        """Send a person's accounts along, as far as they have not gone."""
        passing = self.passing
        event = f"run {self.run} {self.block.id}"
        with passing.store.reading() as db:
            is_first = not waiting_rows.inner_runs(db, self.run, event)
        if is_first:
            for account in accounts:
                passing.begin_account(self.run, self.block, account, self.carried.variables)
        with passing.store.reading() as db:
            inner = [waiting_rows.open_run(db, run) for run, _ in waiting_rows.inner_runs(db, self.run, event)]
        for each in inner:
            if each is not None and self._take_up(each):
                passing.go_on(each)
        with passing.store.reading() as db:
            states = [state for _, state in waiting_rows.inner_runs(db, self.run, event)]
        waiting = states.count("waiting")
        completed = states.count("completed")
        return Tally(completed, len(states) - completed - waiting, waiting)

    def _take_up(self, each: OpenRun) -> bool:
        return each.waits_for == WaitsFor.ITS_TURN and self.passing.store.write(
            lambda db: waiting_rows.take_up(db, each.id)
        )

    def _tell(self, what: str, subject: str, message: str, to: tuple[str, ...]) -> None:
        passing, record = self.passing, self.record
        # Every record and event is told of by itself: nobody may miss a leaver because of another one.
        parts = (
            "workflow",
            passing.workflow.id,
            self.block.id,
            record.kind.value,
            record.id,
            passing.event_of(record.id),
        )
        cause = ":".join(str(part) for part in (*parts, *((what,) if what else ())))
        link = f"person:{record.id}" if record.kind is ObjectKind.PEOPLE else ""
        if what == "asked":
            link = "activity:approvals"
        news = News(cause, NoticeKind.WORKFLOW, subject, message, link, to, once=True)
        passing.store.write(lambda db: notices.tell(db, news, now_text()))

    def _apply(self, *edits: RecordEdit) -> str:
        """Do these one after the other; the last is what was wanted, and those before may have been done already."""
        passing, record = self.passing, self.record

        def is_refused(db: Connection) -> bool:
            return edits[-1] in apply_edits(db, record.kind, edits, passing.cause, now_text())

        refused = passing.store.write(is_refused)
        return "Somebody changed the record meanwhile; it was left alone." if refused else ""
