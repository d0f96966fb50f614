"""Rows 1, 2, 3 and 7: whole syncs of JumpCloud against the bare script and each other, from a thousand people up."""

import hashlib
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Bench, Cost, cheapest, churn, vendors
from benchmarks.result import Chart, Findings, Series, at_most

VENDOR = "jumpcloud"
TABLES = ("person", "saas_user", "licence", "source_link", "source_raw", "change", "trigger")
# What performance is measured at, and from where on one repetition says enough.
TARGETS = {10_000: (1.6, 110), 100_000: (1.5, 200)}
LARGE = 30_000


@dataclass(frozen=True, slots=True)
class Syncs:
    """What the syncs of a company of this size cost."""

    people: int
    floor: Cost
    floor_again: Cost
    first: Cost
    again: Cost
    changed: Cost
    wrote_nothing: bool


def measure(sizes: tuple[int, ...]) -> Findings:
    """All sizes, the lines for those that have a target, and the growth over them."""
    found = Findings()
    each = [of_size(people) for people in sizes]
    for syncs in each:
        if syncs.people in TARGETS:
            _add_lines(found, syncs)
    _add_charts(found, each)
    return found


def of_size(people: int) -> Syncs:
    """First sync, unchanged one, one with 1 % changed; ours and the bare script's in turn."""
    firsts, repeats, floors, floors_again, changes = [], [], [], [], []
    wrote_nothing = True
    with tempfile.TemporaryDirectory() as folder, vendors(people) as access:
        for turn in range(1 if people >= LARGE else 3):
            bench = Bench(Path(folder, str(turn)), access[VENDOR])
            floors.append(bench.floor())
            firsts.append(bench.run())
            before = _content(bench)
            repeats.append(bench.run())
            wrote_nothing = wrote_nothing and _content(bench) == before
            floors_again.append(bench.floor())
            churn(access[VENDOR], 0.01)
            changes.append(bench.run())
    return Syncs(
        people,
        cheapest(floors),
        cheapest(floors_again),
        cheapest(firsts),
        cheapest(repeats),
        cheapest(changes),
        wrote_nothing,
    )


def _content(bench: Bench) -> str:
    """A mark of every row that a sync of users could write."""
    digest = hashlib.sha256()
    database = sqlite3.connect(bench.folder / "profile" / "saasdesk.db")
    for table in TABLES:
        for row in database.execute(f"SELECT * FROM {table}"):
            digest.update(repr(row).encode())
    database.close()
    return digest.hexdigest()


def _add_lines(found: Findings, syncs: Syncs) -> None:
    most, memory = TARGETS[syncs.people]
    size = f"{syncs.people:,}"
    ratio = syncs.first.cpu / syncs.floor.cpu
    found.add(
        "1",
        f"first sync of {size}, processor time against the bare script",
        f"≤ {most} ×",
        f"{ratio:.2f} × ({syncs.first.cpu:.2f} s against {syncs.floor.cpu:.2f} s)",
        at_most(ratio, most),
    )
    ratio = syncs.again.cpu / syncs.first.cpu
    # Of a small company, starting the program is most of it.
    found.add(
        "2",
        f"unchanged re-sync of {size} against the first one",
        "≤ 0.7 × at 100,000; no row written",
        f"{ratio:.2f} ×, {'nothing' if syncs.wrote_nothing else 'something'} written",
        syncs.wrote_nothing and (syncs.people < 100_000 or at_most(ratio, 0.7)),
    )
    ratio = syncs.changed.cpu / syncs.again.cpu
    found.add("3", f"1 % of {size} changed, against unchanged", "≤ 1.15 ×", f"{ratio:.2f} ×", at_most(ratio, 1.15))
    found.add(
        "7",
        f"most memory, first sync of {size}",
        f"≤ {memory} MiB",
        f"{syncs.first.memory:.0f} MiB (bare script: {syncs.floor.memory:.0f})",
        syncs.first.memory <= memory,
    )


def _add_charts(found: Findings, each: list[Syncs]) -> None:
    def series(name: str, kind: str, what: str) -> Series:
        return Series(name, tuple((s.people, getattr(getattr(s, kind), what)) for s in each))

    found.charts.append(
        Chart(
            "time",
            "Processor time of a sync",
            "people",
            "seconds",
            (
                series("first sync", "first", "cpu"),
                series("1 % changed", "changed", "cpu"),
                series("unchanged", "again", "cpu"),
                series("bare script, first", "floor", "cpu"),
                series("bare script, unchanged", "floor_again", "cpu"),
            ),
        )
    )
    found.charts.append(
        Chart(
            "memory",
            "Most memory of a sync",
            "people",
            "MiB",
            (
                series("first sync", "first", "memory"),
                series("unchanged", "again", "memory"),
                series("bare script, first", "floor", "memory"),
            ),
        )
    )
