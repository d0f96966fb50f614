"""The simulated Atlassian: three APIs with their own keys, paging, refusals, and what writing does."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from saasdesk.simulator.atlassian import AccountIds, KeyKind
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from tests.simulator.conftest import Client, Reply

EXTENSION = "urn:scim:schemas:extension:atlassian-external:1.0"


class Organisation:
    """Speaks to one organisation with one of its keys."""

    def __init__(self, simulator: Simulator, name: str = "atlassian", kind: KeyKind = KeyKind.FULL) -> None:
        access = simulator.all_access()[name]
        self.simulator, self.name = simulator, name
        self.id, self.directory_id = access["organization_id"], access["directory_id"]
        self._client = Client(simulator, headers={"Authorization": f"Bearer {access[kind.value]}"})

    def ask(self, method: str, path: str, body: object = None) -> Reply:
        sent = b"" if body is None else json.dumps(body).encode()
        return self._client.ask(method, f"/{self.name}{path}", sent)

    def v1(self, path: str = "") -> Reply:
        return self.ask("GET", f"/admin/v1/orgs/{self.id}{path}")

    def v2(self, path: str, method: str = "GET", body: object = None) -> Reply:
        return self.ask(method, f"/admin/v2/orgs/{self.id}/directories{path}", body)

    def manage(self, account: str, path: str = "", method: str = "GET", body: object = None) -> Reply:
        return self.ask(method, f"/users/{quote(account, safe='')}/manage{path}", body)

    def scim(self, path: str = "", method: str = "GET", body: object = None) -> Reply:
        return self.ask(method, f"/scim/directory/{self.directory_id}/Users{path}", body)

    def pages(self) -> Iterator[dict[str, Any]]:
        path = "/users"
        while True:
            page = self.v1(path).json
            yield page
            link = page["links"].get("next")
            if not link:
                return
            parts = urlsplit(link)
            assert parts.netloc == f"127.0.0.1:{self.simulator.port}"
            path = f"/users?{parts.query}"

    def listing(self) -> list[dict[str, Any]]:
        return [account for page in self.pages() for account in page["data"]]

    def status(self, account: str) -> str:
        return next(each["account_status"] for each in self.listing() if each["account_id"] == account)

    def member(self, account: str) -> dict[str, Any]:
        found: dict[str, Any] = self.v2("/-/users/search", "POST", {"accountIds": [account]}).json["data"][0]
        return found

    def close(self) -> None:
        self._client.close()


Open = Callable[..., Organisation]


@pytest.fixture
def connect_to(start: Callable[..., Simulator]) -> Iterator[Open]:
    """An organisation of a company of so many people; several can look at one simulation."""
    opened = []

    def connect_one(people: int = 264, simulator: Simulator | None = None, **which: Any) -> Organisation:
        made = Organisation(simulator or start(people), **which)
        opened.append(made)
        return made

    yield connect_one
    for each in opened:
        each.close()


def code(reply: Reply) -> str:
    return str(reply.json["errors"][0]["code"])


# ----- the list of accounts


@pytest.mark.parametrize(("people", "accounts"), [(0, 0), (1, 1), (104, 99), (105, 100), (106, 101), (264, 250)])
def test_that_the_list_is_the_truth_page_by_page(connect_to: Open, people: int, accounts: int) -> None:
    organisation = connect_to(people)

    pages = list(organisation.pages())

    truth = organisation.simulator.truth("atlassian")
    listed = [account for page in pages for account in page["data"]]
    assert [account["account_id"] for account in listed] == [account.id for account in truth]
    assert len(truth) == accounts
    assert len(pages) == max(1, -(-accounts // 100))
    assert {page["meta"]["total"] for page in pages} == {accounts}


def test_that_the_next_page_is_an_address_in_one_call_and_a_bare_token_in_the_other(connect_to: Open) -> None:
    organisation = connect_to()

    address = organisation.v1("/users").json["links"]["next"]
    token = organisation.v2("/-/users/search", "POST", {"limit": 100}).json["links"]["next"]

    assert parse_qs(urlsplit(address).query).keys() == {"cursor"}
    assert not urlsplit(token).scheme
    following = organisation.v2("/-/users/search", "POST", {"limit": 100, "cursor": token}).json["data"]
    assert following[0]["accountId"] == organisation.listing()[100]["account_id"]


def test_that_what_can_be_missing_or_null_is_so_for_somebody(connect_to: Open) -> None:
    accounts = connect_to(2_000).listing()

    def kinds(key: str) -> set[str]:
        return {"missing" if key not in a else "null" if a[key] is None else "there" for a in accounts}

    assert kinds("last_active") == kinds("product_access") == kinds("access_billable") == {"missing", "null", "there"}
    assert kinds("email") == {"missing", "there"}
    assert {a["account_status"] for a in accounts} == {"active", "inactive", "closed"}
    assert {a["account_type"] for a in accounts} == {"atlassian", "customer", "app"}
    assert any(p.get("url") is None for a in accounts for p in a.get("product_access") or [])
    assert any(not a.get("product_access", True) for a in accounts)
    assert {"." in a["last_active"] for a in accounts if a.get("last_active")} == {True, False}
    assert any(ord(letter) > 0x500 for a in accounts for letter in a["name"])


def test_that_robots_have_no_address_and_whoever_hides_it_has_no_name_either(connect_to: Open) -> None:
    organisation = connect_to(2_000)
    people = {
        account.id: organisation.simulator.company.person(account.serial)
        for account in organisation.simulator.truth("atlassian")
    }

    for account in organisation.listing():
        person = people[account["account_id"]]
        if account["account_type"] == "app":
            assert "email" not in account
        elif "email" not in account:
            assert account["name"] == person.given
        else:
            assert (account["email"].lower(), account["name"]) == (person.email, person.name)


def test_that_some_who_left_still_have_their_account(connect_to: Open) -> None:
    organisation = connect_to(2_000)
    company = organisation.simulator.company

    left = [a for a in organisation.simulator.truth("atlassian") if company.person(a.serial).left is not None]

    assert {account.active for account in left} == {True, False}


def test_that_a_product_comes_once_for_each_site(connect_to: Open) -> None:
    sites = [
        {p["url"] for p in account.get("product_access") or [] if p["key"] == "jira-software"}
        for account in connect_to().listing()
    ]

    assert max(map(len, sites)) == 2


def test_that_two_organisations_share_people_under_one_id_and_only_one_counts_them(connect_to: Open) -> None:
    main = connect_to()
    labs = connect_to(simulator=main.simulator, name="atlassian-labs")

    ours, theirs = ({account["account_id"] for account in each.listing()} for each in (main, labs))

    assert main.id != labs.id
    assert main.directory_id != labs.directory_id
    assert ours & theirs
    assert not theirs >= ours
    assert "meta" not in labs.v1("/users").json
    assert "atlassian-labs" not in main.simulator.access()


def test_that_ids_come_in_three_forms_and_can_be_turned_back() -> None:
    ids = AccountIds(7)
    made = [ids.make(number) for number in range(-5, 3_000)]

    assert len(set(made)) == len(made)
    assert [ids.number(each) for each in made] == list(range(-5, 3_000))
    assert {each.partition(":")[0] if ":" in each else len(each) for each in made} == {"557058", "712020", 24}
    for odd in ("", "x", "557058:", "5" * 24, "557058:00000000-0000-0000-0000-000000000000", made[0] + "0"):
        assert ids.number(odd) is None


# ----- keys and refusals


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (KeyKind.FULL, (200, 200, 200, 401)),
        (KeyKind.SCOPED, (200, 200, 403, 401)),
        (KeyKind.ACCOUNTS_ONLY, (200, 401, 403, 401)),
        (KeyKind.EXPIRED, (401, 401, 401, 401)),
        (KeyKind.DIRECTORY, (401, 401, 401, 200)),
    ],
)
def test_that_each_key_opens_what_it_is_for(connect_to: Open, kind: KeyKind, expected: tuple[int, ...]) -> None:
    organisation = connect_to(20, kind=kind)
    account = organisation.simulator.atlassian.accounts.id_of(0)

    replies = (organisation.v1("/users"), organisation.v2(""), organisation.manage(account), organisation.scim())

    assert tuple(reply.status for reply in replies) == expected


def test_that_a_scoped_key_may_change_nothing(connect_to: Open) -> None:
    organisation = connect_to(20, kind=KeyKind.SCOPED)
    directory = organisation.v2("").json["data"][0]["directoryId"]

    refused = organisation.v2(
        f"/{directory}/users/{organisation.simulator.atlassian.accounts.id_of(1)}/suspend", "POST"
    )

    assert (refused.status, code(refused)) == (401, "ADMIN-401-2")
    assert refused.json["errors"][0]["status"] == "401"


def test_that_a_good_key_gets_an_empty_list_of_organisations(connect_to: Open) -> None:
    reply = connect_to(20).ask("GET", "/admin/v1/orgs")

    assert (reply.status, reply.json["data"]) == (200, [])


def test_that_another_organisation_is_told_from_one_that_is_none(connect_to: Open) -> None:
    main = connect_to(20)
    labs = connect_to(simulator=main.simulator, name="atlassian-labs")

    theirs, none = main.ask("GET", f"/admin/v1/orgs/{labs.id}"), main.ask("GET", "/admin/v1/orgs/none")

    assert (theirs.status, code(theirs)) == (403, "ADMIN-403-3")
    assert (none.status, code(none)) == (404, "ADMIN-404-2")


@pytest.mark.parametrize("cursor", ["x", "YWZ0ZXI6eA", "%00", "!!!"])
def test_that_a_cursor_that_was_never_given_out_is_refused(connect_to: Open, cursor: str) -> None:
    refused = connect_to(20).v1(f"/users?cursor={cursor}")

    assert (refused.status, code(refused)) == (400, "ADMIN-400-1")


@pytest.mark.parametrize(("window_seconds", "says_seconds"), [(30, True), (300, False)])
def test_that_the_reset_of_the_limit_is_an_instant_to_the_minute(
    start: Callable[..., Simulator], window_seconds: int, says_seconds: bool
) -> None:
    organisation = Organisation(start(20, rate_limit=1, rate_window_seconds=window_seconds))
    organisation.v1()

    refused = organisation.v1()

    assert (refused.status, code(refused)) == (429, "ADMIN-429-1")
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert len(refused.headers["x-ratelimit-reset"]) == len("2026-11-21T10:05Z")
    assert ("retry-after" in refused.headers) is says_seconds
    organisation.close()


@pytest.mark.parametrize(
    "body",
    [
        {"emails": ["x"], "searchTerm": "y"},
        {"limit": 101},
        {"limit": 0},
        {"limit": "50"},
        {"status": "active"},
        [],
    ],
)
def test_that_a_senseless_search_is_refused(connect_to: Open, body: object) -> None:
    refused = connect_to(20).v2("/-/users/search", "POST", body)

    assert (refused.status, code(refused)) == (400, "ADMIN-400-24")


# ----- looking closer


def test_that_a_search_finds_by_address_name_and_state(connect_to: Open) -> None:
    organisation = connect_to()
    wanted = next(account for account in organisation.listing() if account.get("email"))

    by_mail = organisation.v2("/-/users/search", "POST", {"emails": [wanted["email"].upper()]}).json["data"]
    by_term = organisation.v2("/-/users/search", "POST", {"searchTerm": wanted["name"][:6]}).json["data"]
    off = organisation.v2("/-/users/search", "POST", {"accountStatus": ["inactive", "closed"], "limit": 100}).json[
        "data"
    ]

    assert [each["accountId"] for each in by_mail] == [wanted["account_id"]]
    assert wanted["account_id"] in {each["accountId"] for each in by_term}
    assert {each["status"] for each in off} == {"deactivated"}
    assert {each["accountId"] for each in off} == {
        a["account_id"] for a in organisation.listing() if a["account_status"] != "active"
    }


def test_that_suspended_people_still_read_active_in_the_list(connect_to: Open) -> None:
    organisation = connect_to(600)

    suspended = organisation.v2("/-/users/search", "POST", {"membershipStatus": ["suspended"]}).json["data"]

    assert "active" in {organisation.status(member["accountId"]) for member in suspended}


def test_that_activity_dates_agree_with_the_list(connect_to: Open) -> None:
    organisation = connect_to()
    for account in organisation.listing()[:40]:
        dates = organisation.v1(f"/directory/users/{quote(account['account_id'], safe='')}/last-active-dates").json[
            "data"
        ]
        used = [p["last_active"] for p in account.get("product_access") or [] if p.get("last_active")]
        assert [each["last_active_timestamp"] for each in dates["product_access"]] == used


def test_that_an_unverified_account_has_no_profile_and_another_has(connect_to: Open) -> None:
    organisation = connect_to(600)

    replies = [organisation.manage(account["account_id"], "/profile") for account in organisation.listing()]

    assert {reply.status for reply in replies} == {200, 403}
    assert {reply.json["key"] for reply in replies if reply.status == 403} == {"forbidden.targetUnverified"}


# ----- writing


def test_that_an_account_is_deactivated_activated_deleted_and_kept_after_all(connect_to: Open) -> None:
    organisation = connect_to(60)
    account = organisation.simulator.atlassian.accounts.id_of(3)

    seen = []
    for step in ("disable", "enable", "delete", "cancel-delete"):
        assert organisation.manage(account, f"/lifecycle/{step}", "POST").status == 204
        seen.append((organisation.status(account), organisation.member(account)["status"]))

    assert seen == [
        ("inactive", "deactivated"),
        ("active", "active"),
        ("inactive", "for_deletion"),
        ("active", "active"),
    ]


def test_that_an_account_of_another_directory_can_only_be_closed_there(connect_to: Open) -> None:
    organisation = connect_to(600)
    ids = [account["account_id"] for account in organisation.listing()]

    may_not = next(made for made in ids if not organisation.manage(made).json["lifecycle.enablement"]["allowed"])
    refused = organisation.manage(may_not, "/lifecycle/disable", "POST", {"message": "bye"})

    assert (refused.status, refused.json) == (403, {"key": "forbidden.action"})


def test_that_a_member_is_suspended_restored_and_removed(connect_to: Open) -> None:
    organisation = connect_to(60)
    account = organisation.simulator.atlassian.accounts.id_of(3)
    directory = organisation.v2(f"?accountId={quote(account)}").json["data"][0]["directoryId"]
    place = f"/{directory}/users/{quote(account, safe='')}"

    assert organisation.v2(f"{place}/suspend", "POST").status == 204
    assert organisation.member(account)["status"] == "suspended"
    assert organisation.v2(f"{place}/restore", "POST").status == 204
    assert organisation.member(account)["status"] == "active"
    assert organisation.v2(place, "DELETE").status == 202
    again = organisation.v2(place, "DELETE")

    assert (again.status, code(again)) == (404, "ADMIN-404-8")
    assert organisation.v2(f"?accountId={quote(account)}").json["data"] == []
    # A managed account stays among the managed accounts.
    assert organisation.status(account) == "active"


def test_that_a_directory_is_listed_filtered_and_paged(connect_to: Open) -> None:
    organisation = connect_to(kind=KeyKind.DIRECTORY)

    whole, second = organisation.scim("?count=100").json, organisation.scim("?startIndex=101&count=100").json
    name = whole["Resources"][0]["userName"]
    found = organisation.scim(f"?filter={quote(f'userName eq {chr(34)}{name.upper()}{chr(34)}')}").json

    assert whole["totalResults"] > 100
    assert len(second["Resources"]) == min(100, whole["totalResults"] - 100)
    assert [user["userName"] for user in found["Resources"]] == [name]
    assert organisation.scim("?filter=emails%20eq%20%22x%22").json["scimType"] == "invalidFilter"
    assert organisation.scim("?attributes=a&excludedAttributes=b").status == 400


def test_that_a_user_is_provisioned_changed_and_deleted(connect_to: Open) -> None:
    directory = connect_to(60, kind=KeyKind.DIRECTORY)
    organisation = connect_to(simulator=directory.simulator)
    new = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "new.comer@example.com",
        "emails": [{"value": "new.comer@example.com", "primary": True}],
        "displayName": "New Comer",
    }

    made = directory.scim("", "POST", new)
    user, account = made.json["id"], made.json[EXTENSION]["atlassianAccountId"]
    assert (made.status, organisation.status(account)) == (201, "active")
    assert directory.simulator.truth("atlassian")[-1].name == "New Comer"
    again = directory.scim("", "POST", new)
    assert (again.status, again.json["scimType"]) == (409, "uniqueness")

    patch = {"schemas": [], "operations": [{"op": "replace", "path": "active", "value": False}]}
    assert directory.scim(f"/{user}", "PATCH", patch).json["active"] is False
    assert organisation.status(account) == "inactive"
    assert directory.scim(f"/{user}", "DELETE").status == 204
    gone = directory.scim(f"/{user}")
    assert (gone.status, gone.json["status"]) == (404, "404")
    assert organisation.status(account) == "inactive"


def test_that_a_record_read_alone_may_lack_its_state(connect_to: Open) -> None:
    organisation = connect_to(600, kind=KeyKind.DIRECTORY)

    users = [user["id"] for start in (1, 101) for user in organisation.scim(f"?startIndex={start}").json["Resources"]]

    assert {"active" in organisation.scim(f"/{user}").json for user in users} == {True, False}


# ----- truth and trouble


def test_that_churn_is_exactly_what_a_listing_shows_changed(connect_to: Open) -> None:
    organisation = connect_to()
    for _ in range(4):
        before = {account["account_id"]: account for account in organisation.listing()}
        churn = organisation.simulator.churn(0.1)["atlassian"]
        after = {account["account_id"]: account for account in organisation.listing()}

        assert set(churn.created) == after.keys() - before.keys()
        assert set(churn.gone) == before.keys() - after.keys()
        assert churn.changed.keys() == {made for made in after if made in before and before[made] != after[made]}


def test_that_what_is_prepared_is_what_would_have_been_answered(connect_to: Open) -> None:
    organisation = connect_to()
    before = organisation.v1("/users").body

    organisation.simulator.prepare()

    assert organisation.v1("/users").body == before


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (FaultKind.EMPTY_LIST, lambda page: page["data"] == [] and "next" not in page["links"]),
        (FaultKind.ENDLESS, lambda page: page["data"] == [] and page["links"]["next"]),
        (FaultKind.MISSING_KEY, lambda page: "data" not in page),
        (FaultKind.NOT_OBJECTS, lambda page: isinstance(page["data"][0], str)),
        (FaultKind.FOREIGN_NEXT, lambda page: page["links"]["next"].startswith("https://elsewhere.example.com/")),
        (FaultKind.WRONG_TOTAL, lambda page: page["meta"]["total"] == 251),
        (FaultKind.FORGETFUL, lambda page: len(page["data"]) == 99 and page["meta"]["total"] == 249),
        (FaultKind.NO_ID, lambda page: "account_id" not in page["data"][0]),
        (FaultKind.HIDDEN_EMAILS, lambda page: not any("email" in account for account in page["data"])),
    ],
    ids=lambda value: value.value if isinstance(value, FaultKind) else "",
)
def test_that_a_fault_spoils_the_list_as_it_says(
    connect_to: Open, kind: FaultKind, seen: Callable[[Any], bool]
) -> None:
    organisation = connect_to()
    organisation.simulator.faults.add(Fault(kind, vendor="atlassian"))

    assert seen(organisation.v1("/users").json)


def test_that_a_fault_of_one_organisation_leaves_the_other_alone(connect_to: Open) -> None:
    main = connect_to()
    labs = connect_to(simulator=main.simulator, name="atlassian-labs")
    main.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="", vendor="atlassian"))

    assert (main.v1("/users").status, labs.v1("/users").status) == (500, 200)
