"""Each fault spoils what it says, where it says, as often as it says."""

import gzip
import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import ANY_SERVER, HOSTILE_NAMES, LISTINGS, Fault, FaultKind
from tests.simulator.conftest import Client

Ask = Callable[..., Client]
Page = Callable[..., Any]


def spoil(client: Client, kind: FaultKind, **settings: Any) -> Fault:
    return client.simulator.faults.add(Fault(kind, **settings))


def test_that_every_kind_of_fault_belongs_to_servers_or_listings() -> None:
    assert set(FaultKind) == ANY_SERVER | LISTINGS
    assert not ANY_SERVER & LISTINGS


@pytest.mark.parametrize(
    ("status", "code"), [(500, 2000), (503, 2000), (408, 2016), (429, 2020), (403, 2010), (401, 2006)]
)
def test_that_one_page_fails_with_a_status(ask: Ask, status: int, code: int) -> None:
    client = ask(250)
    spoil(client, FaultKind.STATUS, page=2, status=status)

    replies = [client.get("/users", limit=100, offset=offset) for offset in (0, 100, 200)]

    assert [reply.status for reply in replies] == [200, status, 200]
    assert replies[1].json["error"]["code"] == code


def test_that_a_fault_of_the_first_page_spares_a_probe(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.STATUS, page=1)

    assert client.get("/users", limit=1).status == 200
    assert client.get("/users", limit=100).status == 500


def test_that_a_fault_happens_as_often_as_it_says(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.STATUS, times=2)

    assert [client.get("/users").status for _ in range(3)] == [500, 500, 200]


def test_that_faults_can_be_switched_off(ask: Ask) -> None:
    client = ask(250)
    first, _ = spoil(client, FaultKind.STATUS, status=500), spoil(client, FaultKind.STATUS, status=503)

    client.simulator.faults.remove(first)
    assert client.get("/users").status == 503

    client.simulator.faults.clear()
    assert client.get("/users").status == 200


def test_that_other_endpoints_are_spared(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.STATUS, endpoint="licenses", status=402)

    assert client.get("/licenses").status == 402
    assert client.get("/users").status == 200
    assert client.get("/license_allocations").status == 200


def test_that_a_storm_of_429_tells_when_it_is_over(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.STATUS, status=429, amount=7)

    assert client.get("/users").headers["ratelimit-reset"] == "7"


def test_that_a_bare_429_has_neither_json_nor_headers(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.STATUS, status=429, with_headers=False)

    reply = client.get("/users")

    assert (reply.status, reply.body) == (429, b"")
    assert not any(name.startswith("ratelimit") for name in reply.headers)


def test_that_a_web_page_comes_instead_of_json(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.WEB_PAGE)

    reply = client.get("/users")

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<html>" in reply.body


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_that_a_redirect_points_elsewhere(ask: Ask, status: int) -> None:
    client = ask(250)
    spoil(client, FaultKind.REDIRECT, status=status, location="https://evil.example.com/")

    reply = client.get("/users")

    assert (reply.status, reply.headers["location"]) == (status, "https://evil.example.com/")


def test_that_right_json_comes_with_the_wrong_content_type(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.WRONG_TYPE)

    reply = client.get("/users")

    assert reply.headers["content-type"].startswith("text/plain")
    assert len(reply.json["users"]) == 25


def test_that_a_body_is_cut_short(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.CUT_SHORT)

    with pytest.raises(http.client.IncompleteRead):
        client.get("/users")


def test_that_a_body_without_length_ends_in_the_middle(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.CUT_WITHOUT_LENGTH)

    reply = client.get("/users")

    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)


def test_that_a_dropped_connection_answers_nothing(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.DROP)

    with pytest.raises(http.client.RemoteDisconnected):
        client.get("/users")


def test_that_a_huge_body_is_as_large_as_asked(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.HUGE, amount=3)

    assert len(client.get("/users").body) == 3 * (1 << 20) + 4


def test_that_a_bomb_is_small_until_it_is_unpacked(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.BOMB, amount=4)

    reply = client.get("/users")

    assert reply.headers["content-encoding"] == "gzip"
    assert len(reply.body) < 20_000
    assert len(gzip.decompress(reply.body)) == 4 << 20


def test_that_a_drip_comes_whole_in_the_end(ask: Ask) -> None:
    client = ask(1)
    spoil(client, FaultKind.DRIP, amount=0)

    assert len(client.get("/users").json["users"]) == 1


