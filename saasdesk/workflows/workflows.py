"""What an admin does with workflows: save and delete; each is one transaction with its audit row."""

from saasdesk.clock import now_text
from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.store.variables import list_variables
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.held import settle_held
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.rows import document_rows, record_rows
from saasdesk.workflows.validation import Problem, problems_of
from saasdesk.workflows.waiting.rows import withdraw
from saasdesk.workflows.workflow import Workflow, WorkflowState, to_json


def list_workflows(store: Store) -> list[Workflow]:
    """All workflows, by name."""
    with store.reading() as db:
        return document_rows.workflows(db)


def find_workflow(store: Store, name: str) -> Workflow:
    """The workflow of this name; a UserError names those that exist."""
    with store.reading() as db:
        found = document_rows.workflow_named(db, name)
        if found is None:
            known = ", ".join(f"“{workflow.name}”" for workflow in document_rows.workflows(db)) or "none yet"
            raise UserError(f"There is no workflow “{name}”. Here are: {known}.")
    return found


def save_workflow(store: Store, document: WorkflowDocument, replaces: str | None = None) -> Workflow:
    """Create the workflow, or give the one of the same name (or `replaces`) this document.

    A draft may lack things; what it lacks is told by `problems`. Where blocks were only moved, or comments written, the
    version stays, and what is launched runs on.
    """

    def work(db: Connection) -> None:
        existing = document_rows.workflow_named(db, replaces or document.name)
        namesake = document_rows.workflow_named(db, document.name)
        if namesake is not None and (existing is None or namesake.id != existing.id):
            raise UserError(f"There is a workflow “{document.name}” already.")
        if existing is not None and existing.document.object != document.object:
            about = existing.document.object_in_words
            raise UserError(f"object: “{existing.name}” is about {about}. Give the other one another name.")
        at = now_text()
        if existing is None:
            document_rows.insert_workflow(db, document.name, to_json(document), at)
            record(db, "workflow.created", document.name, {"object": document.object})
        elif existing.document != document and existing.document.does_as(document):
            # What was only moved or commented runs on as it is.
            document_rows.rearrange_workflow(db, existing.id, to_json(document), at)
            record(db, "workflow.rearranged", document.name, {})
        elif existing.document != document:
            document_rows.update_workflow(
                db, existing.id, document.name, to_json(document), WorkflowState.DRAFT.value, at
            )
            settle_held(db, existing.name)
            record(db, "workflow.changed", document.name, {"version": existing.version + 1})

    store.write(work)
    return find_workflow(store, document.name)


def launch(store: Store, vault: Vault, workflow: Workflow) -> Workflow:
    """Make the present version the one that runs; refused while anything is wrong with it."""
    found = [problem for problem in problems(store, vault, workflow.document) if problem.is_error]
    if found:
        lines = "; ".join(
            f"{problem.block}: {problem.message}" if problem.block else problem.message for problem in found
        )
        raise UserError(f"“{workflow.name}” cannot be launched yet. {lines}")

    def work(db: Connection) -> None:
        document_rows.launch_workflow(db, workflow, to_json(workflow.document), now_text())
        settle_held(db, workflow.name)
        record(db, "workflow.launched", workflow.name, {"version": workflow.version})

    store.write(work)
    return find_workflow(store, workflow.name)


def pause(store: Store, workflow: Workflow) -> Workflow:
    """Let it do nothing until it is launched again. A UserError where it is not running."""
    if workflow.state is not WorkflowState.ACTIVE:
        raise UserError(f"“{workflow.name}” is not running: it is {workflow.state.value}.")

    def work(db: Connection) -> None:
        document_rows.set_state(db, workflow.id, WorkflowState.PAUSED.value, now_text())
        settle_held(db, workflow.name)
        record(db, "workflow.paused", workflow.name, {"version": workflow.version})

    store.write(work)
    return find_workflow(store, workflow.name)


def launched(store: Store, workflow: Workflow) -> WorkflowDocument:
    """The document of the version that runs. A UserError where it never was launched."""
    with store.reading() as db:
        found = (
            None
            if workflow.launched_version is None
            else document_rows.version_of(db, workflow.id, workflow.launched_version)
        )
    if found is None:
        raise UserError(f"“{workflow.name}” was never launched.")
    return found


def delete_workflow(store: Store, workflow: Workflow) -> None:
    """Forget a workflow; what waits in it goes no further, and nobody is asked any more."""

    def work(db: Connection) -> None:
        withdraw(db, workflow.id, now_text())
        document_rows.delete_workflow(db, workflow.id)
        settle_held(db, workflow.name)
        record(db, "workflow.deleted", workflow.name, {"version": workflow.version})

    store.write(work)


def world_of(store: Store, vault: Vault, kind: ObjectKind) -> World:
    """What a workflow of this kind of record can refer to just now."""
    with store.reading() as db:
        fields = _fields(db, kind)
        people = fields if kind is ObjectKind.PEOPLE else _fields(db, ObjectKind.PEOPLE)
        # The person behind a SaaS user answers for what it does not know itself.
        accounts = people | _fields(db, ObjectKind.SAAS_USERS)
    return World(
        accounts if kind is ObjectKind.SAAS_USERS else fields,
        {credential.name: credential for credential in vault.list()},
        {known.key: known.value for known in list_variables(store) if not known.is_secret},
        CONNECTORS,
        accounts,
        lambda person: _accounts_of(store, person),
    )


def _fields(db: Connection, kind: ObjectKind) -> dict[str, Field]:
    return {field.external_id: field for field in list_fields(db, kind)}


def _accounts_of(store: Store, person: int) -> tuple[RecordView, ...]:
    with store.reading() as db:
        ids = record_rows.accounts_of(db, person)
        found = record_rows.record_views(db, ObjectKind.SAAS_USERS, ids)
    return tuple(found[number] for number in ids if number in found)


def problems(store: Store, vault: Vault, document: WorkflowDocument) -> list[Problem]:
    """What is wrong with it: errors keep it from being launched, warnings deserve a look."""
    return problems_of(document, world_of(store, vault, document.record_kind))
