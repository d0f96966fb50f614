"""Try a key: does it work, what may it do, and what should change where it may not."""

import threading

from saasdesk.clock import now_text
from saasdesk.connectors import CONNECTORS, Probe, VendorRecord
from saasdesk.credentials import Vault
from saasdesk.jobs import Tell
from saasdesk.store import Store
from saasdesk.sync.integration import IntegrationDocument
from saasdesk.sync.preparation import Opened, open_client


def probe_credential(store: Store, vault: Vault, name: str, tell: Tell, stop: threading.Event) -> Probe:
    """Probe a stored credential with its own inputs, and note when it was tested; raises when the key does not work."""
    opened = _open(store, vault, name, tell, stop)
    try:
        found = opened.client.probe()
    finally:
        opened.session.close()
    vault.note_tested(name, now_text())
    return found


def first_records(
    store: Store, vault: Vault, name: str, count: int, tell: Tell, stop: threading.Event, wanted: str = "users"
) -> list[VendorRecord]:
    """The first few of the vendor's users or devices, to show before anything is saved."""
    opened = _open(store, vault, name, tell, stop, wanted)
    try:
        with opened.client.list_users(count, enrich=False) as listing:
            return [record for page in listing for record in page.records]
    finally:
        opened.session.close()


def _open(store: Store, vault: Vault, name: str, tell: Tell, stop: threading.Event, wanted: str = "users") -> Opened:
    credential = vault.find(name)
    title = CONNECTORS[credential.connector].title
    document = IntegrationDocument.model_validate(
        {"name": title, "connector": credential.connector, "object": wanted, "credential": credential.name}
    )
    return open_client(store, vault, document, tell, stop, any_kind=True)
