"""P08: a key goes into the operating system's own store, or nowhere."""

import base64
import sys
import types
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from saasdesk.credentials import LockedKeyring, NoKeyring, SilentKeyring, Vault
from saasdesk.credentials.keyrings import Keyring
from saasdesk.errors import ExitCode, UserError
from tests.credentials.conftest import KEY, PAGERDUTY
from tests.credentials.keyrings import (
    ForgetfulKeyring,
    LockableKeyring,
    MemoryKeyring,
    SlowKeyring,
    TalkativeKeyring,
)

REFUSAL = "saasdesk does not store keys in files. On Linux install and unlock GNOME Keyring or KWallet."


@pytest.fixture
def file_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backend that writes keys to a file and says that it is the best there is, as keyrings.alt does."""
    file = tmp_path / "keyring_pass.cfg"

    class PlaintextKeyring(KeyringBackend):
        priority = 99

        def get_password(self, service, username):
            return base64.b64decode(file.read_bytes()).decode() if file.exists() else None

        def set_password(self, service, username, password):
            file.write_bytes(base64.b64encode(password.encode()))

    module = types.ModuleType("keyrings.alt.file")
    module.PlaintextKeyring = PlaintextKeyring
    for name in ("keyrings", "keyrings.alt"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "keyrings.alt.file", module)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    yield file
    KeyringBackend._classes.discard(PlaintextKeyring)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a key store")
def test_p08_a_file_that_calls_itself_the_best_key_store_is_not_used(store, file_backend):
    assert type(keyring.core.load_env()).__name__ == "PlaintextKeyring", "the library itself would have taken it"

    with pytest.raises(NoKeyring) as raised:
        Vault(store).set("PD key", PAGERDUTY, KEY)

    assert str(raised.value) == (
        f"No secure key store is available (found: keyrings.alt.file.PlaintextKeyring). {REFUSAL}"
    )
    assert raised.value.exit_code == ExitCode.CREDENTIAL
    assert not file_backend.exists()
    assert Vault(store).list() == ()


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a key store")
@pytest.mark.parametrize(
    "named",
    ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "keyring.backends.chainer.ChainerBackend"],
)
def test_p08_what_the_environment_names_is_not_used(store, monkeypatch, named):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)

    with pytest.raises(NoKeyring, match=rf"found: {named}"):
        Vault(store).set("PD key", PAGERDUTY, KEY)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a key store")
def test_p08_what_a_settings_file_names_is_not_used(store, monkeypatch, tmp_path, file_backend):
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    with pytest.raises(NoKeyring, match="found: none"):
        Vault(store).set("PD key", PAGERDUTY, KEY)

    assert not file_backend.exists()


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, chainer.ChainerBackend, ForgetfulKeyring])
def test_p08_a_store_that_keeps_nothing_is_found_out(store, backend, monkeypatch):
    monkeypatch.setattr(chainer.ChainerBackend, "backends", ())

    with pytest.raises(UserError) as raised:
        Vault(store, backend()).set("PD key", PAGERDUTY, KEY)

    assert REFUSAL in str(raised.value)
    assert raised.value.exit_code == ExitCode.CREDENTIAL
    assert Vault(store).list() == ()


def test_p08_no_key_is_in_any_file_of_the_profile(store, vault):
    vault.set("PD key", PAGERDUTY, KEY)
    vault.set("PD key", PAGERDUTY, f"{KEY}-new", inputs={"company_code": "42"})
    store.close()

    shapes = (KEY.encode(), base64.b64encode(KEY.encode())[:20], KEY[:8].encode(), KEY[-8:].encode())
    files = [file for file in store.profile.folder.rglob("*") if file.is_file()]
    assert files
    assert not [file.name for file in files if any(shape in file.read_bytes() for shape in shapes)]


def test_that_a_locked_store_is_a_sentence_with_a_way_out(store):
    backend = LockableKeyring()
    vault = Vault(store, backend)
    vault.set("PD key", PAGERDUTY, KEY)
    backend.is_locked = True

    with pytest.raises(LockedKeyring) as raised:
        vault.get_secret("PD key")

    assert str(raised.value) == "Your login keyring is locked. Unlock it and press Retry."
    assert raised.value.exit_code == ExitCode.CREDENTIAL


def test_that_a_store_that_does_not_answer_is_given_up(store):
    backend = SlowKeyring()
    vault = Vault(store, backend, answer_seconds=0.1)

    with pytest.raises(SilentKeyring, match=r"did not answer within 0\.1 seconds"):
        vault.set("PD key", PAGERDUTY, KEY)

    backend.let_go.set()
    assert vault.list() == ()


def test_p07_what_a_store_says_in_its_errors_is_not_passed_on(store):
    with pytest.raises(UserError) as raised:
        Vault(store, TalkativeKeyring()).set("PD key", PAGERDUTY, KEY)

    error = raised.value
    assert KEY not in f"{error}{error!r}{error.__context__!r}{error.__cause__!r}"
    assert str(error).startswith("The login keyring answered with an error (RuntimeError).")


def test_that_the_state_of_a_store_is_told_without_storing(store, keyring):
    state = Vault(store, keyring).state()

    assert state.is_usable
    assert state.name == "tests.credentials.keyrings.MemoryKeyring"
    assert keyring.secrets == {}


@pytest.mark.parametrize("backend", [ForgetfulKeyring(), fail.Keyring()])
def test_that_trying_a_store_out_finds_one_that_keeps_nothing(backend):
    state = Vault.look_at_keyring(backend)

    assert not state.is_usable
    assert "No secure key store is available" in state.text


def test_that_trying_a_store_out_leaves_nothing_behind(keyring):
    assert Vault.look_at_keyring(keyring).is_usable
    assert keyring.secrets == {}


def test_that_forgetting_twice_is_no_error():
    backend = MemoryKeyring()
    store = Keyring(backend)
    store.set("service", "user", "secret")

    store.delete("service", "user")
    store.delete("service", "user")

    assert backend.secrets == {}


def test_that_importing_credentials_imports_no_keyring():
    import subprocess

    script = "import sys, saasdesk.credentials; print({'keyring', 'requests', 'secretstorage'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "set()"
