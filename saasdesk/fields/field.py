"""What a record has: kinds of records, and their fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from saasdesk.connectors import FieldType
from saasdesk.text import fold_text


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


_ADDRESSES = frozenset({"email", "owner_email"})


@dataclass(frozen=True, slots=True)
class Lookup:
    """The list in which the values of a field are looked up: `names` leads from any folded spelling to the one kept.

    A list that is not `only_these` keeps other values too, as they come.
    """

    custom_object: str
    label: str = ""
    only_these: bool = False
    names: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def takes_anything(self) -> bool:
        """Whether every value is kept as it comes, because nothing stands on the list yet."""
        return not self.only_these and not self.names

    def find(self, text: str) -> str | None:
        """The object that is meant, as it is spelt on the list."""
        return self.names.get(fold_text(text) or "")

    @property
    def kept(self) -> tuple[str, ...]:
        """The objects on the list, in order."""
        return tuple(sorted(set(self.names.values()), key=str.casefold))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of record: a column that is named by its External ID.

    What is not `editable` is written by integrations and workflows, and by nobody's hand.
    """

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
    editable: bool = True
    lookup: Lookup | None = None
    builtin: bool = False
    position: int = 0
    # What is put in must look like a mail address.
    is_address: bool = False

    def given_by_hand(self) -> "Field":
        """The same field for what a person types or a file says: nobody means an address to which no mail could go.

        A vendor may send anything, and what it sends is kept as it comes.
        """
        return replace(self, is_address=self.builtin and self.external_id in _ADDRESSES)
