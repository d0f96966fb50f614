"""Workflows that do what a run of an integration does by itself: look up the roles of a vendor's SaaS users."""

from saasdesk.connectors import Connector
from saasdesk.store import Store
from saasdesk.workflows import workflows
from saasdesk.workflows.blocks.saas_user_role import SaasUserRole
from saasdesk.workflows.workflow import Workflow, WorkflowState


def role_lookups(store: Store, connector: Connector) -> list[Workflow]:
    """The launched workflows with a SaaS User Role Retrieval block of this vendor, by name."""
    presets = {preset.key for preset in connector.presets}
    return [
        workflow
        for workflow in workflows.list_workflows(store)
        if workflow.state is WorkflowState.ACTIVE
        and any(block.settings.get("preset") in presets for block in workflow.document.of_kind(SaasUserRole.key))
    ]
