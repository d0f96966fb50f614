"""The vault: credentials in the database, their keys in the operating system's keyring, and never a key in a file."""

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from saasdesk.credentials import rows
from saasdesk.credentials.credential import Credential, CredentialState, LastTest
from saasdesk.credentials.draft import (
    Draft,
    Entry,
    Vendor,
    checked_name,
    checked_note,
    checked_permission,
    make_draft,
)
from saasdesk.credentials.entry import clean_key
from saasdesk.credentials.keyrings import ANSWER_SECONDS, Backend, Keyring, KeyringState
from saasdesk.credentials.place import SecretPlace
from saasdesk.errors import ExitCode, UserError
from saasdesk.store import Connection, Store, audit
from saasdesk.web import REDACTOR, Secret, SignIn

_log = logging.getLogger(__name__)


class MissingKey(UserError):
    """A credential is there and its key is not: after a restore, or an earlier start that kept it in memory."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, ExitCode.CREDENTIAL)


class Vault:
    """All credentials of one profile.

    The keyring holds a key under the profile's and the credential's uuid; the database holds everything else. A demo's
    keys stay in memory: they open nothing but the simulator.
    """

    def __init__(self, store: Store, backend: Backend | None = None, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._store = store
        self._keyring = Keyring(backend, answer_seconds)
        self._memory: dict[str, Secret] = {}
        self._passwords: dict[str, Secret] = {}

    # What there is

    def list(self) -> tuple[Credential, ...]:
        """All credentials by name, with the source of each key; no key is read for it."""
        with self._store.reading() as db:
            found = rows.list_credentials(db)
        return tuple(self._with_source(credential) for credential in found)

    def known(self) -> dict[str, str]:
        """The names of the credentials that can be chosen, and the connector of each."""
        return {c.name: c.connector for c in self.list() if c.state is not CredentialState.TO_BE_REMOVED}

    def find(self, name: str) -> Credential:
        """The credential of this name, or a sentence."""
        with self._store.reading() as db:
            found = rows.find_credential(db, name)
        if found is None:
            raise UserError(f"There is no credential “{name}”. `saasdesk credential list` shows all of them.")
        if found.state is CredentialState.TO_BE_REMOVED:
            raise UserError(f"The credential “{found.name}” is being removed. Choose another one.", ExitCode.CREDENTIAL)
        return self._with_source(found)

    def get_secret(self, name: str) -> Secret:
        """The key: from the environment, else from memory, else from the keyring. Drop it when the run is over."""
        credential = self.find(name)
        secret = self._find_secret(credential)
        if secret is None:
            raise MissingKey(_missing_key(credential))
        REDACTOR.add(secret)
        return secret

    def place(self, name: str, what: str = "password") -> SecretPlace:
        """Where a secret of this name lies that is no credential's; `what` is the word for it in sentences."""
        return SecretPlace(self._store, self._keyring, self._passwords, name, what)

    def backend_name(self) -> str:
        """What people call the key store in use; raises NoKeyring where there is none."""
        return "memory" if self._store.profile.is_demo else self._keyring.name()

    def state(self) -> KeyringState:
        """How the key store is doing, without storing anything; takes 30 seconds at most."""
        if self._store.profile.is_demo:
            text = "The demo keeps its keys in memory; they open nothing but the simulator."
            return KeyringState(is_usable=True, name="memory", text=text)
        return self._keyring.look()

    @staticmethod
    def look_at_keyring(backend: Backend | None = None, *, answer_seconds: float = ANSWER_SECONDS) -> KeyringState:
        """Try the key store out with a value that is removed again; needs no profile."""
        return Keyring(backend, answer_seconds).try_out()

    def unlock(self) -> None:
        """Let the system ask the person at the screen to unlock the key store; the Retry button."""
        self._keyring.unlock()

    # What changes

    def set(
        self,
        name: str,
        connector: Vendor,
        secret: str | None,
        *,
        kind: str | None = None,
        permission: str | None = None,
        inputs: Mapping[str, str] | None = None,
        base_url: str | None = None,
        expires: date | None = None,
        sign_in: SignIn | None = None,
        owner: str | None = None,
        notes: str | None = None,
        in_memory: bool = False,
    ) -> Credential:
        """Add a credential, or replace its key; without a secret only what is known of it.

        What is left out stays as it was, except the expiry: a new key has its own. Another address is bound only
        together with entering the key.
        """
        entry = Entry(kind, permission, inputs, base_url, expires, sign_in, owner, notes)
        return self.keep(self.draft(name, connector, secret, entry, in_memory=in_memory), in_memory=in_memory)

    def draft(
        self, name: str, connector: Vendor, secret: str | None, entry: Entry, *, in_memory: bool = False
    ) -> Draft:
        """The credential as `set` would save it, with the key that was entered; nothing is kept yet."""
        before = self._before(name, connector)
        in_memory = in_memory or self._store.profile.is_demo
        # A key kept for this start leaves the one in the keyring where it is, and that one keeps to its own hosts.
        shadows = in_memory and before is not None and before.state is CredentialState.READY
        draft = make_draft(name, connector, secret, entry, before, shadows=shadows)
        if draft.secret is not None:
            REDACTOR.add(draft.secret)
        return draft

    def keep(self, draft: Draft, *, in_memory: bool = False) -> Credential:
        """Save a draft: its key in the keyring (or in memory, for this start), the rest in the database."""
        after, before, secret = draft.credential, draft.before, draft.secret
        if secret is None:
            self._save(after, before)
        elif in_memory or self._store.profile.is_demo:
            self._memory[after.uuid] = secret
            shadows = after.state is CredentialState.READY
            self._save(after if shadows else replace(after, state=CredentialState.MEMORY), before)
        else:
            self._store_key(after, before, secret)
        return self.find(after.name)

    def change(
        self,
        name: str,
        *,
        expires: date | None,
        permission: str,
        owner: str,
        notes: str,
        inputs: Mapping[str, str] | None = None,
    ) -> Credential:
        """Change what is known of a credential; its key stays, and with other inputs it counts as not tested."""
        before = self.find(name)
        after = replace(
            before,
            expires=expires,
            permission=checked_permission(permission),
            owner=checked_note(owner, "", "owner"),
            notes=checked_note(notes, "", "notes"),
        )
        if inputs is not None and dict(inputs) != before.inputs:
            after = replace(after, inputs=dict(inputs), last_test=None, last_tested_at=None)
        if after != before:
            self._save(after, before)
        return self.find(after.name)

    def rename(self, name: str, new: str, also: Callable[[Connection], object]) -> Credential:
        """Give a credential another name; `also` changes, in the same transaction, what goes by the old one.

        A UserError where another one is called so.
        """
        before, wanted = self.find(name), checked_name(new)
        if wanted == before.name:
            return before

        def write(db: Connection) -> None:
            taken = rows.find_credential(db, wanted)
            if taken is not None and taken.uuid != before.uuid:
                raise UserError(f"There is a credential “{taken.name}” already. Choose another name.")
            rows.save_credential(db, replace(before, name=wanted))
            also(db)
            audit.record(db, "credential.renamed", wanted, {"before": before.name, "after": wanted})

        self._store.write(write)
        return self.find(wanted)

    def delete(self, name: str, *, used_by: Callable[[str], Sequence[str]], force: bool = False) -> None:
        """Remove a credential and its key; refused while something uses it, unless `force`.

        Its row goes last, so that a key whose removal fails is not forgotten.
        """
        credential = self.find(name)
        users = used_by(credential.name)
        if users and not force:
            raise UserError(
                f"“{credential.name}” is used by {', '.join(users)}, which would stop working. Choose another "
                "credential there first, or delete it with --force."
            )

        def mark(db: Connection) -> None:
            rows.set_state(db, credential.uuid, CredentialState.TO_BE_REMOVED)
            detail = {"connector": credential.connector, "stops_working": sorted(users)}
            audit.record(db, "credential.removal_begun", credential.name, detail)

        self._store.write(mark)
        self._memory.pop(credential.uuid, None)
        try:
            self._finish_removal(credential)
        except UserError as error:
            raise UserError(
                f"“{credential.name}” can no longer be used, but its key is still in the keyring: {error} "
                "Its removal is tried again at the next start.",
                ExitCode.CREDENTIAL,
            ) from None

    def finish_removals(self) -> tuple[str, ...]:
        """Finish what an earlier removal could not; the names of those that still resist."""
        resisting: list[str] = []
        for credential in self.list():
            if credential.state is CredentialState.TO_BE_REMOVED:
                try:
                    self._finish_removal(credential)
                except UserError as error:
                    _log.warning("The key of %s could not be removed: %s", credential.name, error)
                    resisting.append(credential.name)
        return tuple(resisting)

    def note_tested(self, name: str, at: str, found: LastTest) -> None:
        """Note when the key was last tried, and what came of it."""
        uuid = self.find(name).uuid
        moment = {"last_tested_at": at, "last_test": found.to_json()}
        self._store.write(lambda db: rows.note_moment(db, uuid, moment))

    def note_used(self, name: str, at: str) -> None:
        """Note when the key was last handed out for a run."""
        uuid = self.find(name).uuid
        self._store.write(lambda db: rows.note_moment(db, uuid, {"last_used_at": at}))

    # How

    @property
    def _service(self) -> str:
        return f"saasdesk/{self._store.profile.uuid}"

    def _with_source(self, credential: Credential) -> Credential:
        if environment_name(credential.name) in os.environ:
            return replace(credential, source="environment")
        if credential.uuid in self._memory:
            return replace(credential, source="memory")
        return credential

    def _find_secret(self, credential: Credential) -> Secret | None:
        from_environment = os.environ.get(environment_name(credential.name))
        if from_environment is not None:
            return clean_key(from_environment)
        kept = self._memory.get(credential.uuid)
        if kept is not None or credential.state is not CredentialState.READY:
            return kept
        stored = self._keyring.get(self._service, credential.uuid)
        return None if stored is None else Secret(stored)

    def _lacks_key(self, credential: Credential) -> bool:
        if credential.state is CredentialState.TO_BE_REMOVED:
            return False
        return credential.source == "none" or (
            credential.source == "keyring" and self._keyring.get(self._service, credential.uuid) is None
        )

    def _before(self, name: str, connector: Vendor) -> Credential | None:
        with self._store.reading() as db:
            found = rows.find_credential(db, name.strip())
        if found is None:
            return None
        if found.state is CredentialState.TO_BE_REMOVED:
            self._finish_removal(found)
            return None
        if found.connector != connector.key:
            raise UserError(
                f"“{found.name}” is a credential for {found.connector}. Choose another name for the one for "
                f"{connector.title}, or delete the old one first."
            )
        return found

    def _store_key(self, after: Credential, before: Credential | None, secret: Secret) -> None:
        """Row, key, row: whatever fails in between, no key lies in the keyring that nobody knows of."""
        if before is None:
            self._store.write(lambda db: rows.save_credential(db, after))
        try:
            self._keyring.set(self._service, after.uuid, secret.reveal())
        except UserError:
            if before is None:
                self._store.write(lambda db: rows.delete_credential(db, after.uuid))
            raise
        self._memory.pop(after.uuid, None)
        self._save(replace(after, state=CredentialState.READY), before, has_new_key=True)

    def _save(self, after: Credential, before: Credential | None, *, has_new_key: bool = False) -> None:
        action = "credential.changed"
        if before is None:
            action = "credential.added"
        elif has_new_key:
            action = "credential.key_replaced"

        def write(db: Connection) -> None:
            rows.save_credential(db, after)
            now, then = _for_audit(after), _for_audit(before) if before else {}
            changed = {
                key: {"before": then.get(key), "after": value} for key, value in now.items() if value != then.get(key)
            }
            audit.record(db, action, after.name, changed)

        self._store.write(write)

    def _finish_removal(self, credential: Credential) -> None:
        if not self._store.profile.is_demo:
            self._keyring.delete(self._service, credential.uuid)

        def remove(db: Connection) -> None:
            rows.delete_credential(db, credential.uuid)
            audit.record(db, "credential.removed", credential.name, {"connector": credential.connector})

        self._store.write(remove)


def environment_name(name: str) -> str:
    """The environment variable that can supply a credential's key for one process."""
    return "SAASDESK_CREDENTIAL_" + re.sub(r"[^A-Z0-9]", "_", name.upper())


def _missing_key(credential: Credential) -> str:
    match credential.state:
        case CredentialState.MEMORY:
            return f"The key of “{credential.name}” was kept for an earlier start only. Enter it again."
        case CredentialState.NO_KEY:
            variable = environment_name(credential.name)
            return f"“{credential.name}” has no key. Enter it, or set {variable} for this process."
        case _:
            return f"The key of “{credential.name}” is not in the keyring. It must be entered again."


def _for_audit(credential: Credential) -> dict[str, object]:
    return {
        "connector": credential.connector,
        "kind": credential.kind,
        "permission": credential.permission,
        "sign_in": credential.sign_in,
        "inputs": credential.inputs,
        "base_url": credential.base_url,
        "hosts": list(credential.hosts),
        "expires": credential.expires.isoformat() if credential.expires else None,
        "key": credential.state.value,
        **({"owner": credential.owner} if credential.owner else {}),
        **({"notes": credential.notes} if credential.notes else {}),
    }
