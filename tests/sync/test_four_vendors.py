"""The same company at all its vendors: one person each, whoever runs first, and nothing to do the second time."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from saasdesk.app.demo import demo_services, launched
from saasdesk.fields import fold_key
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.run import RunOptions, run_integration

VENDORS = ("pagerduty", "jumpcloud", "jetbrains", "atlassian")
ACCOUNTS = """
    SELECT p.email__key, a.name || ' ' || u.saas_user_id FROM saas_user u
    JOIN person p ON p.id = u.person JOIN saas_application a ON a.id = u.saas_application
"""


class Demo:
    """The demo's integrations, run one after the other."""

    def __init__(self, services: Services, simulator: Simulator) -> None:
        self.services, self.simulator = services, simulator

    def run(self, vendors: Sequence[str]) -> dict[str, SyncResult]:
        """Run these vendors in this order."""
        users = [integration for integration in launched(self.services) if integration.document.object == "users"]
        by_vendor = {integration.connector.key: integration for integration in users}
        store, vault = self.services.store, self.services.vault
        return {
            key: run_integration(store, vault, by_vendor[key], RunOptions(), lambda _news: None, threading.Event())
            for key in vendors
        }

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Look into the database."""
        with self.services.store.reading() as db:
            return [tuple(row) for row in db.execute_sql(sql).fetchall()]

    def truth(self) -> dict[str | None, set[str]]:
        """Everybody's accounts by address, as the vendors have them."""
        known: dict[str | None, set[str]] = defaultdict(set)
        for key in VENDORS:
            title = next(i.connector.title for i in launched(self.services) if i.connector.key == key)
            for account in self.simulator.truth(key):
                known[fold_key(account.email)].add(f"{title} {account.id}")
        return known


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_services(tmp_path / "profile", 60) as (services, simulator):
        yield Demo(services, simulator)


@pytest.mark.parametrize("turn", range(4))
def test_that_each_person_has_exactly_the_accounts_that_the_vendors_know(demo: Demo, turn: int) -> None:
    demo.run([*VENDORS[turn:], *VENDORS[:turn]])

    here: dict[object, set[object]] = defaultdict(set)
    for email, account in demo.rows(ACCOUNTS):
        here[email].add(account)
    known = demo.truth()
    known.pop(None, None)
    assert here == known
    assert len(demo.rows("SELECT id FROM person")) == len(known)


@pytest.mark.parametrize("turn", range(4))
def test_that_no_later_run_writes_anything_even_when_it_looks_at_everybody(demo: Demo, turn: int) -> None:
    turns = [*VENDORS[turn:], *VENDORS[:turn]]
    demo.run(turns)
    demo.run(turns)
    (before,) = demo.rows("SELECT max(id) FROM change")
    demo.services.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL"))

    results = demo.run(list(reversed(turns)))

    assert {result.status for result in results.values()} == {Status.COMPLETED}
    assert demo.rows("SELECT max(id) FROM change") == [before]
