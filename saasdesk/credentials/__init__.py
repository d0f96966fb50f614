"""Credentials: what is known of each key, and the vault that keeps the keys in the operating system's keyring."""

from saasdesk.credentials.access import open_session, refuse_unbound
from saasdesk.credentials.credential import UNLISTED, Credential, CredentialState, Finding, LastTest, Standing
from saasdesk.credentials.draft import Draft, Entry
from saasdesk.credentials.keyrings import KeyringState, LockedKeyring, NoKeyring, SilentKeyring
from saasdesk.credentials.secret_variables import forget_variable, reveal_variable, set_secret_variable
from saasdesk.credentials.unlisted import UnlistedVendor
from saasdesk.credentials.vault import MissingKey, Vault, environment_name

__all__ = [
    "UNLISTED",
    "Credential",
    "CredentialState",
    "Draft",
    "Entry",
    "Finding",
    "KeyringState",
    "LastTest",
    "LockedKeyring",
    "MissingKey",
    "NoKeyring",
    "SilentKeyring",
    "Standing",
    "UnlistedVendor",
    "Vault",
    "environment_name",
    "forget_variable",
    "open_session",
    "refuse_unbound",
    "reveal_variable",
    "set_secret_variable",
]
