"""Records sent through a workflow: what the vendor has afterwards, what is written down, and what is never sent."""

import threading
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.notices import list_notices
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store import audit
from saasdesk.store.preferences import write_setting
from saasdesk.web import Answer, ErrorKind, VendorError, VendorSession
from saasdesk.workflows import history, open_calls, workflows
from saasdesk.workflows.graph import Block
from saasdesk.workflows.hands import WorkingHands
from saasdesk.workflows.passing import Passing
from saasdesk.workflows.records import read_records
from saasdesk.workflows.rows.run_rows import StepRow
from saasdesk.workflows.runner import RunState, run_workflow
from saasdesk.workflows.waiting.resuming import resume_waiting
from tests.workflows.conftest import Workshop, document


def settle(workshop: Workshop, key: str, text: str) -> None:
    workshop.store.write(lambda db: write_setting(db, key, text))


def test_that_leavers_are_deleted_read_back_and_written_down(workshop: Workshop) -> None:
    gone = workshop.leave(*workshop.addresses(2))
    before = workshop.at_vendor()
    workflow = workshop.launch()

    result = workshop.go(workflow)

    assert [each.state for each in result.ended] == [RunState.COMPLETED] * 2, result
    assert workshop.at_vendor() == before - set(gone)
    assert {(call.state, call.verified) for call in workshop.calls()} == {("succeeded", "gone")}


