"""P15 with real processes: a slot runs at most once, whoever else is there and whenever somebody pulls the plug."""

import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import CREDENTIAL, NAME, Shell, Vendors

pytestmark = pytest.mark.journey


@pytest.fixture
def vendors(desktop: Desktop) -> Iterator[Vendors]:
    with Vendors(desktop, people=40) as served:
        yield served


@pytest.fixture
def shell(desktop: Desktop, vendors: Vendors, tmp_path: Path) -> Shell:
    """An integration whose slot has been due for years."""
    made = Shell(desktop, tmp_path, SAASDESK_CREDENTIAL_PD_KEY=vendors.key)
    words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--base-url", vendors.base_url)
    made.run(*words, "--no-secret")
    made.apply()
    made.run("integration", "launch", NAME)
    with closing(sqlite3.connect(made.profile / "saasdesk.db")) as db:
        db.execute("UPDATE integration SET launched_at = '2020-01-01T00:00:00Z'")
        db.commit()
    return made


def runs_of_the_schedule(shell: Shell) -> list[str]:
    return [each["status"] for each in shell.json("sessions", NAME) if each["started_by"] == "schedule"]


def test_p15_that_two_processes_that_look_at_the_same_moment_run_a_slot_once(shell: Shell) -> None:
    both = [shell.start("run", "--due", "--json") for _ in range(2)]
    ended = [(process.communicate(timeout=60), process.returncode) for process in both]

    # Whoever came second found the profile taken, or the slot.
    assert sorted(code for _, code in ended)[0] == 0
    assert all(code in (0, 5) for _, code in ended)
    ran = [result for (out, _), code in ended if code == 0 for result in json.loads(out)]
    assert [result["status"] for result in ran] == ["completed"]
    assert runs_of_the_schedule(shell) == ["completed"]

    assert shell.json("run", "--due") == []


def test_p15_that_many_processes_one_after_the_other_run_a_slot_once(shell: Shell) -> None:
    results = [shell.json("run", "--due") for _ in range(4)]

    assert [len(each) for each in results] == [1, 0, 0, 0]


def kill_a_run(shell: Shell, vendors: Vendors) -> None:
    """Begin what is due, and pull the plug while the vendor lets it wait."""
    vendors.fault("hang", page=1)
    process = shell.start("run", "--due", stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    assert process.stderr.readline() == f"{NAME}: Signing in\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    vendors.clear()


def test_p15_that_the_slot_of_a_killed_run_is_run_once_more_and_then_no_more(shell: Shell, vendors: Vendors) -> None:
    kill_a_run(shell, vendors)
    assert [result["status"] for result in shell.json("run", "--due")] == ["completed"]
    assert shell.json("run", "--due") == []
    assert sorted(runs_of_the_schedule(shell)) == ["completed", "interrupted"]


def test_p15_that_a_run_that_is_killed_twice_is_told_and_left_to_a_person(shell: Shell, vendors: Vendors) -> None:
    for _ in range(2):
        kill_a_run(shell, vendors)

    assert shell.json("run", "--due") == []

    assert runs_of_the_schedule(shell) == ["interrupted", "interrupted"]
    (notice,) = shell.json("notices", "--unread")
    assert (notice["kind"], notice["title"]) == ("run_failed", f"“{NAME}” was interrupted")
