"""What PagerDuty does that one would not guess; the numbers are those of the traps that people fell into."""

from collections.abc import Callable, Mapping

import orjson
import pytest

from saasdesk.connectors import FieldType, LicenceValues, Listing, SaasValues, VendorClient, raw_hash
from saasdesk.connectors.pagerduty import PAGERDUTY, ROLE_NAMES, account_of, add_team_names, saas_values
from saasdesk.web import Answer, ErrorKind, HeaderKey
from tests.connectors.fake_pagerduty import FakePagerDuty, json_answer, refusal, user, users

BUSINESS = {
    "id": "PIP248G",
    "name": "Business (Full User)",
    "description": "Event Intelligence",
    "valid_roles": ["owner", "admin"],
    "role_group": "FullUser",
    "summary": "Business (Full User)",
    "type": "license",
    "self": None,
    "html_url": None,
}


def allocation(
    user_id: str, licence: Mapping[str, object] = BUSINESS, at: object = "2021-06-01T00:00:00-05:00"
) -> dict:
    return {"user": {"id": user_id, "type": "user_reference"}, "license": dict(licence), "allocated_at": at}


def sign_in(user_id: str, at: str | None) -> dict[str, object]:
    return {"id": user_id, "last_sign_in_at": at, "signed_up": at is not None}


def client_of(vendor: FakePagerDuty) -> VendorClient:
    return VendorClient(PAGERDUTY, vendor, {})


def listed(listing: Listing) -> dict[str, dict]:
    with listing:
        return {record.id: record.raw for page in listing for record in page.records}


# ----- reaching it


def test_that_the_key_is_sent_in_the_words_of_the_vendor() -> None:
    assert PAGERDUTY.sign_in == HeaderKey("Authorization", prefix="Token token=")
    assert PAGERDUTY.request_headers({})["Accept"] == "application/vnd.pagerduty+json;version=2"


def test_that_both_regions_are_known_and_the_american_one_is_the_default() -> None:
    assert PAGERDUTY.base_url({}) == "https://api.pagerduty.com"
    assert PAGERDUTY.base_urls() == ("https://api.pagerduty.com", "https://api.eu.pagerduty.com")


# ----- paging: traps 1, 2, 3, 4, 14


@pytest.mark.parametrize(("largest_page", "gives_total"), [(100, True), (25, True), (100, False), (25, False)])
def test_that_no_user_is_lost_by_small_pages_or_a_missing_total(largest_page: int, gives_total: bool) -> None:
    vendor = FakePagerDuty(users(331), largest_page=largest_page, gives_total=gives_total)
    listing = client_of(vendor).list_users()

    assert list(listed(listing)) == [f"P{number:06d}" for number in range(331)]
    assert listing.evidence.stated_end


def test_that_the_total_is_asked_for_once_in_lower_case() -> None:
    vendor = FakePagerDuty(users(450))

    listed(client_of(vendor).list_users())

    assert [page.get("total") for page in vendor.user_pages()].count("true") == 1
    assert vendor.user_pages()[0] == {"limit": "100", "offset": "0", "total": "true"}


def test_p04_that_the_wall_of_ten_thousand_leaves_the_list_incomplete_and_is_never_crossed() -> None:
    vendor = FakePagerDuty(users(12_345))
    listing = client_of(vendor).list_users()

    assert len(listed(listing)) == 10_000
    assert all(int(page["offset"]) + int(page["limit"]) <= 10_000 for page in vendor.user_pages())
    assert listing.evidence.total == 12_345
    assert (listing.evidence.unproven_because or "").startswith(
        "PagerDuty lists at most 10,000 users; this account has 12,345."
    )


def test_that_nine_thousand_nine_hundred_are_provably_all() -> None:
    listing = client_of(FakePagerDuty(users(9_900))).list_users()

    assert len(listed(listing)) == 9_900
    assert listing.evidence.unproven_because is None


def test_that_four_pages_at_most_are_under_way() -> None:
    vendor = FakePagerDuty(users(3_000))

    listed(client_of(vendor).list_users())

    assert vendor.most_at_once <= 4


@pytest.mark.parametrize("removed", [0, 150, 249])
def test_p04_that_a_list_that_shrinks_while_it_is_read_does_not_look_whole(removed: int) -> None:
    people = users(250)

    def odd(offset: int) -> Answer | None:
        if offset == 100 and len(people) == 250:
            del people[removed]
        return None

    listing = client_of(FakePagerDuty(people, odd=odd)).list_users()
    listed(listing)

    assert listing.evidence.total == 250
    assert listing.evidence.distinct < 250


