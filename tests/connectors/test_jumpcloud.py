"""JumpCloud's own ways: a list that ends by count, roles from two places, sign-ins from a log."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from saasdesk.connectors import (
    DetailsUnavailable,
    Found,
    Gone,
    Listing,
    Region,
    Unsure,
    VendorClient,
    VendorRecord,
    fill,
)
from saasdesk.connectors.jumpcloud import EVENTS, JUMPCLOUD, saas_values
from saasdesk.mapping.templates import TemplateProblem, compile_template
from saasdesk.web import Answer, ErrorKind, VendorError
from tests.connectors.fake_jumpcloud import FakeJumpCloud, event, json_answer, refusal, user, users

FORBIDDEN = refusal(ErrorKind.FORBIDDEN, 403)


def client_of(vendor: FakeJumpCloud, tell: Callable[[object], None] | None = None, **inputs: str) -> VendorClient:
    return VendorClient(JUMPCLOUD, vendor, inputs, tell)


def read(client: VendorClient) -> tuple[list[VendorRecord], Listing]:
    with client.list_users() as listing:
        return [record for page in listing for record in page.records], listing


def record_of(vendor: FakeJumpCloud) -> dict[str, Any]:
    (record,), _ = read(client_of(vendor))
    return record.raw


# ----- the list


def test_that_every_page_is_asked_for_in_the_order_of_ids() -> None:
    vendor = FakeJumpCloud(users(250))

    read(client_of(vendor))

    assert {page["sort"] for page in vendor.user_pages()} == {"_id"}
    assert sorted(int(page["skip"]) for page in vendor.user_pages()) == [0, 100, 200]


@pytest.mark.parametrize("missing", [1, 40, 99])
def test_that_a_short_page_is_not_the_end(missing: int) -> None:
    vendor = FakeJumpCloud(users(350))
    cut = json_answer({"totalCount": 350, "results": users(350)[100 : 200 - missing]})
    vendor.odd = lambda skip: cut if skip == 100 else None

    records, listing = read(client_of(vendor))

    assert [record.raw["_id"] for record in records] == [person["_id"] for person in vendor.people]
    assert listing.evidence.stated_end
    assert listing.evidence.unproven_because is None


def test_that_null_rows_are_problems_and_leave_the_rest_of_the_list() -> None:
    vendor = FakeJumpCloud(users(250))
    holed = json_answer({"totalCount": 250, "results": [None, *users(250)[101:200]]})
    vendor.odd = lambda skip: holed if skip == 100 else None

    with client_of(vendor).list_users() as listing:
        pages = list(listing)

    assert sum(len(page.records) for page in pages) == 249
    assert [problem.position for page in pages for problem in page.problems] == [101]
    assert "without a usable id" in (listing.evidence.unproven_because or "")


def test_that_an_empty_page_ends_a_list_whose_count_says_more() -> None:
    vendor = FakeJumpCloud(users(100))
    vendor.odd = lambda skip: json_answer({"totalCount": 130, "results": users(130)[skip:100]})

    _, listing = read(client_of(vendor))

    assert (listing.evidence.distinct, listing.evidence.total) == (100, 130)


def test_p04_that_a_count_that_moves_is_told() -> None:
    vendor = FakeJumpCloud(users(250))
    vendor.odd = lambda skip: json_answer({"totalCount": 249, "results": users(250)[201:]}) if skip == 200 else None

    _, listing = read(client_of(vendor))

    assert listing.evidence.total_moved


@pytest.mark.parametrize("document", [{"results": []}, {"results": [], "totalCount": None}, {"totalCount": 3}, []])
def test_p04_that_an_answer_without_list_or_count_is_no_empty_list(document: object) -> None:
    vendor = FakeJumpCloud(odd=lambda _: json_answer(document))

    with pytest.raises(VendorError) as caught:
        read(client_of(vendor))

    assert caught.value.kind is ErrorKind.NONSENSE


def test_that_an_id_with_odd_characters_is_a_problem_of_that_record() -> None:
    vendor = FakeJumpCloud([user(0), user(1, _id="6026/../x"), user(2, _id="ok id"), user(3)])

    with client_of(vendor).list_users() as listing:
        (page,) = list(listing)

    assert len(page.records) == 2
    assert len(page.problems) == 2


# ----- one user


@pytest.mark.parametrize("message", ["Not Found", "Not found: user", "NOT FOUND"])
def test_that_the_vendors_own_not_found_means_gone(message: str) -> None:
    path = "/api/systemusers/6026bec6b820725500000009"
    vendor = FakeJumpCloud(refuses={path: refusal(ErrorKind.NOT_FOUND, 404, message)})

    assert client_of(vendor).read_user("6026bec6b820725500000009") == Gone()


@pytest.mark.parametrize(
    "document", [None, {"message": "no Route matched"}, {"error": "Not Found"}, {"message": 404}, "Not Found"]
)
def test_p03_that_anybody_elses_not_found_does_not(document: object) -> None:
    path = "/api/systemusers/6026bec6b820725500000009"
    error = VendorError(ErrorKind.NOT_FOUND, "no", host="console.jumpcloud.com", status=404, json_error=document)

    assert isinstance(client_of(FakeJumpCloud(refuses={path: error})).read_user("6026bec6b820725500000009"), Unsure)


def test_that_a_user_is_read_without_a_wrapper() -> None:
    found = client_of(FakeJumpCloud(users(3))).read_user(str(user(1)["_id"]))

    assert isinstance(found, Found)
    assert found.record.raw["email"] == "person.1@example.com"


# ----- names


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"displayname": "Zoë M."}, "Zoë M."),
        ({"displayname": "", "firstname": "Zoë", "lastname": "Müller"}, "Zoë Müller"),
        ({"displayname": ..., "firstname": "Zoë", "lastname": ...}, "Zoë"),
        ({"displayname": None, "firstname": None, "lastname": "Müller"}, "Müller"),
        ({"displayname": " ", "firstname": "", "lastname": ""}, ""),
    ],
)
def test_that_a_missing_display_name_is_first_and_last_name(names: dict[str, object], shown: str) -> None:
    assert record_of(FakeJumpCloud([user(1, **names)]))["full_name"] == shown


def test_that_the_first_of_name_address_and_id_names_a_record() -> None:
    nameless = record_of(FakeJumpCloud([user(1, displayname="", firstname="", lastname="")]))

    assert JUMPCLOUD.label_of(nameless) == "person.1@example.com"


# ----- roles


@pytest.mark.parametrize(
    ("admin", "role"),
    [
        ({"id": "x", "roleName": "Help Desk", "roleNames": ["Help Desk"]}, "Help Desk"),
        ({"roleName": "Manager", "roleNames": ["Manager", "Billing Only"]}, "Manager, Billing Only"),
        ({"roleName": "Our own role"}, "Our own role"),
        ({"roleName": "Manager", "roleNames": []}, "Manager"),
        ({"roleName": "Manager", "roleNames": "Manager"}, "Manager"),
        ({"roleNames": [None, "Manager"]}, "Manager"),
        ({}, "User"),
        (None, "User"),
    ],
)
def test_that_the_users_own_record_tells_the_role(admin: object, role: str) -> None:
    assert saas_values(record_of(FakeJumpCloud([user(1, admin=admin)]))).role == role


def test_that_older_records_are_joined_with_the_administrators_by_address() -> None:
    vendor = FakeJumpCloud([user(1, admin=..., email="Zoe+x@example.com"), user(2, admin=...)])
    vendor.administrators = [{"_id": "a1", "email": " zoe+X@EXAMPLE.com", "roleName": "Read Only"}]

    records, _ = read(client_of(vendor))

    assert [saas_values(record.raw).role for record in records] == ["Read Only", "User"]


def test_that_a_key_that_may_not_list_administrators_loses_that_alone() -> None:
    told: list[object] = []
    vendor = FakeJumpCloud(
        [user(1, admin=...), user(2, admin={"roleName": "Manager"})], refuses={"/api/users": FORBIDDEN}
    )

    records, _ = read(client_of(vendor, told.append))

    assert [saas_values(record.raw).role for record in records] == [None, "Manager"]
    assert [news.feature for news in told if isinstance(news, DetailsUnavailable)] == ["administrators"]
    assert "role" in JUMPCLOUD.saas.unknown_if_none


# ----- state


@pytest.mark.parametrize(
    ("keys", "status", "inactive"),
    [
        ({}, "active", False),
        ({"state": "SUSPENDED", "suspended": True}, "suspended", True),
        ({"state": "STAGED"}, "staged", True),
        ({"state": ..., "suspended": True}, "suspended", True),
        ({"state": ..., "suspended": False}, "active", False),
        ({"state": ..., "suspended": ...}, "active", False),
        ({"state": "ACTIVATED", "suspended": True}, "active", False),
        ({"activated": False}, "active", False),
        ({"account_locked": True}, "active, locked", False),
        ({"account_locked": True, "password_expired": True}, "active, locked, password expired", False),
        ({"state": "SUSPENDED", "account_locked": True}, "suspended", True),
    ],
)
def test_that_the_state_decides_and_conditions_do_not(keys: dict[str, object], status: str, inactive: bool) -> None:
    values = saas_values(user(1, **keys))

    assert (values.status, values.inactive, values.licences) == (status, inactive, ())


# ----- sign-ins


def test_that_the_newest_success_of_each_user_counts() -> None:
    vendor = FakeJumpCloud(users(3))
    vendor.events = [
        event(0, "2026-11-20T09:00:00.000Z", success=False),
        event(1, "2026-11-19T09:00:00.500Z"),
        event(0, "2026-11-18T09:00:00Z"),
        event(0, "2026-11-17T09:00:00Z"),
        {"event_type": "radius_auth", "timestamp": "2026-11-20T09:00:00Z", "initiated_by": None, "success": True},
    ]

    records, _ = read(client_of(vendor))

    seen = [saas_values(record.raw).last_activity for record in records]
    assert seen == ["2026-11-18T09:00:00Z", "2026-11-19T09:00:00Z", None]


def test_that_the_log_is_asked_once_for_all_users_and_read_page_by_page() -> None:
    vendor = FakeJumpCloud(users(250))
    vendor.events = [event(number, "2026-11-20T09:00:00Z") for number in range(250)]
    vendor.events_page = 100

    records, _ = read(client_of(vendor))

    assert all(record.raw["last_sign_in_at"] for record in records)
    assert [question.get("search_after") for _, question in vendor.questions] == [None, [100, "token"], [200, "token"]]
    assert len({question["start_time"] for _, question in vendor.questions}) == 1


def test_that_a_log_that_goes_round_in_circles_costs_the_sign_ins_alone() -> None:
    class Circle(FakeJumpCloud):
        def send(self, *_: object, **__: object) -> Answer:  # type: ignore[override]
            return json_answer([event(0, "2026-11-20T09:00:00Z")], X_Limit="1", X_Search_after='["same"]')

    client = client_of(Circle(users(3)))

    records, _ = read(client)

    assert len(records) == 3
    assert "no proper end" in client.unavailable["last_activity"]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (FORBIDDEN, "403"),
        (refusal(ErrorKind.PLAN_NEEDED, 402), "402"),
        (refusal(ErrorKind.NO_NETWORK, None, host="api.jumpcloud.com"), "general words"),
        (refusal(ErrorKind.WRONG_KEY, 401, host="api.jumpcloud.com"), "general words"),
    ],
)
def test_that_a_log_that_cannot_be_read_is_said_and_costs_nothing_else(error: VendorError, why: str) -> None:
    address = "https://api.jumpcloud.com" + EVENTS
    client = client_of(FakeJumpCloud(users(3), refuses={address: error}))

    records, _ = read(client)

    assert len(records) == 3
    assert why in client.unavailable["last_activity"]
    assert "last_activity" in JUMPCLOUD.saas.unknown_if_none


def test_that_a_key_that_stops_working_stops_the_run() -> None:
    vendor = FakeJumpCloud(refuses={"/api/users": refusal(ErrorKind.WRONG_KEY, 401)})

    with pytest.raises(VendorError):
        read(client_of(vendor))


# ----- addresses and headers


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        ("", "https://api.jumpcloud.com" + EVENTS),
        ("https://console.jumpcloud.com/", "https://api.jumpcloud.com" + EVENTS),
        ("https://console.jumpcloud.com/api/", "https://api.jumpcloud.com" + EVENTS),
        ("https://console.eu.jumpcloud.com", EVENTS),
        ("https://console.in.jumpcloud.com", EVENTS),
        ("http://127.0.0.1:4711/jumpcloud", EVENTS),
    ],
)
def test_that_the_log_is_asked_where_the_region_keeps_it(base_url: str, address: str) -> None:
    vendor = FakeJumpCloud()

    read(client_of(vendor, base_url=base_url))

    assert [path for path, _ in vendor.questions] == [address]


def test_that_a_key_may_go_to_every_host_of_the_vendor_and_no_other() -> None:
    assert set(JUMPCLOUD.base_urls()) == {
        "https://console.jumpcloud.com",
        "https://api.jumpcloud.com",
        "https://console.eu.jumpcloud.com",
        "https://console.in.jumpcloud.com",
    }
    assert [region.name for region in JUMPCLOUD.regions] == ["US", "EU", "IN"]
    assert all(isinstance(region, Region) for region in JUMPCLOUD.regions)


def test_that_the_organisation_is_named_only_where_it_was_filled_in() -> None:
    assert "x-org-id" not in JUMPCLOUD.request_headers({})
    assert "x-org-id" not in JUMPCLOUD.request_headers({"organization_id": ""})
    assert JUMPCLOUD.request_headers({"organization_id": "6025"})["x-org-id"] == "6025"


def test_that_the_organisation_of_the_users_says_whose_key_it_is() -> None:
    assert client_of(FakeJumpCloud()).identify() == "60259a2ad81e1a474d4e7c83"
    assert client_of(FakeJumpCloud([])).identify() == ""


def test_that_a_refused_key_is_told_of_both_reasons() -> None:
    vendor = FakeJumpCloud(refuses={"/api/systemusers": refusal(ErrorKind.WRONG_KEY, 401)})
    client = VendorClient(replace(JUMPCLOUD, regions=JUMPCLOUD.regions[:1]), vendor, {})

    with pytest.raises(VendorError, match=r"wrong or replaced.*Organization ID"):
        client.identify()


# ----- presets


def test_that_a_preset_reads_the_field_of_the_default_mapping() -> None:
    delete = next(preset for preset in JUMPCLOUD.presets if preset.key == "jumpcloud_delete_user")

    assert fill(delete.path, {"jump_cloud_user_id": "6026bec6"}) == "/api/systemusers/6026bec6"
    assert delete.already_gone is not None
    assert delete.already_gone.fits(404, {"message": "Not Found"})


def test_that_the_presets_of_the_article_are_there_by_name() -> None:
    titles = {preset.title for preset in JUMPCLOUD.presets}

    assert {"Create User", "Delete User", "Unlock User", "Expire System Password", "JumpCloud User Role"} <= titles


def test_that_the_articles_slip_of_the_pen_is_an_error_naming_the_column() -> None:
    with pytest.raises(TemplateProblem, match=r"^Column \d+"):
        compile_template("/api/systemusers/{{jjump_cloud_user_id}")


def test_that_no_licences_are_shown_and_that_is_said() -> None:
    assert any("licences" in told for told in JUMPCLOUD.help.prerequisites)
