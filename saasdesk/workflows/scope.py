"""Where in a workflow a block stands, and what it sees there: the record itself, or a person's accounts one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from saasdesk.workflows.blocks import KINDS, World
from saasdesk.workflows.blocks.end import End
from saasdesk.workflows.blocks.for_each_account import EACH, ForEachAccount
from saasdesk.workflows.blocks.form import FormField
from saasdesk.workflows.graph import Block, WorkflowDocument


def inner_blocks(document: WorkflowDocument) -> frozenset[str]:
    """The ids of the blocks that a person's accounts go through; an End belongs to every way."""
    found: set[str] = set()
    for block in document.of_kind(ForEachAccount.key):
        first = document.after(block.id, EACH)
        if first is not None:
            found |= document.reached_from(first.id)
    return frozenset(found) - {block.id for block in document.of_kind(End.key)}


def variables_of(document: WorkflowDocument) -> Iterator[str]:
    """The names of the variables that its blocks set."""
    for block in document.blocks:
        kind = KINDS.get(block.kind)
        if kind is not None:
            yield from kind.sets(block.settings)


def seen_from(document: WorkflowDocument, block: Block, world: World) -> tuple[WorkflowDocument, World]:
    """The document and the world as this block sees them, with the variables that blocks set."""
    _block, seen_document, seen_world = next(seen_by_each(document, world, (block,)))
    return seen_document, seen_world


def seen_by_each(
    document: WorkflowDocument, world: World, blocks: Iterable[Block]
) -> Iterator[tuple[Block, WorkflowDocument, World]]:
    """Each of these blocks with the document and the world as it sees them, worked out once for all."""
    seen = replace(world, variables={**dict.fromkeys(variables_of(document), ""), **world.variables})
    inside = document.model_copy(update={"object": "saas_users"}), replace(seen, fields=world.account_fields)
    inner = inner_blocks(document)
    for block in blocks:
        yield (block, *(inside if block.id in inner else (document, seen)))


def form_of(document: WorkflowDocument, block: Block, world: World) -> tuple[FormField, ...]:
    """The form of one block where it stands; empty for a kind that nobody knows."""
    kind = KINDS.get(block.kind)
    return () if kind is None else kind.form(block.settings, *seen_from(document, block, world))
