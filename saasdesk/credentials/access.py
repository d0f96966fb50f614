"""From a credential to an open door: the one way to get a session that carries a key."""

import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from saasdesk.clock import now, now_text
from saasdesk.credentials.credential import Credential
from saasdesk.credentials.draft import Vendor as VaultVendor
from saasdesk.credentials.vault import Vault
from saasdesk.errors import ExitCode, UserError
from saasdesk.store import Store
from saasdesk.web import ErrorKind, Limits, Origin, Secret, VendorSession, budget_for, sign_in_from_json
from saasdesk.web.budget import Rate


class VendorAdvice(Protocol):
    """What a connector knows about its vendor's refusals."""

    @property
    def role_needed(self) -> str:
        """What the key's owner must be."""

    @property
    def refused_key(self) -> str:
        """Why the vendor may refuse a key."""


class Vendor(VaultVendor, Protocol):
    """What a session needs to know of a connector."""

    @property
    def rate(self) -> Rate:
        """How fast one key may ask."""

    @property
    def help(self) -> VendorAdvice:
        """What to do about a refusal."""

    def request_headers(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """The headers of every request."""


def open_session(
    store: Store,
    vault: Vault,
    credential: Credential,
    connector: Vendor,
    base_url: str,
    stop: threading.Event,
    tell: Callable[[object], None] | None = None,
    *,
    inputs: Mapping[str, str] | None = None,
    secret: Secret | None = None,
    limits: Limits | None = None,
) -> VendorSession:
    """Open a session with a credential's key, to hosts it is bound to and nowhere else.

    `inputs` are the integration's, where there is one. `secret` is a key that is still to be tried before it replaces
    the old one.

    A UserError where the credential is another vendor's.
    """
    refuse_unbound(credential, base_url)
    if credential.connector != connector.key:
        raise UserError(f"“{credential.name}” is a credential for {credential.connector}, not for {connector.title}.")
    sign_in = sign_in_from_json(credential.sign_in) if credential.sign_in else connector.sign_in
    settings = store.settings()
    if secret is None:
        # From the environment a key may come with its prefix; from the keyring it comes clean.
        secret = Secret(sign_in.clean(vault.get_secret(credential.name).reveal()))
        vault.note_used(credential.name, now_text())
    return VendorSession(
        credential.origins,
        base_url,
        sign_in,
        secret,
        budget_for(credential.uuid, connector.rate),
        stop,
        headers=connector.request_headers(credential.inputs if inputs is None else inputs),
        extra_ca=settings.extra_ca,
        proxy=settings.proxy,
        tell=tell,
        limits=limits,
        vendor=connector.title,
        advice=_advice(credential, connector.help, now().astimezone().date()),
        may_change=credential.may_change,
    )


def refuse_unbound(credential: Credential, base_url: str) -> None:
    """Raise if the key may not go to this address; asked when an integration is saved, checked and run."""
    origin = Origin.of(base_url)
    if origin not in credential.origins:
        raise UserError(
            f"“{credential.name}” is not bound to {origin.host}. "
            "Enter its key again together with that address, or correct the address.",
            ExitCode.CREDENTIAL,
        )


def _advice(credential: Credential, known: VendorAdvice, today: date) -> dict[ErrorKind, str]:
    refused = known.refused_key
    if credential.has_expired(today):
        refused = f"The key expired on {credential.expires}. Make a new one and replace it."
    return {ErrorKind.WRONG_KEY: refused, ErrorKind.FORBIDDEN: f"Needed: {known.role_needed.rstrip('.')}."}
