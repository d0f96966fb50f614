import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from saasdesk.connectors import (
    DetailsBegan,
    DetailsRead,
    DetailsUnavailable,
    Feature,
    Found,
    Gone,
    Listing,
    ListingBroken,
    Probe,
    Unsure,
    VendorClient,
)
from saasdesk.connectors.pagerduty import PAGERDUTY
from saasdesk.errors import Cancelled, ExitCode
from saasdesk.web import Answer, ErrorKind, VendorError
from tests.connectors.fake_pagerduty import FakePagerDuty, json_answer, refusal, user, users, web_page

EU = "https://api.eu.pagerduty.com"


def client_of(vendor: FakePagerDuty, **more: object) -> VendorClient:
    return VendorClient(PAGERDUTY, vendor, {}, **more)


def listed(listing: Listing) -> list[str]:
    with listing:
        return [record.id for page in listing for record in page.records]


# ----- the listing


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_that_every_user_is_listed_once_with_what_speaks_for_it(count: int) -> None:
    listing = client_of(FakePagerDuty(users(count))).list_users()

    assert listed(listing) == [f"P{number:06d}" for number in range(count)]
    evidence = listing.evidence
    assert (evidence.stated_end, evidence.total, evidence.distinct) == (True, count, count)
    assert (evidence.duplicates, evidence.unproven_because) == (0, None)
    assert evidence.identity == ("kestrel.pagerduty.com" if count else "")


def test_that_pages_are_numbered_and_tell_the_total() -> None:
    pages = list(client_of(FakePagerDuty(users(250))).list_users())

    assert [(page.number, len(page.records), page.total) for page in pages] == [
        (1, 100, 250),
        (2, 100, 250),
        (3, 50, 250),
    ]


def test_p04_that_a_page_without_a_new_user_stops_the_run() -> None:
    first = json_answer({"users": users(100), "more": True, "total": 250})
    seen: list[str] = []

    def read() -> None:
        with client_of(FakePagerDuty(users(250), odd=lambda _: first)).list_users() as listing:
            for page in listing:
                seen.extend(record.id for record in page.records)

    with pytest.raises(
        VendorError, match=r"PagerDuty keeps sending the same page of users \(page 2\)\. Stopped\."
    ) as caught:
        read()

    assert len(seen) == 100
    assert caught.value.exit_code == ExitCode.VENDOR


def test_that_a_last_page_of_known_users_is_a_shift_and_no_loop() -> None:
    shifted = json_answer({"users": [user(99)], "more": False, "total": None})
    listing = client_of(FakePagerDuty(users(101), odd=lambda offset: shifted if offset == 100 else None)).list_users()

    assert len(listed(listing)) == 100
    assert (listing.evidence.total, listing.evidence.distinct, listing.evidence.duplicates) == (101, 100, 1)


def test_that_users_who_come_twice_are_merged_and_counted() -> None:
    people = users(150)
    people.insert(120, user(3))
    listing = client_of(FakePagerDuty(people)).list_users()

    assert sorted(listed(listing)) == [f"P{number:06d}" for number in range(150)]
    assert listing.evidence.duplicates == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (None, "Record 2 of the list is no record at all; it was left out."),
        ("P1", "Record 2 of the list is no record at all; it was left out."),
        ({"name": "Nobody"}, "Record 2 of the list has no id; it was left out."),
        (user(1, id=None), "Record 2 of the list has no id; it was left out."),
        (user(1, id=17), "Record 2 of the list has an id that no PagerDuty user has ('17'); it was left out."),
        (user(1, id=1.2e30), "Record 2 of the list has an id that no PagerDuty user has ('1.2e+30'); it was left out."),
        (user(1, id=""), "Record 2 of the list has an id that no PagerDuty user has (''); it was left out."),
        (user(1, id=".."), "Record 2 of the list has an id that no PagerDuty user has ('..'); it was left out."),
        (
            user(1, id="P1/../x"),
            "Record 2 of the list has an id that no PagerDuty user has ('P1/../x'); it was left out.",
        ),
        (user(1, id="P1\n"), "Record 2 of the list has an id that no PagerDuty user has ('P1\\n'); it was left out."),
    ],
)
def test_p04_that_a_record_without_a_usable_id_is_reported_and_leaves_the_list_unproven(
    row: object, message: str
) -> None:
    people: list = [user(0), row, user(2)]
    listing = client_of(FakePagerDuty(people)).list_users()

    pages = list(listing)

    assert [record.id for record in pages[0].records] == ["P000000", "P000002"]
    assert [(problem.position, problem.message) for problem in pages[0].problems] == [(2, message)]
    assert listing.evidence.unproven_because == (
        "1 of the users came without a usable id, so who is missing cannot be told."
    )


