"""From block to block with the arrow keys: along the wires, and where there is none, to what is nearest."""

from saasdesk.workflows.blocks import outlets_of
from saasdesk.workflows.graph import Block, WorkflowDocument


def followers(document: WorkflowDocument, block_id: str) -> list[str]:
    """The blocks to which the outlets of a block lead, from the first outlet to the last."""
    block = document.block(block_id)
    if block is None:
        return []
    to = {link.outlet: link.to for link in document.links if link.source == block_id}
    ordered = [to.pop(outlet) for outlet in outlets_of(block) if outlet in to]
    return [*ordered, *to.values()]


def leaders(document: WorkflowDocument, block_id: str) -> list[str]:
    """The blocks that lead to a block."""
    return [link.source for link in document.links if link.to == block_id]


def walk(document: WorkflowDocument, block_id: str, way: str) -> str | None:
    """The block that an arrow key leads to: along the first wire, back, by the next wire, or up; None where none is."""
    match way:
        case "right":
            return next(iter(followers(document, block_id)), None)
        case "left":
            return next(iter(leaders(document, block_id)), None)
        case "down":
            after = followers(document, block_id)
            return after[1] if len(after) > 1 else sibling(document, block_id, 1) or _nearest(document, block_id, 1)
        case _:
            return sibling(document, block_id, -1) or _nearest(document, block_id, -1)


def sibling(document: WorkflowDocument, block_id: str, step: int) -> str | None:
    """The block beside this one: the block before both leads to it by its next outlet."""
    for leader in leaders(document, block_id):
        beside = followers(document, leader)
        at = beside.index(block_id) + step
        if 0 <= at < len(beside) and beside[at] != block_id:
            return beside[at]
    return None


def _nearest(document: WorkflowDocument, block_id: str, step: int) -> str | None:
    here = document.block(block_id)
    if here is None:
        return None
    x, y = _place(here)
    others = [
        (abs(_place(block)[0] - x) * 2 + abs(_place(block)[1] - y), block.id)
        for block in document.blocks
        if (_place(block)[1] - y) * step > 0
    ]
    return min(others)[1] if others else None


def _place(block: Block) -> tuple[int, int]:
    return block.position or (0, 0)
