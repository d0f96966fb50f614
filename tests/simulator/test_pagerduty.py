"""The simulated PagerDuty answers as the vendor notes say, wrong calls included."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.pagerduty import KeyKind
from tests.simulator.conftest import Client

ROLES = {
    "admin", "limited_user", "observer", "owner", "read_only_user", "restricted_access", "read_only_limited_user",
    "user",
}  # fmt: skip
NEVER_NULL = {
    "id": str, "type": str, "name": str, "email": str, "role": str, "color": str, "avatar_url": str, "summary": str,
    "self": str, "html_url": str, "invitation_sent": bool, "billed": bool, "teams": list, "contact_methods": list,
    "notification_rules": list,
}  # fmt: skip
MAY_BE_ABSENT = {"job_title": str, "time_zone": str, "created_via_sso": bool}

Ask = Callable[..., Client]
Start = Callable[..., Simulator]


def assert_reference(reference: dict[str, Any], ending: str) -> None:
    assert isinstance(reference["id"], str)
    assert reference["type"].endswith(ending)
    assert isinstance(reference["summary"], str)
    assert isinstance(reference["self"], str)
    assert reference["html_url"] is None or isinstance(reference["html_url"], str)


def test_that_users_have_the_shape_of_the_vendors_document(ask: Ask) -> None:
    for user in ask(600).listing():
        for key, kind in NEVER_NULL.items():
            assert isinstance(user[key], kind), key
        for key, kind in MAY_BE_ABSENT.items():
            assert key not in user or isinstance(user[key], kind), key
        assert user["type"] == "user"
        assert user["role"] in ROLES
        assert user["description"] is None or isinstance(user["description"], str)
        assert 1 <= len(user["name"]) <= 100
        assert 6 <= len(user["email"]) <= 100
        assert len(user.get("job_title", "")) <= 100
        for team in user["teams"]:
            assert_reference(team, "team_reference")
        for contact in user["contact_methods"]:
            assert_reference(contact, "_contact_method_reference")
        for rule in user["notification_rules"]:
            assert_reference(rule, "assignment_notification_rule_reference")


@pytest.mark.parametrize("key", ["job_title", "time_zone", "created_via_sso"])
def test_that_some_users_lack_keys_that_others_have(ask: Ask, key: str) -> None:
    has_key = {key in user for user in ask(250).listing()}

    assert has_key == {True, False}


def test_that_what_the_vendor_does_not_send_is_not_there(ask: Ask) -> None:
    for user in ask(100).listing():
        assert not {"license", "created_at", "last_login", "active", "status", "http_cal_url"} & user.keys()


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250])
def test_that_a_complete_listing_shows_exactly_the_truth(ask: Ask, people: int) -> None:
    client = ask(people)

    users = client.listing()

    truth = client.simulator.truth("pagerduty")
    assert len(users) == people
    assert [user["id"] for user in users] == [account.id for account in truth]
    assert [user["email"] for user in users] == [account.email for account in truth]
    assert [user["role"] for user in users] == [account.role for account in truth]


def test_that_there_is_one_owner(ask: Ask) -> None:
    assert [user["role"] for user in ask(250).listing()].count("owner") == 1


def test_that_pages_have_25_users_unless_asked_otherwise(ask: Ask) -> None:
    page = ask(60).get("/users").json

    assert (len(page["users"]), page["limit"], page["offset"], page["more"]) == (25, 25, 0, True)


def test_that_a_limit_above_100_is_cut_down(ask: Ask) -> None:
    page = ask(250).get("/users", limit=1000).json

    assert (len(page["users"]), page["limit"]) == (100, 100)


@pytest.mark.parametrize(
    ("people", "offset", "more"), [(100, 0, False), (101, 0, True), (101, 100, False), (5, 50, False)]
)
def test_that_more_is_true_only_while_there_is_more(ask: Ask, people: int, offset: int, more: bool) -> None:
    assert ask(people).get("/users", limit=100, offset=offset).json["more"] is more


def test_that_the_total_is_null_unless_asked_for(ask: Ask) -> None:
    client = ask(250)

    assert client.get("/users", limit=1).json["total"] is None
    assert client.get("/users", limit=1, total="false").json["total"] is None
    assert client.get("/users", limit=1, total="true").json["total"] == 250


@pytest.mark.parametrize(
    "wrong",
    [{"total": True}, {"total": "yes"}, {"limit": "abc"}, {"limit": 0}, {"limit": -1}, {"offset": -1}, {"offset": "x"}],
)
def test_that_malformed_parameters_are_refused(ask: Ask, wrong: dict[str, object]) -> None:
    reply = ask().get("/users", **wrong)

    assert reply.status == 400
    assert reply.json["error"]["code"] == 2001
    assert reply.json["error"]["errors"]


def test_that_unlisted_parameters_are_ignored(ask: Ask) -> None:
    reply = ask().get("/users", ("sort", "name"), ("active", "true"), ("include[]", "bogus"), limit=5)

    assert len(reply.json["users"]) == 5


def test_that_nobody_gets_beyond_ten_thousand(ask: Ask) -> None:
    client = ask(12_345)

    last = client.get("/users", limit=100, offset=9_900)
    beyond = client.get("/users", limit=100, offset=9_901)

    assert last.json["more"] is True
    assert (beyond.status, beyond.json["error"]["code"]) == (400, 2001)


def test_that_a_query_keeps_those_whose_name_matches(ask: Ask) -> None:
    client = ask(250)
    family = client.simulator.company.person(6).family

    found = client.get("/users", query=family.upper(), total="true").json

    assert found["users"]
    assert all(family.casefold() in user["name"].casefold() for user in found["users"])
    assert found["total"] == len(found["users"])


def test_that_team_ids_keep_the_members_of_any_of_the_teams(ask: Ask) -> None:
    client = ask(250)
    users = client.listing()
    teams = sorted({team["id"] for user in users for team in user["teams"]})[:2]

    found = client.get("/users", *(("team_ids[]", team) for team in teams), limit=100).json["users"]

    expected = [user["id"] for user in users if {team["id"] for team in user["teams"]} & set(teams)]
    assert [user["id"] for user in found] == expected


def test_that_includes_are_whole_objects(ask: Ask) -> None:
    wanted = [("include[]", name) for name in ("contact_methods", "notification_rules", "teams")]

    users = ask(100).get("/users", *wanted, limit=100).json["users"]

    contacts = [contact for user in users for contact in user["contact_methods"]]
    assert {contact["type"] for contact in contacts} >= {"email_contact_method", "phone_contact_method"}
    assert all(contact["address"] and contact["label"] for contact in contacts)
    assert {rule["type"] for user in users for rule in user["notification_rules"]} == {"assignment_notification_rule"}
    assert {team["type"] for user in users for team in user["teams"]} == {"team"}


def test_that_one_user_reads_as_in_the_list(ask: Ask) -> None:
    client = ask(30)
    user = client.listing()[17]

    assert client.get(f"/users/{user['id']}").json == {"user": user}


@pytest.mark.parametrize("made", ["PZZZZZZ", "nonsense", "p0000000", "%2e%2e"])
def test_that_an_unknown_user_is_not_found_in_json(ask: Ask, made: str) -> None:
    reply = ask().get(f"/users/{made}")

    assert (reply.status, reply.json["error"]["code"]) == (404, 2100)
    assert "errors" not in reply.json["error"]


def test_that_calendar_addresses_come_only_when_asked_for_with_full_rights(
    start: Start, connect: Callable[..., Client]
) -> None:
    simulator = start(5)
    path = f"/users/{simulator.truth('pagerduty')[2].id}"
    asked = ("include[]", "calendar_urls")

    assert "http_cal_url" in connect(simulator).get(path, asked).json["user"]
    assert "http_cal_url" not in connect(simulator).get(path).json["user"]
    assert "http_cal_url" not in connect(simulator, kind=KeyKind.READ_ONLY).get(path, asked).json["user"]


def test_that_me_refuses_a_key_of_the_account(ask: Ask) -> None:
    assert ask().get("/users/me").status == 400


@pytest.mark.parametrize(
    "authorization", ["Token token=wrong", 'Token token="{key}"', "Bearer {key}", "Token {key}", "{key}"]
)
def test_that_any_other_sign_in_is_refused(ask: Ask, authorization: str) -> None:
    client = ask()

    reply = client.ask("GET", "/pagerduty/users", Authorization=authorization.format(key=client.simulator.key()))

    assert (reply.status, reply.json["error"]["code"]) == (401, 2006)


def test_that_a_wrong_key_without_the_vendors_accept_header_gets_a_web_page(ask: Ask) -> None:
    reply = ask().ask("GET", "/pagerduty/users", Authorization="Token token=wrong", Accept="application/json")

    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")


def test_that_a_good_key_needs_no_accept_header(ask: Ask) -> None:
    assert ask().ask("GET", "/pagerduty/users", Accept="*/*").status == 200


@pytest.mark.parametrize(
    ("prefix", "kind", "status"),
    [
        ("pagerduty", KeyKind.FULL, 200),
        ("pagerduty", KeyKind.EU, 401),
        ("pagerduty-eu", KeyKind.EU, 200),
        ("pagerduty-eu", KeyKind.FULL, 401),
    ],
)
def test_that_a_key_is_good_in_its_own_region_only(
    start: Start, connect: Callable[..., Client], prefix: str, kind: KeyKind, status: int
) -> None:
    assert connect(start(), kind=kind, prefix=prefix).get("/users").status == status


def test_that_a_deleted_user_is_gone_everywhere(ask: Ask) -> None:
    client = ask(120)
    busy = set(client.simulator.pagerduty.busy_ids())
    victim = next(
        account for account in client.simulator.truth("pagerduty")[1:] if account.id not in busy and account.licences
    )

    reply = client.ask("DELETE", f"/pagerduty/users/{victim.id}")

    assert (reply.status, reply.body) == (204, b"")
    assert client.get(f"/users/{victim.id}").status == 404
    assert client.ask("DELETE", f"/pagerduty/users/{victim.id}").status == 404
    assert victim.id not in {user["id"] for user in client.listing()}
    assert victim not in client.simulator.truth("pagerduty")
    assert client.get("/license_allocations").json["total"] == sum(
        bool(account.licences) for account in client.simulator.truth("pagerduty")
    )


def test_that_users_with_incidents_and_the_owner_cannot_be_deleted(ask: Ask) -> None:
    client = ask(250)
    owner = client.simulator.truth("pagerduty")[0].id

    for made in (owner, client.simulator.pagerduty.busy_ids()[0]):
        reply = client.ask("DELETE", f"/pagerduty/users/{made}")
        assert (reply.status, reply.json["error"]["code"]) == (400, 2001)
        assert reply.json["error"]["errors"]
        assert client.get(f"/users/{made}").status == 200


def test_that_a_read_only_key_lists_but_does_not_delete(start: Start, connect: Callable[..., Client]) -> None:
    client = connect(start(), kind=KeyKind.READ_ONLY)
    made = client.listing()[60]["id"]

    reply = client.ask("DELETE", f"/pagerduty/users/{made}")

    assert (reply.status, reply.json["error"]["code"]) == (403, 2010)


def test_that_licences_count_their_holders(ask: Ask) -> None:
    client = ask(250)

    licences = client.get("/licenses").json["licenses"]

    truth = client.simulator.truth("pagerduty")
    for licence in licences:
        assert licence["current_value"] == sum(licence["id"] in account.licences for account in truth)
        assert licence["self"] is None
        assert licence["role_group"] in {"FullUser", "Stakeholder"}
    assert {licence["allocations_available"] is None for licence in licences} == {True, False}
    assert len({licence["name"] for licence in licences}) < len(licences)


def test_that_allocations_tell_each_holders_licence(ask: Ask) -> None:
    client = ask(250)
    allocations: list[dict[str, Any]] = []
    more = True
    while more:
        page = client.get("/license_allocations", limit=100, offset=len(allocations)).json
        allocations, more = allocations + page["license_allocations"], page["more"]

    expected = {account.id: account.licences[0] for account in client.simulator.truth("pagerduty") if account.licences}
    assert {allocation["user"]["id"]: allocation["license"]["id"] for allocation in allocations} == expected
    assert len(expected) < 250
    for allocation in allocations:
        assert allocation["user"]["type"] == "user_reference"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-05:00", allocation["allocated_at"])
        assert not {"current_value", "allocations_available"} & allocation["license"].keys()


def test_that_roles_fit_their_licences(ask: Ask) -> None:
    client = ask(250)
    roles = {licence["id"]: licence["valid_roles"] for licence in client.get("/licenses").json["licenses"]}

    for account in client.simulator.truth("pagerduty"):
        assert all(account.role in roles[licence] for licence in account.licences)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 49, 50, 1000])
def test_that_analytics_can_be_read_to_the_end_by_cursor(ask: Ask, order: str, limit: int) -> None:
    client = ask(50)
    rows: list[dict[str, Any]] = []
    question: dict[str, object] = {"limit": limit, "order": order, "order_by": "user_id"}
    more = True
    while more:
        page = client.post("/analytics/raw/users", question).json
        rows, more = rows + page["data"], page["more"]
        question["starting_after"] = page["last"]

    truth = {account.id: account for account in client.simulator.truth("pagerduty")}
    assert [row["id"] for row in rows] == sorted(truth, reverse=order == "desc")
    for row in rows:
        seen = truth[row["id"]].last_activity
        assert row["last_sign_in_at"] == (None if seen is None else seen.removesuffix("Z"))
        assert row["signed_up"] is (seen is not None)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", row["created_at"])


def test_that_a_cursor_of_somebody_who_left_still_leads_on(ask: Ask) -> None:
    client = ask(50)
    question = {"limit": 10, "order": "asc", "order_by": "user_id"}
    first = client.post("/analytics/raw/users", question).json
    serials = {account.id: account.serial for account in client.simulator.truth("pagerduty")}
    client.simulator.company.leave([serials[first["data"][-1]["id"]]])

    second = client.post("/analytics/raw/users", {**question, "starting_after": first["last"]}).json

    assert second["data"][0]["id"] == sorted(serials)[10]


@pytest.mark.parametrize(
    "wrong", [{"limit": 1001}, {"limit": 0}, {"limit": True}, {"order": "up"}, {"starting_after": "not a cursor"}, []]
)
def test_that_wrong_analytics_questions_are_refused(ask: Ask, wrong: object) -> None:
    assert ask().post("/analytics/raw/users", wrong).status == 400


def test_that_outstanding_invitations_are_those_who_never_signed_in(ask: Ask) -> None:
    client = ask(250)
    outstanding = {user["id"] for user in client.listing() if user["invitation_sent"]}

    assert outstanding == {
        account.id for account in client.simulator.truth("pagerduty") if account.last_activity is None
    }
    assert outstanding


@pytest.mark.parametrize(("kind", "status", "code"), [(KeyKind.NO_EXTRAS, 403, 2010), (KeyKind.NO_PLAN, 402, 2014)])
def test_that_keys_without_the_right_or_the_plan_get_no_analytics(
    start: Start, connect: Callable[..., Client], kind: KeyKind, status: int, code: int
) -> None:
    client = connect(start(), kind=kind)

    reply = client.post("/analytics/raw/users", {"limit": 10})

    assert (reply.status, reply.json["error"]["code"]) == (status, code)
    assert client.get("/users").status == 200


def test_that_a_key_without_extras_gets_no_licences(start: Start, connect: Callable[..., Client]) -> None:
    client = connect(start(), kind=KeyKind.NO_EXTRAS)

    assert {client.get("/licenses").status, client.get("/license_allocations").status} == {403}


def test_that_abilities_are_names(ask: Ask) -> None:
    assert "teams" in ask().get("/abilities").json["abilities"]


def test_that_unknown_paths_are_not_found(ask: Ask) -> None:
    assert ask().get("/unheard/of").json["error"]["code"] == 2100


def test_that_some_addresses_are_written_with_capitals(ask: Ask) -> None:
    assert any(user["email"] != user["email"].lower() for user in ask(250).listing())


def test_that_keys_differ_by_seed_and_by_kind() -> None:
    keys = {Simulator(1, seed).key(kind) for seed in (1, 2) for kind in KeyKind}

    assert len(keys) == 2 * len(KeyKind)
