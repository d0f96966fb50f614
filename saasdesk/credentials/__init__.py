"""Credentials: what is known of each key, and the vault that keeps the keys in the operating system's keyring."""

from saasdesk.credentials.access import open_session, refuse_unbound
from saasdesk.credentials.credential import Credential, CredentialState
from saasdesk.credentials.keyrings import KeyringState, LockedKeyring, NoKeyring, SilentKeyring
from saasdesk.credentials.vault import Vault, environment_name

__all__ = [
    "Credential",
    "CredentialState",
    "KeyringState",
    "LockedKeyring",
    "NoKeyring",
    "SilentKeyring",
    "Vault",
    "environment_name",
    "open_session",
    "refuse_unbound",
]
