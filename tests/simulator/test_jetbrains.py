"""The simulated JetBrains Account answers as the vendor notes say, wrong calls included."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from saasdesk.connectors.jetbrains import JETBRAINS
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.jetbrains import JetBrains, KeyKind
from tests.simulator.conftest import TODAY, Client

Start = Callable[..., Simulator]
Connect = Callable[..., "JetClient"]


class JetClient(Client):
    """Speaks to one of the simulated JetBrains companies with one of its keys."""

    def listing(self, path: str = "/customer/licenses", **parameters: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        page = 0
        while True:
            page += 1
            answer = self.get(path, page=page, perPage=100, **parameters)
            assert answer.status == 200
            rows += answer.json
            if len(rows) >= int(answer.headers["x-total-count"]):
                return rows

    def post_query(self, path: str, **parameters: object) -> Any:
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return self.ask("POST", f"/{self.prefix}{path}?{query}")


@pytest.fixture
def jet() -> Iterator[Connect]:
    """A client for a simulator's JetBrains, closed at the end."""
    opened = []

    def connect_one(vendor: JetBrains, simulator: Simulator, kind: KeyKind = KeyKind.FULL, **headers: str) -> JetClient:
        signed = {"X-Api-Key": vendor.keys[kind], "X-Customer-Code": vendor.company_code, **headers}
        client = JetClient(simulator, prefix=vendor.prefixes[0], headers=signed)
        opened.append(client)
        return client

    yield connect_one
    for client in opened:
        client.close()


@pytest.fixture
def simulator(start: Start) -> Simulator:
    """A company of 600."""
    return start(600)


@pytest.fixture
def client(jet: Connect, simulator: Simulator) -> JetClient:
    """The full key of the main company."""
    return jet(simulator.jetbrains, simulator)


def users(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("assignee", {}).get("type") == "USER"]


# ----- what is listed


def test_that_the_list_is_the_truth(client: JetClient, simulator: Simulator) -> None:
    rows = client.listing()

    held = Counter(row["assignee"]["email"].lower() for row in users(rows))
    assert dict(held) == {account.id: len(account.licences) for account in simulator.truth("jetbrains")}
    assert len({row["licenseId"] for row in rows}) == len(rows) == simulator.jetbrains.loose()["total"]
    assert all(re.fullmatch(r"[0-9A-Z]{10}", row["licenseId"]) for row in rows)


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250])
def test_that_pages_hold_every_licence_once(start: Start, jet: Connect, people: int) -> None:
    simulator = start(people)

    rows = jet(simulator.jetbrains, simulator).listing()

    assert [row["licenseId"] for row in rows] == [row["licenseId"] for row in simulator.jetbrains.rows()]


def test_that_a_page_is_a_bare_list_with_its_count_beside_it(client: JetClient) -> None:
    first, beyond = client.get("/customer/licenses", page=1, perPage=10), client.get("/customer/licenses", page=10_000)

    total = first.headers["x-total-count"]
    assert isinstance(first.json, list)
    assert len(first.json) == 10
    assert 'page=2&perPage=10>; rel="next"' in first.headers["link"]
    assert beyond.json == []
    assert beyond.headers["x-total-count"] == total
    assert "next" not in beyond.headers["link"]


