"""What is known of one person: fields, accounts, feeders, and the latest changes with the run they came from."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.records.history import rows as sql
from saasdesk.records.history.rows import AccountFacts, LicenceFacts, ReadingGap, RecordChange
from saasdesk.store import Store

__all__ = [
    "AccountFacts",
    "LicenceFacts",
    "PersonFacts",
    "ReadingGap",
    "RecordChange",
    "changes_of_record",
    "person_called",
    "person_facts",
    "person_of_saas_user",
]

# Who fed a value, where it is no integration of now.
HAND, GONE = sql.HAND, sql.GONE


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person, read at one moment; `values` holds every field that has a value, in the order of the data model.

    `feeders` says for each of them who wrote it: an integration's name, HAND, or GONE for one that was deleted.
    """

    id: int
    name: str
    is_deactivated: bool
    deactivated_at: str | None
    deactivated_reason: str
    is_archived: bool
    created_by: str
    created_at: str
    fed_by: tuple[str, ...]
    values: tuple[tuple[Field, str | int | float], ...]
    feeders: Mapping[str, str]
    accounts: tuple[AccountFacts, ...]
    licences: tuple[LicenceFacts, ...]
    changes: tuple[RecordChange, ...]
    gaps: tuple[ReadingGap, ...]

    def value(self, field: str) -> str:
        """A field's value as text; empty when there is none."""
        return next((str(value) for known, value in self.values if known.external_id == field), "")


def person_facts(
    store: Store, person: int, most_changes: int = 20, stop: threading.Event | None = None
) -> PersonFacts | None:
    """Everything a look at one person shows; None when there is no such person any more."""
    with store.reading(snapshot=True, stop=stop) as db:
        found = sql.person(db, person, list_fields(db, ObjectKind.PEOPLE))
        if found is None:
            return None
        return PersonFacts(
            id=person,
            name=found.name,
            is_deactivated=found.is_deactivated,
            deactivated_at=found.deactivated_at,
            deactivated_reason=found.deactivated_reason,
            is_archived=found.is_archived,
            created_by=found.created_by,
            created_at=found.created_at,
            fed_by=sql.feeders_of(db, person),
            values=found.values,
            feeders=_feeders(found, sql.feeders_of_values(db, person)),
            accounts=sql.accounts_of(db, person),
            licences=sql.licences_of(db, person),
            changes=sql.changes_of_person(db, person, most_changes),
            gaps=sql.gaps_of(db, person, most_changes),
        )


def _feeders(found: sql.PersonRow, known: Mapping[str, str]) -> dict[str, str]:
    return {field.external_id: known.get(field.external_id, found.owner or GONE) for field, _ in found.values}


def changes_of_record(
    store: Store, kind: ObjectKind, record: int, most: int = 20, stop: threading.Event | None = None
) -> tuple[RecordChange, ...]:
    """The latest changes of one record, newest first."""
    with store.reading(stop=stop) as db:
        return sql.changes_of(db, kind, record, most)


def person_called(store: Store, name: str, stop: threading.Event | None = None) -> int | None:
    """The one person whom a user name, an address or a name means, such as that of a manager; it may look at all."""
    with store.reading(stop=stop) as db:
        return sql.person_called(db, name)


def person_of_saas_user(store: Store, saas_user: int) -> int | None:
    """The person behind an account; None when nobody is known to be."""
    with store.reading() as db:
        return sql.person_of_saas_user(db, saas_user)
