"""Looking at the past: people with two accounts each, a hundred nights of history at 1 % churn."""

import tempfile
import time
from pathlib import Path

from benchmarks.company import NIGHTS, fill, fill_accounts, fill_history
from benchmarks.result import Findings
from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.past import compare, moment_of_text, past_store
from saasdesk.store import Store


def measure(sizes: tuple[int, ...]) -> Findings:
    """Both questions at these sizes."""
    found = Findings()
    for people in sizes:
        with (
            tempfile.TemporaryDirectory() as folder,
            Store.open(open_profile(Path(folder, "profile"))) as store,
        ):
            fill(store, people)
            store.write(fill_accounts)
            store.write(lambda db, people=people: fill_history(db, people))
            began = time.perf_counter()
            with past_store(store, moment_of_text(store, "2026-03-15"), lambda _share: None) as past:
                records = RecordList(past, ObjectKind.PEOPLE)
                records.first_ids(ListQuery(sort=(("name", False),)))
                took = time.perf_counter() - began
            limit = 2 if people <= 100_000 else None
            found.add(
                "–",
                f"a list of {people:,} people as of a day, 2 accounts each, {NIGHTS} nights of history",
                f"< {limit} s" if limit else "–",
                f"{took:.1f} s",
                took < limit if limit else None,
            )
            began = time.perf_counter()
            total = compare(store, moment_of_text(store, "2026-03-15"), None, 100_000).total
            found.add(
                "–",
                f"what differs from then to now, {total:,} differences among {people:,} people",
                "–",
                f"{time.perf_counter() - began:.1f} s",
            )
    return found