def test_that_the_company_has_every_odd_case(client: JetClient) -> None:
    rows = client.listing()
    by_person: dict[str, list[dict[str, Any]]] = {}
    for row in users(rows):
        by_person.setdefault(row["assignee"]["email"].lower(), []).append(row)
    several = [theirs for theirs in by_person.values() if len(theirs) > 1]

    assert {row.get("assignee", {}).get("type") for row in rows} == {None, "USER", "SERVER", "LICENSE_KEY"}
    assert any(len({row["assignee"]["email"] for row in theirs}) > 1 for theirs in several), "cases that differ"
    assert any(len({row["product"]["code"] for row in theirs}) < len(theirs) for theirs in several), "twice the same"
    assert any(all(row["isSuspended"] for row in theirs) for theirs in by_person.values())
    assert any(row["isSuspended"] and not theirs[0]["isSuspended"] for theirs in several for row in theirs)
    assert any("*" in row["assignee"]["name"] for row in users(rows))
    assert any("lastSeen" not in row for row in users(rows))
    assert any("lastSeenDate" not in row.get("lastSeen", {"lastSeenDate": 1}) for row in users(rows))
    assert any("team" not in row for row in rows)
    assert any("subscription" not in row and "perpetual" in row for row in rows)
    assert any(row.get("subscription", {}).get("isOutdated") for row in rows)
    assert any(row["isTrial"] for row in rows)
    assert any(row["product"]["code"] == "AIP" for row in rows)
    assert any(row["isAvailableToAssign"] for row in rows)
    assert not any(row["isAvailableToAssign"] for row in users(rows))


def test_that_leavers_still_have_licences_and_robots_none(client: JetClient, simulator: Simulator) -> None:
    company = simulator.company
    here = {company.person(serial).email: company.person(serial) for serial in company.serials}

    holders = [here[account.id] for account in simulator.truth("jetbrains")]

    assert any(person.left is not None for person in holders)
    assert not any(person.kind.value == "robot" for person in holders)
    assert 0.2 < len(holders) / 600 < 0.6


def test_that_the_second_company_is_another_one_with_some_of_the_same_people(
    jet: Connect, client: JetClient, simulator: Simulator
) -> None:
    theirs = jet(simulator.jetbrains_labs, simulator).listing()

    main, labs = ({a.id for a in simulator.truth(name)} for name in ("jetbrains", "jetbrains-labs"))
    assert {row["licenseId"] for row in theirs}.isdisjoint(row["licenseId"] for row in client.listing())
    assert simulator.jetbrains.company_code != simulator.jetbrains_labs.company_code
    assert 0 < len(labs) < len(main)
    assert main & labs


def test_that_the_truth_is_told_over_http_with_codes_and_keys(client: JetClient, simulator: Simulator) -> None:
    keys = client.ask("GET", "/_truth/keys").json
    licences = client.ask("GET", "/_truth/jetbrains/licences").json
    labs = client.ask("GET", "/_truth/jetbrains-labs/licences").json

    assert keys["jetbrains"]["company_code"] == simulator.jetbrains.company_code
    assert keys["jetbrains-labs"]["base_url"] == simulator.url("jetbrains-labs")
    assert {"full", "read_only", "team", "team_id"} <= keys["jetbrains-labs"].keys()
    assert licences == simulator.jetbrains.loose()
    assert labs["total"] < licences["total"]
    assert simulator.access()["jetbrains"].keys() == {"base_url", "key", "company_code"}


# ----- filters


def test_that_licences_are_found_by_address_whatever_its_case(client: JetClient, simulator: Simulator) -> None:
    account = max(simulator.truth("jetbrains"), key=lambda account: len(account.licences))

    rows = client.listing(assigneeEmail=account.id.upper())

    assert {row["licenseId"] for row in rows} == set(account.licences)
    assert client.listing(assigneeEmail="nobody@example.com") == []


@pytest.mark.parametrize(("assigned", "wanted"), [("true", True), ("false", False)])
def test_that_free_ones_and_others_can_be_asked_for_apart(client: JetClient, assigned: str, wanted: bool) -> None:
    rows = client.listing(assigned=assigned)

    assert rows
    assert all(("assignee" in row) is wanted for row in rows)


def test_that_a_team_and_a_product_can_be_asked_for(client: JetClient, simulator: Simulator) -> None:
    team = simulator.jetbrains.team_id

    assert {row["team"]["id"] for row in client.listing(f"/customer/teams/{team}/licenses")} == {team}
    assert {row["product"]["code"] for row in client.listing(productCode="WS")} == {"WS"}
    assert client.get("/customer/teams/7/licenses").status == 404


def test_that_one_licence_can_be_read(client: JetClient) -> None:
    row = client.listing()[3]

    found, missing = client.get(f"/customer/licenses/{row['licenseId']}"), client.get("/customer/licenses/AB12CD34EF")

    assert found.json == row
    assert (missing.status, missing.json["code"]) == (404, "LICENSE_NOT_FOUND")


