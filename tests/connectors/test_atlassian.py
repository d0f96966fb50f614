"""What Atlassian's accounts mean, what its keys may do, and the traps of its list."""

from collections.abc import Mapping

import pytest

from saasdesk.connectors import Listing, ListingBroken, VendorClient
from saasdesk.connectors.atlassian import ATLASSIAN, add_names, saas_values
from saasdesk.connectors.placeholders import fill
from saasdesk.connectors.preset import Danger
from saasdesk.connectors.raw import Raw
from saasdesk.connectors.spec import SaasValues
from saasdesk.errors import ExitCode, UserError
from saasdesk.web import Answer, ErrorKind, VendorError, vendor_says
from tests.connectors.fake_atlassian import (
    API,
    INPUTS,
    ORGANISATION,
    USERS,
    FakeAtlassian,
    account,
    accounts,
    json_answer,
    page,
    refusal,
)

SCIM = ATLASSIAN.of_kind("scim")
DIRECTORY = "315e79ae-404a-4061-8a88-df91c8c7db34"


def client_of(vendor: object, connector: object = ATLASSIAN, **inputs: str) -> VendorClient:
    return VendorClient(connector, vendor, {**INPUTS, **inputs})  # type: ignore[arg-type]


def listed(listing: Listing) -> list[str]:
    with listing:
        return [record.id for page in listing for record in page.records]


def ids(count: int) -> list[str]:
    return [f"712020:{number:08d}" for number in range(count)]


def product(name: str, site: str | None = None, last_active: str | None = None, **more: object) -> Raw:
    return {"key": name.lower(), "name": name, "url": site, "last_active": last_active, **more}


def values(**changes: object) -> SaasValues:
    raw = account(1, **changes)
    add_names(raw)
    return saas_values(raw)


# ----- what an account means


def test_that_the_names_of_the_products_are_the_role_each_once_and_in_order() -> None:
    raw = account(1, product_access=[product("Trello"), product("Bitbucket", "a"), product("Trello", "b")])

    add_names(raw)

    assert raw["application_names"] == saas_values(raw).role == "Trello, Bitbucket"


@pytest.mark.parametrize("nothing", [None, [], "x", [None, 17, {}]])
def test_that_an_account_without_products_has_no_role(nothing: object) -> None:
    assert values(product_access=nothing).role is None
    raw = account(1)
    del raw["product_access"]
    add_names(raw)
    assert (saas_values(raw).role, saas_values(raw).licences) == (None, ())


def test_that_a_product_is_a_licence_at_each_of_its_sites() -> None:
    found = values(
        product_access=[product("Jira", "a.example.com", "2026-10-01T00:00:00Z"), product("Jira", "b.example.com")]
    )

    assert [(each.product, each.team, each.last_used) for each in found.licences] == [
        ("Jira", "a.example.com", "2026-10-01T00:00:00Z"),
        ("Jira", "b.example.com", None),
    ]
    assert len({each.licence_id for each in found.licences}) == 2


def test_that_a_product_that_is_listed_twice_is_one_licence_with_the_later_use() -> None:
    twice = [
        product("Jira", "a", "2026-10-01T00:00:00Z"),
        product("Jira", "a", "2026-11-01T00:00:00.5Z"),
        product("Jira", "a"),
    ]

    (licence,) = values(product_access=twice).licences

    assert licence.last_used == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("own", "products", "expected"),
    [
        ("2026-11-19T08:31:02.123Z", [], "2026-11-19T08:31:02Z"),
        ("2026-11-19T08:31:02Z", ["2026-11-20T00:00:00Z"], "2026-11-20T00:00:00Z"),
        (None, ["2026-10-02T00:00:00Z", None], "2026-10-02T00:00:00Z"),
        (None, [None], None),
        ("yesterday", [], None),
        ("2026-11-19T23:00:00-05:00", ["2026-11-20T03:00:00Z"], "2026-11-20T04:00:00Z"),
    ],
)
def test_that_the_last_activity_is_the_latest_of_all(
    own: str | None, products: list[str | None], expected: str | None
) -> None:
    used = [product(f"P{number}", last_active=text) for number, text in enumerate(products)]

    assert values(last_active=own, product_access=used).last_activity == expected


@pytest.mark.parametrize(
    ("status", "inactive", "shown"),
    [
        ("active", False, "active"),
        ("inactive", True, "inactive"),
        ("closed", True, "closed"),
        ("hibernating", False, "hibernating"),
        (None, False, "unknown"),
    ],
)
def test_p03_that_only_a_known_word_makes_an_account_inactive(status: object, inactive: bool, shown: str) -> None:
    assert (values(account_status=status).inactive, values(account_status=status).status) == (inactive, shown)


