"""Ways to sign in: what goes on the wire, and what people paste."""

import pytest
import requests

from saasdesk.errors import UserError
from saasdesk.web import Basic, Bearer, HeaderKey, QueryKey, Secret, sign_in_from_json, sign_in_to_json


def _signed(sign_in, secret: str) -> requests.PreparedRequest:
    request = requests.PreparedRequest()
    request.prepare("GET", "https://api.example.com/users?limit=1", {}, auth=sign_in.auth(Secret(secret)))
    return request


def test_that_a_header_key_stands_after_its_prefix():
    assert _signed(HeaderKey("Authorization", "Token token="), "abc").headers["Authorization"] == "Token token=abc"


def test_that_a_bearer_token_stands_in_the_authorization_header():
    assert _signed(Bearer(), "abc").headers["Authorization"] == "Bearer abc"


def test_that_basic_auth_encodes_name_and_password():
    assert _signed(Basic(), "ana:pass").headers["Authorization"] == "Basic YW5hOnBhc3M="


def test_that_a_query_key_joins_the_query_quoted():
    assert _signed(QueryKey("api_key"), "a&b").url == "https://api.example.com/users?limit=1&api_key=a%26b"


@pytest.mark.parametrize(
    "pasted",
    [
        "abc",
        " abc\r\n",
        "Token token=abc",
        "token TOKEN=abc",
        "Authorization: Token token=abc",
        '"abc"',
        "Token token='abc'",
    ],
)
def test_that_a_pasted_header_is_reduced_to_its_key(pasted):
    assert HeaderKey("Authorization", "Token token=").clean(pasted) == "abc"


@pytest.mark.parametrize("pasted", ["Bearer abc", "Authorization: bearer abc", "`abc`"])
def test_that_a_pasted_bearer_token_is_reduced_to_its_key(pasted):
    assert Bearer().clean(pasted) == "abc"


def test_that_a_pasted_query_is_reduced_to_its_key():
    assert QueryKey("api_key").clean("api_key=abc") == "abc"


@pytest.mark.parametrize(
    "sign_in", [HeaderKey("x-api-key"), HeaderKey("Authorization", "Token token="), Bearer(), QueryKey("k")]
)
@pytest.mark.parametrize(
    "pasted",
    [
        "Bearer abc",
        "bearer  abc",
        "Token token=abc",
        "token abc",
        "Authorization: Bearer abc",
        "x-api-key: abc",
        "'Bearer abc'",
    ],
)
def test_that_what_another_vendors_example_puts_before_a_key_is_understood_everywhere(sign_in, pasted):
    assert sign_in.clean(pasted) == "abc"


@pytest.mark.parametrize("key", ["bearer-of-news", "token=abc", "Tokenabc", "Bearerabc"])
def test_that_a_key_that_only_begins_like_a_prefix_stays_whole(key):
    assert Bearer().clean(key) == key


def test_that_basic_auth_without_a_colon_is_refused():
    with pytest.raises(UserError, match="name:password"):
        Basic().clean("abc")


@pytest.mark.parametrize("sign_in", [HeaderKey("X-Api-Key"), HeaderKey("A", "B "), QueryKey("k"), Basic(), Bearer()])
def test_that_a_scheme_survives_being_kept(sign_in):
    assert sign_in_from_json(sign_in_to_json(sign_in)) == sign_in


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "oauth"}', '{"kind": "header", "header": "a\\r\\nb"}'])
def test_that_a_scheme_nobody_can_read_is_refused(text):
    with pytest.raises(UserError):
        sign_in_from_json(text)


def test_p07_a_signed_request_does_not_print_its_key():
    assert "abcdefgh" not in repr(HeaderKey("X-Api-Key").auth(Secret("abcdefgh")))
