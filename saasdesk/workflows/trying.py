"""One block tried on one record while a workflow is drawn: what it would do. Nothing is sent or written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from saasdesk.errors import UserError
from saasdesk.workflows.blocks import KINDS, FieldChange, Visit, World
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.requests import PresetRequest


@dataclass(frozen=True, slots=True)
class Trial:
    """What the block would do with the record; `problem` says why it would not."""

    outlet: str | None = None
    message: str = ""
    requests: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    problem: str = ""


def try_block(document: WorkflowDocument, block_id: str, world: World, record: RecordView) -> Trial:
    """Foresee what one block would do; the rest of the workflow may still be half drawn."""
    block = document.block(block_id)
    kind = None if block is None else KINDS.get(block.kind)
    if block is None or kind is None:
        return Trial(problem="This block cannot be tried: nothing here knows its kind.")
    try:
        foreseen = kind.foresee(kind.settings_of(block), Visit(record, world))
    except UserError as problem:
        return Trial(problem=str(problem))
    return Trial(
        foreseen.outlet,
        foreseen.message,
        tuple(request_in_full(request) for request in foreseen.requests),
        foreseen.changes,
        foreseen.problem,
    )


def request_in_full(request: PresetRequest) -> str:
    """A request as text, its parts below each other; no key is in it."""
    lines = [request.line]
    if request.look_up is not None:
        path, params = request.look_up
        lines.insert(0, f"GET {request.host}{path}{_query(params)}")
    lines += [f"{name} = {value}" for name, value in request.params.items()]
    if request.body is not None:
        lines += ["", json.dumps(request.body, indent=2, ensure_ascii=False)]
    return "\n".join(lines)


def _query(params: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in params.items()) if params else ""
