import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from saasdesk.connectors import (
    Connector,
    ConnectorHelp,
    FieldType,
    Input,
    Look,
    RateLimit,
    Region,
    SaasShape,
    SaasValues,
    UserList,
    VendorField,
    fill,
    placeholders,
    raw_hash,
    utc_text,
)
from saasdesk.connectors.pages import OffsetPages
from saasdesk.connectors.spec import KeyTest
from saasdesk.errors import UserError
from saasdesk.web import HeaderKey

ACME = Connector(
    key="acme",
    title="Acme",
    regions=(Region("US", "https://api.example.com/v1/"), Region("EU", "https://api.eu.example.com/v1")),
    inputs=(
        Input("organization_id", "Acme Organization ID", required=True),
        Input("tenant", "Acme Tenant"),
        Input("directory_key", "Directory key", secret=True),
    ),
    sign_in=HeaderKey("X-Api-Key"),
    headers={"X-Org": "{{ organization_id }}", "X-Tenant": "{{ tenant }}", "Accept": "application/json"},
    other_base_urls=("https://insights.example.com",),
    rate=RateLimit(60, 1),
    key_test=KeyTest("/orgs/{{ organization_id }}", identity_of=lambda _: "acme"),
    users=UserList(
        "/orgs/{{ organization_id }}/users",
        "data",
        OffsetPages(),
        id_path="account.id",
        name_path="profile.name",
        email_path="profile.email",
    ),
    fields=(VendorField("Name", "profile.name"),),
    saas=SaasShape(lambda _: SaasValues(None, "active", None, inactive=False)),
    help=ConnectorHelp((), "any", "https://example.com"),
)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abcdef"), JSON))
def test_that_the_order_of_keys_does_not_change_a_hash(raw: dict) -> None:
    assert raw_hash(raw, frozenset()) == raw_hash(dict(reversed(raw.items())), frozenset())


@given(st.dictionaries(st.sampled_from("abcdef"), JSON), JSON)
def test_that_only_volatile_keys_can_change_without_changing_the_hash(raw: dict, other: object) -> None:
    volatile = frozenset("a")

    assert raw_hash({**raw, "a": other}, volatile) == raw_hash(raw, volatile)
    assert raw_hash({**raw, "new": other}, volatile) != raw_hash(raw, volatile)


def test_that_hashing_leaves_the_record_as_it_was() -> None:
    raw = {"id": "1", "noise": 7}

    assert len(raw_hash(raw, frozenset({"noise"}))) == 32
    assert raw == {"id": "1", "noise": 7}


