"""The data model: what fields a record has."""

from saasdesk.connectors import FieldType
from saasdesk.fields.external_id import canonical_id, external_id
from saasdesk.fields.field import Field, Lookup, ObjectKind
from saasdesk.fields.values import (
    Stored,
    converter_of,
    fold_key,
    longest_plain,
    moment_of,
    quote,
    storable,
    text_of,
    to_stored,
)

__all__ = [
    "Field",
    "FieldType",
    "Lookup",
    "ObjectKind",
    "Stored",
    "canonical_id",
    "converter_of",
    "external_id",
    "fold_key",
    "longest_plain",
    "moment_of",
    "quote",
    "storable",
    "text_of",
    "to_stored",
]
