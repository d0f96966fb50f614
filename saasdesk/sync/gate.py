"""What an integration needs before it can be launched, point by point, each with the place where it is settled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from saasdesk.clock import from_text
from saasdesk.connectors import Connector
from saasdesk.credentials import Credential
from saasdesk.credentials.rows import find_credential
from saasdesk.errors import UserError
from saasdesk.fields.rows import list_fields
from saasdesk.mapping import MappingProblem, missing_for_launch
from saasdesk.store import Store
from saasdesk.sync.integration import Integration, IntegrationDocument
from saasdesk.sync.preparation import compile_for, filled_inputs


class GatePoint(StrEnum):
    """The points of the list, in its order."""

    CREDENTIAL = "credential"
    INPUTS = "inputs"
    FIELDS = "fields"
    SYNC_KEY = "sync_key"
    SOURCES = "sources"
    DEACTIVATE = "deactivate"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class GateLine:
    """One line of the list: what is to do, or what is settled.

    A line that is not settled blocks, unless it only should be known. `target` is the field that it is about.
    """

    point: GatePoint
    text: str
    is_settled: bool = False
    blocks: bool = False
    target: str = ""


def launch_gate(store: Store, integration: Integration, credentials: Mapping[str, str]) -> list[GateLine]:
    """All lines, settled ones included; `credentials` holds name → connector of the credentials that exist."""
    document, connector = integration.document, integration.connector
    with store.reading() as db:
        credential = find_credential(db, document.credential) if document.credential else None
        fields = {document.main_kind: list_fields(db, document.main_kind)}
    todos = missing_for_launch(document.mapping, fields, document.main_kind)
    labels = {field.external_id: field.label for field in fields[document.main_kind]}
    keys = [labels.get(row.target, row.target) for row in document.mapping if row.sync_key is not None]
    points: dict[GatePoint, list[GateLine]] = {
        GatePoint.CREDENTIAL: list(_credential(document, connector, credential, credentials)),
        GatePoint.INPUTS: list(_inputs(store, document, connector, credential)),
        GatePoint.FIELDS: [_todo(GatePoint.FIELDS, each.text, each.target) for each in todos if not each.is_key],
        GatePoint.SYNC_KEY: [_todo(GatePoint.SYNC_KEY, each.text, each.target) for each in todos if each.is_key],
        GatePoint.SOURCES: list(_sources(store, document)) if document.mapping else [],
        GatePoint.DEACTIVATE: list(_deactivate(document)),
    }
    settled = {
        GatePoint.FIELDS: "The required fields are mapped.",
        GatePoint.SYNC_KEY: f"{', '.join(keys)} decides whose record this is.",
    }
    for point, text in settled.items():
        points[point] = points[point] or [GateLine(point, text, is_settled=True)]
    # The default schedule counts: there is always one.
    schedule = GateLine(GatePoint.SCHEDULE, f"{document.schedule.in_words()}, once it is launched.", is_settled=True)
    return [line for lines in points.values() for line in lines] + [schedule]


def _todo(point: GatePoint, text: str, target: str = "") -> GateLine:
    return GateLine(point, text, blocks=True, target=target)


def _credential(
    document: IntegrationDocument, connector: Connector, found: Credential | None, credentials: Mapping[str, str]
) -> Iterator[GateLine]:
    names = {name.casefold(): key for name, key in credentials.items()}
    name, directory = document.credential, document.directory_credential
    point = GatePoint.CREDENTIAL
    if not name:
        yield _todo(point, "Choose a credential.")
    elif names.get(name.casefold()) is None:
        yield _todo(point, f"The credential “{name}” does not exist. Add it, or choose another.")
    elif names[name.casefold()] != connector.key:
        yield _todo(point, f"The credential “{name}” is for another vendor.")
    elif found is not None:
        yield _tested(found, connector)
    if directory and directory.casefold() not in names:
        yield _todo(point, f"The credential “{directory}” does not exist. Add it, or leave it out.")


def _tested(credential: Credential, connector: Connector) -> GateLine:
    """Neither a refused key nor an untried one blocks: the first plan tries it before anything is written."""
    point, test = GatePoint.CREDENTIAL, credential.last_test
    if test is not None and not test.works:
        refused = f"{connector.title} refused the key of “{credential.name}” when it was last tried"
        return GateLine(point, f"{refused}. Replace it, or test it again.")
    if credential.last_tested_at is None:
        return GateLine(point, f"The key of “{credential.name}” has not been tested yet; the first plan tries it.")
    tested = f"{from_text(credential.last_tested_at).astimezone():%Y-%m-%d}"
    return GateLine(point, f"The key of “{credential.name}” works; last tried on {tested}.", is_settled=True)


def _inputs(
    store: Store, document: IntegrationDocument, connector: Connector, credential: Credential | None
) -> Iterator[GateLine]:
    required = [declared for declared in connector.inputs if declared.required]
    try:
        filled = filled_inputs(store, document, {} if credential is None else credential.inputs)
    except UserError as error:
        yield _todo(GatePoint.INPUTS, str(error))
        return
    absent = [declared for declared in required if not filled.get(declared.key)]
    else_from = ", or choose a credential that brings it" if credential is None else ""
    for declared in absent:
        yield _todo(GatePoint.INPUTS, f"Fill in {declared.label}{else_from}.", declared.key)
    if required and not absent:
        known = ", ".join(f"{declared.label}: {filled[declared.key]}" for declared in required)
        yield GateLine(GatePoint.INPUTS, f"{known}.", is_settled=True)


def _sources(store: Store, document: IntegrationDocument) -> Iterator[GateLine]:
    try:
        compile_for(store, document)
    except (MappingProblem, UserError) as error:
        yield _todo(GatePoint.SOURCES, str(error))
    else:
        yield GateLine(GatePoint.SOURCES, "Every path and template can be read.", is_settled=True)


def _deactivate(document: IntegrationDocument) -> Iterator[GateLine]:
    is_about_people_only = document.saas_mode == "user_only" and not document.loads_assets
    if is_about_people_only and document.deactivate and not document.deactivate_people:
        text = "With “User only”, Deactivate concerns people: switch deactivate_people on too, or Deactivate off."
        yield _todo(GatePoint.DEACTIVATE, text)
