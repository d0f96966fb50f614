"""The system's own timer: files that its programs can read, made and removed without touching anybody else's."""

import configparser
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.profile import Profile, open_profile
from saasdesk.schedule.timer import Outcome, SystemTimer, run_program, timer_for
from saasdesk.schedule.timer.launchd import LaunchAgent
from saasdesk.schedule.timer.systemd import SystemdTimer, cron_line, exec_line
from saasdesk.schedule.timer.task_scheduler import ScheduledTask
from saasdesk.store import Store

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
UNKIND = "Jörg's 100% $HOME \\ “desk” <&>"


class System:
    """Stands in for the system's programs: remembers what it was asked, and answers as told."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.answers: dict[str, Outcome] = {}

    def __call__(self, words: Sequence[str]) -> Outcome:
        self.asked.append(list(words))
        return next((answer for word, answer in self.answers.items() if word in words), Outcome(0))


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return open_profile(tmp_path / UNKIND)


def of_kind(kind: str, profile: Profile, system: System, folder: Path) -> SystemTimer:
    match kind:
        case "systemd":
            return SystemdTimer(profile, system, folder / "systemd")
        case "launchd":
            return LaunchAgent(profile, system, folder / "agents", 501)
        case _:
            return ScheduledTask(profile, system)


@pytest.fixture(params=["systemd", "launchd", "task"])
def timer(request: pytest.FixtureRequest, profile: Profile, system: System, tmp_path: Path) -> SystemTimer:
    return of_kind(request.param, profile, system, tmp_path)


def encoding(path: Path) -> str:
    return "utf-16" if path.suffix == ".xml" else "utf-8"


def wanted(profile: Profile) -> list[str]:
    return [sys.executable, "-m", "saasdesk", "--profile", str(profile.folder), "run", "--due"]


# ----- what is written


def test_that_installing_writes_exactly_the_files_that_are_shown(timer: SystemTimer) -> None:
    timer.install()

    for path, text in timer.files().items():
        assert path.read_text(encoding(path)) == text


def test_that_a_property_list_says_the_command_word_for_word(profile: Profile, system: System, tmp_path: Path) -> None:
    agent = LaunchAgent(profile, system, tmp_path, 501)
    agent.install()

    content = plistlib.loads(agent.path.read_bytes())

    assert content["ProgramArguments"] == wanted(profile)
    assert (content["Label"], content["StartInterval"]) == (agent.path.stem, 300)
    assert system.asked[-1] == ["launchctl", "bootstrap", "gui/501", str(agent.path)]


def test_that_a_task_says_the_command_as_windows_splits_it(profile: Profile, system: System) -> None:
    task = ScheduledTask(profile, system)
    task.install()

    root = ElementTree.fromstring(task.path.read_bytes())

    execution = root.find(f"{TASK}Actions/{TASK}Exec")
    assert execution is not None
    assert execution.findtext(f"{TASK}Command") == sys.executable
    assert execution.findtext(f"{TASK}Arguments") == subprocess.list2cmdline(wanted(profile)[1:])
    # The order of these is part of the schema.
    assert [part.tag.removeprefix(TASK) for part in root] == [
        "RegistrationInfo", "Triggers", "Principals", "Settings", "Actions",
    ]  # fmt: skip
    assert root.findtext(f"{TASK}Triggers/{TASK}TimeTrigger/{TASK}Repetition/{TASK}Interval") == "PT5M"
    assert system.asked[-1][:3] == ["schtasks", "/Create", "/TN"]


def test_that_units_are_readable_and_name_each_other(profile: Profile, system: System, tmp_path: Path) -> None:
    timer = SystemdTimer(profile, system, tmp_path / "units")
    timer.install()

    service, when = (configparser.RawConfigParser(delimiters="=") for _ in range(2))
    service.read_string(timer.service.read_text())
    when.read_string(timer.timer.read_text())

    assert service["Service"]["Type"] == "oneshot"
    assert when["Timer"]["Unit"] == timer.service.name
    assert when["Timer"]["OnCalendar"] == "*:0/5"
    assert when["Timer"]["Persistent"] == "true"
    assert system.asked[-1] == ["systemctl", "--user", "enable", "--now", timer.timer.name]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_that_systemd_itself_finds_nothing_wrong(profile: Profile, system: System, tmp_path: Path) -> None:
    timer = SystemdTimer(profile, system, tmp_path / "units")
    timer.install()

    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(timer.service), str(timer.timer)],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip

    complaints = [line for line in done.stderr.splitlines() if timer.name in line]
    assert complaints == []
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_that_systemd_would_notice_a_missing_program(profile: Profile, system: System, tmp_path: Path) -> None:
    timer = SystemdTimer(profile, system, tmp_path / "units")
    timer.install()
    timer.service.write_text(timer.service.read_text().replace(sys.executable, "/nowhere/python"))

    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(timer.service)],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip

    assert "/nowhere/python" in done.stderr


def unquoted(line: str) -> list[str]:
    """An ExecStart line as systemd reads it: quotes and backslashes first, then specifiers; `:` keeps `$` as it is."""
    assert line.startswith(":")
    return [word.replace("%%", "%") for word in shlex.split(line[1:])]


@pytest.mark.parametrize("word", ["/plain", "/two words", "100%", "%h", "$HOME", 'a"b', "back\\slash", "it's", UNKIND])
def test_that_a_word_comes_through_execstart_as_it_is(word: str) -> None:
    assert unquoted(exec_line(["/usr/bin/python", word])) == ["/usr/bin/python", word]


def test_that_a_crontab_line_keeps_percent_signs() -> None:
    assert cron_line(["/bin/run", "100% sure"]) == "/bin/run '100\\% sure'"


def test_that_the_command_of_the_timer_runs_what_is_due(profile: Profile, system: System, tmp_path: Path) -> None:
    Store.open(profile).close()
    timer = SystemdTimer(profile, system, tmp_path / "units")
    timer.install()
    line = next(line for line in timer.service.read_text().splitlines() if line.startswith("ExecStart="))
    command = unquoted(line.removeprefix("ExecStart="))
    assert command == wanted(profile)

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=Path.cwd())

    assert (done.returncode, done.stderr) == (0, "")


def test_that_a_folder_with_a_line_break_in_its_name_is_refused(tmp_path: Path, system: System) -> None:
    profile = open_profile(tmp_path / "two\nlines")

    with pytest.raises(UserError, match="letters that no timer can hold"):
        SystemdTimer(profile, system, tmp_path / "units")


# ----- and taken away


def test_that_removing_takes_away_what_was_installed_and_nothing_else(timer: SystemTimer, system: System) -> None:
    timer.install()
    folders = {path.parent for path in timer.files()}
    beside = [folder / "saasdesk-of-somebody-else.timer" for folder in folders]
    for path in beside:
        path.write_text("[Timer]\n")

    assert timer.remove()

    assert not any(path.exists() for path in timer.files())
    assert all(path.exists() for path in beside)
    assert not timer.remove()
    assert not timer.state().is_installed


def test_that_two_profiles_have_timers_of_their_own(system: System, tmp_path: Path) -> None:
    first, second = (SystemdTimer(open_profile(tmp_path / name), system, tmp_path / "units") for name in ("one", "two"))
    first.install()
    second.install()

    first.remove()

    assert second.timer.exists()
    assert second.service.exists()


def test_that_a_file_of_somebody_else_is_neither_overwritten_nor_removed(timer: SystemTimer) -> None:
    path = next(iter(timer.files()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine", encoding(path))

    with pytest.raises(UserError, match="was not made by saasdesk"):
        timer.install()

    assert not timer.remove()
    assert path.read_text(encoding(path)) == "mine"


def test_that_installing_again_is_no_harm(timer: SystemTimer) -> None:
    timer.install()
    timer.install()

    state = timer.state()
    assert (state.is_installed, state.is_for_another_program) == (True, False)


def test_that_a_timer_of_a_program_that_moved_is_noticed(timer: SystemTimer, monkeypatch: pytest.MonkeyPatch) -> None:
    timer.install()
    monkeypatch.setattr(timer, "_command", ["/elsewhere/saasdesk", "run", "--due"])

    assert timer.state().is_for_another_program


# ----- what the system says


@pytest.mark.parametrize(
    ("kind", "word", "sentence"),
    [
        ("systemd", "enable", "systemd did not start it: Failed to connect to bus"),
        ("launchd", "bootstrap", "launchd did not load it: Failed to connect to bus"),
        ("task", "/Create", "The Task Scheduler did not take the task: Failed to connect to bus"),
    ],
)
def test_that_a_system_that_refuses_is_quoted_with_what_to_do(
    kind: str, word: str, sentence: str, profile: Profile, system: System, tmp_path: Path
) -> None:
    system.answers[word] = Outcome(1, "Failed to connect to bus.\nmore")
    timer = of_kind(kind, profile, system, tmp_path)

    with pytest.raises(UserError, match=sentence):
        timer.install()

    assert all(path.exists() for path in timer.files())


def test_that_without_systemd_a_line_for_crontab_is_given(profile: Profile, system: System, tmp_path: Path) -> None:
    system.answers["--version"] = Outcome(127)
    timer = SystemdTimer(profile, system, tmp_path / "units")

    with pytest.raises(UserError, match=r"\*/5 \* \* \* \* "):
        timer.install()

    assert not timer.timer.exists()


def test_that_a_program_that_is_not_there_is_an_outcome() -> None:
    assert run_program(["saasdesk-no-such-program"]).code == 127
    assert run_program([sys.executable, "-c", "raise SystemExit('no')"]) == Outcome(1, "no")


def test_that_each_system_has_its_own(profile: Profile, system: System) -> None:
    assert isinstance(timer_for(profile, system, "linux"), SystemdTimer)
    assert isinstance(timer_for(profile, system, "win32"), ScheduledTask)
    if hasattr(os, "getuid"):
        assert isinstance(timer_for(profile, system, "darwin"), LaunchAgent)


def test_that_the_demo_has_none(tmp_path: Path, system: System) -> None:
    with pytest.raises(UserError, match="lie in memory"):
        timer_for(open_profile(tmp_path / "demo", demo=True), system)
