"""P06 and P07: the key goes to its own hosts over trusted TLS, and to no error, log, traceback or pickle."""

import logging
import pickle
import socket
import ssl
import traceback
from pathlib import Path

import pytest

from saasdesk.errors import ExitCode, UserError
from saasdesk.web import ErrorKind, HeaderKey, Limits, Origin, Secret, VendorError
from tests.web.conftest import KEY
from tests.web.servers import LoopbackServer, TunnelProxy, http

CERTIFICATES = Path(__file__).parent / "certificates"


def _failure(session, path: str = "/users", method: str = "GET") -> VendorError:
    with pytest.raises(VendorError) as raised:
        session.get(path) if method == "GET" else session.send(method, path, json={"a": 1})
    return raised.value


# Redirects and foreign links


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_p06_a_redirect_to_another_server_takes_no_key_along(open_to, status, method):
    with LoopbackServer(lambda heard: http()) as thief:
        with LoopbackServer(lambda heard: http(status, Location=f"{thief.url}/users")) as server:
            error = _failure(open_to(server.url, sign_in=HeaderKey("x-api-key")), method=method)

        assert thief.heard == []
    assert error.kind is ErrorKind.REDIRECTED
    assert str(error) == "PagerDuty redirected to 127.0.0.1. For safety the key was not sent there."
    assert error.exit_code == ExitCode.VENDOR


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://evil.example.com/x?y=1", "evil.example.com"),
        ("//evil.example.com/x", "evil.example.com"),
        ("https://user:pass@evil.example.com", "evil.example.com"),
        ("http://[::bad", "an address that cannot be read"),
    ],
)
def test_p17_a_redirect_names_the_host_and_nothing_else(open_to, location, host):
    with LoopbackServer(lambda heard: http(302, Location=location)) as server:
        error = _failure(open_to(server.url))

    assert str(error) == f"PagerDuty redirected to {host}. For safety the key was not sent there."


def test_that_a_get_follows_redirects_on_the_same_server(open_to):
    def respond(heard):
        return http(body=b'"here"') if heard.target == "/v2/users?x=1" else http(301, Location="/v2/users?x=1")

    with LoopbackServer(respond) as server:
        assert open_to(server.url).get("/users").json() == "here"


def test_that_a_get_follows_at_most_three_redirects(open_to):
    with LoopbackServer(lambda heard: http(302, Location="/again")) as server:
        error = _failure(open_to(server.url))

        assert len(server.heard) == 4
    assert error.kind is ErrorKind.REDIRECTED


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_that_a_change_follows_no_redirect_even_on_the_same_server(open_to, method):
    with LoopbackServer(lambda heard: http(307, Location="/elsewhere")) as server:
        _failure(open_to(server.url), method=method)

        assert len(server.heard) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/users",
        "https://api.pagerduty.com:8443/users",
        "http://api.pagerduty.com/users",
        "https://api.pagerduty.com@evil.example.com/users",
    ],
)
def test_p06_a_next_link_to_another_origin_is_not_followed(open_to, link):
    error = _failure(open_to("https://api.pagerduty.com"), link)

    assert error.kind is ErrorKind.REDIRECTED
    assert str(error).startswith("PagerDuty pointed to ")
    assert str(error).endswith("; the key was not sent there.")
    assert not error.maybe_sent


def test_that_a_next_link_to_the_same_origin_is_followed(open_to):
    with LoopbackServer(lambda heard: http(body=f'"{heard.target}"'.encode())) as server:
        assert open_to(server.url).get(f"{server.url}/users?cursor=abc").json() == "/users?cursor=abc"


def test_p06_a_base_address_outside_the_bound_hosts_is_refused(open_to):
    with pytest.raises(UserError, match=r"evil\.example\.com is not a host this credential may be used with") as raised:
        open_to("https://evil.example.com", origins=frozenset({Origin.of("https://api.pagerduty.com")}))

    assert raised.value.exit_code == ExitCode.CREDENTIAL


def test_p06_a_name_of_this_machine_that_leads_elsewhere_gets_no_key_in_the_clear(open_to, monkeypatch):
    with LoopbackServer(lambda heard: http()) as server:
        target = ("127.0.0.1", server.port)
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", target)]
        )
        monkeypatch.setattr(socket.socket, "getpeername", lambda self: ("192.0.2.7", target[1]))

        error = _failure(open_to(f"http://localhost:{server.port}"))

        assert server.heard == []
    assert not error.maybe_sent


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_that_without_a_key_nothing_inside_is_called(open_to, host):
    with LoopbackServer(lambda heard: http()) as server:
        error = _failure(open_to(f"http://{host}:{server.port}", secret=None))

        assert server.heard == []
    assert str(error) == f"{host} leads to an address that this call may not go to. Nothing was sent there."


# The machine's own settings


