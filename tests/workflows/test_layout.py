"""Tidying up: columns from left to right, nothing on top of anything, the same every time."""

from itertools import combinations

from saasdesk.workflows import editing
from saasdesk.workflows.graph import Link, WorkflowDocument, document_from
from saasdesk.workflows.layout import BLOCK_HEIGHT, BLOCK_WIDTH, COLUMN, GRID, auto_layout, positions, settled


def many(count: int) -> WorkflowDocument:
    """A workflow with forks, ways that meet again, and long ways past other blocks."""
    blocks = [{"id": f"b{n}", "kind": "begin" if n == 0 else "api"} for n in range(count)]
    links = [
        {"from": f"b{(n - 1) // 2}", "outlet": ("success", "failure")[n % 2], "to": f"b{n}"} for n in range(1, count)
    ]
    links += [{"from": f"b{n}", "outlet": "not_found", "to": f"b{count - 1}"} for n in range(1, count // 2)]
    return document_from({"name": "many", "object": "people", "block": blocks, "link": links}, "the test")


def test_that_every_link_leads_to_the_right_and_no_block_covers_another() -> None:
    document = many(60)

    found = auto_layout(document)

    assert found.keys() == {block.id for block in document.blocks}
    for link in document.links:
        assert found[link.to][0] - found[link.source][0] >= COLUMN
    for (x, y), (left, top) in combinations(found.values(), 2):
        assert abs(x - left) >= BLOCK_WIDTH or abs(y - top) >= BLOCK_HEIGHT + GRID
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in found.values())


def test_that_the_same_workflow_is_laid_out_the_same_way_twice() -> None:
    document = settled(many(40))

    once = editing.move_blocks(document, auto_layout(document))

    assert auto_layout(once) == positions(once)


def test_that_the_way_that_goes_well_is_straight_and_failures_are_below() -> None:
    document = editing.new_document("x", "people")
    document, api = editing.add_block(document, "api", after=("begin", "next"))
    document, told = editing.add_block(document, "notification", after=(api, "failure"))
    document = editing.connect(document, told, "success", "end")

    found = auto_layout(document)

    assert found["begin"][1] == found[api][1]
    assert found[told][1] > found[api][1]


def test_that_a_selection_is_tidied_where_it_stands_and_the_rest_stays() -> None:
    document = settled(many(20))
    document = editing.move_blocks(document, {"b3": (4_000, 800), "b7": (4_016, 816)})

    assert auto_layout(document, ["b3", "b7"]) == {"b3": (4_000, 800), "b7": (4_000 + COLUMN, 800)}


def test_that_a_circle_from_a_file_written_by_hand_is_laid_out_all_the_same() -> None:
    document = many(6)
    circle = document.model_copy(update={"links": (*document.links, Link(source="b5", to="b1"))})

    assert len(set(auto_layout(circle).values())) == 6


def test_that_blocks_that_were_never_placed_stand_below_those_that_were() -> None:
    document = settled(many(4))
    document = document.model_copy(
        update={"blocks": (*document.blocks, document.blocks[1].model_copy(update={"id": "new", "position": None}))}
    )

    lowest = max(y for block, (_x, y) in positions(document).items() if block != "new")
    assert positions(document)["new"][1] > lowest
    assert settled(document).block("b1") == document.block("b1")
