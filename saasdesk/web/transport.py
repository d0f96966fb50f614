"""One exchange with a server, through requests: connections that can be cut, trust, proxies, and bodies within bounds.

Imported only when a session is opened: requests costs more to import than the rest of the program.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import requests.utils
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from saasdesk.settings import NO_PROXY
from saasdesk.web.certificates import issuer_of
from saasdesk.web.errors import ErrorKind, plain_text
from saasdesk.web.flight import Cut, CutOff, Flight, Line, Watch, connect
from saasdesk.web.limits import MEBIBYTE, Limits
from saasdesk.web.origin import Origin, is_loopback_name, is_public_address
from saasdesk.web.trust import trust_store

_CHUNK_BYTES = 128 * 1024

# Which request this thread carries out, and over which connection: urllib3 has no place to hand that through.
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it is to be sent, but for the key."""

    origin: Origin
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came back, before anybody looks at what it means."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    # Without a length a cut body looks like a whole one.
    has_length: bool


class TransportFailure(Exception):
    """No whole answer came back."""

    def __init__(self, kind: ErrorKind, sentence: str, *, may_retry: bool = False) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.may_retry = may_retry


class _AddressRefused(Exception):
    """The name led to an address that this request may not go to."""


class _TooLarge(Exception):
    """The answer is larger than it may be."""


class _Connection(HTTPConnection):
    """A connection that belongs to a flight and can be cut from another thread."""

    must_be_public = False
    _line: Line | None = None
    _flight: Flight | None = None
    _is_connecting = False

    def _new_conn(self) -> socket.socket:
        flight: Flight = _thread.flight
        seconds = self.timeout if isinstance(self.timeout, (int, float)) else Limits().connect_seconds
        try:
            connected = connect(self.host, self.port, seconds, flight)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except OSError as error:
            raise NewConnectionError(self, error.strerror or str(error)) from error
        for option in self.socket_options or ():
            connected.setsockopt(*option)
        if self.proxy is None and not self._allows(str(connected.getpeername()[0])):
            connected.close()
            raise _AddressRefused
        self._line = Line(connected)
        self._fly(flight)
        return connected

    def _allows(self, peer: str) -> bool:
        if self.must_be_public:
            return is_public_address(peer)
        # Over plain HTTP a key stays on this machine, whatever the name server says of "localhost".
        return isinstance(self, HTTPSConnection) or is_loopback_name(peer)

    def _fly(self, flight: Flight) -> None:
        self._flight = flight
        _thread.connection = self
        if self._line is not None:
            flight.attach(self._line)

    def connect(self) -> None:
        """Connect, greet a proxy, shake hands; none of that is the request yet."""
        self._is_connecting = True
        try:
            super().connect()
        finally:
            self._is_connecting = False

    def request(self, *arguments: Any, **options: Any) -> None:  # Any: handed through as urllib3 gave it
        """Send the request, as part of this thread's flight."""
        self._fly(_thread.flight)
        super().request(*arguments, **options)

    def send(self, data: Any) -> None:  # Any: handed through as http.client gave it
        """Send bytes, and note when they are the request's own."""
        if self.sock is None:
            self.connect()
        if self._flight is not None and not self._is_connecting:
            self._flight.may_have_left = True
        super().send(data)

    def land(self, flight: Flight) -> None:
        """The flight is over: if the connection is too, its second handle goes with it."""
        if self._flight is flight:
            self._flight = None
            if self.sock is None:
                self._drop_line()

    def close(self) -> None:
        """Close, but keep the second handle while an answer is still read: the socket lives on in it."""
        super().close()
        if self._flight is None:
            self._drop_line()

    def _drop_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""

    def connect(self) -> None:
        """Connect and shake hands; where the certificate is not trusted, find out who issued it."""
        try:
            super().connect()
        except ssl.SSLCertVerificationError:
            flight: Flight = _thread.flight
            flight.untrusted_issuer = self._look_at_issuer(flight)
            self._fly(flight)
            raise

    def _look_at_issuer(self, flight: Flight) -> str:
        # OpenSSL shows no certificate that it refused, so shake hands once more and hang up: nothing is ever sent here.
        if self.proxy is not None and self.proxy.scheme == "https":
            return ""
        peek = _PeekConnection(self.host, self.port, timeout=5, proxy=self.proxy, proxy_config=self.proxy_config)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            if self._tunnel_host:
                peek.set_tunnel(self._tunnel_host, self._tunnel_port, getattr(self, "_tunnel_headers", None))
            peek.connect()
            with context.wrap_socket(peek.sock, server_hostname=self._tunnel_host or self.host) as shown:
                return issuer_of(shown.getpeercert(binary_form=True) or b"")
        except (OSError, CutOff, urllib3.exceptions.HTTPError):
            return ""
        finally:
            peek.close()
            peek.land(flight)


