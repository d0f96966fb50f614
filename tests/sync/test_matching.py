"""Whose record is it: links before keys, conflicts reported, values fed by somebody else left alone."""

from pathlib import Path

import pytest

from saasdesk.fields import ObjectKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync import sessions
from saasdesk.sync.events import Status
from tests.sync.conftest import Office

AT = "2026-01-01T00:00:00Z"


def edit_by_hand(office: Office, person: int, field: str, after: str) -> None:
    before = office.value(f"SELECT {field} FROM person WHERE id = ?", person)
    change = RecordEdit(ChangeKind.UPDATE, person, "somebody", "by hand", (FieldEdit(field, before, after),))
    office.store.write(lambda db: apply_edits(db, ObjectKind.PEOPLE, [change], Cause("by hand", "admin"), AT))


def look_at_everybody_again(office: Office) -> None:
    office.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL"))


def test_that_two_vendor_users_with_one_address_are_both_reported_and_neither_applied(office: Office) -> None:
    office.integrate()
    office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, amount=1))

    result = office.run()

    assert result.status is Status.COMPLETED_WITH_ERRORS
    assert result.exit_code == 1
    assert result.counts["failed"] == 2
    assert "2 PagerDuty users share e-mail" in result.errors[0].message
    assert result.errors[0].message.endswith("neither was changed.")
    assert office.value("SELECT count(*) FROM person") == 38


def test_that_a_known_conflict_can_be_accepted_and_is_then_listed_without_being_counted(office: Office) -> None:
    office.integrate()
    office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, amount=1))
    first = office.run()
    for error in sessions.errors_of(office.store, first.session):
        sessions.accept_conflict(office.store, first.session, error.vendor_id or "", "two shared mailboxes")

    second = office.run()

    assert second.status is Status.COMPLETED
    assert [error.accepted for error in sessions.errors_of(office.store, second.session)] == [True, True]


