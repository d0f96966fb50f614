"""The plan of a workflow in the window: what it would do, what has to be typed, and what came of it."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.ui.dialogs.confirmation import ConfirmationDialog
from saasdesk.ui.pages.workflows.plan.contents import DESTROYS, HELD
from saasdesk.ui.pages.workflows.plan.details import WayDetails
from saasdesk.ui.pages.workflows.plan.export import exported
from saasdesk.ui.pages.workflows.plan.lines import kinds
from saasdesk.ui.pages.workflows.plan.page import WorkflowPlanPage
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.tag import tag_size
from saasdesk.workflows import workflows
from saasdesk.workflows.held import tell_of_held, why_held
from saasdesk.workflows.workflow import WorkflowState
from tests.ui.pages.workflows.conftest import Bench, said
from tests.workflows.conftest import document
from tests.workflows.test_danger import plan_of

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_run_wants_the_number_typed_and_shows_what_reading_back_said(bench: Bench) -> None:
    page = bench.plan()
    before = bench.workshop.at_vendor()
    assert page.contents is not None
    assert page.contents.counts[DESTROYS] == 3

    # One of the three stays: two are asked about, and two are gone.
    page.ticks.toggle(page.table.model_of_lines.lines[0])
    page.foot.act_for_good.click()
    dialog = page.findChild(ConfirmationDialog)
    assert dialog.windowTitle() == "Delete 2 people in PagerDuty?"
    dialog.field.setText("3")
    assert not dialog.confirm.isEnabled()
    dialog.field.setText("2")
    dialog.confirm.click()

    bench.wait(page.foot.runs.isVisible)
    bench.wait(lambda: [line.cells[-1].words for line in page.table.model_of_lines.lines].count("Completed: gone") == 2)
    assert len(before - bench.workshop.at_vendor()) == 2
    assert not page.foot.act_for_good.isVisible()


def test_what_the_caps_hold_back_is_shown_and_has_no_box(bench: Bench) -> None:
    bench.workshop.store.save_setting("destructive_calls_per_run", "2")

    page = bench.plan()

    assert page.contents is not None
    assert page.contents.counts[HELD] == 1
    page.table.setCurrentIndex(page.table.model_of_lines.index(0, 1))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    bench.wait(lambda: bench.window.current_page is bench.window.page("person"))
    bench.window.go_back()
    assert bench.window.current_page is page
    states = [page.ticks.state(line) for line in page.table.model_of_lines.lines]
    assert states.count(None) == 1
    assert states.count(Qt.CheckState.Checked) == 2


def test_a_draft_is_launched_from_its_plan_after_its_number_was_typed(bench: Bench) -> None:
    draft = workflows.save_workflow(bench.workshop.store, document("Movers"))
    page = bench.plan(draft.id)

    page.foot.launch.setFocus()
    page.foot.launch.click()
    dialog = page.findChild(ConfirmationDialog)
    assert "From then on it can be run by hand" in said(dialog)
    dialog.field.setText("3")
    dialog.confirm.click()

    bench.wait(
        lambda: (
            workflows.find_workflow(bench.workshop.store, "Movers").state is WorkflowState.ACTIVE
            and page.foot.act_for_good.isVisible()
        )
    )
    assert bench.window.focusWidget() is page.foot.act_for_good
    assert bench.workshop.calls() == []


def test_whoever_waits_for_an_answer_is_not_said_to_be_left_alone(bench: Bench) -> None:
    ask = {"id": "ask", "kind": "approval", "settings": {"subject": "Go on with {{ name }}?"}}
    blocks = [*document().model_dump(by_alias=True, mode="json")["block"][::2], ask]
    links = [
        {"from": "begin", "outlet": "next", "to": "ask"},
        {"from": "ask", "outlet": "approved", "to": "done"},
        {"from": "ask", "outlet": "rejected", "to": "done"},
    ]
    asks = bench.workshop.launch(document("Asks", block=blocks, link=links))
    page = bench.plan(asks.id)

    page.foot.run.click()

    bench.wait(page.foot.runs.isVisible)
    assert {line.cells[-1].words for line in page.table.model_of_lines.lines} == {"Waiting"}
    assert "0 of 3 came through, 3 wait on their way" in said(page)
    assert "Questions stand in Activity, Approvals" in said(page)


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("jumpcloud_suspend_user", "JumpCloud Activate User takes it back."),
        ("jumpcloud_delete_user", "Nothing takes it back."),
    ],
)
def test_a_request_says_what_takes_it_back(qtbot: QtBot, theme: Theme, preset: str, words: str) -> None:
    details = WayDetails(theme)
    qtbot.addWidget(details)

    details.show_way(plan_of(preset).ways[0])

    assert words in said(details)


def test_the_plan_of_one_record_is_about_nobody_else_and_goes_to_a_file(bench: Bench, tmp_path: Path) -> None:
    record = int(str(bench.workshop.value("SELECT id FROM person WHERE role = 'Leaver' LIMIT 1")))

    page = bench.plan((bench.workflow.id, (record,)))

    contents = page.contents
    assert contents is not None
    assert [way.record for way in contents.plan.ways] == [record]
    assert "1 person matches what Begin says" in said(page)
    room = page.table.columnWidth(3) - 2 * bench.theme.px(12)
    assert all(tag_size(bench.theme, words.tag, words.icon).width() <= room for words in kinds().values())
    assert "DELETE" in said(page.details)
    rows = list(exported(contents, frozenset({record}), {record: "Completed"}))
    file = tmp_path / "plan.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    assert [row[2:5] for row in rows] == [("yes", "PagerDuty Delete User", contents.plan.ways[0].requests[0].line)]


def test_a_workflow_that_is_not_whole_has_no_plan_and_says_why(bench: Bench) -> None:
    broken = document("Broken", link=[])
    draft = workflows.save_workflow(bench.workshop.store, broken)
    bench.window.navigate("workflow_plan", draft.id)
    page = bench.window.page("workflow_plan")

    bench.wait(lambda: "There is no plan" in said(page.nothing))
    assert not page.foot.launch.isVisible()


def tried_again(bench: Bench, fault: Fault | None = None) -> WorkflowPlanPage:
    """The plan from which a run that failed was tried again, from the start and in the version of the run."""
    bench.workshop.go(bench.workflow)
    bench.workshop.write("UPDATE workflow_run SET state = 'failed'")
    bench.workshop.write("UPDATE workflow_step SET outlet = 'failure', message = 'It rained.' WHERE block = 'delete'")
    editor = bench.editor(tab="runs")
    bench.wait(lambda: editor.runs.current is not None)
    assert editor.runs.retry_button.isEnabled()
    told = said(editor.runs.trace)
    # In the words of the canvas.
    assert "→ failed" in told
    assert "Read back: gone." in told
    editor.runs.retry_button.menu().actions()[1].trigger()
    page = bench.window.page("workflow_plan")
    assert isinstance(page, WorkflowPlanPage)
    bench.wait(lambda: page.contents is not None and page.foot.act_for_good.isVisible())
    if fault is not None:
        bench.workshop.simulator.faults.add(fault)
    page.foot.act_for_good.click()
    dialog = page.findChild(ConfirmationDialog)
    dialog.field.setText("1")
    dialog.confirm.click()
    bench.wait(page.foot.runs.isVisible)
    return page


def test_a_run_that_failed_is_tried_again_over_its_plan(bench: Bench) -> None:
    tried_again(bench)

    assert (
        bench.workshop.value("SELECT count(*) FROM workflow_run WHERE retry_of NOT NULL AND state = 'completed'") == 1
    )


def test_why_a_single_record_did_not_come_through_stands_beside_its_plan(bench: Bench) -> None:
    page = tried_again(bench, Fault(FaultKind.WEB_PAGE, endpoint="user", status=404, times=1))
    assert "Refused (404), and not in a way that says it is gone." in said(page.details)


def test_a_run_that_is_held_is_allowed_once_or_rejected_above_its_plan(bench: Bench) -> None:
    tell_of_held(bench.workshop.store, bench.workflow, "3 of 9 records exceed the caps.", 3)
    page = bench.plan()
    bench.wait(page._banner.isVisible)
    assert "was held. 3 of 9 records exceed the caps. Nothing was sent." in page._banner.text

    _button(page, "Allow once…").click()
    dialog = page.findChild(ConfirmationDialog)
    assert dialog.windowTitle() == "Delete 3 people in PagerDuty?"
    dialog.reject()
    _button(page, "Reject").click()

    bench.wait(lambda: not page._banner.isVisible())
    assert why_held(bench.workshop.store, bench.workflow) == ""
    assert bench.workshop.calls() == []


def _button(page: WorkflowPlanPage, words: str) -> OutlinedButton:
    return next(each for each in page._banner.findChildren(OutlinedButton) if each.label == words)
