"""The vendors' sessions of one run of a workflow."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

from saasdesk.connectors import Connector, VendorClient
from saasdesk.credentials import Credential, UnlistedVendor, Vault, open_session
from saasdesk.store import Store
from saasdesk.web import VendorSession


class Vendors:
    """The vendors' sessions of one run: each opened once, its key proven before anything else is asked of it."""

    def __init__(self, store: Store, vault: Vault, stop: threading.Event, tell: Callable[[object], None]) -> None:
        self._store, self._vault, self._stop, self._tell = store, vault, stop, tell
        self._open: dict[str, tuple[VendorClient | None, VendorSession]] = {}

    def client(self, connector: Connector | None, credential: Credential) -> tuple[VendorClient | None, VendorSession]:
        """Client and session for this credential; raises when its key opens nothing.

        A vendor that no connector knows has a session alone.
        """
        if credential.uuid not in self._open and connector is None:
            vendor = UnlistedVendor.of(credential)
            session = open_session(
                self._store, self._vault, credential, vendor, credential.hosts[0], self._stop, self._tell
            )
            self._open[credential.uuid] = (None, session)
        elif credential.uuid not in self._open and connector is not None:
            seen = connector.of_kind(credential.kind)
            base_url = seen.base_url({"base_url": credential.base_url or ""})
            inputs = seen.clean_inputs(credential.inputs)
            session = open_session(
                self._store, self._vault, credential, seen, base_url, self._stop, self._tell, inputs=inputs
            )
            client = VendorClient(seen, session, {**inputs, "base_url": base_url}, self._tell)
            with ExitStack() as if_it_fails:
                if_it_fails.callback(session.close)
                client.identify()
                if_it_fails.pop_all()
            self._open[credential.uuid] = (client, session)
        return self._open[credential.uuid]

    def close(self) -> None:
        """Hang up everywhere."""
        for _client, session in self._open.values():
            session.close()
        self._open.clear()
