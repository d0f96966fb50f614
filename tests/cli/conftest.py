"""The command line in this process: a profile, the simulated vendor on a real socket, and what is printed."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from saasdesk import app, clock
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind

NAME = "PagerDuty"
CREDENTIAL = "pd key"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line of a failure."""
        lines = self.err.splitlines()
        assert lines, self
        return lines[-1]


class CommandLine:
    """Carries out commands on one profile, as the installed program does."""

    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.profile = profile
        self._capsys, self._patch = capsys, patch
        self.type("")

    def type(self, text: str) -> None:
        """What the next command finds on standard input."""
        self._patch.setattr("sys.stdin", io.StringIO(text))

    def do(self, *words: str | Path) -> Done:
        """Carry out a command."""
        self._capsys.readouterr()
        code = app.main(["--profile", str(self.profile), *map(str, words)])
        printed = self._capsys.readouterr()
        return Done(code, printed.out, printed.err)

    def ok(self, *words: str | Path) -> str:
        """What a command prints that must not fail."""
        done = self.do(*words)
        assert done.code == 0, done
        return done.out

    def fails(self, code: int, *words: str | Path) -> str:
        """The sentence of a command that must fail with this exit code."""
        done = self.do(*words)
        assert done.code == code, done
        assert "Traceback" not in done.err
        return done.sentence

    def json(self, *words: str | Path) -> Any:
        """What a command prints with --json, whatever its exit code."""
        return json.loads(self.do(*words, "--json").out)

    def sync(self, *words: str) -> dict[str, Any]:
        """The result of one run."""
        (result,) = self.json("run", NAME, *words)
        assert isinstance(result, dict)
        return result

    def file(self, text: str, name: str = "integration.toml") -> Path:
        """A file with this text."""
        path = self.profile.parent / name
        path.write_text(text, encoding="utf-8")
        return path

    def connect(self, simulator: Simulator, more: str = "") -> None:
        """A credential whose key comes from the environment, and a launched integration."""
        access = simulator.access()["pagerduty"]
        self._patch.setenv("SAASDESK_CREDENTIAL_PD_KEY", access["key"])
        words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--no-secret")
        self.ok(*words, "--base-url", access["base_url"])
        self.apply(more)
        self.ok("integration", "launch", NAME)

    def apply(self, more: str = "") -> None:
        """Apply an integration file with the usual keys and these."""
        head = f'name = "{NAME}"\nconnector = "pagerduty"\ncredential = "{CREDENTIAL}"\n'
        self.ok("integration", "apply", self.file(head + (more or "deactivate = true\n")))


@pytest.fixture(autouse=True)
def no_slot_begins_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that goes on when it strikes nine finds nothing due that it did not make due."""
    standing = clock.now() - timedelta(minutes=1)
    monkeypatch.setattr("saasdesk.cli.run.now", lambda: standing)


@pytest.fixture
def cli(profile_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A command line whose profile is not made yet."""
    return CommandLine(profile_dir, capsys, monkeypatch)


@pytest.fixture
def people() -> int:
    """How many people the company has; a test may say otherwise."""
    return 30


@pytest.fixture
def simulator(people: int) -> Iterator[Simulator]:
    """The simulated vendor."""
    with Simulator(people) as running:
        yield running


@pytest.fixture
def connected(cli: CommandLine, simulator: Simulator) -> CommandLine:
    """A command line with a launched integration that has not run yet."""
    cli.connect(simulator)
    return cli


@pytest.fixture
def spoilt(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """The same vendor for tests in which it makes trouble: nobody waits between two tries."""
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    return simulator


def spoil(simulator: Simulator, kind: FaultKind, **settings: Any) -> None:
    """Switch a fault on."""
    simulator.faults.add(Fault(kind, **settings))
