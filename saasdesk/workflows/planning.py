"""What a workflow would do now: for each record its way, the requests and the changes. Nothing is sent or written."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from saasdesk.connectors import Danger
from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.listing import RecordList
from saasdesk.store import Store
from saasdesk.workflows.blocks import KINDS, BeginSettings, FieldChange, Foreseen, Visit, World
from saasdesk.workflows.blocks.for_each_account import EACH
from saasdesk.workflows.drawing import Drawing
from saasdesk.workflows.graph import Block, WorkflowDocument
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.records import matching_records, read_records, undated_query
from saasdesk.workflows.requests import PresetRequest
from saasdesk.workflows.validation import errors_of
from saasdesk.workflows.workflows import world_of


@dataclass(frozen=True, slots=True)
class Step:
    """One block on a record's way."""

    block: str
    title: str
    foreseen: Foreseen
    # Where a person's accounts go through blocks of their own: the way of each.
    inner: tuple["Way", ...] = ()
    # Whether it does nothing elsewhere, and nothing that is not foreseen.
    is_local: bool = False

    @property
    def problem(self) -> str:
        """Why the record would not come through here, if so."""
        if self.foreseen.problem:
            return self.foreseen.problem
        return next((f"{way.label}: {way.problem}" for way in self.inner if way.problem), "")


@dataclass(frozen=True, slots=True)
class Way:
    """What would happen to one record; `problem` says why it would not come through, if so."""

    record: int
    label: str
    steps: tuple[Step, ...]
    problem: str = ""
    # By what the record may be protected: usernames and addresses, folded.
    names: frozenset[str] = frozenset()

    @property
    def requests(self) -> tuple[PresetRequest, ...]:
        """What would be sent, in its order."""
        return tuple(
            request
            for step in self.steps
            for request in (*step.foreseen.requests, *(each for way in step.inner for each in way.requests))
        )

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What would change here."""
        return tuple(change for step in self.steps for change in step.foreseen.changes)

    @property
    def destructive(self) -> int:
        """How many of its requests destroy something at a vendor."""
        return sum(request.preset.danger is Danger.DESTROYS for request in self.requests)

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """The fields that would change, once for each block that writes them."""
        return tuple(change.field for change in self.changes)

    @property
    def is_local(self) -> bool:
        """Whether all of it happens here, exactly as it is foreseen."""
        return all(step.is_local for step in self.steps)

    @property
    def acts(self) -> bool:
        """Whether anything would change at a vendor."""
        return any(request.preset.danger is not Danger.READS for request in self.requests)

    @property
    def deactivates(self) -> bool:
        """Whether the record would be deactivated here."""
        return any(step.foreseen.deactivates for step in self.steps)


@dataclass(frozen=True, slots=True)
class WorkflowPlan:
    """What a run would do now."""

    workflow: str
    ways: tuple[Way, ...]
    # How many records fit but for an age that is not known, and the labels of what they lack.
    unknown: int = 0
    lacking: tuple[str, ...] = ()
    object: ObjectKind = ObjectKind.PEOPLE

    @property
    def unknown_sentence(self) -> str:
        """Who is left out because nobody knows whether they fit; empty where there is no such record."""
        if not self.unknown:
            return ""
        lacking = " or ".join(self.lacking)
        if self.unknown == 1:
            return f"1 more record has no {lacking}: whether it fits is not known, and it is left out."
        return f"{self.unknown} more records have no {lacking}: whether they fit is not known, and they are left out."

    @property
    def calls(self) -> Counter[Danger]:
        """How many requests would be sent, by what they do to the vendor."""
        return Counter(request.preset.danger for way in self.ways for request in way.requests)

    @property
    def irreversible(self) -> int:
        """How many requests take away what nothing brings back."""
        return sum(request.is_irreversible for way in self.ways for request in way.requests)

    @property
    def failing(self) -> tuple[Way, ...]:
        """The records that would not come through."""
        return tuple(way for way in self.ways if way.problem)


def plan_workflow(
    store: Store,
    vault: Vault,
    document: WorkflowDocument,
    *,
    only: Sequence[int] | None = None,
    stop: threading.Event | None = None,
) -> WorkflowPlan:
    """What the workflow would do now with every record that Begin lets in, or with `only` those among them.

    Raises when the workflow is not whole: what it would do cannot be foreseen then.
    """
    world = world_of(store, vault, document.record_kind)
    found = errors_of(document, world)
    if found:
        first = found[0]
        where = f"{first.block}: " if first.block else ""
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        raise UserError(f"“{document.name}” is not whole yet. {where}{first.message}{more}")
    (begin,) = document.of_kind("begin")
    settings: BeginSettings = KINDS["begin"].settings_of(begin)
    ids = matching_records(store, document.record_kind, settings, stop)
    wanted = None if only is None else set(only)
    if wanted is not None:
        ids = [number for number in ids if number in wanted]
    drawing = Drawing(document)
    ways = []
    for record in read_records(store, document.record_kind, ids, stop):
        if stop is not None and stop.is_set():
            raise Cancelled
        ways.append(way_of(drawing, world, record))
    unknown = _unknown(store, document, world, settings, wanted, stop)
    return WorkflowPlan(document.name, tuple(ways), *unknown, document.record_kind)


def _unknown(
    store: Store,
    document: WorkflowDocument,
    world: World,
    settings: BeginSettings,
    wanted: set[int] | None,
    stop: threading.Event | None,
) -> tuple[int, tuple[str, ...]]:
    """How many records nobody can judge, of those that are asked about, and the fields that they lack."""
    found = undated_query(settings)
    if found is None:
        return 0, ()
    query, fields = found
    records = RecordList(store, document.record_kind)
    count = records.count(query, stop) if wanted is None else len(records.ids(query, stop, wanted))
    return count, tuple(world.fields[field].label if field in world.fields else field for field in fields)


def way_of(
    drawing: Drawing,
    world: World,
    record: RecordView,
    *,
    begin: Block | None = None,
    values: Mapping[str, Value] | None = None,
    variables: Mapping[str, Value] | None = None,
) -> Way:
    """The way of one record as far as it can be foreseen: from Begin on, or from a block that it came to."""
    steps: list[Step] = []
    seen, set_before = dict(values or {}), dict(variables or {})
    block: Block | None = begin or drawing.begin
    # A whole workflow has no circle: its way ends after as many blocks as there are.
    while block is not None:
        kind = drawing.kind(block)
        foreseen = kind.foresee(drawing.settings(block), Visit(record, world, seen, set_before))
        inner = tuple(_ways_of_each(drawing, world, block, foreseen.each, set_before))
        steps.append(Step(block.id, drawing.title(block), foreseen, inner, kind.is_local))
        # Whoever kept the earlier ones keeps them as they were.
        if foreseen.changes:
            seen = {**seen, **{change.field: change.after for change in foreseen.changes}}
        if foreseen.variables:
            set_before = {**set_before, **foreseen.variables}
        block = drawing.after(block, foreseen.outlet)
    problem = next((step.problem for step in steps if step.problem), "")
    names = set(record.names)
    names.update(name for step in steps for way in step.inner for name in way.names)
    return Way(record.id, record.label, tuple(steps), problem, frozenset(names))


def _ways_of_each(
    drawing: Drawing, world: World, block: Block, each: Sequence[RecordView], variables: Mapping[str, Value]
) -> Iterator[Way]:
    first = drawing.after(block, EACH) if each else None
    if first is not None:
        inner = world.of_accounts
        for account in each:
            yield way_of(drawing, inner, account, begin=first, variables=variables)
