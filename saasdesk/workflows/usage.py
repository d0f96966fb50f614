"""Who uses a field or a variable: integrations in their mappings, workflows in their blocks."""

import re

from saasdesk.connectors import CONNECTORS
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.workflows.graph import Block, WorkflowDocument
from saasdesk.workflows.requests import find_preset
from saasdesk.workflows.workflow import Workflow
from saasdesk.workflows.workflows import launched, list_workflows


def users_of_field(store: Store, field: Field) -> list[str]:
    """The integrations that fill a field, then the workflows that name it, whatever state they are in."""
    named = [
        workflow.name
        for workflow in list_workflows(store)
        if _sees(workflow.document, field.object)
        and any(
            _names(block, field.external_id) or _needs(block, field.external_id) for block in _blocks(store, workflow)
        )
    ]
    return [*integrations.users_of_field(store, field), *named]


def users_of_variable(store: Store, key: str) -> list[str]:
    """The integrations that read a variable, then the workflows that name it."""
    named = [
        workflow.name
        for workflow in list_workflows(store)
        if any(_names(block, key) for block in _blocks(store, workflow))
    ]
    return [*integrations.users_of_variable(store, key), *named]


def _blocks(store: Store, workflow: Workflow) -> list[Block]:
    """The blocks of a workflow as it is drawn now, and as it was launched: that one may still run."""
    drawn = list(workflow.document.blocks)
    if workflow.launched_version in {None, workflow.version}:
        return drawn
    return [*drawn, *launched(store, workflow).blocks]


def _sees(document: WorkflowDocument, kind: ObjectKind) -> bool:
    # A SaaS user also has what is known of the person behind it, and a person's SaaS users may go their own way.
    both = {ObjectKind.PEOPLE, ObjectKind.SAAS_USERS}
    return document.record_kind is kind or {document.record_kind, kind} == both


def _names(block: Block, word: str) -> bool:
    """Whether the word stands anywhere in the settings, as a key, in a rule or in a template."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", block.model_dump_json(include={"settings"})) is not None


def _needs(block: Block, field: str) -> bool:
    try:
        return field in find_preset(CONNECTORS, str(block.settings.get("preset", "")))[1].needs
    except UserError:
        return False
