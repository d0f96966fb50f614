"""The simulated JumpCloud answers as the vendor notes say, wrong calls included."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.jumpcloud import KeyKind
from tests.simulator.conftest import Client, Reply

ALWAYS = {
    "_id": str, "id": str, "account_locked": bool, "activated": bool, "allow_public_key": bool, "company": str,
    "created": str, "disableDeviceMaxLoginAttempts": bool, "displayname": str, "email": str, "employeeType": str,
    "firstname": str, "jobTitle": str, "lastname": str, "password_expired": bool, "suspended": bool, "username": str,
}  # fmt: skip
MAY_BE_ABSENT = {"manager": str, "alternateEmail": str, "password_expiration_date": str, "employeeIdentifier": str}
LOG = {"service": ["all"], "start_time": "2026-08-23T00:00:00Z"}

Start = Callable[..., Simulator]
Connect = Callable[..., "JumpClient"]


class JumpClient(Client):
    """Speaks to the simulated JumpCloud with one of its keys."""

    def listing(self, limit: int = 100, path: str = "/api/systemusers") -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            page = self.get(path, limit=limit, skip=len(rows), sort="_id").json
            rows += page["results"]
            if len(rows) >= page["totalCount"] or not page["results"]:
                return rows


@pytest.fixture
def jump() -> Iterator[Connect]:
    """A client for a simulator's JumpCloud, closed at the end."""
    opened = []

    def connect_one(simulator: Simulator, kind: KeyKind = KeyKind.FULL, **headers: str) -> JumpClient:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        client = JumpClient(
            simulator, prefix="jumpcloud", headers={"x-api-key": simulator.jumpcloud.keys[kind], **more}
        )
        opened.append(client)
        return client

    yield connect_one
    for client in opened:
        client.close()


@pytest.fixture
def ask(start: Start, jump: Connect) -> Callable[..., JumpClient]:
    """A client for a new simulator with these settings."""
    return lambda people=250, **settings: jump(start(people, **settings))


Ask = Callable[..., JumpClient]


def test_that_users_have_the_shape_of_the_vendors_document(ask: Ask) -> None:
    for user in ask(600).listing():
        for key, kind in ALWAYS.items():
            assert isinstance(user[key], kind), key
        for key, kind in MAY_BE_ABSENT.items():
            assert key not in user or isinstance(user[key], kind), key
        assert user["_id"] == user["id"]
        assert re.fullmatch(r"[0-9a-f]{24}", user["_id"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", user["created"])
        assert user["account_locked_date"] is None or user["account_locked"]
        assert user.get("state", "ACTIVATED") in {"STAGED", "ACTIVATED", "SUSPENDED"}
        assert "state" not in user or user["suspended"] == (user["state"] == "SUSPENDED")


@pytest.mark.parametrize("key", ["state", "admin", "manager", "alternateEmail", "employeeIdentifier"])
def test_that_some_records_lack_keys_that_others_have(ask: Ask, key: str) -> None:
    assert {key in user for user in ask(600).listing()} == {True, False}


def test_that_every_condition_of_the_notes_occurs(ask: Ask) -> None:
    users = ask(2_000).listing()

    assert {user.get("state") for user in users} == {"ACTIVATED", "SUSPENDED", None}.union({"STAGED"})
    assert {user["displayname"] == "" for user in users} == {True, False}
    assert {user.get("manager", "absent") in {"", "absent"} for user in users} == {True, False}
    assert any("+" in user["email"] for user in users)
    assert any(user["account_locked"] and user["state"] == "ACTIVATED" for user in users if "state" in user)
    assert any(not user["activated"] and user.get("state") == "ACTIVATED" for user in users)


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250])
def test_that_a_complete_listing_shows_exactly_the_truth(ask: Ask, people: int) -> None:
    client = ask(people)

    users = client.listing()

    truth = client.simulator.truth("jumpcloud")
    assert [user["_id"] for user in users] == [account.id for account in truth]
    assert [user["email"] for user in users] == [account.email for account in truth]
    assert [user["_id"] for user in users] == sorted(user["_id"] for user in users)
    for user, account in zip(users, truth, strict=True):
        is_active = user["state"] == "ACTIVATED" if "state" in user else not user["suspended"]
        assert is_active is account.active