# ----- who it is


def test_that_the_account_is_known_by_the_address_of_its_pages() -> None:
    assert account_of({"users": [user(1)]}) == "kestrel.pagerduty.com"


@pytest.mark.parametrize("html_url", [None, "", 7, "no address"])
def test_that_an_account_that_does_not_show_is_unknown_and_no_error(html_url: object) -> None:
    assert account_of({"users": [user(1, html_url=html_url)]}) == ""
    assert account_of({"users": []}) == ""
    assert account_of({"users": [None]}) == ""


@pytest.mark.parametrize("document", [None, [], {}, {"users": {}}, "users"])
def test_that_another_answer_is_no_account(document: object) -> None:
    assert account_of(document) is None


# ----- fields


def test_that_every_field_has_its_value_in_a_full_record() -> None:
    vendor = FakePagerDuty(
        [
            user(
                1,
                time_zone="America/Lima",
                description="On call",
                job_title="Engineer",
                created_via_sso=True,
                teams=[{"id": "PT1", "type": "team_reference", "summary": "Web"}],
            )
        ]
    )
    vendor.allocations = [allocation("P000001")]
    vendor.sign_ins = [sign_in("P000001", "2026-10-01T08:00:00")]
    raw = listed(client_of(vendor).list_users())["P000001"]

    def value(path: str) -> object:
        found: object = raw
        for key in path.split("."):
            assert isinstance(found, dict)
            found = found[key]
        return found

    assert {field.label: value(field.path) for field in PAGERDUTY.fields} == {
        "Id": "P000001",
        "Name": "Person 1",
        "Email": "person.1@example.com",
        "Role": "limited_user",
        "Type": "user",
        "Invitation sent?": False,
        "Job Title": "Engineer",
        "Time Zone": "America/Lima",
        "Description": "On call",
        "Color": "green",
        "Avatar": "https://example.com/a.png",
        "Summary": "Person 1",
        "Open in PagerDuty": "https://kestrel.pagerduty.com/users/P000001",
        "Teams joined": "Web",
        "Created via SSO?": True,
        "Billed?": True,
        "Licence": "Business (Full User)",
        "Licence since": "2021-06-01T05:00:00Z",
        "Last sign-in": "2026-10-01T08:00:00Z",
    }


def test_that_the_answer_to_invitation_sent_is_a_flag() -> None:
    field = PAGERDUTY.find_field("invitation_sent")

    assert field is not None
    assert field.type is FieldType.FLAG


@pytest.mark.parametrize(
    ("teams", "names"),
    [
        ([], ""),
        ([{"summary": "Web"}, {"summary": "Data"}], "Web, Data"),
        ([{"summary": None}, None, {"id": "PT1"}, {"summary": "Data"}], "Data"),
    ],
)
def test_that_teams_are_told_by_name(teams: list[object], names: str) -> None:
    raw = {"teams": teams}

    add_team_names(raw)

    assert raw["team_names"] == names


@pytest.mark.parametrize("raw", [{}, {"teams": None}, {"teams": "Web"}])
def test_that_teams_which_were_not_sent_stay_unknown(raw: dict) -> None:
    add_team_names(raw)

    assert "team_names" not in raw


def test_that_an_open_incident_makes_nobody_a_changed_record() -> None:
    calm, busy = user(1), user(1, coordinated_incidents=[{"id": "PINC"}])

    assert raw_hash(calm, PAGERDUTY.volatile) == raw_hash(busy, PAGERDUTY.volatile)


@pytest.mark.parametrize("key", ["name", "email", "role", "job_title", "teams"])
def test_that_what_an_admin_can_see_makes_a_changed_record(key: str) -> None:
    assert raw_hash(user(1), PAGERDUTY.volatile) != raw_hash(user(1, **{key: "new"}), PAGERDUTY.volatile)


def test_that_names_and_addresses_are_kept_as_they_were_sent() -> None:
    # Traps 8 and 9: the vendor keeps capitals and trims blanks itself; comparing is somebody else's work.
    raw = listed(client_of(FakePagerDuty([user(1, name="Ana  Ruiz", email="Ana.Ruiz@Example.com")])).list_users())

    assert (raw["P000001"]["name"], raw["P000001"]["email"]) == ("Ana  Ruiz", "Ana.Ruiz@Example.com")
    assert PAGERDUTY.email_of(raw["P000001"]) == "Ana.Ruiz@Example.com"


