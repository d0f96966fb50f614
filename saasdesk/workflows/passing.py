"""Sends one record after the other through the same version of a workflow; each step is written down as it happens."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

import orjson

from saasdesk.clock import now_text
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, RecordEdit
from saasdesk.store import Connection, Store, audit
from saasdesk.workflows.actions import Caller, Vendors
from saasdesk.workflows.blocks.kind import Done, Visit, Waits, WaitsFor, World
from saasdesk.workflows.caps import reason_to_deactivate_none
from saasdesk.workflows.drawing import Drawing
from saasdesk.workflows.graph import FAILURE, Block
from saasdesk.workflows.hands import WorkingHands
from saasdesk.workflows.planning import Way, way_of
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.records import is_let_in, read_records
from saasdesk.workflows.results import Ended, RunState
from saasdesk.workflows.rows import run_rows
from saasdesk.workflows.waiting import rows as waiting_rows
from saasdesk.workflows.waiting.carried import Carried
from saasdesk.workflows.waiting.rows import OpenRun
from saasdesk.workflows.workflow import Workflow

_MOST_NAMES = 20
NO_FIT = "It does not fit the workflow's criteria any more; it was left alone."
UNDER_WAY = "It is on its way through this workflow already; `saasdesk run --due` lets it go on."
MOVED = "Somebody changed the record meanwhile; it was left alone."


@dataclass
class Passing:
    """What the records of one run share."""

    store: Store
    workflow: Workflow
    drawing: Drawing
    world: World
    vendors: Vendors
    stop: threading.Event
    event: str = ""
    events: Mapping[int, str] = field(default_factory=dict)
    caller: Caller = field(init=False)
    leaving: list[tuple[RecordView, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.caller = Caller(self.store, self.vendors, self.stop)

    @property
    def kind(self) -> ObjectKind:
        """What kind of record goes through."""
        return self.drawing.document.record_kind

    @property
    def cause(self) -> Cause:
        """What stands in the history of whatever it changes."""
        return Cause(self.workflow.cause, self.workflow.name)

    def event_of(self, record: int) -> str:
        """What brought a record here."""
        return self.events.get(record, self.event)

    def deactivate_leavers(self) -> str:
        """Deactivate whom the blocks found gone, all together or none: a bad key must not do it one by one.

        Returns why it was not done, if it was not.
        """
        for kind, found in groupby(sorted(self.leaving, key=_kind_of), key=_kind_of):
            leaving = list(found)
            held = reason_to_deactivate_none(self.store, kind, [record.id for record, _ in leaving])
            if held:
                return held
            edits = [RecordEdit(ChangeKind.DEACTIVATE, record.id, record.label, why) for record, why in leaving]
            self.store.write(partial(self._deactivate, kind=kind, edits=edits))
        return ""

    def _deactivate(self, db: Connection, kind: ObjectKind, edits: Sequence[RecordEdit]) -> None:
        moved = apply_edits(db, kind, edits, self.cause, now_text())
        names = [edit.label for edit in edits if edit not in moved]
        detail = {"object": kind.value, "count": len(names), "names": names[:_MOST_NAMES]}
        audit.record(db, "records.deactivated", self.workflow.name, detail)

    def send_through(self, way: Way) -> Ended | None:
        """Send one record through; None when this event has sent it through already.

        Nobody is sent on a second time by hand or by the clock while still on the way: what was done for them just
        before the program ended would be done again.
        """
        fresh = next(iter(read_records(self.store, self.kind, [way.record], self.stop)), None)
        if fresh is None:
            return None
        if way.acts and fresh.id not in self.events:
            with self.store.reading() as db:
                earlier = run_rows.under_way(db, self.workflow.id, fresh)
            if earlier is not None:
                return Ended(earlier, fresh.id, fresh.label, RunState.WAITING, UNDER_WAY)

        def begin(db: Connection) -> int | None:
            run = run_rows.begin_run(
                db, self.workflow, fresh, self.event_of(fresh.id), now_text(), agreed=way.destructive
            )
            if run is not None:
                waiting_rows.stand_at(db, run, self.drawing.begin.id, "{}")
            return run

        run = self.store.write(begin)
        if run is None:
            return None
        refused = self._why_not(way, fresh)
        if refused:
            return self.finish(run, fresh.id, fresh.label, RunState.FAILED, refused)
        return self._walk(run, fresh, self.world, self.drawing.begin, Carried())

    def go_on(self, waiting: OpenRun) -> Ended:
        """Let a record go on that waited; who calls has taken it up."""
        kind = ObjectKind(waiting.object)
        fresh = next(iter(read_records(self.store, kind, [waiting.record], self.stop)), None)
        if fresh is None:
            return self.finish(waiting.id, waiting.record, waiting.label, RunState.FAILED, "The record is gone.")
        block = self.drawing.blocks[waiting.next_block or self.drawing.begin.id]
        carried = Carried.from_json(waiting.carried)
        world = self.world if kind is self.kind else self.world.of_accounts
        refused = self._why_not_any_more(waiting, fresh, carried, world, block)
        if refused:
            return self.finish(waiting.id, fresh.id, fresh.label, RunState.FAILED, refused)
        with self.store.reading() as db:
            seq = waiting_rows.steps_done(db, waiting.id)
        return self._walk(waiting.id, fresh, world, block, carried, seq, waiting)

    def finish(self, run: int, record: int, label: str, state: RunState, message: str) -> Ended:
        """Write down how a record came through."""

        def work(db: Connection) -> None:
            at = now_text()
            run_rows.finish_run(db, run, state.value, message, at)
            waiting_rows.wake_parent(db, run, at)

        self.store.write(work)
        return Ended(run, record, label, state, message)

    def _why_not(self, way: Way, fresh: RecordView) -> str:
        """Whether the record is still what the plan was made of."""
        if not is_let_in(self.store, self.drawing.document, fresh.id):
            return NO_FIT
        if way_of(self.drawing, self.world, fresh).requests != way.requests:
            return "It changed since the plan was made; it was left alone."
        return ""

    def _why_not_any_more(
        self, waiting: OpenRun, fresh: RecordView, carried: Carried, world: World, block: Block
    ) -> str:
        """Whether a record that waited is still one for the rest of the way."""
        rest = way_of(self.drawing, world, fresh, begin=block, values=carried.values, variables=carried.variables)
        protected = {name.casefold() for name in self.store.settings().protected_records}
        if rest.acts and rest.names & protected:
            return "The record is protected; it was left alone."
        if waiting.parent is None and not self._still_fits(fresh, carried):
            return NO_FIT
        if rest.destructive > waiting.agreed:
            return (
                f"The rest of its way would send {rest.destructive} destructive calls, and {waiting.agreed} were "
                "agreed to. Look at it and retry it by hand."
            )
        return ""

    def _still_fits(self, fresh: RecordView, carried: Carried) -> bool:
        """Whether Begin would let it in, what this run itself changed left out."""
        criteria = self.drawing.settings(self.drawing.begin).criteria
        if not carried.before:
            return is_let_in(self.store, self.drawing.document, fresh.id)
        if criteria is None or not criteria.field_names() <= fresh.values.keys():
            return True
        return self.world.fits(criteria, {**fresh.values, **carried.before})

    def _walk(
        self,
        run: int,
        record: RecordView,
        world: World,
        block: Block,
        carried: Carried,
        seq: int = 0,
        waited: OpenRun | None = None,
    ) -> Ended:
        hands = WorkingHands(self, run, record, world, carried, waited)
        try:
            return self._steps(hands, block, seq)
        except Cancelled:
            self.finish(run, record.id, record.label, RunState.CANCELLED, "Cancelled.")
            raise
        except UserError as problem:
            # No key, or too many calls without an answer: whoever began the run hears of it, and it ends here.
            self.finish(run, record.id, record.label, RunState.FAILED, str(problem))
            raise

    def _steps(self, hands: WorkingHands, first: Block, seq: int) -> Ended:
        state, last = RunState.COMPLETED, ""
        block: Block | None = first
        while block is not None:
            hands.block = block
            visit = Visit(hands.record, hands.world, dict(hands.carried.values), dict(hands.carried.variables))
            began = time.perf_counter()
            done = self.drawing.kind(block).perform(self.drawing.settings(block), visit, hands)
            if done.waits is not None:
                return self._let_wait(hands, done, done.waits)
            hands.carried.take(done)
            following = self.drawing.after(block, done.outlet)
            step = step_row(self.drawing, block, visit, done, time.perf_counter() - began)
            self._note(hands, seq, step, following)
            if done.outlet == FAILURE:
                state, last = RunState.FAILED, done.message
            if following is not None and self.stop.is_set():
                raise Cancelled
            block, seq = following, seq + 1
        return self.finish(hands.run, hands.record.id, hands.record.label, state, last)

    def _note(self, hands: WorkingHands, seq: int, step: run_rows.StepRow, following: Block | None) -> None:
        def work(db: Connection) -> None:
            run_rows.add_steps(db, hands.run, seq, [step])
            waiting_rows.stand_at(db, hands.run, None if following is None else following.id, hands.carried.to_json())

        self.store.write(work)

    def _let_wait(self, hands: WorkingHands, done: Done, waits: Waits) -> Ended:
        def work(db: Connection) -> None:
            waiting_rows.let_wait(db, hands.run, waits.what.value, waits.until, done.message)

        self.store.write(work)
        return Ended(hands.run, hands.record.id, hands.record.label, RunState.WAITING, done.message)

    def begin_account(self, parent: int, block: Block, account: RecordView, variables: Mapping[str, object]) -> None:
        """Let one of a person's accounts wait for its turn; nothing happens when it went already."""
        first = self.drawing.after(block, "each")
        if first is None:
            return
        carried = Carried(variables=dict(variables))  # type: ignore[arg-type]
        way = way_of(self.drawing, self.world.of_accounts, account, begin=first, variables=carried.variables)

        def work(db: Connection) -> None:
            at = now_text()
            run = run_rows.begin_run(
                db, self.workflow, account, inner_event(parent, block), at, agreed=way.destructive, parent=parent
            )
            if run is not None:
                waiting_rows.stand_at(db, run, first.id, carried.to_json())
                waiting_rows.let_wait(db, run, WaitsFor.ITS_TURN.value, at, "")

        self.store.write(work)