def test_that_most_people_are_here_and_leavers_are_mostly_suspended(start: Start) -> None:
    simulator = start(2_000)
    accounts = simulator.truth("jumpcloud")
    left = [account for account in accounts if simulator.company.person(account.serial).left is not None]

    assert 1_700 < len(accounts) < 2_000
    assert len(left) / 2 < sum(not account.active for account in left) < len(left)


def test_that_managers_are_people_of_the_list(ask: Ask) -> None:
    users = ask(250).listing()
    ids = {user["_id"] for user in users}

    assert {user["manager"] for user in users if user.get("manager")} <= ids


def test_that_pages_have_ten_users_unless_asked_otherwise(ask: Ask) -> None:
    page = ask(60).get("/api/systemusers", sort="_id").json

    assert (len(page["results"]), page["totalCount"]) == (10, len(ask(60).listing()))


def test_that_past_the_end_there_is_nobody_and_the_total_stays(ask: Ask) -> None:
    page = ask(60).get("/api/systemusers", limit=100, skip=500, sort="_id").json

    assert page["results"] == []
    assert page["totalCount"] > 0


@pytest.mark.parametrize("path", ["/api/systemusers", "/api/systems"])
@pytest.mark.parametrize("wrong", [{"limit": 101}, {"limit": 1000}, {"limit": "abc"}, {"skip": -5}])
def test_that_too_large_a_limit_is_refused(ask: Ask, path: str, wrong: dict[str, object]) -> None:
    reply = ask(5).get(path, **wrong)

    assert reply.status == 400
    assert reply.json["message"].startswith("Bad Request")


def test_that_without_an_order_pages_repeat_some_and_miss_others(ask: Ask) -> None:
    client = ask(500)
    found = [
        user["_id"]
        for skip in range(0, 500, 100)
        for user in client.get("/api/systemusers", limit=100, skip=skip).json["results"]
    ]

    assert len(set(found)) < len(found)


def test_that_fields_leave_the_rest_out(ask: Ask) -> None:
    page = ask(20).get("/api/systemusers", limit=5, sort="_id", fields="email organization").json

    assert all(set(user) == {"_id", "id", "email", "organization"} for user in page["results"])


def test_that_filters_narrow_the_list_and_one_without_its_sign_does_nothing(ask: Ask) -> None:
    client = ask(250)
    users = client.listing()
    suspended = ("filter[0]", "suspended:$eq:true")
    named = ("filter[1]", f"email:$ne:{users[0]['email']}")

    found = client.get("/api/systemusers", suspended, named, limit=100, sort="_id").json
    one = client.get("/api/systemusers", filter=f"email:$eq:{users[7]['email']}").json
    other_case = client.get("/api/systemusers", filter=f"email:$eq:{users[7]['email'].upper()}").json
    unsigned = client.get("/api/systemusers", filter="suspended:eq:true").json

    assert found["results"] == [user for user in users if user["suspended"]]
    assert found["totalCount"] == len(found["results"])
    assert (one["results"], other_case["results"]) == ([users[7]], [])
    assert unsigned["totalCount"] == len(users)


def test_that_one_user_reads_as_in_the_list_without_a_wrapper(ask: Ask) -> None:
    client = ask(30)
    user = client.listing()[17]

    assert client.get(f"/api/systemusers/{user['_id']}").json == user


@pytest.mark.parametrize("made", ["6026bec6b8207255280d5981", "nonsense", "%2e%2e"])
def test_that_an_unknown_user_is_not_found_in_json(ask: Ask, made: str) -> None:
    reply = ask(5).get(f"/api/systemusers/{made}")

    assert (reply.status, reply.json) == (404, {"message": "Not Found"})


def test_that_an_unknown_path_is_not_found_as_a_web_page(ask: Ask) -> None:
    reply = ask(5).get("/api/api/systemusers")

    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("key", ["", "wrong"])
def test_that_a_wrong_key_is_refused(start: Start, jump: Connect, key: str) -> None:
    reply = jump(start(5), x_api_key=key).get("/api/systemusers")

    assert (reply.status, reply.json) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize(
    ("named", "status"), [(None, 401), ("nonsense", 400), ("6026bec6b8207255280d5981", 404), ("its own", 200)]
)
def test_that_a_key_for_many_organisations_has_to_name_one(
    start: Start, jump: Connect, named: str | None, status: int
) -> None:
    simulator = start(5)
    organization = simulator.jumpcloud.organization_id if named == "its own" else named
    headers = {} if organization is None else {"x_org_id": organization}
    client = jump(simulator, KeyKind.MANY_ORGANIZATIONS, **headers)

    assert client.get("/api/systemusers").status == status
    assert client.get("/api/organizations").status == (200 if named is None else 403)


