import socket
import threading
from collections.abc import Callable

import pytest

from saasdesk.errors import UserError
from saasdesk.simulator.control import Simulator
from tests.simulator.conftest import Client

Ask = Callable[..., Client]
Start = Callable[..., Simulator]
Connect = Callable[..., Client]


def test_that_one_connection_carries_many_requests(ask: Ask) -> None:
    client = ask(500)

    client.listing()

    assert client.simulator.requests.count("pagerduty", endpoint="users") == 5
    assert client.simulator.requests.connections == 1


def test_that_four_clients_at_once_get_every_page(start: Start, connect: Connect) -> None:
    simulator = start(2_000, latency_ms=5)
    offsets = iter(range(0, 2_000, 100))
    found: list[str] = []

    def read_pages() -> None:
        client = connect(simulator)
        for offset in offsets:
            found.extend(user["id"] for user in client.get("/users", limit=100, offset=offset).json["users"])

    threads = [threading.Thread(target=read_pages) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == sorted(account.id for account in simulator.truth("pagerduty"))
    assert simulator.requests.most_at_once > 1


def test_that_hundreds_of_pages_are_answered_with_everybody_in_them(ask: Ask) -> None:
    client = ask(9_900)
    client.simulator.prepare()

    users = sum(len(client.get("/users", limit=100, offset=offset).json["users"]) for offset in range(0, 9_900, 40))

    assert users == sum(min(100, 9_900 - offset) for offset in range(0, 9_900, 40))


def test_that_the_client_may_ask_to_close_the_connection(ask: Ask) -> None:
    reply = ask().ask("GET", "/pagerduty/users?limit=1", Connection="close")

    assert reply.headers["connection"] == "close"


def test_that_a_body_in_chunks_is_understood(ask: Ask) -> None:
    client = ask()
    client.connection.request(
        "POST",
        "/pagerduty/analytics/raw/users",
        iter([b'{"limit"', b": 3}"]),
        {**client.headers, "Content-Type": "application/json"},
        encode_chunked=True,
    )

    answer = client.connection.getresponse()

    assert answer.status == 200
    assert b'"data"' in answer.read()


@pytest.mark.parametrize(
    "nonsense", [b"\r\n\r\n", b"hello\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"\xff\xfe"]
)
def test_that_nonsense_closes_the_connection_and_nothing_else(ask: Ask, nonsense: bytes) -> None:
    client = ask()

    with socket.create_connection(("127.0.0.1", client.simulator.port), timeout=10) as connection:
        connection.sendall(nonsense)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""

    assert client.get("/users").status == 200


def test_that_stopping_lets_go_of_connections_and_port(start: Start, connect: Connect) -> None:
    simulator = start()
    client = connect(simulator)
    client.get("/users")

    simulator.stop()

    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", simulator.port), timeout=5)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("simulator")]


def test_that_a_taken_port_is_said_in_a_sentence(start: Start) -> None:
    port = start().port

    with pytest.raises(UserError, match=f"port {port}"):
        Simulator(port=port).start()


def test_that_only_loopback_is_listened_on(start: Start) -> None:
    assert start().access()["pagerduty"]["base_url"].startswith("http://127.0.0.1:")


def test_that_a_key_over_its_limit_is_told_when_to_come_back(ask: Ask) -> None:
    client = ask(rate_limit=3)

    replies = [client.get("/users", limit=1) for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert [reply.headers["ratelimit-remaining"] for reply in replies] == ["2", "1", "0", "0"]
    assert {reply.headers["ratelimit-limit"] for reply in replies} == {"3"}
    assert 1 <= int(replies[-1].headers["ratelimit-reset"]) <= 60
    assert replies[-1].json["error"]["code"] == 2020
    assert "retry-after" not in replies[-1].headers


def test_that_each_key_has_a_limit_of_its_own(ask: Ask) -> None:
    client = ask(rate_limit=1)
    client.get("/users", limit=1)

    assert client.ask("GET", "/pagerduty/users", Authorization="Token token=other").status == 401


def test_that_a_window_that_is_over_starts_a_new_one(ask: Ask) -> None:
    client = ask(rate_limit=1, rate_window_seconds=0.0)

    assert [client.get("/users", limit=1).status for _ in range(3)] == [200, 200, 200]


def test_that_without_a_limit_there_are_no_limit_headers(ask: Ask) -> None:
    assert "ratelimit-limit" not in ask().get("/users").headers


def test_that_the_error_rate_is_about_what_was_asked_for_and_the_same_each_time(start: Start, connect: Connect) -> None:
    runs = []
    for _ in range(2):
        client = connect(start(5, error_rate=0.2))
        runs.append([client.get("/users", limit=1).status for _ in range(300)])

    assert runs[0] == runs[1]
    assert 30 <= sum(status != 200 for status in runs[0]) <= 90
    assert set(runs[0]) == {200, 500, 502, 503, 504}


def test_that_the_controls_never_fail_by_the_error_rate(ask: Ask) -> None:
    client = ask(5, error_rate=1.0)

    assert client.ask("GET", "/_truth/people").json == {"people": 5}


def test_that_the_log_counts_by_what_was_asked_and_answered(ask: Ask) -> None:
    client = ask(150)
    client.listing()
    client.get("/users/PZZZZZZ")

    log = client.simulator.requests
    assert log.count() == 3
    assert log.count(endpoint="users", status=200) == 2
    assert log.count(status=404) == 1
    assert log.latest[1].query == (("limit", "100"), ("offset", "100"))


def test_that_no_key_is_in_the_log(ask: Ask) -> None:
    client = ask()
    client.listing()

    assert client.simulator.key() not in repr(client.simulator.requests.latest)
