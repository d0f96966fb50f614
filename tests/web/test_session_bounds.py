"""P09: no answer exhausts memory, hangs, or outlives its deadline, and Cancel acts within two seconds. Real sockets."""

import contextlib
import gzip
import socket
import threading
import time
import tracemalloc
import zlib

import pytest

from saasdesk.errors import Cancelled, ExitCode
from saasdesk.web import CancelledMidway, ErrorKind, Limits, VendorError
from tests.web.servers import LoopbackServer, http

MEBIBYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _limits(**changes: object) -> Limits:
    return Limits(**({"back_off_seconds": (0,), "tries": 2} | changes))


def _failure(session, path: str = "/users") -> VendorError:
    with pytest.raises(VendorError) as raised:
        session.get(path)
    return raised.value


def test_p09_a_gzip_bomb_is_stopped_while_it_unpacks(open_to):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * MEBIBYTE) for _ in range(96)) + packer.flush()
    with LoopbackServer(lambda heard: http(body=bomb, Content_Encoding="gzip")) as server:
        session = open_to(server.url, limits=_limits(body_bytes=8 * MEBIBYTE))
        tracemalloc.start()

        error = _failure(session)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert len(bomb) < MEBIBYTE
    assert str(error) == "The answer is larger than 8 MB. Stopped reading."
    assert (error.kind, error.exit_code, error.tries) == (ErrorKind.TOO_LARGE, ExitCode.VENDOR, 1)
    assert peak < 24 * MEBIBYTE


def test_p09_an_endless_answer_is_stopped_at_the_limit(open_to):
    def endless():
        yield HEAD + b"\r\n"
        while True:
            yield b"x" * MEBIBYTE

    with LoopbackServer(lambda heard: endless()) as server:
        assert _failure(open_to(server.url, limits=_limits(body_bytes=MEBIBYTE))).kind is ErrorKind.TOO_LARGE


def test_p17_the_usual_limit_reads_as_64_mb(open_to):
    def endless():
        yield HEAD + b"\r\n"
        while True:
            yield b"x" * MEBIBYTE

    with LoopbackServer(lambda heard: endless()) as server:
        assert str(_failure(open_to(server.url))) == "The answer is larger than 64 MB. Stopped reading."


def test_p09_an_endless_error_page_is_read_only_a_little(open_to):
    def endless():
        yield b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>"
        while True:
            yield b"x" * MEBIBYTE

    with LoopbackServer(lambda heard: endless()) as server:
        assert _failure(open_to(server.url)).kind is ErrorKind.WEB_PAGE


def test_p09_an_endless_redirect_body_is_not_read(open_to):
    def endless():
        yield b"HTTP/1.1 302 Found\r\nLocation: https://evil.example.com/\r\n\r\n"
        while True:
            yield b"x" * MEBIBYTE

    with LoopbackServer(lambda heard: endless()) as server:
        assert _failure(open_to(server.url)).kind is ErrorKind.REDIRECTED


def _drip(server_ended: threading.Event, head: bytes):
    yield head
    while not server_ended.wait(0.02):
        yield b" "


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD + b"\r\n", HEAD + b"Content-Length: 100000\r\n\r\n"],
    ids=["in the headers", "in a body without a length", "in a body with a length"],
)
def test_p09_a_byte_now_and_then_does_not_outlive_the_deadline(open_to, head):
    with LoopbackServer(lambda heard: _drip(server.has_ended, head)) as server:
        session = open_to(server.url, limits=_limits(total_seconds=0.4))
        start = time.monotonic()

        error = _failure(session)
        seconds = time.monotonic() - start

    assert seconds < 1.5
    assert error.kind is ErrorKind.TIMEOUT
    assert str(error).startswith("127.0.0.1 took longer than 0.4 seconds to answer.")


def test_p09_a_silent_server_is_given_up_after_the_read_time(open_to):
    with LoopbackServer(lambda heard: _silence(server)) as server:
        error = _failure(open_to(server.url, limits=_limits(read_seconds=0.2)))

    assert error.kind is ErrorKind.TIMEOUT
    assert str(error) == "127.0.0.1 did not answer within 0.2 seconds. Try again later. Tried 2 times."
    assert len(server.heard) == 2


def _silence(server):
    server.has_ended.wait(20)
    yield b""


@pytest.mark.parametrize(
    "head",
    [None, HEAD, HEAD + b"Content-Length: 100\r\n\r\n{", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n"],
    ids=["before the answer", "in the headers", "in the body", "between chunks"],
)
def test_p09_cancel_acts_within_two_seconds_on_a_server_that_says_nothing(open_to, stop, head):
    def respond(heard):
        if head:
            yield head
        threading.Timer(0.1, stop.set).start()
        yield from _silence(server)

    with LoopbackServer(respond) as server:
        session = open_to(server.url)
        start = time.monotonic()

        with pytest.raises(Cancelled) as raised:
            session.get("/users")

        assert time.monotonic() - start < 2
        assert not isinstance(raised.value, CancelledMidway)


def test_p09_cancel_acts_on_every_thread_of_a_session(open_to, stop):
    outcomes: list[str] = []

    def fetch() -> None:
        with contextlib.suppress(Cancelled):
            session.get("/users")
            outcomes.append("answered")
            return
        outcomes.append("cancelled")

    with LoopbackServer(lambda heard: _silence(server)) as server:
        session = open_to(server.url)
        threads = [threading.Thread(target=fetch) for _ in range(6)]
        for thread in threads:
            thread.start()
        threading.Timer(0.2, stop.set).start()
        for thread in threads:
            thread.join(2)

    assert outcomes == ["cancelled"] * 6


def test_p09_cancel_acts_while_connecting(open_to, stop):
    # A listener whose queue is full takes no connection and refuses none.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(listener.getsockname())
        threading.Timer(0.1, stop.set).start()
        start = time.monotonic()

        with pytest.raises(Cancelled):
            open_to(f"http://127.0.0.1:{listener.getsockname()[1]}").get("/users")

        for filler in fillers:
            filler.close()
    assert time.monotonic() - start < 2


def test_p17_a_connection_that_is_never_taken_is_given_up(open_to):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(listener.getsockname())

        error = _failure(
            open_to(f"http://127.0.0.1:{listener.getsockname()[1]}", limits=_limits(connect_seconds=0.2, tries=1))
        )

        for filler in fillers:
            filler.close()
    assert error.kind is ErrorKind.TIMEOUT
    assert str(error).startswith("127.0.0.1 accepted no connection within 0.2 seconds.")
    assert not error.maybe_sent


def test_p09_cancel_acts_while_a_name_is_looked_up(open_to, stop, monkeypatch):
    held = threading.Event()
    true_look_up = socket.getaddrinfo

    def slow_look_up(host, *arguments, **options):
        held.wait(10)
        return true_look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow_look_up)
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()

    with pytest.raises(Cancelled):
        open_to("https://api.pagerduty.com").get("/users")

    held.set()
    assert time.monotonic() - start < 2


