"""Trying again what did not come through: from where it failed, with what was known there, agreed to anew."""

import pytest

from saasdesk.errors import UserError
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.workflows import history
from saasdesk.workflows.results import RunState
from saasdesk.workflows.retrying import plan_retry, retry
from tests.workflows.conftest import Workshop
from tests.workflows.test_waiting import REMOVE, asking, mark, way


def test_that_a_record_is_tried_again_from_the_block_that_failed(workshop: Workshop) -> None:
    (gone,) = workshop.leave(*workshop.addresses(1))
    note = {"id": "note", "kind": "set_variable", "settings": {"name": "why", "value": "left"}}
    workflow = workshop.launch(
        way(
            note,
            mark("first", "Going"),
            REMOVE,
            mark("last", "Gone: {{ why }}"),
            links=[
                ("begin", "next", "note"),
                ("note", "success", "first"),
                ("first", "success", "delete"),
                ("delete", "success", "last"),
                ("last", "success", "done"),
            ],
        )
    )
    plan = workshop.plan(workflow)
    workshop.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="user", status=403, times=1))
    failed = workshop.go(workflow, plan=plan)
    workshop.simulator.faults.clear()
    assert [each.state for each in failed.ended] == [RunState.FAILED]
    run = failed.ended[0].run

    wanted = plan_retry(workshop.store, workshop.vault, run)
    with pytest.raises(UserError, match="The plan has 1 destructive call, and 0 were agreed to"):
        retry(workshop.store, workshop.vault, wanted, approved=0)
    result = retry(workshop.store, workshop.vault, wanted, approved=1)

    assert [step.block for step in wanted.plan.ways[0].steps] == ["delete", "last", "done"]
    assert [each.state for each in result.ended] == [RunState.COMPLETED], result
    assert gone not in workshop.at_vendor()
    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") == "Gone: left"
    (again, _before) = history.latest_runs(workshop.store)
    assert again.run.retry_of == run
    whole = plan_retry(workshop.store, workshop.vault, run, from_start=True)
    assert next(step.block for step in whole.plan.ways[0].steps) == "begin"


def test_that_what_is_under_way_and_what_is_not_there_is_not_tried_again(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    waiting = workshop.go(workshop.launch(asking())).ended[0].run

    with pytest.raises(UserError, match="is still under way: waiting"):
        plan_retry(workshop.store, workshop.vault, waiting)
    with pytest.raises(UserError, match="There is no run 999"):
        plan_retry(workshop.store, workshop.vault, 999)


def test_that_accounts_that_came_through_do_not_go_again(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    person = workshop.value("SELECT id FROM person WHERE role = 'Leaver'")
    other = workshop.value("SELECT id FROM saas_user WHERE person <> ? ORDER BY id LIMIT 1", person)
    workshop.write("UPDATE saas_user SET person = ? WHERE id = ?", person, other)
    first, last = (
        number for (number,) in workshop.rows("SELECT id FROM saas_user WHERE person = ? ORDER BY id", person)
    )
    # The template finds nothing for one of the two.
    workshop.write("UPDATE saas_user SET role = NULL WHERE id = ?", last)
    accounts = {"id": "accounts", "kind": "for_each_account"}
    note = {"id": "note", "kind": "update", "settings": {"values": {"name": "Was {{ role }}"}}}
    wanted = way(
        accounts,
        note,
        links=[
            ("begin", "next", "accounts"),
            ("accounts", "each", "note"),
            ("note", "success", "done"),
            ("accounts", "done", "done"),
        ],
    )
    failed = workshop.go(workshop.launch(wanted)).ended[0]
    assert failed.message == "1 of 2 accounts did not come through."
    workshop.write("UPDATE saas_user SET role = 'User' WHERE id = ?", last)

    wanted_again = plan_retry(workshop.store, workshop.vault, failed.run)
    result = retry(workshop.store, workshop.vault, wanted_again, approved=0)

    assert [way.record for way in wanted_again.plan.ways[0].steps[0].inner] == [last]
    assert [each.state for each in result.ended] == [RunState.COMPLETED], result
    assert str(workshop.value("SELECT name FROM saas_user WHERE id = ?", first)).count("Was") == 1
