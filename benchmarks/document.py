"""docs/PERFORMANCE.md: the table with its verdicts, the charts of the same run, and why a target is missed."""

import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.charts import draw
from benchmarks.result import Findings

DOCS = Path(__file__).parent.parent / "docs"
REASONS = Path(__file__).parent / "reasons.md"

HEAD = """# Performance

Measured by `make bench` ({how}) on {day} with Python {python} and SQLite {sqlite}, {cores}. Written by the benchmark;
what stands here is what that run found. Compare the ratios: both sides of each were measured in the same run on the
same machine. Times are those of the processor, user and system, of whole processes, start-up included, unless it says
otherwise. The vendors are the program's own simulator, in a process of its own that is not counted.

The *bare script* is `benchmarks/floor.py`: the shortest honest way to keep a vendor's accounts in SQLite. It has no
plan, no proof that the list was complete, no safeguard, no retries and no second table.

| # | what | target | measured | met |
|---|---|---|---|---|
"""


def write(findings: list[Findings], how: str) -> Path:
    """Write the document and its charts; returns where."""
    pictures = DOCS / "performance"
    pictures.mkdir(parents=True, exist_ok=True)
    lines = sorted((line for each in findings for line in each.lines), key=lambda line: _order(line.number))
    text = HEAD.format(
        how=how,
        day=datetime.now(UTC).date().isoformat(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        cores=f"{_cores()} shared cores",
    )
    text += "".join(f"| {x.number} | {x.what} | {x.target} | {x.measured} | {x.verdict} |\n" for x in lines)
    for chart in (chart for each in findings for chart in each.charts):
        (pictures / f"{chart.key}.svg").write_text(draw(chart), encoding="utf-8")
        text += f"\n![{chart.title}](performance/{chart.key}.svg)\n"
    text += "\n" + REASONS.read_text(encoding="utf-8")
    target = DOCS / "PERFORMANCE.md"
    target.write_text(text, encoding="utf-8")
    return target


def _order(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdigit() else (99, number)


def _cores() -> int:
    import os

    return os.cpu_count() or 1
