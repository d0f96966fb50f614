"""A dashboard of eight figures over a large company, one figure after the other as the page reads them."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.lists import fill
from benchmarks.past import fill_accounts
from benchmarks.result import Findings
from saasdesk.profile import open_profile
from saasdesk.reports.dashboards.board import Widget
from saasdesk.reports.dashboards.figures import figure_of
from saasdesk.reports.dashboards.starters import find_starter
from saasdesk.store import Store

_LIMIT = 2.0


def measure(people: int) -> Findings:
    """The overview board, with two accounts for each person and a hundred nights of history."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder, Store.open(open_profile(Path(folder, "profile"))) as store:
        fill(store, people)
        store.write(lambda db: fill_accounts(db, people))
        widgets = find_starter("overview").copy({}).widgets
        took = min(_seconds(store, widgets) for _ in range(2))
    found.add(
        "–",
        f"a dashboard of {len(widgets)} widgets over {people:,} people with 2 accounts each, all of it",
        f"< {_LIMIT:g} s",
        f"{took:.1f} s",
        took < _LIMIT,
    )
    return found


def _seconds(store: Store, widgets: Sequence[Widget]) -> float:
    # Of the processor: what else goes on here shall not count.
    began = time.thread_time()
    for widget in widgets:
        figure_of(store, widget)
    return time.thread_time() - began
