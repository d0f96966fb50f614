"""Requests under way, and the watch that cuts the ones that take too long or are no longer wanted.

A thread that waits for a silent server sits inside the operating system and looks at nothing. So every connection has a
second handle on its socket, and one watching thread per session closes the line through it.
"""

import contextlib
import selectors
import socket
import threading
import time
from enum import Enum

_LOOK_SECONDS = 0.1
_IDLE_LOOKS = 20


class Cut(Enum):
    """Why a request was ended from our side."""

    STOP = "stop"
    DEADLINE = "deadline"


class CutOff(Exception):
    """The request was ended from our side."""

    def __init__(self, reason: Cut) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Line:
    """A second handle on a connection, by which another thread can end a wait."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected.dup()
        self._lock = threading.Lock()

    def cut(self) -> None:
        """End whatever waits on the connection."""
        with self._lock, contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the handle."""
        with self._lock:
            self._socket.close()


class Flight:
    """One request under way."""

    def __init__(self, stop: threading.Event, total_seconds: float) -> None:
        self.deadline = time.monotonic() + total_seconds
        self.cut_by: Cut | None = None
        # Whether any of the request itself (not of a proxy's or TLS's greeting) may have reached the vendor.
        self.may_have_left = False
        self.untrusted_issuer = ""
        self._stop = stop
        self._line: Line | None = None
        self._lock = threading.Lock()

    def attach(self, line: Line) -> None:
        """From now on the request can be cut through this line."""
        with self._lock:
            self._line = line
            was_cut = self.cut_by is not None
        if was_cut:
            line.cut()

    def look(self) -> None:
        """Cut the request if its time is up or nobody wants it any more."""
        with self._lock:
            if self.cut_by is None:
                self.cut_by = self._reason()
            line = self._line if self.cut_by is not None else None
        if line is not None:
            line.cut()

    def check(self) -> None:
        """Raise CutOff if the request is to end."""
        if self.cut_by is None:
            self.cut_by = self._reason()
        if self.cut_by is not None:
            raise CutOff(self.cut_by)

    def is_unwanted(self) -> bool:
        """Whether the admin pressed Cancel."""
        return self._stop.is_set()

    def _reason(self) -> Cut | None:
        if self._stop.is_set():
            return Cut.STOP
        return Cut.DEADLINE if time.monotonic() > self.deadline else None


class Watch:
    """Looks at the requests under way ten times a second while there are any."""

    def __init__(self) -> None:
        self._flights: set[Flight] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._is_watching = False

    def begin(self, flight: Flight) -> None:
        """Watch this request."""
        with self._lock:
            self._flights.add(flight)
            if self._is_watching or self._closed.is_set():
                return
            self._is_watching = True
        threading.Thread(target=self._look, name="web-watch", daemon=True).start()

    def end(self, flight: Flight) -> None:
        """The request is over."""
        with self._lock:
            self._flights.discard(flight)

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()

    def _look(self) -> None:
        idle_looks = 0
        while not self._closed.wait(_LOOK_SECONDS):
            with self._lock:
                flights = list(self._flights)
                idle_looks = 0 if flights else idle_looks + 1
                if idle_looks > _IDLE_LOOKS:
                    self._is_watching = False
                    return
            for flight in flights:
                flight.look()


def connect(host: str, port: int, timeout_seconds: float, flight: Flight) -> socket.socket:
    """Open a connection, looking up from the wait often enough to be cancelled.

    Raises what the socket library raises: gaierror for an unknown name, TimeoutError, or another OSError.
    """
    addresses = _look_up(host, port, timeout_seconds, flight)
    deadline = time.monotonic() + timeout_seconds
    failure: OSError = OSError("the name has no address")
    for number, (family, address) in enumerate(addresses):
        # One dead address (often the IPv6 one) must not use up the time of all.
        share = (deadline - time.monotonic()) / (len(addresses) - number)
        attempt = socket.socket(family, socket.SOCK_STREAM)
        try:
            attempt.settimeout(0)
            _wait_for_connection(attempt, address, share, flight)
        except OSError as error:
            attempt.close()
            failure = error
        except CutOff:
            attempt.close()
            raise
        else:
            attempt.settimeout(timeout_seconds)
            return attempt
    raise failure


def _wait_for_connection(attempt: socket.socket, address: tuple[str, int], seconds: float, flight: Flight) -> None:
    deadline = time.monotonic() + seconds
    with contextlib.suppress(BlockingIOError):
        attempt.connect(address)
    with selectors.DefaultSelector() as selector:
        selector.register(attempt, selectors.EVENT_WRITE)
        while not selector.select(_LOOK_SECONDS):
            flight.check()
            if time.monotonic() > deadline:
                raise TimeoutError("timed out")
    code = attempt.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        import os

        raise OSError(code, os.strerror(code))


def _look_up(
    host: str, port: int, timeout_seconds: float, flight: Flight
) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    # Nothing can interrupt the system's resolver; it is left behind in its thread when we no longer want to wait.
    found: list[tuple[socket.AddressFamily, tuple[str, int]]] = []
    failures: list[OSError] = []
    done = threading.Event()

    def ask() -> None:
        try:
            for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((family, address))  # type: ignore[arg-type]  # an IPv6 address is a longer tuple
        except OSError as error:
            failures.append(error)
        except UnicodeError:
            failures.append(socket.gaierror(socket.EAI_NONAME, "not a host name"))
        done.set()

    threading.Thread(target=ask, name="web-look-up", daemon=True).start()
    deadline = time.monotonic() + timeout_seconds
    while not done.wait(_LOOK_SECONDS):
        flight.check()
        if time.monotonic() > deadline:
            raise TimeoutError("timed out")
    if failures:
        raise failures[0]
    return found
