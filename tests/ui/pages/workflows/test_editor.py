"""One workflow in the window: its design is saved when somebody says so, its runs and versions are there."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from saasdesk.store.unsaved import UnsavedCopies
from saasdesk.ui.shortcut_sheet import ShortcutSheet
from saasdesk.ui.widgets.buttons import TextButton
from saasdesk.workflows import editing, workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.workflow import WorkflowState
from tests.ui.conftest import press
from tests.ui.pages.workflows.conftest import Bench, said

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_edits_are_kept_by_save_and_make_a_draft_of_what_was_launched(bench: Bench) -> None:
    page = bench.editor()
    assert page.design is not None
    assert page.run.isVisible()

    # The sheet of shortcuts knows the keys of the canvas, which are no commands of the window.
    bench.window.show_shortcuts()
    sheet = bench.window.findChild(ShortcutSheet)
    assert sheet is not None
    assert {"Move what is selected", "Walk along the wires"} <= {label.text() for label in sheet.findChildren(QLabel)}
    sheet.close()

    # A block that stands elsewhere changes nothing of what is launched.
    page.design.model.edit("Move", editing.move_blocks(page.design.model.document, {"delete": (960, 320)}))
    assert page.is_dirty
    assert page.run.isVisible()
    assert not page.launch.isVisible()
    page.save()
    bench.wait(lambda: not page.is_dirty)
    kept = workflows.find_workflow(bench.workshop.store, "Leavers")
    assert (kept.state, kept.version) == (WorkflowState.ACTIVE, 1)

    document, _ = editing.add_block(page.design.model.document, "end")
    page.design.model.edit("Add End", document)
    assert page.is_dirty
    assert page.launch.isVisible()
    page.save()

    bench.wait(lambda: not page.is_dirty)
    saved = workflows.find_workflow(bench.workshop.store, "Leavers")
    assert (saved.state, saved.version) == (WorkflowState.DRAFT, 2)
    bench.wait(lambda: page.state.status.word == "Draft 2")

    # Somebody else keeps another document while this one is edited: that is told, and either can be had.
    document, _ = editing.add_block(page.design.model.document, "notification")
    page.design.model.edit("Add Notification", document)
    workflows.save_workflow(bench.workshop.store, editing.with_details(saved.document, "Leavers", "Theirs", "people"))
    page.refresh()
    bench.wait(page.banner.isVisible)
    assert page.is_dirty
    page.undo.click()
    document = page.design.model.document
    page.save()

    # An End to which no way leads keeps it from being launched: what is wrong is shown instead.
    page.launch.click()
    assert page.design.model.selection == (document.blocks[-1].id,)
    page.undo.click()
    bench.wait(lambda: page.is_dirty)


def test_that_in_a_narrow_window_no_button_is_cut_and_what_has_no_room_is_in_the_menu(bench: Bench) -> None:
    page = bench.editor()
    assert page.design is not None
    page.design.model.edit("Rename", editing.retitle(page.design.model.document, "delete", "Away"))

    # As much room as a window of 1280 pixels leaves at 200 %.
    page.setMaximumWidth(580)

    bench.wait(lambda: not page.save_button.isVisible())
    shown = [button for button in page.header.findChildren(TextButton) if button.isVisible()]
    assert [button.label for button in shown] == ["Launch"]
    bench.wait(lambda: all(button.width() >= button.sizeHint().width() for button in shown))
    page.more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Save").trigger()
    menu.close()
    bench.wait(lambda: not page.is_dirty)


def test_what_was_not_saved_comes_back_after_a_crash(bench: Bench) -> None:
    copies = UnsavedCopies(bench.workshop.store.profile.folder, "workflow", WorkflowDocument)
    document, added = editing.add_block(bench.workflow.document, "notification")
    copies.keep(bench.workflow.id, bench.workflow.version, document)

    page = bench.editor()

    assert page.banner.isVisible()
    press(page.banner, "Restore")
    assert page.design is not None
    assert page.design.model.document.block(added) is not None
    assert page.is_dirty

    # It never ran: there is nothing to try again.
    page.tabs.set_current("runs")
    bench.wait(lambda: not page.runs.retry_button.isEnabled())


def test_a_run_is_seen_step_by_step_and_over_the_blocks(bench: Bench) -> None:
    bench.workshop.go(bench.workflow)
    page = bench.editor(tab="runs")

    bench.wait(lambda: page.runs.current is not None)
    assert "DELETE" in said(page.runs.trace)
    page.runs.trace_button.click()
    assert page.design is not None
    assert page.design.canvas.canvas.trace is not None
    assert page.tabs.current == "design"


def test_an_open_call_is_decided_by_a_person(bench: Bench) -> None:
    bench.workshop.go(bench.workflow)
    bench.workshop.write("UPDATE vendor_action SET state = 'unknown' WHERE id = 1")
    page = bench.editor(tab="runs")
    bench.wait(lambda: page.state.status.word == "1 call is open")

    page.runs.trace.decided.emit(1, True)

    bench.wait(lambda: page.state.status.word == "Active")
    call = next(each for each in bench.workshop.calls() if each.id == 1)
    assert call.state == "resolved"
    assert call.message.endswith("A person looked at the vendor: it was carried out.")


def test_an_earlier_version_is_compared_and_comes_back_as_a_draft(bench: Bench) -> None:
    without = editing.remove_blocks(bench.workflow.document, ["delete"])
    workflows.save_workflow(bench.workshop.store, without)
    page = bench.editor(tab="versions")

    bench.wait(page.versions.restore.isEnabled)
    changes = [line.cells[0].text for line in page.versions.differences.model_of_lines.lines]
    assert "removed" in changes
    drawn = page.versions.drawing.drawing
    assert drawn is not None
    assert drawn.blocks["delete"].look.change == "removed"
    assert {item.change for item in drawn.links.values()} == {"added", "removed"}
    removed = next(number for number, change in enumerate(changes) if change == "removed")
    page.versions.differences.setCurrentIndex(page.versions.differences.model_of_lines.index(removed, 0))
    assert drawn.blocks["delete"].look.is_selected
    page.versions.restore.click()

    bench.wait(lambda: page.tabs.current == "design" and page.state.status.word == "Draft 3")
    assert page.design is not None
    bench.wait(lambda: page.design is not None and page.design.model.document.block("delete") is not None)
    QApplication.processEvents()
