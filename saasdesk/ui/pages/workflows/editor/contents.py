"""What the page of one workflow shows, read in a worker."""

import threading
from dataclasses import dataclass

from saasdesk.services import Services
from saasdesk.store.unsaved import Unsaved, UnsavedCopies
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.overview import Standing, standings
from saasdesk.workflows.workflow import Workflow
from saasdesk.workflows.workflows import world_of

Copies = UnsavedCopies[WorkflowDocument]


@dataclass(frozen=True, slots=True)
class EditorContents:
    """One workflow with everything that its editor needs; `unsaved` are edits that a crash has left behind."""

    standing: Standing
    world: World
    unsaved: Unsaved[WorkflowDocument] | None

    @property
    def workflow(self) -> Workflow:
        """The workflow itself."""
        return self.standing.workflow


def read_workflow(services: Services, number: int, copies: Copies, stop: threading.Event) -> EditorContents | None:
    """Read one workflow; None when it was deleted."""
    known = standings(services.store, services.vault, stop)
    standing = next((each for each in known if each.workflow.id == number), None)
    if standing is None:
        return None
    workflow = standing.workflow
    world = world_of(services.store, services.vault, workflow.document.record_kind)
    return EditorContents(standing, world, copies.find(workflow.id, workflow.document))