def test_that_bare_and_unknown_keys_are_no_trouble() -> None:
    sparse = {"id": "P1", "brand_new": {"x": 1}}
    vendor = FakePagerDuty([sparse])

    assert listed(client_of(vendor).list_users()) == {"P1": {"id": "P1", "brand_new": {"x": 1}}}
    assert saas_values(sparse) == SaasValues(None, "active", None, inactive=False)


# ----- role, state, last activity, licences


@pytest.mark.parametrize(
    ("role", "shown"), [*ROLE_NAMES.items(), ("night_watch", "night_watch"), (None, None), (7, None)]
)
def test_that_roles_are_shown_by_the_names_of_the_vendors_pages(role: object, shown: str | None) -> None:
    assert saas_values(user(1, role=role)).role == shown


def test_that_an_open_invitation_is_a_state_and_no_inactivity() -> None:
    invited = saas_values(user(1, invitation_sent=True))

    assert (invited.status, invited.inactive) == ("invited", False)


def test_that_a_licence_is_told_with_what_sets_it_apart() -> None:
    vendor = FakePagerDuty(users(3))
    plain = {"id": "PLIC2", "name": "Business (Full User)", "description": None}
    vendor.allocations = [allocation("P000000"), allocation("P000001", plain, at=None)]

    raw = listed(client_of(vendor).list_users())

    assert saas_values(raw["P000000"]).licences == (
        LicenceValues("PIP248G", "Business (Full User): Event Intelligence", assigned_at="2021-06-01T05:00:00Z"),
    )
    assert saas_values(raw["P000001"]).licences == (LicenceValues("PLIC2", "Business (Full User)"),)
    assert saas_values(raw["P000002"]).licences == ()


def test_that_the_newest_of_two_licences_counts() -> None:
    vendor = FakePagerDuty(users(1))
    newer = {"id": "PNEW", "name": "Digital Operations"}
    vendor.allocations = [
        allocation("P000000", newer, at="2024-01-01T00:00:00Z"),
        allocation("P000000", at="2023-01-01T00:00:00Z"),
    ]

    raw = listed(client_of(vendor).list_users())

    assert [licence.licence_id for licence in saas_values(raw["P000000"]).licences] == ["PNEW"]


def test_that_allocations_without_user_or_licence_are_passed_over() -> None:
    vendor = FakePagerDuty(users(2))
    vendor.allocations = [
        {"user": None, "license": BUSINESS, "allocated_at": None},
        {"user": {"id": "P000000"}, "license": None, "allocated_at": None},
        {"user": {"id": "P000000"}, "license": {"name": "No id"}, "allocated_at": None},
        allocation("P000001"),
    ]
    client = client_of(vendor)

    raw = listed(client.list_users())

    assert client.unavailable == {}
    assert "license_allocation" not in raw["P000000"]
    assert raw["P000001"]["license_allocation"]["license"]["id"] == "PIP248G"


def test_that_licences_of_hundreds_are_read_whole() -> None:
    vendor = FakePagerDuty(users(431))
    vendor.allocations = [allocation(f"P{number:06d}") for number in range(431)]

    raw = listed(client_of(vendor).list_users())

    assert all(saas_values(one).licences for one in raw.values())


def test_that_licences_beyond_the_wall_are_unknown_and_not_missing() -> None:
    vendor = FakePagerDuty(users(2))
    vendor.allocations = [allocation(f"P{number:06d}") for number in range(10_500)]
    client = client_of(vendor)

    listed(client.list_users())

    assert "lists at most 10,000 licence allocations" in client.unavailable["licences"]


def test_p09_that_licences_that_come_round_in_circles_are_given_up() -> None:
    class Circling(FakePagerDuty):
        def _get(self, path: str, params: dict[str, str]) -> Answer:
            if path == "/license_allocations" and "offset" in params:
                return json_answer({"license_allocations": [allocation("P000000")], "more": True})
            return super()._get(path, params)

    client = client_of(Circling(users(2)))

    assert len(listed(client.list_users())) == 2
    assert "keeps sending the same page of licence allocations" in client.unavailable["licences"]


