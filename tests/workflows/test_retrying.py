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
