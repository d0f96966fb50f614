"""What every preset does at its vendor, and what not when something goes wrong: the simulator is asked, not us."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS, Danger
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store.preferences import write_setting
from saasdesk.workflows import history
from saasdesk.workflows.requests import find_preset
from saasdesk.workflows.runner import Ended, RunState, WorkflowResult
from tests.workflows.conftest import Workshop, document
from tests.workflows.preset_cases import (
    CASES,
    Case,
    Company,
    atlassian_account,
    free_licence,
    is_open,
    jetbrains_account,
    jumpcloud_serials,
    licence_row,
    made_ready,
    value_of,
)

NO_CAPS = {"destructive_calls_per_run": "1000", "destructive_calls_per_day": "1000", "destructive_percent": "100"}


class Hurried(threading.Event):
    """Never waits."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


class Offices(Company):
    """One office for each vendor, in front of the same simulator; every test takes people that no other one took."""

    def __init__(self, folder: Any, simulator: Simulator) -> None:
        super().__init__(simulator)
        self._folder, self._open = folder, {}

    def at(self, vendor: str) -> Workshop:
        if vendor not in self._open:
            made = self._open[vendor] = Workshop(self._folder / vendor, self.simulator, vendor)
            made.vault.change("pd key", expires=None, permission="act", owner="", notes="")
            access = self.simulator.access()[vendor]
            if vendor == "atlassian":
                inputs = {key: access[key] for key in ("directory_id", "organization_id")}
                made.vault.set(
                    "directory", made.connector, access["directory_key"], kind="scim", permission="act",
                    inputs=inputs, base_url=access["base_url"],
                )  # fmt: skip
            for key, value in NO_CAPS.items():
                made.store.write(lambda db, key=key, value=value: write_setting(db, key, value))
            made.integrate()
            made.run()
        return self._open[vendor]

    def close(self) -> None:
        for office in self._open.values():
            office.close()


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    with Simulator(220) as simulator:
        made = Offices(tmp_path_factory.mktemp("offices"), simulator)
        yield made
        made.close()


@pytest.fixture(autouse=True)
def _no_faults_left(offices: Offices) -> Iterator[None]:
    yield
    offices.simulator.faults.clear()
    for office in offices._open.values():
        office.store.write(lambda db: write_setting(db, "workflows_paused", "false"))


def send(
    workshop: Workshop, preset: str, who: str, value: object, *, key: str = "pd key", of: str = "saas_users",
    fault: Fault | None = None, **inputs: str,
) -> WorkflowResult:  # fmt: skip
    """Send one record through a workflow of this preset alone."""
    settings: dict[str, Any] = {"preset": preset, "credential": key, "inputs": inputs}
    criteria = {"field": who, "operator": "equals", "value": value}
    blocks = [
        {"id": "begin", "kind": "begin", "settings": {"criteria": criteria, "run_for": "all"}},
        {"id": "act", "kind": "api", "settings": settings},
        {"id": "done", "kind": "end"},
    ]
    links = [{"from": "begin", "outlet": "next", "to": "act"}, {"from": "act", "to": "done"}]
    workflow = workshop.launch(document(f"{preset} {of}", object=of, block=blocks, link=links))
    plan = workshop.plan(workflow)
    if fault is not None:
        workshop.simulator.faults.add(fault)
    result = workshop.go(workflow, event=f"{preset} {value} {len(workshop.calls())}", plan=plan)
    assert len(result.ended) == 1, result
    return result


def outlet(workshop: Workshop) -> str | None:
    """How the record left the block."""
    return history.latest_runs(workshop.store)[0].steps[1].outlet


# ----- at the vendor, and not

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.preset)


def carry_out(offices: Offices, case: Case, account: Any, fault: Fault | None = None) -> Ended:
    (ended,) = send(
        offices.at(case.vendor), case.preset, case.who, value_of(case, account), key=case.key, of=case.of,
        fault=fault, **case.inputs,
    ).ended  # fmt: skip
    return ended


def prepared(offices: Offices, case: Case) -> Any:
    """An account that the preset can be tried with."""
    offices.at(case.vendor)
    account = made_ready(offices, case)
    if case.after:
        before = next(other for other in CASES if other.preset == case.after)
        assert carry_out(offices, before, account).state is RunState.COMPLETED
    return account


def test_that_every_preset_that_acts_is_tried_here() -> None:
    acting = {
        preset.key
        for connector in CONNECTORS.values()
        for preset in connector.presets
        if preset.danger is not Danger.READS
    }
    elsewhere = {
        "jumpcloud_create_user", "atlassian_create_user", "jetbrains_assign_license", "jetbrains_revoke_one_license",
        "jetbrains_change_team",
    }  # fmt: skip

    assert acting == {case.preset for case in CASES} | elsewhere


