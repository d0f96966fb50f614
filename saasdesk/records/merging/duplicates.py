"""People who may be one and the same, each pair with the reason in words."""

import threading
from dataclasses import dataclass

from saasdesk.records.merging import rows as sql
from saasdesk.records.merging.rows import PersonRow
from saasdesk.store import Store

MOST = 500


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two people, the one who was here first first, and why they may be the same."""

    first: PersonRow
    second: PersonRow
    reason: str


def find_duplicates(store: Store, stop: threading.Event) -> tuple[Duplicate, ...]:
    """The pairs, those that are surest first; a pair is named once, with the best reason."""
    found: dict[tuple[int, int], str] = {}
    with store.reading(snapshot=True, stop=stop) as db:
        for pairs, reason in (
            (sql.address_is_username(db, MOST), "the e-mail address of one is the username of the other"),
            (sql.address_of_account(db, MOST), "an account of one has the e-mail address of the other"),
            (sql.same_name(db, MOST, same_department=True), "same name, same department"),
            (sql.same_name(db, MOST, same_department=False), "same name, one without a department"),
        ):
            for first, second in pairs:
                found.setdefault((min(first, second), max(first, second)), reason)
        chosen = list(found.items())[:MOST]
        people = {person.id: person for person in sql.people(db, sorted({one for pair, _ in chosen for one in pair}))}
    return tuple(
        Duplicate(people[first], people[second], reason)
        for (first, second), reason in chosen
        if first in people and second in people
    )