class _PeekConnection(_Connection):
    """Looks at a certificate and says nothing."""

    def _allows(self, peer: str) -> bool:
        del peer
        return True


class _PublicConnection(_Connection):
    """Goes to the open internet only."""

    must_be_public = True


class _PublicSecureConnection(_SecureConnection):
    """Goes to the open internet only."""

    must_be_public = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicSecurePool(HTTPSConnectionPool):
    ConnectionCls = _PublicSecureConnection


class _Adapter(HTTPAdapter):
    """requests' adapter with our connections and our trust."""

    def __init__(self, connections: int, trust: ssl.SSLContext | None, *, must_be_public: bool) -> None:
        self._trust = trust
        self._pools = (
            {"http": _PublicPool, "https": _PublicSecurePool}
            if must_be_public
            else {"http": _Pool, "https": _SecurePool}
        )
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # Any: handed through as requests gave it
        """Use our connections, and our trust on them."""
        super().init_poolmanager(*arguments, **options, ssl_context=self._trust)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # Any: requests' own type
        """The same behind a proxy."""
        options |= {"ssl_context": self._trust, "proxy_ssl_context": self._trust}
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, *_: object) -> None:
        """Leave trust to the context: requests would add a list of authorities of its own."""
        conn.cert_reqs = "CERT_REQUIRED"