def test_that_administrators_are_the_people_with_a_role_and_one_from_outside(ask: Ask) -> None:
    client = ask(600)

    found = client.listing(path="/api/users")

    truth = {account.email.casefold(): account for account in client.simulator.truth("jumpcloud")}
    inside = [one for one in found if one["email"].casefold() in truth]
    assert len(inside) == len(found) - 1 == sum(account.role != "User" for account in truth.values())
    for one in inside:
        assert truth[one["email"].casefold()].role == ", ".join(one["roleNames"])
        assert one["roleName"] == one["roleNames"][0]
    assert any(one["email"] != one["email"].lower() for one in inside)


@pytest.mark.parametrize("kind", [KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER])
def test_that_lesser_keys_may_not_list_administrators(start: Start, jump: Connect, kind: KeyKind) -> None:
    client = jump(start(5), kind)

    assert (client.get("/api/users").status, client.get("/api/systemusers").status) == (403, 200)


def test_that_a_command_runner_may_not_read_the_log(start: Start, jump: Connect) -> None:
    assert jump(start(5), KeyKind.COMMAND_RUNNER).post("/insights/directory/v1/events", LOG).status == 403


@pytest.mark.parametrize("limit", [1, 7, 1_000, 10_000])
@pytest.mark.parametrize("sort", ["ASC", "DESC"])
def test_that_the_log_can_be_read_to_its_end(ask: Ask, sort: str, limit: int) -> None:
    client = ask(60)
    question: dict[str, object] = {**LOG, "sort": sort, "limit": limit}
    events: list[dict[str, Any]] = []
    while True:
        reply = client.post("/insights/directory/v1/events", question)
        events += reply.json
        assert int(reply.headers["x-result-count"]) == len(reply.json)
        if int(reply.headers["x-result-count"]) < int(reply.headers["x-limit"]):
            break
        question["search_after"] = json.loads(reply.headers["x-search_after"])

    assert len({event["id"] for event in events}) == len(events) > 60
    moments = [event["timestamp"] for event in events]
    assert moments == sorted(moments, reverse=sort == "DESC")
    newest: dict[str, str] = {}
    for event in events:
        if event["success"]:
            who = event["initiated_by"]["id"]
            newest[who] = max(newest.get(who, ""), event["timestamp"][:19] + "Z")
    truth = {a.id: a.last_activity for a in client.simulator.truth("jumpcloud") if a.last_activity}
    assert newest == truth
    assert any(not event["success"] for event in events)


def test_that_the_log_is_searched_by_kind_of_event_and_time(ask: Ask) -> None:
    client = ask(100)
    terms = {"and": [{"event_type": ["sso_auth", "radius_auth"]}]}

    events = client.post(
        "/insights/directory/v1/events", {**LOG, "search_term": terms, "fields": ["event_type", "timestamp"]}
    ).json
    since = client.post("/insights/directory/v1/events", {**LOG, "start_time": "2026-11-18T00:00:00Z"}).json

    assert {event["event_type"] for event in events} == {"sso_auth", "radius_auth"}
    assert all(set(event) == {"event_type", "timestamp"} for event in events)
    assert all(datetime.fromisoformat(event["timestamp"]).day >= 18 for event in since)


@pytest.mark.parametrize("wrong", [{}, [], {"service": ["all"]}, {**LOG, "search_term": {"and": {"event_type": "x"}}}])
def test_that_wrong_questions_to_the_log_are_refused(ask: Ask, wrong: object) -> None:
    assert ask(5).post("/insights/directory/v1/events", wrong).status == 400


def test_that_devices_are_listed_whole_and_bound_to_people_of_the_directory(ask: Ask) -> None:
    client = ask(600)

    devices = client.listing(path="/api/systems")

    truth = {device.id: device for device in client.simulator.devices()}
    assert [device["_id"] for device in devices] == list(truth) == sorted(truth)
    people = {account.id for account in client.simulator.truth("jumpcloud")}
    owners = [(device.get("primarySystemUser") or {}).get("id") for device in devices]
    assert {owner for owner in owners if owner is not None} <= people
    assert owners == [device.owner for device in truth.values()]
    held = Counter(owner for owner in owners if owner)
    assert max(held.values()) > 1
    assert len(held) < len(people)
    assert None in owners
    assert {device["active"] for device in devices} == {True, False}
    assert any(device["serialNumber"] == "" for device in devices)
    assert any(device["lastContact"] is None for device in devices)
    filled = [device["serialNumber"] for device in devices if device["serialNumber"]]
    assert len(set(filled)) == len(filled)