def test_that_a_limit_is_kept_and_named() -> None:
    vendor = FakePagerDuty(users(250))
    listing = client_of(vendor).list_users(limit=10)

    assert len(listed(listing)) == 10
    assert vendor.user_pages() == [{"limit": "10", "offset": "0", "total": "true"}]
    assert listing.evidence.unproven_because == "Only the first 10 users were asked for."


def test_that_evidence_of_a_listing_that_was_left_states_no_end() -> None:
    with client_of(FakePagerDuty(users(250))).list_users() as listing:
        next(iter(listing))

    assert not listing.evidence.stated_end


# ----- pages that fail


def _fails_at(offset: int, kind: ErrorKind, status: int | None) -> Callable[[int], Answer | None]:
    def odd(asked: int) -> Answer | None:
        if asked == offset:
            raise refusal(kind, status)
        return None

    return odd


PASSING = [
    (ErrorKind.VENDOR_DOWN, 503),
    (ErrorKind.TIMEOUT, None),
    (ErrorKind.NO_NETWORK, None),
    (ErrorKind.RATE_LIMITED, 429),
    (ErrorKind.NONSENSE, 200),
    (ErrorKind.REFUSED, 400),
    (ErrorKind.NOT_FOUND, 404),
]
FATAL = [
    (ErrorKind.WRONG_KEY, 401),
    (ErrorKind.FORBIDDEN, 403),
    (ErrorKind.WEB_PAGE, 404),
    (ErrorKind.TLS, None),
    (ErrorKind.REDIRECTED, 302),
    (ErrorKind.TOO_LARGE, 200),
]


@pytest.mark.parametrize(("kind", "status"), PASSING)
def test_that_pages_before_a_broken_one_still_count(kind: ErrorKind, status: int | None) -> None:
    listing = client_of(FakePagerDuty(users(950), odd=_fails_at(200, kind, status))).list_users()
    seen: list[str] = []

    def read() -> None:
        with listing:
            for page in listing:
                seen.extend(record.id for record in page.records)

    with pytest.raises(ListingBroken) as caught:
        read()

    assert len(seen) == 200
    assert (caught.value.page, caught.value.about_pages, caught.value.cause.kind) == (3, 10, kind)
    assert str(caught.value).startswith("Page 3 of about 10 could not be read. general words")
    assert caught.value.exit_code == ExitCode.PARTLY
    assert not listing.evidence.stated_end


@pytest.mark.parametrize(("kind", "status"), FATAL)
def test_p04_that_nothing_counts_when_the_answers_cannot_be_trusted(kind: ErrorKind, status: int | None) -> None:
    listing = client_of(FakePagerDuty(users(950), odd=_fails_at(200, kind, status))).list_users()

    with pytest.raises(VendorError) as caught:
        listed(listing)

    assert caught.value.kind is kind


@pytest.mark.parametrize(("kind", "status"), PASSING + FATAL)
def test_that_a_first_page_that_fails_is_the_error_itself(kind: ErrorKind, status: int | None) -> None:
    with pytest.raises(VendorError) as caught:
        listed(client_of(FakePagerDuty(users(950), odd=_fails_at(0, kind, status))).list_users())

    assert caught.value.kind is kind


