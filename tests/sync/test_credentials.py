"""A credential's life beside the integrations that use it: tried, replaced, renamed, deleted."""

import threading
from datetime import date
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import UNLISTED, Entry, Standing, UnlistedVendor, Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.profile import open_profile
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.credentials import delete_credential, list_used, rename_credential
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.probing import NewKey, probe_credential, probe_draft, replace_key
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.turns import Claim, Shared, Turns
from saasdesk.web import HeaderKey, QueryKey, VendorError
from tests.credentials.keyrings import LockableKeyring
from tests.sync.conftest import NAME, Office
from tests.web.servers import LoopbackServer, http

TODAY = date(2026, 11, 21)
KEY = "an-api-key-of-somebody"


def no_news(_news: object) -> None:
    """Nobody listens."""


def never() -> threading.Event:
    return threading.Event()


def test_that_a_new_key_replaces_the_old_one_once_it_was_seen_to_work(office: Office) -> None:
    office.integrate()
    new = office.simulator.key(KeyKind.READ_ONLY)

    found = replace_key(office.store, office.vault, "pd key", NewKey(new, date(2027, 1, 31)), no_news, never())

    saved = office.vault.find("pd key")
    assert found.identity.endswith(".pagerduty.example.com")
    assert office.vault.get_secret("pd key").reveal() == new
    assert (saved.expires, saved.standing(TODAY)) == (date(2027, 1, 31), Standing.WORKS)
    assert office.run().status.value == "completed"


def test_that_a_new_key_that_is_refused_leaves_the_old_one(office: Office) -> None:
    before = office.vault.get_secret("pd key").reveal()
    probe_credential(office.store, office.vault, "pd key", no_news, never())
    kept = office.vault.find("pd key")

    with pytest.raises(VendorError, match="PagerDuty refused the key"):
        replace_key(office.store, office.vault, "pd key", NewKey("u+wrong-key-wrong-key"), no_news, never())

    assert office.vault.get_secret("pd key").reveal() == before
    assert office.vault.find("pd key") == kept


def test_that_a_new_key_is_not_believed_while_the_vendor_cannot_be_reached(office: Office) -> None:
    before = office.vault.get_secret("pd key").reveal()
    office.simulator.faults.add(Fault(FaultKind.WEB_PAGE, endpoint=""))

    with pytest.raises(VendorError):
        replace_key(office.store, office.vault, "pd key", NewKey("another-key-another"), no_news, never())

    assert office.vault.get_secret("pd key").reveal() == before


def test_that_a_test_is_remembered_with_what_it_found(office: Office) -> None:
    access = office.simulator.access()["pagerduty"]
    connector = CONNECTORS["pagerduty"]
    office.vault.set("few", connector, office.simulator.key(KeyKind.NO_EXTRAS), base_url=access["base_url"])
    assert office.vault.find("few").standing(TODAY) is Standing.NOT_TESTED

    probe_credential(office.store, office.vault, "few", no_news, never())

    found = office.vault.find("few")
    assert found.last_test is not None
    assert {each.name: each.works for each in found.last_test.features}["Licences"] is False
    assert found.standing(TODAY) is Standing.PARTLY


def test_that_a_refused_key_is_remembered_as_refused_and_an_unreachable_vendor_is_not(office: Office) -> None:
    probe_credential(office.store, office.vault, "pd key", no_news, never())
    office.simulator.faults.add(Fault(FaultKind.WEB_PAGE, endpoint=""))
    with pytest.raises(VendorError):
        probe_credential(office.store, office.vault, "pd key", no_news, never())
    assert office.vault.find("pd key").standing(TODAY) is Standing.WORKS

    office.simulator.faults.clear()
    office.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="", status=401))
    with pytest.raises(VendorError):
        probe_credential(office.store, office.vault, "pd key", no_news, never())

    found = office.vault.find("pd key")
    assert found.standing(TODAY) is Standing.REFUSED
    assert found.last_test is not None
    assert "refused the key (401)" in found.last_test.text


