"""`saasdesk schedule`: what it writes, shows and takes away again."""

from pathlib import Path

import pytest

from saasdesk.cli import schedule as cli_schedule
from saasdesk.schedule.timer import Outcome, timer_for
from tests.cli.conftest import NAME, CommandLine


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's units; the system's own systemd is not asked."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(
        cli_schedule, "timer_for", lambda profile: timer_for(profile, lambda _words: Outcome(0), "linux")
    )
    return tmp_path / "config" / "systemd" / "user"


def test_that_printing_writes_nothing(connected: CommandLine, units: Path) -> None:
    printed = connected.ok("schedule", "install", "--print")

    assert "ExecStart=:" in printed
    assert "OnCalendar=*:0/5" in printed
    assert not units.exists()


def test_that_the_timer_is_installed_shown_and_removed(connected: CommandLine, units: Path) -> None:
    assert connected.json("schedule", "show")["installed"] is False
    assert "every five minutes" in connected.ok("schedule", "install")
    assert len(list(units.iterdir())) == 2

    shown = connected.json("schedule", "show")
    assert (shown["installed"], shown["state"]) == (True, "installed")
    assert [(run["integration"], run["schedule"]) for run in shown["integrations"]] == [(NAME, "Daily at 09:00")]

    assert "is removed" in connected.ok("schedule", "remove")
    assert list(units.iterdir()) == []
    assert "no timer" in connected.ok("schedule", "remove")


def test_that_what_is_due_and_a_pause_are_said(connected: CommandLine, units: Path) -> None:
    connected.ok("setting", "set", "scheduling_paused", "true")

    done = connected.do("schedule", "show")

    assert NAME in done.out
    assert "All schedules are paused" in done.err
