"""A whole JumpCloud, simulated, against what its connector makes of it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.jumpcloud import KeyKind
from saasdesk.sync.events import Status
from tests.sync.conftest import Office

ACCOUNTS = (
    """SELECT saas_user_id, email, name, role, last_activity, NOT deactivated FROM saas_user ORDER BY saas_user_id"""
)


Open = Callable[..., Office]


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Open]:
    """An office with a launched JumpCloud integration, in front of a company of so many people."""
    opened: list[Office] = []

    def open_one(people: int, **document: Any) -> Office:
        simulator = Simulator(people)
        simulator.start()
        office = Office(tmp_path / "profile", simulator, "jumpcloud")
        opened.append(office)
        office.integrate(**document)
        return office

    yield open_one
    for office in opened:
        office.close()
        office.simulator.stop()


def use_key(office: Office, kind: KeyKind, **inputs: str) -> None:
    """Put another of the vendor's keys in the place of the first."""
    key, base_url = office.simulator.jumpcloud.keys[kind], office.simulator.access()["jumpcloud"]["base_url"]
    office.vault.set("pd key", office.connector, key, base_url=base_url, inputs=inputs)


def truth(office: Office) -> list[tuple[object, ...]]:
    """What the accounts must be."""
    found = office.simulator.truth("jumpcloud")
    return [(a.id, a.email, a.name, a.role, a.last_activity, int(a.active)) for a in found]


def changes(office: Office) -> object:
    """How many changes were ever written."""
    return office.value("SELECT count(*) FROM change")


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250, 12_345])
def test_that_accounts_are_the_vendors_truth_and_a_second_run_writes_nothing(open_office: Open, people: int) -> None:
    office = open_office(people)

    first = office.run()
    written = changes(office)
    second = office.run()

    expected = truth(office)
    assert office.rows(ACCOUNTS) == expected
    assert first.counts["fetched"] == first.counts["saas_users"]["created"] == len(expected)
    assert first.status is (Status.COMPLETED if expected else Status.EMPTY)
    assert second.counts["unchanged"] == first.counts["people"]["created"] + len(expected)
    assert changes(office) == written


def test_that_inactive_accounts_are_created_inactive_and_locked_ones_are_not(open_office: Open) -> None:
    office = open_office(600)

    office.run()

    inactive = {status for (status,) in office.rows("SELECT DISTINCT status FROM saas_user WHERE deactivated")}
    assert inactive == {"suspended", "staged"}
    assert office.value("SELECT count(*) FROM saas_user WHERE status LIKE 'active, locked%' AND NOT deactivated")


# Up to 50 absentees are looked up one by one; beyond, only the count that moved tells.
@pytest.mark.parametrize("amount", [1, 3, 30, 80])
def test_p03_that_nobody_is_deactivated_when_the_list_shrinks_while_it_is_read(open_office: Open, amount: int) -> None:
    office = open_office(350, deactivate_limit_percent=100, deactivate_limit_count=1000)
    office.run()
    office.simulator.faults.add(Fault(FaultKind.SHRINKING, vendor="jumpcloud", page=1, amount=amount, times=1))

    office.run()

    here = {account.id for account in office.simulator.truth("jumpcloud") if account.active}
    gone = {made for (made,) in office.rows("SELECT saas_user_id FROM saas_user WHERE deactivated")}
    assert not here & gone


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.SHRINKING, page=1, amount=2),
        Fault(FaultKind.NULL_ROWS, page=2, amount=2),
        Fault(FaultKind.WRONG_TOTAL, amount=5),
        Fault(FaultKind.MISSING_KEY, page=2),
        Fault(FaultKind.EMPTY_LIST, page=2),
        Fault(FaultKind.NOT_OBJECTS, page=3),
        Fault(FaultKind.NO_ID, page=1),
        Fault(FaultKind.STATUS, status=500, page=3),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_p03_that_a_list_that_is_not_whole_deactivates_nobody(
    open_office: Open, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    office = open_office(350, deactivate_limit_percent=100, deactivate_limit_count=1000)
    office.run()
    before = office.value("SELECT count(*) FROM saas_user WHERE deactivated")
    office.simulator.faults.add(fault)

    result = office.run()

    assert result.status in {Status.INCOMPLETE, Status.COMPLETED_WITH_ERRORS, Status.FAILED}
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == before


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FaultKind.RECORDED_NULLS, Status.COMPLETED),
        (FaultKind.HOSTILE_TEXT, Status.COMPLETED),
        (FaultKind.DUPLICATE_EMAIL, Status.COMPLETED_WITH_ERRORS),
    ],
)
def test_that_what_is_odd_about_single_records_stays_with_them(
    open_office: Open, kind: FaultKind, status: Status
) -> None:
    office = open_office(120)
    office.simulator.faults.add(Fault(kind, amount=2))

    result = office.run()

    odd = {FaultKind.DUPLICATE_EMAIL: 4 * 2}.get(kind, 0)
    assert result.status is status
    assert result.counts["failed"] == odd
    assert result.counts["saas_users"]["created"] == len(office.simulator.truth("jumpcloud")) - odd
    assert all("share e-mail" in error.message for error in result.errors)


