"""Reports from the shell: listed, run, kept as files."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from saasdesk import clock
from saasdesk.clock import set_back
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


# One program for the whole process: a smaller one would be in the way of every test of the window.
@pytest.mark.usefixtures("qapp")
def test_that_the_ending_says_the_kind_of_file(connected: CommandLine, tmp_path: Path) -> None:
    cli = connected
    cli.sync()

    for ending, begins in (("xlsx", b"PK"), ("pdf", b"%PDF-")):
        file = tmp_path / f"out.{ending}"
        cli.ok("report", "run", "roles per application", "--to", file)
        assert file.read_bytes().startswith(begins)
    assert "ends in .csv, .xlsx, .pdf" in cli.fails(2, "report", "run", "roles per application", "--to", "out.doc")
    formats = [(run["format"], run["status"]) for run in cli.json("report", "runs", "roles per application")]
    assert formats == [("pdf", "completed"), ("xlsx", "completed")]


def test_p17_that_what_cannot_be_is_refused_with_a_sentence(cli: CommandLine) -> None:
    cli.ok("variable", "set", "A", "1")
    wrong = cli.file(FILE.replace('"role"', '"shoe"'), "wrong.toml")

    assert "There is no field “shoe” any more" in cli.fails(2, "report", "apply", wrong)
    assert "There is no report “nix”" in cli.fails(2, "report", "run", "nix")
    assert "is a standard report" in cli.fails(2, "report", "delete", "Inactive users")
    refused = cli.fails(2, "export", "Inactive users", "--to", "x.csv", "--active")
    assert refused.startswith("A report says itself which records it is about")


SCHEDULED = (
    FILE
    + """
[schedule]
every = "15 minutes"

[delivery]
folder = "{folder}"
contacts = ["boss@example.com"]
"""
)


def test_that_a_report_is_due_by_itself_held_without_its_folder_and_paused(
    connected: CommandLine, tmp_path: Path
) -> None:
    cli, folder = connected, tmp_path / "share"
    file = cli.file(SCHEDULED.replace("{folder}", folder.as_posix()), "roles.toml")
    # A minute after a quarter of an hour began: no other begins meanwhile.
    past = timedelta(minutes=clock.now().minute % 15 + 14)
    with set_back(past + timedelta(minutes=20)):
        cli.ok("report", "apply", file)
        cli.ok("report", "run", "roles", "--to", tmp_path / "first.csv")

    with set_back(past):
        held = cli.do("run", "--due", "--json")
        folder.mkdir()
        put = cli.do("run", "--due", "--json")
    shown = cli.json("report", "show", "roles")
    runs = cli.json("report", "runs", "roles")
    paused = cli.ok("report", "pause", "roles")
    rests = cli.do("run", "--due", "--json")
    # Without an integration that was due there is no table of them.
    assert "Seconds" not in cli.do("run", "--due").out

    (one,) = [each for each in json.loads(held.out) if each["kind"] == "report"]
    (two,) = [each for each in json.loads(put.out) if each["kind"] == "report"]
    assert (one["status"], held.code) == ("held", 1)
    assert "is not there" in one["message"]
    assert (two["status"], two["run"]) == ("completed", one["run"])
    assert (two["added"], two["removed"], two["changed"]) == (0, 0, 0)
    assert Path(two["file"]).parent == folder
    assert [each["started_by"] for each in runs] == ["schedule", "by hand"]
    assert shown["last_run"]["run"] == two["run"]
    assert shown["next_run"] is not None
    assert paused == "Roles is paused.\n"
    assert not any(each["kind"] == "report" for each in json.loads(rests.out))
    assert cli.ok("report", "resume", "roles").startswith("Roles runs next 2")