def test_p16_that_every_call_and_every_record_that_went_through_is_in_the_audit_log(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workshop.go(workshop.launch())

    told = [action for (action,) in workshop.rows("SELECT action FROM audit ORDER BY id DESC LIMIT 4")]

    assert told == ["workflow.went", "vendor.called", "workflow.launched", "workflow.created"]
    assert audit.verify(workshop.store) == []


def test_that_a_plan_sends_nothing(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(2))
    before = workshop.at_vendor()

    plan = workshop.plan(workshop.launch())

    assert [len(way.requests) for way in plan.ways] == [1, 1]
    assert workshop.at_vendor() == before
    assert workshop.calls() == []


def test_that_the_same_event_never_sends_a_record_twice(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.go(workflow, plan=plan)

    again = workshop.go(workflow, plan=plan)

    assert again.ended == ()
    assert len(workshop.calls()) == 1


def test_that_whoever_is_gone_already_leaves_by_not_found(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    workshop.go(workflow, event="first")

    result = workshop.go(workflow, event="second")

    (passage, _) = history.latest_runs(workshop.store)
    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert [step.outlet for step in passage.steps] == ["next", "not_found", None]
    assert passage.steps[1].message == "Was already gone; nothing had to be done."


def test_that_a_number_that_was_not_agreed_to_sends_nothing(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(2))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)

    with pytest.raises(UserError, match="The plan has 2 destructive calls, and 1 were agreed to"):
        run_workflow(workshop.store, workshop.vault, workflow, plan, approved=1, event="by hand")

    assert workshop.calls() == []


def test_that_a_draft_and_a_paused_workflow_send_nothing(workshop: Workshop) -> None:
    workflow = workshop.launch()

    paused = workflows.pause(workshop.store, workflow)

    with pytest.raises(UserError, match="is not launched"):
        workshop.go(paused)


def test_that_the_kill_switch_stops_everything(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    settle(workshop, "workflows_paused", "true")

    with pytest.raises(UserError, match="All workflows are paused"):
        workshop.go(workflow)

    assert workshop.calls() == []


def test_that_what_exceeds_the_cap_is_held(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(5))
    settle(workshop, "destructive_calls_per_run", "3")

    result = workshop.go(workshop.launch())

    assert len(result.ended) == 3
    assert len(result.held) == 2
    assert len(workshop.calls()) == 3


def test_that_the_cap_of_a_day_counts_what_left_before(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(3))
    settle(workshop, "destructive_calls_per_day", "2")
    workflow = workshop.launch()
    workshop.go(workflow, event="first")

    result = workshop.go(workflow, event="second")

    assert (len(result.ended), len(result.held)) == (0, 3)


def test_that_no_more_than_a_share_of_the_vendors_accounts_is_acted_on_in_one_run(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(6))
    workflow = workshop.launch()
    active = int(str(workshop.value("SELECT count(*) FROM saas_user WHERE NOT deactivated")))

    settle(workshop, "destructive_percent", "1")
    least = workshop.go(workflow, event="first")
    settle(workshop, "destructive_percent", "10")
    tenth = workshop.go(workflow, event="second")

    assert (len(least.ended), len(least.held)) == (3, 3), "three may always go"
    assert len(tenth.ended) == active // 10
    assert len(tenth.ended) + len(tenth.held) == 6


def test_that_protected_records_are_left_alone(workshop: Workshop) -> None:
    first, second = workshop.addresses(2)
    workshop.leave(first, second)
    settle(workshop, "protected_records", first)

    result = workshop.go(workshop.launch())

    assert len(result.ended) == 1
    assert len(result.protected) == 1
    assert first in {name for way in result.protected for name in way.names}


def test_that_an_account_is_protected_by_the_names_of_its_person_too(workshop: Workshop) -> None:
    workshop.write("UPDATE person SET username = 'Boss', email = 'boss@example.com' WHERE id = 1")
    workshop.write("UPDATE saas_user SET person = 1, email = 'root@example.org', name = 'Root' WHERE id = 1")

    (account,) = read_records(workshop.store, ObjectKind.SAAS_USERS, [1])

    assert {"boss", "boss@example.com", "root@example.org", "root"} <= account.names


def test_that_a_record_that_changed_since_the_plan_is_left_alone(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.write("UPDATE person SET pager_duty_user_id = 'PZZZZZZ' WHERE role = 'Leaver'")

    result = workshop.go(workflow, plan=plan)

    assert [each.message for each in result.ended] == ["It changed since the plan was made; it was left alone."]
    assert workshop.calls() == []


def test_that_a_record_that_does_not_fit_any_more_is_left_alone(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.write("UPDATE person SET role = 'Employee'")

    result = workshop.go(workflow, plan=plan)

    assert [each.state for each in result.ended] == [RunState.FAILED]
    assert workshop.calls() == []


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.STATUS])
def test_p05_that_a_call_whose_answer_never_came_is_looked_after_and_not_repeated(
    workshop: Workshop, kind: FaultKind
) -> None:
    gone = workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.simulator.faults.add(Fault(kind, endpoint="user", times=1))

    result = workshop.go(workflow, plan=plan)

    (call,) = workshop.calls()
    assert workshop.simulator.requests.count(method="DELETE") == 1
    assert (call.state, call.verified) in {("unknown", "still active"), ("resolved", "gone")}
    assert result.ended[0].state is (RunState.COMPLETED if call.state == "resolved" else RunState.FAILED)
    assert (gone[0] in workshop.at_vendor()) == (call.state == "unknown")


def test_that_a_call_that_arrived_although_its_answer_was_lost_is_found_out(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = workshop.leave(*workshop.addresses(1))
    send = VendorSession.send

    def send_and_lose(session: VendorSession, method: str, *arguments: Any, **options: Any) -> Answer:
        answer = send(session, method, *arguments, **options)
        if method == "DELETE":
            raise VendorError(ErrorKind.TIMEOUT, "No answer came.", host="127.0.0.1")
        return answer

    monkeypatch.setattr(VendorSession, "send", send_and_lose)

    result = workshop.go(workshop.launch())

    (call,) = workshop.calls()
    assert (call.state, call.verified) == ("resolved", "gone")
    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert gone[0] not in workshop.at_vendor()


def test_that_a_crash_while_a_call_was_on_its_way_leaves_it_to_a_person(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    workshop.go(workflow, event="first")
    workshop.write("UPDATE vendor_action SET state = 'armed'")
    workshop.write("UPDATE workflow_run SET state = 'running'")

    history.recover(workshop.store)

    assert [call.state for call in history.open_calls(workshop.store)] == ["unknown"]
    assert [notice.title for notice in list_notices(workshop.store)] == [
        "1 call of a workflow may have been carried out"
    ]
    assert [passage.run.state for passage in history.latest_runs(workshop.store)][-1] == "interrupted"


@pytest.mark.parametrize("arrived", [True, False])
def test_p05_that_the_same_call_is_not_made_again_while_nobody_knows_what_became_of_it(
    workshop: Workshop, arrived: bool
) -> None:
    (victim,) = workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    workshop.go(workflow, event="first")
    workshop.write("UPDATE vendor_action SET state = 'armed'")
    history.recover(workshop.store)
    if not arrived:
        workshop.simulator.pagerduty.bring_back(victim)
    sent = workshop.simulator.requests.count(method="DELETE")

    result = workshop.go(workflow, event="second")

    assert workshop.simulator.requests.count(method="DELETE") == sent
    (call,) = workshop.calls()
    if arrived:
        assert (call.state, call.verified) == ("resolved", "gone")
        assert [each.state for each in result.ended] == [RunState.COMPLETED]
        return
    assert call.state == "unknown"
    assert f"say what became of call {call.id}" in result.ended[0].message
    open_calls.decide(workshop.store, call.id, was_carried_out=False)
    assert workshop.rows("SELECT subject FROM audit WHERE action = 'vendor.call_decided'") == [
        ("pagerduty_delete_user",)
    ]
    workshop.go(workflow, event="third")
    assert [each.state for each in workshop.calls()] == ["not_sent", "succeeded"]
    assert victim not in workshop.at_vendor()


def test_p05_that_a_run_cut_off_after_it_found_the_call_carried_out_does_not_make_it_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run ended while its call was on its way, the second before it could write down what it had found."""

    class ProgramEndedError(BaseException):
        """Nothing comes after it, not even what is done at the end."""

    note = Passing._note

    def end_the_program(
        passing: Passing, hands: WorkingHands, seq: int, step: StepRow, following: Block | None
    ) -> None:
        if step.block == "delete":
            raise ProgramEndedError
        note(passing, hands, seq, step, following)

    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    workshop.go(workflow, event="first")
    workshop.write("UPDATE vendor_action SET state = 'armed'")
    history.recover(workshop.store)
    sent = workshop.simulator.requests.count(method="DELETE")
    with monkeypatch.context() as patch:
        patch.setattr(Passing, "_note", end_the_program)
        with pytest.raises(ProgramEndedError):
            workshop.go(workflow, event="second")
    (found_out,) = workshop.calls()
    assert (found_out.state, found_out.verified) == ("resolved", "gone")
    history.recover(workshop.store)

    (result,) = resume_waiting(workshop.store, workshop.vault)

    assert workshop.simulator.requests.count(method="DELETE") == sent
    assert workshop.calls() == [found_out]
    (ended,) = result.ended
    assert (ended.state, ended.run) == (RunState.COMPLETED, workshop.value("SELECT max(id) FROM workflow_run"))
    (passage,) = history.latest_runs(workshop.store, limit=1)
    deleted = next(step for step in passage.steps if step.block == "delete")
    assert (deleted.outlet, deleted.verified) == ("success", "gone")
    assert "nothing was sent again" in deleted.message


def test_that_cancelling_leaves_the_rest_alone(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(3))
    workflow = workshop.launch()
    stop = threading.Event()
    plan = workshop.plan(workflow)
    workshop.stop = stop

    result = workshop.go(workflow, plan=plan, tell=lambda _news: stop.set())

    assert len(result.ended) <= 1
    assert "Cancelled" in result.note


def test_that_updating_a_record_goes_into_its_history(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    update = {"id": "delete", "kind": "update", "settings": {"values": {"department": "Alumni of {{ email }}"}}}
    blocks = document().model_dump(by_alias=True)["block"]
    workflow = workshop.launch(document(block=[blocks[0], update, blocks[2]]))

    result = workshop.go(workflow)

    address = workshop.addresses(1)[0]
    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") == f"Alumni of {address}"
    assert workshop.value("SELECT cause FROM change WHERE field = 'department'") == "workflow “Leavers”"


def test_that_a_conditional_sends_each_record_its_own_way(workshop: Workshop) -> None:
    first, second = workshop.addresses(2)
    workshop.leave(first, second)
    workshop.write("UPDATE person SET department = 'Keep' WHERE email = ?", first)
    fork = {
        "id": "fork",
        "kind": "conditional",
        "settings": {
            "branches": [{"name": "keep", "rule": {"field": "department", "operator": "equals", "value": "keep"}}]
        },
    }
    blocks = document().model_dump(by_alias=True)["block"]
    links = [
        {"from": "begin", "outlet": "next", "to": "fork"},
        {"from": "fork", "outlet": "keep", "to": "done"},
        {"from": "fork", "outlet": "otherwise", "to": "delete"},
        {"from": "delete", "to": "done"},
    ]
    before = len(workshop.at_vendor())

    workshop.go(workshop.launch(document(block=[*blocks, fork], link=links)))

    assert before - len(workshop.at_vendor()) == 1


def test_that_a_changed_workflow_is_a_draft_until_it_is_launched_again(workshop: Workshop) -> None:
    workflow = workshop.launch()

    changed = workflows.save_workflow(workshop.store, document(description="Another one"))

    assert (workflow.state.value, changed.state.value, changed.version) == ("active", "draft", 2)


@pytest.mark.parametrize(
    ("fault", "state", "sent"),
    [
        (Fault(FaultKind.STATUS, endpoint="user", status=429, amount=0, times=1), "succeeded", 2),
        (Fault(FaultKind.STATUS, endpoint="user", status=403, times=1), "refused", 1),
        (Fault(FaultKind.STATUS, endpoint="user", status=409, times=1), "refused", 1),
        (Fault(FaultKind.WEB_PAGE, endpoint="user", status=404, times=1), "refused", 1),
        (Fault(FaultKind.STATUS, endpoint="user", status=404, with_headers=False, times=1), "refused", 1),
        (Fault(FaultKind.REDIRECT, endpoint="user", times=1), "refused", 1),
        (Fault(FaultKind.STATUS, endpoint="user", status=502, times=1), "unknown", 1),
    ],
    ids=lambda value: f"{value.kind.value}-{value.status}" if isinstance(value, Fault) else None,
)
def test_that_a_call_is_sent_again_only_where_the_vendor_cannot_have_acted_on_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, fault: Fault, state: str, sent: int
) -> None:
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    (gone,) = workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.simulator.faults.add(fault)

    result = workshop.go(workflow, plan=plan)

    assert workshop.simulator.requests.count(method="DELETE") == sent
    assert workshop.calls()[-1].state == state
    assert (gone in workshop.at_vendor()) == (state != "succeeded")
    assert result.ended[0].state is (RunState.COMPLETED if state == "succeeded" else RunState.FAILED)


def test_that_a_call_that_never_left_is_tried_again_and_then_given_up(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    send = VendorSession.send

    def no_network(session: VendorSession, method: str, *arguments: Any, **options: Any) -> Answer:
        if method == "DELETE":
            raise VendorError(ErrorKind.NO_NETWORK, "There is no way there.", host="127.0.0.1", maybe_sent=False)
        return send(session, method, *arguments, **options)

    monkeypatch.setattr(VendorSession, "send", no_network)
    monkeypatch.setattr("saasdesk.workflows.answers.PAUSE_SECONDS", 0.0)

    workshop.go(workflow, plan=plan)

    assert [call.state for call in workshop.calls()] == ["not_sent"] * 3


def test_that_three_answers_that_never_came_pause_every_workflow(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    workshop.leave(*workshop.addresses(5))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.simulator.faults.add(Fault(FaultKind.DROP, endpoint="user"))

    result = workshop.go(workflow, plan=plan)

    assert [call.state for call in workshop.calls()] == ["unknown"] * 3
    assert workshop.store.settings().workflows_paused
    assert "All workflows are paused" in result.note


def test_that_a_busy_user_is_refused_in_the_vendors_own_words(workshop: Workshop) -> None:
    (busy, *_) = workshop.simulator.pagerduty.busy_ids()
    workshop.write("UPDATE person SET role = 'Leaver' WHERE pager_duty_user_id = ?", busy)

    result = workshop.go(workshop.launch())

    assert "incidents are assigned to them" in result.ended[0].message
    assert busy in workshop.at_vendor()


def test_that_a_run_that_cannot_begin_to_speak_fails_and_does_not_go_on_by_itself(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)

    def no_key(*_arguments: object, **_options: object) -> VendorSession:
        raise UserError("There is no key here.")

    monkeypatch.setattr("saasdesk.workflows.sessions.open_session", no_key)
    with pytest.raises(UserError, match="There is no key here"):
        workshop.go(workflow, plan=plan)
    history.recover(workshop.store)

    assert [passage.run.state for passage in history.latest_runs(workshop.store)] == ["failed"]
