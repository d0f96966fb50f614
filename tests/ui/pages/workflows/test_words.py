"""How workflows are spoken of."""

import pytest

from saasdesk.ui.pages.workflows.words import event_in_words, next_run_in_words, vendors_in_words
from saasdesk.workflows.blocks import Action
from saasdesk.workflows.editing import new_document
from saasdesk.workflows.overview import Standing
from saasdesk.workflows.workflow import Workflow, WorkflowState


@pytest.mark.parametrize(
    ("state", "actions", "said"),
    [
        (WorkflowState.DRAFT, (Action.SCHEDULE,), "Once it is launched"),
        (WorkflowState.DRAFT, (Action.BY_HAND,), "When you run it"),
        (WorkflowState.ACTIVE, (Action.EDITED,), "When something happens to a record"),
        (WorkflowState.PAUSED, (Action.SCHEDULE,), "None while paused"),
    ],
)
def test_that_the_next_run_is_said_by_what_it_waits_for(
    qapp: object, state: WorkflowState, actions: tuple[Action, ...], said: str
) -> None:
    workflow = Workflow(1, new_document("Leavers", "people"), 1, state, None, None, "", "")

    assert next_run_in_words(Standing(workflow, (), actions)) == said


@pytest.mark.parametrize(
    ("vendors", "said"),
    [
        (["PagerDuty"], "PagerDuty"),
        (["PagerDuty", "JumpCloud"], "JumpCloud and PagerDuty"),
        (["PagerDuty", "JumpCloud", "Atlassian"], "3 vendors"),
    ],
)
def test_that_more_vendors_than_a_button_has_room_for_are_counted(qapp: object, vendors: list[str], said: str) -> None:
    assert vendors_in_words(vendors) == said


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("by hand 2026-11-21T18:18:00.000000+00:00", "By hand"),
        ("schedule 2026-11-21T02:00:00Z", "Schedule"),
        ("trigger 12", "Change of the record"),
        ("retry of run 3 2026-11-21T18:18:00.000000+00:00", "Tried again"),
        ("run 3 pagerduty", "For each account"),
    ],
)
def test_that_what_began_a_run_is_said_in_words(event: str, words: str) -> None:
    assert event_in_words(event) == words
