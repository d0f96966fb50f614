"""`saasdesk approvals`, and trying again and going back in `saasdesk workflow`."""

import json

from tests.cli.conftest import CommandLine

FILE = """
name = "Ask first"
object = "people"

[[block]]
id = "begin"
kind = "begin"
settings = { criteria = { field = "email", operator = "in", value = ADDRESSES } }

[[block]]
id = "ask"
kind = "approval"
settings = { subject = "Mark {{ name }}?" }

[[block]]
id = "mark"
kind = "update"
settings = { values = { department = "DEPARTMENT" } }

[[block]]
id = "done"
kind = "end"

[[link]]
from = "begin"
outlet = "next"
to = "ask"

[[link]]
from = "ask"
outlet = "approved"
to = "mark"

[[link]]
from = "ask"
outlet = "rejected"
to = "done"

[[link]]
from = "mark"
to = "done"
"""


def test_that_questions_are_answered_versions_compared_and_records_tried_again(connected: CommandLine) -> None:
    cli = connected
    cli.sync()
    addresses = [row["email"] for row in cli.json("people")][:2]
    text = FILE.replace("ADDRESSES", json.dumps(addresses)).replace("DEPARTMENT", "Marked")
    cli.ok("workflow", "apply", cli.file(text, "ask.toml"))
    cli.ok("workflow", "launch", "Ask first")
    cli.ok("workflow", "run", "Ask first", "--yes")

    asked = cli.json("approvals", "list")
    yes, no = (each["number"] for each in asked)
    approved = cli.ok("approvals", "approve", str(yes), "--note", "fine")
    rejected = cli.ok("approvals", "reject", str(no))

    assert [each["state"] for each in asked] == ["open", "open"]
    assert "is approved." in approved
    assert "completed." in approved
    assert "is rejected." in rejected
    assert cli.json("approvals", "list") == []
    assert {each["state"] for each in cli.json("approvals", "list", "--all")} == {"approved", "rejected"}
    assert "is not open any more" in cli.fails(2, "approvals", "approve", str(yes))
    assert "There is no question 99" in cli.fails(2, "approvals", "reject", "99")
    assert [row["department"] for row in cli.json("people")].count("Marked") == 1

    cli.ok("workflow", "apply", cli.file(text.replace("Marked", "Seen"), "ask.toml"))
    (changed,) = cli.json("workflow", "versions", "Ask first", "--compare", "1")
    assert (changed["change"], changed["block"]) == ("changed", "mark")
    assert "as it was in version 1" in cli.ok("workflow", "restore", "Ask first", "1")
    assert [each["version"] for each in cli.json("workflow", "versions", "Ask first")] == [1]

    run = cli.json("workflow", "runs", "Ask first")[0]["id"]
    assert "Nothing was sent." in cli.ok("workflow", "retry", str(run), "--from-start")
