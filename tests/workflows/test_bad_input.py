"""What is refused or held, in the order in which it can go wrong: the drawing, the values, the vendor, the events.

What a vendor answers (web pages, a 429 in the middle, no answer) is tried with each preset in test_presets.py, ids that
are none in test_requests.py, and a process that is killed in tests/journeys/test_workflow_kill.py.
"""

from collections.abc import Callable
from typing import Any

import pytest

from saasdesk.connectors import Danger
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.notices import list_notices
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, RecordEdit
from saasdesk.workflows import history, workflows
from saasdesk.workflows.due import run_due_workflows
from saasdesk.workflows.graph import WorkflowDocument, parse_document
from saasdesk.workflows.held import reject_held, why_held
from saasdesk.workflows.runner import RunState, run_workflow
from tests.workflows.conftest import DELETE, Workshop, document

BEGIN = {"id": "begin", "kind": "begin"}
END = {"id": "done", "kind": "end"}
WAY = [{"from": "begin", "outlet": "next", "to": "act"}, {"from": "act", "to": "done"}]


def act(kind: str = "api", **settings: Any) -> dict[str, Any]:
    return {"id": "act", "kind": kind, "settings": settings}


def drawn(*blocks: dict[str, Any], links: list[dict[str, str]] | None = None) -> WorkflowDocument:
    return document("Bad", block=list(blocks), link=WAY if links is None else links)


DELETES = {"preset": DELETE, "credential": "pd key"}


def two_begins() -> WorkflowDocument:
    return drawn(BEGIN, {**BEGIN, "id": "begin_2"}, act(**DELETES), END)


def unreachable() -> WorkflowDocument:
    return drawn(BEGIN, act(**DELETES), {"id": "lost", "kind": "end"}, END)


def circle() -> WorkflowDocument:
    back = {"id": "back", "kind": "update", "settings": {"values": {"department": "x"}}}
    return drawn(
        BEGIN, act(**DELETES), back, END,
        links=[*WAY, {"from": "act", "outlet": "failure", "to": "back"}, {"from": "back", "to": "act"}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "where", "said"),
    [
        (lambda: drawn(BEGIN, act(), END), "act", "Select Preset is missing."),
        (two_begins, "begin_2", "A workflow has one Begin; this one has 2."),
        (unreachable, "lost", "No way leads from Begin to here."),
        (circle, "back", "The way leads round in a circle: Update record → PagerDuty Delete User → Update record."),
        (
            lambda: drawn(BEGIN, act("update", values={"department": "{{ shoe_size }}"}), END),
            "act",
            "speaks of shoe_size, which is no field of people and no variable",
        ),
        (
            lambda: drawn(BEGIN, act(preset=DELETE, credential="gone"), END),
            "act",
            "There is no credential “gone”.",
        ),
        (
            lambda: drawn(BEGIN, act(preset="jumpcloud_delete_user", credential="pd key"), END),
            "act",
            "“pd key” is a credential for PagerDuty, and Delete User belongs to JumpCloud.",
        ),
        (lambda: drawn(BEGIN, act("teleport"), END), "act", "There is no kind of block “teleport”."),
    ],
    ids=["no settings", "two begins", "unreachable", "circle", "gone field", "gone credential", "vendor", "kind"],
)
def test_that_a_drawing_that_is_not_right_can_be_kept_and_not_launched(
    workshop: Workshop, wanted: Callable[[], WorkflowDocument], where: str, said: str
) -> None:
    saved = workflows.save_workflow(workshop.store, wanted())

    told = workflows.problems(workshop.store, workshop.vault, saved.document)

    assert any(problem.block == where and said in problem.message for problem in told), told
    with pytest.raises(UserError, match="“Bad” cannot be launched yet"):
        workflows.launch(workshop.store, workshop.vault, saved)
    with pytest.raises(UserError, match="“Bad” is not whole yet"):
        workshop.plan(saved)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "is not readable TOML"),
        ('name = "x"\nobject = "people"\ncolour = "red"', "colour is not a known key."),
        ('name = "x"\nobject = "people"\n[[block]]\nkind = "begin"', "block[1].id is missing."),
        ('name = "x"\nobject = "people"\n[[block]]\nid = "a"\nkind = "begin"\nsettings = 7', "block[1].settings: "),
        ('name = "x\\u202e"\nobject = "people"', "has no hidden characters"),
        ('name = "x"\nobject = "everybody"', "object: Input should be 'people', 'saas_users' or 'assets'."),
    ],
)
def test_that_a_file_that_was_edited_wrongly_is_refused_by_the_name_of_its_key(text: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_document(text, "mine.toml")

    assert str(refused.value).startswith("mine.toml")
    assert said in str(refused.value)


def test_that_a_credential_that_is_deleted_after_the_launch_stops_it_before_anything_is_sent(
    workshop: Workshop,
) -> None:
    workshop.leave(*workshop.addresses(1))
    workflow = workshop.launch()
    plan = workshop.plan(workflow)
    workshop.vault.delete("pd key", used_by=lambda *_: ())

    result = workshop.go(workflow, plan=plan)

    assert [each.state for each in result.ended] == [RunState.FAILED], result
    assert workshop.calls() == []
    assert workshop.simulator.requests.count(method="DELETE") == 0


def test_that_an_empty_id_is_told_in_the_plan_and_nobody_is_asked(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(1))
    workshop.write("UPDATE person SET pager_duty_user_id = NULL WHERE role = 'Leaver'")
    workflow = workshop.launch()

    (way,) = workshop.plan(workflow).ways
    workshop.go(workflow)

    assert "PagerDuty User ID is empty" in way.problem
    assert way.requests == ()
    assert workshop.calls() == []


def deactivate(workshop: Workshop, person: int) -> None:
    edit = RecordEdit(ChangeKind.DEACTIVATE, person, "", "left")
    workshop.store.write(
        lambda db: apply_edits(db, ObjectKind.PEOPLE, [edit], Cause("by hand", "admin"), "2026-03-01T08:00:00Z")
    )


def marking(**begin: Any) -> WorkflowDocument:
    """A workflow that marks whom it sees, and so edits the record that brought it."""
    return drawn({**BEGIN, "settings": begin}, act("update", values={"department": "Seen {{ email }}"}), END)


def test_that_a_record_that_is_deactivated_twice_goes_through_once(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["deactivated"], run_for="deactivated"))
    person = int(str(workshop.value("SELECT id FROM person ORDER BY id LIMIT 1")))

    deactivate(workshop, person)
    deactivate(workshop, person)
    passed = [len(result.ended) for _ in range(3) for result in run_due_workflows(workshop.store, workshop.vault)]

    assert sum(passed) == 1
    assert len(history.latest_runs(workshop.store)) == 1


