"""The page of all workflows."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from saasdesk.ui.pages.workflows.import_dialog import ImportDialog
from saasdesk.ui.pages.workflows.new_dialog import NewWorkflowDialog
from saasdesk.ui.pages.workflows.page import LIST
from saasdesk.ui.pages.workflows.rename_dialog import RenameDialog
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows.workflows import list_workflows
from tests.ui.pages.workflows.conftest import Bench

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def names(bench: Bench) -> list[str]:
    return [workflow.name for workflow in list_workflows(bench.workshop.store)]


def test_a_workflow_is_made_renamed_copied_paused_and_deleted(bench: Bench) -> None:
    page = bench.overview()
    page.new.click()
    bench.wait(lambda: page.findChild(NewWorkflowDialog))
    dialog = page.findChild(NewWorkflowDialog)
    dialog.keep.click()
    assert "needs a name" in dialog.banner.text
    dialog.name.setText("Movers")
    dialog.keep.click()
    # The new one opens by itself.
    bench.wait(lambda: bench.window.page("workflow") and bench.window.page("workflow").isVisible())

    page = bench.overview()
    bench.wait(lambda: len(page.blocks.tiles) == 2)
    tile = page.blocks.tiles[bench.workflow.id]
    assert (tile.state.status.word, tile.run.isVisible()) == ("Active", True)
    bench.qtbot.keyClick(tile, Qt.Key.Key_F2)
    rename = page.findChild(RenameDialog)
    rename.name.setText("Movers")
    rename.keep.click()
    bench.wait(lambda: "already" in rename.banner.text)
    rename.name.setText("Leavers of PagerDuty")
    rename.keep.click()
    bench.wait(lambda: tile.name.label == "Leavers of PagerDuty")
    assert tile.state.status.word == "Active"

    tile.pressed.emit("pause")
    bench.wait(lambda: tile.state.status.word == "Paused" and tile.resume.isVisible())
    tile.resume.click()
    bench.wait(lambda: tile.state.status.word == "Active")

    tile.pressed.emit("delete")
    question = page.findChild(Question)
    assert "stays in the history" in question.text.text()
    question.buttons[1].click()
    bench.wait(lambda: names(bench) == ["Movers"])


def test_what_is_looked_for_is_found_by_words_and_by_state_in_both_views(bench: Bench) -> None:
    page = bench.overview()

    page.narrowing.filter.setText("nothing like this")
    assert not page.blocks.isVisible()
    page.narrowing.filter.setText("leavers people")
    assert page.blocks.tiles[bench.workflow.id].isVisible()
    page.narrowing.choose_view(LIST)
    bench.wait(lambda: list(page.list.table.model.ids) == [bench.workflow.id])
    page.narrowing.states.choose("draft")
    assert not page.list.isVisible()


def test_the_switch_for_all_of_them_is_seen_and_taken_back(bench: Bench) -> None:
    page = bench.overview()

    page.pause_all.click()

    bench.wait(page.banner.isVisible)
    assert bench.workshop.store.settings().workflows_paused
    assert bench.window.status.workflows.isVisible()
    assert "All paused" in page.blocks.tiles[bench.workflow.id].state.status.word
    page.decisions.set_all_paused(False)
    bench.wait(lambda: not page.banner.isVisible())
    assert not bench.workshop.store.settings().workflows_paused
    assert not bench.window.status.workflows.isVisible()


def test_a_file_is_looked_at_before_anything_is_made_of_it(bench: Bench, tmp_path: Path) -> None:
    page = bench.overview()
    file = tmp_path / "leavers.toml"
    files = page.files
    files.export_to(file, bench.workflow)
    bench.wait(file.exists)

    files.import_from(file)
    bench.wait(lambda: page.findChild(ImportDialog))
    dialog = page.findChild(ImportDialog)
    assert dialog.add.text() == "Add it as “Leavers 2”"
    dialog.keep.click()

    bench.wait(lambda: bench.window.page("workflow") and bench.window.page("workflow").isVisible())
    assert names(bench) == ["Leavers", "Leavers 2"]
