"""A plain HTTP client for asking the simulated vendors, and simulations that are stopped after each test."""

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.pagerduty import KeyKind

TODAY = date(2026, 11, 21)
VENDOR_TYPE = "application/vnd.pagerduty+json;version=2"


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Speaks to one simulator over one kept connection."""

    simulator: Simulator
    kind: KeyKind = KeyKind.FULL
    prefix: str = "pagerduty"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.simulator.port, timeout=20)
        self.headers = {
            "Authorization": f"Token token={self.simulator.key(self.kind)}",
            "Accept": VENDOR_TYPE,
            **self.headers,
        }

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Reply:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.connection.request(method, target, body or None, sent)
        answer = self.connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def get(self, path: str, *pairs: tuple[str, object], **parameters: object) -> Reply:
        query = urlencode([*pairs, *parameters.items()])
        return self.ask("GET", f"/{self.prefix}{path}?{query}")

    def post(self, path: str, body: object) -> Reply:
        return self.ask("POST", f"/{self.prefix}{path}", json.dumps(body).encode(), Content_Type="application/json")

    def listing(self, limit: int = 100) -> list[dict[str, Any]]:
        users: list[dict[str, Any]] = []
        while True:
            page = self.get("/users", limit=limit, offset=len(users)).json
            users += page["users"]
            if not page["more"]:
                return users

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Simulator]]:
    """Start a simulator with these settings; stopped at the end."""
    started = []

    def start_one(people: int = 250, **settings: Any) -> Simulator:
        simulator = Simulator(people, **{"today": TODAY, **settings})
        simulator.start()
        started.append(simulator)
        return simulator

    yield start_one
    for simulator in started:
        simulator.stop()


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """A client for a simulator, closed at the end."""
    opened = []

    def connect_one(simulator: Simulator, **settings: Any) -> Client:
        client = Client(simulator, **settings)
        opened.append(client)
        return client

    yield connect_one
    for client in opened:
        client.close()


@pytest.fixture
def ask(start: Callable[..., Simulator], connect: Callable[..., Client]) -> Callable[..., Client]:
    """A client for a new simulator with these settings."""
    return lambda people=250, **settings: connect(start(people, **settings))
