"""Whose account it is, decided by a person: kept by every run, with history, and to be taken back."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.editing import add_record
from saasdesk.records.history import changes_of_record
from saasdesk.records.matching import candidates, match, read_account, take_back
from saasdesk.store import Store
from tests.sync.several import Several

DANA: dict[str, Any] = {"id": "P1", "email": "dana@example.com", "name": "Dana Example"}
PRIVATE: dict[str, Any] = {"id": "P9", "email": "sunny99@example.org", "name": "Sunny"}
NAME = {"source": "name", "target": "name"}


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    """One lists Dana, Two an account under a private address, of which a person was made."""
    known = Several(tmp_path / "profile")
    known.vendor("One", NAME, users=[DANA])
    known.vendor("Two", NAME, users=[PRIVATE], deactivate_people=True)
    known.run_all()
    yield known
    known.store.close()


@pytest.fixture
def store(several: Several) -> Store:
    return several.store


def look(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute_sql(sql).fetchall()


def account(store: Store) -> int:
    return int(look(store, "SELECT id FROM saas_user WHERE saas_user_id = 'P9'")[0][0])


def dana(store: Store) -> int:
    return int(look(store, "SELECT id FROM person WHERE email = 'dana@example.com'")[0][0])


def test_that_a_match_by_hand_outlives_runs_and_changes_nothing_of_the_person(several: Several, store: Store) -> None:
    person = dana(store)
    before = look(store, f"SELECT name, email, username, role FROM person WHERE id = {person}")

    match(store, read_account(store, account(store)), person)
    several.lists("Two", {**PRIVATE, "name": "Sunny Side", "email": "sunny100@example.org"})
    results = several.run_all()

    assert [result.status.value for result in results] == ["completed", "completed"]
    assert look(store, f"SELECT name, email, username, role FROM person WHERE id = {person}") == before
    assert look(store, "SELECT person, name, email FROM saas_user WHERE saas_user_id = 'P9'") == [
        (person, "Sunny Side", "sunny100@example.org")
    ]
    assert look(store, "SELECT count(*) FROM person") == [(2,)]
    (change,) = [
        each for each in changes_of_record(store, ObjectKind.SAAS_USERS, account(store)) if each.field == "person"
    ]
    assert (change.cause, change.reason) == ("by hand", "matched by hand")


def test_that_a_matched_account_fills_what_is_not_known_of_the_person(several: Several, store: Store) -> None:
    several.vendor("Two", NAME, {"source": "job_title", "target": "job_title"}, users=[])
    match(store, read_account(store, account(store)), dana(store))
    several.lists("Two", {**PRIVATE, "job_title": "Engineer"})

    several.run("Two")

    assert look(store, f"SELECT job_title FROM person WHERE id = {dana(store)}") == [("Engineer",)]


def test_that_an_account_un_matched_stays_nobodys_and_nobody_is_made_of_it(several: Several, store: Store) -> None:
    match(store, read_account(store, account(store)), None)
    several.lists("Two", {**PRIVATE, "name": "Sunny Side"})

    result = several.run("Two")

    assert result.status.value == "completed"
    assert look(store, "SELECT person, name FROM saas_user WHERE saas_user_id = 'P9'") == [(None, "Sunny Side")]
    assert look(store, "SELECT count(*) FROM person") == [(2,)]


def test_that_a_matched_account_still_leaves_when_the_vendor_has_it_no_more(several: Several, store: Store) -> None:
    others = [{"id": f"PX{n}", "email": f"o{n}@example.com", "name": f"Other {n}"} for n in range(12)]
    several.lists("Two", PRIVATE, *others)
    several.run("Two")
    match(store, read_account(store, account(store)), dana(store))
    several.lists("Two", *others)

    several.run("Two")

    assert look(store, "SELECT deactivated FROM saas_user WHERE saas_user_id = 'P9'") == [(1,)]
    assert look(store, f"SELECT deactivated FROM person WHERE id = {dana(store)}") == [(0,)]


def test_that_a_match_is_taken_back_with_its_link(several: Several, store: Store) -> None:
    before = look(store, "SELECT person FROM saas_user"), look(store, "SELECT person, by_hand FROM source_link")

    done = match(store, read_account(store, account(store)), dana(store))
    take_back(store, done)

    assert (
        look(store, "SELECT person FROM saas_user"),
        look(store, "SELECT person, by_hand FROM source_link"),
    ) == before
    with pytest.raises(UserError, match="given to somebody else"):
        take_back(store, done)


def test_that_likely_people_come_first_with_the_reason(several: Several, store: Store) -> None:
    values = {"role": "Employee", "department": "Sales"}
    same = add_record(store, ObjectKind.PEOPLE, {**values, "username": "a", "email": "x@example.com", "name": "SUNNY"})
    local = add_record(
        store, ObjectKind.PEOPLE, {**values, "username": "b", "email": "sunny99@example.net", "name": "Sun"}
    )
    found = candidates(store, read_account(store, account(store)), "", threading.Event())

    assert [(each.person, each.reason) for each in found] == [
        (same, "same name"),
        (local, "same e-mail address at another domain"),
    ]
    searched = candidates(store, read_account(store, account(store)), "dana", threading.Event())
    assert [each.name for each in searched] == ["Dana Example"]


def test_that_what_somebody_else_decided_meanwhile_is_not_written_over(store: Store) -> None:
    seen = read_account(store, account(store))
    match(store, seen, None)

    with pytest.raises(UserError, match="meanwhile"):
        match(store, seen, dana(store))
