"""Sends records through a launched workflow: planned first, within its caps, each step written down as it happens."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

from saasdesk import notices
from saasdesk.clock import as_text, now, now_text
from saasdesk.connectors import Connector, Danger
from saasdesk.credentials import Credential, Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import ObjectKind
from saasdesk.notices import News, NoticeKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.store import Connection, Store
from saasdesk.sync.safeguard import Limits, reason_to_hold
from saasdesk.workflows import rows
from saasdesk.workflows.actions import Caller, TooManyUnknown, Vendors
from saasdesk.workflows.blocks import KINDS, FieldChange, Visit, World
from saasdesk.workflows.blocks.kind import Done, Seen
from saasdesk.workflows.graph import FAILURE, Block, WorkflowDocument
from saasdesk.workflows.planning import Way, WorkflowPlan, plan_workflow, way_of
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.records import is_let_in, read_records
from saasdesk.workflows.requests import PresetRequest
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import launched, world_of

Tell = Callable[[object], None]

# However few accounts a vendor has, so many may be acted on in a run.
_ALWAYS_ALLOWED = 3
# As for a sync that sets no limits of its own.
_LIMITS = Limits(percent=20, count=200)
# Caps are counted before calls leave: two runs at once would both find room for theirs.
_turn = threading.Lock()

_CANCELLED = "Cancelled; the records that are not listed were left alone."


class RunState(StrEnum):
    """How a record came through."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Ended:
    """One record that was sent through."""

    run: int
    record: int
    label: str
    state: RunState
    message: str


@dataclass(frozen=True, slots=True)
class WorkflowResult:
    """What a run came to; `note` says why it stopped early, if it did.

    `held` are the records that the caps keep back until a person has them run, `protected` those that no vendor action
    may touch.
    """

    workflow: str
    ended: tuple[Ended, ...]
    held: tuple[Way, ...] = ()
    protected: tuple[Way, ...] = ()
    note: str = ""

    def count(self, state: RunState) -> int:
        """How many records came through in this way."""
        return sum(each.state is state for each in self.ended)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    of: int
    label: str


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
    """Send the plan's records through. `approved` is the number of destructive calls that a person agreed to.

    The event is what brings the records, `events` by record where each has one of its own: no event brings one twice.

    Raises before anything happens when workflows are paused, the workflow is not launched, or the numbers differ.
    """
    stop = stop or threading.Event()
    if workflow.state is not WorkflowState.ACTIVE:
        raise UserError(f"“{workflow.name}” is not launched. Launch it first.")
    if store.settings().workflows_paused:
        raise UserError("All workflows are paused. Switch them on again in the settings: workflows_paused.")
    destructive = plan.calls[Danger.DESTROYS]
    if destructive != approved:
        raise UserError(
            f"The plan has {destructive} destructive {'call' if destructive == 1 else 'calls'}, and {approved} "
            "were agreed to. Look at the plan again; nothing was sent."
        )
    with _turn:
        return _send_all(store, vault, workflow, plan, event, events or {}, tell, stop)


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
    going, held, protected = within_caps(store, plan)
    vendors = Vendors(store, vault, stop, tell)
    ended: list[Ended] = []
    note = ""
    document = launched(store, workflow)
    try:
        passing = _Passing(
            store, workflow, document, world_of(store, vault, document.record_kind), event, events, vendors, stop
        )
        for number, way in enumerate(going):
            tell(Progress(number, len(going), way.label))
            found = passing.send_through(way)
            if found is not None:
                ended.append(found)
                tell(found)
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


def within_caps(store: Store, plan: WorkflowPlan) -> tuple[list[Way], list[Way], list[Way]]:
    """The records that may go, those that the caps keep back, and the protected ones.

    Only destructive calls are counted: in a run, for each vendor in a day, and against the vendor's active accounts.
    """
    protected_names = {name.casefold() for name in store.settings().protected_records}
    caps = _Caps(store)
    going: list[Way] = []
    held: list[Way] = []
    protected: list[Way] = []
    for way in plan.ways:
        acts = any(request.preset.danger is not Danger.READS for request in way.requests)
        if acts and way.names & protected_names:
            protected.append(way)
        elif caps.take([request.connector for request in way.requests if request.preset.danger is Danger.DESTROYS]):
            going.append(way)
        else:
            held.append(way)
    return going, held, protected


