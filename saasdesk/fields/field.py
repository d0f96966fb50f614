"""What a record has: kinds of records, and their fields."""

from dataclasses import dataclass
from enum import StrEnum

from saasdesk.connectors import FieldType


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
