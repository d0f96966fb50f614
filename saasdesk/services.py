"""The opened services that both faces use."""

from dataclasses import dataclass
from typing import Literal

from saasdesk.credentials import Vault
from saasdesk.profile import Profile
from saasdesk.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """One profile, opened: where it lies, its database, its keys."""

    profile: Profile
    store: Store
    vault: Vault


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check-up: what was looked at, how it is, and what to do about it."""

    check: str
    state: Literal["ok", "warning", "problem"]
    text: str
    advice: str = ""
