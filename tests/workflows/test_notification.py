"""Notification: what people are told of a record, here and by mail."""

from typing import Any

from saasdesk.notices import list_notices
from saasdesk.notices.outbox import list_mail
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.runner import RunState
from tests.workflows.conftest import Workshop, document


def telling(**settings: Any) -> WorkflowDocument:
    """A workflow that tells of each leaver."""
    blocks = document().model_dump(by_alias=True)["block"]
    tell = {"id": "delete", "kind": "notification", "settings": {"subject": "{{ name }} leaves", **settings}}
    return document("News", block=[blocks[0], tell, blocks[2]])


def test_that_each_leaver_is_told_of_here_and_by_mail(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(2))

    workshop.go(workshop.launch(telling(message="Was {{ email }}.", to=["it@example.com", "{{ email }}"])))

    names = {f"{name} leaves" for (name,) in workshop.rows("SELECT name FROM person WHERE role = 'Leaver'")}
    assert {notice.title for notice in list_notices(workshop.store)} == names
    recipients = [mail.recipient for mail in list_mail(workshop.store)]
    assert sorted(recipients) == sorted(["it@example.com", "it@example.com", *workshop.addresses(2)])


def test_that_a_plan_tells_nobody(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))

    plan = workshop.plan(workshop.launch(telling()))

    assert plan.ways[0].steps[1].foreseen.message.startswith("would tell “")
    assert list_notices(workshop.store) == []


def test_that_an_address_that_is_none_leaves_by_failure(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))

    result = workshop.go(workshop.launch(telling(to=["{{ name }}"])))

    assert [each.state for each in result.ended] == [RunState.FAILED]
    assert "is not a mail address" in result.ended[0].message


def test_that_a_typed_address_that_is_none_keeps_it_from_being_launched(workshop: Workshop) -> None:
    wrong = workflows.problems(workshop.store, workshop.vault, telling(to=["nobody"]))

    assert [problem.message for problem in wrong] == ["“nobody” is not a mail address."]