def test_p09_cancel_of_a_call_that_may_have_been_carried_out_says_so(open_to, stop):
    def respond(heard):
        stop.set()
        yield from _silence(server)

    with LoopbackServer(respond) as server, pytest.raises(CancelledMidway):
        open_to(server.url).send("DELETE", "/users/P1")


# Cut answers


@pytest.mark.parametrize(
    "reply",
    [
        HEAD + b"Content-Length: 100\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n[1,2,",
        HEAD + b'\r\n{"users": [{"id": "P1"',
        b"HTTP/1.1 200 OK\r\nContent-Ty",
        b"",
    ],
    ids=["short", "between chunks", "inside a chunk", "without a length", "in the headers", "before the answer"],
)
def test_p09_a_cut_answer_is_tried_again_and_never_taken_for_a_whole_one(open_to, reply):
    def respond(heard):
        # Yielded and not returned, so that the connection is closed after it.
        yield reply

    with LoopbackServer(respond) as server:
        error = _failure(open_to(server.url, limits=_limits(tries=3)))

    assert len(server.heard) == 3
    assert error.kind is ErrorKind.NO_NETWORK
    assert str(error) == (
        "The connection to 127.0.0.1 was cut before its answer was complete. Check the network and try again. "
        "Tried 3 times."
    )


def test_that_a_cut_answer_to_a_change_leaves_open_whether_it_was_carried_out(open_to):
    with LoopbackServer(lambda heard: iter([b""])) as server, pytest.raises(VendorError) as raised:
        open_to(server.url).send("DELETE", "/users/P1")

    assert len(server.heard) == 1
    assert raised.value.maybe_sent


def test_that_a_whole_answer_without_a_length_is_read(open_to):
    with LoopbackServer(lambda heard: iter([HEAD + b'\r\n{"users": []}'])) as server:
        assert open_to(server.url).get("/users").json() == {"users": []}


def test_that_an_answer_that_closes_the_connection_is_read(open_to):
    with LoopbackServer(lambda heard: http(Connection="close")) as server:
        session = open_to(server.url)

        assert [session.get("/users").json() for _ in range(3)] == [{}, {}, {}]


def test_that_a_packed_answer_is_unpacked(open_to):
    packed = gzip.compress(b'{"users": []}')
    with LoopbackServer(lambda heard: http(body=packed, Content_Encoding="gzip")) as server:
        assert open_to(server.url).get("/users").json() == {"users": []}


@pytest.mark.parametrize(
    "reply",
    [
        http(body=b"not gzip at all", Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(300)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ],
    ids=["not packed", "too many headers", "a header too long", "not HTTP"],
)
def test_p09_what_is_not_proper_http_is_not_understood(open_to, reply):
    with LoopbackServer(lambda heard: iter([reply])) as server:
        error = _failure(open_to(server.url))

    assert error.kind is ErrorKind.NONSENSE
    assert error.exit_code == ExitCode.VENDOR


# No way there


def test_p17_a_port_that_nobody_listens_on_is_named_with_the_reason(open_to):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    error = _failure(open_to(f"http://127.0.0.1:{port}"))

    assert error.kind is ErrorKind.NO_NETWORK
    assert str(error) == (
        "127.0.0.1 could not be reached (Connection refused). Check the network connection, VPN and proxy. "
        "Tried 2 times."
    ).replace("Tried 2 times.", "Tried 5 times.")
    assert not error.maybe_sent


def test_p17_a_name_that_is_unknown_is_named(open_to, monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    error = _failure(open_to("https://api.pagerduty.com", limits=_limits(tries=1)))

    assert str(error) == (
        "api.pagerduty.com was not found. Check the network connection, VPN and name server, and run again."
    )
    assert (error.kind, error.maybe_sent) == (ErrorKind.NO_NETWORK, False)


def test_that_a_name_with_a_dead_address_is_reached_by_the_other(open_to, monkeypatch):
    with LoopbackServer(lambda heard: http()) as server:
        dead = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 1))
        alive = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [dead, alive])

        assert open_to(f"http://localhost:{server.port}").get("/users").status == 200


def test_that_a_closed_session_leaves_no_thread_and_no_socket(open_to):
    with LoopbackServer(lambda heard: http()) as server:
        session = open_to(server.url)
        session.get("/users")
        watchers = [thread for thread in threading.enumerate() if thread.name == "web-watch"]

        session.close()
        for watcher in watchers:
            watcher.join(1)

    assert not [watcher for watcher in watchers if watcher.is_alive()]
