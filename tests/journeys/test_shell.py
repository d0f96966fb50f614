"""The straight path at the shell: from a key to records that are the vendor's truth, and nothing twice."""

import csv
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from saasdesk.connectors.pagerduty import ROLE_NAMES
from saasdesk.reports.csv_lines import unguard
from tests.desktop import Desktop
from tests.journeys.forks import Forks
from tests.journeys.shell import NAME, Shell, Vendors

pytestmark = pytest.mark.journey

LARGE = 9_900
BEYOND_THE_WALL = 12_345


@pytest.fixture
def shell(desktop: Desktop, forks: Forks, tmp_path: Path) -> Shell:
    """A shell in an empty folder, whose commands start quickly."""
    return Shell(desktop, tmp_path, forks)


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [{key: unguard(value) for key, value in row.items()} for row in csv.DictReader(stream)]


def exported(shell: Shell, what: str, *words: str) -> list[dict[str, str]]:
    file = shell.folder / f"{what}.csv"
    shell.run("export", what, "--to", file, *words)
    return read_csv(file)


def assert_is_the_truth(shell: Shell, truth: dict[str, Any], *, gone: int = 0) -> None:
    """What both exports hold is what the vendor has, account by account; people whose account is gone stay."""
    accounts = {account["id"]: account for account in truth["accounts"]}
    people = {person["pager_duty_user_id"]: person["email"] for person in exported(shell, "people", "--active")}
    users = exported(shell, "saas-users", "--active")
    assert {user["saas_user_id"]: told(user) for user in users} == {key: known(a) for key, a in accounts.items()}
    assert len(users) == len(accounts)
    assert {key: people.get(key) for key in accounts} == {key: a["email"] for key, a in accounts.items()}
    assert len(people) == len(accounts) + gone


def told(user: dict[str, str]) -> tuple[str, ...]:
    return tuple(user[key] for key in ("email", "name", "role", "last_activity", "person"))


def known(account: dict[str, Any]) -> tuple[str, ...]:
    role = ROLE_NAMES[account["role"]]
    return (account["email"], account["name"], role, account["last_activity"] or "", account["email"])


def assert_counts(result: dict[str, Any], **expected: int) -> None:
    names = ("created", "updated", "deactivated", "reactivated", "failed", "skipped", "filtered")
    assert {name: result[name] for name in names} == {**dict.fromkeys(names, 0), **expected}


def kept(shell: Shell) -> dict[str, list[tuple[object, ...]]]:
    """Every row of records, links and history, as the database has them."""
    with closing(sqlite3.connect(shell.profile / "saasdesk.db")) as db:
        tables = ("person", "saas_user", "licence", "saas_application", "source_link", "change")
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables}


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250])
def test_that_what_a_run_fetched_is_the_vendors_truth(desktop: Desktop, shell: Shell, people: int) -> None:
    with Vendors(desktop, people=people) as vendors:
        shell.connect(vendors)
        before = kept(shell)
        preview = shell.sync("--preview")
        after_preview = kept(shell)
        result = shell.sync()
        truth = vendors.truth(accounts=True)

        assert truth["total"] == people
        assert after_preview == before
        # The application is there since the integration was saved.
        assert [table for table, rows in before.items() if rows] == ["saas_application", "change"]
        assert {line["vendor_id"] for line in preview["plan"] if line["object"] != "licences"} == set(truth["ids"])
        for counted in (preview, result):
            assert counted["status"] == ("completed" if people else "empty")
            assert (counted["fetched"], counted["unchanged"]) == (people, 0)
            assert_counts(counted, created=2 * people)
            assert counted["licences"]["created"] == sum(truth["by_licence"].values())
        assert_is_the_truth(shell, truth)


@pytest.mark.parametrize("people", [250])
def test_that_a_second_run_changes_nothing_and_writes_no_record(desktop: Desktop, shell: Shell, people: int) -> None:
    with Vendors(desktop, people=people) as vendors:
        shell.connect(vendors)
        shell.sync()
        before = kept(shell)

        second = shell.sync()

        assert (second["status"], second["unchanged"]) == ("completed", 2 * people)
        assert_counts(second)
        assert kept(shell) == before


def test_that_the_largest_listing_is_read_whole_and_a_second_time_changes_nothing(
    desktop: Desktop, shell: Shell
) -> None:
    with Vendors(desktop, people=LARGE) as vendors:
        shell.connect(vendors)
        first = shell.sync()
        assert (first["status"], first["fetched"]) == ("completed", LARGE)
        assert_counts(first, created=2 * LARGE)
        assert_is_the_truth(shell, vendors.truth(accounts=True))
        before = kept(shell)

        second = shell.sync()

        assert (second["status"], second["unchanged"]) == ("completed", 2 * LARGE)
        assert_counts(second)
        assert kept(shell) == before


