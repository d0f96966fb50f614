"""What a workflow would do now: for each record its way, the requests and the changes. Nothing is sent or written."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saasdesk.connectors import Danger
from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.records.listing import RecordList
from saasdesk.store import Store
from saasdesk.workflows.blocks import KINDS, BeginSettings, FieldChange, Foreseen, Visit, World
from saasdesk.workflows.graph import WorkflowDocument
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
        return tuple(request for step in self.steps for request in step.foreseen.requests)

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What would change here."""
        return tuple(change for step in self.steps for change in step.foreseen.changes)


@dataclass(frozen=True, slots=True)
class WorkflowPlan:
    """What a run would do now."""

    workflow: str
    ways: tuple[Way, ...]
    # How many records fit but for an age that is not known, and the labels of what they lack.
    unknown: int = 0
    lacking: tuple[str, ...] = ()

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
    if only is not None:
        wanted = set(only)
        ids = [number for number in ids if number in wanted]
    ways = []
    for record in read_records(store, document.record_kind, ids, stop):
        if stop is not None and stop.is_set():
            raise Cancelled
        ways.append(way_of(document, world, record))
    return WorkflowPlan(document.name, tuple(ways), *_unknown(store, document, world, settings, stop))


def _unknown(
    store: Store, document: WorkflowDocument, world: World, settings: BeginSettings, stop: threading.Event | None
) -> tuple[int, tuple[str, ...]]:
    found = undated_query(settings)
    if found is None:
        return 0, ()
    query, fields = found
    count = RecordList(store, document.record_kind).count(query, stop)
    return count, tuple(world.fields[field].label if field in world.fields else field for field in fields)


def way_of(document: WorkflowDocument, world: World, record: RecordView) -> Way:
    """The way of one record from Begin on, as far as it can be foreseen."""
    steps: list[Step] = []
    values: dict[str, Value] = {}
    problem = ""
    for step in _walk(document, world, record, values):
        steps.append(step)
        values.update({change.field: change.after for change in step.foreseen.changes})
        problem = problem or step.foreseen.problem
    names = {record.text(key).casefold() for key in ("username", "email", "person")} - {""}
    return Way(record.id, record.label, tuple(steps), problem, frozenset(names))


def _walk(document: WorkflowDocument, world: World, record: RecordView, values: dict[str, Value]) -> Iterator[Step]:
    (block,) = document.of_kind("begin")
    # A whole workflow has no circle: its way ends after as many blocks as there are.
    for _ in range(len(document.blocks)):
        kind = KINDS[block.kind]
        foreseen = kind.foresee(kind.settings_of(block), Visit(record, world, dict(values)))
        yield Step(block.id, block.title or kind.title, foreseen)
        following = None if foreseen.outlet is None else document.after(block.id, foreseen.outlet)
        if following is None:
            return
        block = following