@each_case
def test_that_it_is_done_at_the_vendor_and_read_back(offices: Offices, case: Case) -> None:
    account = prepared(offices, case)
    was_done = case.is_done(offices, account)

    ended = carry_out(offices, case, account)

    assert ended.state is RunState.COMPLETED, ended
    assert not was_done
    assert case.is_done(offices, account)
    call = offices.at(case.vendor).calls()[-1]
    assert (call.state, call.verified, call.preset) == ("succeeded", case.verified, case.preset)


@each_case
def test_that_whoever_the_vendor_does_not_know_is_nobodys_loss(offices: Offices, case: Case) -> None:
    workshop, account = offices.at(case.vendor), prepared(offices, case)
    column, before = case.who, [each.id for each in offices.simulator.truth(case.vendor)]
    table = "person" if case.of == "people" else "saas_user"
    unknown = {
        "jump_cloud_user_id": "0123456789abcdef01234567", "pager_duty_user_id": "PZZZZZZ",
        "saas_user_id": "5b10a2844c20165700ede21g", "email": "nobody@example.com",
    }[column]  # fmt: skip
    (number,) = workshop.rows(f"SELECT id FROM {table} WHERE {column} = ?", value_of(case, account))[0]
    has_key = case.of == "people"

    def call_them(name: str) -> None:
        workshop.write(f"UPDATE {table} SET {column} = ? WHERE id = ?", name, number)
        if has_key:
            workshop.write(f"UPDATE {table} SET {column}__key = ? WHERE id = ?", name.casefold(), number)

    call_them(unknown)

    (ended,) = send(workshop, case.preset, column, unknown, key=case.key, of=case.of, **case.inputs).ended

    call_them(value_of(case, account))
    assert [each.id for each in offices.simulator.truth(case.vendor)] == before
    preset = find_preset(CONNECTORS, case.preset)[1]
    if preset.danger is Danger.DESTROYS:
        assert (ended.state, outlet(workshop)) == (RunState.COMPLETED, "not_found"), ended
    else:
        assert outlet(workshop) in {"not_found", "failure"}


@each_case
@pytest.mark.parametrize("status", [200, 404])
def test_that_a_web_page_is_no_proof_of_anything(offices: Offices, case: Case, status: int) -> None:
    account = prepared(offices, case)

    ended = carry_out(offices, case, account, Fault(FaultKind.WEB_PAGE, endpoint=case.endpoint, status=status, times=1))

    call = offices.at(case.vendor).calls()[-1]
    assert ended.state is RunState.FAILED, ended
    assert not case.is_done(offices, account)
    assert call.state in {"refused", "unknown"}
    assert call.verified not in {"gone", "disabled"}