# ----- keys


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-Api-Key": ""}, "MISSING_TOKEN_HEADER"),
        ({"X-Customer-Code": ""}, "MISSING_CUSTOMER_HEADER"),
        ({"X-Api-Key": "wrong"}, "INVALID_TOKEN"),
        ({"X-Customer-Code": "1"}, "INVALID_TOKEN"),
    ],
)
def test_that_key_and_company_code_must_fit_together(
    jet: Connect, simulator: Simulator, headers: dict[str, str], code: str
) -> None:
    answer = jet(simulator.jetbrains, simulator, **headers).get("/customer/licenses")

    assert (answer.status, answer.json["code"]) == (401, code)


def test_that_the_key_test_tells_what_the_key_manages(jet: Connect, simulator: Simulator) -> None:
    vendor = simulator.jetbrains

    assert jet(vendor, simulator).get("/token").json["id"] == int(vendor.company_code)
    assert jet(vendor, simulator, KeyKind.TEAM).get("/token").json == {
        "type": "TEAM",
        "id": vendor.team_id,
        "name": "Platform",
    }


def test_that_a_team_key_sees_its_team_alone(jet: Connect, simulator: Simulator) -> None:
    team = simulator.jetbrains.team_id
    client = jet(simulator.jetbrains, simulator, KeyKind.TEAM)

    assert client.get("/customer/licenses").json["code"] == "TEAM_MISMATCH"
    assert client.get(f"/customer/teams/{team + 1}/licenses").status == 403
    assert client.listing(f"/customer/teams/{team}/licenses")


def test_that_a_key_that_may_only_look_changes_nothing(jet: Connect, simulator: Simulator) -> None:
    client = jet(simulator.jetbrains, simulator, KeyKind.READ_ONLY)
    account = simulator.truth("jetbrains")[0]

    answer = client.post_query("/customer/licenses/revoke", email=account.id)

    assert (answer.status, answer.json["code"]) == (403, "INSUFFICIENT_PERMISSIONS")
    assert simulator.truth("jetbrains")[0] == account


# ----- revoke, assign, change team


def test_that_all_licences_of_an_address_are_taken_or_none(client: JetClient, simulator: Simulator) -> None:
    account = next(a for a in simulator.truth("jetbrains") if len(a.licences) > 1)

    answer = client.post_query("/customer/licenses/revoke", email=account.id)

    assert sorted(answer.json["licenseIds"]) == list(account.licences)
    assert account.id not in {a.id for a in simulator.truth("jetbrains")}
    assert client.post_query("/customer/licenses/revoke", email=account.id).json == {"licenseIds": []}
    freed = client.get(f"/customer/licenses/{account.licences[0]}").json
    assert freed["isAvailableToAssign"]
    assert "assignee" not in freed


def test_that_a_licence_given_out_lately_cannot_be_taken_back(client: JetClient, simulator: Simulator) -> None:
    account = simulator.truth("jetbrains")[0]
    simulator.jetbrains.hand_over(account.licences[0], account.id, "Ada Example")

    answer = client.post_query("/customer/licenses/revoke", licenseId=account.licences[0])

    assert answer.json["code"] == "RECENTLY_ASSIGNED_LICENSE_IS_NOT_AVAILABLE_FOR_REVOKE"
    assert answer.json["description"] == account.licences[0]


def body(**more: object) -> dict[str, object]:
    contact = {"email": "ada@example.com", "firstName": "Ada", "lastName": "Example"}
    return {"contact": contact, "includeOfflineActivationCode": False, "sendEmail": False, **more}


def free_ones(client: JetClient) -> list[dict[str, Any]]:
    rows = client.listing(assigned="false")
    return [row for row in rows if "team" in row and not row.get("subscription", {}).get("isOutdated")]


