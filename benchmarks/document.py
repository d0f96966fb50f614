"""docs/PERFORMANCE.md: the table with its verdicts, the charts of the same runs, and why a target is missed.

What each part of the benchmark found last is kept beside the charts, so that one part can be measured anew.
"""

import json
import os
import platform
import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.charts import draw
from benchmarks.result import Chart, Findings, Line, Series

DOCS = Path(__file__).parent.parent / "docs"
PICTURES = DOCS / "performance"
KEPT = PICTURES / "measured.json"
REASONS = Path(__file__).parent / "reasons.md"

HEAD = """# Performance

Written by `make bench`, on {machine}:
{parts}.

What stands here is what those runs found. Compare the ratios: both sides of each were measured in the same run. Times
are those of the processor, user and system, of whole processes, start-up included, unless it says otherwise; of several
repetitions the least. The vendors are the program's own simulator, in a process of its own that is not counted.

The *bare script* is `benchmarks/floor.py`: the shortest honest way to keep a vendor's accounts in SQLite. It has no
plan, no proof that the list was complete, no safeguard, no retries and no second table.

| # | what | target | measured | met |
|---|---|---|---|---|
"""


def keep(part: str, findings: Findings, how: str) -> None:
    """Remember what a part of the benchmark found, in the place of what it found before."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    known = _known()
    known[part] = {"day": datetime.now(UTC).date().isoformat(), "how": how, **asdict(findings)}
    KEPT.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _known() -> dict[str, Any]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def write() -> Path:
    """Write the document and its charts from what is kept; returns where."""
    known = _known()
    lines = sorted((Line(**line) for part in known.values() for line in part["lines"]), key=_order)
    charts = [_chart(chart) for part in known.values() for chart in part["charts"]]
    parts = ", ".join(f"*{name}* {part['how']} on {part['day']}" for name, part in known.items())
    machine = (
        f"{os.cpu_count()} shared cores with Python {platform.python_version()} and SQLite {sqlite3.sqlite_version}"
    )
    text = HEAD.format(parts=parts, machine=machine)
    text += "".join(f"| {x.number} | {x.what} | {x.target} | {x.measured} | {x.verdict} |\n" for x in lines)
    for chart in charts:
        (PICTURES / f"{chart.key}.svg").write_text(draw(chart), encoding="utf-8")
        text += f"\n![{chart.title}](performance/{chart.key}.svg)\n"
    target = DOCS / "PERFORMANCE.md"
    target.write_text(text + "\n" + REASONS.read_text(encoding="utf-8"), encoding="utf-8")
    return target


def _order(line: Line) -> tuple[int, str]:
    return (int(line.number), "") if line.number.isdigit() else (99, line.what)


def _chart(kept: dict[str, Any]) -> Chart:
    series = (Series(each["name"], tuple((x, y) for x, y in each["points"])) for each in kept["series"])
    return Chart(**{**kept, "series": tuple(series)})
