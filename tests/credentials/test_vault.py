"""The life of a credential: set, replaced, used, removed; each change on record, no key anywhere but in the keyring."""

import json
from datetime import date

import pytest

from saasdesk.credentials import CredentialState, LastTest, Vault, environment_name
from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.store.audit import verify
from saasdesk.web import REDACTOR, QueryKey
from tests.credentials.conftest import KEY, PAGERDUTY, FakeVendor, audit_rows
from tests.credentials.keyrings import LockableKeyring


def _nobody(_: str) -> list[str]:
    return []


# Setting


def test_that_a_key_lies_under_uuids_in_the_keyring_and_can_be_read_back(store, vault, keyring):
    credential = vault.set("PD key", PAGERDUTY, f"  Token token={KEY}\n", expires=date(2027, 1, 1))

    assert keyring.secrets == {(f"saasdesk/{store.profile.uuid}", credential.uuid): KEY}
    assert vault.get_secret("pd KEY").reveal() == KEY
    assert (credential.source, credential.state) == ("keyring", CredentialState.READY)
    assert credential.expires == date(2027, 1, 1)
    assert vault.known() == {"PD key": "pagerduty"}


def test_that_credentials_are_listed_by_name_without_asking_the_keyring(store):
    backend = LockableKeyring()
    vault = Vault(store, backend)
    vault.set("b", PAGERDUTY, KEY)
    vault.set("A", PAGERDUTY, KEY)
    backend.is_locked = True

    assert [credential.name for credential in vault.list()] == ["A", "b"]


def test_that_a_failed_keyring_leaves_no_half_credential(store):
    backend = LockableKeyring()
    backend.is_locked = True

    with pytest.raises(UserError):
        Vault(store, backend).set("PD key", PAGERDUTY, KEY)

    assert Vault(store, backend).list() == ()
    assert audit_rows(store) == []


def test_that_a_failed_replacement_leaves_the_old_key_and_its_hosts(store):
    backend = LockableKeyring()
    vault = Vault(store, backend)
    vault.set("PD key", PAGERDUTY, KEY)
    backend.is_locked = True

    with pytest.raises(UserError):
        vault.set("PD key", PAGERDUTY, "another-key", base_url="http://127.0.0.1:8080")

    backend.is_locked = False
    assert vault.get_secret("PD key").reveal() == KEY
    assert vault.find("PD key").hosts == ("https://api.pagerduty.com", "https://api.eu.pagerduty.com")


def test_that_replacing_a_key_keeps_who_it_is_and_forgets_the_old_expiry(vault):
    first = vault.set(
        "PD key",
        PAGERDUTY,
        KEY,
        inputs={"company_code": "42"},
        base_url="https://api.eu.pagerduty.com",
        expires=date(2026, 1, 1),
    )
    vault.note_tested("PD key", "2026-01-01T00:00:00Z", LastTest(works=True, text="Acme"))

    second = vault.set("PD key", PAGERDUTY, "another-key", permission="act")

    assert (second.uuid, second.inputs, second.base_url) == (first.uuid, {"company_code": "42"}, first.base_url)
    assert (second.permission, second.expires, second.last_tested_at, second.last_test) == ("act", None, None, None)
    assert vault.get_secret("PD key").reveal() == "another-key"


def test_that_a_name_belongs_to_one_vendor(vault):
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match="is a credential for pagerduty"):
        vault.set("key", FakeVendor(key="jumpcloud", title="JumpCloud"), KEY)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "n" * 101])
def test_that_a_name_is_needed(vault, name):
    with pytest.raises(UserError, match="needs a name"):
        vault.set(name, PAGERDUTY, KEY)


@pytest.mark.parametrize("options", [{"kind": "owner"}, {"permission": "write"}])
def test_that_kind_and_permission_are_known_words(vault, options):
    with pytest.raises(UserError, match="of a credential is"):
        vault.set("key", PAGERDUTY, KEY, **options)


def test_p07_an_input_that_is_a_key_itself_is_not_kept_in_the_open(vault):
    with pytest.raises(UserError, match="directory_key is a key itself") as raised:
        vault.set("key", PAGERDUTY, KEY, inputs={"directory_key": "hidden-value"})

    assert "hidden-value" not in str(raised.value)
    assert vault.list() == ()


def test_that_a_way_to_sign_in_of_its_own_is_kept(vault):
    credential = vault.set("key", PAGERDUTY, "api_key=abcdefgh", sign_in=QueryKey("api_key"))

    assert credential.sign_in == '{"kind": "query", "name": "api_key"}'
    assert vault.get_secret("key").reveal() == "abcdefgh"


# Hosts


def test_p06_a_key_is_bound_to_the_vendors_hosts_and_the_address_entered_with_it(vault):
    credential = vault.set("key", PAGERDUTY, KEY, base_url="http://127.0.0.1:8080/")

    assert credential.hosts == ("https://api.pagerduty.com", "https://api.eu.pagerduty.com", "http://127.0.0.1:8080")
    assert credential.base_url == "http://127.0.0.1:8080"


