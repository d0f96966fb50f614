"""What keeps a workflow from being launched, block by block, in sentences."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from saasdesk.errors import UserError
from saasdesk.workflows.blocks import KINDS, World
from saasdesk.workflows.graph import Block, WorkflowDocument


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must be put right first; `block` is where, empty for the workflow as a whole."""

    block: str
    message: str


def problems_of(document: WorkflowDocument, world: World) -> list[Problem]:
    """Everything that is wrong, the drawing first and then the settings of each block."""
    found = [*_drawing(document), *_loops(document)]
    for block in document.blocks:
        found += [Problem(block.id, message) for message in _settings(block, document, world)]
    return found


def _drawing(document: WorkflowDocument) -> Iterator[Problem]:
    ids = Counter(block.id for block in document.blocks)
    for block_id, count in ids.items():
        if count > 1:
            yield Problem(block_id, f"{count} blocks have the id {block_id}.")
    begins = document.of_kind("begin")
    if len(begins) != 1:
        yield Problem("", f"A workflow has one Begin; this one has {len(begins) or 'none'}.")
    if not document.of_kind("end"):
        yield Problem("", "A workflow needs an End.")
    for link in document.links:
        for end in (link.source, link.to):
            if end not in ids:
                yield Problem(
                    link.source if link.source in ids else "", f"A link names the block {end}, which is not there."
                )
    for begin in begins:
        if any(link.to == begin.id for link in document.links):
            yield Problem(begin.id, "Nothing can lead back to Begin.")
    if len(begins) == 1:
        reached = document.reached_from(begins[0].id)
        for block in document.blocks:
            if block.id not in reached:
                yield Problem(block.id, "No way leads from Begin to here.")


def _loops(document: WorkflowDocument) -> Iterator[Problem]:
    """Blocks that lead back to themselves: a record would never come out."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for link in document.links:
        sorter.add(link.to, link.source)
    try:
        sorter.prepare()
    except CycleError as error:
        loop: list[str] = error.args[1]
        yield Problem(loop[0], f"The way leads round in a circle: {' → '.join(loop)}.")


def _settings(block: Block, document: WorkflowDocument, world: World) -> Iterator[str]:
    kind = KINDS.get(block.kind)
    if kind is None:
        yield f"There is no kind of block “{block.kind}”. There are: {', '.join(KINDS)}."
        return
    try:
        settings = kind.settings_of(block)
    except UserError as problem:
        yield str(problem)
        return
    yield from kind.problems(settings, document, world)
    outlets = kind.outlets(settings)
    linked = Counter(link.outlet for link in document.links if link.source == block.id)
    for outlet, count in linked.items():
        if outlet not in outlets:
            yield f"It has no outlet “{outlet}”. It has: {', '.join(outlets) or 'none'}."
        elif count > 1:
            yield f"{count} links leave by “{outlet}”; a record can only take one."
    for outlet in kind.needed_outlets(settings):
        if not linked[outlet]:
            yield f"Nothing follows its outlet “{outlet}”."
