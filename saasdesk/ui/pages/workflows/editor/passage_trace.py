"""The way of one record, as the canvas shows it over the blocks."""

from collections import Counter
from itertools import pairwise

from saasdesk.ui.canvas.trace import BlockTrace, CanvasTrace, TraceState
from saasdesk.ui.moments import duration_in_words, seconds_between
from saasdesk.workflows.graph import FAILURE, Link, WorkflowDocument
from saasdesk.workflows.history import Passage


def trace_of(document: WorkflowDocument, passage: Passage) -> CanvasTrace:
    """Each block that the record came to with how it ended, and each wire that it took."""
    blocks: dict[str, BlockTrace] = {}
    before = passage.run.started_at
    for step in passage.steps:
        seconds = seconds_between(before, step.at)
        before = step.at
        state = TraceState.FAILED if step.outlet == FAILURE else TraceState.DONE
        blocks[step.block] = BlockTrace(state, "" if seconds is None else duration_in_words(seconds))
    if passage.run.state == "running" and passage.steps:
        last = passage.steps[-1].block
        blocks[last] = BlockTrace(TraceState.RUNNING)
    for block in document.blocks:
        blocks.setdefault(block.id, BlockTrace(TraceState.SKIPPED))
    taken: Counter[Link] = Counter()
    for step, following in pairwise(passage.steps):
        link = next((each for each in document.links if each.source == step.block and each.to == following.block), None)
        if link is not None:
            taken[link] += 1
    return CanvasTrace(blocks, dict(taken))