def test_that_a_hanging_answer_ends_with_the_simulation(
    start: Callable[..., Simulator], connect: Callable[..., Client]
) -> None:
    simulator = start()
    client = connect(simulator)
    simulator.faults.add(Fault(FaultKind.HANG))
    client.connection.request("GET", "/pagerduty/users", headers=client.headers)

    simulator.stop()

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        client.connection.getresponse()


def test_that_a_deep_body_is_as_deep_as_asked(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.DEEP, amount=100)

    assert client.get("/users").body.count(b"[") == 100


def test_that_not_a_number_is_no_json_for_strict_readers(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.NOT_A_NUMBER)

    assert b"NaN" in client.get("/users").body


def test_that_an_empty_list_claims_to_be_all(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.EMPTY_LIST)

    page = client.get("/users", limit=100, total="true").json

    assert (page["users"], page["more"], page["total"]) == ([], False, 0)


def test_that_an_endless_list_promises_more_of_nothing(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.ENDLESS, page=3)

    page = client.get("/users", limit=100, offset=200).json

    assert (page["users"], page["more"]) == ([], True)


def test_that_the_list_can_be_missing_from_a_page(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.MISSING_KEY, page=2)

    assert "users" not in client.get("/users", limit=100, offset=100).json


def test_that_items_can_be_something_else_than_objects(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.NOT_OBJECTS)

    assert all(isinstance(item, str) for item in client.get("/users").json["users"])


def test_that_a_page_is_sent_twice(ask: Ask) -> None:
    client = ask(350)
    spoil(client, FaultKind.REPEATED_PAGE, page=3)

    second, third = (client.get("/users", limit=100, offset=offset).json for offset in (100, 200))

    assert second["users"] == third["users"]
    assert third["more"] is True


def test_that_the_first_page_is_sent_for_ever(ask: Ask) -> None:
    client = ask(150)
    spoil(client, FaultKind.REPEATED_PAGE)

    pages = [client.get("/users", limit=100, offset=offset).json for offset in (0, 100, 200)]

    assert pages[0]["users"] == pages[1]["users"] == pages[2]["users"]
    assert all(page["more"] for page in pages)


def test_that_the_total_lies_by_the_amount(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.WRONG_TOTAL, amount=40)

    assert client.get("/users", limit=100, total="true").json["total"] == 290
    assert client.get("/users", limit=100).json["total"] is None


def test_that_a_shrinking_list_makes_a_reader_miss_people_who_are_still_there(ask: Ask) -> None:
    client = ask(300)
    spoil(client, FaultKind.SHRINKING, page=1, amount=5, times=1)

    users = client.listing()

    here = {account.id for account in client.simulator.truth("pagerduty")}
    missed = here - {user["id"] for user in users}
    assert len(here) == 295
    assert len(missed) == 5


def test_that_one_record_has_no_id(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.NO_ID, page=2)

    users = client.listing()

    assert [position for position, user in enumerate(users) if "id" not in user] == [100]


def test_that_pairs_of_users_share_an_address_but_for_its_case(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.DUPLICATE_EMAIL, page=1, amount=3)

    users = client.get("/users", limit=100).json["users"]

    assert len({user["id"] for user in users}) == 100
    assert len({user["email"].casefold() for user in users}) == 97
    assert len({user["email"] for user in users}) == 100


def test_that_hostile_names_are_sent_as_they_are(ask: Ask) -> None:
    client = ask(250)
    spoil(client, FaultKind.HOSTILE_TEXT)

    users = client.get("/users", limit=100).json["users"]

    assert tuple(user["name"] for user in users[: len(HOSTILE_NAMES)]) == HOSTILE_NAMES


def test_that_recorded_nulls_stand_where_keys_were_left_out(ask: Ask) -> None:
    client = ask(250)
    usual = client.get("/users", limit=100).json["users"]
    spoil(client, FaultKind.RECORDED_NULLS)

    users = client.get("/users", limit=100).json["users"]

    assert [user["job_title"] for user in users] == [user.get("job_title") for user in usual]
    assert any(user["job_title"] is None for user in users)
    assert any(user["time_zone"] is None for user in users)


@pytest.mark.parametrize("kind", [FaultKind.MISSING_KEY, FaultKind.NO_ID])
def test_that_a_single_user_can_come_without_what_proves_them(ask: Ask, kind: FaultKind) -> None:
    client = ask(250)
    made = client.simulator.truth("pagerduty")[3].id
    spoil(client, kind, endpoint="user")

    assert "id" not in client.get(f"/users/{made}").json.get("user", {})
