"""One person, many accounts: several vendors that know the same people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.sync import sessions
from saasdesk.sync.events import Status
from saasdesk.sync.integrations import delete_integration, find_integration
from tests.sync.several import Several, account, person

ANA, BEN, CID = "ana@example.com", "ben@example.com", "cid@example.com"
PEOPLE = "SELECT count(*) FROM person"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Several]:
    made = Several(tmp_path / "profile")
    yield made
    made.close()


def accounts_of(desk: Several, email: str) -> list[tuple[object, ...]]:
    return desk.rows(
        """SELECT a.name, u.saas_user_id FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
           JOIN person p ON p.id = u.person WHERE p.email__key = fold(?) ORDER BY a.name, u.saas_user_id""",
        email,
    )


def test_that_accounts_in_several_applications_belong_to_one_person(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN)])
    desk.vendor("B", users=[person(7, BEN), person(8, CID)])

    desk.run_all()

    assert desk.value(PEOPLE) == 3
    assert accounts_of(desk, BEN) == [("A", "P2"), ("B", "P7")]


@pytest.mark.parametrize(
    "written", ["ANA@Example.COM", "  ana@example.com ", "ana@\u200bexample.com", "\ufeffana@example.com"]
)
def test_that_an_address_is_the_same_however_it_is_written(desk: Several, written: str) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.vendor("B", users=[person(7, written)])

    _, second = desk.run_all()

    assert desk.value(PEOPLE) == 1
    assert account(second) == {}
    assert accounts_of(desk, ANA) == [("A", "P1"), ("B", "P7")]


def test_that_two_organisations_of_one_vendor_keep_their_own_accounts_in_one_application(desk: Several) -> None:
    desk.vendor("Europe", users=[person(1, ANA)], saas_application="Shared")
    desk.vendor("Asia", users=[person(1, ANA), person(2, BEN)], saas_application="Shared")

    desk.run_all()

    assert accounts_of(desk, ANA) == [("Shared", "P1"), ("Shared", "P1")]
    assert desk.value("SELECT count(*) FROM saas_application") == 1


def test_that_a_later_sync_key_finds_whom_the_first_one_does_not(desk: Several) -> None:
    number = {"source": "job_title", "target": "employee_id"}
    desk.vendor("A", number, users=[person(1, ANA, job_title="E-17")])
    desk.vendor("B", {**number, "sync_key": 2}, users=[person(7, "ana.ruiz@example.com", job_title="e-17 ")])

    _, second = desk.run_all()

    assert desk.value(PEOPLE) == 1
    assert account(second) == {}
    assert desk.value("SELECT email FROM person") == ANA


def test_that_the_first_sync_key_that_finds_somebody_decides(desk: Several) -> None:
    number = {"source": "job_title", "target": "employee_id"}
    desk.vendor("A", number, users=[person(1, ANA, job_title="E-1"), person(2, BEN, job_title="E-2")])
    desk.vendor("B", {**number, "sync_key": 2}, users=[person(7, ANA, job_title="E-2")])

    _, second = desk.run_all()

    assert second.status is Status.COMPLETED_WITH_ERRORS
    assert [error.message for error in second.errors] == [
        f"Employee ID E-2 belongs to another person ({BEN}); nothing was changed."
    ]
    assert accounts_of(desk, ANA) == [("A", "P1")]


def test_that_an_address_changed_at_one_vendor_makes_no_second_person(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.vendor("B", users=[person(7, ANA)])
    desk.run_all()
    desk.lists("A", person(1, "ana.new@example.com"))

    first, second = desk.run_all()

    assert (account(first), account(second)) == ({"updated": 1}, {})
    assert desk.rows("SELECT email, username FROM person") == [("ana.new@example.com",) * 2]
    assert len(accounts_of(desk, "ana.new@example.com")) == 2


def test_that_an_address_changed_where_it_is_not_fed_from_stays_with_the_account(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.vendor("B", users=[person(7, ANA)])
    desk.run_all()
    desk.lists("B", person(7, "ana.other@example.com"))

    second = desk.run("B")

    assert (second.status, account(second)) == (Status.COMPLETED, {})
    assert desk.value(PEOPLE) == 1
    assert desk.rows("SELECT email FROM saas_user ORDER BY id") == [(ANA,), ("ana.other@example.com",)]


def test_that_a_sync_key_that_points_elsewhere_than_the_link_is_reported_and_changes_nothing(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN)])
    desk.vendor("B", users=[person(7, ANA), person(8, BEN)])
    desk.run_all()
    desk.lists("B", person(7, BEN, role="admin"), person(8, "somewhere@example.com"))
    before = desk.rows("SELECT * FROM saas_user WHERE saas_user_id = 'P7'")

    result = desk.run("B")

    assert [error.message for error in result.errors] == [
        f"Email {BEN} belongs to another person ({BEN}); nothing was changed."
    ]
    assert desk.rows("SELECT * FROM saas_user WHERE saas_user_id = 'P7'") == before


def test_that_people_swapping_addresses_at_their_feeder_swap_them_here(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN)])
    desk.vendor("B", users=[person(7, ANA), person(8, BEN)])
    desk.run_all()
    desk.lists("A", person(1, BEN), person(2, ANA))

    result = desk.run("A")

    assert (result.status, account(result)) == (Status.COMPLETED, {"updated": 2})
    assert desk.rows("SELECT email FROM person ORDER BY id") == [(BEN,), (ANA,)]


def test_that_a_swap_that_only_another_vendor_knows_of_is_a_conflict_of_both(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN)])
    desk.vendor("B", users=[person(7, ANA), person(8, BEN)])
    desk.run_all()
    desk.lists("B", person(7, BEN), person(8, ANA))

    result = desk.run("B")

    assert len(result.errors) == 2
    assert desk.rows("SELECT email FROM saas_user WHERE saas_application = 2 ORDER BY id") == [(ANA,), (BEN,)]


def test_that_three_people_can_hand_their_addresses_round(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN), person(3, CID)])
    desk.run("A")
    desk.lists("A", person(1, BEN), person(2, CID), person(3, ANA))

    result = desk.run("A")

    assert result.status is Status.COMPLETED
    assert desk.rows("SELECT email FROM person ORDER BY id") == [(BEN,), (CID,), (ANA,)]


def test_that_a_chain_whose_last_cannot_move_moves_nobody(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN)])
    desk.vendor("B", users=[person(9, CID)])
    desk.run_all()
    desk.lists("A", person(1, BEN), person(2, CID))

    result = desk.run("A")

    assert len(result.errors) == 2
    assert desk.rows("SELECT email FROM person ORDER BY id") == [(ANA,), (BEN,), (CID,)]


def test_that_a_unique_value_that_is_not_going_to_be_written_is_no_conflict(desk: Several) -> None:
    number = {"source": "job_title", "target": "employee_id"}
    desk.vendor("A", number, users=[person(1, ANA, job_title="E-1"), person(2, BEN, job_title="E-2")])
    desk.vendor("B", number, users=[person(7, ANA, job_title="E-2")])

    _, second = desk.run_all()

    assert (second.status, account(second)) == (Status.COMPLETED, {})
    assert desk.rows("SELECT employee_id FROM person ORDER BY id") == [("E-1",), ("E-2",)]


def test_that_two_accounts_of_one_vendor_that_end_at_one_person_are_both_reported(desk: Several) -> None:
    number = {"source": "job_title", "target": "employee_id"}
    desk.vendor("A", number, users=[person(1, ANA, job_title="E-1")])
    desk.vendor("B", {**number, "sync_key": 2}, users=[person(7, ANA), person(8, "a@example.com", job_title="E-1")])

    _, second = desk.run_all()

    assert {error.message for error in second.errors} == {
        f"2 PagerDuty users belong to one person ({ANA}); neither was changed."
    }
    assert desk.value("SELECT count(*) FROM saas_user") == 1


def test_that_an_address_shared_by_two_accounts_is_reported_twice_and_tells_the_other_vendor_nothing(
    desk: Several,
) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.vendor("B", users=[person(7, ANA), person(8, "Ana@example.com")])

    _, second = desk.run_all()

    assert second.counts["failed"] == 2
    assert accounts_of(desk, ANA) == [("A", "P1")]


def test_that_a_second_account_with_a_known_address_leaves_the_first_as_it_was(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.run("A")
    desk.lists("A", person(1, ANA), person(2, ANA, role="owner"))

    result = desk.run("A")

    assert [error.record for error in result.errors] == ["Person 2"]
    assert desk.value("SELECT count(*) FROM saas_user WHERE NOT deactivated") == 1


def test_that_a_conflict_is_listed_without_being_counted_once_it_is_accepted_and_until_it_changes(
    desk: Several,
) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN)])
    desk.vendor("B", users=[person(7, ANA), person(8, BEN)])
    desk.run_all()
    desk.lists("B", person(7, BEN), person(8, ANA))
    session = desk.run("B").session
    for error in sessions.errors_of(desk.store, session):
        sessions.accept_conflict(desk.store, session, error.vendor_id or "", "they took each other's name")

    known = desk.run("B")
    desk.lists("B", person(7, BEN), person(8, "z@example.com"))
    changed = desk.run("B")

    assert (known.status, known.exit_code, known.errors) == (Status.COMPLETED, 0, ())
    assert (known.counts["failed"], known.counts["people"]["failed"]) == (0, 0)
    assert [error.accepted for error in sessions.errors_of(desk.store, known.session)] == [True, True]
    assert (changed.status, changed.counts["failed"]) == (Status.COMPLETED, 0)


def test_that_an_accepted_conflict_counts_again_when_it_becomes_another(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA), person(2, BEN), person(3, CID)])
    desk.vendor("B", users=[person(7, ANA)])
    desk.run_all()
    desk.lists("B", person(7, BEN))
    session = desk.run("B").session
    sessions.accept_conflict(desk.store, session, "P7", "known")
    desk.lists("B", person(7, CID))

    result = desk.run("B")

    assert (result.status, result.counts["failed"]) == (Status.COMPLETED_WITH_ERRORS, 1)


def test_that_an_archived_person_is_left_alone_by_every_vendor(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.run("A")
    desk.store.write(lambda db: db.execute_sql("UPDATE person SET archived = 1"))
    desk.vendor("B", {"source": "name", "target": "name"}, users=[person(7, ANA)])

    result = desk.run("B")

    assert (result.status, result.counts["skipped"]) == (Status.COMPLETED, 2)
    assert desk.rows("SELECT archived, name FROM person") == [(1, None)]


def test_that_restore_archived_brings_the_person_back_with_the_new_account(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.run("A")
    desk.store.write(lambda db: db.execute_sql("UPDATE person SET archived = 1"))
    desk.vendor("B", users=[person(7, ANA)], restore_archived=True)

    desk.run("B")

    assert desk.value("SELECT archived FROM person") == 0
    assert accounts_of(desk, ANA) == [("A", "P1"), ("B", "P7")]


def test_that_an_integration_made_anew_takes_over_the_accounts_of_the_deleted_one(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA, licences=["Old"]), person(2, BEN)], saas_application="Shared")
    desk.run("A")
    delete_integration(desk.store, find_integration(desk.store, "A"))
    desk.vendor("Other", users=[person(5, CID)])
    desk.vendor("B", users=[person(1, ANA, role="admin", licences=["New"])], saas_application="shared")

    desk.run_all("Other", "B")
    again = desk.run("B")

    assert accounts_of(desk, ANA) == [("Shared", "P1")]
    assert desk.rows("SELECT role FROM saas_user WHERE saas_user_id = 'P1'") == [("admin",)]
    assert desk.rows("SELECT product, deactivated FROM licence ORDER BY id") == [("Old", 1), ("New", 0)]
    # Ben is not listed here; who knew of him is gone, so nobody says that he left.
    assert desk.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0
    assert again.counts["saas_users"]["unchanged"] == 1


def test_that_accounts_of_an_integration_that_is_there_are_nobody_else_s(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)], saas_application="Shared")
    desk.vendor("B", users=[person(1, BEN)], saas_application="Shared")

    desk.run_all()

    assert accounts_of(desk, ANA) == [("Shared", "P1")]
    assert accounts_of(desk, BEN) == [("Shared", "P1")]
