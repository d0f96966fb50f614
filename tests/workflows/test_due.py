"""Workflows that begin by themselves: what brings a record in, what does not, and what waits for a person."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saasdesk.clock import now
from saasdesk.fields import ObjectKind
from saasdesk.notices import list_notices
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.workflows import workflows
from saasdesk.workflows.due import run_due_workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.held import tell_of_held
from saasdesk.workflows.runner import WorkflowResult
from tests.workflows.conftest import Workshop, document

MARK = {"id": "delete", "kind": "update", "settings": {"values": {"department": "Seen {{ email }}"}}}


def marking(**begin: Any) -> WorkflowDocument:
    """A workflow that marks whom it sees."""
    blocks = document().model_dump(by_alias=True)["block"]
    return document("Marks", block=[{"id": "begin", "kind": "begin", "settings": begin}, MARK, blocks[2]])


def edit(workshop: Workshop, person: int, field: str, after: object) -> None:
    before = workshop.value(f"SELECT {field} FROM person WHERE id = ?", person)
    change = RecordEdit(ChangeKind.UPDATE, person, "", "by hand", (FieldEdit(field, before, after),))
    workshop.store.write(
        lambda db: apply_edits(db, ObjectKind.PEOPLE, [change], Cause("by hand", "admin"), "2026-03-01T08:00:00Z")
    )


def due(workshop: Workshop, moment: datetime | None = None) -> Sequence[WorkflowResult]:
    return run_due_workflows(workshop.store, workshop.vault, moment=moment)


def marked(workshop: Workshop) -> list[object]:
    return [person for (person,) in workshop.rows("SELECT id FROM person WHERE department LIKE 'Seen%' ORDER BY id")]


def test_that_an_edit_brings_the_record_in_once(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited"]))
    edit(workshop, 3, "phone", "+44 1")

    due(workshop)
    again = due(workshop)

    assert marked(workshop) == [3]
    assert list(again) == []


def test_that_what_happened_before_the_launch_is_none_of_its_business(workshop: Workshop) -> None:
    edit(workshop, 3, "phone", "+44 1")
    workshop.launch(marking(actions=["created", "edited"]))

    assert list(due(workshop)) == []


def test_that_only_the_named_fields_count(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited"], fields=["role"]))
    edit(workshop, 3, "phone", "+44 1")
    edit(workshop, 4, "role", "Leaver")

    due(workshop)

    assert marked(workshop) == [4]


def test_that_a_workflow_does_not_bring_records_back_to_itself(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited"]))
    edit(workshop, 3, "phone", "+44 1")

    passed = [len(due(workshop)) for _ in range(3)]

    assert passed == [1, 0, 0]


def test_that_a_record_that_does_not_fit_is_not_brought_in(workshop: Workshop) -> None:
    criteria = {"field": "role", "operator": "equals", "value": "Leaver"}
    workshop.launch(marking(actions=["edited"], criteria=criteria))
    edit(workshop, 3, "phone", "+44 1")

    due(workshop)

    assert marked(workshop) == []


def test_p15_that_a_slot_runs_once_and_missed_ones_together(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["schedule"], schedule={"every": "day", "at": "02:30", "timezone": "UTC"}))
    late = datetime.combine((now() + timedelta(days=3)).date(), datetime.min.time(), UTC) + timedelta(hours=8)

    first, second = due(workshop, late), due(workshop, late)

    assert [len(result.ended) for result in first] == [40]
    assert list(second) == []


def test_that_nothing_begins_while_schedules_rest(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited"]))
    edit(workshop, 3, "phone", "+44 1")
    workshop.store.save_setting("scheduling_paused", "true")

    assert list(due(workshop)) == []
    workshop.store.save_setting("scheduling_paused", "false")
    assert len(due(workshop)) == 1


def test_that_one_that_destroys_waits_until_it_was_run_by_hand(workshop: Workshop) -> None:
    blocks = document().model_dump(by_alias=True)["block"]
    blocks[0]["settings"]["actions"] = ["edited", "by_hand"]
    workflow = workshop.launch(document(block=blocks))
    first, second = workshop.addresses(2)
    edit(workshop, int(str(workshop.value("SELECT id FROM person WHERE email = ?", first))), "role", "Leaver")

    held = due(workshop)

    assert list(held) == []
    assert workshop.calls() == []
    (notice,) = list_notices(workshop.store)
    assert "was never run by hand" in notice.body
    assert notice.solved_at is None
    workshop.go(workflow)
    assert [each.solved_at is None for each in list_notices(workshop.store)] == [False], "it ran, and waits no more"
    edit(workshop, int(str(workshop.value("SELECT id FROM person WHERE email = ?", second))), "role", "Leaver")
    due(workshop)
    assert {call.verified for call in workshop.calls()} == {"gone"}


def test_that_two_workflows_that_change_the_same_record_stop_after_three_rounds(workshop: Workshop) -> None:
    def counting(name: str, own: str, other: str) -> WorkflowDocument:
        values = {own: "{{ " + own + " | default('') }}{{ " + other + " | default('') | length }}"}
        mark = {"id": "delete", "kind": "update", "settings": {"values": values}}
        begin = {"id": "begin", "kind": "begin", "settings": {"actions": ["edited"], "fields": [other]}}
        blocks = document().model_dump(by_alias=True)["block"]
        return document(name, block=[begin, mark, blocks[2]])

    first = workshop.launch(counting("One", "department", "phone"))
    workshop.launch(counting("Two", "phone", "department"))
    edit(workshop, 3, "phone", "+44 1")

    for _ in range(8):
        due(workshop)

    runs = workshop.value("SELECT count(*) FROM workflow_run WHERE workflow = ?", first.id)
    assert runs == 3
    assert any("goes round in a circle" in notice.title for notice in list_notices(workshop.store))


def test_that_a_workflow_is_not_brought_back_by_its_own_change(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited"]))
    edit(workshop, 3, "phone", "+44 1")

    results = [len(due(workshop)) for _ in range(3)]

    assert results == [1, 0, 0]


def test_that_only_an_edit_from_one_value_to_another_brings_the_record_in(workshop: Workshop) -> None:
    workshop.launch(marking(actions=["edited"], changed_from={"phone": ""}, changed_to={"phone": "+44 1"}))

    edit(workshop, 3, "phone", "+44 1")
    edit(workshop, 4, "phone", "+44 2")
    due(workshop)
    edit(workshop, 4, "phone", "+44 1")
    due(workshop)

    assert marked(workshop) == [3]


@pytest.mark.parametrize("decision", ["pause", "change", "launch", "delete"])
def test_that_a_held_run_is_no_longer_told_of_when_its_workflow_is_paused_changed_or_gone(
    workshop: Workshop, decision: str
) -> None:
    workflow = workshop.launch()
    tell_of_held(workshop.store, workflow, "3 of 9 records exceed the caps.", 9)

    match decision:
        case "pause":
            workflows.pause(workshop.store, workflow)
        case "launch":
            workflows.launch(workshop.store, workshop.vault, workflow)
        case "delete":
            workflows.delete_workflow(workshop.store, workflow)
        case _:
            changed = workflow.document.model_copy(update={"description": "Something else."})
            workflows.save_workflow(workshop.store, changed)

    assert [each.solved_at is None for each in list_notices(workshop.store)] == [False]