def test_p06_a_netrc_entry_does_not_replace_the_key(open_to, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ana password private-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with LoopbackServer(lambda heard: http()) as server:
        open_to(server.url).get("/users")

        assert server.heard[0].headers["authorization"] == f"Token token={KEY}"


def test_p06_a_key_for_this_machine_is_not_shown_to_a_proxy(open_to, monkeypatch):
    with LoopbackServer(lambda heard: http()) as proxy, LoopbackServer(lambda heard: http()) as server:
        monkeypatch.setenv("http_proxy", proxy.url)

        open_to(server.url).get("/users")
        open_to(server.url, proxy=proxy.url).get("/users")

        assert proxy.heard == []
        assert len(server.heard) == 2


@pytest.mark.parametrize("way", ["environment", "settings"])
def test_p06_a_proxy_gets_a_tunnel_and_not_the_key(open_to, monkeypatch, way):
    with LoopbackServer(lambda heard: http(502)) as proxy:
        if way == "environment":
            monkeypatch.setenv("https_proxy", proxy.url)
        session = open_to(
            "https://api.pagerduty.com", proxy=proxy.url if way == "settings" else None, limits=Limits(tries=1)
        )

        error = _failure(session)

        assert [(heard.method, heard.target) for heard in proxy.heard] == [("CONNECT", "api.pagerduty.com:443")]
        assert KEY not in str(proxy.heard)
    assert error.kind is ErrorKind.NO_NETWORK
    assert str(error) == (
        "The proxy on the way to api.pagerduty.com did not let the call through "
        "(Tunnel connection failed: 502 Whatever). Check the proxy in Settings."
    )
    assert not error.maybe_sent


def test_p06_through_a_proxy_the_key_reaches_the_vendor_encrypted(open_to, tls):
    with LoopbackServer(lambda heard: http(), tls) as server, TunnelProxy(server.port) as proxy:
        # Only a name that is not this machine's own goes through a proxy; the certificate is for that name.
        session = open_to("https://vendor.example.com", proxy=proxy.url, extra_ca=CERTIFICATES / "authority.pem")

        assert session.get("/users").json() == {}
        assert [line.rpartition(" ")[0] for line in proxy.asked] == ["CONNECT vendor.example.com:443"]
        assert server.heard[0].headers["authorization"] == f"Token token={KEY}"
        assert KEY.encode() not in proxy.passed


def test_p17_a_proxy_that_inspects_tls_is_named_as_the_issuer(open_to, tls):
    with LoopbackServer(lambda heard: http(), tls) as server, TunnelProxy(server.port) as proxy:
        error = _failure(open_to("https://vendor.example.com", proxy=proxy.url))

        assert server.heard == []
    assert error.kind is ErrorKind.TLS
    assert "(issuer Example Inspection CA, Example Inspection;" in str(error)


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[fd00::1]"])
def test_that_without_a_key_nothing_inside_is_called_through_a_proxy(open_to, host):
    with LoopbackServer(lambda heard: http(502)) as proxy:
        error = _failure(open_to(f"https://{host}", proxy=proxy.url, secret=None))

        assert proxy.heard == []
    assert not error.maybe_sent


def test_that_the_environments_exceptions_from_the_proxy_are_kept(open_to, monkeypatch):
    with LoopbackServer(lambda heard: http(502)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "example.test")

        error = _failure(open_to("https://vendor.example.test", limits=Limits(tries=1)))

        assert proxy.heard == []
    assert error.kind in {ErrorKind.NO_NETWORK, ErrorKind.TIMEOUT}


# TLS


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    return context


def test_p06_a_certificate_nobody_vouches_for_gets_no_key(open_to, tls, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATES / "authority.pem"))
    with LoopbackServer(lambda heard: http(), tls) as server:
        error = _failure(open_to(f"https://localhost:{server.port}"))

        assert server.heard == []
    assert (error.kind, error.exit_code, error.maybe_sent) == (ErrorKind.TLS, ExitCode.VENDOR, False)
    assert str(error) == (
        "localhost's certificate is not trusted (issuer Example Inspection CA, Example Inspection; "
        "unable to get local issuer certificate). If your company inspects TLS, add its CA in Settings."
    )


def test_p06_authorities_that_the_http_library_brings_along_are_not_trusted(open_to, tls, monkeypatch):
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(CERTIFICATES / "authority.pem"))
    with LoopbackServer(lambda heard: http(), tls) as server:
        error = _failure(open_to(f"https://localhost:{server.port}"))

        assert server.heard == []
    assert error.kind is ErrorKind.TLS


def test_that_an_extra_authority_is_trusted_besides_the_systems(open_to, tls):
    with LoopbackServer(lambda heard: http(), tls) as server:
        session = open_to(f"https://localhost:{server.port}", extra_ca=CERTIFICATES / "authority.pem")

        assert session.get("/users").json() == {}
        assert server.heard[0].headers["authorization"] == f"Token token={KEY}"


