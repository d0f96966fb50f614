"""A credential that workflows use is not taken from under them unseen."""

import pytest

from saasdesk.errors import UserError
from saasdesk.workflows import workflows
from saasdesk.workflows.credentials import delete_credential, rename_credential, workflows_with
from saasdesk.workflows.runner import RunState
from saasdesk.workflows.workflow import WorkflowState
from tests.workflows.conftest import Workshop


def test_that_a_credential_names_the_workflows_that_use_it(workshop: Workshop) -> None:
    workshop.launch()

    assert [each.name for each in workflows_with(workshop.store, "PD Key")] == ["Leavers"]
    assert workflows_with(workshop.store, "another") == []


def test_that_a_credential_of_a_workflow_stays_unless_the_workflow_is_paused_with_it(workshop: Workshop) -> None:
    workshop.launch()
    with pytest.raises(UserError, match="is used by the workflow “Leavers”"):
        delete_credential(workshop.store, workshop.vault, "pd key")
    assert workflows.find_workflow(workshop.store, "Leavers").state is WorkflowState.ACTIVE
    assert [each.name for each in workshop.vault.list()] == ["pd key"]

    stopped = delete_credential(workshop.store, workshop.vault, "pd key", force=True)

    assert stopped[-1] == "Leavers"
    assert workflows.find_workflow(workshop.store, "Leavers").state is WorkflowState.PAUSED
    assert workshop.vault.list() == ()


def test_that_renaming_reaches_the_workflow_and_what_was_launched_of_it(workshop: Workshop) -> None:
    workflow = workshop.launch()
    workshop.leave(*workshop.addresses(1))

    rename_credential(workshop.vault, "PD KEY", "PagerDuty full access")

    found = workflows.find_workflow(workshop.store, "Leavers")
    assert (found.state, found.version) == (WorkflowState.ACTIVE, workflow.version)
    for document in (found.document, workflows.launched(workshop.store, found)):
        assert [block.settings["credential"] for block in document.of_kind("api")] == ["PagerDuty full access"]
    assert {each.state for each in workshop.go(found).ended} == {RunState.COMPLETED}
