"""Comments: notes that lie on the canvas, and change nothing of what a workflow does."""

import pytest

from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.workflows import editing
from saasdesk.workflows.graph import WorkflowDocument, parse_document
from saasdesk.workflows.layout import auto_layout, height_of
from saasdesk.workflows.validation import problems_of
from tests.workflows.conftest import Workshop, document
from tests.workflows.test_graph import WORLD

TEXT = "Ask the on-call lead first.\nShe knows who is on which schedule."


def commented() -> tuple[WorkflowDocument, str]:
    return editing.add_block(document(), "comment", after=("delete", "success"), settings={"text": TEXT})


def test_that_a_comment_lies_beside_the_way_and_is_no_problem() -> None:
    written, comment = commented()

    assert written.links == document().links
    assert {block.id for block in written.steps} == {"begin", "delete", "done"}
    assert problems_of(written, WORLD) == []
    there, block = written.block(comment), written.block("delete")
    assert there is not None
    assert block is not None
    assert block.position is not None
    assert there.position is not None
    assert there.position[0] == block.position[0]
    assert there.position[1] + height_of(there) < block.position[1]


def test_that_a_file_keeps_a_comment_with_its_lines() -> None:
    written, comment = commented()

    read = parse_document(to_toml(written)).block(comment)

    assert read is not None
    assert read.settings == {"text": TEXT}


def test_that_no_wire_leads_to_a_comment() -> None:
    written, comment = commented()

    with pytest.raises(UserError, match="A comment is no step"):
        editing.connect(written, "delete", "failure", comment)

    link = editing.link_of("delete", "failure", comment)
    by_hand = written.model_copy(update={"links": (*written.links, link)})
    (problem,) = problems_of(by_hand, WORLD)
    assert (problem.block, problem.message, problem.fix) == (comment, editing.NOT_TO_A_COMMENT, "remove_link")


def test_that_tidying_up_carries_a_comment_along_with_the_block_beside_it() -> None:
    written, comment = commented()
    moved = editing.move_blocks(written, {"delete": (2_000, 900), comment: (2_032, 804)})

    found = auto_layout(moved)

    assert (found[comment][0] - found["delete"][0], found[comment][1] - found["delete"][1]) == (32, -96)


def test_that_a_comment_grows_with_its_text_and_not_without_end() -> None:
    written, comment = commented()
    short, long, endless = (
        editing.with_settings(written, comment, {"text": text}).block(comment) for text in ("", TEXT, TEXT * 20)
    )

    assert short is not None
    assert long is not None
    assert endless is not None
    assert height_of(short) < height_of(long) < height_of(endless) < 500


def test_that_a_workflow_with_a_comment_does_what_it_did(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(2))
    written, _comment = commented()

    plan = workshop.plan(workshop.launch(written))

    assert len(plan.ways) == 2
    assert all(len(way.requests) == 1 for way in plan.ways)
