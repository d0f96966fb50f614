"""`saasdesk workflow`: a workflow as a file, its plan, and what it did."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CREDENTIAL, CommandLine

FILE = f"""
name = "Leavers"
object = "people"

[[block]]
id = "begin"
kind = "begin"
settings = {{ criteria = {{ field = "role", operator = "equals", value = "Employee" }} }}

[[block]]
id = "delete"
kind = "api"
settings = {{ preset = "pagerduty_delete_user", credential = "{CREDENTIAL}" }}

[[block]]
id = "done"
kind = "end"

[[link]]
from = "begin"
outlet = "next"
to = "delete"

[[link]]
from = "delete"
to = "done"
"""


@pytest.fixture
def read(connected: CommandLine) -> CommandLine:
    """People were read, two of them are leavers, and the key may act."""
    connected.sync()
    connected.ok("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--no-secret", "--permission", "act")
    return connected


def only_two(cli: CommandLine) -> str:
    """The workflow for two people who are no owners and have no incidents."""
    people = [row for row in cli.json("saas-users") if "wner" not in row["role"]][-2:]
    addresses = json.dumps([row["email"] for row in people])
    return FILE.replace(
        'field = "role", operator = "equals", value = "Employee"',
        f'field = "email", operator = "in", value = {addresses}',
    )


def test_that_a_workflow_is_applied_checked_shown_and_exported(cli: CommandLine) -> None:
    said = cli.ok("workflow", "apply", cli.file(FILE, "leavers.toml"))

    assert "“Leavers” is saved as version 1 (draft)." in said
    assert f"still to do: delete: There is no credential “{CREDENTIAL}”." in said
    assert cli.json("workflow", "list") == [{"name": "Leavers", "object": "people", "state": "draft", "version": 1}]
    assert "cannot be launched yet" in cli.fails(2, "workflow", "validate", "Leavers")
    assert "cannot be launched yet" in cli.fails(2, "workflow", "launch", "Leavers")
    exported = cli.ok("workflow", "export", "Leavers")
    assert "version 1" in cli.ok("workflow", "apply", cli.file(exported, "again.toml"))


def test_that_run_shows_the_plan_and_sends_nothing(read: CommandLine, simulator: object) -> None:
    read.ok("workflow", "apply", read.file(only_two(read), "leavers.toml"))

    said = read.ok("workflow", "run", "Leavers")
    plan = read.json("workflow", "run", "Leavers", "--preview")

    assert said.count("would send DELETE") == 2
    assert "Nothing was sent. To do it, add --yes --count 2." in said
    assert plan["calls"] == {"destroys": 2}
    assert [request["method"] for record in plan["records"] for request in record["requests"]] == ["DELETE"] * 2


def test_that_it_runs_with_the_right_number_only_and_tells_what_it_did(read: CommandLine) -> None:
    read.ok("workflow", "apply", read.file(only_two(read), "leavers.toml"))
    assert "was never launched" in read.fails(2, "workflow", "run", "Leavers", "--yes", "--count", "2")
    read.ok("workflow", "launch", "Leavers")

    assert "2 destructive calls, and 3 were agreed to" in read.fails(
        2, "workflow", "run", "Leavers", "--yes", "--count", "3"
    )
    result = read.json("workflow", "run", "Leavers", "--yes", "--count", "2")

    assert {record["state"] for record in result["records"]} == {"completed"}
    (newest, _) = read.json("workflow", "runs", "Leavers")
    assert newest["actions"][0]["verified"] == "gone"
    assert newest["steps"][0]["outlet"] == "next"


def test_that_one_record_can_be_named(read: CommandLine) -> None:
    read.ok("workflow", "apply", read.file(FILE, "leavers.toml"))
    address = read.json("people")[3]["email"]

    plan = read.json("workflow", "run", "Leavers", "--preview", "--record", address)

    assert len(plan["records"]) == 1
    assert "not exactly one record" in read.fails(2, "workflow", "run", "Leavers", "--preview", "--record", "nobody")


def test_that_pausing_and_deleting_are_told(read: CommandLine) -> None:
    read.ok("workflow", "apply", read.file(only_two(read), "leavers.toml"))
    read.ok("workflow", "launch", "Leavers")

    assert "is paused" in read.ok("workflow", "pause", "Leavers")
    assert "is deleted" in read.ok("workflow", "delete", "Leavers")
    assert "There is no workflow “Leavers”" in read.fails(2, "workflow", "show", "Leavers")


def test_that_a_starter_becomes_a_draft_of_ones_own_that_runs(read: CommandLine) -> None:
    keys = {row["key"] for row in read.json("workflow", "starters")}
    said = read.ok("workflow", "new", "--starter", "pagerduty_roles")
    again = read.fails(2, "workflow", "new", "--starter", "pagerduty_roles")

    assert "pagerduty_delete_idle" in keys
    assert "still to do" not in said
    assert "There is a workflow “PagerDuty SaaS user roles” already." in again
    read.ok("workflow", "launch", "PagerDuty SaaS user roles")
    done = read.json("workflow", "run", "PagerDuty SaaS user roles", "--yes")
    assert {row["state"] for row in done["records"]} == {"completed"}


def test_that_a_certificate_says_what_became_of_a_person(read: CommandLine, tmp_path: Path) -> None:
    read.ok("workflow", "apply", read.file(only_two(read), "leavers.toml"))
    read.ok("workflow", "launch", "Leavers")
    done = read.json("workflow", "run", "Leavers", "--yes", "--count", "2")
    number = str(done["records"][0]["run"])

    page, table = tmp_path / "sheet.html", tmp_path / "sheet.csv"
    said = read.ok("workflow", "certificate", number, "--html", str(page), "--csv", str(table))

    assert "PagerDuty Delete User" in page.read_text("utf-8")
    assert "gone" in table.read_text("utf-8")

    assert "Everything that the workflow was to do for this person was done." in said
    assert "There is no run 4711" in read.fails(2, "workflow", "certificate", "4711")


def test_that_a_request_is_tested_at_a_stand_in(read: CommandLine) -> None:
    read.ok("workflow", "apply", read.file(FILE, "leavers.toml"))
    email = read.json("people")[0]["email"]

    said = read.ok("workflow", "test", "Leavers", "delete", "--record", email)
    refused = read.fails(2, "workflow", "test", "Leavers", "delete", "--record", email, "--real")

    assert "Sent to a stand-in of the vendor, on this machine:" in said
    assert "DELETE 127.0.0.1/users/" in said
    assert "a test never does" in refused


def test_that_run_due_tells_of_workflows_in_json_too(connected: CommandLine) -> None:
    marks = FILE.replace('name = "Leavers"', 'name = "Marks"').replace(
        '{ criteria = { field = "role", operator = "equals", value = "Employee" } }', '{ actions = ["created"] }'
    )
    marks = marks.replace('kind = "api"', 'kind = "update"').replace(
        f'{{ preset = "pagerduty_delete_user", credential = "{CREDENTIAL}" }}', '{ values = { department = "New" } }'
    )
    connected.ok("workflow", "apply", connected.file(marks, "marks.toml"))
    connected.ok("workflow", "launch", "Marks")
    connected.sync()

    found = [each for each in connected.json("run", "--due") if each["kind"] == "workflow"]

    people = connected.json("people")
    assert [(each["workflow"], len(each["records"])) for each in found] == [("Marks", len(people))]
    assert {record["state"] for each in found for record in each["records"]} == {"completed"}
    assert {row["department"] for row in people} == {"New"}


def test_that_rejecting_says_when_nothing_waits(read: CommandLine) -> None:
    read.ok("workflow", "apply", read.file(only_two(read), "leavers.toml"))

    assert "Nothing of “Leavers” waits for you" in read.fails(2, "workflow", "reject", "Leavers")
