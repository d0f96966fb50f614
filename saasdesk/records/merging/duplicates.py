"""People who may be one and the same, each pair with the reason in words."""

import threading
from dataclasses import dataclass

from saasdesk.clock import now_text
from saasdesk.records.merging import rows as sql
from saasdesk.records.merging.rows import PersonRow
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user, record

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
    # Pairs that are left out must not use up the places of others.
    with store.reading(snapshot=True, stop=stop) as db:
        differ = sql.known_to_differ(db)
        most = MOST + len(differ)
        for pairs, reason in (
            (sql.address_is_username(db, most), "the e-mail address of one is the username of the other"),
            (sql.address_of_account(db, most), "an account of one has the e-mail address of the other"),
            (sql.same_name(db, most, same_department=True), "same name, same department"),
            (sql.same_name(db, most, same_department=False), "same name, one without a department"),
        ):
            for first, second in pairs:
                if (pair := (min(first, second), max(first, second))) not in differ:
                    found.setdefault(pair, reason)
        chosen = list(found.items())[:MOST]
        people = {person.id: person for person in sql.people(db, sorted({one for pair, _ in chosen for one in pair}))}
    return tuple(
        Duplicate(people[first], people[second], reason)
        for (first, second), reason in chosen
        if first in people and second in people
    )


def set_differ(store: Store, pair: Duplicate, *, differ: bool) -> None:
    """Say that two people are two, so that nobody is asked about them again; or take that back."""
    first, second = pair.first, pair.second

    def work(db: Connection) -> None:
        sql.set_differ(db, first.id, second.id, now_text(), operating_system_user(), differ=differ)
        action = "people.differ" if differ else "people.may_be_same"
        record(db, action, first.name, {"first": first.id, "second": second.id})

    store.write(work)
