"""`saasdesk dashboard`."""

import json
from pathlib import Path

from tests.cli.conftest import CommandLine

FILE = """
name = "Roles"

[[widget]]
title = "Accounts"
kind = "number"
object = "saas_users"

[[widget]]
title = "By role"
kind = "bar"
object = "saas_users"
group_by = "role"
limit = 30

[[widget]]
title = "Note"
kind = "text"
text = "Ask Ann."
"""


def test_that_a_dashboard_is_applied_shown_with_the_numbers_of_the_lists_exported_and_deleted(
    connected: CommandLine, tmp_path: Path
) -> None:
    connected.ok("run", "--all")
    file = tmp_path / "roles.toml"
    file.write_text(FILE)

    assert "“Roles” is saved, version 1" in connected.ok("dashboard", "apply", file)
    numbers = json.loads(connected.ok("dashboard", "show", "roles", "--json"))
    users = json.loads(connected.ok("saas-users", "--active", "--json"))

    assert numbers[0]["value"] == len(users)
    by_role = {line["label"]: line["value"] for line in numbers[1:]}
    roles = {user["role"] for user in users}
    assert by_role == {role: sum(user["role"] == role for user in users) for role in roles}
    again = tmp_path / "again.toml"
    again.write_text(connected.ok("dashboard", "export", "Roles"))
    assert "version 1" in connected.ok("dashboard", "apply", again)
    assert "deleted" in connected.ok("dashboard", "delete", "Roles")
    refused = connected.do("dashboard", "show", "Roles")
    assert (refused.code, refused.sentence) == (2, "There is no dashboard “Roles”. Here are: none yet.")
