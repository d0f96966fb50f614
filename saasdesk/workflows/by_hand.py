"""Workflows that a person may run on records of their choice."""

from saasdesk.fields import ObjectKind
from saasdesk.store import Store
from saasdesk.workflows.blocks import KINDS, Action, BeginSettings
from saasdesk.workflows.starters import find_starter
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import launched, list_workflows

OFF_BOARD = "off_board"
"""The key of the starter that off-boards a person."""


def workflows_by_hand(store: Store, kind: ObjectKind) -> list[Workflow]:
    """The launched ones on records of this kind whose Begin says *by hand*, by name."""
    found = []
    for workflow in list_workflows(store):
        if workflow.state is not WorkflowState.ACTIVE or workflow.document.record_kind is not kind:
            continue
        (begin,) = launched(store, workflow).of_kind("begin")
        settings: BeginSettings = KINDS["begin"].settings_of(begin)
        if Action.BY_HAND in settings.actions:
            found.append(workflow)
    return found


def off_boarding(store: Store) -> Workflow | None:
    """The launched workflow by which people are off-boarded: the one that is called like the starter for it."""
    name = find_starter(OFF_BOARD).name.casefold()
    called = [workflow for workflow in workflows_by_hand(store, ObjectKind.PEOPLE) if name in workflow.name.casefold()]
    return called[0] if called else None
