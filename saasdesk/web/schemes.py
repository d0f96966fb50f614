"""How a key is shown to a vendor: in a header, in the query, as basic auth or as a bearer token."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from saasdesk.errors import UserError
from saasdesk.web.secret import Secret

if TYPE_CHECKING:
    from requests.auth import AuthBase

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_QUERY_NAME = re.compile(r"[\w.\[\]-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class HeaderKey:
    """The key stands in a header, after a fixed prefix."""

    header: str
    prefix: str = ""

    def __post_init__(self) -> None:
        if not _HEADER_NAME.fullmatch(self.header):
            raise UserError(f"“{self.header}” is not a header name. It looks like X-Api-Key.")
        if not (self.prefix.isascii() and (self.prefix.isprintable() or not self.prefix)):
            raise UserError("The prefix of the key holds a character that no header can carry.")

    def auth(self, secret: Secret) -> "AuthBase":
        """What signs a request."""
        from saasdesk.web.signing import HeaderSigner

        return HeaderSigner(self.header, self.prefix, secret)

    def clean(self, text: str) -> str:
        """The bare key out of what a person pasted: header name, prefix and quotes come along with copied examples."""
        text = _without(_unwrapped(text), f"{self.header}:")
        # A prefix that ends with a space is none without it: a key may begin with the same letters.
        return _bare(_without(text, self.prefix.lstrip()) if self.prefix.strip() else text)


@dataclass(frozen=True, slots=True)
class QueryKey:
    """The key stands in the query of the address."""

    name: str

    def __post_init__(self) -> None:
        if not _QUERY_NAME.fullmatch(self.name):
            raise UserError(f"“{self.name}” is not the name of a query value. It looks like api_key.")

    def auth(self, secret: Secret) -> "AuthBase":
        """What signs a request."""
        from saasdesk.web.signing import QuerySigner

        return QuerySigner(self.name, secret)

    def clean(self, text: str) -> str:
        """The bare key out of what a person pasted."""
        return _bare(_without(_unwrapped(text), f"{self.name}="))


@dataclass(frozen=True, slots=True)
class Basic:
    """Name and password (or token), kept as one secret with a colon between them."""

    def auth(self, secret: Secret) -> "AuthBase":
        """What signs a request."""
        from saasdesk.web.signing import BasicSigner

        return BasicSigner(secret)

    def clean(self, text: str) -> str:
        """The name, a colon and the password out of what a person pasted.

        A UserError where there is no colon, or nothing on one side of it.
        """
        text = _unwrapped(text)
        if ":" not in text:
            raise UserError("Basic auth needs a name and a password: type them as name:password.")
        return text


@dataclass(frozen=True, slots=True)
class Bearer:
    """The key stands in the Authorization header as a bearer token."""

    def auth(self, secret: Secret) -> "AuthBase":
        """What signs a request."""
        return HeaderKey("Authorization", "Bearer ").auth(secret)

    def clean(self, text: str) -> str:
        """The bare token out of what a person pasted."""
        return HeaderKey("Authorization", "Bearer ").clean(text)


SignIn = HeaderKey | QueryKey | Basic | Bearer


def sign_in_to_json(sign_in: SignIn) -> str:
    """The scheme as a credential keeps it; it holds no secret."""
    match sign_in:
        case HeaderKey(header, prefix):
            document = {"kind": "header", "header": header, "prefix": prefix}
        case QueryKey(name):
            document = {"kind": "query", "name": name}
        case Basic():
            document = {"kind": "basic"}
        case Bearer():
            document = {"kind": "bearer"}
        case _:
            assert_never(sign_in)
    return json.dumps(document)


def sign_in_from_json(text: str) -> SignIn:
    """The scheme that a credential keeps, or a sentence saying what is wrong with it."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    match document:
        case {"kind": "header", "header": str(header), **rest}:
            return HeaderKey(header, str(rest.get("prefix", "")))
        case {"kind": "query", "name": str(name)}:
            return QueryKey(name)
        case {"kind": "basic"}:
            return Basic()
        case {"kind": "bearer"}:
            return Bearer()
        case _:
            raise UserError("The way this credential signs in cannot be read. Enter the credential again.")


# What stands before a key in the examples of all kinds of vendors; no key has a space after its first word.
_USUAL_BEGINNINGS = re.compile(r"(?:authorization:\s*)?(?:bearer\s+|token\s+token=|token\s+)|x-api-key:", re.IGNORECASE)


def split_scheme(text: str, schemes: Sequence[str]) -> tuple[str, str]:
    """Which of these prefixes stands before a pasted key, and the key without it; longer prefixes are tried first."""
    key = _unwrapped(text)
    if key.lower().startswith("authorization:"):
        key = key.partition(":")[2].strip()
    for scheme in sorted(schemes, key=len, reverse=True):
        if scheme.strip() and key.lower().startswith(scheme.lower()) and len(key) > len(scheme):
            return scheme, _unwrapped(key[len(scheme) :])
    return "", text


def _bare(text: str) -> str:
    """A key without what another vendor's example, or a habit, put before it."""
    text = _unwrapped(text)
    return _unwrapped(_USUAL_BEGINNINGS.sub("", text, count=1) if _USUAL_BEGINNINGS.match(text) else text)


def _unwrapped(text: str) -> str:
    text = text.strip()
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'`":
        text = text[1:-1].strip()
    return text


def _without(text: str, beginning: str) -> str:
    return text[len(beginning) :].strip() if text.lower().startswith(beginning.lower()) else text
