"""Global variables whose value lies in the keyring: kept, read at run time, forgotten, and never shown again."""

import uuid as uuids
from contextlib import ExitStack

from saasdesk.credentials.place import SecretPlace
from saasdesk.credentials.vault import Vault
from saasdesk.errors import ExitCode, UserError
from saasdesk.store import Store
from saasdesk.store.variables import Variable, checked_key, delete_variable, find_variable, mark_secret


def set_secret_variable(store: Store, vault: Vault, key: str, value: str) -> None:
    """Keep a value in the keyring; a variable that was in the open is a secret one from now on."""
    key = checked_key(key)
    before = find_variable(store, key)
    secret = (before.secret if before is not None else None) or str(uuids.uuid4())
    place = _place(vault, secret)
    place.set(value.strip())
    if before is None or not before.is_secret:
        with ExitStack() as if_it_fails:
            # No value lies in the keyring that nobody knows of.
            if_it_fails.callback(place.forget)
            mark_secret(store, key, secret)
            if_it_fails.pop_all()


def reveal_variable(vault: Vault, variable: Variable) -> str:
    """The value of a variable at run time; of a secret one it is known to the redactor from here on.

    A UserError where the keyring has no value for it.
    """
    if variable.secret is None:
        return variable.value
    found = _place(vault, variable.secret).get()
    if found is None:
        raise UserError(
            f"The secret variable {variable.key} has no value in the keyring. Set it again under Configuration, "
            "Global Settings.",
            ExitCode.CREDENTIAL,
        )
    return found.reveal()


def forget_variable(store: Store, vault: Vault, key: str) -> None:
    """Delete a variable, with its value in the keyring."""
    variable = find_variable(store, key)
    if variable is not None and variable.secret is not None:
        _place(vault, variable.secret).forget()
    delete_variable(store, key)


def _place(vault: Vault, secret: str) -> SecretPlace:
    return vault.place(f"variable {secret}", "secret value")
