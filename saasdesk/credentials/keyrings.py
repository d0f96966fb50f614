"""The operating system's own key store: found by name from a short list, asked with a time limit, never replaced.

Python's keyring library would choose for itself, and its choice can be a plain file or a store that forgets; what it or
its settings prefer is therefore never looked at.
"""

import importlib
import os
import sys
import threading
import uuid as uuids
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from saasdesk.errors import ExitCode, UserError

T = TypeVar("T")

# A question over D-Bus has been seen to take minutes.
ANSWER_SECONDS = 30.0

_ALLOWED = {
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
}
_ALLOWED_ELSEWHERE = (
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
)
_TITLES = {
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.SecretService": "Secret Service (GNOME Keyring or KWallet)",
    "keyring.backends.libsecret": "Secret Service (libsecret)",
    "keyring.backends.kwallet": "KWallet",
}
_DEFAULT_COLLECTION = "/org/freedesktop/secrets/aliases/default"


class Backend(Protocol):
    """What a key store can do."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""
        ...  # pragma: no cover - a Protocol

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        ...  # pragma: no cover - a Protocol

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""
        ...  # pragma: no cover - a Protocol


class NoKeyring(UserError):
    """There is no key store that we would trust with a key."""

    def __init__(self, found: str = "") -> None:
        super().__init__(
            f"No secure key store is available (found: {found or 'none'}). saasdesk does not store keys in files. "
            "On Linux install and unlock GNOME Keyring or KWallet.",
            ExitCode.CREDENTIAL,
        )


class LockedKeyring(UserError):
    """The key store is there, and closed: somebody at the screen can open it and try again."""

    def __init__(self, sentence: str = "Your login keyring is locked. Unlock it and press Retry.") -> None:
        super().__init__(sentence, ExitCode.CREDENTIAL)


class SilentKeyring(UserError):
    """The key store does not answer."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The login keyring did not answer within {seconds:g} seconds. Unlock it, or log out and in again.",
            ExitCode.CREDENTIAL,
        )


@dataclass(frozen=True, slots=True)
class KeyringState:
    """How the key store is doing, for the status bar and the check-up."""

    is_usable: bool
    name: str
    text: str


class Keyring:
    """One of the allowed key stores, asked in a thread that can be left behind."""

    def __init__(self, backend: Backend | None = None, seconds: float = ANSWER_SECONDS) -> None:
        self._backend = backend
        self._seconds = seconds

    def name(self) -> str:
        """What people call it; raises where there is none."""
        backend = self._found()
        module = type(backend).__module__
        return _TITLES.get(module, f"{module}.{type(backend).__qualname__}")

    def get(self, service: str, user: str) -> str | None:
        """The secret, or None; raises at once where the store is locked, instead of asking on a screen nobody sees."""
        return self._ask(lambda backend: backend.get_password(service, user))

    def set(self, service: str, user: str, secret: str) -> None:
        """Keep a secret, and make sure of it: some stores accept everything and keep nothing."""
        self._ask(lambda backend: backend.set_password(service, user, secret))
        if self._ask(lambda backend: backend.get_password(service, user)) != secret:
            raise NoKeyring(f"{self.name()}, which did not give back what was stored")

    def delete(self, service: str, user: str) -> None:
        """Forget a secret; one that is not there is forgotten already."""

        def forget(backend: Backend) -> None:
            if backend.get_password(service, user) is not None:
                backend.delete_password(service, user)

        self._ask(forget)

    def unlock(self) -> None:
        """Let the system ask the person at the screen for the password of the store; call it when they are there."""
        self._ask(lambda backend: backend.get_password("saasdesk", "unlock"), may_prompt=True)

    def look(self) -> KeyringState:
        """How the store is doing, without storing anything."""
        try:
            name = self.name()
            self._ask(lambda _: None)
        except UserError as error:
            return KeyringState(is_usable=False, name="", text=str(error))
        return KeyringState(is_usable=True, name=name, text=f"Keys are kept in {name}.")

    def try_out(self) -> KeyringState:
        """How the store is doing: keep a value, read it back, forget it."""
        service, user = "saasdesk/check", str(uuids.uuid4())
        try:
            self.set(service, user, "saasdesk-check")
            self.delete(service, user)
            return KeyringState(is_usable=True, name=self.name(), text=f"{self.name()} keeps keys.")
        except UserError as error:
            return KeyringState(is_usable=False, name="", text=str(error))

    def _ask(self, question: Callable[[Backend], T], *, may_prompt: bool = False) -> T:
        backend = self._found()

        def ask() -> T:
            if not may_prompt:
                _refuse_if_locked(backend)
            return question(backend)

        return _within(self._seconds, ask)

    def _found(self) -> Backend:
        if self._backend is None:
            self._backend = _within(self._seconds, _find_backend)
        if self._backend is None:
            raise NoKeyring(os.environ.get("PYTHON_KEYRING_BACKEND", ""))
        return self._backend


def _find_backend() -> Backend | None:
    for module_name, class_name in _ALLOWED.get(sys.platform, _ALLOWED_ELSEWHERE):
        try:
            kind = getattr(importlib.import_module(module_name), class_name)
        except ImportError:
            continue
        if kind.viable:
            backend: Backend = kind()
            return backend
    return None


def _refuse_if_locked(backend: Backend) -> None:
    """Raise if using the store would open a dialog; only the Secret Service lets us find out beforehand."""
    if type(backend).__module__ != "keyring.backends.SecretService":
        return
    # What the store's own module is built on; it comes with the keyring library where there is a Secret Service.
    storage: Any = importlib.import_module("secretstorage")
    with closing(storage.dbus_init()) as connection:
        try:
            is_locked = storage.Collection(connection, _DEFAULT_COLLECTION).is_locked()
        except storage.exceptions.ItemNotFoundException:
            # Not made yet: the store makes it with the first key.
            return
    if is_locked:
        raise LockedKeyring


def _within(seconds: float, work: Callable[[], T]) -> T:
    """The result of the work, or a sentence: whatever a key store raises is something the admin must see to."""
    results: list[T] = []
    failures: list[Exception] = []

    def carry_out() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - carried over to the thread that asked; backends raise anything
            failures.append(error)

    thread = threading.Thread(target=carry_out, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise _sentence(failures[0])
    if not results:
        raise SilentKeyring(seconds)
    return results[0]


def _sentence(failure: Exception) -> UserError:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    match failure:
        case UserError():
            return failure
        case KeyringLocked():
            return LockedKeyring()
        case NoKeyringError():
            return NoKeyring()
        case InitError():
            return LockedKeyring(
                "Your login keyring could not be opened: it is locked, or was never set up. "
                "Set it up or unlock it and press Retry."
            )
        case _:
            # Not its text: nobody knows what a store writes into its errors.
            return UserError(
                f"The login keyring answered with an error ({type(failure).__name__}). "
                "Unlock it, or log out and in again, and press Retry.",
                ExitCode.CREDENTIAL,
            )