def test_that_one_device_reads_as_in_the_list(ask: Ask) -> None:
    client = ask(30)
    device = client.listing(path="/api/systems")[3]

    assert client.get(f"/api/systems/{device['_id']}").json == device
    assert client.get("/api/systems/6026bec6b8207255280d5981").status == 404


def test_that_the_second_api_tells_of_both_ends_in_bare_lists(ask: Ask) -> None:
    client = ask(100)
    truth = next(device for device in client.simulator.devices() if device.owner)

    users = client.get(f"/api/v2/systems/{truth.id}/users")
    systems = client.get(f"/api/v2/users/{truth.owner}/systems")

    assert [user["id"] for user in users.json] == [truth.owner]
    assert users.headers["x-total-count"] == "1"
    assert truth.id in {system["id"] for system in systems.json}
    assert all(set(system) == {"id", "type", "paths"} for system in systems.json)


def test_that_the_truth_about_devices_is_there_over_http(ask: Ask) -> None:
    client = ask(20)

    told = client.ask("GET", "/_truth/jumpcloud/devices").json

    assert [device["id"] for device in told] == [device.id for device in client.simulator.devices()]


def test_that_churn_tells_of_those_who_get_another_manager(ask: Ask) -> None:
    client = ask(600)
    before = {user["_id"]: user for user in client.listing()}

    churned = client.simulator.churn(0.1)["jumpcloud"]

    after = {user["_id"]: user for user in client.listing()}
    assert set(churned.created) == after.keys() - before.keys()
    assert set(churned.gone) == before.keys() - after.keys()
    different = {made for made in before.keys() & after.keys() if before[made] != after[made]}
    assert different <= set(churned.changed)
    assert any("manager" in keys for keys in churned.changed.values())


def test_that_a_short_page_is_not_the_last_one_and_loses_nobody(ask: Ask) -> None:
    client = ask(250)
    client.simulator.faults.add(Fault(FaultKind.SHORT_PAGE, page=1, times=1, amount=7))

    users = client.listing()

    assert [user["_id"] for user in users] == [account.id for account in client.simulator.truth("jumpcloud")]


def test_that_rows_can_be_null(ask: Ask) -> None:
    client = ask(250)
    client.simulator.faults.add(Fault(FaultKind.NULL_ROWS, page=2, times=1, amount=2))

    page = client.get("/api/systemusers", limit=100, skip=100, sort="_id").json

    assert page["results"][:2] == [None, None]
    assert len(page["results"]) == 100


def test_that_the_list_can_shrink_while_it_is_read(ask: Ask) -> None:
    client = ask(250)
    total = len(client.simulator.truth("jumpcloud"))
    client.simulator.faults.add(Fault(FaultKind.SHRINKING, page=1, times=1, amount=3))

    users = client.listing()

    assert len(client.simulator.truth("jumpcloud")) == total - 3
    assert len({user["_id"] for user in users}) == total - 3


# ----- calls that change something


def call(client: JumpClient, method: str, path: str, body: object = None) -> Reply:
    return client.ask(method, f"/jumpcloud{path}", b"" if body is None else json.dumps(body).encode())


def test_that_a_new_user_comes_back_staged_and_stands_at_the_end_of_the_list(ask: Ask) -> None:
    client = ask(120)
    body = {"username": "zoe.new", "email": "zoe.new@example.com", "firstname": "Zoë", "lastname": "New"}

    reply = call(client, "POST", "/api/systemusers", body)

    assert (reply.status, reply.json["state"]) == (200, "STAGED")
    assert client.listing()[-1] == reply.json
    truth = client.simulator.truth("jumpcloud")[-1]
    assert (truth.id, truth.name, truth.active) == (reply.json["_id"], "Zoë New", False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "x"},
        {"email": "x@example.com"},
        {"username": "x", "email": "x@example.com", "suspended": "no"},
        {"username": "x", "email": "x@example.com", "state": "GONE"},
        [],
    ],
)
def test_that_an_incomplete_or_wrong_user_is_refused(ask: Ask, body: object) -> None:
    client = ask(5)

    assert call(client, "POST", "/api/systemusers", body).status == 400
    assert len(client.simulator.truth("jumpcloud")) == 5


