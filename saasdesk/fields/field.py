"""What a record has: kinds of records, their fields, and the External ID by which a field is known everywhere."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from saasdesk.connectors import FieldType

_LOWER_THEN_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ACRONYM_THEN_WORD = re.compile(r"(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_ALLOWED = re.compile(r"[^a-z0-9]+")
_LONGEST = 60
# Names that a column of the record tables has already, or that SQL or templates would misread.
_RESERVED = frozenset(
    {
        "id",
        "owner_integration",
        "created_by",
        "created_at",
        "updated_at",
        "deactivated",
        "deactivated_at",
        "deactivated_reason",
        "deactivated_session",
        "archived",
        "record_state",
        "accounts",
        "fed_by",
        "response",
        "response_headers",
    }
)


class ObjectKind(StrEnum):
    """A family of records, named as in files; `table` is where they lie."""

    PEOPLE = "people"
    SAAS_USERS = "saas_users"
    LICENCES = "licences"
    SAAS_APPLICATIONS = "saas_applications"
    ASSETS = "assets"

    @property
    def table(self) -> str:
        """The record table."""
        return _TABLES[self]


_TABLES = {
    ObjectKind.PEOPLE: "person",
    ObjectKind.SAAS_USERS: "saas_user",
    ObjectKind.LICENCES: "licence",
    ObjectKind.SAAS_APPLICATIONS: "saas_application",
    ObjectKind.ASSETS: "asset",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of record: a column that is named by its External ID."""

    object: ObjectKind
    external_id: str
    label: str
    type: FieldType = FieldType.SHORT_TEXT
    unique: bool = False
    mandatory: bool = False
    options: tuple[str, ...] = ()
    default: str | None = None
    help: str = ""
    history: bool = True
    builtin: bool = False
    position: int = 0


def external_id(label: str, taken: Collection[str] = ()) -> str:
    """The External ID for a label: split at spaces and inner capitals, "JumpCloud User Id" → jump_cloud_user_id.

    A name that is taken gets a number. Once made it is never changed.
    """
    words = _ACRONYM_THEN_WORD.sub("_", _LOWER_THEN_UPPER.sub("_", label.strip()))
    plain = _NOT_ALLOWED.sub("_", words.lower()).strip("_")[:_LONGEST].strip("_")
    name = plain if plain and plain[0].isalpha() else f"field_{plain}".rstrip("_")
    # `__key` columns are ours: no field may look like one.
    name = name.replace("__", "_")
    blocked = {word.casefold() for word in taken} | _RESERVED
    candidate, number = name, 2
    while candidate in blocked:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
