"""Credentials and the workflows that use them: renaming reaches both, deleting stops what would fail."""

from saasdesk.clock import now_text
from saasdesk.credentials import Credential, Vault
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.sync import credentials
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.rows import document_rows
from saasdesk.workflows.workflow import Workflow, WorkflowState


def workflows_with(store: Store, credential: str) -> list[Workflow]:
    """The workflows that have a block with this credential, by name."""
    wanted = credential.strip().casefold()
    return [
        workflow
        for workflow in workflows.list_workflows(store)
        if any(str(block.settings.get("credential", "")).casefold() == wanted for block in workflow.document.blocks)
    ]


def rename_credential(vault: Vault, name: str, new: str) -> Credential:
    """Give a credential another name, in every integration and workflow that uses it too; all or nothing."""

    def follow(db: Connection, before: str, after: str) -> None:
        def renamed(document: WorkflowDocument) -> WorkflowDocument:
            blocks = tuple(
                block.model_copy(update={"settings": {**block.settings, "credential": after}})
                if str(block.settings.get("credential", "")).casefold() == before.casefold()
                else block
                for block in document.blocks
            )
            return document.model_copy(update={"blocks": blocks})

        for workflow in document_rows.rewrite_documents(db, renamed, now_text()):
            record(db, "workflow.changed", workflow, {"changed": {"credential": [before, after]}})

    return credentials.rename_credential(vault, name, new, follow)


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
