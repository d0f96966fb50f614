"""Whole Atlassian organisations, simulated, against what the connector makes of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync.events import Status
from saasdesk.sync.plans import lines_of
from tests.sync.conftest import NAME, Office

ACCOUNTS = """SELECT saas_user_id, email, name, role, last_activity, NOT deactivated FROM saas_user
    WHERE saas_application = (SELECT id FROM saas_application WHERE name = ?) ORDER BY saas_user_id"""
LICENCES = """SELECT u.saas_user_id, l.licence_id, l.product, l.team
    FROM licence l JOIN saas_user u ON u.id = l.saas_user WHERE NOT l.deactivated ORDER BY 1, 2"""

# So many people have so many accounts: the sizes around a page of a hundred.
PEOPLE = {0: 0, 1: 1, 99: 104, 100: 105, 101: 106, 250: 264, 12_345: 13_405}

Open = Callable[..., Office]


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Open]:
    """An office with a launched Atlassian integration, in front of a company of so many people."""
    opened: list[Office] = []

    def open_one(people: int, **document: Any) -> Office:
        simulator = Simulator(people)
        simulator.start()
        office = Office(tmp_path / "profile", simulator, "atlassian")
        opened.append(office)
        access = simulator.access()["atlassian"]
        office.integrate(inputs={"organization_id": access["organization_id"]}, **document)
        return office

    yield open_one
    for office in opened:
        office.close()
        office.simulator.stop()


def shown(accounts: list[Account]) -> list[tuple[object, ...]]:
    """What of these accounts can be kept: those that show an e-mail address."""
    kept = sorted((account for account in accounts if account.email), key=lambda account: account.id)
    return [(a.id, a.email, a.name, a.role or None, a.last_activity, int(a.active)) for a in kept]


def truth(office: Office, of: str = "atlassian") -> list[tuple[object, ...]]:
    """What the accounts must be."""
    return shown(office.simulator.truth(of))


def changes(office: Office) -> object:
    """How many changes were ever written."""
    return office.value("SELECT count(*) FROM change")


@pytest.mark.parametrize("accounts", PEOPLE)
def test_that_accounts_are_the_vendors_truth_and_a_second_run_writes_nothing(open_office: Open, accounts: int) -> None:
    office = open_office(PEOPLE[accounts])

    first = office.run()
    written = changes(office)
    second = office.run()

    told = office.simulator.truth("atlassian")
    expected = truth(office)
    assert len(told) == first.counts["fetched"] == accounts
    assert office.rows(ACCOUNTS, "Atlassian") == expected
    assert first.counts["saas_users"]["created"] == first.counts["people"]["created"] == len(expected)
    assert first.counts["saas_users"]["skipped"] == accounts - len(expected)
    assert first.counts["failed"] == 0
    assert first.status is (Status.COMPLETED if expected else Status.EMPTY)
    assert second.counts["unchanged"] == 2 * len(expected)
    assert changes(office) == written


def test_that_every_product_at_every_site_is_a_licence(open_office: Open) -> None:
    office = open_office(264)

    office.run()

    told = [account for account in office.simulator.truth("atlassian") if account.email]
    found = office.rows(LICENCES)
    assert [row[:2] for row in found] == sorted(
        (account.id, licence) for account in told for licence in account.licences
    )
    assert {row[2] for row in found} >= {"Jira Software", "Confluence", "Trello"}
    assert any(site is None for *_, site in found)


def test_that_a_skipped_account_says_why(open_office: Open) -> None:
    office = open_office(264)

    preview = office.run(preview=True)

    hidden = {account.id for account in office.simulator.truth("atlassian") if not account.email}
    assert preview.plan is not None
    skipped = {line.vendor_id: line.reason for line in lines_of(office.store, preview.plan) if line.kind == "skip"}
    assert hidden
    assert skipped == dict.fromkeys(
        hidden, "Atlassian shows no e-mail address of this account, so it cannot be told whose it is"
    )


def test_that_somebody_who_hides_the_address_later_stays_who_they_are(open_office: Open) -> None:
    office = open_office(60)
    office.run()
    before = office.rows("SELECT id, email, username FROM person ORDER BY id")
    office.simulator.faults.add(Fault(FaultKind.HIDDEN_EMAILS, vendor="atlassian"))

    result = office.run()

    assert result.status is Status.COMPLETED
    assert office.rows("SELECT id, email, username FROM person ORDER BY id") == before
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated_reason LIKE '%missing%'") == 0


@pytest.mark.parametrize("fraction", [0.05, 0.2])
def test_that_churn_changes_exactly_the_churned_as_previewed(open_office: Open, fraction: float) -> None:
    office = open_office(264, deactivate_limit_percent=100, deactivate_limit_count=1000)
    office.run()
    known = {made for made, *_ in truth(office)}
    churn = office.simulator.churn(fraction)["atlassian"]
    after = {made for made, *_ in truth(office)}
    changed = (set(churn.changed) & known & after) | (after - known) | (known - after)

    preview = office.run(preview=True)
    assert preview.plan is not None
    lines = [
        line for line in lines_of(office.store, preview.plan) if line.kind != "skip" and line.object == "saas_users"
    ]
    result = office.run()

    assert {line.vendor_id for line in lines} == changed
    assert result.counts == preview.counts
    assert [row for row in office.rows(ACCOUNTS, "Atlassian") if row[0] in after] == truth(office)
    gone = {made for (made,) in office.rows("SELECT saas_user_id FROM saas_user WHERE deactivated")}
    assert known - after <= gone


def test_that_two_organisations_keep_their_own(open_office: Open) -> None:
    office = open_office(264)
    labs = office.simulator.all_access()["atlassian-labs"]
    connector = CONNECTORS["atlassian"]
    office.vault.set("labs key", connector, labs["key"], base_url=labs["base_url"])
    office.integrate(
        "Labs",
        saas_application="Atlassian Labs",
        credential="labs key",
        inputs={"organization_id": labs["organization_id"]},
    )

    office.run()
    result = office.run("Labs")
    again = [office.run(), office.run("Labs")]

    assert result.status is Status.COMPLETED
    assert office.rows(ACCOUNTS, "Atlassian") == truth(office)
    assert office.rows(ACCOUNTS, "Atlassian Labs") == truth(office, "atlassian-labs")
    assert [each.counts["updated"] + each.counts["created"] + each.counts["deactivated"] for each in again] == [0, 0]
    both = {a.id for a in office.simulator.truth("atlassian")} & {
        a.id for a in office.simulator.truth("atlassian-labs")
    }
    assert both
    assert office.value("SELECT count(DISTINCT atlassian_account_id) FROM person") == office.value(
        "SELECT count(atlassian_account_id) FROM person"
    )


def test_that_a_map_to_the_organisations_id_tells_where_somebody_comes_from(open_office: Open) -> None:
    rows = [
        {"source": "email", "target": "username"},
        {"source": "email", "target": "email", "sync_key": 1},
        {"value": "Employee", "target": "role"},
        {"source": "connect:organization_id", "target": "location"},
    ]
    office = open_office(20, map=rows)

    office.run()

    assert office.rows("SELECT DISTINCT location FROM person") == [(office.simulator.atlassian.organisation_id,)]


# ----- what goes wrong


@pytest.mark.parametrize("amount", [1, 3, 30])
def test_p03_that_nobody_is_deactivated_when_the_list_shrinks_while_it_is_read(open_office: Open, amount: int) -> None:
    office = open_office(350, deactivate_limit_percent=100, deactivate_limit_count=1000)
    office.run()
    office.simulator.faults.add(Fault(FaultKind.SHRINKING, vendor="atlassian", page=1, amount=amount, times=1))

    office.run()

    here = {account.id for account in office.simulator.truth("atlassian") if account.active}
    gone = {made for (made,) in office.rows("SELECT saas_user_id FROM saas_user WHERE deactivated")}
    assert not here & gone


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(FaultKind.SHRINKING, page=1, amount=2), Status.INCOMPLETE),
        (Fault(FaultKind.WRONG_TOTAL, amount=5), Status.INCOMPLETE),
        (Fault(FaultKind.MISSING_KEY, page=2), Status.INCOMPLETE),
        (Fault(FaultKind.EMPTY_LIST, page=2), Status.INCOMPLETE),
        (Fault(FaultKind.NOT_OBJECTS, page=3), Status.FAILED),
        (Fault(FaultKind.NO_ID, page=1), Status.INCOMPLETE),
        (Fault(FaultKind.STATUS, status=403, page=3), Status.FAILED),
        (Fault(FaultKind.STATUS, status=404, page=3), Status.INCOMPLETE),
        (Fault(FaultKind.WEB_PAGE, page=2), Status.FAILED),
        (Fault(FaultKind.REJECTED_CURSOR, page=3), Status.INCOMPLETE),
        (Fault(FaultKind.FOREIGN_NEXT, page=2), Status.FAILED),
        (Fault(FaultKind.ENDLESS, page=2), Status.FAILED),
        (Fault(FaultKind.REPEATED_PAGE, page=3), Status.FAILED),
        (Fault(FaultKind.EMPTY_LIST), Status.STOPPED_BY_SAFEGUARD),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else "",
)
def test_p04_that_a_list_that_is_not_whole_deactivates_nobody(open_office: Open, fault: Fault, status: Status) -> None:
    office = open_office(350, deactivate_limit_percent=100, deactivate_limit_count=1000)
    office.run()
    before = office.value("SELECT count(*) FROM saas_user WHERE deactivated")
    office.simulator.faults.add(fault)

    result = office.run()

    assert result.status is status, result.message
    assert result.message
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == before


def test_that_an_empty_list_asks_whether_a_domain_is_verified(open_office: Open) -> None:
    office = open_office(60)
    office.run()
    office.simulator.faults.add(Fault(FaultKind.EMPTY_LIST))

    result = office.run()

    assert result.status is Status.STOPPED_BY_SAFEGUARD
    assert result.message.startswith("Atlassian returned no users; ")
    assert result.message.endswith("is a domain verified at admin.atlassian.com?")


def test_that_a_cursor_that_was_forgotten_once_costs_nobody(open_office: Open) -> None:
    office = open_office(350)
    office.simulator.faults.add(Fault(FaultKind.REJECTED_CURSOR, page=3, times=1))

    result = office.run()

    assert result.status is Status.COMPLETED
    assert office.rows(ACCOUNTS, "Atlassian") == truth(office)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RECORDED_NULLS),
        Fault(FaultKind.STATUS, status=503, times=1),
        Fault(FaultKind.CUT_SHORT, times=1),
        Fault(FaultKind.HOSTILE_TEXT),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_that_what_the_vendor_really_sends_costs_nobody(open_office: Open, fault: Fault) -> None:
    office = open_office(60)
    office.simulator.faults.add(fault)

    result = office.run()

    assert result.status is Status.COMPLETED
    expected = truth(office)
    assert [(row[0], row[1]) for row in office.rows(ACCOUNTS, "Atlassian")] == [(row[0], row[1]) for row in expected]


def test_that_users_who_share_an_address_are_reported_and_left_alone(open_office: Open) -> None:
    office = open_office(60)
    office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, amount=1))

    result = office.run()

    assert (result.status, result.counts["failed"]) == (Status.COMPLETED_WITH_ERRORS, 2)
    assert "2 Atlassian users share e-mail" in result.errors[0].message


def test_that_a_directory_key_cannot_run_a_listing(open_office: Open) -> None:
    office = open_office(20)
    access = office.simulator.access()["atlassian"]
    office.vault.set("pd key", office.connector, access["directory_key"], kind="scim", base_url=access["base_url"])

    result = office.run()

    assert (result.status, result.exit_code) == (Status.FAILED, 3)
    assert "is a directory key, which cannot list the users" in result.message


def test_that_one_request_for_each_page_is_all_a_run_asks(open_office: Open) -> None:
    office = open_office(264)

    office.run(NAME)

    log = office.simulator.requests
    assert log.count("atlassian", endpoint="users") == 3
    assert log.count("atlassian") == 4