class _Caps:
    """How many destructive calls may still leave, in this run and for each vendor."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings = store.settings()
        self._left = self._settings.destructive_calls_per_run
        self._left_of: dict[str, int] = {}

    def take(self, vendors: list[str]) -> bool:
        """Take what one record needs; all of it or nothing."""
        needed = Counter(vendors)
        if len(vendors) > self._left or any(self._of(vendor) < count for vendor, count in needed.items()):
            return False
        self._left -= len(vendors)
        for vendor, count in needed.items():
            self._left_of[vendor] -= count
        return True

    def _of(self, vendor: str) -> int:
        if vendor not in self._left_of:
            midnight = now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
            with self._store.reading() as db:
                today = rows.destructive_since(db, vendor, as_text(midnight))
                accounts = rows.active_accounts_at(db, vendor)
            of_all = max(_ALWAYS_ALLOWED, accounts * self._settings.destructive_percent // 100)
            self._left_of[vendor] = min(self._settings.destructive_calls_per_day - today, of_all)
        return self._left_of[vendor]


@dataclass
class _Passing:
    """Sends one record after the other through the same version."""

    store: Store
    workflow: Workflow
    document: WorkflowDocument
    world: World
    event: str
    events: Mapping[int, str]
    vendors: Vendors
    stop: threading.Event
    caller: Caller = field(init=False)
    leaving: list[tuple[RecordView, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.caller = Caller(self.store, self.vendors, self.stop)

    def deactivate_leavers(self) -> str:
        """Deactivate whom the blocks found gone, all together or none: a bad key must not do it one by one.

        Returns why it was not done, if it was not.
        """
        if not self.leaving:
            return ""
        kind, records = self.document.record_kind, [record for record, _ in self.leaving]
        with self.store.reading() as db:
            active = rows.active_beside(db, kind, [record.id for record in records])
        held = reason_to_hold(
            vendor="The vendor", listed=active - len(records), active=active, leaving=len(records), limits=_LIMITS
        )
        if held:
            return held
        edits = [RecordEdit(ChangeKind.DEACTIVATE, record.id, record.label, why) for record, why in self.leaving]
        cause = Cause(self.workflow.cause, self.workflow.name)
        self.store.write(lambda db: apply_edits(db, kind, edits, cause, now_text()))
        return ""

    def send_through(self, way: Way) -> Ended | None:
        """Send one record through; None when this event has sent it through already."""
        fresh = next(iter(read_records(self.store, self.document.record_kind, [way.record], self.stop)), None)
        if fresh is None:
            return None
        at, event = now_text(), self.events.get(way.record, self.event)
        run = self.store.write(lambda db: rows.begin_run(db, self.workflow, fresh, event, at))
        if run is None:
            return None
        refused = self._why_not(way, fresh)
        if refused:
            return self._finish(run, fresh, RunState.FAILED, refused)
        try:
            state, message = self._walk(run, fresh)
        except Cancelled:
            self._finish(run, fresh, RunState.CANCELLED, "Cancelled.")
            raise
        except TooManyUnknown as problem:
            self._finish(run, fresh, RunState.FAILED, str(problem))
            raise
        return self._finish(run, fresh, state, message)

    def _why_not(self, way: Way, fresh: RecordView) -> str:
        """Whether the record is still what the plan was made of."""
        if not is_let_in(self.store, self.document, fresh.id):
            return "It does not fit the workflow's criteria any more; it was left alone."
        if way_of(self.document, self.world, fresh).requests != way.requests:
            return "It changed since the plan was made; it was left alone."
        return ""

    def _walk(self, run: int, record: RecordView) -> tuple[RunState, str]:
        (block,) = self.document.of_kind("begin")
        values: dict[str, Value] = {}
        state, last = RunState.COMPLETED, ""
        for seq in range(len(self.document.blocks)):
            done = self._step(run, block, record, values)
            values.update({change.field: change.after for change in done.changes})
            self._note(run, seq, block, done)
            if done.outlet == FAILURE:
                state, last = RunState.FAILED, done.message
            following = None if done.outlet is None else self.document.after(block.id, done.outlet)
            if following is None:
                break
            if self.stop.is_set():
                raise Cancelled
            block = following
        return state, last

    def _step(self, run: int, block: Block, record: RecordView, values: dict[str, Value]) -> Done:
        kind = KINDS[block.kind]
        return kind.perform(
            kind.settings_of(block), Visit(record, self.world, dict(values)), _Hands(self, run, block, record)
        )

    def _note(self, run: int, seq: int, block: Block, done: Done) -> None:
        changes = [[change.field, change.before, change.after] for change in done.changes]
        title = block.title or KINDS[block.kind].title
        row = rows.StepRow(
            block.id, title, done.outlet, done.message, done.verified, orjson.dumps(changes).decode(), now_text()
        )
        self.store.write(lambda db: rows.add_step(db, run, seq, row))

    def _finish(self, run: int, record: RecordView, state: RunState, message: str) -> Ended:
        at = now_text()
        self.store.write(lambda db: rows.finish_run(db, run, state.value, message, at))
        return Ended(run, record.id, record.label, state, message)


@dataclass(frozen=True, slots=True)
class _Hands:
    """What one block may do, for one record."""

    passing: _Passing
    run: int
    block: Block
    record: RecordView

    def write(self, changes: tuple[FieldChange, ...], why: str) -> str:
        passing, record = self.passing, self.record
        edit = RecordEdit(
            ChangeKind.UPDATE,
            record.id,
            record.label,
            why,
            tuple(FieldEdit(change.field, change.before, change.after) for change in changes),
        )
        cause = Cause(passing.workflow.cause, passing.workflow.name)

        def work(db: Connection) -> Sequence[RecordEdit]:
            return apply_edits(db, record.kind, [edit], cause, now_text())

        return "Somebody changed the record meanwhile; it was left alone." if passing.store.write(work) else ""

    def look(self, connector: Connector, credential: Credential, request: PresetRequest) -> Seen:
        return self.passing.caller.look(connector, credential, request)

    def notify(self, subject: str, message: str, to: tuple[str, ...]) -> None:
        passing, record = self.passing, self.record
        # Every record and event is told of by itself: nobody may miss a leaver because of another one.
        cause = f"workflow:{passing.workflow.id}:{self.block.id}:{record.kind.value}:{record.id}:{passing.event}"
        link = f"person:{record.id}" if record.kind is ObjectKind.PEOPLE else ""
        news = News(cause, NoticeKind.WORKFLOW, subject, message, link, to, once=True)
        passing.store.write(lambda db: notices.tell(db, news, now_text()))

    def deactivate(self, why: str) -> None:
        self.passing.leaving.append((self.record, why))

    def call(self, connector: Connector, credential: Credential, request: PresetRequest) -> Done:
        return self.passing.caller.call(self.run, self.block.id, connector, credential, request)


__all__ = ["Ended", "Progress", "RunState", "WorkflowResult", "plan_workflow", "run_workflow"]
