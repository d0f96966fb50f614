"""Where a key may go is compared exactly, and a value never becomes part of the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.errors import UserError
from saasdesk.web import Origin, path_segment
from saasdesk.web.origin import is_public_address, refuse_climbing_path


@pytest.mark.parametrize(
    "url",
    [
        "https://api.pagerduty.com",
        "https://API.PagerDuty.com:443/users?limit=1",
        "HTTPS://api.pagerduty.com/",
    ],
)
def test_p06_spellings_of_one_address_are_one_origin(url):
    assert Origin.of(url) == Origin("https", "api.pagerduty.com", 443)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.pagerduty.com.evil.example.com/",
        "https://api.pagerduty.com.",
        "https://api.pagerduty.com:8443/",
        "https://pagerduty.com/",
        "https://api.p\u0430gerduty.com/",
    ],
)
def test_p06_addresses_that_only_look_alike_are_other_origins(url):
    assert _origin_or_refusal(url) != Origin("https", "api.pagerduty.com", 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.pagerduty.com/",
        "http://127.0.0.1.example.com/",
        "https://user:password@api.pagerduty.com/",
        "https://api.pagerduty.com@evil.example.com/",
        "https://api.pagerduty.com\\@evil.example.com/",
        "https://api.pager\tduty.com/",
        "https://api.pagerduty.com/#part",
        "https://api.pagerduty.com:99999/",
        "https://api.pagerduty.com:0/",
        "https://[::1/",
        "https://",
        "https:///users",
        "//api.pagerduty.com/",
        "ftp://api.pagerduty.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://exa mple.com/",
        "https://{{ host }}.example.com/",
        "",
    ],
)
def test_p06_an_address_that_could_be_read_in_two_ways_is_refused(url):
    with pytest.raises(UserError):
        Origin.of(url)


def test_that_a_refused_address_is_not_shown_with_its_query_or_password():
    with pytest.raises(UserError) as with_query:
        Origin.of("ftp://example.com/?key=hunter22")
    with pytest.raises(UserError) as with_password:
        Origin.of("https://ana:hunter22@example.com/")

    assert "hunter22" not in str(with_query.value) + str(with_password.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "[::1]"])
def test_that_plain_http_is_for_this_machine(host):
    assert Origin.of(f"http://{host}:8080").is_loopback


def test_that_an_international_name_is_compared_in_its_ascii_form():
    assert Origin.of("https://müller.example.com").host == "xn--mller-kva.example.com"


@pytest.mark.parametrize("value", ["", " ", ".", "..", "a\nb", "a\x00", "\x7f"])
def test_that_a_value_that_would_change_the_call_is_no_path_segment(value):
    with pytest.raises(UserError):
        path_segment(value)


@given(st.text(min_size=1))
def test_that_a_path_segment_never_holds_a_separator(value):
    try:
        segment = path_segment(value)
    except UserError:
        return

    assert not set(segment) & set("/?#\\ ")
    assert segment not in {".", ".."}


@pytest.mark.parametrize("path", ["/users/..", "/users/%2e%2e/x", "/./users", "/users/.%2E"])
def test_that_a_path_that_climbs_is_refused_however_it_is_written(path):
    with pytest.raises(UserError):
        refuse_climbing_path(path)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "nonsense",
    ],
)
def test_that_inside_addresses_are_not_public(address):
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_that_outside_addresses_are_public(address):
    assert is_public_address(address)


def _origin_or_refusal(url: str) -> Origin | None:
    try:
        return Origin.of(url)
    except UserError:
        return None


@pytest.mark.parametrize("url", ["", "  "])
def test_that_an_address_that_is_missing_is_said_to_be_missing(url: str) -> None:
    with pytest.raises(UserError, match="The address is missing"):
        Origin.of(url)
