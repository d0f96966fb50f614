"""What an admin does to the drawing of a workflow, step by step: each function gives a new document."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from saasdesk.definitions import LARGEST_FILE, explain
from saasdesk.errors import UserError
from saasdesk.workflows.blocks import KINDS, outlets_of
from saasdesk.workflows.graph import COMMENT, MOST_BLOCKS, Block, Link, WorkflowDocument, document_from, free_id
from saasdesk.workflows.layout import BLOCK_HEIGHT, BLOCK_WIDTH, COLUMN, GRID, ROW, Point, height_of, positions, settled

NOT_TO_BEGIN = "Nothing can lead back to Begin."
NOT_TO_A_COMMENT = "A comment is no step: no wire leads there."

_PASTE_OFFSET = 2 * GRID
_NUMBER = re.compile(r"_\d+$")


class Clipping(BaseModel):
    """Blocks on the clipboard, as text that can be mailed and read. Credentials are in it by name alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    saasdesk: Literal["blocks"] = "blocks"
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()


def new_document(name: str, object_name: str) -> WorkflowDocument:
    """A workflow to begin with: Begin, End, and the link between them."""
    begin, end = Block(id="begin", kind="begin", position=(0, 0)), Block(id="end", kind="end", position=(COLUMN, 0))
    link = link_of("begin", outlets_of(begin)[0], "end")
    data = {"name": name.strip(), "object": object_name, "blocks": (begin, end), "links": (link,)}
    return document_from(data, "the workflow")


def link_of(source: str, outlet: str, to: str) -> Link:
    """The link from an outlet to a block."""
    return Link.model_validate({"from": source, "outlet": outlet, "to": to})


def title_of(block: Block) -> str:
    """What a block is called: as the admin named it, else as its kind is."""
    kind = KINDS.get(block.kind)
    return block.title or (block.kind if kind is None else kind.named(block.settings))


