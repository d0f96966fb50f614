"""What an admin has at a shell: the installed program, a folder to work in, and vendors to talk to."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.desktop import Desktop
from tests.journeys.forks import Forks

PROGRAM = Path(sys.prefix) / "bin" / "saasdesk"
NAME = "PagerDuty"
CREDENTIAL = "pd key"


class Shell:
    """Runs the installed program on one profile, on a private desktop.

    With `forks` its commands need not load the program anew; those that read from a pipe are started as ever.
    """

    def __init__(self, desktop: Desktop, folder: Path, forks: Forks | None = None, **environment: str) -> None:
        self.desktop = desktop
        self.forks = forks
        self.folder = folder
        self.profile = folder / "profile"
        self.env = {**desktop.env, "SAASDESK_PROFILE": str(self.profile), **environment}
        self.said: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def run(
        self, *words: str | Path, exit_code: int | None = 0, timeout_seconds: float = 120, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Carry out a command and check its exit code; everything it says is remembered in `said`."""
        if self.forks is not None and not options:
            ended = self.forks.run(*words, env=self.env, folder=self.folder)
            done = subprocess.CompletedProcess(words, ended.code, ended.out, ended.err)
        else:
            settings = {"env": self.env, "cwd": self.folder, **options}
            done = self.desktop.run([PROGRAM, *map(str, words)], timeout_seconds=timeout_seconds, **settings)
        self.said += [done.stdout, done.stderr]
        assert exit_code is None or done.returncode == exit_code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def start(self, *words: str | Path, **options: Any) -> "subprocess.Popen[str]":
        """Begin a command and leave it to itself."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": self.env, "cwd": self.folder}
        return self.desktop.start([PROGRAM, *map(str, words)], **{**pipes, **options})

    def json(self, *words: str | Path, exit_code: int | None = 0) -> Any:
        """What a command prints with --json."""
        return json.loads(self.run(*words, "--json", exit_code=exit_code).stdout)

    def sync(self, *words: str, exit_code: int = 0) -> dict[str, Any]:
        """The result of one run."""
        (result,) = self.json("run", NAME, *words, exit_code=exit_code)
        assert isinstance(result, dict)
        return result

    def connect(self, vendors: "Vendors", *, launch: bool = True, **document: object) -> None:
        """Store the key, apply an integration file and launch it."""
        self.store_key(vendors)
        self.apply(**document)
        if launch:
            self.run("integration", "launch", NAME)

    def store_key(self, vendors: "Vendors") -> None:
        """Pipe the vendor's key into the keyring."""
        words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--base-url", vendors.base_url)
        self.run(*words, input=f"{vendors.key}\n")

    def apply(self, more: str = "", **document: object) -> None:
        """Apply an integration file with these keys; `more` is the rest of it."""
        values = {"name": NAME, "connector": "pagerduty", "credential": CREDENTIAL, "deactivate": True, **document}
        lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        file = self.folder / "integration.toml"
        file.write_text("\n".join(lines) + "\n" + more, encoding="utf-8")
        self.run("integration", "apply", file)

    def files(self) -> list[Path]:
        """Every file under the folder, the profile's included."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


class Vendors:
    """`saasdesk vendors serve`, and what it tells of the truth."""

    def __init__(self, desktop: Desktop, **options: object) -> None:
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        self._process = desktop.start([PROGRAM, "vendors", "serve", *words], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.access: dict[str, dict[str, str]] = json.loads(self._process.stdout.readline())
        self.base_url: str = self.access["pagerduty"]["base_url"]
        self.key: str = self.access["pagerduty"]["key"]
        self._root = self.base_url.rpartition("/")[0]

    def truth(self, *, accounts: bool = False, vendor: str = "pagerduty") -> dict[str, Any]:
        """What a complete sync must find now."""
        return self._ask(f"/_truth/{vendor}?accounts={str(accounts).lower()}")

    def churn(self, fraction: float, vendor: str = "pagerduty") -> dict[str, Any]:
        """Change the company; returns what changed at one vendor."""
        changed: dict[str, Any] = self._ask(f"/_control/churn?fraction={fraction}", method="POST")[vendor]
        return changed

    def fault(self, kind: str, **parameters: object) -> None:
        """Make something go wrong from now on."""
        self._ask("/_control/fault?" + urlencode({"kind": kind, **parameters}), method="POST")

    def clear(self) -> None:
        """Make nothing go wrong any more."""
        self._ask("/_control/clear", method="POST")

    def keys(self, vendor: str = "pagerduty") -> dict[str, str]:
        """Every key of a vendor's organisation by what it may do."""
        return self.all_keys()[vendor]

    def all_keys(self) -> dict[str, dict[str, str]]:
        """The same for every vendor and every further organisation of one, with what is entered beside the keys."""
        keys: dict[str, dict[str, str]] = self._ask("/_truth/keys")
        return keys

    def requests(self) -> list[Mapping[str, Any]]:
        """What was asked of the vendors so far, counted."""
        counts: list[Mapping[str, Any]] = self._ask("/_truth/requests")["counts"]
        return counts

    def _ask(self, path: str, method: str = "GET") -> dict[str, Any]:
        with urlopen(Request(self._root + path, method=method), timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()
