"""Commands in processes of their own without the second that loading takes: forked from one that has loaded all of it.

Each is the program as it is installed, with arguments, environment and standard streams of its own; only its imports
are done already. So a journey can afford hundreds of them, and kills fall into runs and not into starting Python.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.desktop import Desktop

# Only this process may kill its children: until it has waited for one, no other process can have that one's number.
SERVER = """
import importlib, json, os, select, signal, sys, time
for name in ("app", "cli.run", "cli.session", "cli.audit", "cli.credential", "cli.integration", "cli.records",
             "cli.workflow", "web.transport"):
    importlib.import_module("saasdesk." + name)
from saasdesk.app import main
import requests, rich.live, rich.table

for line in sys.stdin:
    order = json.loads(line)
    began = time.monotonic()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.environ.update(order["env"])
        os.chdir(order["folder"])
        for number, file in ((0, os.open(os.devnull, os.O_RDONLY)), (2, writing),
                             (1, os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))):
            os.dup2(file, number)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)
        try:
            code = main(order["words"])
        except SystemExit as ending:
            code = ending.code
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    os.close(writing)
    said, heard_at, phase = b"", None, order["phase"].encode()
    while True:
        until = None
        if order["kill_after"] is not None and (not phase or heard_at is not None):
            until = (heard_at if phase else began) + order["kill_after"]
        if not select.select([reading], [], [], None if until is None else max(0, until - time.monotonic()))[0]:
            os.kill(pid, signal.SIGKILL)
            break
        more = os.read(reading, 65536)
        if not more:
            break
        said += more
        if phase and heard_at is None and phase in said:
            heard_at = time.monotonic()
    status = os.waitpid(pid, 0)[1]
    ended = time.monotonic()
    os.close(reading)
    answer = {"status": status, "seconds": ended - began, "err": said.decode()}
    print(json.dumps({**answer, "since_phase": None if heard_at is None else ended - heard_at}), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code or, negative, the signal; `since_phase` is the time since a word was said."""

    code: int
    out: str
    err: str
    seconds: float
    since_phase: float | None

    def json(self) -> Any:
        """What it printed with --json."""
        return json.loads(self.out)


class Forks:
    """Carries out one command after the other, each in a process of its own."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self._out = folder / "out.txt"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = desktop.start([sys.executable, "-c", SERVER], **pipes)

    def run(
        self,
        *words: str | Path,
        env: dict[str, str],
        folder: Path,
        kill_after: float | None = None,
        phase: str = "",
    ) -> Ended:
        """Run a command to its end, or kill it so many seconds after its start, or after it said `phase`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "words": [str(word) for word in words],
            "env": env,
            "folder": str(folder),
            "out": str(self._out),
            "kill_after": kill_after,
            "phase": phase,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        status = answer["status"]
        code = -(status & 0x7F) if status & 0x7F else status >> 8
        return Ended(code, self._out.read_text("utf-8"), answer["err"], answer["seconds"], answer["since_phase"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
