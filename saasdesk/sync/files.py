"""Integrations as files: written, read, and looked at before anything is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from saasdesk.definitions import read_file
from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store
from saasdesk.sync.integration import Integration, IntegrationDocument, parse_document
from saasdesk.sync.integrations import check_document, free_name, list_integrations


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would make: `namesake` is the integration of that name, which it could change instead.

    `changes` are the keys in which the file differs from it; `new_fields` the labels of fields that are not there yet.
    """

    document: IntegrationDocument
    namesake: Integration | None
    free_name: str
    changes: tuple[str, ...]
    new_fields: tuple[str, ...]
    has_credential: bool

    @property
    def may_replace(self) -> bool:
        """Whether the integration of the same name could be given this document."""
        return self.namesake is not None and self.namesake.document.object == self.document.object


def read_document(file: Path) -> IntegrationDocument:
    """The integration in a file; a UserError says what is wrong with it, by the name of its key."""
    return parse_document(read_file(file, "an integration file"), file.name)


def look_at(store: Store, document: IntegrationDocument, credentials: Mapping[str, str]) -> Import:
    """What importing the document would do; a UserError where it could not be kept. Nothing is changed.

    `credentials` holds name → connector of the credentials that exist.
    """
    known = list_integrations(store)
    namesake = next((each for each in known if each.name.casefold() == document.name.casefold()), None)
    free = free_name(document.name, [each.name for each in known])
    is_taken = namesake is not None and namesake.document.object != document.object
    check_document(store, document.model_copy(update={"name": free}) if is_taken else document)
    with store.reading() as db:
        labels = {
            (kind.value, field.label.casefold())
            for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS)
            for field in list_fields(db, kind)
        }
    names = {name.casefold() for name, connector in credentials.items() if connector == document.connector}
    return Import(
        document=document,
        namesake=namesake,
        free_name=free,
        changes=_changes(namesake.document, document) if namesake is not None else (),
        new_fields=tuple(
            wanted.label for wanted in document.fields if (wanted.object, wanted.label.casefold()) not in labels
        ),
        has_credential=document.credential.casefold() in names,
    )


def _changes(before: IntegrationDocument, after: IntegrationDocument) -> tuple[str, ...]:
    old, new = (each.model_dump(mode="json", by_alias=True) for each in (before, after))
    return tuple(key for key in new if old[key] != new[key])
