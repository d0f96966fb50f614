"""Reports from the shell: listed, run, kept as files."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine

FILE = """
name = "Roles"
object = "saas_users"
group_by = ["saas_application", "role"]
sort = ["-count"]
"""


@pytest.fixture
def people() -> int:
    return 30


def test_that_a_report_runs_from_the_shell_and_its_sums_are_those_of_the_list(
    connected: CommandLine, tmp_path: Path
) -> None:
    cli = connected
    cli.sync()
    listed = len(cli.json("saas-users", "--active"))
    own = cli.ok("report", "apply", cli.file(FILE, "roles.toml"))
    target = tmp_path / "out.csv"

    names = {row["name"]: row["standard"] for row in cli.json("report", "list")}
    on_screen = cli.json("report", "run", "roles")
    ran = json.loads(cli.ok("report", "run", "Roles", "--to", target, "--json"))
    exported = cli.ok("export", "users per application", "--to", tmp_path / "users.csv")

    assert own == "Roles: version 1, 3 columns.\n"
    assert (names["Roles"], names["Inactive users"]) == (False, True)
    assert sum(row["count"] for row in on_screen) == listed
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [int(line["SaaS users"]) for line in lines] == [row["count"] for row in on_screen]
    assert ran["rows"] == len(lines)
    assert exported == f"1 rows in {tmp_path / 'users.csv'}\n"


def test_that_a_report_goes_out_as_a_file_and_comes_back(cli: CommandLine) -> None:
    cli.ok("variable", "set", "A", "1")
    file = cli.file(cli.ok("report", "export", "Inactive users").replace("Inactive users", "Idle"), "idle.toml")

    cli.ok("report", "apply", file)
    again = cli.ok("report", "export", "idle")

    assert again == file.read_text("utf-8")
    assert cli.ok("report", "delete", "Idle") == "Idle is deleted.\n"


def test_p17_that_what_cannot_be_is_refused_with_a_sentence(cli: CommandLine) -> None:
    cli.ok("variable", "set", "A", "1")
    wrong = cli.file(FILE.replace('"role"', '"shoe"'), "wrong.toml")

    assert "There is no field “shoe” any more" in cli.fails(2, "report", "apply", wrong)
    assert "There is no report “nix”" in cli.fails(2, "report", "run", "nix")
    assert "is a standard report" in cli.fails(2, "report", "delete", "Inactive users")
    refused = cli.fails(2, "export", "Inactive users", "--to", "x.csv", "--active")
    assert refused.startswith("A report says itself which records it is about")
