"""What presets do at each vendor: the simulator is asked afterwards, not us."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.workflows.runner import RunState, WorkflowResult
from tests.workflows.conftest import Workshop, document

Open = Callable[[str], Workshop]


@pytest.fixture
def open_workshop(tmp_path: Path) -> Iterator[Open]:
    """Opens an office of one vendor, whose people were read, with a key that may act."""
    with ExitStack() as stack:

        def open_it(vendor: str) -> Workshop:
            simulator = stack.enter_context(Simulator(60))
            made = Workshop(tmp_path / vendor, simulator, vendor)
            stack.callback(made.close)
            made.vault.change("pd key", expires=None, permission="act", owner="", notes="")
            made.integrate()
            made.run()
            return made

        yield open_it


def do(
    workshop: Workshop,
    preset: str,
    field: str,
    value: object,
    *,
    key: str = "pd key",
    of: str = "saas_users",
    **inputs: str,
) -> WorkflowResult:
    """Send one record through a workflow of this preset alone."""
    settings: dict[str, Any] = {"preset": preset, "credential": key, "inputs": inputs}
    criteria = {"field": field, "operator": "equals", "value": value}
    blocks = [
        {"id": "begin", "kind": "begin", "settings": {"criteria": criteria, "run_for": "all"}},
        {"id": "act", "kind": "api", "settings": settings},
        {"id": "done", "kind": "end"},
    ]
    links = [{"from": "begin", "outlet": "next", "to": "act"}, {"from": "act", "to": "done"}]
    workflow = workshop.launch(document(preset, object=of, block=blocks, link=links))
    result = workshop.go(workflow, event=preset)
    assert len(result.ended) == 1, result
    return result


def test_that_jumpcloud_deletes_a_user(open_workshop: Open) -> None:
    workshop = open_workshop("jumpcloud")
    managers = {str(name) for (name,) in workshop.rows("SELECT manager FROM person WHERE manager IS NOT NULL")}
    victim = next(
        account for account in workshop.simulator.jumpcloud.truth() if account.name not in managers and account.active
    )

    result = do(workshop, "jumpcloud_delete_user", "jump_cloud_user_id", victim.id, of="people")

    assert result.ended[0].state is RunState.COMPLETED, result
    assert victim.id not in {account.id for account in workshop.simulator.jumpcloud.truth()}
    assert workshop.calls()[-1].verified == "gone"


@pytest.mark.parametrize(
    ("preset", "key", "after"),
    [
        ("jumpcloud_expire_password", "password_expired", True),
        ("jumpcloud_suspend_user", "state", "SUSPENDED"),
        ("jumpcloud_unlock_user", "account_locked", False),
    ],
)
def test_that_jumpcloud_changes_a_user(open_workshop: Open, preset: str, key: str, after: object) -> None:
    workshop = open_workshop("jumpcloud")
    account = next(account for account in workshop.simulator.jumpcloud.truth() if account.active)

    result = do(workshop, preset, "jump_cloud_user_id", account.id, of="people")

    assert result.ended[0].state is RunState.COMPLETED, result
    assert workshop.simulator.jumpcloud.user_of(account.serial)[key] == after


def test_that_jumpcloud_makes_a_user_of_what_the_record_says(open_workshop: Open) -> None:
    workshop = open_workshop("jumpcloud")
    someone = workshop.value("SELECT email FROM person ORDER BY id LIMIT 1")
    before = len(workshop.simulator.jumpcloud.truth())

    result = do(
        workshop, "jumpcloud_create_user", "email", someone, of="people",
        username="newcomer", email="new.{{ email }}", firstname="New", lastname="Comer",
    )  # fmt: skip

    assert result.ended[0].state is RunState.COMPLETED, result
    assert len(workshop.simulator.jumpcloud.truth()) == before + 1


def test_that_jetbrains_takes_the_licences_of_somebody_back(open_workshop: Open) -> None:
    workshop = open_workshop("jetbrains")
    outcomes = set()
    for account in workshop.simulator.jetbrains.truth()[:12]:
        result = do(workshop, "jetbrains_revoke_license", "email", account.email, of="people")
        has_left = account.email not in {each.email for each in workshop.simulator.jetbrains.truth()}
        assert has_left == (result.ended[0].state is RunState.COMPLETED), result
        outcomes.add((result.ended[0].state, workshop.calls()[-1].verified))
        if not has_left:
            assert "less than 30 days ago" in result.ended[0].message

    assert (RunState.COMPLETED, "gone") in outcomes


def test_that_jetbrains_gives_a_free_licence_to_somebody(open_workshop: Open) -> None:
    workshop = open_workshop("jetbrains")
    licence, product = workshop.rows(
        "SELECT licence_id, product FROM licence WHERE saas_user IS NULL AND held_by = 'unassigned' ORDER BY id LIMIT 1"
    )[0]
    address = str(workshop.value("SELECT email FROM person ORDER BY id LIMIT 1"))
    workshop.write("UPDATE person SET first_name = 'Ann', last_name = 'Lee' WHERE email = ?", address)
    inputs = {"license_id": str(licence), "license_team_id": "1", "product_code": "II"}

    result = do(workshop, "jetbrains_assign_license", "email", address, of="people", **inputs)

    assert result.ended[0].state is RunState.COMPLETED, (result, product)
    (account,) = [each for each in workshop.simulator.jetbrains.truth() if each.email == address]
    assert str(licence) in account.licences


@pytest.mark.parametrize(
    ("preset", "is_active"), [("atlassian_deactivate_user", False), ("atlassian_delete_account", False)]
)
def test_that_atlassian_closes_an_account(open_workshop: Open, preset: str, is_active: bool) -> None:
    workshop = open_workshop("atlassian")
    outcomes = []
    for account in [each for each in workshop.simulator.truth("atlassian") if each.active and each.email][:8]:
        result = do(workshop, preset, "saas_user_id", account.id)
        after = next(each for each in workshop.simulator.truth("atlassian") if each.id == account.id)
        is_done = result.ended[0].state is RunState.COMPLETED
        assert after.active is not is_done, result
        outcomes.append(is_done)

    assert any(outcomes)


def test_that_atlassian_suspends_where_the_account_is_a_member(open_workshop: Open) -> None:
    workshop = open_workshop("atlassian")
    account = next(each for each in workshop.simulator.truth("atlassian") if each.active and each.email)

    plan = do(workshop, "atlassian_suspend_access", "saas_user_id", account.id)

    assert plan.ended[0].state is RunState.COMPLETED, plan
    assert "(looked up first)" not in workshop.calls()[-1].path
    assert workshop.calls()[-1].verified == "cannot verify"


def test_that_deleting_whom_the_directory_never_knew_is_no_effect_and_no_failure(open_workshop: Open) -> None:
    workshop = open_workshop("atlassian")
    access = workshop.simulator.access()["atlassian"]
    inputs = {"directory_id": access["directory_id"], "organization_id": access["organization_id"]}
    workshop.vault.set(
        "directory", workshop.connector, access["directory_key"], kind="scim", permission="act",
        inputs=inputs, base_url=access["base_url"],
    )  # fmt: skip
    address = workshop.value("SELECT email FROM person ORDER BY id LIMIT 1")
    workshop.write(
        "UPDATE person SET email = ?, email__key = ? WHERE email = ?", "x@example.com", "x@example.com", address
    )

    result = do(workshop, "atlassian_delete_user", "email", "x@example.com", key="directory", of="people")

    assert result.ended[0].state is RunState.COMPLETED
    assert workshop.calls() == []
    assert workshop.value("SELECT message FROM workflow_step WHERE outlet = 'not_found'") == "User Not Found"
