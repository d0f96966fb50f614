"""The story of one record: what it holds, which accounts it has, and which run changed what."""

from saasdesk.records.history.history import (
    GONE,
    HAND,
    AccountFacts,
    LicenceFacts,
    PersonFacts,
    ReadingGap,
    RecordChange,
    changes_of_record,
    people_called,
    person_facts,
    person_of_licence,
    person_of_saas_user,
)

__all__ = [
    "GONE",
    "HAND",
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
