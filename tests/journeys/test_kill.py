"""Pull the plug in the middle of a run, fifty times over: what is left is the old state or the new one."""

import hashlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import CREDENTIAL, NAME, Shell, Vendors

pytestmark = [pytest.mark.journey, pytest.mark.slow]

SEED = 20_240_229
KILLS_AT_FIRST = 15
KILLS_AFTER_CHURN = 35
PEOPLE = 9_000

# The program, loaded once and forked for each run, so that the moments fall into runs and not into starting Python.
# Only the parent may kill: until it has waited for a child, no other process can have the child's number.
VICTIMS = f"""
import os, signal, sys, time
from saasdesk.app import main

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
for line in sys.stdin:
    profile, seconds = line.strip().split("\\t")
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        os._exit(main(["--profile", profile, "run", "{NAME}"]))
    signal.sigtimedwait([signal.SIGCHLD], float(seconds))
    os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    signal.sigtimedwait([signal.SIGCHLD], 0)
    print(status, time.monotonic() - began, flush=True)
"""

# Everything that a run writes, but for the moments at which it did.
STATE = (
    "SELECT username, email, name, role, job_title, pager_duty_user_id, deactivated FROM person ORDER BY id",
    """SELECT saas_user_id, email, name, role, status, deactivated, deactivated_reason, person
       FROM saas_user ORDER BY id""",
    "SELECT vendor_id, person, saas_user, hex(raw_hash), gone FROM source_link ORDER BY integration, vendor_id",
    "SELECT cause, object, record, kind, field, before, after FROM change ORDER BY id",
    "SELECT name, deactivated FROM saas_application ORDER BY id",
    "SELECT mapping_signature, scope_signature, tenant FROM integration",
    "SELECT action, subject FROM audit WHERE action = 'integration.run' ORDER BY id",
)


class Runs:
    """Starts runs that can be killed at a moment."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, profile: Path, kill_after_seconds: float = 300) -> tuple[int, float]:
        """A run on this profile; returns how it ended (as `os.waitpid` has it) and how long it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{profile}\t{kill_after_seconds}\n")
        self._process.stdin.flush()
        status, seconds = self._process.stdout.readline().split()
        return int(status), float(seconds)


@contextmanager
def ready_to_run(shell: Shell) -> Iterator[Runs]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = shell.desktop.start([sys.executable, "-c", VICTIMS], env=shell.env, **pipes)
    try:
        yield Runs(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


def state(profile: Path) -> str:
    """A digest of everything that a run writes; fails when the database is damaged."""
    with closing(sqlite3.connect(profile / "saasdesk.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        digest = hashlib.sha256()
        for question in STATE:
            for row in db.execute(question):
                digest.update(repr(row).encode())
        return digest.hexdigest()


def sessions_of(profile: Path) -> list[str]:
    with closing(sqlite3.connect(profile / "saasdesk.db")) as db:
        return [status for (status,) in db.execute("SELECT status FROM sync_session ORDER BY id")]


def copy_of(profile: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(profile, target)
    return target


def kill_many(runs: Runs, before: Path, folder: Path, dice: random.Random, kills: int) -> Counter[str]:
    """Kill runs on copies of a profile, at moments spread over a whole run; returns what was left how often."""
    old, known = state(before), len(sessions_of(before))
    finished = copy_of(before, folder / "finished")
    ended, seconds = runs.run(finished)
    assert ended == 0
    new = state(finished)
    assert new != old
    left: Counter[str] = Counter()
    for nth in range(kills):
        moment = seconds * (nth + dice.random()) / kills
        victim = copy_of(before, folder / "victim")
        ended, _ = runs.run(victim, moment)
        assert ended in (0, signal.SIGKILL)
        found = state(victim)
        assert found in (old, new), f"half a run is left by a kill after {moment:.3f} s"
        left["new" if found == new else "old"] += 1
        # What is told of the run lands together with what it did.
        assert (sessions_of(victim)[known:] == ["completed"]) == (found == new)
        if nth % 7 == 6:
            assert runs.run(victim)[0] == 0
            assert set(sessions_of(victim)[known:]) <= {"interrupted", "completed"}
            assert sessions_of(victim)[-1] == "completed"
            assert not list(victim.glob("stage*"))
    return left


@pytest.mark.parametrize("seed", [SEED])
def test_p01_that_a_kill_at_any_moment_leaves_the_old_state_or_the_new_one(
    desktop: Desktop, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    with Vendors(desktop, people=PEOPLE) as vendors:
        # A key that reads users alone: licences and sign-ins only make the harmless part longer, where nothing is kept.
        shell = Shell(desktop, tmp_path, SAASDESK_CREDENTIAL_PD_KEY=vendors.keys()["no_extras"])
        words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--base-url", vendors.base_url)
        shell.run(*words, "--no-secret")
        shell.apply()
        shell.run("integration", "launch", NAME)
        with ready_to_run(shell) as runs:
            empty = copy_of(shell.profile, tmp_path / "empty")
            at_first = kill_many(runs, empty, tmp_path, dice, KILLS_AT_FIRST)
            full = copy_of(tmp_path / "finished", tmp_path / "full")
            vendors.churn(0.1)
            after_churn = kill_many(runs, full, tmp_path, dice, KILLS_AFTER_CHURN)
    # Otherwise the kills came too late to prove anything.
    assert at_first["old"] >= KILLS_AT_FIRST // 3
    assert after_churn["old"] >= KILLS_AFTER_CHURN // 3
