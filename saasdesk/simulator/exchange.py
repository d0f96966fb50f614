"""What goes between the server and a simulated vendor: a request, its place in the vendor's API, an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its path without the vendor's prefix; header names are in lower case."""

    method: str
    prefix: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def first(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), None)

    def every(self, name: str) -> list[str]:
        """All values of a repeated query parameter."""
        return [value for key, value in self.query if key == name]


def parse_target(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Take the request line's target apart: the first segment is the prefix under which a vendor is served."""
    parts = urlsplit(target)
    prefix, _, path = parts.path.lstrip("/").partition("/")
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, prefix, "/" + unquote(path), query, headers, body)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: the name of the endpoint, and which page of a listing it asks for.

    Pages count from 1; 0 is no page of a listing, as a probe that asks for a single record.
    """

    endpoint: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor answers."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    ends_listing: bool = False

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """The same answer with more headers."""
        return replace(self, headers={**self.headers, **headers})


def json_answer(value: object, status: int = 200) -> Answer:
    """An answer whose body is this value as JSON."""
    return Answer(status, orjson.dumps(value))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom a complete sync of one vendor must find, with what it must know of them."""

    id: str
    email: str
    name: str
    role: str
    active: bool
    last_activity: str | None
    licences: tuple[str, ...]
    serial: int


@dataclass(frozen=True, slots=True)
class VendorChurn:
    """What changed at one vendor from one moment to the next, by the vendor's own ids and keys.

    `changed` has, for each record, the changed keys with their values before and after.
    """

    created: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: Mapping[str, Mapping[str, tuple[object, object]]] = field(default_factory=dict)


class Vendor(Protocol):
    """What a simulated vendor can do; the server and the controls know nothing else of it."""

    @property
    def name(self) -> str:
        """The name of the connector that this is the other end of; a second organisation's has something after it."""

    @property
    def prefixes(self) -> Sequence[str]:
        """The first segments of the paths that belong to it; the first one is the usual base URL."""

    def locate(self, request: Request) -> Place:
        """Which endpoint and page a request is for; never fails."""

    def answer(self, request: Request, place: Place) -> Answer:
        """Answer as the vendor does, refusals included."""

    def error(self, status: int) -> Answer:
        """The vendor's usual answer with this error status."""

    def key_in(self, request: Request) -> str:
        """The key a request carries, to count it under; empty if none."""

    def limit_headers(self, limit: int, remaining: int, reset_seconds: int) -> Mapping[str, str]:
        """How the vendor tells of its rate limit."""

    def access(self) -> Mapping[str, str]:
        """What an admin enters besides the base URL: the key and further inputs."""

    def all_access(self, url: Callable[[str], str]) -> Mapping[str, str]:
        """Every key by what it may do, and what is entered beside them; `url` gives the base URL of a prefix."""

    def prepare(self) -> None:
        """Do at once what would otherwise make the first answers slower than the later ones."""

    def truth(self) -> list[Account]:
        """Everybody a complete listing must show now, in its order."""

    def records(self, serials: frozenset[int]) -> Mapping[str, Mapping[str, object]]:
        """The records, by id, that these people have here now."""
