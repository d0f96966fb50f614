"""Workflows where records are: run on a selection, seen on a person, and waiting for an answer in Activity."""

import pytest
from PySide6.QtCore import Qt

from saasdesk.ui.pages.activity import ActivityPage
from saasdesk.ui.pages.people import PeoplePage, PersonPage
from saasdesk.ui.pages.workflows.plan.page import WorkflowPlanPage
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows.by_hand import workflows_by_hand
from saasdesk.workflows.editing import add_block, connect, new_document
from saasdesk.workflows.waiting import approvals
from saasdesk.workflows.workflows import find_workflow
from tests.ui.pages.workflows.conftest import Bench, said

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_selection_of_people_leads_to_the_plan_of_them_alone(bench: Bench) -> None:
    leaver = int(str(bench.workshop.value("SELECT id FROM person WHERE role = 'Leaver' LIMIT 1")))
    bench.window.navigate("people")
    people = bench.window.page("people")
    assert isinstance(people, PeoplePage)
    bench.wait(lambda: leaver in people.table.model.ids)
    people.table.view.select_rows([people.table.model.ids.index(leaver)])
    assert people.run_button.isVisibleTo(people.table)

    menu = people.run_workflow.menu(
        workflows_by_hand(bench.workshop.store, people.kind), tuple(people.table.selected_ids())
    )
    menu.actions()[0].trigger()

    plan = bench.window.page("workflow_plan")
    assert isinstance(plan, WorkflowPlanPage)
    bench.wait(lambda: plan.contents is not None)
    assert plan.contents is not None
    assert [way.record for way in plan.contents.plan.ways] == [leaver]


def test_a_person_shows_what_workflows_did_with_them_and_nobody_else(bench: Bench) -> None:
    bench.workshop.go(bench.workflow)
    leaver = int(str(bench.workshop.value("SELECT id FROM person WHERE role = 'Leaver' LIMIT 1")))

    bench.window.navigate("person", (leaver, "workflows"))
    person = bench.window.page("person")
    assert isinstance(person, PersonPage)
    bench.wait(lambda: person.workflow_runs.current is not None)
    assert len(person.workflow_runs.table.model_of_lines.lines) == 1

    page = bench.workshop.store.profile.exports / "certificate.html"
    page.parent.mkdir(exist_ok=True)
    passage = person.workflow_runs.current
    assert passage is not None
    person.workflow_runs.save_certificate(page, passage.run.id)
    bench.wait(lambda: page.exists() and passage.run.label in page.read_text("utf-8"))

    # Nobody has launched a workflow for it yet: one that is ready to copy is offered.
    next(action for action in person.actions_button.menu().actions() if action.text() == "Off-board…").trigger()
    bench.wait(lambda: person.findChild(Question))
    person.findChild(Question).buttons[1].click()
    bench.wait(lambda: bench.window.page("workflow") and bench.window.page("workflow").isVisible())
    assert find_workflow(bench.workshop.store, "Off-board a person").state.value == "draft"

    bench.window.navigate("activity", f"record:people:{leaver}")
    activity = bench.window.page("activity")
    assert isinstance(activity, ActivityPage)
    bench.wait(lambda: activity.runs.only.isVisible() and activity.runs.current is not None)
    activity.runs.only.click()
    bench.wait(lambda: len(activity.runs.table.model_of_lines.lines) == 3)


def test_a_question_is_answered_in_activity_and_the_record_goes_on(bench: Bench) -> None:
    document = new_document("Ask first", "people")
    settings = {"criteria": {"field": "role", "operator": "equals", "value": "Leaver"}}
    begin = document.of_kind("begin")[0].model_copy(update={"settings": settings})
    document = document.model_copy(update={"blocks": (begin, *document.blocks[1:])})
    approval = {"subject": "May {{ name }} go?", "message": "The last day is over."}
    document, asking = add_block(document, "approval", after=("begin", "next"), settings=approval)
    document = connect(document, asking, "rejected", "end")
    bench.workshop.go(bench.workshop.launch(document))
    assert len(approvals.list_approvals(bench.workshop.store)) == 3

    bench.window.navigate("activity", "approvals")
    activity = bench.window.page("activity")
    assert isinstance(activity, ActivityPage)
    bench.wait(lambda: activity.approvals.current is not None)
    asked = activity.approvals.current
    assert asked is not None
    assert asked.subject in said(activity.approvals)
    bench.qtbot.keyClick(activity.approvals.table, Qt.Key.Key_Return)
    assert activity.approvals.note.hasFocus()
    activity.approvals.note.setText("Agreed with HR")
    activity.approvals.approve.click()

    bench.wait(lambda: len(activity.approvals.table.model_of_lines.lines) == 2)
    answered = approvals.find_approval(bench.workshop.store, asked.id)
    assert (answered.state, answered.note) == ("approved", "Agreed with HR")
    bench.wait(lambda: bench.workshop.value("SELECT state FROM workflow_run WHERE id = ?", asked.run) == "completed")
    activity.approvals.answered.click()
    table = activity.approvals.table
    bench.wait(lambda: len(table.model_of_lines.lines) == 3)
    answered_line = next(row for row, line in enumerate(table.model_of_lines.lines) if line.key == asked.id)
    table.setCurrentIndex(table.model_of_lines.index(answered_line, 0))
    bench.qtbot.keyClick(table, Qt.Key.Key_Return)
    bench.wait(lambda: bench.window.here == "person")
