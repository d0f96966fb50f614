"""Copies, other names and files of workflows; and how all of them stand."""

from pathlib import Path

import pytest

from saasdesk.definitions import write_file
from saasdesk.errors import UserError
from saasdesk.workflows import editing, keeping, workflows
from saasdesk.workflows.editing import new_document
from saasdesk.workflows.overview import standings
from saasdesk.workflows.runner import RunState
from saasdesk.workflows.workflow import WorkflowState
from tests.workflows.conftest import Workshop, document


def test_a_renamed_workflow_runs_on_under_its_new_name(workshop: Workshop) -> None:
    launched = workshop.launch()

    renamed = keeping.rename_workflow(workshop.store, launched, "  Leavers of PagerDuty ")

    assert renamed.name == "Leavers of PagerDuty"
    assert (renamed.state, renamed.version, renamed.launched_version) == (launched.state, 1, 1)


def test_that_blocks_which_were_only_moved_and_comments_leave_a_launched_workflow_running(workshop: Workshop) -> None:
    launched = workshop.launch()
    moved = editing.move_blocks(launched.document, {"delete": (640, 320)})
    moved, _comment = editing.add_block(moved, "comment", settings={"text": "Ask first"})

    saved = workflows.save_workflow(workshop.store, moved)

    assert saved.document == moved
    assert (saved.state, saved.version, saved.launched_version) == (WorkflowState.ACTIVE, 1, 1)
    changed = workflows.save_workflow(workshop.store, editing.retitle(moved, "delete", "Away"))
    assert (changed.state, changed.version) == (WorkflowState.DRAFT, 2)


def test_a_name_that_is_taken_is_refused_and_a_copy_gets_a_number(workshop: Workshop) -> None:
    first = workflows.save_workflow(workshop.store, document())
    other = workflows.save_workflow(workshop.store, document("Movers"))

    with pytest.raises(UserError, match="There is a workflow “Leavers” already"):
        keeping.rename_workflow(workshop.store, other, "Leavers")
    assert keeping.add_workflow(workshop.store, first.document).name == "Leavers 2"
    assert keeping.add_workflow(workshop.store, first.document).name == "Leavers 3"


def test_a_file_brings_back_the_same_workflow_and_says_whom_it_could_change(workshop: Workshop, tmp_path: Path) -> None:
    saved = workflows.save_workflow(workshop.store, document())
    file = tmp_path / "leavers.toml"

    write_file(file, saved.document)
    found = keeping.look_at(workshop.store, keeping.read_document(file))

    assert found.is_same
    assert found.may_replace
    assert found.free_name == "Leavers 2"


def test_a_standing_says_what_a_draft_lacks_and_how_the_last_run_came_out(workshop: Workshop) -> None:
    workflows.save_workflow(workshop.store, new_document("Half done", "people"))
    workshop.leave(*workshop.addresses(1))
    launched = workshop.launch()
    result = workshop.go(launched)

    half_done, leavers = standings(workshop.store, workshop.vault)

    assert half_done.word == "draft"
    assert result.count(RunState.COMPLETED) == 1
    assert leavers.word == "active"
    assert leavers.last is not None
    assert not leavers.needs_attention


def test_calls_that_nobody_knows_of_come_before_everything_else(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    launched = workshop.launch()
    workshop.go(launched)
    workshop.write("UPDATE vendor_action SET state = 'unknown'")

    (standing,) = standings(workshop.store, workshop.vault)

    assert (standing.word, standing.open_calls, standing.needs_attention) == ("review", 1, True)


def test_a_run_tells_of_each_record_as_it_is_through(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(2))
    news: list[object] = []

    result = workshop.go(workshop.launch(), tell=news.append)

    assert [each for each in news if each in result.ended] == list(result.ended)
    assert all(each.record for each in result.ended)
