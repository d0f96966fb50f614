import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from saasdesk.connectors import Evidence, Found, Gone, ListingBroken, Page, Unsure, VendorClient
from saasdesk.connectors.jetbrains import JETBRAINS, holder_of, licence_of, one_person, saas_values
from saasdesk.connectors.pages import value_at
from saasdesk.connectors.raw import Raw
from saasdesk.web import Answer, ErrorKind, VendorError
from tests.connectors.fake_jetbrains import INPUTS, FakeJetBrains, answer, licence, refusal, web_page

ANA = "ana@example.com"


def listed(fake: FakeJetBrains, limit: int | None = None, **how: bool) -> tuple[list[Page], Evidence]:
    with VendorClient(JETBRAINS, fake, INPUTS).list_users(limit, **how) as listing:
        return list(listing), listing.evidence


def people(fake: FakeJetBrains, **how: bool) -> dict[str, Raw]:
    return {record.id: record.raw for page in listed(fake, **how)[0] for record in page.records}


# ----- rows are licences, records are people


def test_that_all_licences_of_an_address_make_one_person_whatever_its_case() -> None:
    fake = FakeJetBrains([licence(1, "Ana@Example.com"), licence(2, "bo@example.com"), licence(3, " ANA@example.com")])

    found = people(fake)

    assert list(found) == [ANA, "bo@example.com"]
    assert found[ANA]["all_license_ids"] == "L000000001, L000000003"


def test_that_a_person_is_whole_although_the_licences_are_pages_apart() -> None:
    fake = FakeJetBrains([licence(1, ANA), *(licence(n) for n in range(2, 250)), licence(250, ANA)])

    pages, _ = listed(fake)

    ana = next(record for page in pages for record in page.records if record.id == ANA)
    assert ana.raw["all_license_ids"] == "L000000001, L000000250"
    assert sum(page.rows for page in pages) == 250
    assert max(len(page.records) for page in pages) == 100


def seen(day: str | None) -> dict[str, object]:
    return {"lastSeen": {"lastSeenDate": day}}


OUTDATED = {"subscription": {"isOutdated": True}}
LICENCES: list[Raw] = [
    licence(1, ANA, isSuspended=True, **seen("2026-11-10")),
    licence(2, ANA, **OUTDATED, **seen("2026-11-09")),
    licence(3, ANA, **seen(None)),
    licence(4, ANA, **seen("2026-11-01")),
    licence(5, ANA, **seen("2026-11-02")),
    licence(6, ANA, **seen("2026-11-02")),
]


@pytest.mark.parametrize("order", tuple(itertools.permutations(LICENCES))[::37])
def test_that_the_licence_that_matters_most_does_not_depend_on_the_order(order: tuple[Raw, ...]) -> None:
    person = one_person([dict(row) for row in order])

    assert person["licenseId"] == "L000000005"
    assert [row["licenseId"][-1] for row in person["licenses"]] == ["5", "6", "4", "3", "2", "1"]


def test_that_name_and_address_do_not_change_with_the_product_used_last() -> None:
    def used(first: str, second: str) -> dict[str, object]:
        one = {"type": "USER", "name": "Ana Ruiz", "email": "Ana@Example.com"}
        other = {"type": "USER", "name": "Ana M. Ruiz", "email": ANA}
        rows: list[Raw] = [licence(1, assignee=one, **seen(first)), licence(2, assignee=other, **seen(second))]
        person = one_person(rows)
        return {"id": person["licenseId"], **person["assignee"]}

    monday, tuesday = used("2026-11-02", "2026-11-01"), used("2026-11-02", "2026-11-03")

    assert (monday["id"], tuesday["id"]) == ("L000000001", "L000000002")
    assert (monday["name"], monday["email"]) == (tuesday["name"], tuesday["email"]) == ("Ana Ruiz", ANA)


def test_that_lists_name_every_product_and_team_once() -> None:
    rows: list[Raw] = [
        licence(1, ANA, product={"code": "WS", "name": ""}, team=None),
        licence(2, ANA, product={"code": "II", "name": "IntelliJ IDEA Ultimate"}, team={"id": 7, "name": "Web"}),
        licence(3, ANA, product={"code": "WS", "name": "WS"}, team={"id": 7, "name": "Web"}),
    ]

    person = one_person(rows)

    assert person["all_product_names"] == "WS, IntelliJ IDEA Ultimate"
    assert person["all_product_codes"] == "WS, II"
    assert (person["all_team_names"], person["all_team_ids"]) == ("Web", "7")