class Transport:
    """Carries requests to the origins of one session, at most a few at a time."""

    def __init__(
        self,
        origins: frozenset[Origin],
        limits: Limits,
        *,
        extra_ca: Path | None = None,
        proxy: str | None = None,
        must_be_public: bool = False,
    ) -> None:
        trust = trust_store(extra_ca) if any(origin.scheme == "https" for origin in origins) else None
        self._limits = limits
        self._adapter = _Adapter(limits.connections, trust, must_be_public=must_be_public)
        self._proxy = proxy
        self._proxies: dict[Origin, dict[str, str] | None] = dict.fromkeys(origins)
        self._must_be_public = must_be_public
        self._watch = Watch()
        self._slots = threading.BoundedSemaphore(limits.connections)

    def exchange(self, flight: Flight, outgoing: Outgoing, auth: AuthBase | None) -> RawAnswer:
        """Send one request and read its answer; raises TransportFailure or CutOff."""
        origin = outgoing.origin
        self._take_slot(flight)
        self._watch.begin(flight)
        _thread.flight = flight
        _thread.connection = None
        failure: Exception
        try:
            return self._carry_out(flight, outgoing, auth)
        except CutOff as error:
            failure = error
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            http.client.HTTPException,
            OSError,
            UnicodeError,
            _AddressRefused,
            _TooLarge,
        ) as error:
            failure = self._explain(error, flight, origin)
        finally:
            self._watch.end(flight)
            if _thread.connection is not None:
                _thread.connection.land(flight)
            _thread.flight = _thread.connection = None
            self._slots.release()
        if flight.cut_by is not None:
            failure = CutOff(flight.cut_by)
        if isinstance(failure, CutOff) and failure.reason is Cut.DEADLINE:
            failure = TransportFailure(
                ErrorKind.TIMEOUT,
                f"{origin.host} took longer than {self._limits.total_seconds:g} seconds to answer. Stopped reading; "
                "try again later.",
            )
        # Raised here and not above: an exception of requests carries the request, and with it the key.
        raise failure

    def close(self) -> None:
        """Hang up on everybody."""
        self._watch.close()
        self._adapter.close()

    def _take_slot(self, flight: Flight) -> None:
        while not self._slots.acquire(timeout=0.2):
            if flight.is_unwanted():
                raise CutOff(Cut.STOP)

    def _carry_out(self, flight: Flight, outgoing: Outgoing, auth: AuthBase | None) -> RawAnswer:
        origin = outgoing.origin
        proxies = self._way_to(origin)
        if self._must_be_public and proxies and not _may_be_public(origin.host):
            raise _AddressRefused
        place = str(origin)
        request = requests.PreparedRequest()
        request.prepare(outgoing.method, place + outgoing.target, dict(outgoing.headers), data=outgoing.body, auth=auth)
        if not (request.url or "").startswith(f"{place}/"):
            raise _AddressRefused
        limits = self._limits
        # Not Session.send: even with redirects switched off it reads the whole body of a redirect, however long.
        response = self._adapter.send(
            request, stream=True, timeout=(limits.connect_seconds, limits.read_seconds), proxies=proxies
        )
        is_good = response.status_code < 300
        content = b""
        try:
            content = b"".join(_chunks(response.raw, flight, limits.body_bytes if is_good else limits.error_body_bytes))
        except _TooLarge:
            if is_good:
                raise
        finally:
            response.raw.close()
        flight.check()
        has_length = "Content-Length" in response.headers or "chunked" in response.headers.get("Transfer-Encoding", "")
        return RawAnswer(response.status_code, response.headers, content, has_length)

    def _way_to(self, origin: Origin) -> dict[str, str]:
        """The proxy in front of an origin, asked once: the environment at every request would cost a third of it."""
        proxies = self._proxies[origin]
        if proxies is None:
            proxies = self._proxies[origin] = _proxies_for(origin, self._proxy)
        return proxies

    def _explain(self, error: Exception, flight: Flight, origin: Origin) -> TransportFailure:
        host = origin.host
        causes = tuple(_causes(error))

        def has(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        if has(_AddressRefused):
            return TransportFailure(
                ErrorKind.REFUSED, f"{host} leads to an address that this call may not go to. Nothing was sent there."
            )
        if has(_TooLarge):
            size = self._limits.body_bytes / MEBIBYTE
            return TransportFailure(ErrorKind.TOO_LARGE, f"The answer is larger than {size:g} MB. Stopped reading.")
        if not flight.may_have_left:
            return self._explain_no_connection(causes, flight, host)
        if has(ReadTimeoutError, TimeoutError):
            return TransportFailure(
                ErrorKind.TIMEOUT,
                f"{host} did not answer within {self._limits.read_seconds:g} seconds. Try again later.",
                may_retry=True,
            )
        is_cut = has(http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError, ssl.SSLError)
        if not is_cut and has(DecodeError, http.client.HTTPException, UnicodeError, urllib3.exceptions.InvalidHeader):
            return TransportFailure(
                ErrorKind.NONSENSE,
                f"The answer from {host} was not understood: it is not proper HTTP. Check the address and the proxy.",
            )
        return TransportFailure(
            ErrorKind.NO_NETWORK,
            f"The connection to {host} was cut before its answer was complete. Check the network and try again.",
            may_retry=True,
        )

    def _explain_no_connection(self, causes: tuple[BaseException, ...], flight: Flight, host: str) -> TransportFailure:
        for cause in causes:
            match cause:
                case requests.exceptions.InvalidHeader() | UnicodeError():
                    return TransportFailure(
                        ErrorKind.REFUSED,
                        "A header of the request holds a character that cannot be sent. Enter the credential and its "
                        "inputs again. Nothing was sent.",
                    )
                case requests.exceptions.InvalidSchema():
                    return TransportFailure(
                        ErrorKind.NO_NETWORK, "The proxy is of a kind that is not supported. Use an HTTP proxy."
                    )
                case requests.exceptions.InvalidURL() | requests.exceptions.InvalidProxyURL():
                    return TransportFailure(
                        ErrorKind.NO_NETWORK, "The address of the vendor or of the proxy cannot be read. Check both."
                    )
                case _:
                    pass
        if any(isinstance(cause, ProxyError) for cause in causes):
            return TransportFailure(
                ErrorKind.NO_NETWORK,
                f"The proxy on the way to {host} did not let the call through ({_reason(causes)}). "
                "Check the proxy in Settings.",
                may_retry=True,
            )
        for cause in causes:
            match cause:
                case ssl.SSLCertVerificationError():
                    return _untrusted(host, flight.untrusted_issuer, cause.verify_message)
                case ssl.SSLError():
                    return TransportFailure(
                        ErrorKind.TLS,
                        f"{host} and this computer found no common way to encrypt "
                        f"({plain_text(str(cause.reason), 60)}). If a proxy is in between, ask whoever runs it.",
                    )
                case NameResolutionError():
                    return TransportFailure(
                        ErrorKind.NO_NETWORK,
                        f"{host} was not found. Check the network connection, VPN and name server, and run again.",
                        may_retry=True,
                    )
                case ConnectTimeoutError() | TimeoutError() if not isinstance(cause, NewConnectionError):
                    return TransportFailure(
                        ErrorKind.TIMEOUT,
                        f"{host} accepted no connection within {self._limits.connect_seconds:g} seconds. "
                        "Check the network connection, VPN and proxy.",
                        may_retry=True,
                    )
                case _:
                    pass
        return TransportFailure(
            ErrorKind.NO_NETWORK,
            f"{host} could not be reached ({_reason(causes)}). Check the network connection, VPN and proxy.",
            may_retry=True,
        )


def _chunks(body: urllib3.response.BaseHTTPResponse, flight: Flight, most_bytes: int) -> Iterator[bytes]:
    size = 0
    while chunk := body.read(_CHUNK_BYTES, decode_content=True):
        size += len(chunk)
        if size > most_bytes:
            raise _TooLarge
        yield chunk
        flight.check()


def _proxies_for(origin: Origin, proxy: str | None) -> dict[str, str]:
    # A proxy in front of this very machine makes no sense, and it would read what is sent there in the clear.
    if origin.is_loopback:
        return {}
    if proxy == NO_PROXY:
        return {}
    if proxy is not None:
        return {origin.scheme: proxy}
    return dict(requests.utils.get_environ_proxies(str(origin), no_proxy=None))


def _may_be_public(host: str) -> bool:
    # Behind a proxy the peer is the proxy; what is left to look at is the name itself.
    if is_loopback_name(host):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return is_public_address(host)


def _untrusted(host: str, issuer: str, why: str) -> TransportFailure:
    known = [f"issuer {plain_text(issuer, 200)}"] if issuer else []
    details = "; ".join([*known, plain_text(why, 100)])
    return TransportFailure(
        ErrorKind.TLS,
        f"{host}'s certificate is not trusted ({details}). If your company inspects TLS, add its CA in Settings.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it was made from: requests and urllib3 wrap in several ways."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


def _reason(causes: tuple[BaseException, ...]) -> str:
    """The operating system's own words, the only ones in an exception that never hold an address or a key."""
    for cause in reversed(causes):
        if isinstance(cause, OSError):
            text = cause.strerror or (str(cause) if type(cause) is OSError else "")
            if text:
                return plain_text(text, 100)
    return "no connection"
