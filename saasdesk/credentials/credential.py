"""What is known of a key besides the key."""

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, Self

import orjson

from saasdesk.web import Origin

Source = Literal["keyring", "environment", "memory", "none"]

UNLISTED = "other"
"""The connector of a credential for a vendor that no connector knows; it opens the hosts that were entered with it."""

_WARN_AT_DAYS = (1, 7, 14)


class CredentialState(StrEnum):
    """Where a credential's key was put."""

    READY = "ready"
    MEMORY = "memory"
    NO_KEY = "no_key"
    TO_BE_REMOVED = "to_be_removed"


class Standing(StrEnum):
    """How a credential stands, the worst first."""

    REMOVING = "removing"
    NO_KEY = "no_key"
    EXPIRED = "expired"
    REFUSED = "refused"
    EXPIRES = "expires"
    PARTLY = "partly"
    WORKS = "works"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True, slots=True)
class Finding:
    """One feature in a test: whether it works (None where nobody could find out), and what to change."""

    name: str
    works: bool | None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class LastTest:
    """What a test found: whom the key opens, or the sentence with which it was refused."""

    works: bool
    text: str
    features: tuple[Finding, ...] = ()

    def to_json(self) -> str:
        """As it is kept; no key is in it."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """As it was kept."""
        document = orjson.loads(text)
        findings = tuple(Finding(**each) for each in document["features"])
        return cls(works=document["works"], text=document["text"], features=findings)


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as it is listed; `source` says where this process would get its key from."""

    uuid: str
    name: str
    connector: str
    created_at: str
    kind: str = "admin"
    permission: str = "read"
    # How to sign in, where that differs from the connector's own way; JSON, without a secret.
    sign_in: str | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    base_url: str | None = None
    hosts: tuple[str, ...] = ()
    expires: date | None = None
    last_tested_at: str | None = None
    last_used_at: str | None = None
    state: CredentialState = CredentialState.READY
    owner: str = ""
    notes: str = ""
    last_test: LastTest | None = None
    source: Source = "none"

    @property
    def may_change(self) -> bool:
        """Whether calls that change something at the vendor may use it."""
        return self.permission == "act"

    @property
    def origins(self) -> frozenset[Origin]:
        """Where its key may be sent."""
        return frozenset(Origin.of(host) for host in self.hosts)

    def standing(self, today: date) -> Standing:
        """How it stands, as far as is known here: from its dates, its last test and where its key lies."""
        found = self.last_test
        if self.state is CredentialState.TO_BE_REMOVED:
            return Standing.REMOVING
        if self.source == "none":
            return Standing.NO_KEY
        if self.has_expired(today):
            return Standing.EXPIRED
        if found is not None and not found.works:
            return Standing.REFUSED
        if self.expiry_step(today) is not None:
            return Standing.EXPIRES
        if found is None:
            return Standing.NOT_TESTED
        return Standing.PARTLY if any(each.works is False for each in found.features) else Standing.WORKS

    def has_expired(self, today: date) -> bool:
        """Whether the date that the admin noted has passed."""
        return self.expires is not None and self.expires < today

    def expiry_warning(self, today: date) -> str | None:
        """A sentence from 14 days before the key expires, and another at 7 days and at 1; None where there is time."""
        if self.expires is None:
            return None
        days = (self.expires - today).days
        if days < 0:
            return f"The key “{self.name}” expired on {self.expires}. Make a new one and replace it."
        if not any(days <= limit for limit in _WARN_AT_DAYS):
            return None
        when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days, on {self.expires}")
        return f"The key “{self.name}” expires {when}. Make a new one and replace it."

    def expiry_step(self, today: date) -> int | None:
        """Which of the warnings is due (14, 7, 1, or 0 once expired): each is worth one notice."""
        if self.expires is None:
            return None
        days = (self.expires - today).days
        return 0 if days < 0 else next((limit for limit in _WARN_AT_DAYS if days <= limit), None)