def test_that_an_unmasked_name_is_taken_wherever_one_of_the_licences_has_it() -> None:
    masked = {"type": "USER", "email": ANA, "name": "An* Ru**"}
    rows: list[Raw] = [licence(1, ANA, assignee=masked), licence(2, ANA)]

    assert one_person(rows)["assignee"]["name"] == "Person 2"
    assert one_person(rows[:1])["assignee"]["name"] == "An* Ru**"


def test_that_what_nobody_holds_comes_as_a_licence_and_is_counted_by_why() -> None:
    fake = FakeJetBrains(
        [
            licence(1, ANA),
            licence(2, None),
            licence(3, None, assignee=None),
            licence(4, None, assignee={"type": "SERVER", "serverType": "LICENSE_SERVER"}),
            licence(5, None, assignee={"type": "LICENSE_KEY", "key": "secret", "legacyKey": "old secret"}),
            licence(6, None, assignee={"type": "USER", "name": "Nobody", "email": " "}),
            licence(7, None, assignee={"type": "USER", "email": None}),
            licence(8, None, assignee={"type": "ROBOT"}),
        ]
    )

    pages, evidence = listed(fake)

    assert [record.id for page in pages for record in page.records] == [ANA]
    assert evidence.loose == {"unassigned": 2, "server": 1, "key": 1, "without an e-mail address": 3}
    assert [loose.licence.licence_id[-1] for page in pages for loose in page.loose] == list("2345678")
    assert not [problem for page in pages for problem in page.problems]
    assert evidence.distinct == 8


def test_p07_that_licence_keys_are_gone_before_anybody_sees_a_row() -> None:
    keys = {"type": "USER", "email": ANA, "name": "Ana", "key": "K-SECRET", "legacyKey": "L-SECRET"}
    fake = FakeJetBrains([licence(1, ANA, assignee=keys)])

    (ana,) = people(fake).values()
    (row,) = people(fake, record_per_row=True).values()

    assert "SECRET" not in str(ana)
    assert "SECRET" not in str(row)


def test_that_each_licence_is_a_record_where_its_id_is_to_decide() -> None:
    fake = FakeJetBrains([licence(1, ANA), licence(2, ANA), licence(3, None)])

    found = people(fake, record_per_row=True)

    assert list(found) == ["L000000001", "L000000002"]
    assert [raw["assignee"]["email"] for raw in found.values()] == [ANA, ANA]
    assert [raw["all_license_ids"] for raw in found.values()] == ["L000000001", "L000000002"]


def test_p04_that_a_list_that_breaks_off_gives_no_half_people() -> None:
    rows = [licence(n, ANA if n % 50 == 0 else "") for n in range(250)]

    def odd(page: int) -> None:
        if page == 3:
            raise refusal(ErrorKind.VENDOR_DOWN, 503)

    with VendorClient(JETBRAINS, FakeJetBrains(rows, odd=odd), INPUTS).list_users() as listing:
        pages = iter(listing)
        came = [next(pages), next(pages)]
        with pytest.raises(ListingBroken, match="Page 3 of about 3"):
            next(pages)
        assert listing.evidence.distinct == 200

    assert not any(page.records for page in came)


def test_that_the_first_few_people_are_whole() -> None:
    fake = FakeJetBrains([licence(1, ANA), *(licence(n) for n in range(2, 250)), licence(250, ANA)])

    pages, _ = listed(fake, 2)

    records = [record for page in pages for record in page.records]
    assert [record.id for record in records] == [ANA, "person.2@example.com"]
    assert records[0].raw["all_license_ids"] == "L000000001, L000000250"


def test_that_a_mere_look_at_the_first_few_reads_no_more_than_it_needs() -> None:
    fake = FakeJetBrains([licence(n) for n in range(1000)])

    pages, _ = listed(fake, 5, enrich=False)

    assert sum(len(page.records) for page in pages) == 5
    assert len(fake.pages()) <= 2


def test_that_a_licence_listed_twice_is_one() -> None:
    fake = FakeJetBrains([licence(1, ANA), licence(1, ANA), licence(2, ANA)])

    pages, evidence = listed(fake)

    assert pages[-1].records[0].raw["all_license_ids"] == "L000000001, L000000002"
    assert (evidence.distinct, evidence.duplicates) == (2, 1)


@pytest.mark.parametrize(
    "assignee", [None, [], "x", {}, {"type": "USER"}, {"type": "USER", "email": 3}, {"type": "USER", "email": "a\x07b"}]
)
def test_that_an_odd_assignee_is_nobody(assignee: object) -> None:
    assert holder_of({"assignee": assignee}) is None