def test_that_a_draft_is_tried_without_being_kept(office: Office) -> None:
    access = office.simulator.access()["pagerduty"]
    draft = office.vault.draft("new", CONNECTORS["pagerduty"], access["key"], Entry(base_url=access["base_url"]))

    found = probe_draft(office.store, office.vault, draft, no_news, never())

    assert found.identity.endswith(".pagerduty.example.com")
    assert [known.name for known in office.vault.list()] == ["pd key"]


def test_that_an_own_header_opens_a_listed_vendor(office: Office) -> None:
    access = office.simulator.access()["pagerduty"]
    sign_in = HeaderKey("Authorization", "Token token=")
    entry = Entry(base_url=access["base_url"], sign_in=sign_in)
    draft = office.vault.draft("own", CONNECTORS["pagerduty"], f"Token token={access['key']}", entry)

    assert probe_draft(office.store, office.vault, draft, no_news, never()).identity

    office.vault.keep(draft)
    office.integrate(credential="own")
    assert office.run().status.value == "completed"


def test_that_renaming_reaches_every_integration(office: Office) -> None:
    office.integrate()

    rename_credential(office.vault, "PD KEY", "PagerDuty read")

    assert integrations.find_integration(office.store, NAME).document.credential == "PagerDuty read"
    assert [known.name for known in office.vault.list()] == ["PagerDuty read"]
    assert office.run().status.value == "completed"


def test_that_a_taken_name_changes_nothing(office: Office) -> None:
    office.integrate()
    access = office.simulator.access()["pagerduty"]
    office.vault.set("other", CONNECTORS["pagerduty"], access["key"], base_url=access["base_url"])

    with pytest.raises(UserError, match="There is a credential “other” already"):
        rename_credential(office.vault, "pd key", "Other")

    assert integrations.find_integration(office.store, NAME).document.credential == "pd key"


def test_that_a_credential_in_use_stays_unless_its_integrations_are_paused_with_it(office: Office) -> None:
    office.integrate()
    with pytest.raises(UserError, match=f"is used by {NAME}, which would stop working"):
        delete_credential(office.store, office.vault, "pd key")
    assert list_used(office.store, office.vault)[0].used_by[0].state is IntegrationState.ACTIVE

    assert delete_credential(office.store, office.vault, "pd key", force=True) == (NAME,)

    assert office.vault.list() == ()
    assert integrations.find_integration(office.store, NAME).state is IntegrationState.PAUSED


@pytest.mark.parametrize(
    ("sign_in", "place"),
    [
        (HeaderKey("X-Own", "Key "), ("X-Own", f"Key {KEY}")),
        (QueryKey("api_key"), ("", f"/v1/me?api_key={KEY}")),
    ],
)
def test_that_a_key_for_an_unlisted_vendor_is_tried_at_an_address_of_its_host(
    office: Office, caplog: pytest.LogCaptureFixture, sign_in: HeaderKey | QueryKey, place: tuple[str, str]
) -> None:
    with LoopbackServer(lambda _heard: http(200, b"{}")) as server:
        vendor = UnlistedVendor((server.url,), sign_in)
        entry = Entry(sign_in=sign_in, inputs={"test_address": f"{server.url}/v1/me"})
        office.vault.keep(office.vault.draft("own", vendor, KEY, entry))

        found = probe_credential(office.store, office.vault, "own", no_news, never())

    header, value = place
    heard = server.heard[0]
    assert (heard.headers[header.lower()] if header else heard.target) == value
    assert found.identity == "127.0.0.1 (status 200)"
    assert office.vault.find("own").connector == UNLISTED
    assert KEY not in caplog.text


def test_p07_that_a_key_in_the_query_is_in_no_sentence(office: Office) -> None:
    with LoopbackServer(lambda _heard: http(401, b'{"error": "no"}')) as server:
        vendor = UnlistedVendor((server.url,), QueryKey("api_key"))
        entry = Entry(sign_in=vendor.sign_in, inputs={"test_address": f"{server.url}/v1/me"})
        draft = office.vault.draft("own", vendor, KEY, entry)
        with pytest.raises(VendorError) as raised:
            probe_draft(office.store, office.vault, draft, no_news, never())

    assert "refused the key (401)" in str(raised.value)
    assert KEY not in str(raised.value) + raised.value.path + repr(draft)


