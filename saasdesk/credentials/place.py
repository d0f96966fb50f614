"""A place in the key store for a secret that is no credential's, such as the password of the mail account."""

import os

from saasdesk.credentials.keyrings import Keyring
from saasdesk.errors import ExitCode, UserError
from saasdesk.store import Store, audit
from saasdesk.web import REDACTOR, Secret

_LONGEST = 1_200


class SecretPlace:
    """Holds one secret under a name of ours; a demo's stays in memory."""

    def __init__(
        self, store: Store, keyring: Keyring, memory: dict[str, Secret], name: str, what: str = "password"
    ) -> None:
        self._store, self._keyring, self._memory, self.name, self._what = store, keyring, memory, name, what

    def get(self) -> Secret | None:
        """The secret: for this process from the environment, else from the key store; None where there is none."""
        given = os.environ.get(f"SAASDESK_{self.name.upper().replace(' ', '_')}_PASSWORD")
        found = Secret(given) if given else self._stored()
        if found is not None:
            REDACTOR.add(found)
        return found

    def set(self, entered: str) -> None:
        """Keep a secret as it was typed, without the line end that came along."""
        text = entered.strip("\r\n")
        if not text or len(text) > _LONGEST or not all("\x20" <= character <= "\x7e" for character in text):
            raise UserError(
                f"A {self._what} has plain letters, digits and signs, {_LONGEST:,} at most. Type it again.",
                ExitCode.CREDENTIAL,
            )
        secret = Secret(text)
        REDACTOR.add(secret)
        if self._store.profile.is_demo:
            self._memory[self.name] = secret
        else:
            self._keyring.set(self._service, self.name, text)
        self._store.write(lambda db: audit.record(db, "password.set", self.name, {}))

    def forget(self) -> None:
        """Take the secret away."""
        self._memory.pop(self.name, None)
        if not self._store.profile.is_demo:
            self._keyring.delete(self._service, self.name)
        self._store.write(lambda db: audit.record(db, "password.removed", self.name, {}))

    @property
    def _service(self) -> str:
        return f"saasdesk/{self._store.profile.uuid}"

    def _stored(self) -> Secret | None:
        if self._store.profile.is_demo:
            return self._memory.get(self.name)
        text = self._keyring.get(self._service, self.name)
        return None if text is None else Secret(text)
