"""What a session sends, what it makes of each answer, and when it asks again."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import responses

from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.web import Basic, Budget, ErrorKind, HeaderKey, Limits, Origin, QueryKey, Secret, VendorError, Waiting
from tests.web.conftest import KEY
from tests.web.servers import LoopbackServer, http

BASE = "https://api.pagerduty.com"
MEBIBYTE = 1024 * 1024


@pytest.fixture
def vendor():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def _fail(session, *arguments, **options) -> VendorError:
    with pytest.raises(VendorError) as raised:
        session.get(*arguments, **options)
    return raised.value


# What is sent


def test_that_a_get_carries_the_key_and_the_connectors_headers(vendor, open_to):
    vendor.get(f"{BASE}/users", json={"users": []})
    session = open_to(BASE, headers={"Accept": "application/vnd.pagerduty+json;version=2"})

    answer = session.get("/users", {"limit": 100, "total": True, "team_ids[]": ["A", "B"], "query": None})

    sent = vendor.calls[0].request
    assert sent.headers["Authorization"] == f"Token token={KEY}"
    assert sent.headers["Accept"] == "application/vnd.pagerduty+json;version=2"
    assert sent.headers["Accept-Encoding"] == "gzip"
    assert sent.url == f"{BASE}/users?limit=100&total=true&team_ids%5B%5D=A&team_ids%5B%5D=B"
    assert answer.json() == {"users": []}
    assert answer.host == "api.pagerduty.com"


def test_that_a_path_joins_the_base_address_path(vendor, open_to):
    vendor.get("https://api.example.com/api/v2/users", json=[])

    assert open_to("https://api.example.com/api/v2/").get("/users").json() == []


def test_that_a_call_with_json_says_so_and_is_sent_once(vendor, open_to):
    vendor.post(f"{BASE}/users", status=503)

    with pytest.raises(VendorError) as raised:
        open_to(BASE).send("post", "/users", json={"user": {"name": "Ana"}}, headers={"From": "it@example.com"})

    assert len(vendor.calls) == 1
    assert vendor.calls[0].request.body == b'{"user":{"name":"Ana"}}'
    assert vendor.calls[0].request.headers["Content-Type"] == "application/json"
    assert vendor.calls[0].request.headers["From"] == "it@example.com"
    assert raised.value.maybe_sent


def test_that_a_call_that_only_reads_is_tried_again_whatever_its_method(vendor, open_to):
    vendor.post(f"{BASE}/analytics", status=503)
    vendor.post(f"{BASE}/analytics", json={"data": []})

    assert open_to(BASE).send("POST", "/analytics", json={}, retry=True).json() == {"data": []}


@pytest.mark.parametrize(
    "path", ["/users/..", "/users/%2E%2e/teams", "/users/a b", "/users#x", "/users/\\x", "/users/\n"]
)
def test_that_a_path_that_would_become_another_is_not_sent(vendor, open_to, path):
    with pytest.raises(UserError):
        open_to(BASE).send("DELETE", path)

    assert len(vendor.calls) == 0


@pytest.mark.parametrize("value", ["line\nend", "snow☃", " padded"])
def test_that_a_header_value_that_cannot_be_sent_is_named_without_its_value(open_to, value):
    with pytest.raises(UserError, match="X-Customer-Code") as raised:
        open_to(BASE, headers={"X-Customer-Code": value})

    assert value not in str(raised.value)


# Answers


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/vnd.pagerduty+json"]
)
def test_that_json_types_are_read(vendor, open_to, content_type):
    vendor.get(f"{BASE}/users", body=b'{"users": []}', content_type=content_type)

    assert open_to(BASE).get("/users").json() == {"users": []}


@pytest.mark.parametrize("body", [b"{", b"[1,]", b"NaN", b'{"a": Infinity}', b"\xff\xfe", b"{}{}"])
def test_that_broken_json_is_an_answer_not_understood(vendor, open_to, body):
    vendor.get(f"{BASE}/users", body=body, content_type="application/json", auto_calculate_content_length=True)
    answer = open_to(BASE).get("/users")

    with pytest.raises(VendorError, match=r"from api\.pagerduty\.com was not understood") as raised:
        answer.json()

    assert raised.value.kind is ErrorKind.NONSENSE
    assert raised.value.exit_code == ExitCode.VENDOR


def test_that_a_web_page_with_a_good_status_is_named_as_one(vendor, open_to):
    vendor.get(f"{BASE}/users", body="<!DOCTYPE html><html>Sign in", content_type="text/html")
    answer = open_to(BASE).get("/users")

    with pytest.raises(VendorError) as raised:
        answer.json()

    assert str(raised.value) == (
        "Expected JSON from api.pagerduty.com, got a web page (status 200). Key, region, or a proxy in between."
    )
    assert raised.value.kind is ErrorKind.WEB_PAGE


def test_that_an_empty_answer_is_not_json(vendor, open_to):
    vendor.delete(f"{BASE}/users/P1", status=204)
    answer = open_to(BASE).send("DELETE", "/users/P1")

    assert answer.status == 204
    with pytest.raises(VendorError, match="got an empty answer"):
        answer.json()


@pytest.mark.parametrize(("depth", "is_allowed"), [(64, True), (65, False), (900, False), (100_000, False)])
def test_p09_json_nested_deeper_than_64_levels_is_refused(vendor, open_to, depth, is_allowed):
    vendor.get(f"{BASE}/users", body=b"[" * depth + b"]" * depth, content_type="application/json")
    outcome = "read"

    try:
        open_to(BASE).get("/users").json()
    except VendorError as error:
        outcome = str(error)

    assert (outcome == "read") is is_allowed
    if depth == 900:
        assert outcome == "The answer from api.pagerduty.com is nested deeper than 64 levels. Stopped reading."


@pytest.mark.parametrize(
    "hidden",
    [
        b"[" * 70 + b'"' + b"]" * 69 + b'"' + b"]" * 70,
        b'["]",' * 70 + b"0" + b',"["]' * 70,
        b'["\\"]",' * 70 + b"0" + b',"[\\\\"]' * 70,
        b'{"}":' * 70 + b"0" + b',"{":0}' * 70,
    ],
)
def test_p09_brackets_inside_texts_do_not_hide_depth(vendor, open_to, hidden):
    vendor.get(f"{BASE}/users", body=hidden, content_type="application/json")

    with pytest.raises(VendorError, match="nested deeper"):
        open_to(BASE).get("/users").json()


@pytest.mark.parametrize("text", ["[" * 500, "]" * 500, '"[\\"' * 100, "\u0000[" * 100])
def test_p09_brackets_inside_texts_do_not_pretend_depth(vendor, open_to, text):
    vendor.get(f"{BASE}/users", json={"users": [{"name": text}]})

    assert open_to(BASE).get("/users").json() == {"users": [{"name": text}]}


@pytest.mark.parametrize("text", ["n" * (MEBIBYTE + 1), '"' * (MEBIBYTE + 1), '\\"n' * 400_000, "é" * (MEBIBYTE + 1)])
@pytest.mark.parametrize("others", [0, 200_000])
def test_p09_a_text_longer_than_a_mebibyte_is_refused(vendor, open_to, text, others):
    vendor.get(f"{BASE}/users", json={"users": [*range(others), {"name": text}, *("x" * (others % 7) for _ in "ab")]})

    with pytest.raises(VendorError, match="text longer than 1 MB"):
        open_to(BASE).get("/users").json()


@pytest.mark.parametrize(
    "users", [["n" * MEBIBYTE, "m" * MEBIBYTE], [1] * (2 * MEBIBYTE), ['"' * (MEBIBYTE // 2), "\\" * MEBIBYTE]]
)
def test_p09_a_long_answer_of_texts_that_are_not_is_read(vendor, open_to, users):
    vendor.get(f"{BASE}/users", json={"users": users})

    assert open_to(BASE).get("/users").json() == {"users": users}


# Refusals: one sentence, one exit code


def _error_for(vendor, open_to, status: int, said: object = None, **options) -> VendorError:
    vendor.get(f"{BASE}/users", status=status, json=said if said is not None else {})
    return _fail(open_to(BASE, **options), "/users", doing="list users")


def test_p17_a_refused_key_is_a_sentence_about_the_key(vendor, open_to):
    advice = {ErrorKind.WRONG_KEY: "It may be wrong, expired, or for the other region."}

    error = _error_for(vendor, open_to, 401, advice=advice)

    assert str(error) == "PagerDuty refused the key (401). It may be wrong, expired, or for the other region."
    assert (error.kind, error.exit_code, error.status) == (ErrorKind.WRONG_KEY, ExitCode.CREDENTIAL, 401)
    assert len(vendor.calls) == 1


def test_p17_a_forbidden_listing_says_what_the_key_may_not_do(vendor, open_to):
    advice = {ErrorKind.FORBIDDEN: "Needed: a key with read access to users."}

    error = _error_for(vendor, open_to, 403, {"error": {"message": "Access Denied", "code": 2010}}, advice=advice)

    assert str(error) == (
        "The key may not list users (PagerDuty answered 403). Needed: a key with read access to users. "
        'It says: "Access Denied".'
    )
    assert (error.kind, error.exit_code) == (ErrorKind.FORBIDDEN, ExitCode.CREDENTIAL)
    assert error.json_error == {"error": {"message": "Access Denied", "code": 2010}}


@pytest.mark.parametrize("status", [400, 403, 404, 410, 418])
def test_p17_a_web_page_instead_of_a_refusal_is_no_refusal(vendor, open_to, status):
    vendor.get(f"{BASE}/users", status=status, body="<html>Nope</html>", content_type="text/html")

    error = _fail(open_to(BASE), "/users")

    assert str(error) == (
        f"Expected JSON from api.pagerduty.com, got a web page (status {status}). Key, region, or a proxy in between."
    )
    assert (error.kind, error.exit_code) == (ErrorKind.WEB_PAGE, ExitCode.VENDOR)


def test_p17_an_empty_404_is_no_proof_of_absence(vendor, open_to):
    vendor.get(f"{BASE}/users/P1", status=404, body=b"")

    assert _fail(open_to(BASE), "/users/P1").kind is ErrorKind.NONSENSE


def test_that_a_json_404_is_not_found(vendor, open_to):
    error = _error_for(vendor, open_to, 404, {"error": {"message": "Not Found", "code": 2100}})

    assert error.kind is ErrorKind.NOT_FOUND
    assert error.vendor_message == "Not Found"


def test_that_an_id_that_is_not_known_is_told_without_the_template_of_its_path(vendor, open_to):
    vendor.get(f"{BASE}/users/P1", status=404, json={})

    error = _fail(open_to(BASE), "/users/P1", path_template="/users/{{ pager_duty_user_id }}")

    assert str(error) == "PagerDuty does not know anything by this id (404). Check the id."


def test_that_a_plan_that_lacks_a_feature_says_so(vendor, open_to):
    error = _error_for(vendor, open_to, 402)

    assert str(error) == "The plan at PagerDuty does not include this (402). Ask whoever manages the contract."
    assert error.kind is ErrorKind.PLAN_NEEDED


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (
            {"error": {"message": "Invalid Input", "code": 2001, "errors": ["User has incidents"]}},
            "Invalid Input; User has incidents",
        ),
        ({"errors": [{"title": "Conflict", "detail": "Already there"}]}, "Conflict; Already there"),
        ({"message": "Bad\n\trequest\x1b[31m"}, "Bad request [31m"),
        ({"error": "plain"}, "plain"),
        ([{"code": "x", "message": "listed"}], "listed"),
        ({"schemas": ["urn:Error"], "status": "409", "detail": "uniqueness"}, "uniqueness"),
        ({"key": "forbidden.action", "errorDetail": "managed elsewhere"}, "managed elsewhere; forbidden.action"),
    ],
)
def test_that_a_vendors_own_words_are_passed_on_whatever_their_shape(vendor, open_to, said, heard):
    error = _error_for(vendor, open_to, 422, said)

    assert error.vendor_message == heard
    assert str(error) == f'PagerDuty refused the request (422). It says: "{heard}".'
    assert (error.kind, error.exit_code) == (ErrorKind.REFUSED, ExitCode.VENDOR)


def test_that_a_vendors_long_speech_is_cut(vendor, open_to):
    assert len(_error_for(vendor, open_to, 400, {"message": "word " * 1000}).vendor_message) == 500


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 410, 422, 501])
def test_that_a_refusal_is_not_argued_with(vendor, open_to, status):
    _error_for(vendor, open_to, status)

    assert len(vendor.calls) == 1


def test_that_an_expected_status_is_an_answer(vendor, open_to):
    vendor.get(f"{BASE}/users/P1", status=404, json={"error": {"code": 2100}})

    answer = open_to(BASE).get("/users/P1", accept_statuses=(404,))

    assert answer.status == 404
    assert answer.json() == {"error": {"code": 2100}}


def test_that_an_error_names_the_path_without_ids_where_a_template_is_given(vendor, open_to):
    vendor.get(f"{BASE}/users/P1", status=403, json={}, headers={"X-Request-Id": "abc-1"})

    error = _fail(open_to(BASE), "/users/P1", {"a": 1}, path_template="/users/{id}")

    assert (error.method, error.path, error.host, error.request_id) == (
        "GET",
        "/users/{id}",
        "api.pagerduty.com",
        "abc-1",
    )


# Trying again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_that_a_passing_trouble_is_tried_again(vendor, open_to, status):
    vendor.get(f"{BASE}/users", status=status)
    vendor.get(f"{BASE}/users", json={"users": []})

    assert open_to(BASE).get("/users").json() == {"users": []}


def test_p17_a_vendor_that_stays_down_is_given_up_after_five_tries(vendor, open_to):
    error = _error_for(vendor, open_to, 503)

    assert len(vendor.calls) == 5
    assert str(error) == "PagerDuty answered with an error of its own (503). Try again later. Tried 5 times."
    assert (error.kind, error.exit_code, error.tries) == (ErrorKind.VENDOR_DOWN, ExitCode.VENDOR, 5)


def test_that_a_wait_asked_for_is_waited(vendor, open_to):
    vendor.get(f"{BASE}/users", status=429, headers={"ratelimit-reset": "0.3"})
    vendor.get(f"{BASE}/users", json={})
    start = time.monotonic()

    open_to(BASE).get("/users")

    assert time.monotonic() - start >= 0.3


def test_that_a_refusal_for_asking_too_often_holds_back_every_thread_of_the_credential(vendor, open_to):
    vendor.get(f"{BASE}/users", status=429, headers={"ratelimit-reset": "0.2"})
    vendor.get(f"{BASE}/users", json={})
    pauses: list[float] = []

    class NotingBudget(Budget):
        def pause(self, seconds: float) -> None:
            pauses.append(seconds)

    open_to(BASE, budget=NotingBudget(60_000, 100)).get("/users")

    assert pauses == [0.2]


def test_that_a_long_wait_is_told_when_it_begins(vendor, open_to, stop):
    vendor.get(f"{BASE}/users", status=429, headers={"ratelimit-reset": "45"})
    told: list[object] = []

    def hear(news: object) -> None:
        told.append(news)
        stop.set()

    with pytest.raises(Cancelled):
        open_to(BASE, tell=hear).get("/users")

    assert isinstance(told[0], Waiting)
    assert (told[0].host, told[0].seconds, told[0].reason) == ("api.pagerduty.com", 45, "rate limit")


@pytest.mark.parametrize(
    "asked",
    [{"Retry-After": "301"}, {"X-RateLimit-Reset": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}],
    ids=["seconds", "instant"],
)
def test_p17_a_vendor_that_asks_for_a_long_wait_ends_the_run(vendor, open_to, asked):
    vendor.get(f"{BASE}/users", status=429, headers=asked)

    error = _fail(open_to(BASE), "/users")

    assert len(vendor.calls) == 1
    assert error.kind is ErrorKind.RATE_LIMITED
    assert error.until is not None
    local = error.until.astimezone()
    assert str(error) in {
        f"PagerDuty asks to wait until {local:%H:%M}. Run again then.",
        f"PagerDuty asks to wait until {local:%Y-%m-%d %H:%M}. Run again then.",
    }


@pytest.mark.parametrize("asked", ["-1", "yesterday", "Fri, 01 Jan 2021 00:00:00 GMT", "1e99", "9999999"])
def test_that_an_absurd_wait_falls_back_to_our_own(vendor, open_to, asked):
    vendor.get(f"{BASE}/users", status=429, headers={"Retry-After": asked})
    vendor.get(f"{BASE}/users", json={})

    assert open_to(BASE).get("/users").status == 200


def test_that_a_refusal_for_asking_too_often_is_not_repeated_for_a_call_that_changes_something(vendor, open_to):
    vendor.delete(f"{BASE}/users/P1", status=429, headers={"Retry-After": "7"})

    with pytest.raises(VendorError) as raised:
        open_to(BASE).send("DELETE", "/users/P1")

    assert len(vendor.calls) == 1
    assert raised.value.wait_seconds == 7


def test_p09_cancel_ends_a_back_off(vendor, open_to, stop):
    vendor.get(f"{BASE}/users", status=429, headers={"Retry-After": "60"})
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()

    with pytest.raises(Cancelled):
        open_to(BASE).get("/users")

    assert time.monotonic() - start < 2


def test_that_nothing_is_sent_once_cancelled(vendor, open_to, stop):
    stop.set()

    with pytest.raises(Cancelled):
        open_to(BASE).get("/users")

    assert len(vendor.calls) == 0


# Other ways of signing in, over a real socket


def test_that_a_query_key_reaches_the_vendor_and_no_error(open_to):
    with LoopbackServer(lambda heard: http(403)) as server:
        session = open_to(server.url, sign_in=QueryKey("api_key"))

        error = _fail(session, "/users", {"limit": 1})

        assert server.heard[0].target == "/users?limit=1&api_key=k3y-Zq8%2Bplain%2FText%3D73"
        assert "api_key" not in f"{error} {error.path} {error!r}"


def test_that_four_threads_share_a_session(open_to):
    with LoopbackServer(lambda heard: http(body=heard.target.encode(), content_type="text/plain")) as server:
        session = open_to(server.url)
        got: dict[int, bytes] = {}

        def fetch(first: int) -> None:
            for page in range(first, first + 25):
                got[page] = session.get(f"/page/{page}").body

        threads = [threading.Thread(target=fetch, args=(first,)) for first in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(got) == 100
    assert all(body == f"/page/{page}".encode() for page, body in got.items())


def test_that_a_session_keeps_its_connection(open_to):
    connections = set()

    def respond(heard):
        connections.add(threading.get_ident())
        return http()

    with LoopbackServer(respond) as server:
        session = open_to(server.url)
        for _ in range(5):
            session.get("/users")

    assert len(connections) == 1


def test_that_cookies_are_not_kept(open_to):
    with LoopbackServer(lambda heard: http(Set_Cookie="session=1; Path=/")) as server:
        session = open_to(server.url)
        session.get("/users")
        session.get("/users")

        assert "cookie" not in server.heard[1].headers


def test_that_importing_the_web_layer_imports_no_http_library():
    import subprocess
    import sys

    script = (
        "import sys, saasdesk.web; heavy = {'requests', 'urllib3', 'ssl', 'keyring', 'truststore', 'certifi', 'idna'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "[]"


def test_that_a_basic_key_is_also_hidden_without_its_name(open_to):
    from saasdesk.web import REDACTOR

    open_to(BASE, sign_in=Basic(), secret=Secret("ana@example.com:t0ken-only-part"))

    assert "t0ken-only-part" not in REDACTOR.redact("seen t0ken-only-part here")


def test_that_limits_are_what_the_design_says():
    limits = Limits()

    assert (limits.connect_seconds, limits.read_seconds, limits.total_seconds) == (10, 30, 120)
    assert (limits.body_bytes, limits.json_depth, limits.tries) == (64 * 1024 * 1024, 64, 5)
    assert (limits.back_off_seconds[0], limits.back_off_seconds[-1], limits.longest_wait_seconds) == (1, 60, 300)


def test_that_a_header_key_is_the_only_place_of_the_key(open_to):
    with LoopbackServer(lambda heard: http()) as server:
        open_to(server.url, sign_in=HeaderKey("x-api-key")).get("/users")

        heard = server.heard[0]
        assert [name for name, value in heard.headers.items() if KEY in value] == ["x-api-key"]
        assert Origin.of(server.url).host in heard.headers["host"]