def test_that_a_free_licence_is_given_out_with_an_empty_answer_whatever_product_is_named(
    client: JetClient, simulator: Simulator
) -> None:
    licence = free_ones(client)[0]["licenseId"]

    answer = client.post("/customer/licenses/assign", body(licenseId=licence, license={"productCode": "NO", "team": 1}))

    assert (answer.status, answer.body) == (200, b"")
    row = client.get(f"/customer/licenses/{licence}").json
    assert (row["assignee"]["email"], row["lastSeen"]["lastAssignmentDate"]) == ("ada@example.com", TODAY.isoformat())
    assert "ada@example.com" in {account.id for account in simulator.truth("jetbrains")}


def test_that_any_free_licence_of_a_product_and_team_can_be_given_out(client: JetClient) -> None:
    row = free_ones(client)[0]
    wanted = {"productCode": row["product"]["code"], "team": row["team"]["id"]}

    assert client.post("/customer/licenses/assign", body(license=wanted)).status == 200
    (given,) = client.listing(assigneeEmail="ada@example.com")
    assert (given["product"]["code"], given["team"]["id"]) == (wanted["productCode"], wanted["team"])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"contact": {"email": "ada", "firstName": "Ada", "lastName": "E"}}, 400, "INVALID_CONTACT_EMAIL"),
        ({"contact": {"email": "a@b.example", "firstName": "", "lastName": "E"}}, 400, "INVALID_CONTACT_NAME"),
        ({"contact": {"email": "a@b.example", "firstName": "R2", "lastName": "D"}}, 400, "INVALID_CONTACT_NAME"),
        ({}, 400, "MISSING_FIELD"),
        ({"licenseId": "AB12CD34EF"}, 404, "LICENSE_NOT_FOUND"),
        ({"license": {"productCode": "XX", "team": 1874050}}, 404, "PRODUCT_NOT_FOUND"),
        ({"license": {"productCode": "WS", "team": 3}}, 404, "TEAM_NOT_FOUND"),
    ],
)
def test_that_a_wrong_assignment_is_refused_by_its_code(
    client: JetClient, change: dict[str, object], status: int, code: str
) -> None:
    answer = client.post("/customer/licenses/assign", body(**change))

    assert (answer.status, answer.json["code"]) == (status, code)


def test_that_what_is_not_free_cannot_be_given_out_and_the_reason_is_named(client: JetClient) -> None:
    rows = client.listing()
    taken, server = users(rows)[0], next(row for row in rows if row.get("assignee", {}).get("type") == "SERVER")

    answers = [client.post("/customer/licenses/assign", body(licenseId=row["licenseId"])) for row in (taken, server)]

    assert [answer.json["description"] for answer in answers] == ["ALLOCATED", "NON_PER_USER"]


def test_that_the_presets_have_words_for_what_is_refused(jet: Connect, client: JetClient, simulator: Simulator) -> None:
    presets = {preset.key: preset for preset in JETBRAINS.presets}
    rows = client.listing()
    taken, server = users(rows)[0], next(row for row in rows if row.get("assignee", {}).get("type") == "SERVER")
    simulator.jetbrains.hand_over(taken["licenseId"], "ada@example.com", "Ada Example")
    looker = jet(simulator.jetbrains, simulator, KeyKind.READ_ONLY)
    revoke, assign = "/customer/licenses/revoke", "/customer/licenses/assign"
    answers = [
        ("jetbrains_revoke_one_license", client.post_query(revoke, licenseId=taken["licenseId"])),
        ("jetbrains_revoke_license", looker.post_query(revoke, email="ada@example.com")),
        ("jetbrains_assign_license", client.post(assign, body(licenseId=taken["licenseId"]))),
        ("jetbrains_assign_license", client.post(assign, body(licenseId=server["licenseId"]))),
    ]

    for key, answer in answers:
        words = [text for look, text in presets[key].explains if look.fits(answer.status, answer.json)]
        assert len(words) == 1, (key, answer)
    missing = client.post_query(revoke, licenseId="AB12CD34EF")
    gone = presets["jetbrains_revoke_one_license"].already_gone
    assert gone is not None
    assert gone.fits(missing.status, missing.json)


