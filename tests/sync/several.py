"""Several vendors that know the same people, each a list in memory: many runs in a short time."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from saasdesk.connectors import CONNECTORS, LicenceValues, SaasShape, SaasValues, VendorClient
from saasdesk.credentials import Vault
from saasdesk.fields import ObjectKind
from saasdesk.jobs import Tell
from saasdesk.profile import open_profile
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration, IntegrationDocument, mapping_signature
from saasdesk.sync.preparation import Preparation, make_recipe
from saasdesk.sync.run import RunOptions, run_integration
from tests.connectors.fake_pagerduty import FakePagerDuty, user
from tests.sync.conftest import activate

AT = "2026-01-01T00:00:00Z"
EMAIL_AND_ROLE: tuple[dict[str, Any], ...] = (
    {"source": "email", "target": "username"},
    {"source": "email", "target": "email", "sync_key": 1},
    {"value": "Employee", "target": "role"},
)


def _read(raw: dict[str, Any]) -> SaasValues:
    """What these vendors say about an account: they can call somebody inactive, as most do."""
    state = str(raw.get("state", "active"))
    licences = tuple(LicenceValues(name, name) for name in raw.get("licences", ()))
    return SaasValues(raw.get("role"), state, raw.get("seen"), state == "inactive", licences)


class Several:
    """A profile, and vendors by the name of their integration."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(open_profile(folder, demo=True))
        self.vault = Vault(self.store)
        self.vendors: dict[str, FakePagerDuty] = {}
        self.connector = replace(CONNECTORS["pagerduty"], saas=SaasShape(_read), enrichments=())

    def vendor(self, name: str, *lines: dict[str, Any], users: Iterable[dict[str, Any]] = (), **changes: Any) -> None:
        """A vendor with its integration; `lines` map what goes beyond e-mail, username and role."""
        values = {
            "name": name,
            "connector": "pagerduty",
            # Runs with one credential wait for one another.
            "credential": name,
            "saas_application": name,
            "deactivate": True,
            "map": [*EMAIL_AND_ROLE, *lines],
            **changes,
        }
        saved = integrations.save_integration(self.store, IntegrationDocument.model_validate(values))
        activate(self.store, saved)
        if name not in self.vendors:
            self.lists(name, *users)

    def lists(self, name: str, *users: dict[str, Any]) -> None:
        """What the vendor knows from now on."""
        self.vendors[name] = FakePagerDuty([user(0, **{"id": f"P{name}", **known}) for known in users])

    def run(self, name: str, tell: Tell = lambda _news: None, **options: Any) -> SyncResult:
        """Run one integration as it is now."""
        found = integrations.find_integration(self.store, name)
        return run_integration(
            self.store, self.vault, found, RunOptions(**options), tell, threading.Event(), self._open
        )

    def run_all(self, *names: str) -> list[SyncResult]:
        """Run these one after the other, or all of them."""
        return [self.run(name) for name in names or self.vendors]

    def look_at_everybody_again(self) -> None:
        """The next runs take every record, also unchanged ones."""
        self.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL"))

    def edit(self, person: int, field: str, after: object) -> None:
        """Change a field of a person by hand."""
        before = self.value(f"SELECT {field} FROM person WHERE id = ?", person)
        edit = RecordEdit(ChangeKind.UPDATE, person, "", "by hand", (FieldEdit(field, before, after),))
        self.store.write(lambda db: apply_edits(db, ObjectKind.PEOPLE, [edit], Cause("by hand", "admin"), AT))

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with self.store.reading() as db:
            return [tuple(row) for row in db.execute_sql(sql, values).fetchall()]

    def value(self, sql: str, *values: object) -> Any:
        """One value from the database."""
        return self.rows(sql, *values)[0][0]

    def close(self) -> None:
        """Give the profile back."""
        self.store.close()

    def _open(
        self, store: Store, vault: Vault, integration: Integration, tell: Tell, stop: threading.Event
    ) -> Preparation:
        client = VendorClient(self.connector, self.vendors[integration.name], {}, tell)
        recipe = replace(make_recipe(store, integration, {}), connector=self.connector)
        return Preparation(
            client=client,
            recipe=recipe,
            scope_signature=integration.name,
            mapping_signature=mapping_signature(integration.document, recipe.compiled.signature),
            close=lambda: None,
        )


def person(number: int, email: str, **more: Any) -> dict[str, Any]:
    """What a vendor lists of somebody."""
    return {"id": f"P{number}", "email": email, "name": f"Person {number}", **more}


def account(results: SyncResult) -> dict[str, int]:
    """What a run wrote of people, as far as it wrote anything."""
    written = ("created", "updated", "deactivated", "reactivated", "failed")
    return {key: results.counts["people"][key] for key in written if results.counts["people"][key]}
