"""A profile, the simulated vendor on a real socket, and an integration between them."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.simulator.control import Simulator
from saasdesk.store import Store
from saasdesk.sync import integrations, rows
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState, with_default_mapping
from saasdesk.sync.run import RunOptions, run_integration

NAME = "PagerDuty users"


def activate(store: Store, integration: Integration) -> None:
    """Launch an integration that has no key, because its vendor is a stand-in."""
    store.write(lambda db: rows.set_state(db, integration.id, IntegrationState.ACTIVE, integration.created_at))


class Office:
    """An admin's profile with one integration, in front of a simulated vendor: PagerDuty unless told otherwise."""

    def __init__(self, folder: Path, simulator: Simulator, vendor: str = "pagerduty") -> None:
        self.simulator = simulator
        self.connector = CONNECTORS[vendor]
        self.store = Store.open(open_profile(folder, demo=True))
        self.vault = Vault(self.store)
        self.news: list[object] = []
        self.stop = threading.Event()
        access = simulator.access()[vendor]
        inputs = {known.key: access[known.key] for known in self.connector.inputs if access.get(known.key)}
        inputs.pop("base_url", None)
        self.vault.set("pd key", self.connector, access["key"], inputs=inputs, base_url=access["base_url"])

    def integrate(self, name: str = NAME, **changes: object) -> Integration:
        """Save and launch an integration with the default mapping and these changes."""
        values: dict[str, object] = {
            "name": name,
            "connector": self.connector.key,
            "credential": "pd key",
            "deactivate": True,
            **changes,
        }
        document = IntegrationDocument.model_validate(values)
        if not document.mapping:
            document = with_default_mapping(document, self.connector)
        saved = integrations.save_integration(self.store, document)
        return integrations.launch(self.store, saved, self.vault.known())

    def run(self, name: str = NAME, tell: Callable[[object], None] | None = None, **options: object) -> SyncResult:
        """Run an integration as it is now."""
        integration = integrations.find_integration(self.store, name)
        told = tell or self.news.append
        return run_integration(self.store, self.vault, integration, RunOptions(**options), told, self.stop)  # type: ignore[arg-type]

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Look into the database."""
        with self.store.reading() as db:
            return [tuple(row) for row in db.execute_sql(sql, values).fetchall()]

    def value(self, sql: str, *values: object) -> object:
        """One value from the database."""
        return self.rows(sql, *values)[0][0]

    def close(self) -> None:
        """Give the profile back."""
        self.store.close()


@pytest.fixture
def people() -> int:
    """How many people the company has; a test may say otherwise."""
    return 40


@pytest.fixture
def office(tmp_path: Path, people: int) -> Iterator[Office]:
    """An office whose integration is not made yet."""
    with Simulator(people) as simulator:
        desk = Office(tmp_path / "profile", simulator)
        yield desk
        desk.close()
