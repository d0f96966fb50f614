"""Credentials and the workflows that use them: deleting one stops what would fail, integrations and workflows alike."""

from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.store import Store
from saasdesk.sync import credentials
from saasdesk.workflows import workflows
from saasdesk.workflows.workflow import Workflow, WorkflowState


def workflows_with(store: Store, credential: str) -> list[Workflow]:
    """The workflows that have a block with this credential, by name."""
    wanted = credential.strip().casefold()
    return [
        workflow
        for workflow in workflows.list_workflows(store)
        if any(str(block.settings.get("credential", "")).casefold() == wanted for block in workflow.document.blocks)
    ]


def delete_credential(store: Store, vault: Vault, name: str, *, force: bool = False) -> tuple[str, ...]:
    """Remove a credential and its key; refused while anything uses it, unless `force`, which pauses all of that.

    Returns the names of those that use it: they need another credential before they run again.
    """
    using = workflows_with(store, name)
    if using and not force:
        named = ", ".join(f"“{workflow.name}”" for workflow in using)
        raise UserError(f"“{name}” is used by the workflow {named}. Give it another credential first.")
    for workflow in using:
        if workflow.state is WorkflowState.ACTIVE:
            workflows.pause(store, workflow)
    stopped = credentials.delete_credential(store, vault, name, force=force)
    return (*stopped, *(workflow.name for workflow in using))