@pytest.mark.parametrize(
    ("more", "expected"), [({}, "Person 1"), ({"nickname": "dana"}, "dana"), ({"nickname": None}, "Person 1")]
)
def test_that_the_display_name_is_the_nickname_where_there_is_one(more: dict[str, object], expected: str) -> None:
    raw = account(1, **more)

    add_names(raw)

    assert raw["display_name"] == expected


def test_that_an_account_with_nothing_but_its_id_is_read() -> None:
    bare = FakeAtlassian([{"account_id": "5b10a2844c20165700ede21g"}])

    assert listed(client_of(bare).list_users()) == ["5b10a2844c20165700ede21g"]


@pytest.mark.parametrize(
    "made", ["5b10a2844c20165700ede21g", "557058:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "qm:abc|def_1"]
)
def test_that_ids_of_every_form_are_ids_and_stay_one_part_of_a_path(made: str) -> None:
    assert client_of(FakeAtlassian()).is_id(made)
    assert fill("/users/{{ id }}/manage", {"id": made}).count("/") == 3


# ----- the list


@pytest.mark.parametrize("bare_cursors", [False, True])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_that_every_account_is_listed_once_with_what_speaks_for_it(count: int, bare_cursors: bool) -> None:
    listing = client_of(FakeAtlassian(accounts(count), bare_cursors=bare_cursors)).list_users()

    assert listed(listing) == ids(count)
    evidence = listing.evidence
    assert (evidence.stated_end, evidence.total, evidence.distinct) == (True, count, count)
    assert (evidence.unproven_because, evidence.identity) == (None, ORGANISATION)


def test_that_a_cursor_is_quoted_once() -> None:
    vendor = FakeAtlassian(accounts(250))

    listed(client_of(vendor).list_users())

    assert vendor.cursors() == ["", "a=b&c+100==", "a=b&c+200=="]


def test_that_a_list_without_a_total_is_still_proven_by_its_end() -> None:
    listing = client_of(FakeAtlassian(accounts(250), gives_total=False)).list_users()

    assert len(listed(listing)) == 250
    assert (listing.evidence.total, listing.evidence.stated_end) == (None, True)


def test_p06_that_a_next_page_elsewhere_stops_the_run_and_nothing_counts() -> None:
    vendor = FakeAtlassian(odd=lambda _: page([account(1)], "https://elsewhere.example.com/users?cursor=x"))

    with pytest.raises(
        VendorError, match=r"Atlassian pointed to elsewhere\.example\.com; the key was not sent"
    ) as caught:
        listed(client_of(vendor).list_users())

    assert caught.value.kind is ErrorKind.REDIRECTED
    assert vendor.cursors() == [""]


def test_p04_that_a_cursor_that_comes_again_stops_the_run() -> None:
    following = {"": "a", "a": "b", "b": "a"}

    def odd(cursor: str) -> Answer:
        return page([account(len(cursor) * 10 + ord(cursor or "0"))], following[cursor])

    with pytest.raises(VendorError, match="keeps sending the same page of users") as caught:
        listed(client_of(FakeAtlassian(odd=odd)).list_users())

    assert caught.value.exit_code == ExitCode.VENDOR


def test_p04_that_an_endless_list_of_nobody_stops_the_run() -> None:
    with pytest.raises(VendorError, match="keeps sending the same page of users"):
        listed(client_of(FakeAtlassian(odd=lambda cursor: page([], f"{cursor}x"))).list_users())


class Forgets:
    """Refuses the second page so many times."""

    def __init__(self, times: int, code: str = "ADMIN-400-1") -> None:
        self.times, self.code = times, code

    def __call__(self, cursor: str) -> None:
        if cursor and self.times:
            self.times -= 1
            raise refusal(ErrorKind.REFUSED, 400, self.code)


def test_that_a_list_whose_cursor_was_forgotten_is_begun_once_more_and_nobody_comes_twice() -> None:
    listing = client_of(FakeAtlassian(accounts(250), odd=Forgets(1))).list_users()

    assert listed(listing) == ids(250)
    evidence = listing.evidence
    assert (evidence.distinct, evidence.duplicates, evidence.pages, evidence.stated_end) == (250, 0, 3, True)


@pytest.mark.parametrize("forgets", [Forgets(2), Forgets(1, "ADMIN-400-4")], ids=["twice", "for another reason"])
def test_p04_that_a_list_that_breaks_keeps_what_came_and_proves_nothing(forgets: Forgets) -> None:
    listing = client_of(FakeAtlassian(accounts(250), odd=forgets)).list_users()

    with pytest.raises(ListingBroken, match=r"Page 2 of about 3 could not be read"):
        listed(listing)

    assert not listing.evidence.stated_end


def test_that_whoever_left_before_the_second_reading_counts_for_nothing() -> None:
    vendor = FakeAtlassian(accounts(250), odd=(forgets := Forgets(1)))

    def odd(cursor: str) -> Answer | None:
        if cursor and forgets.times:
            vendor.people = vendor.people[5:]
        forgets(cursor)
        return None

    vendor.odd = odd
    listing = client_of(vendor).list_users()

    assert len(listed(listing)) == 250
    assert (listing.evidence.distinct, listing.evidence.total) == (245, 245)


# ----- keys


def test_that_a_key_is_tested_by_its_organisation_and_never_by_the_list_of_organisations() -> None:
    vendor = FakeAtlassian(refuses={"/admin/v1/orgs": refusal(ErrorKind.NOT_FOUND, 404)})

    probe = client_of(vendor).probe()

    assert probe.identity == "Kestrel"
    assert [feature.name for feature in probe.features] == [
        "List users",
        "Suspend, restore and remove",
        "Deactivate and delete accounts",
        "Create and delete users",
    ]
    assert [feature.works for feature in probe.features] == [True, True, True, None]
    assert "/admin/v1/orgs" not in {path for path, _ in vendor.asked}
    assert "/users/712020%3A00000000/manage" in {path for path, _ in vendor.asked}


def test_that_without_anybody_there_is_nobody_to_try_with() -> None:
    features = {feature.key: feature for feature in client_of(FakeAtlassian([])).probe().features}

    assert (features["list_users"].works, features["manage_accounts"].works) == (True, None)


def test_that_a_renamed_organisation_is_the_same_one() -> None:
    assert client_of(FakeAtlassian()).identify() == ORGANISATION


@pytest.mark.parametrize(
    ("path", "error", "feature", "words"),
    [
        (USERS, refusal(ErrorKind.WRONG_KEY, 401, "ADMIN-401-2"), "list_users", "lacks the scope for it (401)"),
        (
            f"/admin/v2/orgs/{ORGANISATION}/directories",
            refusal(ErrorKind.FORBIDDEN, 403, "ADMIN-403-3"),
            "directories",
            "newer user management",
        ),
        (
            "/users/712020%3A00000000/manage",
            refusal(ErrorKind.FORBIDDEN, 403),
            "manage_accounts",
            "Make a key without scopes.",
        ),
    ],
)
def test_that_a_scoped_key_is_told_what_it_cannot_do(path: str, error: VendorError, feature: str, words: str) -> None:
    probe = client_of(FakeAtlassian(refuses={path: error})).probe()

    (found,) = [each for each in probe.features if each.key == feature]
    assert found.works is False
    assert words in found.advice


@pytest.mark.parametrize(("kind", "status"), [(ErrorKind.FORBIDDEN, 403), (ErrorKind.NOT_FOUND, 404)])
def test_p17_that_the_organisation_of_somebody_else_is_said(kind: ErrorKind, status: int) -> None:
    vendor = FakeAtlassian(refuses={f"/admin/v1/orgs/{ORGANISATION}": refusal(kind, status)})

    with pytest.raises(VendorError, match=f"This key does not open the organisation {ORGANISATION}") as caught:
        client_of(vendor).probe()

    assert caught.value.exit_code == ExitCode.CREDENTIAL


def test_p17_that_a_refused_key_is_bad_expired_or_under_scoped() -> None:
    path = f"/admin/v1/orgs/{ORGANISATION}"
    plain = FakeAtlassian(refuses={path: refusal(ErrorKind.WRONG_KEY, 401)})
    scoped = FakeAtlassian(
        refuses={path: refusal(ErrorKind.WRONG_KEY, 401, said="Insufficient scope. Create a new API Key")}
    )

    with pytest.raises(VendorError) as caught:
        client_of(plain).probe()
    assert (
        str(caught.value) == "Atlassian refused the key (401). It may be wrong or expired, or lack the scopes for this."
    )
    with pytest.raises(VendorError, match='It says: "Insufficient scope'):
        client_of(scoped).probe()


class Directory(FakeAtlassian):
    """A provisioning directory in the place of the organisation."""

    def get(self, path_or_url: str, params: Mapping[str, str] | None = None, **more: object) -> Answer:
        self.asked.append((path_or_url, dict(params or {})))
        return json_answer({"totalResults": 1234, "Resources": []})


def test_that_a_directory_key_is_tested_at_its_directory() -> None:
    vendor = Directory()

    probe = client_of(vendor, SCIM, directory_id=DIRECTORY).probe()

    assert probe.identity == "a directory with 1,234 users"
    assert vendor.asked == [(f"/scim/directory/{DIRECTORY}/Users", {"startIndex": "1", "count": "1"})]


def test_that_each_kind_of_key_asks_for_its_own_inputs() -> None:
    def required(kind: str) -> set[str]:
        return {declared.key for declared in ATLASSIAN.of_kind(kind).inputs if declared.required}

    assert (required("admin"), required("scim")) == ({"organization_id"}, {"directory_id"})


# ----- what people paste


@pytest.mark.parametrize(
    "pasted",
    [
        DIRECTORY,
        f"  {DIRECTORY}\n",
        f"{API}/scim/directory/{DIRECTORY}",
        f"{API}/scim/directory/{DIRECTORY}/",
        f"{API}/scim/directory/{DIRECTORY}/Users?count=1",
    ],
)
def test_that_a_pasted_base_address_is_cut_down_to_the_directory(pasted: str) -> None:
    assert ATLASSIAN.clean_inputs({"directory_id": pasted}) == {"directory_id": DIRECTORY}


@pytest.mark.parametrize("pasted", [ORGANISATION, f"https://admin.atlassian.com/o/{ORGANISATION}/overview?x=1"])
def test_that_the_address_of_the_admin_page_is_cut_down_to_the_organisation(pasted: str) -> None:
    assert ATLASSIAN.clean_inputs({"organization_id": pasted}) == {"organization_id": ORGANISATION}


@pytest.mark.parametrize("pasted", ["a b", "../orgs", f"{API}/scim", "https://", "ü", "a/b", "x" * 65])
def test_p17_that_what_can_be_no_id_is_refused_by_the_name_of_its_input(pasted: str) -> None:
    with pytest.raises(UserError, match="is no Directory ID"):
        ATLASSIAN.clean_inputs({"directory_id": pasted})


# ----- presets


def test_that_every_way_of_taking_access_away_is_marked_as_such() -> None:
    dangers = {preset.key.removeprefix("atlassian_"): preset.danger for preset in ATLASSIAN.presets}

    for key in ("deactivate_user", "delete_account", "suspend_access", "remove_user", "delete_user"):
        assert dangers[key] is Danger.DESTROYS
    for key in ("activate_user", "restore_access", "create_user", "cancel_deletion"):
        assert dangers[key] is Danger.CHANGES


def test_that_presets_for_the_directory_take_its_own_key_and_find_the_user_first() -> None:
    presets = {preset.key: preset for preset in ATLASSIAN.presets}

    assert {key for key, preset in presets.items() if preset.kind == "scim"} == {
        "atlassian_create_user",
        "atlassian_deactivate_directory_user",
        "atlassian_delete_user",
        "atlassian_find_directory_user",
    }
    delete = presets["atlassian_delete_user"].look_up
    assert delete is not None
    assert (delete.none_found, delete.params["filter"]) == ("User Not Found", 'userName eq "{{ email }}"')


@pytest.mark.parametrize(
    ("key", "status", "document", "words"),
    [
        ("deactivate_user", 403, {"key": "forbidden.action"}, "it can only be changed there"),
        ("deactivate_user", 403, {"key": "forbidden"}, "the key has scopes"),
        ("delete_account", 403, {"key": "forbidden.targetUnverified"}, "never verified"),
        ("suspend_access", 403, {"errors": [{"code": "ADMIN-403-3"}]}, "newer user management"),
        ("create_user", 409, {"scimType": "uniqueness"}, "has a user of this name already"),
    ],
)
def test_that_a_refusal_that_only_hints_is_put_into_words(key: str, status: int, document: object, words: str) -> None:
    (preset,) = [preset for preset in ATLASSIAN.presets if preset.key == f"atlassian_{key}"]

    (explained,) = [sentence for look, sentence in preset.explains if look.fits(status, document)]

    assert words in explained


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            {"errors": [{"status": "404", "code": "ADMIN-404-8", "title": "NOT_FOUND", "detail": "User not found"}]},
            "User",
        ),
        ({"key": "forbidden", "errorDetail": "Error: Cannot perform action"}, "Cannot perform action"),
        ([{"code": "x", "message": "Not now", "link": "https://example.com"}], "Not now"),
        (
            {"schemas": ["…"], "status": "409", "scimType": "uniqueness", "detail": "User already exists"},
            "already exists",
        ),
        ({"code": 401, "message": "Unauthorized; scope does not match"}, "scope does not match"),
    ],
)
def test_that_each_of_the_three_ways_of_refusing_is_read(document: object, said: str) -> None:
    assert said in vendor_says(document)


def test_that_no_preset_uses_a_call_that_atlassian_has_ended() -> None:
    for preset in ATLASSIAN.presets:
        assert not preset.path.endswith(("suspend-access", "restore-access"))
        assert not ("/v1/" in preset.path and preset.method != "GET")
        assert not ("/v2/" in preset.path and preset.method == "GET" and preset.path.endswith("/users"))
