"""Key stores for tests: one that works, and the ways in which one can fail."""

import threading

from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring:
    """Keeps secrets as a real store does, and shows what it was asked."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.secrets:
            raise PasswordDeleteError("No such password!")
        del self.secrets[service, username]


class ForgetfulKeyring(MemoryKeyring):
    """Accepts everything and keeps nothing, like the null backend and a chainer without members."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Say nothing."""


class LockableKeyring(MemoryKeyring):
    """Raises what a locked store raises."""

    def __init__(self) -> None:
        super().__init__()
        self.is_locked = False

    def _check(self) -> None:
        if self.is_locked:
            raise KeyringLocked("Failed to unlock the collection!")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        super().delete_password(service, username)


class SlowKeyring(MemoryKeyring):
    """Does not answer until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.let_go.wait(20)
        return super().get_password(service, username)


class TalkativeKeyring(MemoryKeyring):
    """Puts the secret into its error."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"could not store {password}")
