"""SaaS User Role Retrieval: roles come up to date, and whoever is gone is deactivated, within limits."""

from typing import Any

import pytest

from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.runner import RunState
from tests.workflows.conftest import Workshop, document


def roles(**settings: Any) -> WorkflowDocument:
    """The workflow of the help article: the role of every active user of PagerDuty."""
    criteria = {"field": "saas_application", "operator": "equals", "value": "PagerDuty"}
    blocks = [
        {"id": "begin", "kind": "begin", "settings": {"criteria": criteria}},
        {
            "id": "role",
            "kind": "saas_user_role",
            "settings": {"preset": "pagerduty_saas_user_role", "credential": "pd key", **settings},
        },
        {"id": "done", "kind": "end"},
    ]
    links = [{"from": "begin", "outlet": "next", "to": "role"}, {"from": "role", "to": "done"}]
    return document("PagerDuty roles", object="saas_users", block=blocks, link=links)


def active(workshop: Workshop) -> int:
    return int(str(workshop.value("SELECT count(*) FROM saas_user WHERE NOT deactivated")))


def delete_at_vendor(workshop: Workshop, count: int) -> list[str]:
    """Some users leave PagerDuty behind our back."""
    sql = "SELECT saas_user_id FROM saas_user WHERE role NOT LIKE '%wner%' ORDER BY id DESC LIMIT ?"
    ids = [str(each) for (each,) in workshop.rows(sql, count)]
    for made in ids:
        workshop.simulator.pagerduty.delete(made)
    return ids


def test_that_roles_come_up_to_date(workshop: Workshop) -> None:
    changed = workshop.value("SELECT id FROM saas_user ORDER BY id LIMIT 1")
    before = workshop.value("SELECT role FROM saas_user WHERE id = ?", changed)
    workshop.write("UPDATE saas_user SET role = 'Something else' WHERE id = ?", changed)

    result = workshop.go(workshop.launch(roles()))

    assert {each.state for each in result.ended} == {RunState.COMPLETED}
    assert workshop.value("SELECT role FROM saas_user WHERE id = ?", changed) == before
    assert workshop.calls() == []


def test_that_whoever_is_gone_is_deactivated_here(workshop: Workshop) -> None:
    gone = delete_at_vendor(workshop, 2)

    workshop.go(workshop.launch(roles()))

    assert sorted(
        str(each) for (each,) in workshop.rows("SELECT saas_user_id FROM saas_user WHERE deactivated")
    ) == sorted(gone)
    reasons = {reason for (reason,) in workshop.rows("SELECT deactivated_reason FROM saas_user WHERE deactivated")}
    assert reasons == {"PagerDuty does not have this user any more."}


def test_that_nobody_is_deactivated_where_it_is_not_ticked(workshop: Workshop) -> None:
    delete_at_vendor(workshop, 2)
    before = active(workshop)

    workshop.go(workshop.launch(roles(deactivate_user=False)))

    assert active(workshop) == before


def test_that_too_many_who_are_gone_are_held_and_nobody_is_deactivated(workshop: Workshop) -> None:
    delete_at_vendor(workshop, 20)
    before = active(workshop)

    result = workshop.go(workshop.launch(roles()))

    assert active(workshop) == before
    assert "20 of" in result.note
    assert "Nobody was deactivated." in result.note


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.WEB_PAGE, endpoint="user", status=404),
        Fault(FaultKind.STATUS, endpoint="user", status=403),
        Fault(FaultKind.MISSING_KEY, endpoint="user"),
    ],
    ids=["web page", "forbidden", "nonsense"],
)
def test_that_an_answer_that_is_no_proof_deactivates_nobody(workshop: Workshop, fault: Fault) -> None:
    before = active(workshop)
    workshop.simulator.faults.add(fault)

    result = workshop.go(workshop.launch(roles()))

    assert active(workshop) == before
    assert {each.state for each in result.ended} == {RunState.FAILED}


def test_that_it_is_about_saas_users_only(workshop: Workshop) -> None:
    wrong = workflows.problems(workshop.store, workshop.vault, roles().model_copy(update={"object": "people"}))

    assert "It looks at SaaS users, and this workflow is about people." in [problem.message for problem in wrong]