# ----- what an account is


def test_that_the_role_names_the_products_and_outdated_ones_as_expired() -> None:
    rows: list[Raw] = [
        licence(1, ANA),
        licence(2, ANA, product={"code": "II", "name": "IntelliJ IDEA Ultimate"}),
        licence(3, ANA),
        licence(4, ANA, product={"code": "PC", "name": "PyCharm"}, **OUTDATED),
    ]

    assert saas_values(one_person(rows)).role == "Expired Subscription, IntelliJ IDEA Ultimate, WebStorm"


def test_that_last_activity_is_the_latest_of_any_licence_and_unknown_without_one() -> None:
    assert saas_values(one_person([dict(row) for row in LICENCES])).last_activity == "2026-11-10T00:00:00Z"
    assert saas_values(one_person([licence(1, ANA, lastSeen=None)])).last_activity is None


def test_that_one_suspended_licence_makes_nobody_inactive_and_all_of_them_do() -> None:
    assert not saas_values(one_person([licence(1, ANA, isSuspended=True), licence(2, ANA)])).inactive
    gone = saas_values(one_person([licence(1, ANA, isSuspended=True)]))
    assert (gone.inactive, gone.status) == (True, "suspended")


def test_that_a_licence_ends_on_the_day_the_vendor_writes() -> None:
    values = licence_of(licence(1, ANA))

    assert values == (
        "L000000001",
        "WebStorm",
        "Platform",
        "2026-01-15T00:00:00Z",
        "2026-11-01T00:00:00Z",
        "2027-05-20",
    )


@pytest.mark.parametrize("key", ["subscription", "lastSeen", "team", "product"])
@pytest.mark.parametrize("value", [None, [], "text"])
def test_that_any_part_of_a_licence_may_be_missing_or_odd(key: str, value: object) -> None:
    row: Raw = licence(1, ANA, **{key: value})
    bare = {name: part for name, part in row.items() if name != key}

    for each in (row, bare):
        person = one_person([dict(each)])
        assert saas_values(person).licences[0].licence_id == "L000000001"


def test_that_every_field_is_read_from_a_licence_as_recorded() -> None:
    (ana,) = people(FakeJetBrains([licence(1, ANA)])).values()
    article = [field for field in JETBRAINS.fields if not field.label.startswith("All ")][:19]

    assert all(value_at(ana, field.path) is not None for field in article)


# ----- asking


@pytest.mark.parametrize("team", ["", "1874050"])
def test_that_the_check_tries_the_list_that_a_run_would_read(team: str) -> None:
    fake = FakeJetBrains(refuses={"/customer/licenses": refusal(ErrorKind.FORBIDDEN, 403, "TEAM_MISMATCH")})

    found = VendorClient(JETBRAINS, fake, {**INPUTS, "team_id": team}).probe()

    assert found.identity == "Kestrel & Heath"
    assert [(feature.name, feature.works) for feature in found.features] == [
        ("List licences", bool(team)),
        ("Assign and revoke licences", None),
    ]
    assert team or "fill in the Team ID" in found.features[0].advice


def test_that_the_key_of_one_team_says_so() -> None:
    fake = FakeJetBrains(token={"type": "TEAM", "id": 1874050, "name": "Platform"})

    assert VendorClient(JETBRAINS, fake, INPUTS).probe().identity == "Platform (one team)"


def test_that_pages_are_asked_for_by_number_and_without_leaving_free_ones_out() -> None:
    fake = FakeJetBrains([licence(n) for n in range(150)])

    listed(fake)

    assert fake.pages() == [{"page": "1", "perPage": "100"}, {"page": "2", "perPage": "100"}]


def test_that_a_team_admins_key_lists_its_team() -> None:
    fake = FakeJetBrains()

    with VendorClient(JETBRAINS, fake, {**INPUTS, "team_id": "1874050"}).list_users() as listing:
        list(listing)

    assert {path for path, _ in fake.asked} == {"/token", "/customer/teams/1874050/licenses"}


def test_that_the_company_code_goes_along_with_every_request() -> None:
    assert JETBRAINS.request_headers(INPUTS) == {"X-Customer-Code": "2600417"}


def test_that_a_refused_key_may_be_a_wrong_company_code() -> None:
    fake = FakeJetBrains(refuses={"/token": refusal(ErrorKind.WRONG_KEY, 401)})

    with pytest.raises(VendorError, match=r"key or the JetBrains Company Code is wrong"):
        VendorClient(JETBRAINS, fake, INPUTS).identify()


