"""The data model: what fields a record has."""

from saasdesk.connectors import FieldType
from saasdesk.fields.field import Field, ObjectKind, external_id
from saasdesk.fields.values import Stored, fold_key, quote, to_stored

__all__ = ["Field", "FieldType", "ObjectKind", "Stored", "external_id", "fold_key", "quote", "to_stored"]