@each_case
def test_that_a_429_in_the_middle_is_waited_for_and_the_call_made_once(
    offices: Offices, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Atlassian says when by the minute: nobody waits for it here.
    monkeypatch.setattr(offices.at(case.vendor), "stop", Hurried())
    account = prepared(offices, case)

    ended = carry_out(
        offices, case, account, Fault(FaultKind.STATUS, endpoint=case.endpoint, status=429, amount=0, times=1)
    )

    assert ended.state is RunState.COMPLETED, ended
    assert case.is_done(offices, account)
    assert [call.state for call in offices.at(case.vendor).calls()[-2:]] == ["refused", "succeeded"]


@each_case
def test_p05_that_a_call_whose_answer_never_came_is_made_once_and_read_back(offices: Offices, case: Case) -> None:
    account = prepared(offices, case)
    method = find_preset(CONNECTORS, case.preset)[1].method
    log = offices.simulator.requests
    before = log.count(vendor=case.vendor, endpoint=case.endpoint, method=method)

    ended = carry_out(offices, case, account, Fault(FaultKind.DROP, endpoint=case.endpoint, times=1))

    call = offices.at(case.vendor).calls()[-1]
    assert log.count(vendor=case.vendor, endpoint=case.endpoint, method=method) == before + 1
    assert case.is_done(offices, account)
    assert (call.state, call.verified, ended.state) == ("resolved", case.verified, RunState.COMPLETED)


# ----- what takes more than an account


def test_that_jumpcloud_makes_a_user_of_what_the_record_says(offices: Offices) -> None:
    workshop = offices.at("jumpcloud")
    someone = offices.take("jumpcloud").email
    inputs = {"username": "newcomer", "email": "new.{{ email }}", "firstname": "New", "lastname": "Comer"}

    result = send(workshop, "jumpcloud_create_user", "email", someone, of="people", **inputs)
    again = send(workshop, "jumpcloud_create_user", "email", someone, of="people", **inputs)

    assert result.ended[0].state is RunState.COMPLETED, result
    made = [each for each in offices.simulator.jumpcloud.truth() if each.email == f"new.{someone}"]
    assert len(made) == 1
    assert [call.verified for call in workshop.calls()[-2:]] == ["confirmed", ""]
    assert "already exists" in again.ended[0].message


def test_that_somebodys_manager_is_deleted_only_with_an_heir(offices: Offices) -> None:
    workshop = offices.at("jumpcloud")
    users = [offices.simulator.jumpcloud.user_of(serial) for serial in jumpcloud_serials(offices)]
    manager = next(user["manager"] for user in users if user.get("manager"))

    refused = send(workshop, "jumpcloud_delete_user", "jump_cloud_user_id", manager, of="people")
    done = send(workshop, "jumpcloud_delete_user", "jump_cloud_user_id", manager, of="people", cascade_manager="null")

    assert "say in New manager of the reports who takes over" in refused.ended[0].message
    assert done.ended[0].state is RunState.COMPLETED, done
    assert not any(
        offices.simulator.jumpcloud.user_of(serial).get("manager") == manager for serial in jumpcloud_serials(offices)
    )


def test_that_a_busy_pagerduty_user_is_kept_and_told_what_to_do(offices: Offices) -> None:
    workshop = offices.at("pagerduty")
    busy = offices.simulator.pagerduty.busy_ids()[0]

    (ended,) = send(workshop, "pagerduty_delete_user", "pager_duty_user_id", busy, of="people").ended

    assert "incidents are assigned to them" in ended.message
    assert "take them off every schedule and escalation policy" in ended.message
    assert busy in {each.id for each in offices.simulator.truth("pagerduty")}


def assign(offices: Offices, row: dict[str, Any], **other: str) -> tuple[str, Ended]:
    """Give a licence to somebody; `other` are inputs that differ from what the licence says."""
    workshop = offices.at("jetbrains")
    address = offices.take("jetbrains").email
    workshop.write("UPDATE person SET first_name = 'Ann', last_name = 'Lee' WHERE email__key = ?", address)
    inputs = {
        "license_id": row["licenseId"], "license_team_id": str(row["team"]["id"]),
        "product_code": row["product"]["code"],
    }  # fmt: skip
    result = send(workshop, "jetbrains_assign_license", "email", address, of="people", **(inputs | other))
    return address, result.ended[0]


def test_that_jetbrains_gives_a_free_licence_and_shows_whose_it_is(offices: Offices) -> None:
    row = free_licence(offices)

    address, ended = assign(offices, row)

    assert ended.state is RunState.COMPLETED, ended
    assert licence_row(offices, row["licenseId"])["assignee"]["email"].lower() == address
    assert offices.at("jetbrains").calls()[-1].verified == "confirmed"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"product_code": "ZZ"}, "This licence is for the product"),
        ({"license_team_id": "1"}, "This licence is of the team"),
        ({"license_id": "AB12CD34EF"}, "Nothing was sent."),
    ],
    ids=["product", "team", "licence"],
)
def test_that_what_jetbrains_would_not_notice_is_checked_before(
    offices: Offices, other: dict[str, str], said: str
) -> None:
    row = free_licence(offices)
    before = len(offices.at("jetbrains").calls())

    _address, ended = assign(offices, row, **other)

    assert ended.state is RunState.FAILED
    assert said in ended.message
    assert len(offices.at("jetbrains").calls()) == before
    assert "assignee" not in licence_row(offices, row["licenseId"])


def test_that_a_licence_that_somebody_has_is_not_given_to_another(offices: Offices) -> None:
    row = next(row for row in offices.simulator.jetbrains.rows() if "team" in row and row.get("lastSeen"))
    holder = row["assignee"]["email"]

    _address, ended = assign(offices, row)

    assert "Nothing was sent. This licence is not free" in ended.message
    assert licence_row(offices, row["licenseId"])["assignee"]["email"] == holder


