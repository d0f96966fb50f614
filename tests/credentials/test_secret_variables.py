"""Global variables whose value lies in the keyring."""

import pytest

from saasdesk.credentials import Vault, forget_variable, reveal_variable, set_secret_variable
from saasdesk.errors import ExitCode, UserError
from saasdesk.store import Store
from saasdesk.store.variables import find_variable, list_variables, move_variable, set_variable
from saasdesk.web import REDACTOR
from tests.credentials.conftest import audit_rows
from tests.credentials.keyrings import LockableKeyring, MemoryKeyring

VALUE = "s3cret-Value/of+nobody"


def value_of(store: Store, vault: Vault, key: str) -> str:
    variable = find_variable(store, key)
    assert variable is not None
    return reveal_variable(vault, variable)


def test_p07_that_a_secret_value_is_in_the_keyring_and_nowhere_else(
    store: Store, vault: Vault, keyring: MemoryKeyring
) -> None:
    set_secret_variable(store, vault, "Zendesk.Token", f" {VALUE}\n")

    (variable,) = list_variables(store)
    assert (variable.key, variable.value, variable.shown, variable.is_secret) == ("Zendesk.Token", "", "••••", True)
    assert list(keyring.secrets.values()) == [VALUE]
    assert value_of(store, vault, "zendesk.token") == VALUE
    assert REDACTOR.redact(f"it was {VALUE}") == "it was <secret>"
    assert VALUE not in repr(audit_rows(store))
    store.close()
    folder = store.profile.folder
    assert not [file for file in folder.rglob("*") if file.is_file() and VALUE.encode() in file.read_bytes()]


def test_that_a_variable_in_the_open_becomes_a_secret_one(store: Store, vault: Vault) -> None:
    set_variable(store, "token", "in the open")

    set_secret_variable(store, vault, "Token", VALUE)

    assert [variable.value for variable in list_variables(store)] == [""]
    assert value_of(store, vault, "token") == VALUE


def test_that_a_secret_value_is_not_replaced_by_one_in_the_open(store: Store, vault: Vault) -> None:
    set_secret_variable(store, vault, "token", VALUE)

    with pytest.raises(UserError, match="token is a secret variable"):
        set_variable(store, "token", "in the open")

    assert value_of(store, vault, "token") == VALUE


def test_that_another_value_takes_the_place_of_the_first(store: Store, vault: Vault, keyring: MemoryKeyring) -> None:
    set_secret_variable(store, vault, "token", VALUE)
    set_secret_variable(store, vault, "token", "another-value")

    assert list(keyring.secrets.values()) == ["another-value"]


def test_that_another_name_keeps_the_value(store: Store, vault: Vault) -> None:
    set_secret_variable(store, vault, "token", VALUE)

    move_variable(store, "token", "Zendesk.Token")

    assert value_of(store, vault, "Zendesk.Token") == VALUE


def test_that_deleting_takes_the_value_out_of_the_keyring(store: Store, vault: Vault, keyring: MemoryKeyring) -> None:
    set_secret_variable(store, vault, "token", VALUE)

    forget_variable(store, vault, "TOKEN")

    assert (list_variables(store), keyring.secrets) == ((), {})


def test_that_a_locked_keyring_is_told_and_changes_nothing(store: Store) -> None:
    keyring = LockableKeyring()
    vault = Vault(store, keyring)
    set_secret_variable(store, vault, "token", VALUE)
    keyring.is_locked = True

    for work in (
        lambda: set_secret_variable(store, vault, "new", VALUE),
        lambda: value_of(store, vault, "token"),
        lambda: forget_variable(store, vault, "token"),
    ):
        with pytest.raises(UserError, match="Your login keyring is locked"):
            work()

    assert [variable.key for variable in list_variables(store)] == ["token"]


def test_that_a_value_that_the_keyring_lost_is_asked_for_again(
    store: Store, vault: Vault, keyring: MemoryKeyring
) -> None:
    set_secret_variable(store, vault, "token", VALUE)
    keyring.secrets.clear()

    with pytest.raises(UserError, match="The secret variable token has no value in the keyring") as raised:
        value_of(store, vault, "token")

    assert raised.value.exit_code is ExitCode.CREDENTIAL


@pytest.mark.parametrize("value", ["", " \n", "ü", "a\nb", "x" * 1_201])
def test_that_what_no_keyring_can_keep_is_refused(store: Store, vault: Vault, value: str) -> None:
    with pytest.raises(UserError, match="A secret value has plain letters"):
        set_secret_variable(store, vault, "token", value)

    assert list_variables(store) == ()
