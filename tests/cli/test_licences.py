"""A vendor that lists licences, from the shell: connected, run, and its licences with and without holders."""

import pytest

from saasdesk.simulator.control import Simulator
from tests.cli.conftest import CommandLine

FILE = 'name = "JetBrains"\nconnector = "jetbrains"\ncredential = "jb key"\ndeactivate = true\n'
PER_LICENCE = """
[[field]]
object = "people"
label = "JetBrains License Id"
unique = true
[[map]]
source = "licenseId"
target = "jet_brains_license_id"
sync_key = 1
[[map]]
source = "licenseId"
target = "username"
[[map]]
source = "assignee.email"
target = "email"
[[map]]
value = "Employee"
target = "role"
"""


@pytest.fixture
def people() -> int:
    return 250


def connect(cli: CommandLine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    access = simulator.access()["jetbrains"]
    monkeypatch.setenv("SAASDESK_CREDENTIAL_JB_KEY", access["key"])
    words = ("credential", "set", "jb key", "--connector", "jetbrains", "--no-secret")
    cli.ok(*words, "--base-url", access["base_url"], "--input", f"company_code={code}")


def test_that_licences_are_listed_with_their_holders_and_free_ones_without(
    cli: CommandLine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = simulator.jetbrains
    connect(cli, simulator, monkeypatch, f" {vendor.company_code} ")
    cli.ok("integration", "apply", cli.file(FILE))
    cli.ok("integration", "launch", "JetBrains")

    tested = cli.ok("credential", "test", "jb key")
    (result,) = cli.json("run", "JetBrains")
    listed = cli.json("licences")
    free = cli.json("licences", "--where", "held_by", "equals", "unassigned")

    loose = vendor.loose()
    assert "Kestrel & Heath" in tested
    assert "List licences" in tested
    assert (result["status"], result["fetched"], result["failed"]) == ("completed", loose["total"], 0)
    assert result["licences"]["created"] == loose["total"]
    assert result["message"] == "Skipped: 20 unassigned, 4 server, 2 key."
    held = {row["licence_id"]: row["saas_user_id"] for row in listed if row["saas_user_id"] is not None}
    assert held == {licence: account.id for account in vendor.truth() for licence in account.licences}
    assert len(listed) - len(held) == 26
    assert {row["saas_user_id"] for row in free} == {None}
    assert len(free) == 20
    some = next(row for row in listed if row["saas_user_id"] and row["valid_until"] and row["last_used"])
    assert some["valid_until"][4] == "-"
    assert some["last_used"].endswith("Z")


def test_that_a_wrong_company_code_is_refused_with_the_credentials_exit_code(
    cli: CommandLine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(cli, simulator, monkeypatch, "123")

    sentence = cli.fails(3, "credential", "test", "jb key")

    assert "Either the key or the JetBrains Company Code is wrong" in sentence


def test_that_a_missing_company_code_is_named_before_anything_is_sent(
    cli: CommandLine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAASDESK_CREDENTIAL_JB_KEY", "key")
    cli.ok("credential", "set", "jb key", "--connector", "jetbrains", "--no-secret")

    assert "JetBrains Company Code is missing" in cli.fails(2, "credential", "test", "jb key")


def test_that_licence_ids_as_sync_key_are_taken_with_a_warning(
    cli: CommandLine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(cli, simulator, monkeypatch, simulator.jetbrains.company_code)

    applied = cli.ok("integration", "apply", cli.file(FILE + PER_LICENCE))
    shown = cli.json("integration", "show", "JetBrains")

    assert "warning: Each licence becomes a record of its own" in applied
    assert len(shown["warnings"]) == 1
    assert shown["missing"] == []