@pytest.mark.parametrize("key", ["username", "email"])
def test_that_a_name_or_address_is_given_once_however_it_is_written(ask: Ask, key: str) -> None:
    client = ask(5)
    taken = client.listing()[1][key].upper()
    body = {"username": "x", "email": "x@example.com", key: taken}

    assert call(client, "POST", "/api/systemusers", body).status == 400


def test_that_a_deleted_user_is_gone_and_comes_back_in_the_answer(ask: Ask) -> None:
    client = ask(120)
    user = client.listing()[110]

    reply = call(client, "DELETE", f"/api/systemusers/{user['_id']}")

    assert (reply.status, reply.json) == (200, user)
    assert client.get(f"/api/systemusers/{user['_id']}").status == 404
    assert call(client, "DELETE", f"/api/systemusers/{user['_id']}").status == 404
    assert user["_id"] not in {account.id for account in client.simulator.truth("jumpcloud")}


@pytest.mark.parametrize("heir", ["null", "the chief"])
def test_that_a_manager_is_deleted_only_when_it_is_said_what_becomes_of_the_reports(ask: Ask, heir: str) -> None:
    client = ask(120)
    users = client.listing()
    boss, chief = users[1]["_id"], users[0]["_id"]
    reports = [user["_id"] for user in users if user.get("manager") == boss]
    wanted = {"null": "", "the chief": chief}[heir]

    refused = call(client, "DELETE", f"/api/systemusers/{boss}")
    done = call(client, "DELETE", f"/api/systemusers/{boss}?cascade_manager={wanted or 'null'}")

    assert (refused.status, done.status) == (409, 200)
    after = {user["_id"]: user for user in client.listing()}
    assert reports
    assert {after[report]["manager"] for report in reports} == {wanted}


def test_that_unlocking_and_expiring_show_in_the_user(ask: Ask) -> None:
    client = ask(600)
    locked = next(user for user in client.listing() if user["account_locked"])

    unlocked = call(client, "POST", f"/api/systemusers/{locked['_id']}/unlock")
    expired = call(client, "POST", f"/api/systemusers/{locked['_id']}/expire")

    assert (unlocked.status, expired.status) == (200, 200)
    user = client.get(f"/api/systemusers/{locked['_id']}").json
    assert (user["account_locked"], user["account_locked_date"], user["password_expired"]) == (False, None, True)


@pytest.mark.parametrize("body", [{"state": "SUSPENDED"}, {"suspended": True}])
def test_that_state_and_its_older_twin_move_together(ask: Ask, body: dict[str, object]) -> None:
    client = ask(30)
    user = next(user for user in client.listing() if user.get("state") == "ACTIVATED")

    reply = call(client, "PUT", f"/api/systemusers/{user['_id']}", body)

    assert (reply.status, reply.json["state"], reply.json["suspended"]) == (200, "SUSPENDED", True)
    assert not next(a for a in client.simulator.truth("jumpcloud") if a.id == user["_id"]).active
    assert client.listing() == [reply.json if other["_id"] == user["_id"] else other for other in client.listing()]


def test_that_only_a_staged_user_can_be_activated(ask: Ask) -> None:
    client = ask(30)
    made = call(client, "POST", "/api/systemusers", {"username": "x", "email": "x@example.com"}).json["_id"]

    first = call(client, "POST", f"/api/systemusers/{made}/state/activate", {"email": False})
    again = call(client, "POST", f"/api/systemusers/{made}/state/activate", {})

    assert (first.status, again.status) == (200, 400)
    assert client.simulator.truth("jumpcloud")[-1].active


@pytest.mark.parametrize("kind", [KeyKind.READ_ONLY, KeyKind.COMMAND_RUNNER])
def test_that_lesser_keys_change_nothing(start: Start, jump: Connect, kind: KeyKind) -> None:
    client = jump(start(5), kind)
    made = client.listing()[3]["_id"]

    assert call(client, "DELETE", f"/api/systemusers/{made}").status == 403
    assert call(client, "POST", f"/api/systemusers/{made}/expire").status == 403
    assert len(client.listing()) == 5