@pytest.mark.parametrize("body", [{}, {"users": None, "more": False}, {"users": {}, "more": False}, {"users": []}])
def test_p04_that_a_page_without_its_list_is_an_error(body: object) -> None:
    with pytest.raises(VendorError, match=r"The answer from api\.pagerduty\.com was not understood") as caught:
        listed(client_of(FakePagerDuty(odd=lambda _: json_answer(body))).list_users())

    assert (caught.value.kind, caught.value.exit_code) == (ErrorKind.NONSENSE, ExitCode.VENDOR)


def test_that_a_web_page_in_the_middle_fails_the_run() -> None:
    vendor = FakePagerDuty(users(950), odd=lambda offset: web_page() if offset == 300 else None)

    with pytest.raises(VendorError, match="got a web page"):
        listed(client_of(vendor).list_users())


def test_p09_that_cancel_while_pages_are_under_way_ends_the_listing_and_its_threads() -> None:
    stop = threading.Event()
    asked = threading.Semaphore(0)

    def odd(offset: int) -> Answer | None:
        if offset >= 100:
            asked.release()
            assert stop.wait(10)
            raise Cancelled
        return None

    def cancel() -> None:
        for _ in range(4):
            asked.acquire()
        stop.set()

    canceller = threading.Thread(target=cancel)
    canceller.start()

    with pytest.raises(Cancelled):
        listed(client_of(FakePagerDuty(users(2_000), odd=odd)).list_users())

    canceller.join()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pages")]


# ----- the key


def test_that_a_good_key_shows_whose_it_is_and_what_it_may_do() -> None:
    assert client_of(FakePagerDuty()).probe() == Probe(
        "kestrel.pagerduty.com",
        (
            Feature("list_users", "List users", True, ""),
            Feature("licences", "Licences", True, ""),
            Feature("last_activity", "Last activity", True, ""),
            Feature(
                "delete_users",
                "Delete users",
                None,
                "Not tried: only a delete would show it. A read-only key cannot; one with full access can.",
            ),
        ),
    )


def test_that_the_key_test_asks_for_one_user_and_never_for_the_key_owner() -> None:
    vendor = FakePagerDuty()

    client_of(vendor).probe()

    assert vendor.asked[0] == ("/users", {"limit": "1"})
    assert "/users/me" not in [path for path, _ in vendor.asked]


def test_that_a_refused_key_is_told_in_the_vendors_terms() -> None:
    vendor = FakePagerDuty(
        refuses={"/users": refusal(ErrorKind.WRONG_KEY, 401), f"{EU}/users": refusal(ErrorKind.WRONG_KEY, 401)}
    )

    with pytest.raises(VendorError) as caught:
        client_of(vendor).probe()

    assert str(caught.value) == "PagerDuty refused the key (401). It may be wrong, expired, or for the other region."
    assert caught.value.exit_code == ExitCode.CREDENTIAL


def test_that_a_key_of_the_other_region_is_recognised() -> None:
    vendor = FakePagerDuty(refuses={"/users": refusal(ErrorKind.WRONG_KEY, 401)}, opens_instead=f"{EU}/users")

    with pytest.raises(VendorError) as caught:
        client_of(vendor).probe()

    assert str(caught.value) == (
        f"PagerDuty refused the key here (401), but it opens the EU region. Set the address to {EU}."
    )
    assert (caught.value.kind, caught.value.exit_code) == (ErrorKind.WRONG_KEY, ExitCode.CREDENTIAL)


def test_that_a_run_does_not_try_its_key_in_other_regions() -> None:
    vendor = FakePagerDuty(refuses={"/users": refusal(ErrorKind.WRONG_KEY, 401)})

    with pytest.raises(VendorError, match="or for the other region"):
        listed(client_of(vendor).list_users())

    assert [path for path, _ in vendor.asked] == ["/users"]


def test_that_a_key_without_rights_names_the_role_it_needs() -> None:
    with pytest.raises(VendorError) as caught:
        client_of(FakePagerDuty(refuses={"/users": refusal(ErrorKind.FORBIDDEN, 403)})).probe()

    assert str(caught.value) == (
        "The key may not list users. Needed: an account key, or the key of a user who may see all users. "
        "Nothing was changed."
    )
    assert caught.value.exit_code == ExitCode.CREDENTIAL


