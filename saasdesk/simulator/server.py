"""A small HTTP/1.1 server on loopback: a thread for each connection, and slow or broken only on purpose."""

import random
import selectors
import socket
import threading
import time
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from io import BufferedReader

from saasdesk.simulator.exchange import Answer, Place, Request, Vendor, json_answer, parse_target
from saasdesk.simulator.faults import ANY_SERVER, Fault, FaultKind, Faults

WEB_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"
_GATEWAY_PAGE = b"<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"
_MEBIBYTE = 1 << 20
_MAX_REQUEST_BODY = _MEBIBYTE
_STORM_LIMIT = 960


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the network and the vendor are like: how slow, how many requests a window for each key, how unreliable."""

    latency_seconds: float = 0.0
    rate_limit: int | None = None
    rate_window_seconds: float = 60.0
    error_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that was answered; never its key."""

    moment: float
    vendor: str
    method: str
    endpoint: str
    page: int
    path: str
    query: tuple[tuple[str, str], ...]
    status: int


class RequestLog:
    """What was asked and answered: counters of everything and the latest requests themselves."""

    def __init__(self) -> None:
        self.latest: deque[LoggedRequest] = deque(maxlen=10_000)
        self.most_at_once = 0
        self.connections = 0
        self._counts: Counter[tuple[str, str, str, int]] = Counter()
        self._now = 0
        self._lock = threading.Lock()

    def count(
        self,
        vendor: str | None = None,
        *,
        method: str | None = None,
        endpoint: str | None = None,
        status: int | None = None,
    ) -> int:
        """How many requests there were of this kind; a status of 0 is an answer that is not finished."""
        wanted = (vendor, method, endpoint, status)
        with self._lock:
            return sum(
                number
                for key, number in self._counts.items()
                if all(want in (None, has) for want, has in zip(wanted, key, strict=True))
            )

    def summary(self) -> list[dict[str, object]]:
        """All counters, for reading over HTTP."""
        with self._lock:
            counts = sorted(self._counts.items())
        return [
            {"vendor": vendor, "method": method, "endpoint": endpoint, "status": status, "count": number}
            for (vendor, method, endpoint, status), number in counts
        ]

    def connected(self) -> None:
        """A client has opened a connection."""
        with self._lock:
            self.connections += 1

    def begin(self) -> None:
        """A request has arrived."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)

    def end(self) -> None:
        """An answer is sent, or given up."""
        with self._lock:
            self._now -= 1

    def note(self, vendor: str, place: Place, request: Request, status: int) -> None:
        """It is decided what is answered: noted before it is sent, so that whoever has the answer finds it noted."""
        entry = LoggedRequest(
            time.monotonic(), vendor, request.method, place.endpoint, place.page, request.path, request.query, status
        )
        with self._lock:
            self._counts[vendor, request.method, place.endpoint, status] += 1
            self.latest.append(entry)


class _RateLimit:
    """Counts the requests of each key in windows of a fixed length."""

    def __init__(self, limit: int, window_seconds: float) -> None:
        self.limit = limit
        self._window_seconds = window_seconds
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, vendor: str, key: str) -> tuple[bool, int, int]:
        """Whether one more request is within the limit, how many remain, and seconds until there are more."""
        now = time.monotonic()
        with self._lock:
            ends, used = self._windows.get((vendor, key), (0.0, 0))
            if now >= ends:
                ends, used = now + self._window_seconds, 0
            is_allowed = used < self.limit
            used += is_allowed
            self._windows[vendor, key] = ends, used
        return is_allowed, self.limit - used, max(1, round(ends - now + 0.499))


class Server:
    """Serves vendors under their prefixes, and whatever `controls` answers outside of them.

    `between_listings` is called when a vendor's listing is begun after another one was read to its end.
    """

    def __init__(
        self,
        vendors: Sequence[Vendor],
        faults: Faults,
        conditions: Conditions,
        *,
        controls: Callable[[Request], Answer],
        between_listings: Callable[[], object],
        seed: int,
    ) -> None:
        self.log = RequestLog()
        self._by_prefix = {prefix: vendor for vendor in vendors for prefix in vendor.prefixes}
        self._controls = controls
        self._between_listings = between_listings
        self._faults = faults
        self._conditions = conditions
        self._limit = (
            _RateLimit(conditions.rate_limit, conditions.rate_window_seconds) if conditions.rate_limit else None
        )
        self._chance = random.Random(f"{seed}/errors")  # noqa: S311 - a game, not a secret
        self._complete: set[str] = set()
        self._stopping = threading.Event()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._wake: socket.socket | None = None
        self._accepting: threading.Thread | None = None

    def start(self, port: int = 0) -> int:
        """Listen on loopback, on a free port unless one is asked for, and return the port."""
        listener = socket.create_server(("127.0.0.1", port), backlog=128)
        woken, self._wake = socket.socketpair()
        self._listener = listener
        self._accepting = threading.Thread(target=self._accept, args=(listener, woken), name="simulator", daemon=True)
        self._accepting.start()
        bound: int = listener.getsockname()[1]
        return bound

    def stop(self) -> None:
        """Stop listening, let go of every connection and wait for their threads."""
        self._stopping.set()
        if self._wake is None or self._accepting is None:
            return
        self._wake.close()
        self._wake = None
        self._accepting.join()
        with self._lock:
            open_now = list(self._connections.items())
        for connection, _ in open_now:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        for _, thread in open_now:
            thread.join(timeout=5)

    def _accept(self, listener: socket.socket, woken: socket.socket) -> None:
        with listener, woken, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while not self._stopping.is_set():
                if any(key.fileobj is listener for key, _ in selector.select()):
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        continue  # gone again before we looked
                    self._serve_in_thread(connection)

    def _serve_in_thread(self, connection: socket.socket) -> None:
        thread = threading.Thread(target=self._serve, args=(connection,), name="simulator-connection", daemon=True)
        with self._lock:
            self._connections[connection] = thread
        self.log.connected()
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        """Answer one request after another until either side has had enough."""
        try:
            with connection, connection.makefile("rb") as reader:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not self._stopping.is_set():
                    arrived = _read_request(reader)
                    if arrived is None:
                        return
                    request, keep_alive = arrived
                    if not self._respond(connection, request, keep_alive=keep_alive) or not keep_alive:
                        return
        except (OSError, ValueError):
            return  # the client hung up, or does not speak HTTP
        finally:
            with self._lock:
                self._connections.pop(connection, None)

    def _respond(self, connection: socket.socket, request: Request, *, keep_alive: bool) -> bool:
        """Send the answer to one request; False when the connection is of no more use."""
        vendor = self._by_prefix.get(request.prefix)
        if vendor is None:
            _send(connection, request, self._controls(request), keep_alive=keep_alive)
            return True
        self.log.begin()
        place = vendor.locate(request)
        try:
            if self._conditions.latency_seconds:
                self._stopping.wait(self._conditions.latency_seconds)
            answer, fault = self._answer(vendor, request, place)
            self.log.note(vendor.name, place, request, 0 if fault else answer.status)
            if fault is None:
                _send(connection, request, answer, keep_alive=keep_alive)
                return True
            return self._send_spoilt(connection, request, answer, fault)
        finally:
            self.log.end()

    def _answer(self, vendor: Vendor, request: Request, place: Place) -> tuple[Answer, Fault | None]:
        """What to answer, and the fault that the sending itself has to show, if there is one."""
        headers: Mapping[str, str] = {}
        if self._limit is not None:
            is_allowed, remaining, reset_seconds = self._limit.take(vendor.name, vendor.key_in(request))
            headers = vendor.limit_headers(self._limit.limit, remaining, reset_seconds)
            if not is_allowed:
                return vendor.error(429).with_headers(headers), None
        fault = self._faults.take(ANY_SERVER, vendor.name, place.endpoint, place.page)
        if fault is not None:
            spoilt = _spoilt_answer(vendor, fault)
            if spoilt is not None:
                return spoilt, None
        elif self._conditions.error_rate:
            with self._lock:
                fails = self._chance.random() < self._conditions.error_rate
                status = self._chance.choice((500, 502, 503, 504))
            if fails:
                bad = vendor.error(500) if status == 500 else Answer(status, _GATEWAY_PAGE, "text/html")
                return bad.with_headers(headers), None
        if place.page == 1:
            with self._lock:
                follows_another = vendor.name in self._complete
                self._complete.discard(vendor.name)
            if follows_another:
                self._between_listings()
        answer = vendor.answer(request, place)
        if answer.ends_listing:
            with self._lock:
                self._complete.add(vendor.name)
        if fault is not None and fault.kind is FaultKind.WRONG_TYPE:
            return Answer(answer.status, answer.body, "text/plain; charset=utf-8", headers), None
        return answer.with_headers(headers) if headers else answer, fault

    def _send_spoilt(self, connection: socket.socket, request: Request, answer: Answer, fault: Fault) -> bool:
        """Send an answer whose trouble lies in the sending; the connection is lost each time."""
        head = _head(request, answer, len(answer.body), keep_alive=False)
        half = answer.body[: len(answer.body) // 2]
        match fault.kind:
            case FaultKind.CUT_SHORT:
                connection.sendall(head + half)
            case FaultKind.CUT_WITHOUT_LENGTH:
                connection.sendall(_head(request, answer, None, keep_alive=False) + half)
            case FaultKind.HANG:
                self._stopping.wait()
            case FaultKind.DRIP:
                connection.sendall(head)
                for byte in answer.body:
                    if self._stopping.wait(fault.amount):
                        break
                    connection.sendall(bytes((byte,)))
            case FaultKind.HUGE:
                size = int(fault.amount * _MEBIBYTE)
                connection.sendall(_head(request, answer, size + 4, keep_alive=False) + b'{"')
                for _ in range(size // _MEBIBYTE):
                    connection.sendall(b"u" * _MEBIBYTE)
                connection.sendall(b"u" * (size % _MEBIBYTE) + b'"}')
            case FaultKind.BOMB:
                packed = answer.with_headers({"Content-Encoding": "gzip"})
                connection.sendall(_head(request, packed, None, keep_alive=False))
                for piece in _bomb(int(fault.amount)):
                    connection.sendall(piece)
            case _:
                pass  # DROP: nothing is sent at all
        return False


def _spoilt_answer(vendor: Vendor, fault: Fault) -> Answer | None:
    """The answer given instead of the vendor's own, for the faults that are an answer."""
    match fault.kind:
        case FaultKind.STATUS if not fault.with_headers:
            return Answer(fault.status or 500, b"", "text/plain")
        case FaultKind.STATUS if fault.status == 429:
            return vendor.error(429).with_headers(vendor.limit_headers(_STORM_LIMIT, 0, int(fault.amount)))
        case FaultKind.STATUS:
            return vendor.error(fault.status or 500)
        case FaultKind.WEB_PAGE:
            return Answer(fault.status or 200, WEB_PAGE, "text/html; charset=utf-8")
        case FaultKind.REDIRECT:
            return Answer(fault.status or 302, headers={"Location": fault.location})
        case FaultKind.DEEP:
            levels = int(fault.amount)
            return Answer(200, b'{"users":' + b"[" * levels + b"]" * levels + b"}")
        case FaultKind.NOT_A_NUMBER:
            return Answer(200, b'{"users":[{"id":NaN}],"more":false}')
        case _:
            return None


