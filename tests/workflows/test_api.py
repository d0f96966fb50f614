"""The API block: a request of one's own, what may not leave, and where the vendor's answer goes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from saasdesk.connectors import Danger
from saasdesk.fields import ObjectKind
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.workflows import history
from saasdesk.workflows.blocks import KINDS, World
from saasdesk.workflows.blocks.json_template import JsonTemplate
from saasdesk.workflows.blocks.kind import Visit
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.results import RunState
from saasdesk.workflows.validation import problems_of
from tests.workflows.conftest import Workshop
from tests.workflows.test_graph import BEGIN, END, WAY, WORLD, drawn
from tests.workflows.test_waiting import way


def record(**values: str) -> RecordView:
    return RecordView(ObjectKind.PEOPLE, 1, "Ann", values, is_active=True)


USER = "/users/{{ pager_duty_user_id }}"


def own(**settings: Any) -> dict[str, Any]:
    return {
        "id": "delete",
        "kind": "api",
        "settings": {"mode": "advanced", "url": USER, "credential": "pd key", **settings},
    }


def alone(**settings: Any) -> WorkflowDocument:
    return way(own(**settings), links=[("begin", "next", "delete"), ("delete", "success", "done")])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workshop]:
    with Simulator(12) as simulator:
        made = Workshop(tmp_path / "profile", simulator)
        made.vault.change("pd key", expires=None, permission="act", owner="", notes="")
        made.integrate()
        made.run()
        made.leave(*made.addresses(1))
        yield made
        made.close()


def test_that_an_answer_goes_into_fields_and_variables_and_a_history_keeps_what_was_said(office: Workshop) -> None:
    wanted = way(
        own(
            on_success=[
                {"to": "department", "value": "{{ response.user.role }}"},
                {"to": "kind", "into": "variable", "value": '{{ response_headers["Content-Type"] }}'},
            ]
        ),
        {"id": "note", "kind": "update", "settings": {"values": {"phone": "{{ kind }}"}}},
        links=[("begin", "next", "delete"), ("delete", "success", "note"), ("note", "success", "done")],
    )

    plan = office.plan(office.launch(wanted))
    result = office.go(office.launch(wanted), plan=plan)

    role = office.value("SELECT role FROM saas_user WHERE person = (SELECT id FROM person WHERE role = 'Leaver')")
    (found,) = office.rows("SELECT department, phone FROM person WHERE role = 'Leaver'")
    assert [each.state for each in result.ended] == [RunState.COMPLETED], result
    assert str(found[0]).lower() in str(role).lower().replace(" ", "_")
    assert str(found[1]).startswith("application/json")
    assert plan.ways[0].changes[0].after == "(from the answer)"
    (passage,) = history.latest_runs(office.store)
    step = passage.steps[1]
    assert step.request.startswith("GET 127.0.0.1")
    assert (step.status, step.tries) == (200, 1)
    assert '"user"' in step.answer


def test_that_a_negative_answer_has_a_mapping_of_its_own(office: Workshop) -> None:
    unknown = own(
        url="/users/PNOBODY",
        on_success=[{"to": "phone", "value": "found"}],
        on_failure=[{"to": "department", "value": "{{ response_status }}: {{ response.error.message }}"}],
    )

    result = office.go(office.launch(way(unknown, links=[("begin", "next", "delete"), ("delete", "success", "done")])))

    assert [each.state for each in result.ended] == [RunState.FAILED]
    assert office.value("SELECT department FROM person WHERE role = 'Leaver'") == "404: Not Found"


def test_that_the_whole_answer_goes_into_one_field(office: Workshop) -> None:
    result = office.go(office.launch(alone(on_success=[{"to": "department", "value": "{{response}}"}])))

    assert [each.state for each in result.ended] in ([RunState.COMPLETED], [RunState.FAILED])
    kept = office.value("SELECT department FROM person WHERE role = 'Leaver'")
    assert result.ended[0].message or str(kept).startswith('{"user"')


def test_that_a_condition_on_the_answer_decides(office: Workshop) -> None:
    failed = office.go(office.launch(alone(success_path="user.role", success_value="nobody")))

    assert [each.state for each in failed.ended] == [RunState.FAILED]
    assert "does not have “nobody” at user.role" in failed.ended[0].message


def test_that_a_web_page_is_no_answer(office: Workshop) -> None:
    workflow = office.launch(alone(on_success=[{"to": "department", "value": "{{ response.user.role }}"}]))
    plan = office.plan(workflow)
    office.simulator.faults.add(Fault(FaultKind.WEB_PAGE, endpoint="user"))

    result = office.go(workflow, plan=plan)

    assert [each.state for each in result.ended] == [RunState.FAILED]
    assert "web page" in result.ended[0].message
    assert office.value("SELECT department FROM person WHERE role = 'Leaver'") != "web page"


def test_that_an_own_delete_counts_leaves_once_and_is_written_down_first(office: Workshop) -> None:
    before = office.at_vendor()
    workflow = office.launch(alone(method="DELETE"))
    plan = office.plan(workflow)

    result = office.go(workflow, plan=plan)

    assert plan.calls == {Danger.DESTROYS: 1}
    assert [each.state for each in result.ended] == [RunState.COMPLETED], result
    assert len(office.at_vendor()) == len(before) - 1
    assert [(call.preset, call.state) for call in office.calls()] == [("own_request", "succeeded")]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"method": "POST", "credential": "reader"}, "“reader” may only read, and POST changes something."),
        ({"url": ""}, "URL is missing."),
        ({"url": "https://evil.example.com/x"}, "“bound” goes to api.pagerduty.com only, and not to evil.example.com."),
        ({"url": "https://{{ name }}/x"}, "“bound” goes to api.pagerduty.com only, and not to x."),
        ({"headers": {"Authorization": "x"}}, "The header Authorization cannot be set here"),
        ({"body": "{}"}, "A GET request carries no body."),
        ({"method": "POST", "body": '{"a": }'}, "The body: this is no JSON: line 1, column 7"),
        ({"success_statuses": [99]}, "99 is no HTTP status."),
        ({"success_path": "a"}, "A condition on the answer needs both a path and the value"),
        ({"on_success": [{"to": "nick"}]}, "There is no field nick in people."),
        ({"url": "/users/{{ nick }}"}, "The address speaks of nick, which is no field of people and no variable."),
    ],
)
def test_that_a_request_of_one_s_own_is_checked_before_a_launch(settings: dict[str, Any], sentence: str) -> None:
    bound = replace(WORLD.credentials["pd key"], name="bound", hosts=("https://api.pagerduty.com",))
    world = World(WORLD.fields, {**WORLD.credentials, "bound": bound}, {}, WORLD.connectors)
    wanted = drawn(BEGIN, own(**{"credential": "bound", **settings}), END, links=WAY)

    told = [problem.message for problem in problems_of(wanted, world)]

    assert any(message.startswith(sentence) for message in told), told


@pytest.mark.parametrize("identity", ["..", "", " "])
def test_that_a_hostile_id_never_becomes_another_address(identity: str) -> None:
    api = KINDS["api"]
    visit = Visit(record(pager_duty_user_id=identity), WORLD)
    settings = api.settings_type.model_validate(own()["settings"])

    assert api.foresee(settings, visit).problem


def test_that_an_id_stays_one_part_of_the_address() -> None:
    api = KINDS["api"]
    visit = Visit(record(pager_duty_user_id="a/b?c"), WORLD)
    settings = api.settings_type.model_validate(own()["settings"])

    (request,) = api.foresee(settings, visit).requests

    assert request.path == "/users/a%2Fb%3Fc"


def test_that_a_body_keeps_its_shape_whatever_the_values_are() -> None:
    visit = Visit(record(name='Ann "A" \\', number="7"), WORLD)

    body = JsonTemplate('{"name": "Dear {{ name }}", "team": {{ number }}, "on": true}').fill(visit)

    assert body == {"name": 'Dear Ann "A" \\', "team": 7, "on": True}
