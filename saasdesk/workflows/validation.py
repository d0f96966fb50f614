"""What keeps a workflow from being launched, block by block, in sentences; and what only deserves a look."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from saasdesk.errors import UserError
from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks import KINDS, World
from saasdesk.workflows.blocks.for_each_account import EACH, ForEachAccount
from saasdesk.workflows.blocks.kind import Words
from saasdesk.workflows.blocks.texts import template
from saasdesk.workflows.editing import NOT_TO_A_COMMENT, NOT_TO_BEGIN, title_of
from saasdesk.workflows.graph import COMMENT, SUCCESS, Block, WorkflowDocument
from saasdesk.workflows.scope import inner_blocks, seen_by_each
from saasdesk.workflows.wording import in_words


class Severity(StrEnum):
    """Whether it must be put right before a launch."""

    ERROR = "error"
    WARNING = "warning"


_OF_WIRES = frozenset({"connect_from", "connect_outlet", "remove_link"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right; `block` is where, None for the workflow as a whole.

    `fix` is what would mend it, where one step does: `add_begin`, `add_end`, `remove_block`, `remove_link`,
    `connect_from`, `connect_outlet`, `choose_preset`, `choose_credential`, `fill_in`, `remove_setting`. `subject` says
    of what: the outlet, the block at the other end, or the setting.
    """

    block: str | None
    message: str
    severity: Severity = Severity.ERROR
    fix: str = ""
    subject: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it keeps the workflow from being launched."""
        return self.severity is Severity.ERROR

    @property
    def is_of_wires(self) -> bool:
        """Whether it is about how blocks are joined, and not about what a block is told."""
        return self.fix in _OF_WIRES


def problems_of(document: WorkflowDocument, world: World) -> list[Problem]:
    """Everything that is wrong, the drawing first and then the settings of each block."""
    found = [*_drawing(document), *_loops(document)]
    # How many links leave by each outlet, counted once for all blocks.
    linked = Counter((link.source, link.outlet) for link in document.links)
    leaving: dict[str, Counter[str]] = {}
    for (source, outlet), count in linked.items():
        leaving.setdefault(source, Counter())[outlet] = count
    for block, seen_document, seen_world in seen_by_each(document, world, document.blocks):
        found += _of_block(block, seen_document, seen_world, leaving.get(block.id, Counter()))
    return [*found, *_mixed(document)]


def errors_of(document: WorkflowDocument, world: World) -> list[Problem]:
    """What keeps it from being launched."""
    return [problem for problem in problems_of(document, world) if problem.is_error]


def _drawing(document: WorkflowDocument) -> Iterator[Problem]:
    ids = Counter(block.id for block in document.blocks)
    for block_id, count in ids.items():
        if count > 1:
            yield Problem(block_id, f"{count} blocks have the id {block_id}.")
    begins = document.of_kind("begin")
    if not begins:
        yield Problem(None, "A workflow has one Begin; this one has none.", fix="add_begin")
    for begin in begins[1:]:
        yield Problem(begin.id, f"A workflow has one Begin; this one has {len(begins)}.", fix="remove_block")
    if not document.of_kind("end"):
        yield Problem(None, "A workflow needs an End.", fix="add_end")
    for link in document.links:
        for end in (link.source, link.to):
            if end not in ids:
                where = link.source if link.source in ids else None
                yield Problem(
                    where, f"A link names the block {end}, which is not there.", fix="remove_link", subject=link.outlet
                )
    not_there = {begin.id: NOT_TO_BEGIN for begin in begins} | {
        note.id: NOT_TO_A_COMMENT for note in document.of_kind(COMMENT)
    }
    for link in document.links:
        if link.to in not_there:
            yield Problem(link.to, not_there[link.to], fix="remove_link", subject=link.source)
    if len(begins) == 1:
        reached = document.reached_from(begins[0].id)
        for block in document.steps:
            if block.id not in reached:
                yield Problem(block.id, "No way leads from Begin to here.", fix="connect_from")


def _loops(document: WorkflowDocument) -> Iterator[Problem]:
    """Blocks that lead back to themselves: a record would never come out."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for link in document.links:
        sorter.add(link.to, link.source)
    try:
        sorter.prepare()
    except CycleError as error:
        loop = _from_where_it_closes(document, error.args[1][1:])
        names = {block.id: title_of(block) for block in document.blocks}
        way = " → ".join(names.get(block, block) for block in (*loop, loop[0]))
        yield Problem(loop[0], f"The way leads round in a circle: {way}.", fix="remove_link", subject=loop[-1])