def test_that_one_licence_is_taken_back_and_moves_to_another_team(offices: Offices) -> None:
    workshop, account = offices.at("jetbrains"), jetbrains_account(offices)
    held = str(workshop.value("SELECT jet_brains_license_id FROM person WHERE email__key = ?", account.email))
    teams = {row["team"]["id"] for row in offices.simulator.jetbrains.rows() if "team" in row}
    free = free_licence(offices)
    team = next(iter(teams - {free["team"]["id"]}))

    taken = send(workshop, "jetbrains_revoke_one_license", "jet_brains_license_id", held, of="people")
    moved = send(
        workshop, "jetbrains_change_team", "jet_brains_license_id", held, of="people",
        license_id=free["licenseId"], target_team_id=str(team),
    )  # fmt: skip

    assert (taken.ended[0].state, moved.ended[0].state) == (RunState.COMPLETED, RunState.COMPLETED), (taken, moved)
    assert "assignee" not in licence_row(offices, held)
    assert licence_row(offices, free["licenseId"])["team"]["id"] == team
    assert [call.verified for call in workshop.calls()[-2:]] == ["gone", "confirmed"]


def test_that_a_licence_that_stays_where_it_was_is_no_success(offices: Offices) -> None:
    workshop, account = offices.at("jetbrains"), offices.take("jetbrains")
    fixed = next(
        row for row in offices.simulator.jetbrains.rows() if not row["isTransferableBetweenTeams"] and "team" in row
    )
    team = next(
        row["team"]["id"]
        for row in offices.simulator.jetbrains.rows()
        if "team" in row and row["team"] != fixed["team"]
    )

    (ended,) = send(
        workshop, "jetbrains_change_team", "email", account.email, of="people",
        license_id=fixed["licenseId"], target_team_id=str(team),
    ).ended  # fmt: skip

    assert ended.state is RunState.FAILED
    assert ended.message == "The vendor answered that it is done, but reading back shows that it is not."


def test_that_a_directory_user_is_made_once(offices: Offices) -> None:
    workshop, vendor = offices.at("atlassian"), offices.simulator.atlassian
    account = atlassian_account(offices)
    workshop.write("UPDATE person SET name = 'Some Body' WHERE email__key = ?", account.email.casefold())

    there = send(workshop, "atlassian_create_user", "email", account.email, key="directory", of="people")
    vendor.accounts.change(account.serial, is_synced=False)
    made = send(workshop, "atlassian_create_user", "email", account.email, key="directory", of="people")

    assert (there.ended[0].state, made.ended[0].state) == (RunState.COMPLETED, RunState.COMPLETED), (there, made)
    assert [call.message for call in workshop.calls()[-2:]] == [
        "The directory has a user of this name already; it was left as it is.", ""
    ]  # fmt: skip
    assert workshop.calls()[-1].verified == "confirmed"
    assert vendor.accounts.is_synced(account.serial)


def test_that_deleting_whom_the_directory_never_knew_is_user_not_found(offices: Offices) -> None:
    workshop, account = offices.at("atlassian"), atlassian_account(offices)
    offices.simulator.atlassian.accounts.change(account.serial, is_synced=False)
    before = len(workshop.calls())

    (ended,) = send(workshop, "atlassian_delete_user", "email", account.email, key="directory", of="people").ended

    assert ended.state is RunState.COMPLETED
    assert len(workshop.calls()) == before
    assert history.latest_runs(workshop.store)[0].steps[1].message == "User Not Found"
    assert is_open(offices, account)


def test_that_an_account_of_an_identity_provider_is_left_with_a_reason(offices: Offices) -> None:
    workshop, vendor = offices.at("atlassian"), offices.simulator.atlassian
    account = next(
        each
        for each in vendor.truth()
        if each.active and each.email and vendor.accounts.comes_from_elsewhere(each.serial)
    )

    (ended,) = send(workshop, "atlassian_deactivate_user", "saas_user_id", account.id).ended

    assert "it can only be changed there" in ended.message
    assert is_open(offices, account)


@pytest.mark.parametrize(
    ("vendor", "preset", "who"),
    [
        ("jumpcloud", "jumpcloud_get_user", "saas_user_id"),
        ("jumpcloud", "jumpcloud_user_role", "saas_user_id"),
        ("pagerduty", "pagerduty_saas_user_role", "saas_user_id"),
        ("jetbrains", "jetbrains_saas_user_role", "saas_user_id"),
        ("atlassian", "atlassian_saas_user_role", "saas_user_id"),
        ("atlassian", "atlassian_may_deactivate", "saas_user_id"),
    ],
)
def test_that_what_reads_changes_nothing_and_is_no_vendor_action(
    offices: Offices, vendor: str, preset: str, who: str
) -> None:
    workshop, account = offices.at(vendor), offices.take(vendor, lambda each: each.active)
    before = len(workshop.calls())

    (ended,) = send(workshop, preset, who, account.id).ended

    assert ended.state is RunState.COMPLETED, ended
    assert len(workshop.calls()) == before
