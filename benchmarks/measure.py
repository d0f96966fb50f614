"""Whole processes measured, and the simulated vendors they talk to, in a process of their own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SAASDESK = (sys.executable, "-m", "saasdesk")

INTEGRATION = """
name = "Bench"
connector = "{vendor}"
credential = "bench"
deactivate = true
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: processor seconds (user and system), seconds on the clock, and its most memory in MiB."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Access:
    """What an admin would enter for a vendor."""

    vendor: str
    base_url: str
    key: str

    @property
    def origin(self) -> str:
        """The address of the whole simulation."""
        return self.base_url.rpartition("/")[0]


@contextmanager
def vendors(people: int, *options: str) -> Iterator[dict[str, Access]]:
    """The simulated vendors over a company of so many people."""
    program = [*SAASDESK, "vendors", "serve", "--people", str(people), *options]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("no output")
        access = json.loads(process.stdout.readline())
        try:
            yield {name: Access(name, known["base_url"], known["key"]) for name, known in access.items()}
        finally:
            process.send_signal(signal.SIGTERM)


def churn(access: Access, fraction: float) -> None:
    """Let this part of the company change."""
    _control(f"{access.origin}/_control/churn?fraction={fraction}")


def statuses(access: Access) -> dict[int, int]:
    """How many answers of each status the vendor gave so far."""
    with urllib.request.urlopen(f"{access.origin}/_truth/requests") as answer:  # noqa: S310 - loopback
        counts = json.load(answer)["counts"]
    found: dict[int, int] = {}
    for count in counts:
        if count["vendor"] == access.vendor:
            found[count["status"]] = found.get(count["status"], 0) + count["count"]
    return found


def _control(address: str) -> None:
    urllib.request.urlopen(address, data=b"").close()  # noqa: S310 - loopback


def measured(program: Sequence[str], environment: dict[str, str] | None = None) -> Cost:
    """Run a program to its end; how it ends is its own affair, but it must not crash."""
    began = time.monotonic()
    alone = [sys.executable, "-S", str(Path(__file__).with_name("alone.py"))]
    done = subprocess.run(
        [*alone, *program], env=environment, capture_output=True, text=True, errors="replace", check=True
    )
    took = json.loads(done.stdout)
    code = os.waitstatus_to_exitcode(took["status"])
    if code not in (0, 1) or "Traceback" in done.stderr:
        raise RuntimeError(f"{program[:4]} ended with {code}: {done.stderr[-2000:]}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(took["cpu"], time.monotonic() - began, took["memory"] / unit)


def cheapest(costs: Sequence[Cost]) -> Cost:
    """The least of several: what else the machine does can only add to a measurement."""
    return Cost(min(c.cpu for c in costs), min(c.wall for c in costs), min(c.memory for c in costs))


class Bench:
    """A profile with one launched integration, and the bare script's database beside it."""

    def __init__(self, folder: Path, access: Access) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.access = access
        self.environment = {
            **os.environ,
            "SAASDESK_PROFILE": str(folder / "profile"),
            "SAASDESK_CREDENTIAL_BENCH": access.key,
        }
        file = folder / "integration.toml"
        file.write_text(INTEGRATION.format(vendor=access.vendor), encoding="utf-8")
        address = ["--base-url", access.base_url]
        self.do("credential", "set", "bench", "--connector", access.vendor, "--no-secret", *address)
        self.do("integration", "apply", str(file))
        self.do("integration", "launch", "Bench")

    def do(self, *words: str) -> None:
        """Carry out a command that is not measured."""
        subprocess.run([*SAASDESK, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def run(self) -> Cost:
        """One sync, start-up included."""
        return measured([*SAASDESK, "run", "Bench", "--json"], self.environment)

    def floor(self) -> Cost:
        """One sync of the bare script."""
        access, database = self.access, str(self.folder / "floor.db")
        return measured(
            [sys.executable, "-m", "benchmarks.floor", access.vendor, database, access.base_url, access.key]
        )
