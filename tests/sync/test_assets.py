"""A whole JumpCloud's devices, simulated, against the assets that a run makes of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.jumpcloud import KeyKind
from saasdesk.sync import integrations, plans, sessions
from saasdesk.sync.events import Status
from tests.sync.conftest import NAME, Office

DEVICES = "Devices"
ASSETS = """
    SELECT a.jump_cloud_system_id, a.name, coalesce(a.serial_number, ''), a.agent_active, a.owner_id
    FROM asset a WHERE NOT a.deactivated ORDER BY a.jump_cloud_system_id
"""
OWNERS = """
    SELECT a.jump_cloud_system_id, l.vendor_id
    FROM asset a LEFT JOIN source_link l ON l.person = a.person AND l.integration = 1
    WHERE NOT a.deactivated ORDER BY a.jump_cloud_system_id
"""

Open = Callable[..., Office]


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Open]:
    """An office with two launched JumpCloud integrations, of users and of devices."""
    opened: list[Office] = []

    def open_one(people: int, **document: Any) -> Office:
        simulator = Simulator(people)
        simulator.start()
        office = Office(tmp_path / "profile", simulator, "jumpcloud")
        opened.append(office)
        office.integrate()
        office.integrate(DEVICES, object="assets", **document)
        return office

    yield open_one
    for office in opened:
        office.close()
        office.simulator.stop()


def truth(office: Office) -> list[tuple[object, ...]]:
    """What the assets must be."""
    return sorted((d.id, d.name, d.serial_number, int(d.active), d.owner) for d in office.simulator.devices())


def owners(office: Office) -> list[tuple[object, ...]]:
    """Which of the vendor's users must have which device; a person is here once the users' integration ran."""
    return sorted((d.id, d.owner) for d in office.simulator.devices())


def written(office: Office) -> tuple[object, ...]:
    """Everything that a run which changes nothing must leave alone."""
    counted = (
        "SELECT (SELECT count(*) FROM change), (SELECT count(*) FROM trigger), (SELECT max(updated_at) FROM asset)"
    )
    return office.rows(counted)[0]


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250])
def test_that_assets_are_the_vendors_truth_and_a_second_run_writes_nothing(open_office: Open, people: int) -> None:
    office = open_office(people)
    office.run()

    first = office.run(DEVICES)
    before = written(office)
    second = office.run(DEVICES)

    expected = truth(office)
    assert office.rows(ASSETS) == expected
    assert office.rows(OWNERS) == owners(office)
    assert first.counts["fetched"] == first.counts["created"] == first.counts["assets"]["created"] == len(expected)
    assert first.counts["people"]["created"] == first.counts["saas_users"]["created"] == 0
    assert first.status is (Status.COMPLETED if expected else Status.EMPTY)
    assert second.counts["assets"]["unchanged"] == second.counts["unchanged"] == len(expected)
    assert written(office) == before


def test_that_a_run_that_cannot_tell_who_is_who_binds_nobody_and_the_next_one_binds(open_office: Open) -> None:
    office = open_office(40)
    office.run(DEVICES)
    assert office.value("SELECT count(*) FROM asset WHERE person IS NOT NULL") == 0
    office.run()

    preview = office.run(DEVICES, preview=True)
    bound = office.run(DEVICES)

    owned = [device for device in office.simulator.devices() if device.owner]
    assert preview.counts["assets"]["updated"] == bound.counts["assets"]["updated"] == len(owned)
    assert office.rows(OWNERS) == owners(office)
    (reason,) = {line.reason for line in plans.lines_of(office.store, int(str(preview.plan)))}
    assert reason == "its owner is known now"
    changed = sessions.changes_of(office.store, bound.session)
    assert {(change.object, change.field, change.before) for change in changed} == {("assets", "person", None)}


def test_that_an_owner_is_found_by_the_address_where_another_vendor_brought_the_person(open_office: Open) -> None:
    office = open_office(40)
    office.run()
    office.store.write(lambda db: db.execute_sql("UPDATE source_link SET integration = 1 WHERE integration = 1"))
    found = integrations.find_integration(office.store, NAME)
    integrations.delete_integration(office.store, found)

    office.run(DEVICES)

    emails = {account.id: account.email for account in office.simulator.truth("jumpcloud")}
    told = [(d.id, emails.get(d.owner or "")) for d in office.simulator.devices()]
    shown = "SELECT a.jump_cloud_system_id, p.email FROM asset a LEFT JOIN person p ON p.id = a.person"
    assert sorted(map(tuple, office.rows(shown)), key=str) == sorted(told, key=str)


def test_that_an_asset_whose_owner_is_no_longer_here_is_bound_to_nobody(open_office: Open) -> None:
    office = open_office(30)
    office.run()
    office.run(DEVICES)
    ((asset, person),) = office.rows("SELECT id, person FROM asset WHERE person IS NOT NULL LIMIT 1")
    forget = "UPDATE source_link SET person = NULL WHERE person = ?"
    office.store.write(lambda db: db.execute_sql(forget, (person,)))
    office.store.write(
        lambda db: db.execute_sql("UPDATE person SET email = NULL, email__key = NULL WHERE id = ?", (person,))
    )

    office.run(DEVICES)

    assert office.value("SELECT person FROM asset WHERE id = ?", asset) is None


def test_that_the_newest_contact_is_shown_although_it_makes_no_device_a_changed_one(open_office: Open) -> None:
    office = open_office(30)
    office.run()
    office.run(DEVICES)
    newest = office.rows("SELECT id, last_contact FROM asset ORDER BY id")
    older = "UPDATE asset SET last_contact = '2020-01-01T00:00:00Z', agent_active = NULL"
    office.store.write(lambda db: db.execute_sql(older))
    before = written(office)

    result = office.run(DEVICES)

    assert office.rows("SELECT id, last_contact FROM asset ORDER BY id") == newest
    assert result.counts["assets"]["updated"] == 0
    assert written(office) == before


def test_that_churn_changes_exactly_what_the_plan_says(open_office: Open) -> None:
    office = open_office(250)
    office.run()
    office.run(DEVICES)
    before = set(truth(office))
    office.simulator.churn(0.04)
    office.run()

    preview = office.run(DEVICES, preview=True)
    result = office.run(DEVICES)

    after = set(truth(office))
    assert office.rows(ASSETS) == sorted(after)
    assert office.rows(OWNERS) == owners(office)
    assert result.counts == preview.counts
    assert result.counts["assets"]["created"] == len({row[0] for row in after} - {row[0] for row in before})
    assert result.counts["assets"]["deactivated"] == len({row[0] for row in before} - {row[0] for row in after})


def leave(office: Office, count: int) -> set[str]:
    """So many people who have devices leave; returns the ids of the devices that vanish with them."""
    before = {device.id for device in office.simulator.devices()}
    serials = [account.serial for account in office.simulator.truth("jumpcloud")][-count:]
    office.simulator.company.leave(serials)
    return before - {device.id for device in office.simulator.devices()}


def deactivated(office: Office) -> set[str]:
    return {str(row[0]) for row in office.rows("SELECT jump_cloud_system_id FROM asset WHERE deactivated")}


def test_p03_that_a_vanished_device_is_deactivated_and_a_returning_one_active_again(open_office: Open) -> None:
    office = open_office(60)
    office.run(DEVICES)
    people = office.simulator.truth("jumpcloud")[-4:]
    gone = leave(office, 4)

    result = office.run(DEVICES)
    reasons = office.rows("SELECT DISTINCT deactivated_reason FROM asset WHERE deactivated")
    office.simulator.company.come_back([account.serial for account in people])
    back = office.run(DEVICES)

    assert (result.counts["deactivated"], back.counts["assets"]["reactivated"]) == (len(gone), len(gone))
    assert gone
    assert reasons == [("absent from a complete listing",)]
    assert deactivated(office) == set()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.MISSING_KEY, endpoint="systems", page=1),
        Fault(FaultKind.SHRINKING, endpoint="systems", page=1, amount=3),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_p03_that_a_list_of_devices_that_is_not_whole_deactivates_none(open_office: Open, fault: Fault) -> None:
    office = open_office(160)
    office.run(DEVICES)
    listed = {device.id for device in office.simulator.devices()}
    office.simulator.faults.add(fault)

    office.run(DEVICES)

    still_there = {device.id for device in office.simulator.devices()}
    assert deactivated(office) <= listed - still_there


def test_p04_that_an_empty_list_waits_for_a_person_and_speaks_of_devices(open_office: Open) -> None:
    office = open_office(40)
    office.run(DEVICES)
    office.simulator.faults.add(Fault(FaultKind.EMPTY_LIST, endpoint="systems"))

    result = office.run(DEVICES)

    assert result.status is Status.STOPPED_BY_SAFEGUARD
    assert result.message.startswith("JumpCloud returned no devices; ")
    assert "Nothing was deactivated." in result.message
    assert deactivated(office) == set()


def test_p04_that_a_held_plan_of_assets_is_approved_and_taken_back(open_office: Open) -> None:
    office = open_office(60, deactivate_limit_percent=1)
    office.run(DEVICES)
    gone = leave(office, 12)
    held = office.run(DEVICES)
    assert (held.status, deactivated(office)) == (Status.STOPPED_BY_SAFEGUARD, set())

    done = plans.approve(office.store, int(str(held.plan)), len(gone))
    approved = deactivated(office)
    session = int(str(office.value("SELECT max(id) FROM sync_session")))
    back = sessions.undo_deactivations(office.store, session)

    assert (done, approved, back) == (len(gone), gone, len(gone))
    assert deactivated(office) == set()


def test_that_a_device_set_up_anew_keeps_its_asset_and_is_not_called_gone(open_office: Open) -> None:
    office = open_office(40)
    office.run(DEVICES)
    ((asset, system),) = office.rows(
        "SELECT id, jump_cloud_system_id FROM asset WHERE serial_number IS NOT NULL LIMIT 1"
    )
    # As if the agent had had another id when it was last read.
    rename = "UPDATE source_link SET vendor_id = 'before' WHERE vendor_id = ?"
    office.store.write(lambda db: db.execute_sql("DELETE FROM source_raw"))
    office.store.write(lambda db: db.execute_sql(rename, (system,)))
    old_id = "UPDATE asset SET jump_cloud_system_id = 'before', jump_cloud_system_id__key = 'before' WHERE id = ?"
    office.store.write(lambda db: db.execute_sql(old_id, (asset,)))

    result = office.run(DEVICES)

    assert (result.counts["assets"]["created"], result.counts["deactivated"]) == (0, 0)
    assert office.value("SELECT jump_cloud_system_id FROM asset WHERE id = ?", asset) == system


def test_that_a_key_that_may_not_see_users_leaves_addresses_as_they_were_known(open_office: Open) -> None:
    office = open_office(40)
    office.run(DEVICES)
    known = office.rows("SELECT id, owner_id, owner_email FROM asset ORDER BY id")
    key, base_url = (
        office.simulator.jumpcloud.keys[KeyKind.READ_ONLY],
        office.simulator.access()["jumpcloud"]["base_url"],
    )
    office.vault.set("pd key", office.connector, key, base_url=base_url)

    office.run(DEVICES)

    assert office.rows("SELECT id, owner_id, owner_email FROM asset ORDER BY id") == known


def test_that_an_integration_cannot_turn_from_users_to_assets(open_office: Open) -> None:
    office = open_office(1)

    with pytest.raises(UserError, match="“PagerDuty users” loads users"):
        office.integrate(object="assets")
