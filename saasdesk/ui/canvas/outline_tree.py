"""A workflow as a tree: the main way from top to bottom, and under each block the ways that leave it besides."""

from dataclasses import dataclass, field

from saasdesk.workflows.blocks import outlets_of
from saasdesk.workflows.graph import COMMENT, SUCCESS, Block, WorkflowDocument

# The outlets by which the main way goes on.
MAIN_WAY = (SUCCESS, "next")
COMMENTS = "Comments"


@dataclass(slots=True, eq=False)
class OutlineNode:
    """One line of the outline: a block, an outlet (with what follows it below), or a heading.

    `is_again` is a block that has its own line further up; `outlet` is what leads to the line, or what it stands for.
    """

    block: str = ""
    outlet: str = ""
    source: str = ""
    is_again: bool = False
    heading: str = ""
    parent: "OutlineNode | None" = None
    children: list["OutlineNode"] = field(default_factory=list)
    row: int = 0

    @property
    def is_outlet(self) -> bool:
        """Whether the line stands for a way out of a block."""
        return not self.block and not self.heading

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the other lines, also after an edit."""
        return self.source, self.outlet, self.block

    def add(self, child: "OutlineNode") -> "OutlineNode":
        """Put a line below this one."""
        child.parent, child.row = self, len(self.children)
        self.children.append(child)
        return child


def outline_of(document: WorkflowDocument) -> OutlineNode:
    """The tree of a workflow; its root is no line itself."""
    blocks = {block.id: block for block in document.blocks}
    to = {(link.source, link.outlet): link.to for link in document.links}
    root = OutlineNode()
    seen: set[str] = set()
    # (where the lines go, the block, what leads to it), the next one at the end.
    waiting: list[tuple[OutlineNode, str, str, str]] = []

    def walk() -> None:
        while waiting:
            under, block_id, source, outlet = waiting.pop()
            block = blocks.get(block_id)
            if block is None:
                continue
            if block_id in seen:
                under.add(OutlineNode(block_id, outlet, source, is_again=True))
                continue
            seen.add(block_id)
            line = under.add(OutlineNode(block_id, outlet, source))
            main, others = _ways(block)
            branches = [line.add(OutlineNode(outlet=other, source=block_id)) for other in others]
            for branch in reversed(branches):
                follower = to.get((block_id, branch.outlet))
                if follower is not None:
                    waiting.append((branch, follower, block_id, branch.outlet))
            if not main:
                continue
            # The main way comes last on to the pile, and so first: a block where ways meet has its line there.
            follower = to.get((block_id, main))
            if follower is None:
                under.add(OutlineNode(outlet=main, source=block_id))
            else:
                waiting.append((under, follower, block_id, main))

    for begin in document.of_kind("begin"):
        waiting.append((root, begin.id, "", ""))
        walk()
    loose = [block.id for block in document.steps if block.id not in seen]
    if loose:
        heading = root.add(OutlineNode(heading="Not connected"))
        entered = {link.to for link in document.links}
        for block_id in sorted(loose, key=lambda each: each in entered):
            if block_id not in seen:
                waiting.append((heading, block_id, "", ""))
                walk()
    comments = document.of_kind(COMMENT)
    if comments:
        heading = root.add(OutlineNode(heading=COMMENTS))
        for comment in comments:
            heading.add(OutlineNode(comment.id))
    return root


def _ways(block: Block) -> tuple[str, list[str]]:
    """The outlet by which the main way goes on, empty where all are alike; and the others."""
    outlets = outlets_of(block)
    main = next((outlet for outlet in outlets if outlet in MAIN_WAY), "")
    return main, [outlet for outlet in outlets if outlet != main]