def inner_event(parent: int, block: Block) -> str:
    """What brings a person's account into a workflow: the person's own run."""
    return f"run {parent} {block.id}"


def step_row(drawing: Drawing, block: Block, visit: Visit, done: Done, seconds: float) -> run_rows.StepRow:
    """What is written down of a step."""
    changes = [[change.field, change.before, change.after] for change in done.changes]
    inputs = {name: _known(visit, name) for name in drawing.looks_at(block)}
    exchange = done.exchange
    return run_rows.StepRow(
        block.id,
        drawing.title(block),
        done.outlet,
        done.message,
        done.verified,
        orjson.dumps(changes).decode() if changes else "[]",
        now_text(),
        orjson.dumps(inputs).decode() if inputs else "{}",
        orjson.dumps(dict(done.variables)).decode() if done.variables else "{}",
        "" if exchange is None else exchange.request,
        "" if exchange is None else exchange.answer,
        None if exchange is None else exchange.status,
        0 if exchange is None else exchange.tries,
        round(seconds, 4),
    )


def _known(visit: Visit, name: str) -> object:
    values = visit.values if name in visit.values else visit.record.values
    return values[name] if name in values else visit.context.get(name)


def _kind_of(leaving: tuple[RecordView, str]) -> ObjectKind:
    return leaving[0].kind