def test_that_a_workflow_that_brings_itself_about_stops_after_the_first_time(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited", "deactivated"], run_for="all"))
    deactivate(workshop, int(str(workshop.value("SELECT id FROM person ORDER BY id LIMIT 1"))))

    passed = [len(result.ended) for _ in range(4) for result in run_due_workflows(workshop.store, workshop.vault)]

    assert sum(passed) == 1


def test_that_five_thousand_where_three_were_expected_are_not_deleted(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(3))
    workflow = workshop.launch()
    expected = workshop.plan(workflow)
    workshop.write(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4997)
        INSERT INTO person (name, email, email__key, username, username__key, role, pager_duty_user_id,
            pager_duty_user_id__key, created_at, updated_at)
        SELECT 'Nr ' || i, i || '@example.com', i || '@example.com', 'u' || i, 'u' || i, 'Leaver',
            printf('P%06d', i), printf('p%06d', i), '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z' FROM n
        """
    )
    before = workshop.at_vendor()

    plan = workshop.plan(workflow)
    with pytest.raises(UserError, match="The plan has 5000 destructive calls, and 3 were agreed to"):
        run_workflow(workshop.store, workshop.vault, workflow, plan, approved=3, event="by hand 1")
    result = workshop.go(workflow, plan=plan, event="by hand 2")

    assert (expected.calls[Danger.DESTROYS], plan.calls[Danger.DESTROYS]) == (3, 5000)
    assert len(before - workshop.at_vendor()) <= 4
    assert len(result.ended) <= 10
    assert len(result.held) == 5000 - len(result.ended)


def test_that_one_that_begins_by_itself_holds_all_of_them_and_says_so(workshop: Workshop) -> None:
    """The first time, whatever the caps allow: nobody has seen what this version does."""
    workshop.leave(*workshop.addresses(5))
    blocks = document().model_dump(by_alias=True)["block"]
    blocks[0]["settings"] = {**blocks[0]["settings"], "actions": ["deactivated"], "run_for": "all"}
    workshop.launch(document(block=blocks))
    for (person,) in workshop.rows("SELECT id FROM person WHERE role = 'Leaver'"):
        deactivate(workshop, int(str(person)))

    run_due_workflows(workshop.store, workshop.vault)

    assert workshop.calls() == []
    assert "was never run by hand" in list_notices(workshop.store)[0].body


def test_that_a_run_that_was_held_and_is_rejected_does_not_come_back(workshop: Workshop) -> None:
    workshop.leave(*workshop.addresses(3))
    blocks = document().model_dump(by_alias=True)["block"]
    blocks[0]["settings"] = {**blocks[0]["settings"], "actions": ["deactivated"], "run_for": "all"}
    workflow = workshop.launch(document(block=blocks))
    first, second, third = (int(str(row[0])) for row in workshop.rows("SELECT id FROM person WHERE role = 'Leaver'"))
    deactivate(workshop, first)
    deactivate(workshop, second)
    run_due_workflows(workshop.store, workshop.vault)
    assert why_held(workshop.store, workflow).endswith("was never run by hand.")

    reject_held(workshop.store, workflow)
    run_due_workflows(workshop.store, workshop.vault)

    assert why_held(workshop.store, workflow) == ""
    with pytest.raises(UserError, match="Nothing of “Leavers” waits for you"):
        reject_held(workshop.store, workflow)
    deactivate(workshop, third)
    run_due_workflows(workshop.store, workshop.vault)
    assert "1 record waits." in list_notices(workshop.store)[0].body
    assert workshop.calls() == []