def test_p06_a_certificate_for_another_name_is_not_trusted(open_to, tls):
    with LoopbackServer(lambda heard: http(), tls) as server:
        session = open_to(f"https://127.0.0.1:{server.port}", extra_ca=CERTIFICATES / "authority.pem")

        error = _failure(session)

        assert server.heard == []
    assert error.kind is ErrorKind.TLS


def test_p17_a_server_that_speaks_no_tls_is_a_tls_problem(open_to):
    with LoopbackServer(lambda heard: http()) as server:
        error = _failure(open_to(f"https://localhost:{server.port}", limits=Limits(tries=1, read_seconds=1)))

    assert error.kind in {ErrorKind.TLS, ErrorKind.NO_NETWORK, ErrorKind.TIMEOUT}
    assert not error.maybe_sent


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_p17_an_extra_authority_that_cannot_be_read_is_named(open_to, tmp_path, content):
    file = tmp_path / "company.pem"
    if content:
        file.write_text(content)

    with pytest.raises(UserError, match=r"company\.pem cannot be used"):
        open_to("https://api.pagerduty.com", extra_ca=file)


def test_p09_cancel_acts_during_a_tls_handshake(open_to, stop):
    import threading
    import time

    from saasdesk.errors import Cancelled

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Timer(0.2, stop.set).start()
        start = time.monotonic()

        with pytest.raises(Cancelled):
            open_to(f"https://localhost:{listener.getsockname()[1]}").get("/users")

    assert time.monotonic() - start < 2


# The key in no text


def _texts_of(error: BaseException) -> str:
    seen = [error, error.__cause__, error.__context__]
    shown = "".join(f"{part!s}{part!r}{getattr(part, '__dict__', '')}" for part in seen if part is not None)
    return shown + "".join(traceback.format_exception(error, chain=True))


def _every_failure(open_to):
    """Sessions that fail in as many ways as there are layers, each with the key on board."""
    echo = b'{"error": {"message": "bad key ' + KEY.encode() + b'"}}'
    ways = {
        "echoed by the vendor": lambda heard: http(400, echo),
        "echoed with a wrong key": lambda heard: http(401, echo),
        "echoed in a redirect": lambda heard: http(302, Location=f"https://evil.example.com/{KEY}"),
        "echoed in a request id": lambda heard: http(403, b"{}", X_Request_Id=KEY),
        "cut": lambda heard: iter([b""]),
        "not HTTP": lambda heard: iter([b"SSH-2.0\r\n\r\n"]),
        "short": lambda heard: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]),
    }
    for name, respond in ways.items():
        with LoopbackServer(respond) as server:
            yield name, _failure(open_to(server.url, limits=Limits(tries=1)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield "refused", _failure(open_to(f"http://127.0.0.1:{port}", limits=Limits(tries=1)))


def test_p07_no_failure_holds_the_key_in_its_text_attributes_chain_or_traceback(open_to):
    leaks = [name for name, error in _every_failure(open_to) if KEY in _texts_of(error)]

    assert leaks == []


def test_p07_an_error_redacts_its_own_sentence(open_to):
    open_to("https://api.pagerduty.com")

    assert str(VendorError(ErrorKind.REFUSED, f"It said {KEY}.", host="h")) == "It said <secret>."


def test_p07_no_failure_carries_the_key_into_a_pickle(open_to):
    leaks = [name for name, error in _every_failure(open_to) if KEY.encode() in pickle.dumps(error)]

    assert leaks == []


def test_p07_a_failure_hangs_on_to_no_exception_that_knows_the_request(open_to):
    chained = [name for name, error in _every_failure(open_to) if error.__context__ or error.__cause__]

    assert chained == []


def test_p07_not_even_the_debug_log_holds_the_key(open_to, caplog):
    caplog.set_level(logging.DEBUG)

    with LoopbackServer(lambda heard: http()) as server:
        open_to(server.url).get("/users", {"limit": 1})
    list(_every_failure(open_to))

    from saasdesk.web import REDACTOR

    assert caplog.records
    assert KEY not in REDACTOR.redact(caplog.text)
    assert not [
        record for record in caplog.records if record.name.startswith("saasdesk") and KEY in record.getMessage()
    ]


def test_p07_a_session_prints_and_pickles_no_key(open_to):
    session = open_to("https://api.pagerduty.com")

    assert KEY not in f"{session!r}{vars(session)}"
    with pytest.raises(TypeError):
        pickle.dumps(session)


@pytest.mark.parametrize("key", ["k3y-with-line\nend", "k3y-with-ümlaut", "k3y-\x00nul", ""])
def test_p07_a_key_that_cannot_be_sent_is_refused_without_being_shown(open_to, key):
    with pytest.raises(UserError) as raised:
        open_to("https://api.pagerduty.com", secret=Secret(key))

    assert "k3y" not in str(raised.value)
    assert raised.value.exit_code == ExitCode.CREDENTIAL
