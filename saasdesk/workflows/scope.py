"""Where in a workflow a block stands, and what it sees there: the record itself, or a person's accounts one by one."""

from collections.abc import Iterator
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
    seen = replace(world, variables={**dict.fromkeys(variables_of(document), ""), **world.variables})
    if block.id not in inner_blocks(document):
        return document, seen
    return document.model_copy(update={"object": "saas_users"}), replace(seen, fields=world.account_fields)


def form_of(document: WorkflowDocument, block: Block, world: World) -> tuple[FormField, ...]:
    """The form of one block where it stands; empty for a kind that nobody knows."""
    kind = KINDS.get(block.kind)
    return () if kind is None else kind.form(block.settings, *seen_from(document, block, world))
