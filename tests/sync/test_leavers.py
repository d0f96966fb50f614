"""Who leaves: a person goes only when no complete listing of any integration still has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.sync import integrations, plans, sessions
from saasdesk.sync.events import Status
from tests.sync.several import Several, account, person

GONE = "SELECT email FROM person WHERE deactivated ORDER BY id"
STAFF = [person(number, f"p{number}@example.com") for number in range(1, 11)]
# Nobody but the first person is ever missing, so that no safeguard holds anything.
LEAVER, OTHERS = STAFF[0], STAFF[1:]
ADDRESS = LEAVER["email"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Several]:
    """Two vendors with the same ten people, both read."""
    made = Several(tmp_path / "profile")
    made.vendor("A", users=STAFF, deactivate_people=True)
    made.vendor("B", users=STAFF)
    made.run_all()
    yield made
    made.close()


def test_that_whoever_is_still_listed_elsewhere_stays(desk: Several) -> None:
    desk.lists("A", *OTHERS)

    result = desk.run("A")

    assert result.counts["saas_users"]["deactivated"] == 1
    assert account(result) == {}
    assert desk.rows(GONE) == []


def test_that_whoever_is_listed_nowhere_goes_with_the_next_run_of_the_one_that_made_them(desk: Several) -> None:
    desk.lists("A", *OTHERS)
    desk.run("A")
    desk.lists("B", *OTHERS)

    second = desk.run("B")
    first = desk.run("A")

    assert (account(second), account(first)) == ({}, {"deactivated": 1})
    assert desk.rows(GONE) == [(ADDRESS,)]


def test_that_inactive_at_the_other_vendor_counts_as_gone_there(desk: Several) -> None:
    desk.lists("A", *OTHERS)
    desk.lists("B", {**LEAVER, "state": "inactive"}, *OTHERS)
    desk.run("B")

    desk.run("A")

    assert desk.rows(GONE) == [(ADDRESS,)]


def test_that_inactive_here_and_active_there_stays(desk: Several) -> None:
    desk.lists("A", {**LEAVER, "state": "inactive"}, *OTHERS)

    desk.run("A")

    assert desk.rows(GONE) == []


def test_p03_that_an_incomplete_listing_elsewhere_takes_nobody_away(desk: Several) -> None:
    desk.lists("A", *OTHERS)
    desk.run("A")
    desk.lists("B", *OTHERS)
    result = desk.run("B", limit=5)

    first = desk.run("A")

    assert result.status is Status.INCOMPLETE
    assert account(first) == {}
    assert desk.rows(GONE) == []


def test_p03_that_a_listing_held_by_a_safeguard_elsewhere_takes_nobody_away(desk: Several) -> None:
    desk.lists("A", *OTHERS)
    desk.run("A")
    desk.lists("B", *STAFF[8:])
    held = desk.run("B")

    desk.run("A")

    assert held.status is Status.STOPPED_BY_SAFEGUARD
    assert desk.rows(GONE) == []


def test_that_whoever_comes_back_anywhere_comes_back_here(desk: Several) -> None:
    for name in "AB":
        desk.lists(name, *OTHERS)
    desk.run_all("A", "B", "A")
    desk.lists("B", *STAFF)

    second = desk.run("B")
    first = desk.run("A")

    assert (account(second), account(first)) == ({"reactivated": 1}, {})
    assert desk.rows(GONE) == []


def test_that_no_integration_without_deactivate_people_takes_a_person_away(desk: Several) -> None:
    desk.vendor("A", users=STAFF)
    for name in "AB":
        desk.lists(name, *OTHERS)

    desk.run_all("A", "B", "A", "B")

    assert desk.rows(GONE) == []
    assert desk.value("SELECT count(*) FROM saas_user WHERE deactivated") == 2


def test_that_a_paused_integration_still_speaks_for_those_it_listed_last(desk: Several) -> None:
    desk.store.write(lambda db: db.execute_sql("UPDATE integration SET state = 'paused' WHERE name = 'B'"))
    desk.lists("A", *OTHERS)

    desk.run("A")

    assert desk.rows(GONE) == []


def test_that_a_deleted_integration_speaks_for_nobody(desk: Several) -> None:
    integrations.delete_integration(desk.store, integrations.find_integration(desk.store, "B"))
    desk.lists("A", *OTHERS)

    desk.run("A")

    assert desk.rows(GONE) == [(ADDRESS,)]


def test_that_a_person_made_by_hand_never_leaves_by_a_run(tmp_path: Path) -> None:
    desk = Several(tmp_path / "profile")
    desk.store.write(
        lambda db: db.execute_sql(
            "INSERT INTO person (email, email__key, created_at, updated_at) VALUES (?1, ?1, '', '')", (ADDRESS,)
        )
    )
    desk.vendor("A", users=STAFF, deactivate_people=True)
    desk.run("A")
    desk.lists("A", *OTHERS)

    desk.run("A")

    assert desk.rows(GONE) == []
    assert desk.rows("SELECT email FROM saas_user WHERE deactivated") == [(ADDRESS,)]
    desk.close()


def test_that_somebody_in_conflict_counts_as_seen(desk: Several) -> None:
    desk.lists("A", {**LEAVER, "email": STAFF[1]["email"]}, *OTHERS)
    desk.lists("B", *OTHERS)
    desk.run("B")

    result = desk.run("A")

    assert result.counts["failed"] == 1
    assert desk.rows(GONE) == []


def test_that_user_only_integrations_take_people_away_by_the_same_rule(tmp_path: Path) -> None:
    desk = Several(tmp_path / "profile")
    desk.vendor("A", users=STAFF, saas_mode="user_only", deactivate_people=True)
    desk.vendor("B", users=STAFF, saas_mode="user_only")
    desk.run_all()
    desk.lists("A", *OTHERS)
    kept = desk.run("A")
    desk.lists("B", *OTHERS)

    _, gone = desk.run_all("B", "A")

    assert (account(kept), account(gone)) == ({}, {"deactivated": 1})
    assert desk.value("SELECT count(*) FROM saas_user") == 0
    desk.close()


def test_p03_that_an_approval_looks_again_whether_somebody_is_listed_elsewhere(desk: Several) -> None:
    desk.vendor("B", users=STAFF, deactivate=False)
    few = STAFF[6:]
    desk.lists("B", *few)
    desk.run("B")
    desk.lists("A", *few)
    held = desk.run("A")
    desk.lists("B", *STAFF)
    desk.run("B")

    plans.approve(desk.store, held.plan or 0, plans.find_plan(desk.store, held.plan or 0).deactivations)

    assert desk.rows(GONE) == []
    assert desk.value("SELECT count(*) FROM saas_user WHERE deactivated") == 6


def test_that_undo_brings_the_person_and_the_account_back(desk: Several) -> None:
    desk.lists("B", *OTHERS)
    desk.run("B")
    desk.lists("A", *OTHERS)
    session = desk.run("A").session

    undone = sessions.undo_deactivations(desk.store, session)

    assert undone == 2
    assert desk.rows(GONE) == []
