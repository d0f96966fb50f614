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
    "people_called",
    "person_facts",
    "person_of_licence",
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
    # Everything that changed, and what of it an account of somebody's days would tell.
    changes: tuple[RecordChange, ...]
    events: tuple[RecordChange, ...]
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
            events=sql.changes_of_person(db, person, most_changes, with_every_sight=False),
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


def people_called(store: Store, names: Mapping[str, str], stop: threading.Event | None = None) -> dict[str, int]:
    """For each value that means exactly one person by username, e-mail address or name: who it is.

    `names` are values by field, such as that of a manager; finding a name may take a look at all people.
    """
    with store.reading(stop=stop) as db:
        found = {field: sql.person_called(db, name) for field, name in names.items()}
    return {field: person for field, person in found.items() if person is not None}


def person_of_licence(store: Store, licence: int) -> int | None:
    """The person who has a licence; None where it is free, or nobody is known."""
    with store.reading() as db:
        return sql.person_of_licence(db, licence)


def person_of_saas_user(store: Store, saas_user: int) -> int | None:
    """The person behind an account; None when nobody is known to be."""
    with store.reading() as db:
        return sql.person_of_saas_user(db, saas_user)
