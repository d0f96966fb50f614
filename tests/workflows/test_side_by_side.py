"""Two versions in one drawing."""

from saasdesk.workflows import editing
from saasdesk.workflows.side_by_side import side_by_side
from saasdesk.workflows.versions import compare
from tests.workflows.conftest import document

BEFORE = document()


def test_that_each_block_and_wire_is_marked_by_what_became_of_it() -> None:
    after = editing.remove_blocks(BEFORE, ["delete"])
    after, added = editing.add_block(after, "notification", after=("begin", "next"))
    after = editing.retitle(after, "done", "Over")

    both = side_by_side(BEFORE, after)

    assert both.blocks == {"delete": "removed", added: "added", "done": "changed"}
    marked = {(link.source, link.to): change for link, change in both.links.items()}
    assert marked == {
        ("begin", "delete"): "removed",
        ("delete", "done"): "removed",
        ("begin", added): "added",
        (added, "done"): "added",
    }
    assert {link for link in both.document.links if link not in both.links} == set()


def test_that_what_is_gone_covers_nothing_that_is_there() -> None:
    after = editing.remove_blocks(BEFORE, ["delete"])
    there = editing.move_blocks(BEFORE, {}).block("delete")
    assert there is not None
    after, added = editing.add_block(after, "notification", position=there.position)

    both = side_by_side(BEFORE, after)

    gone, new = both.document.block("delete"), both.document.block(added)
    assert gone is not None
    assert new is not None
    assert gone.position != new.position
    assert new.position == there.position


def test_that_a_block_that_only_stands_elsewhere_has_no_mark() -> None:
    both = side_by_side(BEFORE, editing.move_blocks(BEFORE, {"delete": (800, 800)}))

    assert both.blocks == {}
    assert both.links == {}


def test_that_a_wire_that_says_something_else_is_changed_and_neither_new_nor_gone() -> None:
    before = editing.new_document("Leavers", "people")
    after, labelled = editing.label_link(before, before.links[0], "whoever left")

    both = side_by_side(before, after)

    assert both.links == {labelled: "changed"}
    assert both.document.links == (labelled,)
    (difference,) = compare(before, after)
    assert (difference.change, difference.before, difference.after) == ("changed", "", "whoever left")
    assert difference.what == "Wire Begin, next → End: label"