def test_that_a_run_that_waits_takes_the_key_that_is_there_when_its_turn_comes(office: Office) -> None:
    integration = office.integrate()
    access, key = office.simulator.access()["pagerduty"], office.vault.find("pd key")
    office.vault.set("pd key", office.connector, "u+a-key-of-nobody", base_url=access["base_url"])
    turns, has_waited, results = Turns(), threading.Event(), []

    def tell(news: object) -> None:
        if "uses the same key" in str(news):
            has_waited.set()

    def work() -> None:
        done = run_integration(office.store, office.vault, integration, RunOptions(), tell, never(), turns=turns)
        results.append(done.status.value)

    with turns.turn("another", [Claim(Shared.CREDENTIAL, key.uuid)], never(), lambda _why: None):
        run = threading.Thread(target=work)
        run.start()
        assert has_waited.wait(10)
        office.vault.set("pd key", office.connector, access["key"], base_url=access["base_url"])
    run.join(30)

    assert results == ["completed"]


def test_that_a_removal_that_the_keyring_refused_is_finished_by_deleting_again(tmp_path: Path) -> None:
    keyring = LockableKeyring()
    with Store.open(open_profile(tmp_path / "profile")) as store:
        vault = Vault(store, keyring)
        vault.set("own", CONNECTORS["pagerduty"], KEY)
        keyring.is_locked = True
        for sentence in ("can no longer be used, but its key is still in the keyring", "Unlock the keyring and"):
            with pytest.raises(UserError, match=sentence):
                delete_credential(store, vault, "own")
            assert vault.list()[0].standing(TODAY) is Standing.REMOVING

        keyring.is_locked = False
        assert delete_credential(store, vault, "own") == ()

        assert (vault.list(), keyring.secrets) == ((), {})


def test_that_a_new_key_keeps_the_permission_unless_another_is_named(office: Office) -> None:
    base_url = office.simulator.access()["pagerduty"]["base_url"]
    office.vault.set("pd key", office.connector, KEY, permission="act", base_url=base_url)

    office.vault.set("pd key", office.connector, KEY, base_url=base_url)
    assert office.vault.find("pd key").permission == "act"

    office.vault.set("pd key", office.connector, KEY, permission="read", base_url=base_url)
    assert office.vault.find("pd key").permission == "read"


def test_p06_that_a_key_goes_to_another_host_once_it_was_entered_for_it(office: Office) -> None:
    with LoopbackServer(lambda _heard: http(200, b"{}")) as one, LoopbackServer(lambda _heard: http(200)) as other:
        entry = Entry(sign_in=HeaderKey("X-Own"), inputs={"test_address": f"{one.url}/me"})
        office.vault.keep(office.vault.draft("own", UnlistedVendor((one.url,), HeaderKey("X-Own")), KEY, entry))
        new = NewKey("another-key-of-somebody", hosts=(other.url,), test_address="/me")

        replace_key(office.store, office.vault, "own", new, no_news, never())

        saved = office.vault.find("own")
        assert (saved.hosts, saved.inputs) == ((other.url,), {"test_address": f"{other.url}/me"})
        assert [heard.headers["x-own"] for heard in other.heard] == ["another-key-of-somebody"]
        assert one.heard == []


def test_that_a_replacement_that_is_cancelled_leaves_the_old_key(office: Office) -> None:
    before, stop = office.vault.get_secret("pd key").reveal(), threading.Event()
    stop.set()

    with pytest.raises(Cancelled):
        replace_key(
            office.store, office.vault, "pd key", NewKey(office.simulator.key(KeyKind.READ_ONLY)), no_news, stop
        )

    assert office.vault.get_secret("pd key").reveal() == before


def test_that_a_key_that_the_keyring_lost_is_remembered_as_not_working(tmp_path: Path) -> None:
    keyring = LockableKeyring()
    with Store.open(open_profile(tmp_path / "profile")) as store:
        vault = Vault(store, keyring)
        vault.set("own", CONNECTORS["pagerduty"], KEY)
        keyring.secrets.clear()

        with pytest.raises(UserError, match="is not in the keyring"):
            probe_credential(store, vault, "own", no_news, never())

        assert vault.find("own").standing(TODAY) is Standing.REFUSED