def test_that_a_changed_address_does_not_make_a_second_person(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.write(
        lambda db: db.execute_sql(
            "UPDATE person SET email = ?1, email__key = ?1, username = ?1, username__key = ?1 WHERE id = 5",
            ("old@example.com",),
        )
    )
    look_at_everybody_again(office)

    result = office.run()

    assert result.counts["created"] == 0
    assert office.value("SELECT count(*) FROM person") == 40
    assert office.value("SELECT email FROM person WHERE id = 5") != "old@example.com"


def test_that_people_can_swap_their_addresses(office: Office) -> None:
    office.integrate()
    office.run()
    first, second = (str(row[0]) for row in office.rows("SELECT email FROM person WHERE id IN (1, 2) ORDER BY id"))

    def swap(db) -> None:  # type: ignore[no-untyped-def]
        db.execute_sql("UPDATE person SET email__key = NULL, username__key = NULL WHERE id IN (1, 2)")
        for person, address in ((1, second), (2, first)):
            db.execute_sql(
                """UPDATE person SET email = ?1, email__key = fold(?1), username = ?1, username__key = fold(?1)
                   WHERE id = ?2""",
                (address, person),
            )

    office.store.write(swap)
    look_at_everybody_again(office)

    result = office.run()

    assert result.status is Status.COMPLETED
    assert [row[0] for row in office.rows("SELECT email FROM person WHERE id IN (1, 2) ORDER BY id")] == [first, second]


def test_that_an_address_that_belongs_to_somebody_outside_the_run_is_a_conflict(office: Office) -> None:
    office.integrate()
    office.run()
    wanted = str(office.value("SELECT email FROM person WHERE id = 3"))

    def stranger_takes_it(db) -> None:  # type: ignore[no-untyped-def]
        db.execute_sql("UPDATE person SET email = NULL, email__key = NULL WHERE id = 3")
        db.execute_sql(
            """INSERT INTO person (id, name, email, email__key, created_at, updated_at)
               VALUES (900, 'Stranger', ?1, fold(?1), ?2, ?2)""",
            (wanted, AT),
        )

    office.store.write(stranger_takes_it)
    look_at_everybody_again(office)

    result = office.run()

    assert result.status is Status.COMPLETED_WITH_ERRORS
    assert [error.message for error in result.errors] == [
        f"Email {wanted} belongs to another person (Stranger); nothing was changed."
    ]
    assert office.value("SELECT email FROM person WHERE id = 3") is None


def test_that_a_value_edited_by_hand_is_kept(office: Office) -> None:
    office.integrate()
    office.run()
    edit_by_hand(office, 4, "name", "Better Name")

    result = office.run()

    assert result.counts["people"]["updated"] == 0
    assert office.value("SELECT name FROM person WHERE id = 4") == "Better Name"


def test_that_over_manual_takes_the_value_back(office: Office) -> None:
    office.integrate()
    office.run()
    original = office.value("SELECT name FROM person WHERE id = 4")
    edit_by_hand(office, 4, "name", "Worse Name")
    document = office.integrate().document
    rows = [row.model_dump(mode="json", exclude_none=True) for row in document.mapping]
    for row in rows:
        if row["target"] == "name":
            row["policy"] = "over_manual"
    office.integrate(map=rows, field=[{"label": "PagerDuty User ID", "unique": True}])

    office.run()

    assert office.value("SELECT name FROM person WHERE id = 4") == original


def test_that_a_second_integration_fills_what_is_empty_and_changes_nothing_else(tmp_path: Path) -> None:
    with Simulator(30) as simulator:
        office = Office(tmp_path / "profile", simulator)
        base = [
            {"source": "email", "target": "username"},
            {"source": "email", "target": "email", "sync_key": 1},
            {"value": "Employee", "target": "role"},
        ]
        office.integrate("First", map=[*base, {"value": "From the first", "target": "location"}])
        office.integrate(
            "Second",
            saas_application="Other",
            map=[
                *base,
                {"value": "From the second", "target": "location"},
                {"value": "Second", "target": "department"},
            ],
        )
        office.run("First")

        second = office.run("Second")
        again = office.run("First")

        assert set(office.rows("SELECT DISTINCT location, department FROM person")) == {("From the first", "Second")}
        assert second.counts["people"]["updated"] == 30
        assert again.counts["people"]["updated"] == 0
        assert office.value("SELECT count(*) FROM person") == 30
        assert office.value("SELECT count(*) FROM saas_user") == 60
        office.close()


def test_that_a_person_made_by_hand_is_found_by_the_sync_key(office: Office) -> None:
    account = office.simulator.truth("pagerduty")[7]
    office.store.write(
        lambda db: db.execute_sql(
            "INSERT INTO person (id, email, email__key, created_at, updated_at) VALUES (1, ?1, fold(?1), ?2, ?2)",
            (f"  {account.email.upper()} ", AT),
        )
    )
    office.integrate()

    result = office.run()

    assert result.counts["people"]["created"] == 39
    assert office.value("SELECT u.saas_user_id FROM saas_user u WHERE u.person = 1") == account.id


def test_that_a_record_without_an_address_is_reported_and_left_out(office: Office) -> None:
    office.integrate(
        map=[
            {"source": "description", "target": "username"},
            {"source": "email", "target": "email", "sync_key": 1},
            {"value": "Employee", "target": "role"},
        ]
    )

    result = office.run()

    assert result.status is Status.COMPLETED_WITH_ERRORS
    assert "Username is empty" in result.errors[0].message


@pytest.mark.parametrize("people", [3])
def test_that_history_tells_the_first_values_of_a_created_person(office: Office, people: int) -> None:
    office.integrate()
    session = office.run().session
    original = office.value("SELECT name FROM person WHERE id = 2")
    edit_by_hand(office, 2, "name", "Later Name")

    created = [c for c in sessions.changes_of(office.store, session) if c.object == "people" and c.record == 2]

    assert {c.field: c.after for c in created}["name"] == original
