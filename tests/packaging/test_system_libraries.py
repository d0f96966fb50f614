"""The script that finds what a machine lacks: the machine is pretended, so nothing is installed."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "system_libraries.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("system_libraries", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their own module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Machine:
    """A machine without some packages, and an apt-get that brings those it can."""

    def __init__(self, *missing: str, cannot_get: Sequence[str] = ()) -> None:
        self.missing = set(missing)
        self.cannot_get = set(cannot_get)
        self.got: list[str] = []

    def has(self, need: object) -> bool:
        return need.package not in self.missing  # type: ignore[attr-defined]

    def get(self, packages: Sequence[str]) -> bool:
        self.got += packages
        self.missing &= self.cannot_get
        return not self.cannot_get


def run(script: ModuleType, machine: Machine, *arguments: str, has_apt: bool = True, is_root: bool = True) -> int:
    code: int = script.main(arguments, machine.has, has_apt, is_root, machine.get)
    return code


def test_that_a_complete_machine_is_left_alone_without_a_word(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine()

    assert run(script, machine, "--tests") == 0
    assert machine.got == []
    assert capsys.readouterr() == ("", "")


def test_that_root_gets_exactly_what_is_missing(script: ModuleType) -> None:
    machine = Machine("libxcb-cursor0", "libegl1")

    assert run(script, machine) == 0
    assert sorted(machine.got) == ["libegl1", "libxcb-cursor0"]


def test_that_a_screen_and_a_keyring_are_wanted_for_the_tests_only(script: ModuleType) -> None:
    machine = Machine("xvfb", "gnome-keyring")

    assert run(script, machine) == 0
    assert machine.got == []
    assert run(script, machine, "--tests") == 0
    assert sorted(machine.got) == ["gnome-keyring", "xvfb"]


def test_that_anybody_else_is_told_the_one_line_to_run(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine("libgl1", "python3-venv")

    assert run(script, machine, is_root=False) == 1
    assert machine.got == []
    assert "    sudo apt-get install --no-install-recommends libgl1 python3-venv\n" in capsys.readouterr().err


def test_that_a_missing_nicer_font_stops_nobody(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(script, Machine("fonts-inter"), is_root=False) == 0
    assert "fonts-inter" in capsys.readouterr().out


def test_that_another_system_is_told_the_libraries_and_goes_on(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine("libgl1")

    assert run(script, machine, has_apt=False) == 0
    assert machine.got == []
    assert "libGL.so.1" in capsys.readouterr().out


def test_that_what_apt_get_could_not_bring_is_named(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine("libgl1", "libegl1", cannot_get=["libegl1"])

    assert run(script, machine) == 1
    assert "libEGL.so.1" in capsys.readouterr().err


def test_that_the_probe_tells_there_from_not_there(script: ModuleType) -> None:
    assert script.is_on_this_machine(script.Need("program", "sh", "dash"))
    assert script.is_on_this_machine(script.Need("library", "libc.so.6", "libc6"))
    assert script.is_on_this_machine(script.Need("module", "json", "python3"))
    for kind in ("program", "library", "font", "module"):
        assert not script.is_on_this_machine(script.Need(kind, "no-such-thing", "nothing"))
