"""Windows: a task of the Task Scheduler."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

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

# schtasks takes UTF-16 alone.
_ENCODING = "utf-16"

_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{mark}</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition>
        <Interval>PT{minutes}M</Interval>
      </Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT25H</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


class ScheduledTask:
    """One description in the profile's folder; schtasks makes the task from it."""

    title = "Task Scheduler task"
    hint = "It runs while you are logged on."

    def __init__(self, profile: Profile, run: Run) -> None:
        self._run = run
        self._command = command_line(profile)
        self._mark = mark_of(profile)
        self.name = f"\\saasdesk\\{timer_name(profile)}"
        self.path = profile.folder / "timer.xml"

    def files(self) -> Mapping[Path, str]:
        """What is written, and where."""
        program, *arguments = self._command
        text = _TASK.format(
            mark=escape(self._mark),
            minutes=EVERY_MINUTES,
            command=escape(_without_console(program)),
            arguments=escape(subprocess.list2cmdline(arguments)),
        )
        return {self.path: text}

    def install(self) -> None:
        """Write the description and make the task, in the place of an older one.

        A UserError where the Task Scheduler does not take it.
        """
        write_ours(self.files(), self._mark, _ENCODING)
        outcome = self._run(["schtasks", "/Create", "/TN", self.name, "/XML", str(self.path), "/F"])
        if outcome.code != 0:
            raise UserError(
                f"The Task Scheduler did not take the task: {outcome.first_line}. "
                f"Its description is kept in {self.path} and can be imported by hand.",
                ExitCode.PARTLY,
            )

    def remove(self) -> bool:
        """Delete the task and its description."""
        if not is_ours(self.path, self._mark, _ENCODING):
            return False
        self._run(["schtasks", "/Delete", "/TN", self.name, "/F"])
        self.path.unlink(missing_ok=True)
        return True

    def state(self) -> TimerState:
        """How it stands."""
        if not is_ours(self.path, self._mark, _ENCODING):
            return TimerState(is_installed=False, text="not installed")
        outcome = self._run(["schtasks", "/Query", "/TN", self.name])
        text = "installed" if outcome.code == 0 else f"described, but not installed ({outcome.first_line})"
        return TimerState(
            is_installed=outcome.code == 0, text=text, is_for_another_program=not is_as_written(self.files(), _ENCODING)
        )


def _without_console(program: str) -> str:
    """Python without a console, where there is one: otherwise a black window would show every few minutes."""
    quiet = Path(program).with_name("pythonw.exe")
    return str(quiet) if Path(program).name.lower() == "python.exe" and quiet.exists() else program
