"""What the kinds of blocks do that need no vendor: variables, leaving records, a person's accounts one by one."""

from typing import Any

from saasdesk.workflows import history, workflows
from saasdesk.workflows.results import RunState
from saasdesk.workflows.waiting.resuming import resume_waiting
from tests.workflows.conftest import DELETE, Workshop
from tests.workflows.test_waiting import mark, way


def test_that_a_variable_is_there_for_the_blocks_that_follow_and_for_conditions(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    note = {"id": "note", "kind": "set_variable", "settings": {"name": "place", "value": "{{ email | upper }}"}}
    fork = {
        "id": "fork",
        "kind": "conditional",
        "settings": {"branches": [{"name": "known", "rule": {"field": "place", "operator": "contains", "value": "@"}}]},
    }
    wanted = way(
        note,
        fork,
        mark("mark", "At {{ place }}"),
        links=[
            ("begin", "next", "note"),
            ("note", "success", "fork"),
            ("fork", "known", "mark"),
            ("fork", "otherwise", "done"),
            ("mark", "success", "done"),
        ],
    )

    result = workshop.go(workshop.launch(wanted))

    (found,) = workshop.rows("SELECT email, department FROM person WHERE role = 'Leaver'")
    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert found[1] == f"At {str(found[0]).upper()}"
    (passage,) = history.latest_runs(workshop.store)
    assert [step.block for step in passage.steps] == ["begin", "note", "fork", "mark", "done"]
    assert str(found[0]) in passage.steps[1].inputs


def retiring(how: str) -> dict[str, Any]:
    return {"id": "leave", "kind": "retire", "settings": {"how": how}}


def test_that_a_record_is_archived_here_and_stays_at_the_vendor(workshop: Workshop) -> None:
    (there,) = workshop.leave(*workshop.addresses(1))
    wanted = way(retiring("archive"), links=[("begin", "next", "leave"), ("leave", "success", "done")])

    result = workshop.go(workshop.launch(wanted))

    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert workshop.rows("SELECT deactivated, archived FROM person WHERE role = 'Leaver'") == [(1, 1)]
    assert workshop.rows("SELECT kind FROM change WHERE object = 'people' AND cause LIKE 'workflow%' ORDER BY id") == [
        ("deactivate",),
        ("archive",),
    ]
    assert there in workshop.at_vendor()


def test_that_deactivations_out_of_proportion_are_held(workshop: Workshop) -> None:
    workshop.write("UPDATE person SET role = 'Leaver'")
    wanted = way(retiring("deactivate"), links=[("begin", "next", "leave"), ("leave", "success", "done")])

    result = workshop.go(workshop.launch(wanted))

    assert result.ended == ()
    assert len(result.held) == workshop.value("SELECT count(*) FROM person")
    assert workshop.value("SELECT count(*) FROM person WHERE deactivated") == 0


def each_account(body: list[dict[str, Any]], links: list[tuple[str, str, str]], **settings: Any) -> Any:
    accounts = {"id": "accounts", "kind": "for_each_account", "settings": settings}
    return way(
        accounts,
        *body,
        mark("mark", "All done"),
        links=[("begin", "next", "accounts"), *links, ("accounts", "done", "mark"), ("mark", "success", "done")],
    )


REMOVE = {"id": "delete", "kind": "api", "settings": {"preset": DELETE, "credential": "pd key"}}


def test_that_every_account_of_a_person_goes_its_own_way_and_the_person_goes_on(workshop: Workshop) -> None:
    (gone,) = workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch(each_account([REMOVE], [("accounts", "each", "delete"), ("delete", "success", "done")]))
    plan = workshop.plan(workflow)

    result = workshop.go(workflow, plan=plan)

    assert [len(each.requests) for each in plan.ways] == [1]
    assert [each.state for each in result.ended] == [RunState.COMPLETED]
    assert gone not in workshop.at_vendor()
    person, account = sorted(history.latest_runs(workshop.store), key=lambda passage: passage.run.id)
    assert (account.run.object, account.run.parent) == ("saas_users", person.run.id)
    assert [step.block for step in account.steps] == ["delete", "done"]
    assert person.steps[1].message == "1 account came through"


def test_that_a_person_waits_until_the_last_account_has_gone_through(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    delay = {"id": "pause", "kind": "delay", "settings": {"wait": {"amount": 1, "unit": "days"}}}
    wanted = each_account([delay], [("accounts", "each", "pause"), ("pause", "success", "done")])

    result = workshop.go(workshop.launch(wanted))
    assert [each.state for each in result.ended] == [RunState.WAITING]
    workshop.write("UPDATE workflow_run SET due_at = '2026-01-01T00:00:00Z' WHERE parent IS NOT NULL")
    resume_waiting(workshop.store, workshop.vault)

    assert {passage.run.state for passage in history.latest_runs(workshop.store)} == {"completed"}
    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") == "All done"


def test_that_accounts_and_the_person_do_not_share_a_block(workshop: Workshop) -> None:
    shared = each_account([], [("accounts", "each", "mark")])

    told = [problem.message for problem in workflows.problems(workshop.store, workshop.vault, shared)]

    assert "Accounts go through this block, and the person too. Give each way a block of its own." in told


def test_that_records_that_go_together_are_looked_at_again_and_none_goes_twice(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(3))
    workflow = workshop.launch(
        way(mark("mark", "Seen"), links=[("begin", "next", "mark"), ("mark", "success", "done")])
    )
    plan = workshop.plan(workflow)
    workshop.write("UPDATE person SET role = 'Employee' WHERE id = (SELECT min(id) FROM person WHERE role = 'Leaver')")

    first = workshop.go(workflow, plan=plan)
    again = workshop.go(workflow, plan=plan)

    assert sorted(each.state for each in first.ended) == [RunState.COMPLETED, RunState.COMPLETED, RunState.FAILED]
    assert again.ended == ()
    assert workshop.value("SELECT count(*) FROM person WHERE department = 'Seen'") == 2
    assert workshop.value("SELECT count(*) FROM change WHERE field = 'department' AND after = 'Seen'") == 2