@pytest.mark.parametrize("sent", [b"{", b"[]", b'{"licenseId": "x"}', b'{"license": {"productCode": null}}'])
def test_that_a_body_that_cannot_be_read_is_answered_with_a_web_page(client: JetClient, sent: bytes) -> None:
    answer = client.ask("POST", "/jetbrains/customer/licenses/assign", sent)

    assert answer.status == 400
    assert "text/html" in answer.headers["content-type"]


def test_that_licences_change_teams_and_unknown_ones_are_left_out_without_a_word(client: JetClient) -> None:
    rows = client.listing()
    movable = next(row for row in rows if row["isTransferableBetweenTeams"])
    fixed = next(row for row in rows if not row["isTransferableBetweenTeams"])
    ids = [movable["licenseId"], fixed["licenseId"], "AB12CD34EF"]

    answer = client.post("/customer/changeLicensesTeam", {"licenseIds": ids, "targetTeamId": 1874052})

    assert answer.json == {"licenseIds": [movable["licenseId"]]}
    assert client.get(f"/customer/licenses/{movable['licenseId']}").json["team"] == {"id": 1874052, "name": "Mobile"}


# ----- churn and faults


def test_that_churn_tells_who_came_who_went_and_what_changed(client: JetClient, simulator: Simulator) -> None:
    before = {account.id: account for account in simulator.truth("jetbrains")}

    churned = simulator.churn(0.1)["jetbrains"]

    after = {account.id: account for account in simulator.truth("jetbrains")}
    assert set(churned.created) == after.keys() - before.keys()
    assert set(churned.gone) == before.keys() - after.keys()
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    assert set(churned.changed) == changed
    assert churned.created
    assert changed


def test_that_a_leavers_licences_are_free_again(client: JetClient, simulator: Simulator) -> None:
    total = simulator.jetbrains.loose()["total"]
    serial = next(
        serial
        for serial in simulator.company.serials
        if simulator.company.person(serial).email == simulator.truth("jetbrains")[-1].id
    )
    account = simulator.truth("jetbrains")[-1]

    simulator.company.leave([serial])

    assert simulator.jetbrains.loose()["total"] == total
    assert all("assignee" not in client.get(f"/customer/licenses/{made}").json for made in account.licences)


@pytest.mark.parametrize(
    ("kind", "shows"),
    [
        (FaultKind.EMPTY_LIST, lambda rows, total: rows == [] and total == 0),
        (FaultKind.MISSING_KEY, lambda rows, _: rows == {}),
        (FaultKind.NOT_OBJECTS, lambda rows, _: all(isinstance(row, str) for row in rows)),
        (FaultKind.ENDLESS, lambda rows, total: rows == [] and total > 0),
        (FaultKind.NO_ID, lambda rows, _: "licenseId" not in rows[0]),
        (FaultKind.RECORDED_NULLS, lambda rows, _: all("domain" in row and "team" in row for row in rows)),
    ],
)
def test_that_a_list_can_be_spoilt(
    client: JetClient, simulator: Simulator, kind: FaultKind, shows: Callable[[Any, int], bool]
) -> None:
    simulator.faults.add(Fault(kind, endpoint="licenses"))

    answer = client.get("/customer/licenses", page=1)

    assert shows(json.loads(answer.body), int(answer.headers["x-total-count"]))


def test_that_a_shrinking_list_loses_what_was_listed_already(client: JetClient, simulator: Simulator) -> None:
    first = client.get("/customer/licenses", page=1)
    simulator.faults.add(Fault(FaultKind.SHRINKING, endpoint="licenses", page=2, amount=3))

    second = client.get("/customer/licenses", page=2)

    assert int(second.headers["x-total-count"]) == int(first.headers["x-total-count"]) - 3


def test_that_too_many_requests_are_told_when_to_come_again(start: Start, jet: Connect) -> None:
    simulator = start(20, rate_limit=2)
    client = jet(simulator.jetbrains, simulator)

    answers = [client.get("/token") for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0
