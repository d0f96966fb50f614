"""`make bench`: a first sync, an unchanged one and one with 1 % changed, against the bare script and each other."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PEOPLE = int(os.environ.get("SAASDESK_BENCH_PEOPLE", "9000"))

INTEGRATION = """
name = "PagerDuty"
connector = "pagerduty"
credential = "pd"
deactivate = true
"""


@contextmanager
def vendors() -> Iterator[dict[str, str]]:
    """The simulated PagerDuty in a process of its own."""
    program = [sys.executable, "-m", "saasdesk", "vendors", "serve", "--people", str(PEOPLE)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("no output")
        yield json.loads(process.stdout.readline())["pagerduty"]
        process.terminate()


def measured(program: list[str], environment: dict[str, str]) -> tuple[float, int]:
    """Processor seconds of a whole process, and the most memory any process so far took, in MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(program, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss // 1024


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as folder, vendors() as access:
        environment = {
            **os.environ,
            "SAASDESK_PROFILE": str(Path(folder, "profile")),
            "SAASDESK_CREDENTIAL_PD": access["key"],
        }
        saasdesk = [sys.executable, "-m", "saasdesk"]
        file = Path(folder, "pagerduty.toml")
        file.write_text(INTEGRATION, encoding="utf-8")
        address = ["--base-url", access["base_url"]]
        for words in (
            ["credential", "set", "pd", "--connector", "pagerduty", "--no-secret", *address],
            ["integration", "apply", str(file)],
            ["integration", "launch", "PagerDuty"],
        ):
            subprocess.run([*saasdesk, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
        floor = [
            sys.executable,
            "-m",
            "benchmarks.floor",
            str(Path(folder, "floor.db")),
            access["base_url"],
            access["key"],
        ]
        run = [*saasdesk, "run", "PagerDuty", "--json"]
        bare, _ = measured(floor, environment)
        first, memory = measured(run, environment)
        again, _ = measured(run, environment)
        bare_again, _ = measured(floor, environment)
        origin = access["base_url"].rpartition("/")[0]
        urllib.request.urlopen(f"{origin}/_control/churn?fraction=0.01", data=b"").close()  # noqa: S310 - loopback
        changed, _ = measured(run, environment)
    print(f"{PEOPLE:,} people; processor time of whole processes, start-up included")
    print(f"  bare script, first sync          {bare:6.2f} s")
    print(f"  bare script, nothing changed     {bare_again:6.2f} s")
    print(f"  saasdesk, first sync             {first:6.2f} s   {first / bare:.2f} x the bare script")
    print(f"  saasdesk, nothing changed        {again:6.2f} s   {again / first:.2f} x its own first sync")
    print(f"  saasdesk, 1 % changed            {changed:6.2f} s   {changed / again:.2f} x nothing changed")
    print(f"  most memory of any process       {memory:6} MiB")


if __name__ == "__main__":
    main()
