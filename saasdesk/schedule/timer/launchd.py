"""macOS: an agent of the user's launchd."""

import plistlib
from collections.abc import Mapping
from pathlib import Path

from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import Profile
from saasdesk.schedule.timer.system_timer import (
    EVERY_MINUTES,
    Run,
    TimerState,
    command_line,
    is_as_written,
    is_ours,
    mark_of,
    timer_name,
    write_ours,
)


class LaunchAgent:
    """One property list; launchctl is asked to take it."""

    title = "launchd agent"
    hint = "It runs while you are logged in."

    def __init__(self, profile: Profile, run: Run, folder: Path, user: int) -> None:
        self._run, self._user = run, user
        self._command = command_line(profile)
        self._mark = mark_of(profile)
        self.label = timer_name(profile)
        self.path = folder / f"{self.label}.plist"

    def files(self) -> Mapping[Path, str]:
        """What is written, and where."""
        content = {
            "Label": self.label,
            "ProgramArguments": self._command,
            "StartInterval": EVERY_MINUTES * 60,
            "RunAtLoad": True,
            "ProcessType": "Background",
            "LowPriorityIO": True,
        }
        head, _, body = plistlib.dumps(content).decode().partition("\n")
        return {self.path: f"{head}\n<!-- {self._mark} -->\n{body}"}

    def install(self) -> None:
        """Write the agent and load it; one that is loaded already is loaded anew.

        A UserError where launchd does not take it; the file is written then.
        """
        write_ours(self.files(), self._mark)
        self._run(["launchctl", "bootout", f"{self._domain}/{self.label}"])
        outcome = self._run(["launchctl", "bootstrap", self._domain, str(self.path)])
        if outcome.code != 0:
            raise UserError(
                f"The agent is written to {self.path}, but launchd did not load it: {outcome.first_line}. "
                "It is loaded when you log in next.",
                ExitCode.PARTLY,
            )

    def remove(self) -> bool:
        """Unload the agent and take its file away."""
        if not is_ours(self.path, self._mark):
            return False
        self._run(["launchctl", "bootout", f"{self._domain}/{self.label}"])
        self.path.unlink(missing_ok=True)
        return True

    def state(self) -> TimerState:
        """How it stands."""
        if not is_ours(self.path, self._mark):
            return TimerState(is_installed=False, text="not installed")
        outcome = self._run(["launchctl", "print", f"{self._domain}/{self.label}"])
        text = "installed" if outcome.code == 0 else "installed, but not loaded; it is loaded when you log in next"
        return TimerState(is_installed=True, text=text, is_for_another_program=not is_as_written(self.files()))

    @property
    def _domain(self) -> str:
        return f"gui/{self._user}"