def test_that_the_last_sign_in_is_in_utc_and_never_is_told_from_unknown() -> None:
    vendor = FakePagerDuty(users(3))
    vendor.sign_ins = [sign_in("P000000", "2025-03-04T09:30:51"), sign_in("P000001", None)]

    raw = listed(client_of(vendor).list_users())

    assert saas_values(raw["P000000"]).last_activity == "2025-03-04T09:30:51Z"
    assert raw["P000001"]["last_sign_in_at"] is None
    assert "last_sign_in_at" not in raw["P000002"]


def test_that_sign_ins_are_read_page_by_page_after_the_cursor() -> None:
    vendor = FakePagerDuty(users(2))
    vendor.sign_ins = [sign_in(f"P{number:06d}", "2025-03-04T09:30:51") for number in range(25)]
    vendor.analytics_page = 10

    listed(client_of(vendor).list_users())

    first = {"limit": 1000, "order": "asc", "order_by": "user_id"}
    assert vendor.queries == [first, {**first, "starting_after": "10"}, {**first, "starting_after": "20"}]


def test_that_a_user_of_several_teams_has_the_latest_of_their_sign_ins() -> None:
    vendor = FakePagerDuty(users(1))
    vendor.sign_ins = [
        sign_in("P000000", "2025-03-04T09:30:51"),
        sign_in("P000000", "2025-05-04T09:30:51"),
        sign_in("P000000", None),
    ]

    raw = listed(client_of(vendor).list_users())

    assert saas_values(raw["P000000"]).last_activity == "2025-05-04T09:30:51Z"


Answers = Callable[[int], object]


def _with_analytics(answers: Answers) -> FakePagerDuty:
    class Odd(FakePagerDuty):
        def send(self, method: str, path: str, *_: object, **__: object) -> Answer:
            self.queries.append({})
            return json_answer(answers(len(self.queries)))

    return Odd(users(2))


@pytest.mark.parametrize(
    "answers",
    [
        lambda _: {"data": [], "more": True, "last": "always the same"},
        lambda _: {"data": [], "more": True, "last": None},
        lambda number: {"data": [], "more": True, "last": str(number)},
        lambda _: {"more": False},
        lambda _: [],
    ],
)
def test_p09_that_sign_ins_without_end_or_form_are_given_up_and_the_users_still_come(answers: Answers) -> None:
    client = client_of(_with_analytics(answers))

    assert len(listed(client.list_users())) == 2
    assert client.unavailable["last_activity"].startswith("Last activity: ")


@pytest.mark.parametrize(
    ("kind", "status"), [(ErrorKind.PLAN_NEEDED, 402), (ErrorKind.FORBIDDEN, 403), (ErrorKind.NOT_FOUND, 404)]
)
def test_that_a_plan_without_analytics_or_licences_costs_only_those_columns(kind: ErrorKind, status: int) -> None:
    # Trap 6: one forbidden look at licences broke whole runs of others.
    refuses = {path: refusal(kind, status) for path in ("/license_allocations", "/analytics/raw/users")}
    client = client_of(FakePagerDuty(users(250), refuses=refuses))
    listing = client.list_users()

    raw = listed(listing)

    assert len(raw) == 250
    assert set(client.unavailable) == {"licences", "last_activity"}
    assert listing.evidence.unproven_because is None
    assert saas_values(raw["P000007"]) == SaasValues("Responder", "active", None, inactive=False)


# ----- presets: traps 5, 11


def preset(key: str):
    return next(known for known in PAGERDUTY.presets if known.key == key)


@pytest.mark.parametrize(
    ("status", "document", "is_success", "is_gone"),
    [
        (204, None, True, False),
        (404, {"error": {"code": 2100, "message": "Not Found"}}, False, True),
        (404, None, False, False),
        (404, {"error": {"code": 2010}}, False, False),
        (400, {"error": {"code": 2001, "errors": ["The user has incidents assigned"]}}, False, False),
        (200, {}, False, False),
        (403, {"error": {"code": 2010}}, False, False),
    ],
)
def test_that_a_delete_is_done_or_was_done_only_where_the_vendor_says_so(
    status: int, document: object, is_success: bool, is_gone: bool
) -> None:
    delete = preset("pagerduty_delete_user")

    assert delete.success.fits(status, document) is is_success
    assert delete.already_gone.fits(status, document) is is_gone


def test_that_the_shape_of_a_user_read_alone_gives_the_role_too() -> None:
    role = preset("pagerduty_saas_user_role")
    answer = orjson.loads(orjson.dumps({"user": user(1, role="owner")}))

    assert saas_values(answer[role.record_path]).role == "Account Owner"