def _from_where_it_closes(document: WorkflowDocument, loop: list[str]) -> list[str]:
    """The blocks of a circle so that a side way leads from the last back to the first, where there is one."""
    for at, (source, to) in enumerate(pairwise((loop[-1], *loop))):
        outlets = {link.outlet for link in document.links if (link.source, link.to) == (source, to)}
        if not outlets & {SUCCESS, "next"}:
            return [*loop[at:], *loop[:at]]
    return loop


def _mixed(document: WorkflowDocument) -> Iterator[Problem]:
    """Blocks that a person's accounts go through and the person too: what they are about would not be known."""
    inner = inner_blocks(document)
    for link in document.links:
        leads_in = link.to in inner and link.source not in inner
        source = document.block(link.source)
        if leads_in and source is not None and not (source.kind == ForEachAccount.key and link.outlet == EACH):
            message = "Accounts go through this block, and the person too. Give each way a block of its own."
            yield Problem(link.to, message, fix="remove_link", subject=link.source)


def _of_block(block: Block, document: WorkflowDocument, world: World, linked: Counter[str]) -> Iterator[Problem]:
    kind = KINDS.get(block.kind)
    if kind is None:
        message = f"There is no kind of block “{block.kind}”. There are: {', '.join(KINDS)}."
        yield Problem(block.id, message, fix="remove_block")
        return
    try:
        settings = kind.settings_of(block)
    except UserError as problem:
        message = in_words(str(problem), kind.form(block.settings, document, world))
        yield Problem(block.id, message, fix="fill_in", subject=str(problem).partition(" ")[0].rstrip(":"))
        return
    for fault in kind.problems(settings, document, world):
        severity = Severity.WARNING if fault.is_warning else Severity.ERROR
        yield Problem(block.id, fault.message, severity, fault.fix, fault.key)
    for words in kind.words(settings):
        yield from _of_words(block, words, document, world)
    yield from _of_outlets(block, linked, kind.outlets(settings), kind.needed_outlets(settings))


def _of_words(block: Block, words: Words, document: WorkflowDocument, world: World) -> Iterator[Problem]:
    try:
        names = template(words.text, knows_answer="response" in words.also).names
    except TemplateProblem as problem:
        yield Problem(block.id, f"{words.what}: {problem}", subject=words.key)
        return
    known = {*world.fields, *words.also, *(key.partition(".")[0] for key in world.variables)}
    for name in sorted(names - known):
        message = f"{words.what} speaks of {name}, which is no field of {document.object_in_words} and no variable."
        yield Problem(block.id, message, subject=words.key)


def _of_outlets(
    block: Block, linked: Counter[str], outlets: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[Problem]:
    for outlet, count in linked.items():
        if outlet not in outlets:
            message = f"It has no outlet “{outlet}”. It has: {', '.join(outlets) or 'none'}."
            yield Problem(block.id, message, fix="remove_link", subject=outlet)
        elif count > 1:
            message = f"{count} links leave by “{outlet}”; a record can only take one."
            yield Problem(block.id, message, fix="remove_link", subject=outlet)
    for outlet in needed:
        if not linked[outlet]:
            message = f"Nothing follows its outlet “{outlet}”."
            yield Problem(block.id, message, fix="connect_outlet", subject=outlet)
