"""Two versions of a workflow as one drawing: what is there now, and what was there before, each thing marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from saasdesk.workflows.editing import free_place
from saasdesk.workflows.graph import Block, Link, WorkflowDocument
from saasdesk.workflows.layout import settled

Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Everything of both; what has no mark is the same in both, wherever it stands."""

    document: WorkflowDocument
    blocks: Mapping[str, Change]
    links: Mapping[Link, Change]


def side_by_side(before: WorkflowDocument, after: WorkflowDocument) -> SideBySide:
    """The drawing of `after`, with what `before` had besides where there is room for it."""
    before, after = settled(before), settled(after)
    drawn = after
    blocks: dict[str, Change] = {}
    for block in after.blocks:
        old = before.block(block.id)
        if old is None:
            blocks[block.id] = "added"
        elif _bare(old) != _bare(block):
            blocks[block.id] = "changed"
    for block in before.blocks:
        if after.block(block.id) is None:
            blocks[block.id] = "removed"
            place = free_place(drawn, block.position or (0, 0))
            drawn = drawn.model_copy(update={"blocks": (*drawn.blocks, block.model_copy(update={"position": place}))})
    there, here = ({link.bare: link for link in version.links} for version in (before, after))
    links: dict[Link, Change] = {
        link: "changed" if bare in there else "added" for bare, link in here.items() if there.get(bare) != link
    }
    links |= {link: "removed" for bare, link in there.items() if bare not in here}
    gone = tuple(link for link, change in links.items() if change == "removed")
    return SideBySide(drawn.model_copy(update={"links": (*after.links, *gone)}), blocks, links)


def _bare(block: Block) -> Block:
    return block.model_copy(update={"position": None})
