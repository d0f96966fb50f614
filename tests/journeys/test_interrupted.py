"""Ctrl+C, two programs at once, and readers beside a writer: with real processes and real signals."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import CREDENTIAL, NAME, Shell, Vendors

pytestmark = pytest.mark.journey


@pytest.fixture
def vendors(desktop: Desktop) -> Iterator[Vendors]:
    with Vendors(desktop, people=250) as served:
        yield served


@pytest.fixture
def waiting(desktop: Desktop, vendors: Vendors, tmp_path: Path) -> Iterator[tuple[Shell, "subprocess.Popen[str]"]]:
    """A run whose vendor has fallen silent in the middle of a listing."""
    shell = Shell(desktop, tmp_path, SAASDESK_CREDENTIAL_PD_KEY=vendors.key)
    words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--base-url", vendors.base_url)
    shell.run(*words, "--no-secret")
    shell.apply()
    shell.run("integration", "launch", NAME)
    shell.sync()
    vendors.churn(0.2)
    vendors.fault("hang", page=2)
    process = shell.start("run", NAME, "--json")
    assert process.stderr is not None
    assert process.stderr.readline() == f"{NAME}: Signing in\n"
    assert process.stderr.readline() == f"{NAME}: Reading users\n"
    yield shell, process
    if process.poll() is None:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_p09_that_a_cancel_ends_a_run_within_two_seconds_and_changes_nothing(
    waiting: tuple[Shell, "subprocess.Popen[str]"], number: int
) -> None:
    shell, process = waiting
    before = shell.json("people"), shell.json("saas-users")

    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    seconds = time.monotonic() - began

    assert process.returncode == 130
    assert seconds < 2
    assert '"status": "cancelled"' in out
    assert err.splitlines()[-1] == f"{NAME}: Cancelled. No record was changed."
    assert (shell.json("people"), shell.json("saas-users")) == before
    assert shell.json("sessions")[0]["status"] == "cancelled"
    assert not list(shell.profile.glob("stage*"))


def test_p12_that_a_second_program_is_told_who_has_the_profile_and_readers_are_not(
    waiting: tuple[Shell, "subprocess.Popen[str]"],
) -> None:
    shell, process = waiting

    for words in (("run", NAME), ("variable", "set", "A", "1")):
        refused = shell.run(*words, exit_code=5)
        assert refused.stderr.startswith(f"Another saasdesk (process {process.pid}) is using the profile")
        assert refused.stderr.count("\n") == 1
    assert len(shell.json("people")) == 250
    assert shell.json("sessions")[0]["status"] == "fetching"
    shell.run("export", "people", "--to", "people.csv")

    process.kill()
    process.communicate()
    # The operating system frees the lock of whoever is gone.
    shell.run("variable", "set", "A", "1")
    assert shell.json("sessions")[0]["status"] == "interrupted"
