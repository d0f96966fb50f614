"""One block tried on one record while a workflow is drawn: what it would do. Nothing is sent or written."""

from collections.abc import Mapping
from dataclasses import dataclass

from saasdesk.errors import UserError
from saasdesk.workflows.blocks import KINDS, FieldChange, Visit, World
from saasdesk.workflows.exchanges import request_text
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.requests import PresetRequest
from saasdesk.workflows.scope import inner_blocks


@dataclass(frozen=True, slots=True)
class Trial:
    """What the block would do with the record; `problem` says why it would not."""

    outlet: str | None = None
    message: str = ""
    requests: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    problem: str = ""


def try_block(document: WorkflowDocument, block_id: str, world: World, record: RecordView) -> Trial:
    """Foresee what one block would do; the rest of the workflow may still be half drawn.

    A block that a person's accounts go through is tried on the first of them.
    """
    block = document.block(block_id)
    kind = None if block is None else KINDS.get(block.kind)
    if block is None or kind is None:
        return Trial(problem="This block cannot be tried: nothing here knows its kind.")
    try:
        foreseen = kind.foresee(kind.settings_of(block), visit_at(document, block_id, world, record))
    except UserError as problem:
        return Trial(problem=str(problem))
    return Trial(
        foreseen.outlet,
        foreseen.message,
        tuple(request_in_full(request) for request in foreseen.requests),
        foreseen.changes,
        foreseen.problem,
    )


def visit_at(document: WorkflowDocument, block_id: str, world: World, record: RecordView) -> Visit:
    """The record as it would come to this block; where accounts go through it, the first one of this person's.

    A UserError where there is no active account to try it with.
    """
    values, variables = _known_before(document, block_id, world, record)
    if block_id not in inner_blocks(document):
        return Visit(record, world, values, variables)
    accounts = world.accounts_of(record.id)
    if not accounts:
        raise UserError(f"{record.label} has no active account to try it with.")
    return Visit(accounts[0], world.of_accounts, {}, variables)


def _known_before(
    document: WorkflowDocument, block_id: str, world: World, record: RecordView
) -> tuple[dict[str, Value], dict[str, Value]]:
    """What the blocks on this record's way would have written and set, as far as they can be foreseen."""
    values: dict[str, Value] = {}
    variables: dict[str, Value] = {}
    begins = document.of_kind("begin")
    here = begins[0] if begins else None
    for _ in document.blocks:
        kind = None if here is None or here.id == block_id else KINDS.get(here.kind)
        if here is None or kind is None:
            break
        try:
            foreseen = kind.foresee(kind.settings_of(here), Visit(record, world, values, variables))
        except UserError:
            break
        values.update({change.field: change.after for change in foreseen.changes})
        variables.update(foreseen.variables)
        here = None if foreseen.outlet is None else document.after(here.id, foreseen.outlet)
    return values, variables


def request_in_full(request: PresetRequest) -> str:
    """A request as text, with the look-up that comes before it; no key is in it."""
    if request.look_up is None:
        return request_text(request)
    path, params = request.look_up
    return f"GET {request.host}{path}{_query(params)}\n{request_text(request)}"


def _query(params: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in params.items()) if params else ""
