"""Where the blocks of a workflow stand: in columns from left to right, each as near as can be to what leads to it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import ceil

from saasdesk.workflows.blocks import outlets_of
from saasdesk.workflows.graph import Block, Link, WorkflowDocument

GRID = 16
BLOCK_WIDTH, BLOCK_HEIGHT = 200, 64
# From one column or row to the next.
COLUMN, ROW = 18 * GRID, 7 * GRID

# From one outlet of a block to the next, where it has several.
OUTLET_GAP = 18

# A comment: how far its text keeps from its edge, how tall a line is, and how many letters fit into one.
COMMENT_MARGIN, COMMENT_LINE, COMMENT_LETTERS = 12, 18, 26
_MOST_LINES = 20

Point = tuple[int, int]

_SWEEPS = 4
# Where a wire passes a column it holds a place open, whose name no block can have, and takes this many rows.
_PASSING_MARK = "-"
_PASSING = 1.0
# The way that goes well is drawn straight; the others bend.
_MAIN_WEIGHT = 8.0


def height_of(block: Block) -> int:
    """How tall a block is: one with many outlets is taller."""
    if block.is_comment:
        return _height_of_text(str(block.settings.get("text", "")))
    needed = OUTLET_GAP * len(outlets_of(block)) + GRID // 2
    return max(BLOCK_HEIGHT, ceil(needed / GRID) * GRID)


def _height_of_text(text: str) -> int:
    """How tall a comment is: as many lines as its text takes when the letters are wide."""
    lines = sum(max(1, ceil(len(line) / COMMENT_LETTERS)) for line in text.split("\n"))
    needed = COMMENT_LINE * min(lines, _MOST_LINES) + 2 * COMMENT_MARGIN
    return max(BLOCK_HEIGHT, ceil(needed / GRID) * GRID)


def on_grid(x: float, y: float) -> Point:
    """The nearest point of the grid."""
    return round(x / GRID) * GRID, round(y / GRID) * GRID


def positions(document: WorkflowDocument) -> dict[str, Point]:
    """Where each block stands; those that were never placed are laid out below the others."""
    placed = {block.id: block.position for block in document.blocks if block.position is not None}
    loose = [block.id for block in document.blocks if block.position is None]
    if not loose:
        return placed
    found = auto_layout(document, loose)
    if placed:
        left = min(x for x, _y in placed.values())
        below = max(y for _x, y in placed.values()) + ROW
        found = {block: (x + left, y + below) for block, (x, y) in found.items()}
    return {block.id: placed[block.id] if block.id in placed else found[block.id] for block in document.blocks}


def settled(document: WorkflowDocument) -> WorkflowDocument:
    """The same workflow with every block in its place."""
    if all(block.position is not None for block in document.blocks):
        return document
    where = positions(document)
    blocks = tuple(block.model_copy(update={"position": where[block.id]}) for block in document.blocks)
    return document.model_copy(update={"blocks": blocks})


def auto_layout(document: WorkflowDocument, ids: Iterable[str] | None = None) -> dict[str, Point]:
    """A tidy place for each of these blocks (or all); their upper left corner stays where it was."""
    wanted = None if ids is None else set(ids)
    chosen = [block for block in document.blocks if wanted is None or block.id in wanted]
    steps = [block for block in chosen if not block.is_comment]
    if not steps:
        # Comments alone have no order in which they could be laid.
        return {block.id: block.position or (0, ROW * at) for at, block in enumerate(chosen)}
    to = _tidy(document, steps)
    return to | {block.id: _beside_its_block(block, steps, to) for block in chosen if block.is_comment}


def _beside_its_block(comment: Block, steps: Sequence[Block], to: Mapping[str, Point]) -> Point:
    """As far from the nearest block as it was; one that was never placed comes above the first."""
    if comment.position is None:
        left, top = to[steps[0].id]
        return left, top - ROW
    x, y = comment.position
    placed = [(block, block.position) for block in steps if block.position is not None]
    if not placed:
        return comment.position
    nearest, (left, top) = min(placed, key=lambda each: abs(each[1][0] - x) + abs(each[1][1] - y))
    new_left, new_top = to[nearest.id]
    return new_left + x - left, new_top + y - top


def _tidy(document: WorkflowDocument, chosen: Sequence[Block]) -> dict[str, Point]:
    inside = {block.id for block in chosen}
    leaving: dict[str, list[Link]] = {block.id: [] for block in chosen}
    for link in _without_circles([block.id for block in chosen], document.links):
        leaving[link.source].append(link)
    ways = []
    for block in chosen:
        order = {outlet: at for at, outlet in enumerate(outlets_of(block))}
        from_top = sorted((order.get(link.outlet, 0), link.to) for link in leaving[block.id])
        # Only the outlets that lead somewhere count: a lone way goes straight on, whichever it is.
        ways += [(block.id, to, rank) for rank, (_at, to) in enumerate(from_top)]
    columns = _columns([block.id for block in chosen], ways)
    gap = ROW - BLOCK_HEIGHT
    sizes = {block.id: ceil(2 * (height_of(block) + gap) / ROW) / 2 for block in chosen}
    heights = _heights(*_ordered(columns, ways), sizes)
    old = [block.position for block in chosen if block.position is not None]
    left, top = (min(x for x, _y in old), min(y for _x, y in old)) if old else (0, 0)
    lowest = min(heights[block] for block in inside)
    return {
        block: on_grid(left + column * COLUMN, top + (heights[block] - lowest) * ROW)
        for block, column in columns.items()
    }


_Way = tuple[str, str, int]


def _without_circles(blocks: Sequence[str], links: Iterable[Link]) -> list[Link]:
    """The links but for those that lead back to where the way came from."""
    leaving: dict[str, list[Link]] = {block: [] for block in blocks}
    for link in links:
        if link.source in leaving and link.to in leaving:
            leaving[link.source].append(link)
    kept: list[Link] = []
    state: dict[str, int] = {}
    for start in blocks:
        if start in state:
            continue
        state[start] = 1
        waiting = [(start, iter(leaving[start]))]
        while waiting:
            here, rest = waiting[-1]
            ahead = next(rest, None)
            if ahead is None:
                state[here] = 2
                waiting.pop()
            elif state.get(ahead.to) != 1:
                kept.append(ahead)
                if ahead.to not in state:
                    state[ahead.to] = 1
                    waiting.append((ahead.to, iter(leaving[ahead.to])))
    return kept


def _columns(blocks: Sequence[str], ways: Sequence[_Way]) -> dict[str, int]:
    """The column of each block: one more than that of the last block before it."""
    entering = dict.fromkeys(blocks, 0)
    leaving: dict[str, list[str]] = {block: [] for block in blocks}
    for source, to, _rank in ways:
        entering[to] += 1
        leaving[source].append(to)
    columns = dict.fromkeys(blocks, 0)
    ready = [block for block in blocks if not entering[block]]
    for block in ready:
        for to in leaving[block]:
            columns[to] = max(columns[to], columns[block] + 1)
            entering[to] -= 1
            if not entering[to]:
                ready.append(to)
    return columns


def _ordered(columns: Mapping[str, int], ways: Sequence[_Way]) -> tuple[list[list[str]], list[_Way]]:
    """The blocks of each column from top to bottom, and the ways cut into pieces from one column to the next.

    A long way holds a place open in every column that it passes, so that no block is put under it.
    """
    layers: list[list[str]] = [[] for _ in range(max(columns.values()) + 1)]
    for block, column in columns.items():
        layers[column].append(block)
    pieces: list[_Way] = []
    for number, (source, to, rank) in enumerate(ways):
        before = source
        for column in range(columns[source] + 1, columns[to]):
            passing = f"{_PASSING_MARK}{number}-{column}"
            layers[column].append(passing)
            pieces.append((before, passing, rank if before == source else 0))
            before = passing
        pieces.append((before, to, rank if before == source else 0))
    behind, ahead = _neighbours(pieces)
    at = {block: index for layer in layers for index, block in enumerate(layer)}

    def sort(layer: list[str], neighbours: Mapping[str, list[tuple[str, int]]]) -> None:
        def key(block: str) -> float:
            near = neighbours.get(block)
            # Outlets further down lead further down.
            return sum(at[other] + rank / 16 for other, rank in near) / len(near) if near else at[block]

        layer.sort(key=key)
        at.update({block: index for index, block in enumerate(layer)})

    for _ in range(_SWEEPS):
        for layer in layers[1:]:
            sort(layer, behind)
        for layer in reversed(layers[:-1]):
            sort(layer, ahead)
    for layer in layers[1:]:
        sort(layer, behind)
    return layers, pieces


def _neighbours(
    pieces: Iterable[_Way],
) -> tuple[dict[str, list[tuple[str, int]]], dict[str, list[tuple[str, int]]]]:
    behind: dict[str, list[tuple[str, int]]] = {}
    ahead: dict[str, list[tuple[str, int]]] = {}
    for source, to, rank in pieces:
        behind.setdefault(to, []).append((source, rank))
        # Seen from the source, what a lower outlet leads to should not pull it down.
        ahead.setdefault(source, []).append((to, -rank))
    return behind, ahead


def _heights(layers: Sequence[Sequence[str]], pieces: Sequence[_Way], sizes: Mapping[str, float]) -> dict[str, float]:
    """The row of each block: as near to its neighbours as the order and the space between rows allow."""
    weights = {(source, to): _MAIN_WEIGHT if rank == 0 else 1.0 for source, to, rank in pieces}
    behind, ahead = _neighbours(pieces)
    heights = {block: float(index) for layer in layers for index, block in enumerate(layer)}

    def pull(layer: Sequence[str], neighbours: Mapping[str, list[tuple[str, int]]]) -> None:
        wanted, share = [], []
        for block in layer:
            near = [
                (heights[other] + max(0, rank), weights.get((other, block)) or weights.get((block, other), 1.0))
                for other, rank in neighbours.get(block, ())
            ] or [(heights[block], 0.5)]
            total = sum(weight for _height, weight in near)
            wanted.append(sum(height * weight for height, weight in near) / total)
            share.append(total)
        heights.update(zip(layer, _spread(wanted, share, [sizes.get(block, _PASSING) for block in layer]), strict=True))

    for _ in range(_SWEEPS):
        for layer in layers[1:]:
            pull(layer, behind)
        for layer in reversed(layers[:-1]):
            pull(layer, ahead)
    for layer in layers[1:]:
        pull(layer, behind)
    # Last of all, a block whose main way is a long wire comes to the height at which there is room for the wire.
    long = {
        block: [near for near in others if near[0].startswith(_PASSING_MARK) and near[1] == 0]
        for block, others in ahead.items()
    }
    for layer in reversed(layers[:-1]):
        pull(layer, {block: others for block, others in long.items() if others})
    return {block: round(height * 2) / 2 for block, height in heights.items()}


def _spread(wanted: Sequence[float], weights: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The heights nearest to the wanted ones that keep the order and leave each block its room."""
    above = list(accumulate(sizes, initial=0.0))
    groups: list[tuple[float, float, int]] = []
    for top, height, weight in zip(above, wanted, weights, strict=False):
        groups.append((height - top, weight, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (first, heavy, many), (second, light, few) = groups[-2:]
            total = heavy + light
            groups[-2:] = [((first * heavy + second * light) / total, total, many + few)]
    flat = [height for height, _weight, count in groups for _ in range(count)]
    return [height + top for top, height in zip(above, flat, strict=False)]
