"""A session with a credential's key: bound, signed, advised, noted."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
import responses

from saasdesk.credentials import open_session, refuse_unbound
from saasdesk.errors import ExitCode, UserError
from saasdesk.web import ErrorKind, Limits, QueryKey, Secret, VendorError
from tests.credentials.conftest import KEY, PAGERDUTY, FakeVendor
from tests.web.servers import LoopbackServer, http

US = "https://api.pagerduty.com"


@pytest.fixture
def vendor():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def open_as(store, vault):
    """Open a session with the credential of this name."""
    opened = []

    def open_(name: str = "key", base_url: str = US, connector: FakeVendor = PAGERDUTY, **options):
        session = open_session(
            store,
            vault,
            vault.find(name),
            connector,
            base_url,
            threading.Event(),
            **({"limits": Limits(tries=1)} | options),
        )
        opened.append(session)
        return session

    yield open_
    for session in opened:
        session.close()


def test_that_a_session_signs_in_and_its_use_is_noted(vendor, vault, open_as):
    vendor.get(f"{US}/users", json={})
    vault.set("key", PAGERDUTY, KEY, inputs={"company_code": "42"})

    open_as().get("/users")

    sent = vendor.calls[0].request.headers
    assert sent["Authorization"] == f"Token token={KEY}"
    assert sent["X-Customer-Code"] == "42"
    assert vault.find("key").last_used_at is not None


def test_that_the_inputs_of_an_integration_win(vendor, vault, open_as):
    vendor.get(f"{US}/users", json={})
    vault.set("key", PAGERDUTY, KEY, inputs={"company_code": "42"})

    open_as(inputs={"company_code": "7"}).get("/users")

    assert vendor.calls[0].request.headers["X-Customer-Code"] == "7"


def test_that_a_key_from_the_environment_may_come_with_its_prefix(vendor, vault, open_as, monkeypatch):
    vendor.get(f"{US}/users", json={})
    vault.set("key", PAGERDUTY, None)
    monkeypatch.setenv("SAASDESK_CREDENTIAL_KEY", f"Token token={KEY}")

    open_as().get("/users")

    assert vendor.calls[0].request.headers["Authorization"] == f"Token token={KEY}"


def test_that_a_credentials_own_way_to_sign_in_is_used(vendor, vault, open_as):
    vendor.get(f"{US}/users", json={})
    vault.set("key", PAGERDUTY, "abcdefgh", sign_in=QueryKey("api_key"))

    open_as().get("/users")

    assert vendor.calls[0].request.url == f"{US}/users?api_key=abcdefgh"
    assert "Authorization" not in vendor.calls[0].request.headers


def test_that_a_new_key_can_be_tried_before_it_replaces_the_old(vendor, vault, open_as):
    vendor.get(f"{US}/users", json={})
    vault.set("key", PAGERDUTY, KEY)

    open_as(secret=Secret("the-new-key")).get("/users")

    assert vendor.calls[0].request.headers["Authorization"] == "Token token=the-new-key"
    assert vault.get_secret("key").reveal() == KEY
    assert vault.find("key").last_used_at is None


@pytest.mark.parametrize("url", ["https://evil.example.com", "http://127.0.0.1:9", f"{US}:8443"])
def test_p06_an_address_the_key_is_not_bound_to_is_refused(vault, open_as, url):
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match="“key” is not bound to") as raised:
        open_as(base_url=url)

    assert raised.value.exit_code == ExitCode.CREDENTIAL
    with pytest.raises(UserError):
        refuse_unbound(vault.find("key"), url)


def test_that_a_credential_of_another_vendor_is_refused(vault, open_as):
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match="is a credential for pagerduty, not for JumpCloud"):
        open_as(connector=FakeVendor(key="jumpcloud", title="JumpCloud"))


def test_p17_a_refused_key_is_explained_in_the_vendors_terms(vendor, vault, open_as):
    vendor.get(f"{US}/users", status=401, json={})
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(VendorError) as raised:
        open_as().get("/users")

    assert str(raised.value) == "PagerDuty refused the key (401). It may be wrong, expired, or for the other region."


def test_p17_a_key_refused_after_its_date_has_expired(vendor, vault, open_as):
    vendor.get(f"{US}/users", status=401, json={})
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - the admin's own day
    vault.set("key", PAGERDUTY, KEY, expires=yesterday)

    with pytest.raises(VendorError) as raised:
        open_as().get("/users")

    assert str(raised.value) == (
        f"PagerDuty refused the key (401). The key expired on {yesterday}. Make a new one and replace it."
    )


def test_p17_a_key_without_the_right_says_which_is_needed(vendor, vault, open_as):
    vendor.get(f"{US}/users", status=403, json={})
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(VendorError) as raised:
        open_as().get("/users", doing="list users")

    assert raised.value.kind is ErrorKind.FORBIDDEN
    assert str(raised.value) == (
        "The key may not list users (PagerDuty answered 403). Needed: a key with read access to users."
    )


@pytest.mark.parametrize("permission", ["read", "act"])
def test_that_a_read_credential_changes_nothing_at_a_vendor(vendor, vault, open_as, permission):
    vendor.delete(f"{US}/users/P1", status=204)
    vendor.post(f"{US}/analytics", json={})
    vault.set("key", PAGERDUTY, KEY, permission=permission)
    session = open_as()

    session.send("POST", "/analytics", retry=True)
    if permission == "read":
        with pytest.raises(UserError, match=r"may only read\. Nothing was sent") as raised:
            session.send("DELETE", "/users/P1")
        assert raised.value.exit_code == ExitCode.CREDENTIAL
    else:
        session.send("DELETE", "/users/P1")

    assert len(vendor.calls) == (1 if permission == "read" else 2)


def test_that_a_key_bound_to_this_machine_reaches_a_server_here(vault, open_as):
    with LoopbackServer(lambda heard: http()) as server:
        vault.set("key", PAGERDUTY, KEY, base_url=server.url)

        assert open_as(base_url=server.url).get("/users").json() == {}


def test_that_an_unreadable_extra_authority_is_named(store, vault, open_as, tmp_path):
    file = tmp_path / "company.pem"
    file.write_text((Path(__file__).parents[1] / "web" / "certificates" / "authority.pem").read_text())
    store.save_setting("extra_ca", str(file))
    file.write_text("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match=r"company\.pem cannot be used"):
        open_as()
