"""Rows 5 and 6: what is waited for. Pages asked for ahead of time, and a vendor's limit that is kept to."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from benchmarks.measure import Access, statuses, vendors
from benchmarks.result import Findings
from saasdesk.connectors import CONNECTORS, Connector, VendorClient
from saasdesk.web import Budget, Origin, Secret, VendorSession

LATENCY_MS = 50
PER_SECOND = 16
BURST = 240


@contextmanager
def client(connector: Connector, access: Access, budget: Budget) -> Iterator[VendorClient]:
    """The connector's client before a simulated vendor."""
    session = VendorSession(
        frozenset({Origin.of(access.base_url)}),
        access.base_url,
        connector.sign_in,
        Secret(access.key),
        budget,
        threading.Event(),
        headers=connector.request_headers({}),
        vendor=connector.title,
    )
    with closing(session):
        yield VendorClient(connector, session, {"base_url": access.base_url})


def measure(people: int) -> Findings:
    """Both rows."""
    found = Findings()
    _prefetch(found, people)
    _pace(found)
    return found


def _prefetch(found: Findings, people: int) -> None:
    with vendors(people, "--latency-ms", str(LATENCY_MS)) as access:
        for name in ("pagerduty", "jumpcloud"):
            connector = CONNECTORS[name]
            ahead = min(_seconds(connector, access[name]) for _ in range(2))
            one_by_one = min(_seconds(replace(connector, parallel_pages=1), access[name]) for _ in range(2))
            ratio = one_by_one / ahead
            found.add(
                "5",
                f"{connector.title}, {people:,} users at {LATENCY_MS} ms a request: pages ahead against one by one",
                "≥ 2.3 × faster",
                f"{ratio:.2f} × ({ahead:.2f} s against {one_by_one:.2f} s)",
                round(ratio, 2) >= 2.3,
            )


def _seconds(connector: Connector, access: Access) -> float:
    with client(connector, access, Budget(1_000_000, 10_000)) as vendor:
        vendor.identify()
        began = time.monotonic()
        with vendor.list_users(enrich=False) as listing:
            for _ in listing:
                pass
        return time.monotonic() - began


def _pace(found: Findings) -> None:
    """Small pages, so that a small company takes many requests: the burst, and some twenty seconds at the limit."""
    connector = CONNECTORS["jumpcloud"]
    small = replace(connector, users=replace(connector.users, pages=replace(connector.users.pages, limit=10)))
    with vendors(6_500, "--rate-limit", str(PER_SECOND * 60)) as access:
        budget = Budget(PER_SECOND * 60, BURST)
        with client(small, access["jumpcloud"], budget) as vendor, vendor.list_users(enrich=False) as listing:
            moments = [time.monotonic() for _ in listing]
        counts = statuses(access["jumpcloud"])
    paced = moments[BURST + PER_SECOND :]
    rate = (len(paced) - 1) / (paced[-1] - paced[0])
    refused = counts.get(429, 0) / sum(counts.values())
    found.add(
        "6",
        f"a limit of {PER_SECOND} requests a second, once the burst is used",
        "within 10 %; ≤ 5 % answered 429",
        f"{rate:.1f} a second, {refused:.1%} answered 429",
        abs(rate / PER_SECOND - 1) <= 0.1 and refused <= 0.05,
    )
