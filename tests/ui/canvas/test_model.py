"""One document for all views: edits are steps that can be undone, and what is wrong follows them."""

from pytestqt.qtbot import QtBot

from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.workflows import editing
from saasdesk.workflows.graph import document_from
from tests.ui.canvas.conftest import Clock, world


def rename(model: WorkflowModel, title: str) -> None:
    model.edit("Rename the block", editing.retitle(model.document, "end", title), merge="end title")


def test_that_an_edit_is_undone_and_done_again_by_its_name(model: WorkflowModel) -> None:
    before = model.document
    model.edit("Delete Notification", editing.remove_blocks(before, ["notification"]))
    after = model.document

    assert model.undo_stack.undoText() == "Delete Notification"
    assert not model.undo_stack.isClean()
    model.undo_stack.undo()
    assert (model.document, model.undo_stack.isClean()) == (before, True)
    model.undo_stack.redo()
    assert model.document == after


def test_that_typing_is_one_step_until_it_pauses_or_the_field_is_left(model: WorkflowModel, clock: Clock) -> None:
    for title in ("D", "Do", "Don"):
        clock.now += 0.5
        rename(model, title)
    assert model.undo_stack.count() == 1

    clock.now += 0.8
    rename(model, "Done")
    assert model.undo_stack.count() == 2

    model.end_merge()
    rename(model, "Done!")
    assert model.undo_stack.count() == 3
    model.undo_stack.undo()
    model.undo_stack.undo()
    assert editing.title_of(model.document.blocks[1]) == "Don"


def test_that_what_was_saved_in_the_middle_of_typing_can_be_gone_back_to(model: WorkflowModel) -> None:
    rename(model, "D")
    model.undo_stack.setClean()
    rename(model, "Do")

    assert not model.undo_stack.isClean()
    model.undo_stack.undo()
    assert model.undo_stack.isClean()


def test_that_an_edit_that_changes_nothing_is_no_step(model: WorkflowModel) -> None:
    model.edit("Move", model.document.model_copy())

    assert model.undo_stack.isClean()


def test_that_a_block_that_is_gone_is_selected_no_more(model: WorkflowModel) -> None:
    heard: list[tuple[str, ...]] = []
    model.selected.connect(lambda: heard.append(model.selection))
    model.select(["end", "notification", "nobody"])

    model.edit("Delete", editing.remove_blocks(model.document, ["notification"]))

    assert heard == [("end", "notification"), ("end",)]
    assert model.current is model.document.block("end")


def test_that_problems_follow_an_edit(qtbot: QtBot, model: WorkflowModel) -> None:
    model.validate()
    assert model.problems == ()

    with qtbot.waitSignal(model.problems_changed):
        model.edit("Delete", editing.remove_blocks(model.document, ["end"]))
    assert "A workflow needs an End." in [problem.message for problem in model.problems]

    model.undo_stack.undo()
    model.validate()
    assert model.problems == ()


def test_that_a_file_without_places_is_placed_and_there_is_nothing_to_save(qapp: object) -> None:
    data = {
        "name": "x",
        "object": "people",
        "block": [{"id": "begin", "kind": "begin"}, {"id": "end", "kind": "end"}],
        "link": [{"from": "begin", "outlet": "next", "to": "end"}],
    }

    model = WorkflowModel(document_from(data, "the test"), world)

    assert all(block.position is not None for block in model.document.blocks)
    assert model.undo_stack.isClean()
