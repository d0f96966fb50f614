"""Rows 9 and 10, and long lists in general: CSV files, search while typing, sorting; on people that SQL made up."""

import csv
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.company import COLUMNS, fill, fill_accounts, fill_licences
from benchmarks.measure import measured
from benchmarks.result import Findings, at_most
from saasdesk.fields import ObjectKind
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.search import bring_up_to_date
from saasdesk.reports.csv_export import export_records
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.store import Store

TYPED = ("mari", "anders", "lopez", "zhang wei", "example.com 77", "佐藤", "nobody at all")


def measure(sizes: tuple[int, ...]) -> Findings:
    """All rows at these sizes."""
    found = Findings()
    for people in sizes:
        with tempfile.TemporaryDirectory() as folder:
            with Store.open(open_profile(Path(folder, "profile"))) as store:
                fill(store, people)
                _index(found, store, people)
                records = RecordList(store, ObjectKind.PEOPLE)
                _search(found, records, people)
                _first_page(found, records, people)
                _sort(found, records, people)
                _csv(found, store, records, Path(folder), people)
                _sort_computed(found, store, people)
            _csv_memory(found, Path(folder), people)
    return found


def _index(found: Findings, store: Store, people: int) -> None:
    before = _pages(store)
    took = _cpu(lambda: bring_up_to_date(store))
    more = (_pages(store) - before) / before
    words = f"{took:.1f} s, {more:.0%} more database"
    found.add("10", f"putting {people:,} people into the search index, in the background", "–", words, None)


def _pages(store: Store) -> int:
    # The file itself does not tell: what is new may still lie in the log beside it.
    with store.reading() as db:
        return int(db.execute_sql("PRAGMA page_count").fetchone()[0])


def _search(found: Findings, records: RecordList, people: int) -> None:
    typed = [word[:end] for word in TYPED for end in range(1, len(word) + 1) if not word[:end].isspace()]
    took = [_seconds(lambda text=text: records.first_ids(ListQuery(quick=text))) * 1000 for text in typed]
    p95 = statistics.quantiles(took, n=20)[-1]
    limit = 50 if people >= 1_000_000 else 60
    found.add(
        "10",
        f"search among {people:,} people while typing, {len(typed)} prefixes",
        f"p95 ≤ {limit} ms",
        f"p95 {p95:.0f} ms, median {statistics.median(took):.0f} ms, slowest {max(took):.0f} ms",
        p95 <= limit,
    )


def _first_page(found: Findings, records: RecordList, people: int) -> None:
    # As the page of people opens.
    took = _seconds(lambda: records.first_ids(ListQuery(sort=(("name", False),)))) * 1000
    found.add("–", f"the first page of {people:,} people by name", "< 300 ms", f"{took:.0f} ms", took < 300)


def _sort(found: Findings, records: RecordList, people: int) -> None:
    seconds = {key: min(_seconds_sorted(records, key) for _ in range(2)) for key in ("name", "job_title", "email")}
    _add_sorts(found, f"all {people:,} people sorted", seconds, people)


def _sort_computed(found: Findings, store: Store, people: int) -> None:
    """Columns that are worked out of two accounts and a licence of each person."""
    store.write(fill_accounts)
    store.write(fill_licences)
    records = open_list(store, ListObject.PEOPLE)
    seconds = {key: _seconds_sorted(records, key) for key in ("last_activity", "active_accounts", "monthly")}
    _add_sorts(found, f"all {people:,} people sorted by what is worked out of their accounts", seconds, people)


def _seconds_sorted(records: RecordList, key: str) -> float:
    return _seconds(lambda: records.ids(ListQuery(sort=((key, False),))))


def _add_sorts(found: Findings, what: str, seconds: dict[str, float], people: int) -> None:
    words = ", ".join(f"{key} {value:.1f} s" for key, value in seconds.items())
    is_large = people >= 1_000_000
    met = max(seconds.values()) <= 4 if is_large else None
    found.add("–", what, "≤ 4 s at 1,000,000" if is_large else "–", words, met)


def _seconds(work: Callable[[], object]) -> float:
    # Of the processor: what else goes on here shall not count.
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _csv(found: Findings, store: Store, records: RecordList, folder: Path, people: int) -> None:
    bare = min(_cpu(lambda: _write_barely(store.profile.database, folder / "bare.csv")) for _ in range(2))
    ours = min(_cpu(lambda: _export(records, folder / "ours.csv")) for _ in range(2))
    found.add(
        "9",
        f"CSV of {people:,} rows × {len(COLUMNS)} columns, formulas defused, against `writerows(cursor)`",
        "≤ 1.4 ×",
        f"{ours / bare:.2f} × ({ours:.1f} s against {bare:.1f} s)",
        at_most(ours / bare, 1.4),
    )


def _cpu(work: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _write_barely(database: Path, target: Path) -> None:
    db = sqlite3.connect(database)
    with target.open("w", encoding="utf-8", newline="", buffering=1 << 20) as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(db.execute(f"SELECT {', '.join(COLUMNS)} FROM person"))
    db.close()


def _export(records: RecordList, target: Path) -> None:
    export_records(
        records,
        ListQuery(),
        COLUMNS,
        target,
        what="people",
        style=CsvStyle(),
        tell=lambda _news: None,
        stop=threading.Event(),
    )


def _csv_memory(found: Findings, folder: Path, people: int) -> None:
    cost = measured([sys.executable, "-m", "benchmarks.lists", str(folder / "profile"), str(folder / "again.csv")])
    found.add("9", f"most memory of exporting {people:,} rows", "flat", f"{cost.memory:.0f} MiB", None)


if __name__ == "__main__":
    with Store.open(open_profile(Path(sys.argv[1])), writable=False) as opened:
        _export(RecordList(opened, ObjectKind.PEOPLE), Path(sys.argv[2]))