def test_that_a_listing_behind_the_wall_is_incomplete_and_deactivates_nobody(desktop: Desktop, shell: Shell) -> None:
    with Vendors(desktop, people=BEYOND_THE_WALL) as vendors:
        shell.connect(vendors)
        first = shell.sync(exit_code=1)
        gone = set(vendors.churn(0.02)["gone"])

        done = shell.run("run", NAME, exit_code=1)

        assert (first["status"], first["fetched"]) == ("incomplete", 10_000)
        assert_counts(first, created=20_000)
        users = exported(shell, "saas-users")
        assert gone & {user["saas_user_id"] for user in users}
        assert all(user["deactivated"] == "false" for user in users)
        assert "nobody was deactivated" in done.stderr
        latest = shell.json("sessions")[0]
        assert (latest["status"], latest["deactivated"]) == ("incomplete", 0)


@pytest.fixture(scope="module")
def churned(
    desktop: Desktop, forks: Forks, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shell, Any, Any, Any]]:
    """A company of 250 that was read, then changed; with what changed, the preview of that, and the run."""
    shell = Shell(desktop, tmp_path_factory.mktemp("churned"), forks)
    with Vendors(desktop, people=250) as vendors:
        shell.connect(vendors)
        shell.sync()
        changed = vendors.churn(0.08)
        assert all(changed[part] for part in ("created", "gone", "changed"))
        preview = shell.sync("--preview")
        yield shell, changed, preview, shell.sync()
        assert_is_the_truth(shell, vendors.truth(accounts=True), gone=len(changed["gone"]))
    shutil.rmtree(shell.folder)


# How a key of the vendor's user arrives here: as these fields of these records.
ARRIVES_AS = {
    "email": (("people", "email"), ("people", "username"), ("saas_users", "email")),
    "name": (("people", "name"), ("saas_users", "name")),
    "role": (("saas_users", "role"),),
    "job_title": (("people", "job_title"),),
}


def expected_updates(changed: dict[str, Any]) -> Counter[tuple[object, ...]]:
    return Counter(
        (vendor_id, object_name, field, *(ROLE_NAMES[value] if key == "role" else value for value in values))
        for vendor_id, keys in changed["changed"].items()
        for key, values in keys.items()
        for object_name, field in ARRIVES_AS.get(key, ())
    )


def test_that_the_preview_names_exactly_whom_the_churn_changed(churned: tuple[Shell, Any, Any, Any]) -> None:
    _, changed, preview, _ = churned

    lines = [line for line in preview["plan"] if line["object"] != "licences"]
    updates = Counter(
        (line["vendor_id"], line["object"], field, values["before"], values["after"])
        for line in lines
        if line["kind"] == "update"
        for field, values in line["fields"].items()
    )
    assert updates == expected_updates(changed)
    assert Counter((line["object"], line["vendor_id"]) for line in lines if line["kind"] == "create") == Counter(
        (kind, vendor_id) for kind in ("people", "saas_users") for vendor_id in changed["created"]
    )
    assert Counter((line["object"], line["vendor_id"]) for line in lines if line["kind"] == "deactivate") == Counter(
        ("saas_users", vendor_id) for vendor_id in changed["gone"]
    )


def test_that_a_run_does_what_its_preview_said(churned: tuple[Shell, Any, Any, Any]) -> None:
    shell, changed, preview, result = churned

    telling_apart = ("session", "preview", "seconds", "plan")
    assert {k: v for k, v in result.items() if k not in telling_apart} == {
        k: v for k, v in preview.items() if k not in telling_apart
    }
    shown = shell.json("session", str(result["session"]))
    assert shown["changes"] == [c for c in shown["changes"] if c["session"] == result["session"]]
    assert result["deactivated"] == len(changed["gone"])


def test_that_the_exported_changes_are_those_of_the_preview_field_by_field(
    churned: tuple[Shell, Any, Any, Any],
) -> None:
    shell, _, preview, result = churned

    rows = exported(shell, "changes", "--session", str(result["session"]))
    # Which person, application and vendor id an account belongs to stands beside a preview's line, not in it.
    links = ("person", "saas_application", "saas_user_id")
    written = Counter(
        (r["object"], r["change"], r["field"], r["before"], r["after"]) for r in rows if r["field"] not in links
    )
    planned = Counter(
        (line["object"], line["kind"], field, values["before"] or "", values["after"] or "")
        for line in preview["plan"]
        for field, values in (line["fields"] or {"": {"before": "", "after": ""}}).items()
    )
    assert written == planned


def test_that_the_audit_log_and_the_database_are_whole_after_all_of_it(churned: tuple[Shell, Any, Any, Any]) -> None:
    shell, *_ = churned

    assert shell.json("audit", "verify") == {"ok": True, "problems": []}
    database = [line for line in shell.json("doctor", exit_code=None) if line["check"].startswith("database")]
    assert {line["state"] for line in database} == {"ok"}
