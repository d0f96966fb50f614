"""Records that stop on their way: they go on when it is time, when somebody answered, and after the program ended."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from saasdesk.clock import now
from saasdesk.errors import UserError
from saasdesk.notices import list_notices
from saasdesk.workflows import history, workflows
from saasdesk.workflows.due import run_due_workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.results import RunState, WorkflowResult
from saasdesk.workflows.waiting import approvals
from saasdesk.workflows.waiting.resuming import resume_waiting
from tests.workflows.conftest import DELETE, Workshop, document

BEGIN = {
    "id": "begin",
    "kind": "begin",
    "settings": {"criteria": {"field": "role", "operator": "equals", "value": "Leaver"}},
}
END = {"id": "done", "kind": "end"}
REMOVE = {"id": "delete", "kind": "api", "settings": {"preset": DELETE, "credential": "pd key"}}


def mark(block: str, text: str) -> dict[str, Any]:
    return {"id": block, "kind": "update", "settings": {"values": {"department": text}}}


def way(*blocks: dict[str, Any], links: Sequence[tuple[str, str, str]]) -> WorkflowDocument:
    drawn = [{"from": source, "outlet": outlet, "to": to} for source, outlet, to in links]
    return document(block=[BEGIN, *blocks, END], link=drawn)


def delayed(**wait: Any) -> WorkflowDocument:
    delay = {"id": "pause", "kind": "delay", "settings": {"wait": wait or {"amount": 2, "unit": "days"}}}
    return way(
        delay, REMOVE, links=[("begin", "next", "pause"), ("pause", "success", "delete"), ("delete", "success", "done")]
    )


def asking(**settings: Any) -> WorkflowDocument:
    ask = {"id": "ask", "kind": "approval", "settings": {"subject": "Delete {{ name }}?", **settings}}
    links = [
        ("begin", "next", "ask"),
        ("ask", "approved", "delete"),
        ("ask", "rejected", "keep"),
        ("delete", "success", "done"),
        ("keep", "success", "done"),
    ]
    late = [("ask", "timed_out", "keep")] if "within" in settings else []
    return way(ask, REMOVE, mark("keep", "Kept"), links=[*links, *late])


def later(workshop: Workshop, **span: float) -> list[WorkflowResult]:
    return run_due_workflows(workshop.store, workshop.vault, moment=now() + timedelta(**span))


def states(workshop: Workshop) -> list[str]:
    return [passage.run.state for passage in history.latest_runs(workshop.store)]


def test_that_a_record_waits_its_time_and_goes_on_in_the_version_it_began_with(workshop: Workshop) -> None:
    (gone,) = workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch(delayed())

    result = workshop.go(workflow)
    early = later(workshop, days=1)
    changed = workflows.save_workflow(workshop.store, delayed(amount=9))
    (late,) = later(workshop, days=3)

    assert changed.state.value == "draft"
    assert [each.state for each in result.ended] == [RunState.WAITING]
    assert early == []
    assert [each.state for each in late.ended] == [RunState.COMPLETED]
    assert gone not in workshop.at_vendor()
    (passage,) = history.latest_runs(workshop.store)
    assert [step.block for step in passage.steps] == ["begin", "pause", "delete", "done"]


def test_that_whoever_does_not_fit_any_more_after_the_delay_is_left_alone(workshop: Workshop) -> None:
    (stays,) = workshop.leave(*workshop.addresses(1))
    workshop.go(workshop.launch(delayed()))
    workshop.write("UPDATE person SET role = 'Employee' WHERE role = 'Leaver'")

    (late,) = later(workshop, days=3)

    assert [each.state for each in late.ended] == [RunState.FAILED]
    assert "does not fit" in late.ended[0].message
    assert stays in workshop.at_vendor()


def test_that_caps_count_when_a_record_goes_on_and_not_only_when_it_began(workshop: Workshop) -> None:
    (stays,) = workshop.leave(*workshop.addresses(1))
    workshop.go(workshop.launch(delayed()))
    workshop.write("INSERT OR REPLACE INTO setting (key, value) VALUES ('destructive_calls_per_day', '0')")

    assert later(workshop, days=3) == []
    (passage,) = history.latest_runs(workshop.store)
    assert (passage.run.state, stays in workshop.at_vendor()) == ("waiting", True)
    assert passage.run.message == "The destructive calls of today are used up; it goes on tomorrow."


def test_that_a_paused_workflow_s_records_wait_and_a_deleted_one_s_are_cancelled(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch(delayed())
    workshop.go(workflow)
    paused = workflows.pause(workshop.store, workflow)

    assert later(workshop, days=3) == []
    workflows.delete_workflow(workshop.store, paused)

    assert states(workshop) == ["cancelled"]


def test_that_an_approved_record_goes_on_and_the_answer_is_kept(workshop: Workshop) -> None:
    (gone,) = workshop.leave(*workshop.addresses(1))
    workshop.go(workshop.launch(asking(to=["boss@example.com"])))
    (asked,) = approvals.list_approvals(workshop.store)

    said = approvals.approve(workshop.store, asked.id, note="Left on Friday", by="Ann")
    (result,) = resume_waiting(workshop.store, workshop.vault, only=asked.run)

    assert (said.state, said.note) == ("approved", "Left on Friday")
    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert gone not in workshop.at_vendor()
    (passage,) = history.latest_runs(workshop.store)
    assert passage.steps[1].message == "Approved by Ann: Left on Friday"
    assert [notice.title for notice in list_notices(workshop.store)] == [f"Approval needed: {asked.subject}"]
    told = [
        action for (action,) in workshop.rows("SELECT action FROM audit WHERE action LIKE 'approval.%' ORDER BY id")
    ]
    assert told == ["approval.asked", "approval.approved"]


def test_that_a_rejected_record_goes_the_other_way_and_nobody_answers_twice(workshop: Workshop) -> None:
    (stays,) = workshop.leave(*workshop.addresses(1))
    workshop.go(workshop.launch(asking()))
    (asked,) = approvals.list_approvals(workshop.store)
    approvals.reject(workshop.store, asked.id, by="Ann")

    with pytest.raises(UserError, match="is not open any more: rejected by Ann"):
        approvals.approve(workshop.store, asked.id)
    later(workshop)

    assert stays in workshop.at_vendor()
    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") == "Kept"
    assert approvals.list_approvals(workshop.store) == []


def test_that_a_question_that_nobody_answers_is_timed_out(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workshop.go(workshop.launch(asking(within={"amount": 1, "unit": "hours"})))
    workshop.write("UPDATE approval SET until = '2026-01-01T00:00:00Z'")
    (asked,) = approvals.list_approvals(workshop.store)

    with pytest.raises(UserError, match="had to be answered until"):
        approvals.approve(workshop.store, asked.id)
    later(workshop, hours=2)

    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") == "Kept"
    assert approvals.find_approval(workshop.store, asked.id).state == "timed_out"


def test_that_a_record_goes_on_after_the_program_ended_and_nothing_is_sent_twice(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    marked = way(
        REMOVE,
        mark("mark", "Gone"),
        links=[("begin", "next", "delete"), ("delete", "success", "mark"), ("mark", "success", "done")],
    )
    workshop.go(workshop.launch(marked))
    # The call was answered, and the program ended before the step was written down.
    workshop.write("DELETE FROM workflow_step WHERE seq > 0")
    workshop.write("UPDATE workflow_run SET state = 'running', next_block = 'delete', carried = '{}'")
    workshop.write("UPDATE person SET department = NULL WHERE role = 'Leaver'")

    history.recover(workshop.store)
    (result,) = later(workshop)

    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert len(workshop.calls()) == 1
    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") == "Gone"