def test_that_a_team_key_without_its_team_is_told_what_to_fill_in() -> None:
    fake = FakeJetBrains(refuses={"/customer/licenses": refusal(ErrorKind.FORBIDDEN, 403, "TEAM_MISMATCH")})

    with pytest.raises(VendorError, match=r"may not list licences.*Team ID filled in"):
        listed(fake)


@pytest.mark.parametrize(
    ("document", "identity"),
    [
        ({"type": "CUSTOMER", "id": 1234567, "name": "Example Ltd"}, "CUSTOMER 1234567"),
        ({"name": "Example Ltd"}, "Example Ltd"),
        ({"something": "else"}, ""),
        ([], None),
        ("token", None),
    ],
)
def test_that_the_key_test_tells_what_the_key_is_for(document: object, identity: str | None) -> None:
    assert JETBRAINS.key_test.identity_of(document) == identity


def test_that_a_web_page_is_no_list() -> None:
    fake = FakeJetBrains(odd=lambda _: web_page())

    with pytest.raises(VendorError) as caught:
        listed(fake)

    assert caught.value.kind is ErrorKind.WEB_PAGE


@pytest.mark.parametrize("body", [{}, {"licenses": []}, None])
def test_p04_that_an_answer_that_is_no_list_is_an_error(body: Mapping[str, object] | None) -> None:
    fake = FakeJetBrains(odd=lambda _: answer(body, 0))

    with pytest.raises(VendorError, match="not understood"):
        listed(fake)


def test_that_a_row_without_an_id_is_a_problem_and_nothing_is_proven() -> None:
    rows = [
        licence(1),
        {"product": {"code": "WS", "name": "WebStorm"}},
        licence(2, licenseId="../x"),
        licence(3, licenseId=7),
    ]

    pages, evidence = listed(FakeJetBrains(rows))

    problems = [problem.message for page in pages for problem in page.problems]
    assert len(problems) == 3
    assert "an id that no JetBrains licence has" in problems[1]
    assert "3 of the licences came without a usable id" in (evidence.unproven_because or "")


# ----- one person


class Filtering(FakeJetBrains):
    """Keeps to the address that is asked for."""

    def get(self, path_or_url: str, params: Mapping[str, str] | None = None, **more: Any) -> Answer:
        wanted = (params or {}).get("assigneeEmail")
        everybody = self.rows
        if wanted is not None:
            self.rows = [row for row in everybody if value_at(row, "assignee.email") == wanted]
        try:
            return super().get(path_or_url, params, **more)
        finally:
            self.rows = everybody


def test_that_somebody_is_looked_up_by_address_and_found_with_all_licences() -> None:
    fake = Filtering([licence(1, ANA), licence(2, "bo@example.com"), licence(3, ANA)])

    found = VendorClient(JETBRAINS, fake, INPUTS).read_user(ANA)

    assert isinstance(found, Found)
    assert found.record.raw["all_license_ids"] == "L000000001, L000000003"
    assert fake.asked == [("/customer/licenses", {"assigneeEmail": ANA, "page": "1", "perPage": "100"})]


def test_p03_that_only_an_empty_list_of_that_address_means_gone() -> None:
    assert isinstance(VendorClient(JETBRAINS, Filtering([licence(1)]), INPUTS).read_user(ANA), Gone)
    assert isinstance(VendorClient(JETBRAINS, FakeJetBrains([licence(1)]), INPUTS).read_user(ANA), Unsure)


@pytest.mark.parametrize("odd", [web_page(), web_page(404), answer({}, 0), answer([], 0, link='<x>; rel="next"')])
def test_p03_that_a_doubtful_answer_is_never_gone(odd: Answer) -> None:
    assert isinstance(VendorClient(JETBRAINS, FakeJetBrains(odd=lambda _: odd), INPUTS).read_user(ANA), Unsure)


def test_that_a_key_that_may_not_look_leaves_it_to_the_proof() -> None:
    fake = FakeJetBrains(refuses={"/customer/licenses": refusal(ErrorKind.FORBIDDEN, 403, "TEAM_MISMATCH")})
    client = VendorClient(JETBRAINS, fake, INPUTS)

    assert client.read_user(ANA) == Unsure("general words (403)", may_not_read=True)
    assert client.read_user("L000000001") == Unsure(
        "JetBrains can be asked for the licences of an e-mail address only.", may_not_read=True
    )