def add_block(
    document: WorkflowDocument,
    kind: str,
    *,
    position: Point | None = None,
    after: tuple[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    title: str = "",
) -> tuple[WorkflowDocument, str]:
    """Put a new block in, and say its id. `after` a block's outlet it is wired, before whatever came there till now.

    A UserError for a second Begin.
    """
    document = settled(document)
    _refuse_too_many(len(document.blocks) + 1)
    if kind == "begin" and document.of_kind("begin"):
        raise UserError("A workflow has one Begin, and it is there already.")
    block_id = free_id(title or kind, [block.id for block in document.blocks])
    block = _checked(id=block_id, kind=kind, title=title.strip(), settings=dict(settings or {}))
    if block.is_comment and after is not None:
        # It lies beside the block after which a step would have come.
        position, after = position or _place_above(document, after[0]), None
    if after is None:
        block = block.model_copy(update={"position": position or free_place(document, (0, 0))})
        return _with(document, blocks=(*document.blocks, block)), block_id
    source, outlet = after
    follower = document.link(source, outlet)
    place = position or _place_after(document, source, outlet)
    block = block.model_copy(update={"position": place})
    document = _with(document, blocks=(*document.blocks, block))
    document = connect(document, source, outlet, block_id)
    leaving = outlets_of(block)
    if follower is not None and leaving:
        document = connect(document, block_id, leaving[0], follower.to)
        if position is None:
            document = _make_room(document, block_id, follower.to)
    return document, block_id


def remove_blocks(document: WorkflowDocument, ids: Iterable[str]) -> WorkflowDocument:
    """Take blocks out; where one had one way in and one way out, the blocks on its sides are linked instead.

    A UserError for Begin, which stays.
    """
    going = set(ids)
    begins = [block.id for block in document.of_kind("begin")]
    if begins and going.issuperset(begins):
        going.discard(begins[0])
        if not going:
            raise UserError("Begin stays: every workflow has one.")
    links = list(document.links)
    for block in [block.id for block in document.blocks if block.id in going]:
        entering = [link for link in links if link.to == block]
        leaving = [link for link in links if link.source == block]
        links = [link for link in links if block not in {link.source, link.to}]
        if len(entering) == 1 and len(leaving) == 1:
            links.append(entering[0].model_copy(update={"to": leaving[0].to}))
    blocks = tuple(block for block in document.blocks if block.id not in going)
    return _with(document, blocks=blocks, links=tuple(links))


def refusals(document: WorkflowDocument, source: str, outlet: str) -> dict[str, str]:
    """Why an outlet cannot lead to some of the blocks, in a sentence for each; all others it can lead to."""
    block = document.block(source)
    if block is None:
        raise UserError(f"There is no block {source} any more.")
    known = outlets_of(block)
    if outlet not in known:
        raise UserError(f"{title_of(block)} has no outlet “{outlet}”. It has: {', '.join(known) or 'none'}.")
    found = {begin.id: NOT_TO_BEGIN for begin in document.of_kind("begin")}
    found |= {note.id: NOT_TO_A_COMMENT for note in document.of_kind(COMMENT)}
    before: dict[str, list[str]] = {}
    for link in document.links:
        before.setdefault(link.to, []).append(link.source)
    # From each block that leads here, the next one on the way here.
    towards, waiting = {source: ""}, [source]
    for here in waiting:
        for other in before.get(here, ()):
            if other not in towards:
                towards[other] = here
                waiting.append(other)
    titles = {each.id: title_of(each) for each in document.blocks}
    for other, next_on_way in towards.items():
        way, here = [titles.get(other, other)], next_on_way
        while here:
            way.append(titles.get(here, here))
            here = towards[here]
        if other == source:
            found.setdefault(other, "A block cannot lead to itself.")
        else:
            found.setdefault(other, f"The way would lead round in a circle: {' → '.join((*_shortened(way), way[0]))}.")
    return found


def way_between(document: WorkflowDocument, start: str, end: str) -> tuple[Link, ...]:
    """The links of a shortest way from one block to another; none where there is no way."""
    leaving: dict[str, list[Link]] = {}
    for link in document.links:
        leaving.setdefault(link.source, []).append(link)
    by: dict[str, Link] = {}
    waiting = [start]
    for here in waiting:
        for link in leaving.get(here, ()):
            if link.to not in by and link.to != start:
                by[link.to] = link
                waiting.append(link.to)
    found: list[Link] = []
    while end != start and end in by:
        found.append(by[end])
        end = by[end].source
    return tuple(reversed(found))


def connect(document: WorkflowDocument, source: str, outlet: str, to: str) -> WorkflowDocument:
    """Let an outlet lead to a block, and no more to where it led before. A UserError says why it cannot lead there."""
    refused = refusals(document, source, outlet).get(to)
    if refused:
        raise UserError(refused)
    if document.block(to) is None:
        raise UserError(f"There is no block {to} any more.")
    old = document.link(source, outlet)
    if old is None:
        return _with(document, links=(*document.links, link_of(source, outlet, to)))
    new = old.model_copy(update={"to": to})
    return _with(document, links=tuple(new if link is old else link for link in document.links))


def disconnect(document: WorkflowDocument, link: Link) -> WorkflowDocument:
    """Take a link away."""
    return _with(document, links=tuple(each for each in document.links if each != link))


def label_link(document: WorkflowDocument, link: Link, label: str) -> tuple[WorkflowDocument, Link]:
    """Write something on a link, or nothing any more; the link as it is then.

    A UserError where it is gone, or the words are too long.
    """
    if link not in document.links:
        raise UserError("This wire is not there any more.")
    try:
        new = Link.model_validate({**link.model_dump(by_alias=True), "label": label.strip()})
    except ValidationError as error:
        raise UserError(explain(error)) from None
    return _with(document, links=tuple(new if each == link else each for each in document.links)), new


def move_blocks(document: WorkflowDocument, to: Mapping[str, Point]) -> WorkflowDocument:
    """Put blocks elsewhere."""
    document = settled(document)
    blocks = tuple(
        block.model_copy(update={"position": to[block.id]})
        if to.get(block.id, block.position) != block.position
        else block
        for block in document.blocks
    )
    return _with(document, blocks=blocks)


def move_along(document: WorkflowDocument, block_id: str, step: int) -> WorkflowDocument:
    """Let a block change places with the one before (-1) or after (1) it, where one way leads through both.

    A UserError where there is no such way.
    """
    document = settled(document)
    block = document.block(block_id)
    other_id = _beside(document, block_id, step)
    other = None if other_id is None else document.block(other_id)
    if block is None or other is None or not outlets_of(other) or other.kind == "begin":
        raise UserError(
            f"{title_of(block) if block else block_id} cannot move further {'up' if step < 0 else 'down'}: "
            "there is no block beside it that one way leads through."
        )
    first, second = (other, block) if step < 0 else (block, other)
    first_out, second_out = outlets_of(first)[0], outlets_of(second)[0]
    links = []
    for link in document.links:
        if link.to == first.id:
            links.append(link.model_copy(update={"to": second.id}))
        elif (link.source, link.outlet) == (first.id, first_out):
            links.append(link.model_copy(update={"source": second.id, "outlet": second_out, "to": first.id}))
        elif (link.source, link.outlet) == (second.id, second_out):
            links.append(link.model_copy(update={"source": first.id, "outlet": first_out}))
        else:
            links.append(link)
    places = {} if not (first.position and second.position) else {first.id: second.position, second.id: first.position}
    return move_blocks(_with(document, links=tuple(links)), places)


def retitle(document: WorkflowDocument, block_id: str, title: str) -> WorkflowDocument:
    """Call a block something else; empty, it is called as its kind is."""
    return _replaced(document, block_id, title=title.strip())


def with_settings(document: WorkflowDocument, block_id: str, settings: Mapping[str, Any]) -> WorkflowDocument:
    """Give a block other settings; links of outlets that it has no more are taken away."""
    before = document.block(block_id)
    document = _replaced(document, block_id, settings=dict(settings))
    after = document.block(block_id)
    if before is None or after is None:
        return document
    gone = set(outlets_of(before)) - set(outlets_of(after))
    if not gone:
        return document
    return _with(
        document,
        links=tuple(link for link in document.links if link.source != block_id or link.outlet not in gone),
    )


def rename_outlets(document: WorkflowDocument, block_id: str, settings: Mapping[str, Any]) -> WorkflowDocument:
    """Where other settings only call one outlet something else, let its link follow."""
    block = document.block(block_id)
    if block is None:
        return document
    before, after = outlets_of(block), outlets_of(block.model_copy(update={"settings": dict(settings)}))
    renamed = {old: new for old, new in zip(before, after, strict=False) if old != new}
    if len(before) != len(after) or len(renamed) != 1 or set(renamed.values()) & set(before):
        return document
    links = tuple(
        link.model_copy(update={"outlet": renamed[link.outlet]})
        if link.source == block_id and link.outlet in renamed
        else link
        for link in document.links
    )
    return _with(document, links=links)


def with_details(document: WorkflowDocument, name: str, description: str, object_name: str) -> WorkflowDocument:
    """Give the workflow itself another name, description or kind of record."""
    data = {
        "name": name.strip(),
        "description": description.strip(),
        "object": object_name,
        "blocks": document.blocks,
        "links": document.links,
    }
    return document_from(data, "the workflow")


def copy_text(document: WorkflowDocument, ids: Collection[str]) -> str:
    """Blocks and the links between them, as text for the clipboard."""
    wanted = set(ids)
    clipping = Clipping(
        blocks=tuple(block for block in settled(document).blocks if block.id in wanted),
        links=tuple(link for link in document.links if {link.source, link.to} <= wanted),
    )
    return clipping.model_dump_json(by_alias=True, exclude_none=True, indent=2)


def paste(document: WorkflowDocument, text: str, at: Point | None) -> tuple[WorkflowDocument, tuple[str, ...]]:
    """Put copied blocks in, with their upper left corner here, or a little off from where they stood.

    A UserError where there is nothing on the clipboard that could be put in.
    """
    if len(text.encode()) > LARGEST_FILE:
        raise UserError("What is on the clipboard is larger than 10 MB: those are no blocks of a workflow.")
    try:
        clipping = Clipping.model_validate_json(text)
    except ValidationError:
        clipping = Clipping(blocks=())
    if not clipping.blocks:
        raise UserError("There are no blocks on the clipboard. Copy some on a canvas first.")
    if len({block.id for block in clipping.blocks}) < len(clipping.blocks):
        raise UserError("Two of the blocks on the clipboard have the same id. Copy them again on a canvas.")
    document = settled(document)
    has_begin = bool(document.of_kind("begin"))
    copied = [block for block in clipping.blocks if not (has_begin and block.kind == "begin")]
    if not copied:
        raise UserError("There is only a Begin on the clipboard, and the workflow has one already.")
    _refuse_too_many(len(document.blocks) + len(copied))
    taken = {block.id for block in document.blocks}
    names: dict[str, str] = {}
    for block in copied:
        # The copy of a second one is a third one.
        names[block.id] = free_id(_NUMBER.sub("", block.id), taken)
        taken.add(names[block.id])
    where = positions(_with(document, blocks=tuple(copied), links=clipping.links))
    left, top = min(x for x, _y in where.values()), min(y for _x, y in where.values())
    across, down = (_PASTE_OFFSET, _PASTE_OFFSET) if at is None else (at[0] - left, at[1] - top)
    new = tuple(
        block.model_copy(
            update={"id": names[block.id], "position": (where[block.id][0] + across, where[block.id][1] + down)}
        )
        for block in copied
    )
    links = tuple(
        link.model_copy(update={"source": names[link.source], "to": names[link.to]})
        for link in clipping.links
        if link.source in names and link.to in names
    )
    pasted = _with(document, blocks=(*document.blocks, *new), links=(*document.links, *links))
    return pasted, tuple(block.id for block in new)


def _with(document: WorkflowDocument, **changes: Any) -> WorkflowDocument:
    # Blocks and links have been checked one by one: a thousand are not checked again for each edit.
    return document.model_copy(update=changes)


def _checked(**values: Any) -> Block:
    try:
        return Block(**values)
    except ValidationError as error:
        raise UserError(explain(error)) from None


def _replaced(document: WorkflowDocument, block_id: str, **changes: Any) -> WorkflowDocument:
    old = document.block(block_id)
    if old is None:
        raise UserError(f"There is no block {block_id} any more.")
    values = {"id": old.id, "kind": old.kind, "title": old.title, "settings": old.settings, "position": old.position}
    new = _checked(**{**values, **changes})
    return _with(document, blocks=tuple(new if block is old else block for block in document.blocks))


def _refuse_too_many(count: int) -> None:
    if count > MOST_BLOCKS:
        raise UserError(f"A workflow has {MOST_BLOCKS:,} blocks at most. Let another workflow do the rest.")


def _shortened(way: list[str]) -> list[str]:
    return way if len(way) <= 6 else [*way[:3], "…", *way[-2:]]


def _beside(document: WorkflowDocument, block_id: str, step: int) -> str | None:
    """The block before or after on the main way, if no other way leads in between."""
    if step < 0:
        entering = [link for link in document.links if link.to == block_id]
        source = document.block(entering[0].source) if len(entering) == 1 else None
        is_main = source is not None and outlets_of(source)[:1] == (entering[0].outlet,)
        return source.id if source is not None and is_main else None
    block = document.block(block_id)
    main = next(iter(outlets_of(block)), "") if block is not None else ""
    link = document.link(block_id, main)
    is_alone = link is not None and sum(1 for each in document.links if each.to == link.to) == 1
    return link.to if link is not None and is_alone else None


def _place_after(document: WorkflowDocument, source: str, outlet: str) -> Point:
    block = document.block(source)
    if block is None or block.position is None:
        return 0, 0
    known = outlets_of(block)
    is_first = outlet == known[0] if known else True
    wanted = block.position[0] + COLUMN, block.position[1] + (0 if is_first else ROW)
    # Where the next block stands, it makes room; elsewhere the new one gives way.
    follower = document.link(source, outlet)
    next_block = None if follower is None else document.block(follower.to)
    if next_block is not None and next_block.position == wanted:
        return wanted
    return free_place(document, wanted)


def _place_above(document: WorkflowDocument, block_id: str) -> Point:
    """A free place for a comment above a block, with room for it to grow by some lines."""
    block = document.block(block_id)
    x, y = (0, 0) if block is None or block.position is None else block.position
    return free_place(document, (x, y - ROW - 2 * GRID))


def free_place(document: WorkflowDocument, wanted: Point) -> Point:
    """The first place from here downwards where no other block would be covered."""
    others = [(*block.position, height_of(block)) for block in document.blocks if block.position is not None]
    x, y = wanted
    while any(
        abs(x - left) < BLOCK_WIDTH + GRID and top - BLOCK_HEIGHT - GRID < y < top + tall + GRID
        for left, top, tall in others
    ):
        y += ROW
    return x, y


def _make_room(document: WorkflowDocument, block_id: str, follower: str) -> WorkflowDocument:
    """Push what comes after a new block to the right, as far as it takes."""
    new, next_block = document.block(block_id), document.block(follower)
    if new is None or next_block is None or new.position is None or next_block.position is None:
        return document
    missing = new.position[0] + COLUMN - next_block.position[0]
    if missing <= 0 or next_block.position[0] < new.position[0]:
        return document
    pushed = document.reached_from(follower)
    return move_blocks(
        document,
        {
            block.id: (block.position[0] + missing, block.position[1])
            for block in document.blocks
            if block.id in pushed and block.position is not None and block.position[0] >= next_block.position[0]
        },
    )
