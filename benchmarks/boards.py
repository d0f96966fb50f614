"""What the window shows of a large company: a dashboard of eight figures, and the page of one person."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.company import fill, fill_accounts, fill_history
from benchmarks.result import Findings
from saasdesk.licences.person_cost import read_person_cost
from saasdesk.profile import open_profile
from saasdesk.records.history import person_facts
from saasdesk.reports.dashboards.board import Widget
from saasdesk.reports.dashboards.figures import figures_of
from saasdesk.reports.dashboards.starters import find_starter
from saasdesk.store import Store

_LIMIT = 2.0
_PERSON_LIMIT = 0.1


def measure(people: int) -> Findings:
    """The boards of everything, with two accounts for each person and a hundred nights of history."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder, Store.open(open_profile(Path(folder, "profile"))) as store:
        fill(store, people)
        store.write(fill_accounts)
        store.write(lambda db: fill_history(db, people))
        widgets = find_starter("overview").copy({}).widgets
        took = min(_seconds(store, widgets) for _ in range(2))
        of_seats = find_starter("seats").copy({}).widgets
        took_of_seats = min(_seconds(store, of_seats) for _ in range(2))
        of_person = max(_seconds_of_person(store, person) for person in (1, people // 2, people))
    found.add(
        "–",
        f"a dashboard of {len(widgets)} widgets over {people:,} people with 2 accounts each, all of it",
        f"< {_LIMIT:g} s",
        f"{took:.1f} s",
        took < _LIMIT,
    )
    found.add(
        "–",
        f"a dashboard of {len(of_seats)} widgets about the seats of {people:,} people, 2 each",
        f"< {_LIMIT:g} s",
        f"{took_of_seats:.1f} s",
        took_of_seats < _LIMIT,
    )
    found.add(
        "–",
        f"the page of one of {people:,} people, with the cost",
        f"< {_PERSON_LIMIT * 1000:g} ms",
        f"{of_person * 1000:.0f} ms",
        of_person < _PERSON_LIMIT,
    )
    return found


def _seconds_of_person(store: Store, person: int) -> float:
    began = time.thread_time()
    person_facts(store, person)
    read_person_cost(store, person)
    return time.thread_time() - began


def _seconds(store: Store, widgets: Sequence[Widget]) -> float:
    # Of the processor: what else goes on here shall not count.
    began = time.thread_time()
    figures_of(store, widgets)
    return time.thread_time() - began
