"""What is known of one person: fields, accounts, feeders, and the latest changes with the run they came from."""

import threading
from dataclasses import dataclass

from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.records.history import rows as sql
from saasdesk.records.history.rows import AccountFacts, RecordChange
from saasdesk.store import Store

__all__ = [
    "AccountFacts",
    "PersonFacts",
    "RecordChange",
    "changes_of_record",
    "person_facts",
    "person_of_saas_user",
]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person, read at one moment; `values` holds every field that has a value, in the order of the data model."""

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
    accounts: tuple[AccountFacts, ...]
    changes: tuple[RecordChange, ...]

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
            accounts=sql.accounts_of(db, person),
            changes=sql.changes_of_person(db, person, most_changes),
        )


def changes_of_record(
    store: Store, kind: ObjectKind, record: int, most: int = 20, stop: threading.Event | None = None
) -> tuple[RecordChange, ...]:
    """The latest changes of one record, newest first."""
    with store.reading(stop=stop) as db:
        return sql.changes_of(db, kind, record, most)


def person_of_saas_user(store: Store, saas_user: int) -> int | None:
    """The person behind an account; None when nobody is known to be."""
    with store.reading() as db:
        return sql.person_of_saas_user(db, saas_user)
