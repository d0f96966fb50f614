"""A server on loopback that says exactly the bytes a test wants, over plain HTTP or TLS."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

Reply = bytes | Iterator[bytes]


@dataclass(frozen=True)
class Heard:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class LoopbackServer:
    """Answers each request with what `respond` returns; after a reply in pieces the connection is closed."""

    def __init__(self, respond: Callable[[Heard], Reply], tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self._respond = respond
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.has_ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.has_ended.set()
        for open_socket in (self._socket, *self._connections):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
            open_socket.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
        self._connections.append(connection)
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as incoming:
            while heard := _read(incoming):
                self.heard.append(heard)
                reply = self._respond(heard)
                for piece in [reply] if isinstance(reply, bytes) else reply:
                    connection.sendall(piece)
                if not isinstance(reply, bytes) or b"connection: close" in reply.lower():
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                    return


def _read(incoming) -> Heard | None:
    line = incoming.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    headers: dict[str, str] = {}
    while (header := incoming.readline().decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Heard(line[0], line[1], headers, incoming.read(int(headers.get("content-length", 0))))


def http(status: int = 200, body: bytes = b"{}", content_type: str = "application/json", **headers: str) -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class TunnelProxy:
    """A proxy that knows CONNECT: it notes where it was asked to go, and leads everybody to one port here."""

    def __init__(self, leads_to_port: int) -> None:
        self.asked: list[str] = []
        self.passed = bytearray()
        self._leads_to_port = leads_to_port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._socket, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                self._ends.append(client)
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(4096)
                self.asked.append(head.split(b"\r\n")[0].decode())
                server = socket.create_connection(("127.0.0.1", self._leads_to_port))
                self._ends.append(server)
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                for start, end in ((client, server), (server, client)):
                    thread = threading.Thread(target=self._pass_on, args=(start, end), daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _pass_on(self, start: socket.socket, end: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := start.recv(65536):
                self.passed += data
                end.sendall(data)
            end.shutdown(socket.SHUT_WR)
