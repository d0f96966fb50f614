"""The opened services that both faces use."""

from dataclasses import dataclass

from saasdesk.credentials import Vault
from saasdesk.profile import Profile
from saasdesk.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """One profile, opened: where it lies, its database, its keys."""

    profile: Profile
    store: Store
    vault: Vault
