"""Every preset of every vendor from the shell, one by one; what came of it is asked of the simulator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS, Danger, Preset
from saasdesk.definitions import to_toml
from saasdesk.simulator.control import Simulator
from tests.cli.conftest import CommandLine
from tests.workflows.conftest import document
from tests.workflows.preset_cases import (
    CASES,
    Company,
    atlassian_account,
    free_licence,
    jetbrains_account,
    licence_row,
    made_ready,
    value_of,
)

KEY, DIRECTORY = "desk key", "directory key"


@dataclass(frozen=True)
class Trial:
    """One record, what the block is told, and whether it is done at the vendor; what only reads is done at once."""

    who: str
    value: str
    of: str = "saas_users"
    key: str = KEY
    inputs: dict[str, str] = field(default_factory=dict)
    is_done: Callable[[], bool] | None = None


class Desk:
    """A shell before one vendor, whose users were read, with a key that may act."""

    def __init__(self, cli: CommandLine, company: Company, vendor: str, patch: pytest.MonkeyPatch) -> None:
        self.cli, self.company, self.vendor = cli, company, vendor
        access = company.simulator.access()[vendor]
        inputs = [f"{key}={access[key]}" for key in ("organization_id", "company_code") if key in access]
        self._key(patch, access, KEY, access["key"], inputs)
        if vendor == "atlassian":
            directory = [*inputs, f"directory_id={access['directory_id']}"]
            self._key(patch, access, DIRECTORY, access["directory_key"], directory, "--kind", "scim")
        cli.ok(
            "integration", "apply",
            cli.file(f'name = "All"\nconnector = "{vendor}"\ncredential = "{KEY}"\n'),
        )  # fmt: skip
        cli.ok("integration", "launch", "All")
        cli.ok("run", "All")

    def _key(
        self, patch: pytest.MonkeyPatch, access: dict[str, str], name: str, key: str, inputs: list[str], *more: str
    ) -> None:
        patch.setenv(f"SAASDESK_CREDENTIAL_{name.upper().replace(' ', '_')}", key)
        for each in inputs:
            more = (*more, "--input", each)
        words = ("credential", "set", name, "--connector", self.vendor, "--permission", "act", "--no-secret")
        self.cli.ok(*words, "--base-url", access["base_url"], *more)

    def trial(self, preset: Preset) -> Trial:
        """Whom this preset is tried with."""
        case = next((each for each in CASES if each.preset == preset.key), None)
        if case is None:
            return self._special(preset)
        account = made_ready(self.company, case)
        if case.after:
            before = next(each for each in CASES if each.preset == case.after)
            self.run(before.preset, self._of_case(before, account), "before")
        return self._of_case(case, account)

    def _of_case(self, case: Any, account: Any) -> Trial:
        key = DIRECTORY if case.key == "directory" else KEY
        done = lambda: case.is_done(self.company, account)  # noqa: E731
        return Trial(case.who, value_of(case, account), case.of, key, case.inputs, done)

    def _special(self, preset: Preset) -> Trial:
        company, simulator = self.company, self.company.simulator
        match preset.key:
            case "jumpcloud_create_user":
                someone = company.take("jumpcloud").email
                inputs = {"username": "newcomer", "email": "new.{{ email }}", "firstname": "New", "lastname": "Comer"}
                return Trial(
                    "email", someone, "people", KEY, inputs,
                    lambda: f"new.{someone}" in {each.email for each in simulator.truth("jumpcloud")},
                )  # fmt: skip
            case "jetbrains_assign_license":
                row, address = free_licence(company), company.take("jetbrains").email
                inputs = {
                    "license_id": row["licenseId"], "license_team_id": str(row["team"]["id"]),
                    "product_code": row["product"]["code"],
                }  # fmt: skip
                trial = Trial(
                    "email", address, "people", KEY, inputs,
                    lambda: (licence_row(company, row["licenseId"]).get("assignee") or {}).get("email") == address,
                )  # fmt: skip
                # JetBrains asks for a first and a last name, and tells neither.
                self._send("Names", trial, "update", values={"first_name": "Ann", "last_name": "Lee"})
                return trial
            case "jetbrains_revoke_one_license":
                account = jetbrains_account(company)
                (person,) = [row for row in self.cli.json("people") if row["email"] == account.email]
                held = person["jet_brains_license_id"]
                return Trial(
                    "jet_brains_license_id", held, "people", KEY, {},
                    lambda: "assignee" not in licence_row(company, held),
                )  # fmt: skip
            case "jetbrains_change_team":
                free = free_licence(company)
                team = next(
                    row["team"]["id"] for row in simulator.jetbrains.rows()
                    if "team" in row and row["team"] != free["team"]
                )  # fmt: skip
                return Trial(
                    "email", company.take("jetbrains").email, "people", KEY,
                    {"license_id": free["licenseId"], "target_team_id": str(team)},
                    lambda: licence_row(company, free["licenseId"])["team"]["id"] == team,
                )  # fmt: skip
            case "atlassian_create_user":
                account = atlassian_account(company)
                simulator.atlassian.accounts.change(account.serial, is_synced=False)
                return Trial(
                    "email", account.email, "people", DIRECTORY, {},
                    lambda: simulator.atlassian.accounts.is_synced(account.serial),
                )  # fmt: skip
            case "atlassian_find_directory_user":
                return Trial("email", atlassian_account(company).email, "people", DIRECTORY)
            case "jetbrains_licenses_of_user":
                inputs = {"map_licenses_to_field": "jet_brains_license_id"}
                return Trial("email", jetbrains_account(company).email, "people", KEY, inputs)
            case "jetbrains_get_license":
                inputs = {"license_id": free_licence(company)["licenseId"]}
                return Trial("email", jetbrains_account(company).email, "people", KEY, inputs)
            case _:
                account = company.take(self.vendor, lambda each: each.active)
                return Trial("saas_user_id", account.id)

    def run(self, preset: str, trial: Trial, name: str) -> dict[str, Any]:
        """Apply, validate, launch, look at the plan and carry it out; the record as the last command tells of it."""
        if preset.endswith("user_role"):
            return self._send(f"{preset} {name}", trial, "saas_user_role", preset=preset, credential=trial.key)
        return self._send(
            f"{preset} {name}", trial, "api", preset=preset, credential=trial.key, inputs=trial.inputs
        )  # fmt: skip

    def _send(self, name: str, trial: Trial, kind: str, **settings: Any) -> dict[str, Any]:
        criteria = {"field": trial.who, "operator": "equals", "value": trial.value}
        blocks = [
            {"id": "begin", "kind": "begin", "settings": {"criteria": criteria, "run_for": "all"}},
            {"id": "act", "kind": kind, "settings": settings},
            {"id": "done", "kind": "end"},
        ]
        links = [{"from": "begin", "outlet": "next", "to": "act"}, {"from": "act", "to": "done"}]
        text = to_toml(document(name, object=trial.of, block=blocks, link=links))
        assert "still to do" not in self.cli.ok("workflow", "apply", self.cli.file(text, "one.toml"))
        assert "can be launched" in self.cli.ok("workflow", "validate", name)
        self.cli.ok("workflow", "launch", name)
        plan = self.cli.json("workflow", "run", name, "--preview")
        assert len(plan["records"]) == 1, (name, plan)
        count = str(plan["calls"].get("destroys", 0))
        (record,) = self.cli.json("workflow", "run", name, "--yes", "--count", count)["records"]
        assert isinstance(record, dict)
        return record


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    with Simulator(220) as simulator:
        yield Company(simulator)


@pytest.mark.parametrize("vendor", sorted(CONNECTORS))
def test_that_every_preset_runs_from_the_shell(
    vendor: str, company: Company, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(cli, company, vendor, monkeypatch)

    for preset in CONNECTORS[vendor].presets:
        trial = desk.trial(preset)
        was_done = trial.is_done is not None and trial.is_done()
        ran = desk.run(preset.key, trial, "alone")

        assert ran["state"] == "completed", (preset.key, ran)
        assert not was_done, preset.key
        assert trial.is_done is None or trial.is_done(), (preset.key, ran)
        assert (trial.is_done is None) == (preset.danger is Danger.READS), preset.key