def test_p06_an_address_is_not_added_without_the_key(vault):
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match=r"not bound to evil\.example\.com. Enter the key again") as raised:
        vault.set("key", PAGERDUTY, None, base_url="https://evil.example.com")

    assert raised.value.exit_code == ExitCode.CREDENTIAL
    assert "https://evil.example.com" not in vault.find("key").hosts


def test_that_a_bound_address_is_chosen_without_the_key(vault):
    vault.set("key", PAGERDUTY, KEY)

    credential = vault.set("key", PAGERDUTY, None, base_url="https://api.eu.pagerduty.com/")

    assert credential.base_url == "https://api.eu.pagerduty.com"
    assert credential.source == "keyring"


def test_p06_a_key_for_this_start_does_not_widen_where_the_stored_one_may_go(vault):
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match="not bound to"):
        vault.set("key", PAGERDUTY, "another-key", base_url="https://evil.example.com", in_memory=True)


@pytest.mark.parametrize(
    "url", ["http://api.example.com", "https://u:p@api.example.com", "https://a.example.com?x=1", "nonsense"]
)
def test_p06_an_address_that_is_none_is_refused(vault, url):
    with pytest.raises(UserError):
        vault.set("key", PAGERDUTY, KEY, base_url=url)

    assert vault.list() == ()


# Memory and environment


def test_that_a_key_for_this_start_only_is_gone_after_it(store, vault, keyring):
    credential = vault.set("key", PAGERDUTY, KEY, in_memory=True)

    assert credential.source == "memory"
    assert vault.get_secret("key").reveal() == KEY
    assert keyring.secrets == {}
    later = Vault(store, keyring)
    assert later.find("key").source == "none"
    with pytest.raises(UserError, match=r"kept for an earlier start only\. Enter it again\.") as raised:
        later.get_secret("key")
    assert raised.value.exit_code == ExitCode.CREDENTIAL


def test_that_a_key_in_memory_goes_before_the_stored_one(vault, keyring):
    vault.set("key", PAGERDUTY, KEY)

    vault.set("key", PAGERDUTY, "only-for-now", in_memory=True)

    assert vault.get_secret("key").reveal() == "only-for-now"
    assert vault.find("key").source == "memory"
    assert list(keyring.secrets.values()) == [KEY]


def test_that_a_key_put_into_memory_gives_a_bare_record_a_key(vault):
    vault.set("key", PAGERDUTY, None)

    vault.set("key", PAGERDUTY, "only-for-now", in_memory=True)

    assert vault.find("key").state is CredentialState.MEMORY


def test_that_a_demo_keeps_its_keys_in_memory(profile_dir, keyring):
    with Store.open(open_profile(profile_dir, demo=True)) as demo:
        vault = Vault(demo, keyring)

        credential = vault.set("key", PAGERDUTY, KEY, base_url="http://127.0.0.1:8080")
        vault.delete("key", used_by=_nobody)

        assert credential.source == "memory"
        assert vault.backend_name() == "memory"
        assert vault.state().is_usable
        assert vault.list() == ()
    assert keyring.secrets == {}


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("PagerDuty key", "SAASDESK_CREDENTIAL_PAGERDUTY_KEY"),
        ("pd-2", "SAASDESK_CREDENTIAL_PD_2"),
        ("Schlüssel (EU)", "SAASDESK_CREDENTIAL_SCHL_SSEL__EU_"),
    ],
)
def test_that_the_variable_of_a_credential_follows_from_its_name(name, variable):
    assert environment_name(name) == variable


def test_that_the_environment_goes_before_the_keyring_and_is_never_stored(vault, keyring, monkeypatch):
    vault.set("PD key", PAGERDUTY, KEY)
    monkeypatch.setenv("SAASDESK_CREDENTIAL_PD_KEY", "from-outside\n")

    assert vault.get_secret("PD key").reveal() == "from-outside"
    assert vault.find("PD key").source == "environment"
    assert list(keyring.secrets.values()) == [KEY]


def test_that_a_record_without_a_key_waits_for_the_environment(vault, monkeypatch):
    assert vault.set("PD key", PAGERDUTY, None).source == "none"
    with pytest.raises(UserError, match=r"has no key\. Enter it, or set SAASDESK_CREDENTIAL_PD_KEY") as raised:
        vault.get_secret("PD key")
    assert raised.value.exit_code == ExitCode.CREDENTIAL

    monkeypatch.setenv("SAASDESK_CREDENTIAL_PD_KEY", KEY)

    assert vault.get_secret("PD key").reveal() == KEY


def test_p07_a_bad_key_in_the_environment_is_not_shown(vault, monkeypatch):
    vault.set("PD key", PAGERDUTY, None)
    monkeypatch.setenv("SAASDESK_CREDENTIAL_PD_KEY", "shörtkey-hidden")

    with pytest.raises(UserError) as raised:
        vault.get_secret("PD key")

    assert "hidden" not in str(raised.value)


# Reading


