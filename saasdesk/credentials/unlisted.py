"""A vendor that no connector knows: its key goes to the hosts that an admin named, in the way they chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from saasdesk.credentials.credential import UNLISTED, Credential
from saasdesk.credentials.draft import DeclaredInput
from saasdesk.errors import UserError
from saasdesk.web import Bearer, Origin, SignIn, sign_in_from_json

TEST_ADDRESS = "test_address"
"""The input under which such a credential keeps the address that it was last tried with."""


@dataclass(frozen=True, slots=True)
class _Rate:
    per_minute: float = 60
    burst: int = 5


@dataclass(frozen=True, slots=True)
class _Help:
    role_needed: str = "a key that may read this address"
    refused_key: str = "It may be wrong or expired, or be shown to the vendor in another way than it expects."


@dataclass(frozen=True, slots=True)
class UnlistedVendor:
    """As much of a connector as a key needs."""

    hosts: tuple[str, ...]
    sign_in: SignIn = field(default_factory=Bearer)
    key: str = UNLISTED
    inputs: Sequence[DeclaredInput] = ()
    rate: _Rate = field(default_factory=_Rate)
    help: _Help = field(default_factory=_Help)

    @classmethod
    def of(cls, credential: Credential) -> "UnlistedVendor":
        """The vendor of a credential that was saved."""
        return cls(credential.hosts, sign_in_from_json(credential.sign_in) if credential.sign_in else Bearer())

    @property
    def title(self) -> str:
        """The host: nothing else is known of it."""
        return Origin.of(self.hosts[0]).host if self.hosts else "the vendor"

    def base_urls(self) -> tuple[str, ...]:
        """Where the key may be sent."""
        return self.hosts

    def request_headers(self, _inputs: Mapping[str, str]) -> dict[str, str]:
        """No header but the key's."""
        return {}


def hosts_entered(text: str) -> tuple[str, ...]:
    """The allowed hosts in what a person typed, one on a line or with commas between; a bare name means https.

    A UserError where none is named.
    """
    words = [word for word in text.replace(",", " ").split() if word]
    if not words:
        raise UserError("Name at least one host that the key may be sent to, such as api.example.com.")
    return tuple(dict.fromkeys(str(Origin.of(word if "://" in word else f"https://{word}")) for word in words))


def address_of(hosts: tuple[str, ...], entered: str) -> str:
    """An address to try a key with: a whole one of an allowed host, or a path of the first.

    A UserError where its host is not among those allowed.
    """
    text = entered.strip()
    address = hosts[0] + text if text.startswith("/") else text
    if str(Origin.of(address)) not in hosts:
        raise UserError(
            f"{Origin.of(address).host} is not among the allowed hosts. Name it there, or choose an address of theirs."
        )
    return address
