"""The mappings of several integrations beside each other: which field is filled from what, and by whom first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.mapping import MapRow
from saasdesk.mapping.mapping import MANDATORY_TARGETS
from saasdesk.records.feeders import Feeder, feeders_of
from saasdesk.store import Store
from saasdesk.sync.integration import Integration

# What a SaaS user has besides its fields: the run writes it, no mapping does.
WRITTEN_BY_RUNS = frozenset({"saas_application", "saas_user_id", "person"})


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One integration: the line that fills each field, and the labels of the vendor's fields that fill nothing yet."""

    integration: Integration
    lines: Mapping[str, MapRow]
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingMatrix:
    """Fields of one kind of record against the integrations that load it; `feeders` of those that several map."""

    kind: ObjectKind
    fields: tuple[Field, ...]
    columns: tuple[MatrixColumn, ...]
    feeders: Mapping[str, tuple[Feeder, ...]]

    def is_mapped(self, field: Field) -> bool:
        """Whether any of the integrations fills it."""
        return any(field.external_id in column.lines for column in self.columns)


def read_matrix(store: Store, kind: ObjectKind, integrations: Iterable[Integration]) -> MappingMatrix:
    """Compare those of the integrations that load this kind of record; the mandatory fields come first."""
    columns = tuple(_column(integration, kind) for integration in integrations if loads(integration, kind))
    with store.reading() as db:
        fields = [field for field in list_fields(db, kind) if _may_be_mapped(field)]
    mandatory = MANDATORY_TARGETS.get(kind, ())
    fields.sort(key=lambda field: field.external_id not in mandatory)
    feeders = {}
    # Only a person's fields have several feeders: an account or an asset belongs to one integration.
    if kind is ObjectKind.PEOPLE:
        for field in fields:
            found = feeders_of(store, field.external_id)
            if len(found) > 1:
                feeders[field.external_id] = found
    return MappingMatrix(kind, tuple(fields), columns, feeders)


def loads(integration: Integration, kind: ObjectKind) -> bool:
    """Whether an integration makes records of this kind."""
    if kind is ObjectKind.SAAS_USERS:
        return integration.document.with_saas_users
    return integration.document.main_kind is kind


def _may_be_mapped(field: Field) -> bool:
    return field.object is ObjectKind.PEOPLE or field.external_id not in WRITTEN_BY_RUNS


def _column(integration: Integration, kind: ObjectKind) -> MatrixColumn:
    document = integration.document
    used = {line.source for line in document.mapping}
    return MatrixColumn(
        integration,
        {line.target: line for line in document.mapping if line.object is kind},
        tuple(field.label for field in integration.connector.fields if used.isdisjoint({field.id, field.path})),
    )