def _bomb(mebibytes: int) -> Iterator[bytes]:
    """Very few bytes that unpack to very many."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for _ in range(mebibytes):
        yield pack.compress(b" " * _MEBIBYTE)
    yield pack.flush()


def _read_request(reader: BufferedReader) -> tuple[Request, bool] | None:
    """The next request and whether the client stays after it; None when there is none or it makes no sense."""
    line = reader.readline(65_537).decode("latin-1").split()
    if len(line) != 3 or not line[2].startswith("HTTP/1."):
        return None
    method, target, version = line
    headers: dict[str, str] = {}
    while (raw := reader.readline(65_537)) not in (b"\r\n", b"\n"):
        name, colon, value = raw.decode("latin-1").partition(":")
        if not colon:
            return None
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > _MAX_REQUEST_BODY:
        return None
    body = _read_chunks(reader) if "chunked" in headers.get("transfer-encoding", "") else reader.read(int(length))
    stays = headers.get("connection", "").lower() != "close" and version == "HTTP/1.1"
    return parse_target(method, target, headers, body), stays


def _read_chunks(reader: BufferedReader) -> bytes:
    body = b""
    while size := int(reader.readline(64).partition(b";")[0] or b"0", 16):
        body += reader.read(size)
        reader.readline(8)
    reader.readline(8)
    return body


def _head(request: Request, answer: Answer, length: int | None, *, keep_alive: bool) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unknown')}"]
    if answer.status != 204:
        lines.append(f"Content-Type: {answer.content_type}")
        if length is not None:
            lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if request_id := request.headers.get("x-request-id"):
        lines.append(f"X-Request-Id: {request_id}")
    if not keep_alive:
        lines.append("Connection: close")
    return "\r\n".join((*lines, "", "")).encode("latin-1")


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def _send(connection: socket.socket, request: Request, answer: Answer, *, keep_alive: bool) -> None:
    head = _head(request, answer, len(answer.body), keep_alive=keep_alive)
    connection.sendall(head if request.method == "HEAD" else head + answer.body)


def not_found(request: Request) -> Answer:
    """The answer for a path that belongs to no vendor and no control."""
    return json_answer({"error": f"nothing is served at /{request.prefix}{request.path}"}, 404)
