"""What the timers of all systems have in common: files of ours, and the system's program that is told of them."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import Profile

EVERY_MINUTES = 5
_PROGRAM_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program of the system ended, and what it had to say; code 127 is one that is not there."""

    code: int
    text: str = ""

    @property
    def first_line(self) -> str:
        """What it said, short enough for a sentence."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return lines[0][:200].rstrip(". ") if lines else "it gave no reason"


Run = Callable[[Sequence[str]], Outcome]


@dataclass(frozen=True, slots=True)
class TimerState:
    """Whether the timer is there, and how it stands in the system's own words."""

    is_installed: bool
    text: str
    is_for_another_program: bool = False


class SystemTimer(Protocol):
    """One system's timer for one profile."""

    title: str
    hint: str

    def files(self) -> Mapping[Path, str]:
        """What is written, and where."""
        ...  # pragma: no cover - a Protocol

    def install(self) -> None:
        """Write the files, and have the system take them; again is no harm."""
        ...  # pragma: no cover - a Protocol

    def remove(self) -> bool:
        """Take away what `install` made and nothing else; False when there was nothing."""
        ...  # pragma: no cover - a Protocol

    def state(self) -> TimerState:
        """How it stands."""
        ...  # pragma: no cover - a Protocol


def run_program(words: Sequence[str]) -> Outcome:
    """Run a program of the system and wait for it."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, and no shell reads them
            list(words), capture_output=True, text=True, timeout=_PROGRAM_SECONDS, check=False
        )
    except FileNotFoundError:
        return Outcome(127, f"{words[0]} is not there")
    except (OSError, subprocess.TimeoutExpired) as error:
        return Outcome(126, f"{words[0]} did not answer ({type(error).__name__})")
    return Outcome(done.returncode, done.stderr.strip() or done.stdout.strip())


def command_line(profile: Profile) -> list[str]:
    """The command that the timer runs, for this profile and by this very program.

    A UserError where a path has letters that no timer can hold.
    """
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "saasdesk"]
    words = [*program, "--profile", str(profile.folder), "run", "--due"]
    for word in words:
        if not word.isprintable():
            raise UserError(f"The path “{word}” has letters that no timer can hold. Move the profile or the program.")
    return words


def timer_name(profile: Profile) -> str:
    """A name that the timers of two profiles do not share."""
    return f"saasdesk-{profile.uuid[:8]}"


def mark_of(profile: Profile) -> str:
    """The line by which a file is known to be ours."""
    return f"Made by saasdesk for the profile {profile.uuid}; saasdesk schedule remove takes it away."


def write_ours(files: Mapping[Path, str], mark: str, encoding: str = "utf-8") -> None:
    """Write the files; one of the same name that is somebody else's stays as it is, and nothing is written."""
    for path in files:
        if path.exists() and not is_ours(path, mark, encoding):
            raise UserError(f"{path} was not made by saasdesk. Move it away first.", ExitCode.PARTLY)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text, encoding)
        beside.replace(path)


def is_ours(path: Path, mark: str, encoding: str = "utf-8") -> bool:
    """Whether a file carries our mark."""
    try:
        return mark in path.read_text(encoding)
    except (OSError, UnicodeError):
        return False


def is_as_written(files: Mapping[Path, str], encoding: str = "utf-8") -> bool:
    """Whether the files say what would be written now: another Python or a moved profile would not."""
    try:
        return all(path.read_text(encoding) == text for path, text in files.items())
    except (OSError, UnicodeError):
        return False


def timer_for(profile: Profile, run: Run = run_program, platform: str = sys.platform) -> SystemTimer:
    """This system's timer for a profile. A UserError for the demo, whose keys go with it."""
    from saasdesk.schedule.timer.launchd import LaunchAgent
    from saasdesk.schedule.timer.systemd import SystemdTimer
    from saasdesk.schedule.timer.task_scheduler import ScheduledTask

    if profile.is_demo:
        raise UserError("The demo's keys lie in memory, so its schedules run only while it is open.")
    if platform == "darwin":
        return LaunchAgent(profile, run, Path.home() / "Library" / "LaunchAgents", os.getuid())
    if platform == "win32":
        return ScheduledTask(profile, run)
    return SystemdTimer(profile, run, _config_folder() / "systemd" / "user")


def _config_folder() -> Path:
    chosen = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(chosen) if os.path.isabs(chosen) else Path.home() / ".config"  # noqa: PTH117 - "" is no path
