"""How workflows are spoken of."""

import pytest

from saasdesk.ui.pages.workflows.words import next_run_in_words
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
