"""Two records of one person: found, made one, kept one by every run, and made two again as they were."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.editing import add_record, edit_record, form_of
from saasdesk.records.merging import find_duplicates, merge, merges_of, plan_merge, set_differ, undo_merge
from saasdesk.store import Store
from tests.sync.several import Several

DANA: dict[str, Any] = {"id": "P1", "email": "dana@example.com", "name": "Dana Example", "job_title": "Engineer"}
OLD: dict[str, Any] = {"id": "P9", "email": "dana.old@example.com", "name": "Dana Example", "licences": ("L1",)}
OTHERS = [{"id": f"PX{n}", "email": f"o{n}@example.com", "name": f"Other {n}"} for n in range(3)]
NAME = {"source": "name", "target": "name"}
TITLE = {"source": "job_title", "target": "job_title"}
RECORDS = "id, username, email, role, name, department, job_title, owner_integration, deactivated, archived"
# Everything of both people, and everything that hangs on them.
STATE = (
    f"SELECT {RECORDS}, username__key, email__key FROM person ORDER BY id",
    "SELECT id, person, owner_integration, deactivated FROM saas_user ORDER BY id",
    "SELECT id, saas_user FROM licence ORDER BY id",
    "SELECT id, person FROM asset ORDER BY id",
    "SELECT integration, vendor_id, person, saas_user, by_hand FROM source_link ORDER BY integration, vendor_id",
    "SELECT object, record, field, integration FROM value_owner ORDER BY object, record, field",
)


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    """One lists Dana and others; Two lists her under an old address, so there are two of her."""
    known = Several(tmp_path / "profile")
    known.vendor("One", NAME, TITLE, users=[DANA, *OTHERS])
    known.vendor("Two", NAME, users=[OLD])
    known.run_all()
    yield known
    known.store.close()


@pytest.fixture
def store(several: Several) -> Store:
    return several.store


def look(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute_sql(sql).fetchall()


def person(store: Store, address: str) -> int:
    return int(look(store, f"SELECT id FROM person WHERE email = '{address}'")[0][0])


@pytest.fixture
def pair(store: Store) -> tuple[int, int]:
    return person(store, "dana@example.com"), person(store, "dana.old@example.com")


def state(store: Store) -> list[list[tuple[Any, ...]]]:
    return [look(store, sql) for sql in STATE]


def test_that_a_merge_moves_everything_and_a_run_does_not_make_the_other_again(
    several: Several, store: Store, pair: tuple[int, int]
) -> None:
    kept, gone = pair
    plan = plan_merge(store, kept, gone)
    assert {field.external_id for field in plan.conflicts} == {"username", "email"}
    assert (plan.moves.accounts, plan.moves.licences) == (1, 1)

    merge(store, plan)
    several.lists("Two", {**OLD, "name": "Dana E. Example"}, {"id": "P10", "email": "new@example.com", "name": "New"})
    results = several.run_all()

    assert {result.status.value for result in results} == {"completed"}
    assert look(store, "SELECT count(*) FROM person WHERE NOT archived") == [(5,)]
    assert look(store, f"SELECT email, name FROM person WHERE id = {kept}") == [("dana@example.com", "Dana Example")]
    assert look(store, f"SELECT count(*) FROM saas_user WHERE person = {kept}") == [(2,)]
    assert look(store, f"SELECT archived, email FROM person WHERE id = {gone}") == [(1, None)]
    told = look(
        store, f"SELECT DISTINCT cause FROM change WHERE object = 'people' AND record = {gone} AND kind <> 'create'"
    )
    assert told == [("merge",)]


def test_that_whoever_comes_with_the_old_address_is_the_person_who_stayed(
    several: Several, store: Store, pair: tuple[int, int]
) -> None:
    merge(store, plan_merge(store, *pair))
    several.vendor("Three", NAME, users=[{"id": "T1", "email": "DANA.old@example.com", "name": "Dana"}])

    result = several.run("Three")

    assert result.counts["people"]["created"] == 0
    assert look(store, "SELECT person FROM saas_user WHERE saas_user_id = 'T1'") == [(pair[0],)]


@pytest.mark.parametrize("theirs", [(), ("email", "username")])
def test_that_undo_restores_equal_records(store: Store, pair: tuple[int, int], theirs: tuple[str, ...]) -> None:
    kept, gone = pair
    store.write(
        lambda db: db.execute_sql(
            "INSERT INTO asset (name, person, created_at, updated_at) VALUES ('Laptop', ?, '2026', '2026')", (gone,)
        )
    )
    before = state(store)

    merged = merge(store, plan_merge(store, kept, gone), theirs)
    address = "dana.old@example.com" if theirs else "dana@example.com"
    assert look(store, f"SELECT email FROM person WHERE id = {kept}") == [(address,)]
    assert look(store, "SELECT person FROM asset") == [(kept,)]
    by_hand = look(store, "SELECT object FROM value_owner WHERE field = 'person'")
    assert by_hand == [], "whose accounts and assets are goes on being fed by the runs"
    undo_merge(store, merged.number)

    assert state(store) == before
    assert merges_of(store, kept) == []
    with pytest.raises(UserError, match="undone already"):
        undo_merge(store, merged.number)


def test_that_two_of_one_vendor_do_not_take_turns_after_a_merge(several: Several, store: Store) -> None:
    twin = {"id": "P2", "email": "dana2@example.com", "name": "Dana Two", "job_title": "Manager"}
    several.lists("One", DANA, twin, *OTHERS)
    several.run("One")
    kept = person(store, "dana@example.com")
    merge(store, plan_merge(store, kept, person(store, "dana2@example.com")))

    several.lists("One", {**DANA, "job_title": "Chief"}, {**twin, "job_title": "Boss"}, *OTHERS)
    results = [several.run("One"), several.run("One")]

    assert [result.status.value for result in results] == ["completed", "completed"]
    assert look(store, f"SELECT job_title, name FROM person WHERE id = {kept}") == [("Chief", "Dana Example")]
    assert results[1].counts["updated"] == 0


def test_that_a_value_that_only_the_other_has_is_taken_over_with_its_feeder(
    several: Several, store: Store, pair: tuple[int, int]
) -> None:
    merge(store, plan_merge(store, pair[1], pair[0]))

    assert look(store, f"SELECT job_title FROM person WHERE id = {pair[1]}") == [("Engineer",)]
    several.lists("One", {**DANA, "job_title": "Chief"}, *OTHERS)
    several.run("One")
    assert look(store, f"SELECT job_title FROM person WHERE id = {pair[1]}") == [("Chief",)]


def test_that_what_was_changed_since_a_merge_stays_with_the_one_who_stayed(store: Store, pair: tuple[int, int]) -> None:
    merged = merge(store, plan_merge(store, *pair), ("email",))
    form = form_of(store, ObjectKind.PEOPLE, pair[0])
    texts = {field.external_id: form.text(field) for field in form.fields}
    edit_record(store, form, {**texts, "email": "mine@example.com"})

    undo_merge(store, merged.number)

    assert look(store, "SELECT email FROM person WHERE name = 'Dana Example' ORDER BY id") == [
        ("mine@example.com",),
        (None,),
    ]


def test_that_a_plan_of_what_was_changed_meanwhile_is_refused(store: Store, pair: tuple[int, int]) -> None:
    plan = plan_merge(store, *pair)
    form = form_of(store, ObjectKind.PEOPLE, pair[0])
    edit_record(store, form, {**{f.external_id: form.text(f) for f in form.fields}, "department": "Sales"})

    with pytest.raises(UserError, match="changed meanwhile"):
        merge(store, plan)
    with pytest.raises(UserError, match="themselves"):
        plan_merge(store, pair[0], pair[0])


def test_that_merges_are_undone_the_last_one_first(store: Store, pair: tuple[int, int]) -> None:
    first = merge(store, plan_merge(store, *pair))
    merge(store, plan_merge(store, pair[0], person(store, "o1@example.com")))

    with pytest.raises(UserError, match="Undo that merge first"):
        undo_merge(store, first.number)


def test_that_duplicates_are_found_each_pair_once_with_the_best_reason(store: Store, pair: tuple[int, int]) -> None:
    values = {"role": "Employee", "department": "Sales"}
    add_record(store, ObjectKind.PEOPLE, {**values, "username": "x", "email": "x@example.com", "name": "Li Wu"})
    add_record(
        store,
        ObjectKind.PEOPLE,
        {**values, "username": "X@example.com", "email": "y@example.com", "name": "LI WU"},
    )
    add_record(store, ObjectKind.PEOPLE, {**values, "username": "z", "email": "z@example.com", "name": "Dana Example"})

    found = [(each.first.name, each.second.name, each.reason) for each in find_duplicates(store, threading.Event())]

    assert found[0] == ("Li Wu", "LI WU", "the e-mail address of one is the username of the other")
    assert ("Dana Example", "Dana Example", "same name, one without a department") in found
    assert len(found) == 3

    first = find_duplicates(store, threading.Event())[0]
    set_differ(store, first, differ=True)
    assert first not in find_duplicates(store, threading.Event())
    set_differ(store, first, differ=False)
    assert find_duplicates(store, threading.Event())[0] == first
