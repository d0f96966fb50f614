"""What the page of an integration's mapping shows, read in a worker, and the document that it makes."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from saasdesk.connectors import CONNECTOR_SYNC_TIME
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.custom_objects.objects import list_lookups
from saasdesk.fields.rows import list_fields
from saasdesk.mapping.smart import Choice
from saasdesk.services import Services
from saasdesk.store.unsaved import Unsaved, UnsavedCopies
from saasdesk.store.variables import list_variables
from saasdesk.sync import integrations
from saasdesk.sync.integration import CustomSource, Integration, IntegrationDocument, NewFieldRow
from saasdesk.sync.mapping_matrix import WRITTEN_BY_RUNS
from saasdesk.sync.preparation import filled_inputs
from saasdesk.sync.samples import stored_records
from saasdesk.ui.mapping_editor.board import BoardState, SourceItem, Surroundings
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles

Copies = UnsavedCopies[IntegrationDocument]


@dataclass(frozen=True, slots=True)
class MappingContents:
    """One integration's mapping with everything around it."""

    facts: TileFacts
    surroundings: Surroundings
    state: BoardState
    records: tuple[dict[str, Any], ...]
    past: tuple[Choice, ...]
    unsaved: Unsaved[IntegrationDocument] | None


def read_mapping(services: Services, number: int, copies: Copies, stop: threading.Event) -> MappingContents | None:
    """Read what the editor needs; None when the integration was deleted."""
    facts = next((tile for tile in read_tiles(services, stop) if tile.integration.id == number), None)
    if facts is None:
        return None
    store, integration = services.store, facts.integration
    document = integration.document
    credential = next((c for c in services.vault.list() if c.name.casefold() == document.credential.casefold()), None)
    inputs = filled_inputs(store, document, credential.inputs if credential is not None else {})
    context = {f"connect:{key}": value for key, value in inputs.items()}
    context["connect:credentials"] = document.credential
    if facts.standing.last is not None:
        context[CONNECTOR_SYNC_TIME] = facts.standing.last.started_at
    with store.reading() as db:
        kinds = (ObjectKind.ASSETS,) if document.loads_assets else (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS)
        targets = [field for kind in kinds for field in list_fields(db, kind)]
    around = Surroundings(
        connector=integration.connector,
        targets=tuple(
            t for t in targets if not (t.object is not ObjectKind.PEOPLE and t.external_id in WRITTEN_BY_RUNS)
        ),
        variables={variable.key: variable.value for variable in list_variables(store) if not variable.is_secret},
        context=context,
        with_saas_users=document.with_saas_users,
        main_kind=document.main_kind,
        lookups=tuple(list_lookups(store)),
    )
    return MappingContents(
        facts,
        around,
        state_of(document),
        tuple(stored_records(store, integration)),
        tuple(_past(integrations.list_integrations(store), integration)),
        copies.find(integration.id, document),
    )


def state_of(document: IntegrationDocument) -> BoardState:
    """A document's mapping as the editor holds it."""
    custom = tuple(
        SourceItem(source.source, source.label, FieldType.SHORT_TEXT, is_custom=True)
        for source in document.custom_sources
    )
    return BoardState(tuple(document.mapping), (), custom)


def with_state(document: IntegrationDocument, state: BoardState) -> IntegrationDocument:
    """The document with what the editor holds."""
    asked = {(row.object, row.label.casefold()) for row in document.fields}
    new = tuple(row for row in new_fields_of(state) if (row.object, row.label.casefold()) not in asked)
    custom = tuple(CustomSource(label=item.label, source=item.id) for item in state.custom)
    return document.model_copy(
        update={"mapping": state.rows, "fields": (*document.fields, *new), "custom_sources": custom}
    )


def new_fields_of(state: BoardState) -> tuple[NewFieldRow, ...]:
    """The fields that the editor wants made."""
    return tuple(
        NewFieldRow(
            object=field.object.value,  # type: ignore[arg-type]  # people or SaaS users, by the form
            label=field.label,
            type=field.type,
            unique=field.unique,
            custom_object=field.lookup.custom_object if field.type is FieldType.CUSTOM_OBJECT and field.lookup else "",
        )
        for field in state.new_fields
    )


def _past(known: Sequence[Integration], this: Integration) -> Sequence[Choice]:
    """What was chosen for this vendor elsewhere, and what its article suggests."""
    of_others = [
        Choice(row.source, row.object, row.target)
        for other in known
        if other.id != this.id and other.document.connector == this.document.connector
        for row in other.document.mapping
        if row.source is not None
    ]
    of_article = [
        Choice(row.source, ObjectKind(row.object), row.target)
        for row in this.connector.default_mapping
        if row.source is not None
    ]
    return list(dict.fromkeys([*of_others, *of_article]))
