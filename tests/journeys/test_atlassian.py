"""Two Atlassian organisations at the shell: each with its key in the keyring, each with people of its own."""

from typing import Any

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import Shell, Vendors

pytestmark = pytest.mark.journey

MAIN, LABS = "atlassian", "atlassian-labs"


def connect(shell: Shell, name: str, known: dict[str, str]) -> None:
    """Both keys by pipe into the keyring, a file that names them, and Launch."""
    for credential, key, more in (
        (f"{name} key", "key", ("--input", f"organization_id={known['organization_id']}")),
        (f"{name} directory", "directory_key", ("--kind", "scim", "--input", f"directory_id={known['directory_id']}")),
    ):
        words = ("credential", "set", credential, "--connector", "atlassian", "--base-url", known["base_url"])
        shell.run(*words, *more, input=f"Bearer {known[key]}\n")
        shell.run("credential", "test", credential)
    file = shell.folder / f"{name}.toml"
    file.write_text(
        f'name = "{name}"\nconnector = "atlassian"\nsaas_application = "{name}"\ndeactivate = true\n'
        f'credential = "{name} key"\ndirectory_credential = "{name} directory"\n'
        "deactivate_limit_percent = 100\n",
        encoding="utf-8",
    )
    shell.run("integration", "apply", file)
    shell.run("integration", "launch", name)


def run(shell: Shell, name: str, *words: str) -> dict[str, Any]:
    (result,) = shell.json("run", name, *words)
    assert isinstance(result, dict)
    return result


def users(shell: Shell, name: str) -> dict[str, tuple[object, ...]]:
    found = shell.json("saas-users", "--where", "saas_application", "equals", name)
    return {
        user["saas_user_id"]: (user["email"], user["role"] or "", user["last_activity"], not user["deactivated"])
        for user in found
    }


def told(truth: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """What the accounts with an e-mail address must be."""
    return {a["id"]: (a["email"], a["role"], a["last_activity"], a["active"]) for a in truth["accounts"] if a["email"]}


@pytest.mark.parametrize("people", [264])
def test_that_two_organisations_are_the_vendors_truth_and_keep_their_own(
    desktop: Desktop, shell: Shell, people: int
) -> None:
    with Vendors(desktop, people=people) as vendors:
        organisations = {MAIN: vendors.access["atlassian"], LABS: vendors.keys(LABS)}
        for name, known in organisations.items():
            connect(shell, name, known)

        for name in organisations:
            result, truth = run(shell, name), vendors.truth(vendor=name, accounts=True)
            expected = told(truth)
            assert result["status"] == ("completed" if truth["total"] else "empty")
            assert (result["fetched"], result["saas_users"]["created"]) == (truth["total"], len(expected))
            assert result["saas_users"]["skipped"] == truth["total"] - len(expected)
            assert users(shell, name) == expected
        for name in organisations:
            again = run(shell, name)
            assert [again[key] for key in ("created", "updated", "deactivated", "reactivated", "failed")] == [0] * 5

        assert "atlassian-labs" not in vendors.access
        secrets = [known[key] for known in organisations.values() for key in ("key", "directory_key")]
        for file in shell.files():
            assert not [secret for secret in secrets if secret.encode() in file.read_bytes()], file
        assert not [secret for secret in secrets if any(secret in text for text in shell.said)]


def test_that_churn_is_written_exactly_as_it_was_previewed(desktop: Desktop, shell: Shell) -> None:
    with Vendors(desktop, people=264) as vendors:
        connect(shell, MAIN, vendors.access["atlassian"])
        run(shell, MAIN)
        before = told(vendors.truth(vendor=MAIN, accounts=True))
        churn = vendors.churn(0.1, MAIN)
        after = told(vendors.truth(vendor=MAIN, accounts=True))
        changed = (churn["changed"].keys() & before.keys() & after.keys()) | (before.keys() ^ after.keys())

        preview = run(shell, MAIN, "--preview")
        result = run(shell, MAIN)

        lines = [line for line in preview["plan"] if line["object"] == "saas_users" and line["kind"] != "skip"]
        assert {line["vendor_id"] for line in lines} == changed
        for key in ("created", "updated", "deactivated", "reactivated", "skipped", "failed"):
            assert result[key] == preview[key]
        kept = users(shell, MAIN)
        assert {made: kept[made] for made in after} == after
        assert not any(kept[made][3] for made in before.keys() - after.keys())