def test_that_a_name_nobody_knows_is_wrong_usage(vault):
    with pytest.raises(UserError, match="There is no credential “nothing”") as raised:
        vault.get_secret("nothing")

    assert raised.value.exit_code == ExitCode.USAGE


def test_that_a_key_missing_from_the_keyring_must_be_entered_again(vault, keyring):
    vault.set("key", PAGERDUTY, KEY)
    vault.set("other", PAGERDUTY, KEY)
    keyring.secrets.popitem()

    with pytest.raises(UserError, match="It must be entered again") as raised:
        vault.get_secret("other")

    assert raised.value.exit_code == ExitCode.CREDENTIAL


def test_p07_a_key_that_was_read_is_hidden_from_every_log(vault, keyring, store):
    vault.set("key", PAGERDUTY, "first-key-entered")
    keyring.secrets = dict.fromkeys(keyring.secrets, "key-changed-behind")
    Vault(store, keyring).get_secret("key")

    assert "first-key-entered" not in REDACTOR.redact("a first-key-entered b")
    assert "key-changed-behind" not in REDACTOR.redact("a key-changed-behind b")


def test_that_testing_and_using_are_noted_and_not_audited(store, vault):
    vault.set("key", PAGERDUTY, KEY)
    before = audit_rows(store)

    vault.note_tested("key", "2026-11-21T10:00:00Z", LastTest(works=True, text="Acme"))
    vault.note_used("key", "2026-11-21T11:00:00Z")

    credential = vault.find("key")
    assert (credential.last_tested_at, credential.last_used_at) == ("2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z")
    assert audit_rows(store) == before


# Removing


def test_that_a_removed_credential_leaves_neither_row_nor_key(vault, keyring):
    vault.set("key", PAGERDUTY, KEY)

    vault.delete("key", used_by=_nobody)

    assert vault.list() == ()
    assert keyring.secrets == {}


def test_that_a_credential_in_use_is_not_removed(vault):
    vault.set("key", PAGERDUTY, KEY)

    with pytest.raises(UserError, match="is used by PagerDuty EU, PagerDuty US, which would stop working") as raised:
        vault.delete("key", used_by=lambda _: ["PagerDuty EU", "PagerDuty US"])

    assert raised.value.exit_code == ExitCode.USAGE
    assert vault.get_secret("key").reveal() == KEY


def test_that_force_removes_a_credential_in_use_and_records_what_stops(store, vault):
    vault.set("key", PAGERDUTY, KEY)

    vault.delete("key", used_by=lambda _: ["PagerDuty EU"], force=True)

    assert vault.list() == ()
    assert json.loads(audit_rows(store)[1][2])["stops_working"] == ["PagerDuty EU"]


def test_that_a_removal_the_keyring_refuses_is_finished_at_the_next_start(store):
    backend = LockableKeyring()
    vault = Vault(store, backend)
    vault.set("key", PAGERDUTY, KEY)
    backend.is_locked = True

    with pytest.raises(UserError, match="can no longer be used, but its key is still in the keyring"):
        vault.delete("key", used_by=_nobody)

    assert vault.known() == {}
    with pytest.raises(UserError, match="is being removed"):
        vault.get_secret("key")
    assert Vault(store, backend).finish_removals() == ("key",)
    backend.is_locked = False
    assert Vault(store, backend).finish_removals() == ()
    assert vault.list() == ()
    assert backend.secrets == {}


def test_that_the_name_of_a_removed_credential_is_free_once_its_key_is_gone(store):
    backend = LockableKeyring()
    vault = Vault(store, backend)
    old = vault.set("key", PAGERDUTY, KEY)
    backend.is_locked = True
    with pytest.raises(UserError):
        vault.delete("key", used_by=_nobody)
    backend.is_locked = False

    new = vault.set("key", PAGERDUTY, "another-key")

    assert new.uuid != old.uuid
    assert list(backend.secrets.values()) == ["another-key"]


def test_that_a_start_with_nothing_to_remove_does_not_ask_the_keyring(store):
    backend = LockableKeyring()
    vault = Vault(store, backend)
    vault.set("key", PAGERDUTY, KEY)
    backend.is_locked = True

    assert vault.finish_removals() == ()


# On record


def test_p16_every_change_of_a_credential_is_on_record_and_no_key_with_it(store, vault):
    vault.set("key", PAGERDUTY, KEY, inputs={"company_code": "42"})
    vault.set("key", PAGERDUTY, f"{KEY}-2")
    vault.set("key", PAGERDUTY, None, permission="act")
    vault.delete("key", used_by=_nobody)

    rows = audit_rows(store)
    assert [(action, subject) for action, subject, _ in rows] == [
        ("credential.added", "key"),
        ("credential.key_replaced", "key"),
        ("credential.changed", "key"),
        ("credential.removal_begun", "key"),
        ("credential.removed", "key"),
    ]
    assert json.loads(rows[2][2]) == {"permission": {"before": "read", "after": "act"}}
    assert KEY not in str(rows)
    assert verify(store) == []
