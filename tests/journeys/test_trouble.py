"""Vendors that misbehave while all of them are read at once: nobody is wrongly deactivated, and nothing is lost."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.several import Several, ask, several
from tests.journeys.shell import PROGRAM, Vendors

pytestmark = pytest.mark.journey

PEOPLE = 250


@pytest.fixture
def desk(desktop: Desktop, tmp_path: Path) -> Iterator[Several]:
    """Every vendor connected and read once, and a tenth of the company changed since."""
    with Vendors(desktop, people=PEOPLE) as vendors, several(desktop, tmp_path / "desk", vendors) as made:
        assert set(made.statuses().values()) <= {"completed", "completed_with_errors"}
        vendors.churn(0.05)
        yield made


def test_p03_that_lists_that_shrink_while_they_are_read_wrong_nobody(desk: Several) -> None:
    for name in desk.names:
        desk.vendors.fault("shrinking", vendor=name, page=1, times=1, amount=3)

    during = desk.run_all()

    for name in desk.names:
        desk.assert_nobody_wronged(name)
        assert during[name]["failed"] == 0, during[name]["errors"]
    desk.vendors.clear()
    desk.statuses()
    for name in desk.names:
        desk.assert_nothing_lost(name)


def test_p04_that_lists_that_forget_people_deactivate_none_of_them(desk: Several) -> None:
    for name in desk.names:
        desk.vendors.fault("forgetful", vendor=name, page=1, amount=4)

    desk.run_all()

    for name in desk.names:
        desk.assert_nobody_wronged(name)


def test_p03_that_one_answer_in_twenty_being_an_error_loses_nothing(desktop: Desktop, tmp_path: Path) -> None:
    with Vendors(desktop, people=120, error_rate=0.05) as vendors, several(desktop, tmp_path, vendors) as desk:
        for _ in range(2):
            # Five tries bring nearly every answer; what failed all the same is made up for by the next run.
            for _ in range(3):
                if set(desk.statuses().values()) == {"completed"}:
                    break
                for name in desk.names:
                    desk.assert_nobody_wronged(name)
            for name in desk.names:
                desk.assert_nothing_lost(name)
            vendors.churn(0.1)


def test_p03_that_a_storm_of_429_is_waited_out(desk: Several) -> None:
    for name in desk.names:
        desk.vendors.fault("status", vendor=name, endpoint="", status=429, times=3, amount=1)

    statuses = desk.statuses()

    assert set(statuses.values()) <= {"completed", "completed_with_errors"}
    for name in desk.names:
        desk.assert_nobody_wronged(name)
        desk.assert_nothing_lost(name)


def test_that_a_limit_of_requests_is_shared_by_what_runs_at_once(desktop: Desktop, tmp_path: Path) -> None:
    """Two integrations at one key take turns, so the vendor sees no more than one of them would send."""
    with Vendors(desktop, people=PEOPLE) as vendors, several(desktop, tmp_path, vendors) as desk:
        desk.apply("again", connector="pagerduty", credential="pagerduty key", saas_application="Again")
        desk.do("integration", "launch", "again")

        ended = desk.try_to("run", "pagerduty", "again", "--json")

        assert ended.code == 0
        assert "which uses the same key" in ended.err
        (first, second) = ended.json()
        assert {first["status"], second["status"]} == {"completed"}
        assert not [asked for asked in vendors.requests() if asked["status"] == 429]


def test_p03_that_organisations_of_one_vendor_are_read_side_by_side_and_keep_their_own(
    desktop: Desktop, tmp_path: Path
) -> None:
    with Vendors(desktop, people=120) as vendors, several(desktop, tmp_path, vendors, further=True) as desk:
        assert {"atlassian", "atlassian-labs", "jetbrains", "jetbrains-labs"} <= set(desk.names)

        first = desk.try_to("run", "--all", "--json")

        assert first.code == 0, first
        assert "which uses the same key" not in first.err
        assert "which reads the same organisation" not in first.err
        assert "Waiting for one of 4 other runs to end" in first.err
        for name in desk.names:
            desk.assert_nothing_lost(name)
        before = ask(desk.profile, "SELECT max(id) FROM change")
        desk.run_all()
        assert ask(desk.profile, "SELECT max(id) FROM change") == before
        vendors.churn(0.05)
        desk.run_all()
        for name in desk.names:
            desk.assert_nobody_wronged(name)
            desk.assert_nothing_lost(name)


def test_p03_that_one_vendor_down_leaves_the_others_to_finish(desk: Several) -> None:
    down = "pagerduty"
    before = desk.kept(down)
    desk.vendors.fault("web_page", vendor=down, endpoint="", status=503)

    ended = desk.try_to("run", "--all", "--json")

    results = {result["integration"]: result for result in ended.json()}
    assert ended.code == 4
    assert results[down]["status"] == "failed"
    assert desk.kept(down) == before
    for name in desk.names:
        desk.assert_nobody_wronged(name)
        if name != down:
            assert results[name]["status"].startswith("completed")
            desk.assert_nothing_lost(name)
    desk.vendors.clear()
    assert desk.statuses()[down] == "completed"
    desk.assert_nothing_lost(down)


def test_that_a_key_refused_by_one_vendor_is_the_exit_code_of_all(desk: Several) -> None:
    desk.vendors.fault("status", vendor="pagerduty", endpoint="", status=401)

    ended = desk.try_to("run", "--all", "--json")

    statuses = {result["integration"]: result["status"] for result in ended.json()}
    assert ended.code == 3
    assert statuses.pop("pagerduty") == "failed"
    assert set(statuses.values()) <= {"completed", "completed_with_errors"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_p09_that_ctrl_c_ends_all_of_them_within_two_seconds_and_changes_nothing(
    desktop: Desktop, desk: Several, number: int
) -> None:
    for name in desk.names:
        desk.vendors.fault("hang", vendor=name, endpoint="")
    before = ask(desk.profile, "SELECT max(id) FROM change")
    process = start(desktop, desk, "run", "--all", "--json")
    assert process.stderr is not None
    heard = {process.stderr.readline() for _ in desk.names}
    assert heard == {f"{name}: Signing in\n" for name in desk.names}

    began = time.monotonic()
    process.send_signal(number)
    out, _ = process.communicate(timeout=20)
    seconds = time.monotonic() - began

    assert (process.returncode, out.count('"status": "cancelled"')) == (130, len(desk.names))
    assert seconds < 2
    assert ask(desk.profile, "SELECT max(id) FROM change") == before
    assert not list(desk.profile.glob("stage*"))


def test_p12_that_a_second_program_cannot_run_beside_the_first(desktop: Desktop, desk: Several) -> None:
    desk.vendors.fault("hang", vendor="pagerduty", endpoint="")
    process = start(desktop, desk, "run", "--all")
    assert process.stderr is not None
    assert process.stderr.readline()

    second = desk.try_to("run", "--all")

    assert second.code == 5
    assert second.err.startswith(f"Another saasdesk (process {process.pid}) is using the profile")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    desk.vendors.clear()
    assert desk.try_to("run", "--all").code == 0


def test_p12_that_an_open_window_carries_out_run_all_and_answers_here(desktop: Desktop, desk: Several) -> None:
    window = start(desktop, desk)
    deadline = time.monotonic() + 60
    while not (desk.profile / "window.json").exists():
        assert time.monotonic() < deadline
        assert window.poll() is None
        time.sleep(0.05)

    ended = desk.try_to("run", "--all", "--json")
    due = desk.try_to("run", "--due", "--json")
    window.terminate()
    _, complaints = window.communicate(timeout=30)

    assert ended.code == 0, ended
    assert [result["integration"] for result in ended.json()] == desk.names
    assert (due.code, due.json()) == (0, [])
    for name in desk.names:
        desk.assert_nothing_lost(name)
    assert (window.returncode, complaints) == (0, "")


def start(desktop: Desktop, desk: Several, *words: str) -> "subprocess.Popen[str]":
    """Begin a command of the installed program and leave it to itself."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return desktop.start([PROGRAM, *words], env={**desktop.env, **desk.env}, cwd=desk.folder, **pipes)
