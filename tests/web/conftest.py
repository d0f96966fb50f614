"""Sessions to a loopback vendor, which every test of the web layer needs."""

import threading
from collections.abc import Callable, Iterator

import pytest

from saasdesk.web import Budget, HeaderKey, Limits, Origin, Secret, VendorSession

# A made-up key that no other text holds.
KEY = "k3y-Zq8+plain/Text=73"


@pytest.fixture(autouse=True)
def _no_proxy_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def open_to(stop: threading.Event) -> Iterator[Callable[..., VendorSession]]:
    """Open a session to an address; tries follow each other at once."""
    opened: list[VendorSession] = []

    def open_session(base_url: str, **options: object) -> VendorSession:
        settings: dict = {
            "origins": frozenset({Origin.of(base_url)}),
            "sign_in": HeaderKey("Authorization", "Token token="),
            "secret": Secret(KEY),
            "budget": Budget(600_000, 10_000),
            "stop": stop,
            "limits": Limits(back_off_seconds=(0,)),
            "vendor": "PagerDuty",
        }
        session = VendorSession(base_url=base_url, **(settings | options))
        opened.append(session)
        return session

    yield open_session
    for session in opened:
        session.close()