def test_that_a_value_deeper_than_a_volatile_key_still_counts() -> None:
    assert raw_hash({"x": {"noise": 1}}, frozenset({"noise"})) != raw_hash({"x": {"noise": 2}}, frozenset({"noise"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-04T09:30:51", "2025-03-04T09:30:51Z"),
        ("2021-06-01T00:00:00-05:00", "2021-06-01T05:00:00Z"),
        ("2023-05-20T00:00:00.000+03:00", "2023-05-19T21:00:00Z"),
        ("2021-02-12T17:45:42.369Z", "2021-02-12T17:45:42Z"),
        ("2026-12-01", "2026-12-01T00:00:00Z"),
        (" 2026-12-01 ", "2026-12-01T00:00:00Z"),
        ("0001-01-01T00:00:00+05:00", None),
        ("never", None),
        ("", None),
        (None, None),
        (1700000000, None),
    ],
)
def test_that_times_are_kept_in_utc_and_unreadable_ones_are_unknown(text: object, expected: str | None) -> None:
    assert utc_text(text) == expected


def test_that_a_value_becomes_exactly_one_part_of_a_path() -> None:
    assert fill("/users/{{ id }}/x", {"id": "a/../b?c"}) == "/users/a%2F..%2Fb%3Fc/x"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_that_no_path_is_made_of_a_value_that_would_turn_it_into_another(value: str) -> None:
    with pytest.raises(UserError):
        fill("/users/{{ id }}", {"id": value})


def test_that_placeholders_are_found_with_and_without_blanks() -> None:
    assert placeholders("/a/{{ one }}/{{two}}/{three}") == ("one", "two")


def test_that_a_header_of_an_empty_input_is_not_sent() -> None:
    headers = ACME.request_headers({"organization_id": "a b", "tenant": ""})

    assert headers == {"X-Org": "a b", "Accept": "application/json"}


def test_that_every_connector_offers_its_inputs_the_credential_and_the_time_of_the_run() -> None:
    offered = {field.id: (field.label, field.type) for field in ACME.all_fields()}

    assert offered == {
        "profile.name": ("Name", FieldType.SHORT_TEXT),
        "connect:organization_id": ("Connect: Acme Organization ID", FieldType.SHORT_TEXT),
        "connect:tenant": ("Connect: Acme Tenant", FieldType.SHORT_TEXT),
        "connect:credentials": ("Connect: Credentials", FieldType.SHORT_TEXT),
        "connector_sync_time": ("Connector Sync Time", FieldType.DATETIME),
    }


def test_that_a_secret_input_can_never_be_mapped() -> None:
    assert ACME.find_field("connect:directory_key") is None
    assert ACME.find_field("connect:tenant") is not None


def test_that_the_address_is_the_admins_choice_or_the_first_region() -> None:
    assert ACME.base_url({}) == ACME.base_url({"base_url": ""}) == "https://api.example.com/v1"
    assert ACME.base_url({"base_url": "http://127.0.0.1:8000/"}) == "http://127.0.0.1:8000"
    assert "https://insights.example.com" in ACME.base_urls()


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ({"account": {"id": "1"}, "profile": {"name": "Ana", "email": "ana@example.com"}}, "Ana"),
        ({"account": {"id": "1"}, "profile": {"name": " ", "email": "ana@example.com"}}, "ana@example.com"),
        ({"account": {"id": "1"}, "profile": None}, "1"),
        ({}, ""),
    ],
)
def test_that_a_record_is_called_by_its_name_or_else_its_email_or_else_its_id(raw: dict, label: str) -> None:
    assert ACME.label_of(raw) == label


def test_that_a_record_without_an_email_has_none() -> None:
    assert ACME.email_of({"profile": {"email": "ana@example.com"}}) == "ana@example.com"
    assert ACME.email_of({"profile": {"email": ""}}) is None
    assert ACME.email_of({"profile": {"email": None}}) is None
    assert ACME.email_of({}) is None


@pytest.mark.parametrize(
    ("status", "document", "fits"),
    [
        (404, {"error": {"code": 2100}}, True),
        (404, {"error": {"code": 2010}}, False),
        (404, {"error": None}, False),
        (404, None, False),
        (200, {"error": {"code": 2100}}, False),
    ],
)
def test_that_a_look_wants_status_and_words(status: int, document: object, fits: bool) -> None:
    assert Look(frozenset({404}), "error.code", 2100).fits(status, document) is fits


def test_that_a_look_without_words_goes_by_the_status() -> None:
    assert Look(frozenset({204})).fits(204, None)


def test_that_a_connector_can_come_from_a_document() -> None:
    document = {
        "key": "acme",
        "title": "Acme",
        "regions": [{"name": "US", "base_url": "https://api.example.com"}],
        "sign_in": {"header": "X-Api-Key", "prefix": ""},
        "rate": {"per_minute": 60, "burst": 1},
        "key_test": {"path": "/me", "identity_of": str},
        "users": {"path": "/users", "records_path": "users", "pages": {"limit": 50}},
        "fields": [{"label": "Name", "path": "name", "type": "short_text"}],
        "saas": {"saas_values": lambda _: None},
        "help": {"where_to_make_the_key": [], "role_needed": "", "documentation": ""},
    }

    made = TypeAdapter(Connector).validate_python(document)

    assert made.fields == (VendorField("Name", "name"),)
    assert made.sign_in == HeaderKey("X-Api-Key")
    assert made.users.pages == OffsetPages(limit=50)