def test_that_a_short_page_loses_nobody(open_office: Open) -> None:
    office = open_office(350)
    office.simulator.faults.add(Fault(FaultKind.SHORT_PAGE, page=2, amount=9, times=1))

    result = office.run()

    assert result.status is Status.COMPLETED
    assert office.rows(ACCOUNTS) == truth(office)


@pytest.mark.parametrize("kind", [KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER])
def test_that_what_a_lesser_key_may_not_read_stays_as_it_was_known(open_office: Open, kind: KeyKind) -> None:
    office = open_office(250)
    office.run()
    use_key(office, kind)

    result = office.run()

    assert result.status is Status.COMPLETED
    assert office.rows(ACCOUNTS) == truth(office)


def test_that_the_address_as_the_vendors_documents_give_it_is_understood(open_office: Open) -> None:
    office = open_office(5)
    access = office.simulator.access()["jumpcloud"]
    office.vault.set("pd key", office.connector, access["key"], base_url=access["base_url"] + "/api")

    assert office.run().status is Status.COMPLETED


def test_that_a_key_for_many_organisations_reads_the_one_that_is_named(open_office: Open) -> None:
    office = open_office(40)
    use_key(office, KeyKind.MANY_ORGANIZATIONS)
    refused = office.run()
    use_key(office, KeyKind.MANY_ORGANIZATIONS, organization_id=office.simulator.jumpcloud.organization_id)

    result = office.run()

    assert (refused.status, refused.exit_code) == (Status.FAILED, 3)
    assert "Organization ID" in refused.message
    assert result.counts["fetched"] == len(office.simulator.truth("jumpcloud"))


def test_that_churn_changes_exactly_the_churned_and_whoever_reports_to_them(open_office: Open) -> None:
    office = open_office(600)
    office.run()
    last = office.value("SELECT max(id) FROM change")
    names = dict(office.rows("SELECT jump_cloud_user_id, name FROM person"))

    churned = office.simulator.churn(0.05)["jumpcloud"]
    preview = office.run(preview=True)
    result = office.run()

    assert preview.counts == result.counts
    assert set(churned.created) == ids_changed(office, last, "create")
    assert set(churned.gone) <= ids_changed(office, last, "deactivate")
    new_names = dict(office.rows("SELECT jump_cloud_user_id, name FROM person"))
    renamed = {made for made, name in names.items() if new_names[made] != name}
    reports = {
        office.simulator.jumpcloud.directory.id_of(serial)
        for serial in office.simulator.company.serials
        if (boss := office.simulator.company.manager_serial(serial)) is not None
        and office.simulator.jumpcloud.directory.id_of(boss) in renamed
    }
    assert ids_changed(office, last, "update") == shown(churned.changed) | (reports & names.keys() - set(churned.gone))


def shown(changed: Mapping[str, Mapping[str, object]]) -> set[str]:
    """Those whose change shows in a field that is mapped, or in the account."""
    seen = {"displayname", "email", "firstname", "lastname", "jobTitle", "department", "manager", "role", "state"}
    return {made for made, keys in changed.items() if seen & keys.keys()}


def ids_changed(office: Office, after: object, kind: str) -> set[str]:
    """The vendor's ids of the records that have changes of this kind."""
    sql = """
        SELECT l.vendor_id FROM change c JOIN source_link l
        ON (c.object = 'people' AND l.person = c.record) OR (c.object = 'saas_users' AND l.saas_user = c.record)
        WHERE c.id > ? AND c.kind = ?
    """
    return {str(made) for (made,) in office.rows(sql, after, kind)}


@pytest.mark.parametrize("kind", [KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER])
def test_that_a_mapped_field_stays_when_the_key_may_no_longer_read_what_feeds_it(
    open_office: Open, kind: KeyKind
) -> None:
    office = open_office(
        120,
        field=[{"object": "people", "label": label} for label in ("Seen", "Console role")],
        map=[
            {"source": "email", "target": "username"},
            {"source": "email", "target": "email", "sync_key": 1},
            {"value": "Employee", "target": "role"},
            {"source": "last_sign_in_at", "target": "seen"},
            {"source": "administrator.roleName", "target": "console_role"},
        ],
    )
    office.run()
    known = office.rows("SELECT seen, console_role FROM person ORDER BY id")
    use_key(office, kind)

    result = office.run()

    assert result.status is Status.COMPLETED
    assert office.rows("SELECT seen, console_role FROM person ORDER BY id") == known
    assert office.value("SELECT count(*) FROM person WHERE seen <> ''")
    assert office.value("SELECT count(*) FROM person WHERE console_role <> ''")
