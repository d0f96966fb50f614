"""A workflow as a document: what a file may say, and what keeps it from being launched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument, document_from, free_id, parse_document
from saasdesk.workflows.validation import problems_of
from tests.workflows.conftest import DELETE, document

KEY = Credential("1", "pd key", "pagerduty", "2026-01-01T00:00:00Z", permission="act")
READER = Credential("2", "reader", "pagerduty", "2026-01-01T00:00:00Z")
OTHER = Credential("3", "jc key", "jumpcloud", "2026-01-01T00:00:00Z", permission="act")
FIELDS = {
    name: Field(ObjectKind.PEOPLE, name, name.title()) for name in ("email", "role", "name", "pager_duty_user_id")
}
WORLD = World(FIELDS, {each.name: each for each in (KEY, READER, OTHER)}, {}, CONNECTORS)

BEGIN = {"id": "begin", "kind": "begin"}
END = {"id": "done", "kind": "end"}


def api(**settings: Any) -> dict[str, Any]:
    return {"id": "delete", "kind": "api", "settings": {"preset": DELETE, "credential": "pd key", **settings}}


def link(source: str, to: str, outlet: str = "success") -> dict[str, str]:
    return {"from": source, "to": to, "outlet": outlet}


WAY = [link("begin", "delete", "next"), link("delete", "done")]


def drawn(*blocks: dict[str, Any], links: list[dict[str, str]]) -> WorkflowDocument:
    return document(block=list(blocks), link=links)


def test_that_a_file_is_read_back_as_it_was_written() -> None:
    assert parse_document(to_toml(document())) == document()


def test_that_a_whole_workflow_has_no_problem() -> None:
    assert problems_of(document(), WORLD) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"colour": "x"}, "the file: colour is not a known key."),
        ({"object": "licences"}, "the file: object: Input should be 'people', 'saas_users' or 'assets'."),
        ({"block": [{"id": "Begin!", "kind": "begin"}]}, "the file: block[1].id: an id is made of up to 40 small"),
        ({"link": [{"from": "begin"}]}, "the file: link[1].to is missing."),
        ({"name": " x"}, "the file: name: a name begins and ends with something to be seen"),
    ],
)
def test_that_a_bad_file_is_refused_by_the_name_of_its_key(change: dict[str, Any], sentence: str) -> None:
    values = {"name": "Leavers", "object": "people", **change}

    with pytest.raises(UserError) as refused:
        document_from(values, "the file")

    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (lambda: drawn(api(), END, links=[link("delete", "done")]), "A workflow has one Begin; this one has none."),
        (
            lambda: drawn(BEGIN, {**BEGIN, "id": "begin_2"}, api(), END, links=WAY),
            "A workflow has one Begin; this one has 2.",
        ),
        (lambda: drawn(BEGIN, api(), links=[WAY[0]]), "A workflow needs an End."),
        (lambda: drawn(BEGIN, api(), END, links=[WAY[0]]), "Nothing follows its outlet “success”."),
        (lambda: drawn(BEGIN, api(), END, links=[WAY[1]]), "No way leads from Begin to here."),
        (
            lambda: drawn(BEGIN, api(), END, links=[*WAY, link("delete", "nowhere", "failure")]),
            "A link names the block nowhere, which is not there.",
        ),
        (
            lambda: drawn(BEGIN, api(), END, links=[*WAY, link("delete", "done")]),
            "2 links leave by “success”; a record can only take one.",
        ),
        (
            lambda: drawn(BEGIN, api(), END, links=[*WAY, link("delete", "done", "maybe")]),
            "It has no outlet “maybe”. It has: success, not_found, failure.",
        ),
        (
            lambda: drawn(
                BEGIN, api(), END, links=[WAY[0], link("delete", "done"), link("delete", "delete", "failure")]
            ),
            "The way leads round in a circle: PagerDuty Delete User → PagerDuty Delete User.",
        ),
        (lambda: drawn(BEGIN, api(), api(), END, links=WAY), "2 blocks have the id delete."),
        (
            lambda: drawn(BEGIN, {"id": "delete", "kind": "teleport"}, END, links=WAY),
            "There is no kind of block “teleport”. There are: begin, conditional, ",
        ),
        (lambda: drawn(BEGIN, {"id": "delete", "kind": "api"}, END, links=WAY), "Select Preset is missing."),
        (lambda: drawn(BEGIN, api(preset="nothing"), END, links=WAY), "There is no preset “nothing”."),
        (lambda: drawn(BEGIN, api(credential="gone"), END, links=WAY), "There is no credential “gone”."),
        (lambda: drawn(BEGIN, api(credential="reader"), END, links=WAY), "“reader” may only read"),
        (lambda: drawn(BEGIN, api(credential="jc key"), END, links=WAY), "“jc key” is a credential for JumpCloud"),
        (
            lambda: drawn(BEGIN, api(preset="jumpcloud_delete_user", credential="jc key"), END, links=WAY),
            "Delete User needs the field jump_cloud_user_id, which people do not have.",
        ),
        (
            lambda: drawn(BEGIN, api(preset="atlassian_deactivate_user", credential="pd key"), END, links=WAY),
            "Atlassian Deactivate User is about a SaaS user: make a workflow about SaaS users, or put it behind For",
        ),
        (lambda: drawn(BEGIN, api(inputs={"x": "1"}), END, links=WAY), "PagerDuty Delete User has no input x."),
    ],
)
def test_that_what_keeps_a_workflow_from_being_launched_is_told(
    wanted: Callable[[], WorkflowDocument], sentence: str
) -> None:
    told = [problem.message for problem in problems_of(wanted(), WORLD)]

    assert any(message.startswith(sentence) for message in told), told


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"criteria": {"field": "gone", "operator": "is_empty"}}, "There is no field gone in people."),
        ({"actions": ["schedule"]}, "It is to start by a schedule, and none is set."),
        ({"fields": ["role"]}, "Fields are named, which count for the action “edited” only."),
        ({"actions": ["never"]}, "Actions, number 1: Input should be 'created'"),
        (
            {"criteria": {"all": [{"field": "role", "operator": "contains", "value": ""}]}},
            "Rule criteria, condition 1: “contains” needs a value;",
        ),
        (
            {"criteria": {"all": [{"any": [{"field": "role", "operator": "contains", "value": ""}]}]}},
            "Rule criteria, condition 1.1: “contains” needs a value;",
        ),
        ({"criteria": {"field": "role", "operator": "equals", "value": ""}}, "Rule criteria: “is” needs a value;"),
    ],
)
def test_that_begin_is_checked(settings: dict[str, Any], sentence: str) -> None:
    wanted = drawn({**BEGIN, "settings": settings}, api(), END, links=WAY)

    told = [problem.message for problem in problems_of(wanted, WORLD)]

    assert any(message.startswith(sentence) for message in told), told


def test_that_a_condition_of_a_branch_is_named_as_people_count_it() -> None:
    unfinished = {"all": [{"field": "role", "operator": "is_empty"}, {"field": "role", "operator": "equals"}]}
    branches = [{"name": "One", "rule": unfinished}]
    conditional = {"id": "delete", "kind": "conditional", "settings": {"branches": branches}}

    told = [problem.message for problem in problems_of(drawn(BEGIN, conditional, END, links=WAY), WORLD)]

    assert any(said.startswith("Branches, number 1, condition 2: “is” needs a value;") for said in told), told


def test_that_a_template_that_cannot_be_read_is_told_with_its_place() -> None:
    update = {"id": "delete", "kind": "update", "settings": {"values": {"name": "{{ email"}}}

    (problem,) = problems_of(drawn(BEGIN, update, END, links=WAY), WORLD)

    assert problem.block == "delete"
    assert problem.message.startswith("The value of name: ")


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [("PagerDuty Delete User", [], "pagerduty_delete_user"), ("End", ["end"], "end_2"), ("9 lives", [], "b_9_lives")],
)
def test_that_a_new_block_gets_an_id_of_its_own(wanted: str, taken: list[str], free: str) -> None:
    assert free_id(wanted, taken) == free


def test_that_the_example_of_the_documentation_lacks_nothing_but_the_credential() -> None:
    page = (Path(__file__).parents[2] / "docs" / "WORKFLOWS.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]

    told = [problem.message for problem in problems_of(parse_document(example), WORLD)]

    assert told == ["There is no credential “pagerduty-key”."]
