"""Records to try a mapping on: those that the last run kept, or a few read from the vendor now."""

import threading
from contextlib import closing
from typing import Any

import orjson

from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled
from saasdesk.jobs import Tell
from saasdesk.store import Store
from saasdesk.sync import rows
from saasdesk.sync.integration import Integration
from saasdesk.sync.preparation import open_client

FEW = 50
MANY = 10_000


def stored_records(store: Store, integration: Integration, most: int = FEW) -> list[dict[str, Any]]:
    """What the last run kept of the vendor's records; empty where it has not run, or raw records are not kept."""
    with store.reading() as db:
        return [orjson.loads(raw) for raw in rows.raw_records(db, integration.id, most)]


def read_records(
    store: Store, vault: Vault, integration: Integration, tell: Tell, stop: threading.Event, most: int = FEW
) -> list[dict[str, Any]]:
    """A few records from the vendor, and nothing of them is kept; a UserError says what is wrong with the key."""
    opened = open_client(store, vault, integration.document, tell, stop)
    with closing(opened.session), opened.client.list_users(most, enrich=False) as listing:
        found: list[dict[str, Any]] = []
        for page in listing:
            if stop.is_set():
                raise Cancelled
            found.extend(record.raw for record in page.records)
        return found[:most]