@pytest.mark.parametrize("kind", [ErrorKind.NO_NETWORK, ErrorKind.WEB_PAGE, ErrorKind.TLS, ErrorKind.TIMEOUT])
def test_that_a_key_that_could_not_be_tested_is_not_called_wrong(kind: ErrorKind) -> None:
    with pytest.raises(VendorError, match="general words") as caught:
        client_of(FakePagerDuty(refuses={"/users": refusal(kind, None)})).probe()

    assert (caught.value.kind, caught.value.exit_code) == (kind, ExitCode.VENDOR)


@pytest.mark.parametrize("document", [{}, [], {"users": "none"}, {"error": "no"}])
def test_p04_that_an_answer_of_another_shape_proves_no_key(document: object) -> None:
    connector = replace(PAGERDUTY, key_test=replace(PAGERDUTY.key_test, path="/odd"))

    class Odd(FakePagerDuty):
        def _get(self, path: str, params: dict[str, str]) -> Answer:
            return json_answer(document)

    with pytest.raises(VendorError, match="it is not what this address should give"):
        VendorClient(connector, Odd(), {}).probe()


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        (ErrorKind.PLAN_NEEDED, 402, "the plan does not include it"),
        (ErrorKind.FORBIDDEN, 403, "The key may not read it (403)"),
        (ErrorKind.NOT_FOUND, 404, "does not offer it to this key (404)"),
    ],
)
def test_that_a_feature_the_key_lacks_is_shown_with_what_to_change(kind: ErrorKind, status: int, words: str) -> None:
    vendor = FakePagerDuty(refuses={"/license_allocations": refusal(kind, status)})

    features = {feature.key: feature for feature in client_of(vendor).probe().features}

    assert features["licences"].works is False
    assert words in features["licences"].advice
    assert "Use an account key" in features["licences"].advice
    assert features["last_activity"].works is True


def test_that_a_feature_nobody_could_look_at_is_unknown_and_not_missing() -> None:
    vendor = FakePagerDuty(refuses={"/analytics/raw/users": refusal(ErrorKind.TIMEOUT, None)})

    features = {feature.key: feature for feature in client_of(vendor).probe().features}

    assert features["last_activity"].works is None


# ----- details


def test_that_what_the_list_lacks_is_read_before_it_and_announced() -> None:
    vendor = FakePagerDuty()
    vendor.sign_ins = [{"id": "P000001", "last_sign_in_at": "2026-10-01T08:00:00"}]
    news: list[object] = []

    raw = {r.id: r.raw for page in client_of(vendor, tell=news.append).list_users() for r in page.records}

    assert raw["P000001"]["last_sign_in_at"] == "2026-10-01T08:00:00Z"
    assert "last_sign_in_at" not in raw["P000000"]
    assert news == [
        DetailsBegan("licences"),
        DetailsRead("licences", 0),
        DetailsBegan("last_activity"),
        DetailsRead("last_activity", 1),
    ]
    first_page = vendor.asked.index(("/users", {"limit": "100", "offset": "0", "total": "true"}))
    assert vendor.asked.index(("/license_allocations", {"limit": "100", "offset": "0"})) < first_page


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ErrorKind.PLAN_NEEDED, 402),
        (ErrorKind.FORBIDDEN, 403),
        (ErrorKind.NOT_FOUND, 404),
        (ErrorKind.WEB_PAGE, 404),
        (ErrorKind.VENDOR_DOWN, 500),
        (ErrorKind.REFUSED, 400),
    ],
)
def test_that_details_a_key_may_not_read_cost_the_run_nothing_else(kind: ErrorKind, status: int) -> None:
    vendor = FakePagerDuty(users(250), refuses={"/license_allocations": refusal(kind, status)})
    news: list[object] = []
    client = client_of(vendor, tell=news.append)
    listing = client.list_users()

    assert len(listed(listing)) == 250
    assert list(client.unavailable) == ["licences"]
    assert client.unavailable["licences"].startswith("Licences: ")
    assert news[1] == DetailsUnavailable("licences", client.unavailable["licences"])
    assert listing.evidence.unproven_because is None


