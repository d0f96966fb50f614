"""Work whose failure a form has to place: at the key, at the address, or above all fields."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from saasdesk.credentials import LockedKeyring, NoKeyring, SilentKeyring
from saasdesk.errors import UserError
from saasdesk.web import ErrorKind, VendorError

T = TypeVar("T")

KEYRING_TROUBLE = (NoKeyring, LockedKeyring, SilentKeyring)

# Said where the key was entered; of everything else the address (or what lies on the way to it) is the likelier cause.
_ABOUT_THE_KEY = frozenset({ErrorKind.WRONG_KEY, ErrorKind.FORBIDDEN, ErrorKind.PLAN_NEEDED})
_ABOUT_THE_ADDRESS = frozenset(
    {
        ErrorKind.NOT_FOUND,
        ErrorKind.NO_NETWORK,
        ErrorKind.TLS,
        ErrorKind.REDIRECTED,
        ErrorKind.WEB_PAGE,
        ErrorKind.NONSENSE,
    }
)


def attempt(work: Callable[[], T]) -> T | UserError:
    """The result of the work, or the error with all that is known of it."""
    try:
        return work()
    except UserError as error:
        return error


def is_about_the_key(error: UserError) -> bool:
    """Whether the vendor said it of the key."""
    return isinstance(error, VendorError) and error.kind in _ABOUT_THE_KEY


def is_about_the_address(error: UserError) -> bool:
    """Whether the address, or what lies on the way to it, is to blame."""
    return isinstance(error, VendorError) and error.kind in _ABOUT_THE_ADDRESS


def refusal_of_the_key(error: UserError, pasted: str) -> str:
    """What the vendor said of the key, and how long it is here: one that was pasted in half is told by that alone."""
    if not (isinstance(error, VendorError) and error.kind is ErrorKind.WRONG_KEY) or "expired on" in str(error):
        return str(error)
    asked = QCoreApplication.translate("Attempt", "What was pasted has {0} characters: is that all of it?")
    return f"{error} {asked.format(len(pasted.strip()))}"
