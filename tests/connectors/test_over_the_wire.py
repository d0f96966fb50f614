"""The client over a true session and a true socket: what a fake session cannot show."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

from saasdesk.connectors import Connector, Gone, Region, Unsure, VendorClient
from saasdesk.connectors.pagerduty import PAGERDUTY
from saasdesk.errors import Cancelled, ExitCode
from saasdesk.web import Answer, Budget, ErrorKind, Limits, Origin, Secret, VendorError, VendorSession
from tests.connectors.fake_pagerduty import FakePagerDuty, users

KEY = "y-loopback-key-4711"
QUICK = Limits(connect_seconds=2, read_seconds=5, total_seconds=10, back_off_seconds=(0.01,))


@dataclass
class Served:
    """A vendor on a port of this machine."""

    base_url: str
    vendor: FakePagerDuty
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    # May answer (status, content type, body) in the vendor's place.
    instead: Callable[[str, int], tuple[int, str, bytes] | None] = lambda _path, _number: None
    key: str = KEY


@contextmanager
def serve(vendor: FakePagerDuty) -> Iterator[Served]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            served.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            status, kind, content = self._choose(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            # Whoever cancelled has hung up meanwhile.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(content)

        def _choose(self, body: bytes) -> tuple[int, str, bytes]:
            parts = urlsplit(self.path)
            instead = served.instead(parts.path, len(served.requests))
            if instead is not None:
                return instead
            if self.headers.get("Authorization") != f"Token token={served.key}":
                return self._error(401, 2006)
            if self.headers.get("Accept") != "application/vnd.pagerduty+json;version=2":
                return self._error(406, 2000)
            try:
                if self.command == "POST":
                    answer = vendor.send("POST", parts.path, json=orjson.loads(body), retry=True)
                else:
                    answer = vendor.get(parts.path, dict(parse_qsl(parts.query)))
            except VendorError as error:
                return error.status or 500, "application/json", orjson.dumps(error.json_error)
            return answer.status, answer.headers["Content-Type"], answer.body

        def _error(self, status: int, code: int) -> tuple[int, str, bytes]:
            return status, "application/json", orjson.dumps({"error": {"message": "Refused", "code": code}})

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}", vendor)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def served() -> Iterator[Served]:
    with serve(FakePagerDuty(users(950))) as running:
        yield running


@contextmanager
def connect(
    served: Served, *, key: str = KEY, stop: threading.Event | None = None, others: tuple[Served, ...] = ()
) -> Iterator[VendorClient]:
    connector = regions_at(served, *others)
    session = VendorSession(
        frozenset(Origin.of(each.base_url) for each in (served, *others)),
        served.base_url,
        connector.sign_in,
        Secret(key),
        Budget(1_000_000, 1_000),
        stop or threading.Event(),
        headers=connector.request_headers({}),
        limits=QUICK,
        vendor=connector.title,
    )
    with session:
        yield VendorClient(connector, session, {"base_url": served.base_url})


def regions_at(*served: Served) -> Connector:
    names = ("US", "EU")
    return replace(
        PAGERDUTY, regions=tuple(Region(name, each.base_url) for name, each in zip(names, served, strict=False))
    )


def ids(client: VendorClient) -> list[str]:
    with client.list_users() as listing:
        return [record.id for page in listing for record in page.records]


def test_that_a_list_comes_over_whole_and_in_order(served: Served) -> None:
    served.vendor.sign_ins = [{"id": "P000001", "last_sign_in_at": "2026-10-01T08:00:00"}]

    with connect(served) as client:
        found = ids(client)

    assert found == [f"P{number:06d}" for number in range(950)]
    assert client.unavailable == {}
    assert served.vendor.most_at_once <= 4


def test_p07_that_the_key_is_in_no_log_and_no_error(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    with connect(served) as client:
        shown += [repr(client.probe()), repr(client.list_users().evidence), *ids(client)]
    served.key = "another"
    with connect(served) as client, pytest.raises(VendorError) as caught:
        client.probe()

    shown += [str(caught.value), repr(caught.value), repr(vars(caught.value)), caplog.text]
    assert served.requests
    assert not [text for text in shown if KEY in text]


def test_that_an_error_on_the_way_is_tried_again_and_costs_nobody(served: Served) -> None:
    failed: set[str] = set()

    def once(path: str, number: int) -> tuple[int, str, bytes] | None:
        if number % 3 == 0 and str(number) not in failed:
            failed.add(str(number))
            return 503, "text/html", b"<html>busy</html>"
        return None

    served.instead = once

    with connect(served) as client:
        assert len(ids(client)) == 950
    assert failed


def test_that_a_wrong_key_is_told_from_a_key_of_the_other_region() -> None:
    with ExitStack() as stack:
        us = stack.enter_context(serve(FakePagerDuty(users(3))))
        eu = stack.enter_context(serve(FakePagerDuty(users(3))))
        us.key = "a-key-of-the-us-region"
        client = stack.enter_context(connect(us, others=(eu,)))

        with pytest.raises(VendorError, match=f"it opens the EU region. Set the address to {eu.base_url}") as caught:
            client.probe()
        assert caught.value.exit_code == ExitCode.CREDENTIAL

        eu.key = "a-key-of-the-eu-region"
        with pytest.raises(VendorError, match="It may be wrong, expired, or for the other region"):
            client.probe()


def test_that_the_key_of_an_address_of_ones_own_is_not_tried_at_the_vendors_regions() -> None:
    with ExitStack() as stack:
        simulator = stack.enter_context(serve(FakePagerDuty(users(3))))
        eu = stack.enter_context(serve(FakePagerDuty(users(3))))
        simulator.key = "a-key-of-something-else"
        client = stack.enter_context(connect(simulator, others=(eu,)))
        client.connector = regions_at(eu)

        with pytest.raises(VendorError, match="or for the other region"):
            client.probe()

        assert eu.requests == []


def test_that_another_region_that_cannot_be_reached_is_asked_only_once() -> None:
    with ExitStack() as stack:
        us = stack.enter_context(serve(FakePagerDuty(users(3))))
        eu = stack.enter_context(serve(FakePagerDuty(users(3))))
        us.key = "a-key-of-the-us-region"
        eu.instead = lambda _path, _number: (503, "application/json", b"{}")
        client = stack.enter_context(connect(us, others=(eu,)))

        with pytest.raises(VendorError, match="or for the other region"):
            client.probe()

        assert len(eu.requests) == 1


def test_p06_that_a_region_the_key_is_not_bound_to_is_never_asked() -> None:
    with ExitStack() as stack:
        us = stack.enter_context(serve(FakePagerDuty(users(3))))
        eu = stack.enter_context(serve(FakePagerDuty(users(3))))
        us.key = "a-key-of-the-us-region"
        client = stack.enter_context(connect(us))
        client.connector = regions_at(us, eu)

        with pytest.raises(VendorError, match="or for the other region"):
            client.probe()

        assert eu.requests == []


def test_that_a_proxy_page_is_told_from_a_wrong_key(served: Served) -> None:
    served.instead = lambda *_: (200, "text/html", b"<html>Welcome to the guest network</html>")

    with connect(served) as client, pytest.raises(VendorError, match=r"got a web page \(status 200\)") as caught:
        client.probe()

    assert (caught.value.kind, caught.value.exit_code) == (ErrorKind.WEB_PAGE, ExitCode.VENDOR)


def test_that_no_network_is_told_from_a_wrong_key(served: Served) -> None:
    with serve(FakePagerDuty()) as gone:
        pass

    with connect(gone) as client, pytest.raises(VendorError) as caught:
        client.probe()

    assert (caught.value.kind, caught.value.exit_code) == (ErrorKind.NO_NETWORK, ExitCode.VENDOR)


def test_that_a_key_without_rights_is_told_from_a_wrong_one(served: Served) -> None:
    served.instead = lambda *_: (403, "application/json", b'{"error":{"code":2010,"message":"Forbidden"}}')

    with connect(served) as client, pytest.raises(VendorError, match="The key may not list users") as caught:
        client.probe()

    assert (caught.value.kind, caught.value.exit_code) == (ErrorKind.FORBIDDEN, ExitCode.CREDENTIAL)


def test_p03_that_a_user_is_gone_by_the_vendors_word_and_not_by_a_web_page(served: Served) -> None:
    with connect(served) as client:
        assert client.read_user("PGONE") == Gone()

        served.instead = lambda *_: (404, "text/html", b"<html>Not found</html>")
        assert isinstance(client.read_user("PGONE"), Unsure)

        served.instead = lambda *_: (404, "application/json", b"")
        assert isinstance(client.read_user("PGONE"), Unsure)


def test_p09_that_cancel_ends_pages_that_hang_and_their_threads(served: Served) -> None:
    stop, let_go = threading.Event(), threading.Event()
    hanging = threading.Semaphore(0)

    def hang(path: str, number: int) -> tuple[int, str, bytes] | None:
        if len(served.vendor.user_pages()) >= 1:
            hanging.release()
            let_go.wait(30)
        return None

    served.instead = hang
    since: list[float] = []

    def cancel() -> None:
        for _ in range(4):
            hanging.acquire()
        since.append(time.monotonic())
        stop.set()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        with connect(served, stop=stop) as client, pytest.raises(Cancelled):
            ids(client)
        took = time.monotonic() - since[0]
    finally:
        let_go.set()
        canceller.join()

    assert took < 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pages")]


def test_that_answers_are_parsed_in_the_thread_that_reads_the_list(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed_in: set[str] = set()
    parse = Answer.json

    def watched(answer: Answer) -> object:
        parsed_in.add(threading.current_thread().name)
        return parse(answer)

    monkeypatch.setattr(Answer, "json", watched)

    with connect(served) as client:
        ids(client)

    assert parsed_in == {threading.current_thread().name}