@pytest.mark.parametrize("kind", [ErrorKind.WRONG_KEY, ErrorKind.TLS, ErrorKind.NO_NETWORK, ErrorKind.RATE_LIMITED])
def test_that_details_which_fail_for_a_reason_of_the_whole_run_end_it(kind: ErrorKind) -> None:
    vendor = FakePagerDuty(refuses={"/license_allocations": refusal(kind, None)})

    with pytest.raises(VendorError):
        listed(client_of(vendor).list_users())


def test_that_details_can_be_left_out_and_are_then_unknown() -> None:
    vendor = FakePagerDuty()
    client = client_of(vendor)

    assert len(listed(client.list_users(enrich=False))) == 3
    assert set(client.unavailable) == {"licences", "last_activity"}
    assert not vendor.queries


# ----- one user


def test_that_a_user_who_is_there_is_found_as_the_list_shows_them() -> None:
    vendor = FakePagerDuty([user(7, teams=[{"id": "PT1", "summary": "Web"}])])
    vendor.sign_ins = [{"id": "P000007", "last_sign_in_at": None}]
    client = client_of(vendor)
    (page,) = client.list_users()

    found = client.read_user("P000007")

    assert found == Found(page.records[0])
    assert isinstance(found, Found)
    assert found.record.raw["team_names"] == "Web"


def test_that_gone_is_only_what_the_vendor_says_in_its_own_words() -> None:
    assert client_of(FakePagerDuty()).read_user("PGONE") == Gone()


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (ErrorKind.NOT_FOUND, 404, None),
        (ErrorKind.NOT_FOUND, 404, 2010),
        (ErrorKind.NOT_FOUND, 410, 2100),
        (ErrorKind.WEB_PAGE, 404, None),
        (ErrorKind.WRONG_KEY, 401, 2006),
        (ErrorKind.VENDOR_DOWN, 500, 2100),
        (ErrorKind.TIMEOUT, None, None),
        (ErrorKind.REFUSED, 400, 2100),
    ],
)
def test_p03_that_no_other_failure_means_gone(kind: ErrorKind, status: int | None, code: int | None) -> None:
    vendor = FakePagerDuty(refuses={"/users/P000001": refusal(kind, status, code)})

    answer = client_of(vendor).read_user("P000001")

    assert isinstance(answer, Unsure)
    assert not answer.may_not_read


def test_that_a_key_that_may_not_read_single_users_says_so() -> None:
    vendor = FakePagerDuty(refuses={"/users/P000001": refusal(ErrorKind.FORBIDDEN, 403, 2010)})

    answer = client_of(vendor).read_user("P000001")

    assert isinstance(answer, Unsure)
    assert answer.may_not_read


@pytest.mark.parametrize("answer", [web_page(), json_answer({}), json_answer({"user": user(2)}), json_answer([])])
def test_p03_that_an_odd_answer_leaves_it_open_whether_a_user_is_there(answer: Answer) -> None:
    class Odd(FakePagerDuty):
        def _get(self, path: str, params: dict[str, str]) -> Answer:
            return answer

    assert isinstance(client_of(Odd()).read_user("P000001"), Unsure)


@pytest.mark.parametrize("user_id", ["", "..", "P1/x", "P1?x=1"])
def test_that_no_odd_text_is_asked_for_as_an_id(user_id: str) -> None:
    vendor = FakePagerDuty()

    assert isinstance(client_of(vendor).read_user(user_id), Unsure)
    assert not vendor.asked


def test_that_cancel_passes_through_looking_at_one_user() -> None:
    stop = threading.Event()
    stop.set()

    with pytest.raises(Cancelled):
        client_of(FakePagerDuty(stop=stop)).read_user("P000001")
