"""Credentials and the integrations that use them: renaming reaches both, deleting stops what would fail."""

from collections.abc import Callable
from dataclasses import dataclass

from saasdesk.clock import now_text
from saasdesk.credentials import Credential, CredentialState, Vault
from saasdesk.errors import ExitCode, UserError
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.sync import rows
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState
from saasdesk.sync.integrations import list_integrations, pause, users_of_credential

_PLACES = ("credential", "directory_credential")


@dataclass(frozen=True, slots=True)
class UsedCredential:
    """A credential, the integrations that use it, and the names of the workflows that do."""

    credential: Credential
    used_by: tuple[Integration, ...] = ()
    workflows: tuple[str, ...] = ()


def list_used(store: Store, vault: Vault) -> list[UsedCredential]:
    """All credentials with the integrations that use them."""
    integrations = list_integrations(store)
    return [
        UsedCredential(credential, tuple(each for each in integrations if _uses(each.document, credential.name)))
        for credential in vault.list()
    ]


def rename_credential(
    vault: Vault, name: str, new: str, also: Callable[[Connection, str, str], object] | None = None
) -> Credential:
    """Give a credential another name, in every integration that uses it too; all or nothing.

    `also` does the same for whatever else names it, in the same transaction: it hears the old name and the new one.
    """
    before = vault.find(name)
    wanted = new.strip()

    def follow(db: Connection) -> None:
        for integration in rows.integrations(db):
            named = {
                place: wanted
                for place in _PLACES
                if getattr(integration.document, place).casefold() == before.name.casefold()
            }
            if named:
                changed = {place: [before.name, wanted] for place in named}
                rows.update_document(db, integration.id, integration.document.model_copy(update=named), now_text())
                record(db, "integration.changed", integration.name, {"changed": changed})

        if also is not None:
            also(db, before.name, wanted)

    return vault.rename(before.name, wanted, follow)


def delete_credential(store: Store, vault: Vault, name: str, *, force: bool = False) -> tuple[str, ...]:
    """Remove a credential and its key; refused while integrations use it, unless `force`, which pauses them.

    Returns the names of those that use it: they need another credential before they run again.
    """
    begun = next((known for known in vault.list() if known.name.casefold() == name.strip().casefold()), None)
    if begun is not None and begun.state is CredentialState.TO_BE_REMOVED:
        if begun.name in vault.finish_removals():
            raise UserError(
                f"The key of “{begun.name}” is still in the keyring, which does not let it go. "
                "Unlock the keyring and delete it again.",
                ExitCode.CREDENTIAL,
            )
        return ()
    credential = vault.find(name)
    users = [each for each in list_integrations(store) if _uses(each.document, credential.name)]
    if force:
        for integration in users:
            if integration.state is IntegrationState.ACTIVE:
                pause(store, integration)
    vault.delete(credential.name, used_by=lambda used: users_of_credential(store, used), force=force)
    return tuple(each.name for each in users)


def refuse_taken(vault: Vault, name: str) -> None:
    """Raise if a new credential cannot have this name."""
    if name.strip().casefold() in {known.casefold() for known in vault.known()}:
        raise UserError(f"There is a credential “{name.strip()}” already. Choose another name.")


def _uses(document: IntegrationDocument, credential: str) -> bool:
    return credential.casefold() in {getattr(document, place).casefold() for place in _PLACES}
