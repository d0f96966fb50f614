"""Copies and names: a workflow like another one, under another name, or out of a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from saasdesk.clock import now_text
from saasdesk.definitions import read_file
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.workflows.graph import LONGEST_NAME, WorkflowDocument, document_from, parse_document
from saasdesk.workflows.rows import document_rows
from saasdesk.workflows.workflow import Workflow, to_json
from saasdesk.workflows.workflows import find_workflow, list_workflows, save_workflow


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name itself, or with a number behind it where another workflow has it."""
    known = {name.casefold() for name in taken}
    found, number = wanted, 2
    while found.casefold() in known:
        ending = f" {number}"
        found, number = f"{wanted[: LONGEST_NAME - len(ending)].rstrip()}{ending}", number + 1
    return found


def add_workflow(store: Store, document: WorkflowDocument) -> Workflow:
    """Keep a document as a new draft; where its name is taken it gets a number."""
    name = free_name(document.name, (each.name for each in list_workflows(store)))
    return save_workflow(store, document.model_copy(update={"name": name}))


def rename_workflow(store: Store, workflow: Workflow, name: str) -> Workflow:
    """Give it another name. What runs goes on: a name is nothing that a record is sent through.

    A UserError where another one is called so.
    """
    document = document_from(
        {**workflow.document.model_dump(mode="json", by_alias=True, exclude_none=True), "name": name.strip()},
        "The workflow",
    )

    def work(db: Connection) -> None:
        namesake = document_rows.workflow_named(db, document.name)
        if namesake is not None and namesake.id != workflow.id:
            raise UserError(f"There is a workflow “{document.name}” already.")
        document_rows.rename_workflow(db, workflow.id, document.name, to_json(document), now_text())
        record(db, "workflow.renamed", document.name, {"before": workflow.name})

    if document.name != workflow.name:
        store.write(work)
    return find_workflow(store, document.name)


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would make: `namesake` is the workflow of that name, which it could change instead."""

    document: WorkflowDocument
    namesake: Workflow | None
    free_name: str

    @property
    def may_replace(self) -> bool:
        """Whether the workflow of the same name could be given this document."""
        return self.namesake is not None and self.namesake.document.object == self.document.object

    @property
    def is_same(self) -> bool:
        """Whether the file says what is here already."""
        return self.namesake is not None and self.namesake.document == self.document


def read_document(file: Path) -> WorkflowDocument:
    """The workflow in a file; a UserError says what is wrong with it, by the name of its key."""
    return parse_document(read_file(file, "a workflow file"), file.name)


def look_at(store: Store, document: WorkflowDocument) -> Import:
    """What importing the document would do. Nothing is changed."""
    known = list_workflows(store)
    namesake = next((each for each in known if each.name.casefold() == document.name.casefold()), None)
    return Import(document, namesake, free_name(document.name, (each.name for each in known)))
