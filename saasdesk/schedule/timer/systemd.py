"""Linux: a service and a timer of the user's own systemd."""

import shlex
from collections.abc import Mapping, Sequence
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

_NO_SYSTEMD = 127


class SystemdTimer:
    """Two small files; `systemctl --user` is asked to take them."""

    title = "systemd user timer"
    hint = "It runs while you are logged in. To run it always: loginctl enable-linger"

    def __init__(self, profile: Profile, run: Run, folder: Path) -> None:
        self._run, self._folder = run, folder
        self._command = command_line(profile)
        self._mark = mark_of(profile)
        self._profile = profile
        self.name = timer_name(profile)

    @property
    def service(self) -> Path:
        """The file that says what to run."""
        return self._folder / f"{self.name}.service"

    @property
    def timer(self) -> Path:
        """The file that says when."""
        return self._folder / f"{self.name}.timer"

    def files(self) -> Mapping[Path, str]:
        """What is written, and where."""
        folder = _specifiers(str(self._profile.folder))
        service = f"""# {self._mark}
[Unit]
Description=saasdesk: run whatever is due in {folder}

[Service]
Type=oneshot
ExecStart={exec_line(self._command)}
Nice=5
# 1: some records failed, or a plan waits; 130: cancelled. The notices say which.
SuccessExitStatus=1 130
"""
        timer = f"""# {self._mark}
[Unit]
Description=saasdesk: look every {EVERY_MINUTES} minutes what is due

[Timer]
OnCalendar=*:0/{EVERY_MINUTES}
RandomizedDelaySec=30
Persistent=true
Unit={self.service.name}

[Install]
WantedBy=timers.target
"""
        return {self.service: service, self.timer: timer}

    def install(self) -> None:
        """Write the files and switch the timer on.

        A UserError where there is no systemd, with the line for crontab, or where it does not start the timer.
        """
        version = self._run(["systemctl", "--version"])
        if version.code == _NO_SYSTEMD:
            raise UserError(
                "There is no systemd here. Add this line to your crontab (crontab -e) instead: "
                f"*/{EVERY_MINUTES} * * * * {cron_line(self._command)}",
                ExitCode.PARTLY,
            )
        write_ours(self.files(), self._mark)
        for words in (["daemon-reload"], ["enable", "--now", self.timer.name]):
            outcome = self._run(["systemctl", "--user", *words])
            if outcome.code != 0:
                raise UserError(
                    f"The timer is written to {self._folder}, but systemd did not start it: {outcome.first_line}. "
                    f"Log in on this computer and run: systemctl --user enable --now {self.timer.name}",
                    ExitCode.PARTLY,
                )

    def remove(self) -> bool:
        """Switch the timer off and take its two files away."""
        ours = [path for path in (self.timer, self.service) if is_ours(path, self._mark)]
        if not ours:
            return False
        # Without a session bus nothing of it runs, so that there is nothing to stop.
        self._run(["systemctl", "--user", "disable", "--now", self.timer.name])
        for path in ours:
            path.unlink(missing_ok=True)
        self._run(["systemctl", "--user", "daemon-reload"])
        return True

    def state(self) -> TimerState:
        """How it stands."""
        if not is_ours(self.timer, self._mark):
            return TimerState(is_installed=False, text="not installed")
        outcome = self._run(["systemctl", "--user", "is-active", self.timer.name])
        text = "installed" if outcome.code == 0 else f"installed, but not running ({outcome.first_line})"
        return TimerState(is_installed=True, text=text, is_for_another_program=not is_as_written(self.files()))


def exec_line(words: Sequence[str]) -> str:
    """A command as ExecStart takes it: every word quoted, `%` doubled; the colon leaves `$` alone."""
    return ":" + " ".join(f'"{_specifiers(_escaped(word))}"' for word in words)


def cron_line(words: Sequence[str]) -> str:
    """A command as crontab takes it, where `%` would begin its input."""
    return shlex.join(words).replace("%", "\\%")


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")
