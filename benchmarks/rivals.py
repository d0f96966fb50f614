"""Row 4: what an admin could use instead, in an environment of its own, before the same simulated vendor."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Bench, Cost, cheapest, measured, vendors
from benchmarks.result import Findings

VENDOR = "jumpcloud"
REQUIREMENT = "dlt[sqlalchemy]>=1.4,<2"
HERE = Path(__file__).parent
# Made once, beside the environment of the project and not in it.
ENVIRONMENT = HERE.parent / ".venv" / "dlt"


def python_of_dlt() -> Path | None:
    """The interpreter of dlt's environment, made on demand; None where dlt cannot be had."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    asked = subprocess.run([str(python), "-c", "import dlt"], capture_output=True, check=False)
    if asked.returncode != 0:
        print("  installing dlt into an environment of its own", flush=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT]
        if subprocess.run(pip, check=False, capture_output=True).returncode != 0:
            return None
    return python


def measure(people: int) -> Findings:
    """A first sync and an unchanged one of dlt's REST source into SQLite with history, against ours."""
    found = Findings()
    python = python_of_dlt()
    if python is None:
        found.add("4", "against dlt", "≥ 3 ×, ≥ 5 ×", "dlt could not be installed here", None)
        return found
    ours: list[tuple[Cost, Cost]] = []
    theirs: list[tuple[Cost, Cost]] = []
    with tempfile.TemporaryDirectory() as folder, vendors(people) as access:
        for turn in range(2):
            bench = Bench(Path(folder, str(turn)), access[VENDOR])
            ours.append((bench.run(), bench.run()))
            theirs.append((_dlt(python, bench), _dlt(python, bench)))
    for name, turn, least in (("first sync", 0, 3), ("unchanged re-sync", 1, 5)):
        mine, other = (cheapest([pair[turn] for pair in pairs]).cpu for pairs in (ours, theirs))
        found.add(
            "4",
            f"dlt with its REST source into SQLite, history on, {people:,} users: {name}",
            f"≥ {least} ×",
            f"{other / mine:.1f} × ours ({other:.1f} s against {mine:.2f} s)",
            round(other / mine, 1) >= least,
        )
    return found


def _dlt(python: Path, bench: Bench) -> Cost:
    access = bench.access
    environment = {**os.environ, "DLT_DATA_DIR": str(bench.folder / "dlt"), "RUNTIME__DLTHUB_TELEMETRY": "false"}
    script = [str(python), str(HERE / "with_dlt.py"), str(bench.folder), access.base_url, access.key]
    return measured(script, environment)
