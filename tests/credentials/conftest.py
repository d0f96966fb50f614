"""A vault over a real database and a key store in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.web import HeaderKey, SignIn
from tests.credentials.keyrings import MemoryKeyring

# A made-up key that no other text holds.
KEY = "v4ult-Key/with+odd=signs"


@dataclass(frozen=True)
class Rate:
    per_minute: float = 600_000
    burst: int = 1000


@dataclass(frozen=True)
class Help:
    role_needed: str = "a key with read access to users"
    refused_key: str = "It may be wrong, expired, or for the other region."


@dataclass(frozen=True)
class DeclaredInput:
    key: str
    secret: bool = False

    def clean(self, entered: str) -> str:
        return entered.strip()


TOKEN = HeaderKey("Authorization", "Token token=")


@dataclass(frozen=True)
class FakeVendor:
    """As much of a connector as the vault sees."""

    key: str = "pagerduty"
    title: str = "PagerDuty"
    sign_in: SignIn = TOKEN
    urls: tuple[str, ...] = ("https://api.pagerduty.com", "https://api.eu.pagerduty.com")
    inputs: tuple[DeclaredInput, ...] = (DeclaredInput("company_code"), DeclaredInput("directory_key", secret=True))
    rate: Rate = Rate()
    help: Help = Help()

    def base_urls(self) -> tuple[str, ...]:
        return self.urls

    def request_headers(self, inputs) -> dict[str, str]:
        return {"X-Customer-Code": inputs["company_code"]} if "company_code" in inputs else {}


PAGERDUTY = FakeVendor()


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def vault(store: Store, keyring: MemoryKeyring) -> Vault:
    return Vault(store, keyring)


def audit_rows(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as db:
        return db.execute_sql("SELECT action, subject, detail FROM audit ORDER BY id").fetchall()
