"""Whether a host can be reached, asked without any key."""

import socket
import threading

import pytest

from saasdesk.errors import Cancelled
from saasdesk.web import Origin, reach
from saasdesk.web.transport import _proxies_for
from tests.web.servers import LoopbackServer, http


def test_that_a_host_is_reached_whatever_it_answers(stop):
    with LoopbackServer(lambda heard: http(status=404)) as server:
        reached = reach(Origin.of(server.url), None, None, stop)

    assert (reached.host, reached.problem) == ("127.0.0.1", "")


def test_that_a_host_that_is_not_there_is_answered_with_why(stop):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    reached = reach(Origin.of(f"http://127.0.0.1:{port}"), None, None, stop)

    assert "could not be reached" in reached.problem


def test_that_asking_ends_when_nobody_waits_any_more():
    stopped = threading.Event()
    stopped.set()
    with LoopbackServer(lambda heard: http()) as server, pytest.raises(Cancelled):
        reach(Origin.of(server.url), None, None, stopped)


def test_that_no_proxy_at_all_means_not_even_the_one_of_the_system(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://proxy.example.com:3128")
    vendor = Origin.of("https://api.pagerduty.com")

    assert _proxies_for(vendor, None) == {"https": "http://proxy.example.com:3128"}
    assert _proxies_for(vendor, "none") == {}
