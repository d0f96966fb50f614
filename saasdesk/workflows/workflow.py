"""A workflow as it is kept."""

from dataclasses import dataclass
from enum import StrEnum

from saasdesk.workflows.graph import WorkflowDocument


class WorkflowState(StrEnum):
    """Draft until launched; a paused one does nothing until it is launched again."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Workflow:
    """The document, how often it was changed, and its state."""

    id: int
    document: WorkflowDocument
    version: int
    state: WorkflowState
    launched_version: int | None
    launched_at: str | None
    created_at: str
    updated_at: str

    @property
    def cause(self) -> str:
        """What stands in a record's history for what it did."""
        return f"workflow “{self.name}”"

    @property
    def name(self) -> str:
        """The name the admin gave it."""
        return self.document.name


def to_json(document: WorkflowDocument) -> str:
    """The document as it is stored."""
    return document.model_dump_json(by_alias=True, exclude_none=True)


def from_json(text: str) -> WorkflowDocument:
    """A stored document."""
    return WorkflowDocument.model_validate_json(text)
